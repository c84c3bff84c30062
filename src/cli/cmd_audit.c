/* assay audit export, verify, checkpoint, prove. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_put.h"
#include "cli/commands.h"
#include "job/audit.h"
#include "job/checkpoint.h"
#include "job/export.h"
#include "job/publish.h"
#include "job/rotate.h"
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

/* ---- verify ---- */

static struct opt_list expected;

static const struct opt verify_opts[] = {
    {OPT_LIST, "expect", 'e', &expected, "FILE",
     "a checkpoint, manifest, report (JSON) or exported events that must fit too"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_verdict_json(struct cli *c, const struct audit_verdict *v)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_int(&j, "records", v->n_records);
    json_put_member(&j, "head", sha256_hex(c->arena, &v->last));
    json_put_member_int(&j, "clock_steps", v->n_clock_steps);
    json_put_member_int(&j, "tiles", v->n_tiles);
    json_put_member_int(&j, "checkpoints", v->n_signed);
    json_put_member_int(&j, "checkpoints_of_others", v->n_unsigned);
    json_put_member_int(&j, "covered", v->covered);
    json_put_member_int(&j, "expected", v->n_expected);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static void
print_verdict(struct cli *c, const struct audit_verdict *v)
{
    if (!c->quiet) {
        printf("ok  %lld records, head %s\n", (long long)v->n_records,
               sha256_hex(c->arena, &v->last).s);
        printf("    %lld checkpoints hold, the newest covers %lld records\n",
               (long long)v->n_signed, (long long)v->covered);
    }
    if (v->n_expected)
        cli_note(c, "%lld statements from outside hold", (long long)v->n_expected);
    if (v->n_unsigned)
        cli_say(c, "%lld checkpoints of other hosts fit; their signatures are checked there",
                (long long)v->n_unsigned);
    if (v->n_signed == 0)
        cli_say(c, "no checkpoint of this host: the records hold together, but nothing shows that "
                   "they are all and the first ones (assay audit checkpoint)");
    if (v->n_clock_steps)
        cli_say(c, "the clock went back %lld times between records", (long long)v->n_clock_steps);
}

static int
run_verify(struct cli *c)
{
    struct audit_verdict v;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (job_audit_verify(c->job, expected.v, expected.n, &v, &c->diag) != 0)
        return cli_fail(c);
    if (c->json)
        return print_verdict_json(c, &v) == 0 ? 0 : cli_fail(c);
    print_verdict(c, &v);
    return 0;
}

/* ---- checkpoint, prove ---- */

static const char *to;
static bool rebuild;

static const struct opt checkpoint_opts[] = {
    {OPT_VALUE, "output", 'o', &to, "FILE", "write it to FILE; - is standard output"},
    {OPT_SWITCH, "rebuild", 0, &rebuild, NULL,
     "read all records, and make the tiles of the tree anew"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt output_opts[] = {
    {OPT_VALUE, "output", 'o', &to, "FILE", "write it to FILE; - is standard output"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
hand_out(struct cli *c, struct str text)
{
    if (!to)
        return 0;
    if (str_eqc(str_c(to), "-"))
        return fwrite(text.s, 1, text.len, stdout) == text.len && fflush(stdout) == 0
                   ? 0
                   : diag_fail(&c->diag, DIAG_CANNOT_WRITE, "standard output is closed");
    return file_write_atomic(to, text, 0644, &c->diag);
}

static int
run_checkpoint(struct cli *c)
{
    struct checkpoint_made m;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (job_checkpoint(c->job, rebuild, &m, &c->diag) != 0 || hand_out(c, m.note) != 0)
        return cli_fail(c);
    cli_note(c, "%s of %lld records", m.is_new ? "a checkpoint" : "the same checkpoint",
             (long long)m.size);
    return 0;
}

static int
run_prove(struct cli *c)
{
    int64_t seq;
    struct str proof;
    if (c->n_args != 1 || !str_to_i64(str_c(c->args[0]), &seq) || seq < 0 || !to) {
        diag_fail(&c->diag, DIAG_USAGE, "give the number of a record, and --output FILE");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    if (job_audit_prove(c->job, seq, &proof, &c->diag) != 0 || hand_out(c, proof) != 0)
        return cli_fail(c);
    return 0;
}

static int
run_publish(struct cli *c)
{
    struct publish_summary s;
    if (c->n_args != 1) {
        diag_fail(&c->diag, DIAG_USAGE, "give the folder to publish in");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    if (job_publish(c->job, c->args[0], &s, &c->diag) != 0)
        return cli_fail(c);
    cli_note(c, "%lld records are published, %lld files written, %lld removed", (long long)s.size,
             (long long)s.n_files, (long long)s.n_removed);
    return 0;
}

static int
run_rotate(struct cli *c)
{
    struct rotation r;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (job_rotate_key(c->job, &r, &c->diag) != 0)
        return cli_fail(c);
    if (!c->quiet)
        printf("%.*s\n", STR_ARG(r.new_vkey));
    cli_note(c, "from %lld records on; give it to whoever verifies", (long long)r.size);
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
    .summary = "recompute the audit log and compare it with everything that was signed about it",
    .example = "assay audit verify --expect /media/auditor/2026-10.checkpoint",
    .opts = verify_opts,
    .run = run_verify,
};

const struct command cmd_audit_checkpoint = {
    .name = "audit checkpoint",
    .args = "",
    .summary = "sign the size and the root of the audit log as it is now",
    .example = "assay audit checkpoint -o 2026-10.checkpoint",
    .opts = checkpoint_opts,
    .run = run_checkpoint,
};

const struct command cmd_audit_prove = {
    .name = "audit prove",
    .args = "SEQ",
    .summary = "prove to anybody that a record is in the log",
    .example = "assay audit prove 734 -o record-734.tlog-proof",
    .opts = output_opts,
    .run = run_prove,
};

const struct command cmd_audit_publish = {
    .name = "audit publish",
    .args = "DIR",
    .summary = "write the audit log as static files that anybody can serve and verify",
    .example = "assay audit publish /srv/www/audit",
    .run = run_publish,
};

const struct command cmd_audit_rotate_key = {
    .name = "audit rotate-key",
    .args = "",
    .summary = "turn to another key for the checkpoints of the audit log",
    .example = "assay audit rotate-key",
    .run = run_rotate,
};
