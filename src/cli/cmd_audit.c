/* assay audit verify, assay audit export. */
#include <stdio.h>
#include <unistd.h>

#include "base/json_put.h"
#include "cli/commands.h"
#include "job/export.h"

static const char *format = "json", *output, *from;

static const struct opt export_opts[] = {
    {OPT_VALUE, "format", 'f', &format, "NAME", "rfc5424, cef or json (default)"},
    {OPT_VALUE, "output", 'o', &output, "FILE", "append to FILE; - is standard output"},
    {OPT_VALUE, "from", 0, &from, "SEQ", "repeat from record SEQ on; the cursor stays"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
run_export(struct cli *c)
{
    int64_t seq = -1;
    struct export_summary s = {0};
    if (from && (!str_to_i64(str_c(from), &seq) || seq < 0)) {
        diag_fail(&c->diag, DIAG_USAGE, "--from wants the number of a record, from 0");
        return cli_fail(c);
    }
    if (!output) {
        diag_fail(&c->diag, DIAG_USAGE, "give --output FILE, or -o - for standard output");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    if (job_export(c->job, str_c(format), str_c(output), seq, &s, &c->diag) != 0)
        return cli_fail(c);
    if (s.n)
        cli_note(c, "%lld records from %lld on", (long long)s.n, (long long)s.first);
    else
        cli_note(c, "nothing new since record %lld", (long long)s.first);
    return 0;
}

static int
run_verify(struct cli *c)
{
    struct audit_verdict v;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (job_audit_verify(c->job, &v, &c->diag) != 0)
        return cli_fail(c);
    struct str last = sha256_hex(c->arena, &v.last);
    if (c->json) {
        AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
        struct json_put j = json_put_init(&out);
        json_put_open(&j, '{');
        json_put_member_int(&j, "records", v.n_records);
        json_put_member(&j, "head", last);
        json_put_member_int(&j, "clock_steps", v.n_clock_steps);
        json_put_close(&j, '}');
        return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
    }
    if (!c->quiet)
        printf("ok  %lld records, head %.*s\n", (long long)v.n_records, STR_ARG(last));
    if (v.n_clock_steps)
        cli_say(c, "the clock went back %lld times between records", (long long)v.n_clock_steps);
    return 0;
}

const struct command cmd_audit_export = {
    .name = "audit export",
    .args = "",
    .summary = "write the new records of the audit log for a log manager",
    .example = "assay audit export --format cef -o /var/log/assay/audit.cef",
    .opts = export_opts,
    .run = run_export,
};

const struct command cmd_audit_verify = {
    .name = "audit verify",
    .args = "",
    .summary = "recompute the chain of the audit log",
    .example = "assay audit verify",
    .run = run_verify,
};
