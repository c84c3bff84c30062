/* assay ingest: files or the spool into the database. */
#include <stdio.h>

#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "intake/intake.h"

static const char *spool, *agent, *jobs;
static bool use_spool, watch, read_all, no_recurse, restore;

static const struct opt opts[] = {
    {OPT_VALUE, "spool", 's', &spool, "DIR", "take the files of this spool folder"},
    {OPT_SWITCH, "default-spool", 0, &use_spool, NULL, "take the spool folder of the settings"},
    {OPT_SWITCH, "watch", 'w', &watch, NULL, "stay, and take what arrives in the spool"},
    {OPT_VALUE, "agent", 'a', &agent, "NAME", "the agent of files that name none"},
    {OPT_SWITCH, "read-all", 0, &read_all, NULL,
     "also files that have not changed since they were stored"},
    {OPT_SWITCH, "no-recurse", 0, &no_recurse, NULL, "of folders only the files directly in them"},
    {OPT_SWITCH, "restore", 0, &restore, NULL,
     "put back what was changed in the database, from files that it was stored from"},
    {OPT_VALUE, "jobs", 'j', &jobs, "N", "parse N files at the same time"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_json(struct cli *c, const struct intake_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_int(&j, "files", s->n_files);
    json_put_member_int(&j, "stored", s->n_stored);
    json_put_member_int(&j, "duplicate", s->n_duplicate);
    json_put_member_int(&j, "unchanged", s->n_unchanged);
    json_put_member_int(&j, "rejected", s->n_rejected);
    json_put_member_int(&j, "nothing", s->n_nothing);
    json_put_member_int(&j, "waiting", s->n_early);
    json_put_member_int(&j, "scans", s->n_scans);
    json_put_member_int(&j, "scans_same", s->n_scans_same);
    json_put_member_int(&j, "scans_revised", s->n_scans_revised);
    if (restore) {
        json_put_member_int(&j, "scans_put_back", s->n_restored);
        json_put_member_int(&j, "texts_put_back", s->n_named);
        json_put_member_int(&j, "scans_as_they_were", s->n_kept);
        json_put_member_int(&j, "scans_of_others", s->n_others);
    }
    json_put_key(&j, "rejections");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->rejected.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "file", s->rejected.v[i].name);
        json_put_member(&j, "reason", s->rejected.v[i].reason);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_key(&j, "left");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->left.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "file", s->left.v[i].name);
        json_put_member(&j, "reason", s->left.v[i].why);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static void
print_text(const struct cli *c, const struct intake_summary *s)
{
    for (size_t i = 0; i < s->rejected.n; i++) {
        struct str why = utf8_one_line(c->arena, s->rejected.v[i].reason);
        cli_say(c, "%s: %.*s", restore ? "not put back" : "rejected", STR_ARG(why));
    }
    if (restore && s->n_others)
        cli_say(c, "%lld scans stand as another stored file brought them", (long long)s->n_others);
    if (restore) {
        cli_note(
            c,
            "%lld files: %lld scans and %lld texts and names put back, %lld scans are as they were "
            "stored, %lld files refused",
            (long long)s->n_files, (long long)s->n_restored, (long long)s->n_named,
            (long long)s->n_kept, (long long)s->n_rejected);
        return;
    }
    for (size_t i = 0; i < s->revised.n; i++)
        cli_say(c, "revised: %.*s", STR_ARG(s->revised.v[i]));
    for (size_t i = 0; i < s->remarks.n; i++) {
        struct str what = utf8_one_line(c->arena, s->remarks.v[i]);
        cli_say(c, "look at: %.*s", STR_ARG(what));
    }
    if (s->n_remarks > s->remarks.n)
        cli_say(c, "and %zu more to look at: see the data quality of a report",
                s->n_remarks - s->remarks.n);
    for (size_t i = 0; i < s->left.n; i++)
        cli_say(c, "left: %.*s: %.*s", STR_ARG(utf8_one_line(c->arena, s->left.v[i].name)),
                STR_ARG(utf8_one_line(c->arena, s->left.v[i].why)));
    if (s->n_early)
        cli_note(c, "%lld files end too early and wait: may they still be written?",
                 (long long)s->n_early);
    cli_note(c,
             "%lld files: %lld stored, %lld known already, %lld hold nothing to store, %lld "
             "rejected; %lld new scans",
             (long long)s->n_files, (long long)s->n_stored, (long long)s->n_duplicate,
             (long long)s->n_nothing, (long long)s->n_rejected, (long long)s->n_scans);
}

/* Called behind each round of --watch; an empty one is not worth a line. */
static void
say_round(void *self, const struct intake_summary *s)
{
    if (s->n_files || s->left.n)
        print_text(self, s);
}

/* The files that are named, then the spool: once, or until a signal comes. */
static int
ingest_all(struct cli *c, struct intake_summary *s)
{
    struct intake_paths paths = {.v = c->args,
                                 .n = c->n_args,
                                 .agent = agent,
                                 .restore = restore,
                                 .read_all = read_all,
                                 .no_recurse = no_recurse};
    if (c->n_args && intake_paths(c->act, &paths, s, &c->diag) != 0)
        return -1;
    if (c->n_args && s->n_files == 0 && s->left.n == 0)
        cli_say(c, "no files were found in what was named");
    if (use_spool && !spool)
        spool = c->config.spool_dir.s;
    if (watch)
        return intake_watch(c->act, spool, say_round, c, &c->diag);
    return spool ? intake_spool(c->act, spool, s, &c->diag) : 0;
}

static int
run_ingest(struct cli *c)
{
    int64_t n = 0;
    struct intake_summary s = {0};
    if (!c->n_args && !spool && !use_spool) {
        diag_fail(&c->diag, DIAG_USAGE, "name files or folders, or give --spool DIR");
        return cli_fail(c);
    }
    if (restore && (spool || use_spool || watch)) {
        diag_fail(&c->diag, DIAG_USAGE,
                  "--restore wants the files that are put back, and no spool");
        return cli_fail(c);
    }
    if (jobs && (!str_to_i64(str_c(jobs), &n) || n < 1 || n > CONFIG_MAX_JOBS)) {
        diag_fail(&c->diag, DIAG_USAGE, "--jobs wants a number from 1 to %d", CONFIG_MAX_JOBS);
        return cli_fail(c);
    }
    if (watch && !spool && !use_spool) {
        diag_fail(&c->diag, DIAG_USAGE, "--watch wants a spool: --spool DIR or --default-spool");
        return cli_fail(c);
    }
    c->waits_for_ever = watch;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (jobs)
        c->act->config.jobs = n;
    int rc = ingest_all(c, &s);
    print_text(c, &s);
    if (c->json && print_json(c, &s) != 0)
        rc = -1;
    if (rc != 0)
        return cli_fail(c);
    return s.n_rejected || s.n_scans_revised || s.left.n ? diag_exit_status(DIAG_PARTIAL) : 0;
}

const struct command cmd_ingest = {
    .name = "ingest",
    .args = "[PATH...]",
    .summary = "read scan results into the database, each exactly once",
    .example = "assay ingest --spool /var/spool/assay",
    .opts = opts,
    .run = run_ingest,
};
