/* assay audit export, deadletters. */
#include <stdio.h>

#include "cli/commands.h"
#include "job/export.h"
#include "job/target_options.h"

static const char *format = "json", *output, *from, *target;
static struct opt_list options;
static bool test;

static const struct opt export_opts[] = {
    {OPT_VALUE, "format", 'f', &format, "NAME",
     "rfc5424, cef, leef, ecs, ocsf, gelf or json (default)"},
    {OPT_VALUE, "output", 'o', &output, "FILE",
     "append to FILE; - is standard output; or relp:, relps:, syslog:, syslogs://HOST:PORT"},
    {OPT_VALUE, "target", 't', &target, "NAME", "a target of the settings, instead of these two"},
    {OPT_LIST, "option", 0, &options, "KEY=VALUE", "option of the target, as in assay.conf"},
    {OPT_VALUE, "from", 0, &from, "SEQ", "repeat from record SEQ on; the cursor stays"},
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

static int
run_test(struct cli *c, const struct config_export *e)
{
    int64_t seq;
    if (job_export_test(c->job, e, &seq, &c->diag) != 0)
        return cli_fail(c);
    if (!c->quiet && !str_eqc(e->path, "-"))
        printf("ok  record %lld was taken by %.*s\n", (long long)seq, STR_ARG(e->path));
    return 0;
}

static int
run_once(struct cli *c, const struct config_export *e, int64_t seq)
{
    struct export_summary s;
    if (test)
        return run_test(c, e);
    if (job_export(c->job, e, seq, false, &s, &c->diag) != 0)
        return cli_fail(c);
    if (s.n)
        cli_note(c, "%lld messages from record %lld on", (long long)s.n, (long long)s.first);
    else
        cli_note(c, "nothing new since record %lld", (long long)s.first);
    return 0;
}

static int
run_export(struct cli *c)
{
    int64_t seq = -1;
    struct config_export e;
    if (from && (!str_to_i64(str_c(from), &seq) || seq < 0)) {
        diag_fail(&c->diag, DIAG_USAGE, "--from wants the number of a record, from 0");
        return cli_fail(c);
    }
    if (cli_settle(c) != 0)
        return diag_exit_status(c->diag.first.code);
    if (find_target(c, &e) != 0)
        return cli_fail(c);
    int status = cli_open(c, true);
    return status ? status : run_once(c, &e, seq);
}

const struct command cmd_audit_export = {
    .name = "audit export",
    .args = "",
    .summary = "write the new records of the audit log for a log manager",
    .example = "assay audit export --format cef -o /var/log/assay/audit.cef",
    .opts = export_opts,
    .run = run_export,
};

