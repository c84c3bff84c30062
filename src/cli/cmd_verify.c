/* assay verify: check signed PDFs, manifests, folders of reports, proofs and checkpoints of the
 * audit log; needs no database. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "job/hold.h"
#include "job/verify.h"

static const char *trust, *crl, *log_key;
static bool no_record;

static const struct opt opts[] = {
    {OPT_VALUE, "trust", 't', &trust, "FILE",
     "PEM certificates to trust, and revocation lists (default: trust-file)"},
    {OPT_VALUE, "crl", 0, &crl, "FILE", "more revocation lists, PEM or DER"},
    {OPT_VALUE, "log-key", 0, &log_key, "FILE",
     "vkey, or a list of them, for proofs and checkpoints (default: audit.vkeys of the state "
     "directory)"},
    {OPT_SWITCH, "no-record", 0, &no_record, NULL, "do not note the act in the audit log"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_json(struct cli *c, const struct verify_report *r)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_bool(&j, "ok", r->ok);
    json_put_key(&j, "files");
    json_put_open(&j, '[');
    for (size_t i = 0; i < r->lines.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "path", r->lines.v[i].path);
        json_put_member_bool(&j, "ok", r->lines.v[i].ok);
        const struct verify_line *l = &r->lines.v[i];
        json_put_member_c(&j, "signer", verify_signer_word(l->signer));
        if (l->reason.len)
            json_put_member(&j, "signer_reason", l->reason);
        if (l->judged_at != CLOCK_NONE) {
            json_put_member(&j, "judged_at", clock_iso(c->arena, l->judged_at));
            json_put_member(&j, "judged_by", l->judged_by.len ? l->judged_by : STR("clock"));
        }
        json_put_member(&j, "text", l->text);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_member_c(&j, "signer", verify_signer_word(verify_signers(r)));
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* What fails is printed even with --quiet, and that nobody asked who signed. */
static void
print_text(const struct cli *c, const struct verify_report *r)
{
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct verify_line *l = &r->lines.v[i];
        struct str path = utf8_one_line(c->arena, l->path), text = utf8_one_line(c->arena, l->text);
        if (!l->ok || !c->quiet)
            printf("%s  %.*s: %.*s\n", l->ok ? "ok  " : "FAIL", STR_ARG(path), STR_ARG(text));
    }
    if (verify_signers(r) == VERIFY_NOT_CHECKED)
        puts("signer not checked: no trust given");
}

/* Where there is a database: what a report was made of may be gone since. */
static void
say_pruned(struct cli *c)
{
    for (size_t i = 0; c->act && i < c->n_args; i++) {
        struct diag d = diag_init(c->arena);
        struct str text;
        if (hold_describe_sealed(c->act, c->args[i], &text, &d) == 0 && text.len)
            cli_say(c, "%.*s", STR_ARG(utf8_one_line(c->arena, text)));
    }
}

/* The act is recorded when there is a database to record it in; a lack of one is no failure of
 * the verification: an auditor has none. */
static void
record_verify(struct cli *c, const struct verify_report *all)
{
    struct diag d = diag_init(c->arena);
    struct str first = all->lines.n ? all->lines.v[0].path : STR("");
    struct event e = {.name = "report.verify",
                      .outcome = all->ok ? EVENT_SUCCESS : EVENT_FAILURE,
                      .severity = all->ok ? 1 : 8,
                      .object_type = STR("file"),
                      .object_id = first,
                      .object_name = first,
                      .reason = STR("")};
    for (size_t i = 0; i < all->lines.n && !e.reason.len; i++)
        if (!all->lines.v[i].ok)
            e.reason = all->lines.v[i].text;
    if (!no_record && file_exists(c->config.state_dir.s) &&
        act_open(&c->config, true, &c->act, &d) == 0)
        act_record(c->act, &e, 1, &d);
    say_pruned(c);
    if (diag_failed(&d)) {
        struct str text = diag_text(&d);
        cli_note(c, "not noted in the audit log: %.*s", STR_ARG(text));
    }
}

/* All files are looked at, whatever the first ones say. */
static int
run_verify(struct cli *c)
{
    struct verify_report r = {.ok = true};
    if (!c->n_args) {
        diag_fail(&c->diag, DIAG_USAGE,
                  "name a PDF, a manifest.json, a folder of reports, a proof or a checkpoint");
        return cli_fail(c);
    }
    int status = cli_settle(c);
    if (status)
        return status;
    if (!trust && c->config.trust_file.len)
        trust = c->config.trust_file.s;
    if (crl && !trust) {
        diag_fail(&c->diag, DIAG_USAGE, "--crl says who is no longer trusted: it wants --trust");
        return cli_fail(c);
    }
    struct verify_keys keys = {.trust_file = trust, .crl_file = crl, .log_key = log_key};
    if (message_has_progress())
        keys.progress = message_progress;
    struct verify *v = NULL;
    if (!log_key) /* all that this host ever had; a host that never had another key has no list */
        keys.log_key = file_join(c->arena, c->config.state_dir.s, "audit.vkeys").s;
    if (!log_key && !file_exists(keys.log_key))
        keys.log_key = file_join(c->arena, c->config.state_dir.s, "audit.vkey").s;
    int rc = verify_open(&c->config, &keys, &v, &c->diag);
    for (size_t i = 0; rc == 0 && i < c->n_args; i++)
        rc = verify_files(v, c->args[i], &r, &c->diag);
    verify_close(v);
    if (rc != 0)
        return cli_fail(c);
    if (c->json && print_json(c, &r) != 0)
        return cli_fail(c);
    if (!c->json)
        print_text(c, &r);
    record_verify(c, &r);
    return r.ok ? 0 : diag_exit_status(DIAG_VERIFY);
}

const struct command cmd_verify = {
    .name = "verify",
    .args = "FILE|DIR...",
    .summary = "check signatures and manifest of reports; says what fails",
    .example = "assay verify reports/hardening-monthly-2026-10",
    .opts = opts,
    .run = run_verify,
};
