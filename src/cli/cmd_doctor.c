/* assay doctor: every setting in force, and whether what it names works. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "job/enrol.h"
#include "job/export.h"
#include "job/fresh.h"
#include "job/job.h"

static bool
show(const char *what, bool ok, struct str text)
{
    printf("%s  %-10s %.*s\n", ok ? "ok  " : "FAIL", what, STR_ARG(text));
    return ok;
}

/* The failure of d as a line, or the text when there is none. */
static bool
show_diag(const char *what, const struct diag *d, struct str text)
{
    return show(what, !diag_failed(d), diag_failed(d) ? diag_text(d) : text);
}

static bool
check_database(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    if (job_open(&c->config, true, &c->job, &d) != 0)
        return show_diag("database", &d, STR(""));
    struct str server = store_server(c->job->store, c->arena);
    struct str how = store_transport(c->job->store, c->arena);
    return show("database", true,
                arena_fmt(c->arena, "%.*s over %.*s", STR_ARG(server), STR_ARG(how)));
}

static bool
check_signer(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    struct sign_certificate cert;
    if (!c->config.sign)
        return show("signer", true, STR("reports are not signed (sign = no)"));
    if (job_load_signer(c->job, &d) != 0)
        return show_diag("signer", &d, STR(""));
    sign_describe(c->job->signer, c->arena, &cert);
    struct str until = clock_date(c->arena, cert.not_after);
    return show("signer", true,
                arena_fmt(c->arena, "%.*s, valid until %.*s%s", STR_ARG(cert.subject),
                          STR_ARG(until),
                          cert.self_signed ? ", self-signed: proves nothing about identity" : ""));
}

static bool
check_enrol(struct cli *c)
{
    struct enrol *e = NULL;
    struct diag d = diag_init(c->arena);
    struct str text = STR("");
    if (enrol_open(&c->config, c->job->store, &e, &d) == 0)
        text = enrol_describe(e, c->arena);
    enrol_close(e);
    return show_diag("accepts", &d, text);
}

/* Without a checkpoint nothing shows that the records are all and the first ones. */
static bool
check_log(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    struct freshness f = {.age_s = -1};
    struct sha256_digest last;
    struct str text;
    int64_t size = 0, kept = 0;
    if (store_audit_size(c->job->store, &size, &last, &d) == 0 &&
        store_first_kept(c->job->store, size, &kept, &d) == 0 &&
        job_freshness(&c->config, size, &f, &d) == 0)
        job_check_fresh(&c->config, &f, size, &d);
    text = arena_fmt(c->arena,
                     "%lld records (%lld pruned), the newest checkpoint covers %lld and is %lld "
                     "minutes old",
                     (long long)size, (long long)kept, (long long)f.covered,
                     (long long)(f.age_s / 60));
    return show_diag("audit log", &d, text);
}

/* What waits is no failure: it goes with the next run. */
static bool
check_exports(struct cli *c)
{
    bool ok = true;
    for (size_t i = 0; i < c->config.exports.n; i++) {
        struct diag d = diag_init(c->arena);
        const struct config_export *e = &c->config.exports.v[i];
        int64_t lag = 0;
        int rc = job_export_lag(c->job, e, &lag, &d);
        struct str text = arena_fmt(c->arena, "%.*s:%.*s, records that wait: %lld",
                                    STR_ARG(e->format), STR_ARG(e->path), (long long)lag);
        ok &= show_diag("export", &d, text) && rc == 0;
    }
    return ok;
}

static bool
check_folder(struct cli *c, const char *what, struct str path)
{
    bool there = file_exists(path.s);
    return show(what, there, there ? path : arena_fmt(c->arena, "%.*s is missing", STR_ARG(path)));
}

static int
run(struct cli *c)
{
    int status = cli_settle(c);
    if (status)
        return status;
    struct str all = config_print(&c->config, c->arena);
    printf("# settings%s%.*s\n%.*s\n", c->config.path.len ? " of " : " (defaults)",
           STR_ARG(c->config.path), STR_ARG(all));
    bool ok = check_folder(c, "state", c->config.state_dir);
    ok &= check_folder(c, "spool", c->config.spool_dir);
    ok &= check_folder(c, "reports", c->config.reports_dir);
    if (!check_database(c))
        return diag_exit_status(DIAG_CONFIG);
    ok &= check_enrol(c);
    ok &= check_signer(c);
    ok &= check_log(c);
    ok &= check_exports(c);
    return ok ? 0 : diag_exit_status(DIAG_CONFIG);
}

const struct command cmd_doctor = {
    .name = "doctor",
    .args = "",
    .summary = "print every setting and check what it names",
    .example = "assay doctor",
    .run = run,
};
