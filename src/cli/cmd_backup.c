/* assay backup, assay restore. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_put.h"
#include "cli/commands.h"
#include "job/backup.h"
#include "job/init.h"
#include "job/system.h"
#include "job/unpack.h"

/* ---- backup ---- */

static const char *recipient, *key;
static bool with_keys, unverified;

static const struct opt backup_opts[] = {
    {OPT_VALUE, "recipient", 0, &recipient, "FILE",
     "encrypt it for the certificates in FILE (PEM), with CMS"},
    {OPT_SWITCH, "with-keys", 0, &with_keys, NULL,
     "put the keys of log and reports into it, too; only with --recipient"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int64_t
rate(int64_t n, int64_t ms)
{
    return ms > 0 ? n * 1000 / ms : n;
}

static int
print_backup_json(struct cli *c, const struct backup_made *m)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member(&j, "path", m->path);
    json_put_member_bool(&j, "dry_run", c->dry_run);
    json_put_member(&j, "sha256", sha256_hex(c->arena, &m->sha256));
    json_put_member_int(&j, "tables", (int64_t)m->n_parts);
    json_put_member_int(&j, "rows", m->n_rows);
    json_put_member_int(&j, "records", m->n_records);
    json_put_member_int(&j, "keys", (int64_t)m->n_keys);
    json_put_member_int(&j, "bytes", m->n_bytes);
    json_put_member_int(&j, "milliseconds", m->took_ms);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static int
run_backup(struct cli *c)
{
    struct backup_made m;
    if (c->n_args != 1) {
        diag_fail(&c->diag, DIAG_USAGE,
                  "give the folder that the backup goes into, or - for standard output");
        return cli_fail(c);
    }
    struct backup_request q = {.to = c->args[0], .recipients = recipient, .with_keys = with_keys};
    bool is_stream = strcmp(q.to, "-") == 0 && !c->dry_run;
    if (is_stream && c->json) {
        diag_fail(&c->diag, DIAG_USAGE, "standard output is the backup: --json has no place there");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    int rc = backup_make(c->act, &q, &m, &c->diag);
    cli_warnings(&c->diag);
    if (rc != 0)
        return cli_fail(c);
    if (c->json)
        return print_backup_json(c, &m) == 0 ? 0 : cli_fail(c);
    if (m.path.len && !c->quiet && cli_print(c, m.path) != 0)
        return cli_fail(c);
    cli_note(c,
             "%s: %lld rows of %zu tables, %lld records of the log, %lld bytes; %lld rows a second",
             c->dry_run ? "would be copied" : "copied", (long long)m.n_rows, m.n_parts,
             (long long)m.n_records, (long long)m.n_bytes, (long long)rate(m.n_rows, m.took_ms));
    if (m.n_keys)
        cli_say(c,
                "%zu files of keys are in it: who has the recipient's key can sign in the name of "
                "this host",
                m.n_keys);
    return 0;
}

/* ---- restore ---- */

static const struct opt restore_opts[] = {
    {OPT_VALUE, "key", 0, &key, "FILE",
     "private key (PEM) of the recipient of an encrypted backup"},
    {OPT_SWITCH, "unverified", 0, &unverified, NULL,
     "keep what does not verify: evidence of a damaged log"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_restore_json(struct cli *c, const struct unpacked *u)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_bool(&j, "dry_run", c->dry_run);
    json_put_member(&j, "sha256", sha256_hex(c->arena, &u->sha256));
    json_put_member(&j, "made", clock_iso(c->arena, u->made));
    json_put_member(&j, "server", u->server);
    json_put_member(&j, "origin", u->origin);
    json_put_member_int(&j, "schema", u->schema);
    json_put_member_int(&j, "tables", (int64_t)u->n_parts);
    json_put_member_int(&j, "rows", u->n_rows);
    json_put_member_int(&j, "records", u->n_records);
    json_put_member_int(&j, "keys", (int64_t)u->n_keys);
    json_put_member_int(&j, "bytes", u->n_bytes);
    json_put_member_int(&j, "facts", u->verdict.facts.n_facts);
    json_put_member_int(&j, "milliseconds", u->took_ms);
    json_put_member(&j, "contradicted", u->contradicted);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static int
print_restore(struct cli *c, const struct unpacked *u)
{
    if (c->json && print_restore_json(c, u) != 0)
        return cli_fail(c);
    if (c->dry_run)
        cli_note(c, "whole: a backup of %s, %lld rows of %zu tables, %lld records of the log",
                 clock_iso(c->arena, u->made).s, (long long)u->n_rows, u->n_parts,
                 (long long)u->n_records);
    else
        cli_note(c,
                 "restored: %lld rows of %zu tables, %lld records of the log, %lld facts hold; "
                 "%lld rows a second",
                 (long long)u->n_rows, u->n_parts, (long long)u->n_records,
                 (long long)u->verdict.facts.n_facts, (long long)rate(u->n_rows, u->took_ms));
    if (!u->contradicted.len)
        return 0;
    cli_say(c, "restored, but this host remembers another log: %.*s", STR_ARG(u->contradicted));
    cli_say(c, "when the backup is an older one, that is meant: doc/audit-checkpoint.md, \"After a "
               "restore\", says what to do");
    return 2;
}

static int
run_restore(struct cli *c)
{
    struct unpack *u;
    struct unpacked is;
    if (c->n_args != 1) {
        diag_fail(&c->diag, DIAG_USAGE, "give the file of the backup, or - for standard input");
        return cli_fail(c);
    }
    int status = cli_settle(c);
    if (status)
        return status;
    if (unpack_open(c->args[0], key, &c->config, c->arena, &u, &is, &c->diag) != 0)
        return cli_fail(c);
    if (!c->dry_run) {
        struct str
            owner; /* what root makes is for the account that will work with it; the backup is open already */
        if (system_become_owner(&c->config, &owner, &c->diag) != 0 ||
            init_folders(&c->config, &c->diag) != 0)
            status = cli_fail(c);
        else if ((status = cli_open(c, false)) == 0 &&
                 unpack_run(c->act, u, unverified, &is, &c->diag) != 0)
            status = cli_fail(c);
        cli_warnings(&c->diag);
    }
    unpack_close(u);
    return status ? status : print_restore(c, &is);
}

const struct command cmd_backup = {
    .name = "backup",
    .args = "DIR|-",
    .summary = "copy all that the database holds, of one moment, while work goes on",
    .example = "assay backup /srv/backup --recipient backup.crt",
    .opts = backup_opts,
    .run = run_backup,
};

const struct command cmd_restore = {
    .name = "restore",
    .args = "FILE|-",
    .summary = "fill an empty database from a backup, and verify it",
    .example =
        "assay restore /srv/backup/assay-20261201T020000Z.backup --state-dir /var/lib/assay-new",
    .opts = restore_opts,
    .run = run_restore,
};
