/* assay witness init, trust, cosign: the other account that remembers what it saw of a log. They
 * read no settings: this account may not be allowed to. */
#include <assert.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "ledger/cosigner.h"

enum { MAX_KEYS = 1 << 16 };

static const char *dir, *name, *input;
static struct opt_list logs;

static const struct opt init_opts[] = {
    {OPT_VALUE, "dir", 'd', &dir, "DIR", "where its key and its memory will be"},
    {OPT_VALUE, "name", 0, &name, "NAME", "its name in notes (default HOST/witness)"},
    {OPT_LIST, "log", 0, &logs, "FILE", "public key of a log (audit.vkey) that it is to witness"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt dir_opts[] = {
    {OPT_VALUE, "dir", 'd', &dir, "DIR", "where its key and its memory are"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt cosign_opts[] = {
    {OPT_VALUE, "dir", 'd', &dir, "DIR", "where its key and its memory are"},
    {OPT_VALUE, "input", 'i', &input, "FILE", "the request (default: standard input)"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
want_dir(struct cli *c)
{
    if (dir)
        return 0;
    diag_fail(&c->diag, DIAG_USAGE, "give --dir DIR, the folder of the witness");
    return cli_fail(c);
}

/* The keys of a log in a file join those that the witness knows. */
static int
trust_file(struct cli *c, const char *path)
{
    assert(dir);
    struct str text;
    size_t n;
    if (file_slurp(path, MAX_KEYS, c->arena, &text, &c->diag) != 0)
        return -1;
    if (cosigner_trust(dir, text, &n, &c->diag) != 0)
        return diag_at(&c->diag, "%s", path);
    cli_note(c, "%zu new keys of logs", n);
    return 0;
}

static int
run_init(struct cli *c)
{
    struct str vkey;
    int status = want_dir(c);
    if (status)
        return status;
    struct str mine = name ? str_c(name) : arena_fmt(c->arena, "%s/witness", env_host());
    if (cosigner_init(dir, mine, &vkey, &c->diag) != 0)
        return cli_fail(c);
    for (size_t i = 0; i < logs.n; i++)
        if (trust_file(c, logs.v[i]) != 0)
            return cli_fail(c);
    return cli_print(c, vkey) == 0 ? 0 : cli_fail(c);
}

static int
run_trust(struct cli *c)
{
    int status = want_dir(c);
    if (status)
        return status;
    if (!c->n_args) {
        diag_fail(&c->diag, DIAG_USAGE, "name the file with the public key of the log");
        return cli_fail(c);
    }
    for (size_t i = 0; i < c->n_args; i++)
        if (trust_file(c, c->args[i]) != 0)
            return cli_fail(c);
    return 0;
}

/* From --input, or standard input to its end; larger ones than a request can be are refused. */
static int
read_request(struct cli *c, struct str *ret)
{
    char piece[4096];
    AUTO_BUF b = buf_init(COSIGNER_MAX_REQUEST);
    if (input)
        return file_slurp(input, COSIGNER_MAX_REQUEST, c->arena, ret, &c->diag);
    for (size_t n; (n = fread(piece, 1, sizeof piece, stdin)) > 0;)
        buf_add(&b, piece, n);
    if (ferror(stdin) || buf_bad(&b))
        return diag_fail(&c->diag, DIAG_BAD_DATA, "the request cannot be read, or is too long");
    *ret = arena_str(c->arena, buf_view(&b));
    return 0;
}

/* The cosignature; or the size that it remembers, when the proof has to begin there; or why not.
 * The log may read standard output only. */
static int
print_answer(struct cli *c, int rc, const struct cosigner_answer *a)
{
    assert((rc == 0) == !diag_failed(&c->diag));
    struct str text = diag_failed(&c->diag) ? c->diag.first.text : STR("");
    if (rc == 0)
        printf("%.*s", STR_ARG(a->line));
    else if (c->diag.first.code == DIAG_RETRY)
        printf("%lld\n", (long long)a->known);
    else
        printf("refused: %.*s\n", STR_ARG(utf8_one_line(c->arena, text)));
    if (fflush(stdout) != 0)
        return diag_fail(&c->diag, DIAG_CANNOT_WRITE, "standard output is closed");
    return rc;
}

static int
run_cosign(struct cli *c)
{
    struct str request;
    struct cosigner_answer a = {.known = -1};
    int status = want_dir(c);
    if (status)
        return status;
    int rc = read_request(c, &request);
    if (rc == 0)
        rc = cosigner_answer(dir, request, env_wall_us() / 1000000, &a, &c->diag);
    if (print_answer(c, rc, &a) == 0)
        return 0;
    return c->diag.first.code == DIAG_RETRY ? diag_exit_status(DIAG_RETRY) : cli_fail(c);
}

const struct command cmd_witness_init = {
    .name = "witness init",
    .args = "",
    .summary = "make a witness of audit logs: a key and a memory of its own",
    .example =
        "sudo -u assay-witness assay witness init -d /var/lib/assay-witness --log audit.vkey",
    .opts = init_opts,
    .run = run_init,
};

const struct command cmd_witness_trust = {
    .name = "witness trust",
    .args = "FILE...",
    .summary = "let a witness know the public key of a log",
    .example = "sudo -u assay-witness assay witness trust -d /var/lib/assay-witness audit.vkey",
    .opts = dir_opts,
    .run = run_trust,
};

const struct command cmd_witness_cosign = {
    .name = "witness cosign",
    .args = "",
    .summary = "sign a checkpoint that continues what the witness has seen; the log asks for it",
    .example = "assay witness cosign -d /var/lib/assay-witness < request",
    .opts = cosign_opts,
    .run = run_cosign,
};
