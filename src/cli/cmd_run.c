/* assay run: what cron and systemd start. Silent when all went well. */
#include <stdio.h>

#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "job/metrics.h"
#include "job/schedule.h"

static const char *catch_up = "12", *at;
static bool latest_only;

static const struct opt opts[] = {
    {OPT_VALUE, "catch-up", 0, &catch_up, "N", "make at most N missed periods (default 12)"},
    {OPT_SWITCH, "latest-only", 0, &latest_only, NULL, "of missed periods only the newest"},
    {OPT_VALUE, "at", 0, &at, "TIME", "what was due then, from data as they were known then"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_json(struct cli *c, const struct schedule_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_int(&j, "files", s->ingest.n_files);
    json_put_member_int(&j, "rejected", s->ingest.n_rejected);
    json_put_member_int(&j, "nothing", s->ingest.n_nothing);
    json_put_member_int(&j, "left", (int64_t)s->ingest.left.n);
    json_put_member_int(&j, "scans", s->ingest.n_scans);
    json_put_member_int(&j, "scans_revised", s->ingest.n_scans_revised);
    json_put_member_int(&j, "reports", s->n_reports);
    json_put_member_int(&j, "delivered", s->n_delivered);
    json_put_member_int(&j, "exported", s->n_exported);
    json_put_key(&j, "steps");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->steps.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "what", s->steps.v[i].what);
        json_put_member(&j, "text", s->steps.v[i].text);
        json_put_member_bool(&j, "failed", s->steps.v[i].failed);
        json_put_member_bool(&j, "warned", s->steps.v[i].warned);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* Rejected files and steps that failed or warned are always said, the rest only to who wants it. */
static void
print_text(struct cli *c, const struct schedule_summary *s)
{
    for (size_t i = 0; i < s->ingest.rejected.n; i++) {
        struct str why = utf8_one_line(c->arena, s->ingest.rejected.v[i].reason);
        cli_say(c, "rejected: %.*s", STR_ARG(why));
    }
    for (size_t i = 0; i < s->ingest.revised.n; i++)
        cli_say(c, "revised: %.*s", STR_ARG(s->ingest.revised.v[i]));
    for (size_t i = 0; i < s->ingest.remarks.n; i++) {
        struct str what = utf8_one_line(c->arena, s->ingest.remarks.v[i]);
        cli_say(c, "look at: %.*s", STR_ARG(what));
    }
    for (size_t i = 0; i < s->ingest.left.n; i++)
        cli_say(c, "left: %.*s: %.*s", STR_ARG(utf8_one_line(c->arena, s->ingest.left.v[i].name)),
                STR_ARG(utf8_one_line(c->arena, s->ingest.left.v[i].why)));
    for (size_t i = 0; i < s->steps.n; i++) {
        const struct schedule_step *t = &s->steps.v[i];
        if (c->dry_run && !t->failed)
            printf("%.*s: %.*s\n", STR_ARG(t->what), STR_ARG(t->text));
        else if (t->failed || t->warned)
            cli_say(c, "%.*s: %s%.*s", STR_ARG(t->what), t->warned ? "warning: " : "",
                    STR_ARG(t->text));
        else
            cli_note(c, "%.*s: %.*s", STR_ARG(t->what), STR_ARG(t->text));
    }
    cli_note(c, "%lld files, %lld scans, %lld reports, %lld delivered, %lld records exported",
             (long long)s->ingest.n_files, (long long)s->ingest.n_scans, (long long)s->n_reports,
             (long long)s->n_delivered, (long long)s->n_exported);
}

/* Whoever watches hears that the database is away; that this cannot be written is less than that. */
static void
tell_away(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    if (c->diag.first.code == DIAG_UNAVAILABLE && !c->dry_run &&
        metrics_write_away(&c->config, &d) != 0)
        cli_say(c, "%.*s", STR_ARG(diag_text(&d)));
}

static int
run_due(struct cli *c)
{
    int64_t n;
    struct schedule_summary s = {0};
    if (!str_to_i64(str_c(catch_up), &n) || n < 1 || n > SCHEDULE_MOST) {
        diag_fail(&c->diag, DIAG_USAGE, "--catch-up wants a number from 1 to 1000");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status) {
        tell_away(c);
        return status;
    }
    if (cli_as_of(c, at) != 0)
        return cli_fail(c);
    const struct schedule_options o = {.max_catch_up = (int)n, .latest_only = latest_only};
    int rc = schedule_run(c->act, &o, &s, &c->diag);
    print_text(c, &s);
    if (c->json && print_json(c, &s) != 0)
        rc = -1;
    if (rc != 0)
        return s.steps.n ? diag_exit_status(c->diag.first.code) : cli_fail(c);
    return s.ingest.n_rejected || s.ingest.n_scans_revised || s.ingest.left.n
               ? diag_exit_status(DIAG_PARTIAL)
               : 0;
}

const struct command cmd_run = {
    .name = "run",
    .args = "",
    .summary = "do what is due: ingest the spool, make closed periods' reports, export the log",
    .example = "assay run            (from cron or a systemd timer)",
    .opts = opts,
    .run = run_due,
};
