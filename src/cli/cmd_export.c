/* assay audit export, deadletters. */
#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/workers.h"
#include "export/deadletter.h"
#include "export/target.h"
#include "job/access.h"
#include "settings/target_options.h"

static const char *format = "json", *output, *from, *begin, *target, *reason;
static struct opt_list options;
static bool test, follow, no_record, accept;

static const struct opt export_opts[] = {
    {OPT_VALUE, "format", 'f', &format, "NAME",
     "rfc5424, cef, leef, ecs, ocsf, gelf or json (default)"},
    {OPT_VALUE, "output", 'o', &output, "FILE",
     "append to FILE; - is standard output; or SCHEME://HOST:PORT, see assay.conf(5)"},
    {OPT_VALUE, "target", 't', &target, "NAME", "a target of the settings, instead of these two"},
    {OPT_LIST, "option", 0, &options, "KEY=VALUE", "option of the target, as in assay.conf"},
    {OPT_VALUE, "from", 0, &from, "SEQ", "repeat from record SEQ on; the cursor stays"},
    {OPT_VALUE, "start", 0, &begin, "SEQ", "send nothing; begin at record SEQ next time"},
    {OPT_SWITCH, "accept-new-history", 0, &accept, NULL,
     "send nothing; go on with a log that contradicts what was sent: wants --reason"},
    {OPT_VALUE, "reason", 0, &reason, "TEXT", "why that is right, for the audit log"},
    {OPT_SWITCH, "no-record", 0, &no_record, NULL, "with --from: do not note it in the audit log"},
    {OPT_SWITCH, "follow", 0, &follow, NULL,
     "stay, and send records as they come; to all targets unless one is named"},
    {OPT_SWITCH, "test", 0, &test, NULL, "send one test record and say what happened"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

/* The target of the command line: one of the settings by its name, or as it is written. */
static int
find_target(struct cli *c, struct config_export *ret)
{
    struct str plain = arena_fmt(c->arena, "%s:%s", format, output ? output : "");
    const struct config_export *e =
        export_find(&c->config, target ? str_c(target) : plain, c->arena);
    if (!target == !output)
        return diag_fail(&c->diag, DIAG_USAGE,
                         "give --output FILE, or -o - for standard output, or --target NAME");
    if (target && !e)
        return diag_fail(&c->diag, DIAG_CONFIG, "no target of the settings is called %s", target);
    if (e)
        *ret = *e;
    else if (target_options_parse(plain, c->arena, ret, &c->diag) != 0)
        return -1;
    for (size_t i = 0; i < options.n; i++)
        if (target_option_set(ret, str_c(options.v[i]), c->arena, &c->diag) != 0)
            return diag_context(&c->diag, "--option");
    return 0;
}

/* What a target promises less than others is said here, where somebody tries it. */
static int
run_test(struct cli *c, const struct config_export *e)
{
    int64_t seq;
    if (export_test(c->act, e, &seq, &c->diag) != 0)
        return cli_fail(c);
    if (!c->quiet && !str_eqc(e->path, "-"))
        printf("ok  record %lld was taken by %.*s\n", (long long)seq, STR_ARG(e->path));
    if (target_weakness(e))
        cli_say(c, "%s", target_weakness(e));
    return 0;
}

/* Records that were sent once more leave a record of that, whatever came of it. */
static void
note_repeat(struct cli *c, const struct config_export *e, const struct export_summary *s)
{
    assert(s->n >= 0);
    struct diag d = diag_init(c->arena);
    struct str why = diag_failed(&c->diag) ? diag_text(&c->diag) : STR("");
    if (!no_record && s->n > 0)
        access_note_repeat(c->act, e, s, why, &d);
    cli_not_noted(c, &d);
}

/* One round: what is new since the cursor, or from record seq on, which leaves the cursor alone. */
static int
run_once(struct cli *c, const struct config_export *e, int64_t seq)
{
    assert(c->act && seq >= -1);
    struct export_summary s;
    int rc = export_run(c->act, e, seq, false, &s, &c->diag);
    if (seq >= 0)
        note_repeat(c, e, &s);
    if (rc != 0)
        return cli_fail(c);
    if (s.n)
        cli_note(c, "%lld messages from record %lld on", (long long)s.n, (long long)s.first);
    else
        cli_note(c, "nothing new since record %lld", (long long)s.first);
    return 0;
}

/* All targets of the settings, or the one that is named. */
static int
run_follow(struct cli *c)
{
    struct config_export one;
    struct target ready;
    const struct config_export *v = c->config.exports.v;
    size_t n = c->config.exports.n;
    if (target || output) {
        v = &one;
        n = 1;
        if (find_target(c, &one) != 0)
            return cli_fail(c);
    }
    /* here, where an error is seen: a worker that finds one ends all of them */
    for (size_t i = 0; i < n; i++)
        if (target_find(&c->config, &v[i], c->arena, &ready, &c->diag) != 0)
            return cli_fail(c);
    if (n > 0)
        return workers_run(c, v, n);
    diag_fail(&c->diag, DIAG_CONFIG, "the settings name no target: export = FORMAT:TARGET");
    return cli_fail(c);
}

/* The number of a record; -1 when the option was not given. */
static int
parse_seq(struct cli *c, const char *option, const char *value, int64_t *ret)
{
    *ret = -1;
    if (!value || (str_to_i64(str_c(value), ret) && *ret >= 0))
        return 0;
    return diag_fail(&c->diag, DIAG_USAGE, "%s wants the number of a record, from 0", option);
}

/* What was sent of the other history stays where it is: what is sent again is for the person to say. */
static int
run_accept(struct cli *c, const struct config_export *e)
{
    if (export_accept(c->act, e, str_c(reason), &c->diag) != 0)
        return cli_fail(c);
    cli_note(c, "the log is taken as it is now; --from SEQ sends again what is another one there");
    return 0;
}

static int
run_export(struct cli *c)
{
    int64_t seq, first;
    struct config_export e;
    if (accept != (reason && reason[0])) {
        diag_fail(&c->diag, DIAG_USAGE, "--accept-new-history and --reason TEXT go together");
        return cli_fail(c);
    }
    if (parse_seq(c, "--from", from, &seq) != 0 || parse_seq(c, "--start", begin, &first) != 0)
        return cli_fail(c);
    if (cli_settle(c) != 0)
        return diag_exit_status(c->diag.first.code);
    if (follow)
        return run_follow(c);
    if (find_target(c, &e) != 0)
        return cli_fail(c);
    int status = cli_open(c, true);
    if (status)
        return status;
    if (test)
        return run_test(c, &e);
    if (accept)
        return run_accept(c, &e);
    if (first < 0)
        return run_once(c, &e, seq);
    return export_start(c->act, &e, first, &c->diag) == 0 ? 0 : cli_fail(c);
}

/* ---- deadletters ---- */

static bool again;

static const struct opt letter_opts[] = {
    {OPT_VALUE, "target", 't', &target, "NAME", "of this target of the settings only"},
    {OPT_SWITCH, "resend", 0, &again, NULL, "send them again, and forget those that arrive"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_letters_json(struct cli *c, const struct deadletters *l)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '[');
    for (size_t i = 0; i < l->n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "target", l->v[i].target);
        json_put_member_int(&j, "record", l->v[i].seq);
        json_put_member(&j, "piece", l->v[i].piece);
        json_put_member(&j, "state", l->v[i].state);
        json_put_member_int(&j, "size", l->v[i].size);
        json_put_member(&j, "made", clock_iso(c->arena, l->v[i].made));
        json_put_member(&j, "reason", l->v[i].reason);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
}

static int
print_letters(struct cli *c)
{
    struct deadletters l;
    if (deadletter_load(c->act, str_c(target), c->arena, &l, &c->diag) != 0)
        return cli_fail(c);
    if (c->json)
        return print_letters_json(c, &l);
    for (size_t i = 0; i < l.n; i++) {
        struct str why = utf8_one_line(c->arena, l.v[i].reason);
        printf("%lld  %-10.*s  %.*s: %.*s\n", (long long)l.v[i].seq, STR_ARG(l.v[i].state),
               STR_ARG(l.v[i].target), STR_ARG(why));
    }
    return 0;
}

/* Resending may deliver some letters and fail at others: both are said. */
static int
run_letters(struct cli *c)
{
    int64_t n, left;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (target && !export_find(&c->config, str_c(target), c->arena)) {
        diag_fail(&c->diag, DIAG_CONFIG, "no target of the settings is called %s", target);
        return cli_fail(c);
    }
    if (!again)
        return print_letters(c);
    int rc = deadletter_resend(c->act, str_c(target), &n, &left, &c->diag);
    if (rc == 0 || n > 0)
        cli_note(c, "%lld arrived, %lld are left", (long long)n, (long long)left);
    return rc == 0 ? 0 : cli_fail(c);
}

const struct command cmd_audit_export = {
    .name = "audit export",
    .args = "",
    .summary = "write the new records of the audit log for a log manager",
    .example = "assay audit export --format cef -o /var/log/assay/audit.cef",
    .opts = export_opts,
    .run = run_export,
};

const struct command cmd_audit_deadletters = {
    .name = "audit deadletters",
    .args = "",
    .summary = "list what targets of the audit log did not take, or send it again",
    .example = "assay audit deadletters --resend",
    .opts = letter_opts,
    .run = run_letters,
};
