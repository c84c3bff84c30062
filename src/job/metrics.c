/* Metrics. Called by heartbeat.c and schedule.c, and by the command that finds no database. */
#include "job/metrics.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/map.h"
#include "base/utf8.h"
#include "job/health.h"
#include "job/outbox.h"
#include "job/signer.h"
#include "job/watch.h"

AUTO_DEFINE(struct arena *, arena_free)

#define MAX_METRICS ((size_t)4 << 20)

static int64_t
now_s(void)
{
    return env_wall_us() / 1000000;
}

/* ---- lines ---- */

/* A value of a label: names come from hosts. Backslash, quote and line end are escaped, and it is UTF-8. */
static void
put_label(struct buf *out, struct str value, struct arena *a)
{
    value = utf8_repair(a, value);
    for (size_t i = 0; i < value.len; i++) {
        if (value.s[i] == '\\' || value.s[i] == '"')
            buf_putc(out, '\\');
        if (value.s[i] == '\n')
            buf_puts(out, "\\n");
        else
            buf_putc(out, value.s[i]);
    }
}

static void
put_help(struct buf *out, const char *name, const char *help)
{
    buf_fmt(out, "# HELP assay_%s %s\n# TYPE assay_%s gauge\n", name, help, name);
}

static void
put_one(struct buf *out, const char *name, const char *help, int64_t value)
{
    put_help(out, name, help);
    buf_fmt(out, "assay_%s %lld\n", name, (long long)value);
}

static void
put_of_target(struct buf *out, const char *name, const struct health_target *t, const char *state,
              int64_t value, struct arena *a)
{
    assert(name[0]);
    buf_fmt(out, "assay_%s{target=\"", name);
    put_label(out, t->cursor.target, a);
    if (state)
        buf_fmt(out, "\",state=\"%s", state);
    buf_fmt(out, "\"} %lld\n", (long long)value);
}

/* ---- the fleet ---- */

struct sum_row {
    const char *name, *help;
    size_t at; /* in struct watch_sum, an int64_t */
};

static const struct sum_row sum_rows[] = {
    {"agents", "Agents that are expected or have a scan.", offsetof(struct watch_sum, n_agents)},
    {"scanned_agents", "Agents with a scan within expect-days.", offsetof(struct watch_sum, n_scanned)},
    {"silent_agents", "Agents not heard of for overdue-days.", offsetof(struct watch_sum, n_silent)},
    {"overdue_agents", "Agents whose newest scan is older than overdue-days.", offsetof(struct watch_sum, n_overdue)},
    {"failed_checks", "Checks that failed.", offsetof(struct watch_sum, failed)},
    {"not_applied_checks", "Checks that were not applied.", offsetof(struct watch_sum, skipped)},
    {"passed_checks", "Checks that passed.", offsetof(struct watch_sum, passed)},
};

/* A score of percent with two decimals as a ratio. */
static void
put_ratio(struct buf *out, const struct rounded *score)
{
    assert(!score->none && score->units >= 0);
    int64_t units = score->units;
    for (int i = score->decimals; i < 2; i++)
        units *= 10;
    buf_fmt(out, "%lld.%04lld\n", (long long)(units / 10000), (long long)(units % 10000));
}

static int
by_size(const void *a, const void *b)
{
    const struct watch_group *x = a, *y = b;
    if (x->sum.n_agents != y->sum.n_agents)
        return x->sum.n_agents < y->sum.n_agents ? 1 : -1;
    return str_cmp(x->name, y->name);
}

static void
put_group_name(struct buf *out, const char *name, const struct watch_group *g, struct arena *a)
{
    buf_fmt(out, "assay_group_%s{group=\"", name);
    put_label(out, g->name, a);
    buf_puts(out, "\"} ");
}

/* Names that are the same once they are repaired would be one series twice: the smaller group is left out. */
static size_t
choose_groups(struct watch *w, struct arena *a)
{
    struct map *seen = map_new(a);
    size_t n = 0;
    if (w->groups.n)
        qsort(w->groups.v, w->groups.n, sizeof *w->groups.v, by_size);
    for (size_t i = 0; i < w->groups.n && n < METRICS_GROUPS; i++) {
        struct str name = utf8_repair(a, w->groups.v[i].name);
        if (map_get_index(seen, name) >= 0)
            continue;
        map_put_index(seen, name, n);
        w->groups.v[n++] = w->groups.v[i];
    }
    return n;
}

static void
put_fleet(struct buf *out, struct watch *w, struct arena *a)
{
    size_t n_all = w->groups.n, n = choose_groups(w, a);
    for (size_t i = 0; i < sizeof sum_rows / sizeof *sum_rows; i++) {
        const struct sum_row *r = &sum_rows[i];
        const char *name = arena_fmt(a, "fleet_%s", r->name).s;
        put_one(out, name, r->help, *(const int64_t *)((const char *)&w->all + r->at));
        put_help(out, arena_fmt(a, "group_%s", r->name).s, r->help);
        for (size_t k = 0; k < n; k++) {
            put_group_name(out, r->name, &w->groups.v[k], a);
            buf_fmt(out, "%lld\n",
                    (long long)*(const int64_t *)((const char *)&w->groups.v[k].sum + r->at));
        }
    }
    put_help(out, "fleet_score_ratio", "Mean score of the agents.");
    if (!w->all.score.none) {
        buf_puts(out, "assay_fleet_score_ratio ");
        put_ratio(out, &w->all.score);
    }
    put_help(out, "group_score_ratio", "Mean score of the agents of a group.");
    for (size_t k = 0; k < n; k++) {
        if (w->groups.v[k].sum.score.none)
            continue;
        put_group_name(out, "score_ratio", &w->groups.v[k], a);
        put_ratio(out, &w->groups.v[k].sum.score);
    }
    put_one(out, "groups", "Groups with agents.", (int64_t)n_all);
    put_one(out, "groups_omitted", "Groups without series of their own: there are too many.",
            (int64_t)(n_all - n));
}

/* What is kept is used as long as it is new enough. */
static int
add_fleet(struct act *act, struct metrics_fleet *kept, struct buf *out, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct watch_query all = {.overdue_days = act->config.overdue_days};
    struct watch w;
    if (kept->text.len && env_mono_ms() - kept->made_ms < METRICS_FLEET_S * 1000) {
        buf_str(out, buf_view(&kept->text));
        return 0;
    }
    if (watch_load(act, &all, a, &w, d) != 0)
        return -1;
    buf_done(&kept->text);
    kept->text = buf_init(MAX_METRICS);
    put_fleet(&kept->text, &w, a);
    kept->made_ms = env_mono_ms();
    buf_str(out, buf_view(&kept->text));
    return 0;
}

/* ---- this installation ---- */

static void
put_targets(struct buf *out, const struct health *h, struct arena *a)
{
    static const char *const rows[][2] = {
        {"export_lag_records", "Records that wait for the target."},
        {"export_lag_seconds", "Age of the oldest of them."},
        {"export_failing", "1 when the last attempt failed."},
        {"export_late", "1 when the oldest record waits longer than it may."},
        {"export_contradicted",
         "1 when the log is not the one that was sent, or that cannot be told."},
        {"export_attempts", "Attempts that failed since the last success."},
        {"export_last_success_timestamp_seconds", "When a message arrived last, 0 = never."},
    };
    enum { N_ROWS = sizeof rows / sizeof *rows };
    for (int i = 0; i < N_ROWS; i++) {
        put_help(out, rows[i][0], rows[i][1]);
        for (size_t k = 0; k < h->targets.n; k++) {
            const struct health_target *t = &h->targets.v[k];
            const struct store_cursor *c = &t->cursor;
            const int64_t values[N_ROWS] = {t->lag,
                                            t->lag_s,
                                            health_is_failing(t),
                                            t->is_late,
                                            t->wrong.len > 0,
                                            c->attempts,
                                            c->last_ok == CLOCK_NONE ? 0 : c->last_ok};
            put_of_target(out, rows[i][0], t, NULL, values[i], a);
        }
    }
    put_help(out, "export_deadletters",
             "Records that the target did not take, by what became of them.");
    for (size_t k = 0; k < h->targets.n; k++) {
        const struct health_target *t = &h->targets.v[k];
        put_of_target(out, "export_deadletters", t, "refused", t->n_refused, a);
        put_of_target(out, "export_deadletters", t, "reduced", t->n_reduced, a);
        put_of_target(out, "export_deadletters", t, "unreadable", t->n_unreadable, a);
    }
}

/* When the key cannot be read nothing is known, and nothing is said: whoever watches misses the metric. */
static void
put_signer(struct buf *out, const struct config *c, struct arena *a)
{
    struct diag ignored = diag_init(a);
    struct sign_certificate cert;
    if (c->sign && signer_describe(c, &cert, &ignored) == 0)
        put_one(out, "signing_certificate_expiry_timestamp_seconds",
                "When the certificate that seals reports ends.", cert.not_after);
}

static void
put_run(struct buf *out, const struct health *h)
{
    if (h->run_at == CLOCK_NONE)
        return;
    put_one(out, "run_timestamp_seconds", "When assay run ended last.", h->run_at);
    put_one(out, "run_failed", "1 when one of its steps failed.", h->run_failed);
    if (h->run_ok_at != CLOCK_NONE)
        put_one(out, "run_last_success_timestamp_seconds",
                "When one ended last of which no step failed.", h->run_ok_at);
    if (h->run_took_ms < 0)
        return;
    put_help(out, "run_duration_seconds", "How long it took.");
    buf_fmt(out, "assay_run_duration_seconds %lld.%03lld\n", (long long)(h->run_took_ms / 1000),
            (long long)(h->run_took_ms % 1000));
}

/* What cannot be counted is missing. */
static void
put_counts(struct buf *out, struct act *act, struct arena *a)
{
    struct diag ignored = diag_init(a);
    struct outbox_counts o;
    int64_t n;
    if (health_count_rejected(&act->config, &n, &ignored) == 0)
        put_one(out, "rejected_files", "Files in the rejected folder of the spool.", n);
    diag_clear(&ignored);
    if (store_count_failed_runs(act->store, &n, &ignored) == 0)
        put_one(out, "failed_reports", "Scheduled reports that could not be made.", n);
    diag_clear(&ignored);
    if (outbox_count(act, &o, &ignored) != 0)
        return;
    put_one(out, "outbox_waiting", "Reports that wait for a recipient.", o.n_waiting);
    put_one(out, "outbox_oldest_seconds", "How long the oldest of them waits.", o.oldest_s);
    put_one(out, "outbox_refused", "Reports that a recipient did not take.", o.n_refused);
}

/* ---- the file ---- */

static void
put_head(struct buf *out, bool is_up)
{
    put_one(out, "database_up", "1 when the database answered.", is_up);
    put_one(out, "metrics_timestamp_seconds", "When these were written.", now_s());
}

static int
write_file(const struct config *c, struct buf *out, struct diag *d)
{
    buf_puts(out, "# EOF\n");
    return file_write_atomic(c->metrics_file.s, buf_view(out), 0644, d);
}

int
metrics_write(struct act *act, struct metrics_fleet *fleet, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO_BUF out = buf_init(MAX_METRICS);
    AUTO(metrics_done) struct metrics_fleet now = {.made_ms = 0};
    struct health h;
    if (!act->config.metrics_file.len)
        return 0;
    if (health_read(act, a, &h, d) != 0)
        return -1;
    put_head(&out, true);
    if (add_fleet(act, fleet ? fleet : &now, &out, d) != 0)
        return -1;
    put_counts(&out, act, a);
    put_one(&out, "audit_size", "Records of the audit log.", h.size);
    put_one(&out, "audit_checkpoint_size", "Records below the newest checkpoint of this host.",
            h.checkpoint);
    if (h.checkpoint_age != CLOCK_NONE)
        put_one(&out, "audit_checkpoint_age_seconds", "Age of that checkpoint.", h.checkpoint_age);
    put_run(&out, &h);
    put_signer(&out, &act->config, a);
    put_targets(&out, &h, a);
    return write_file(&act->config, &out, d);
}

void
metrics_done(struct metrics_fleet *fleet)
{
    buf_done(&fleet->text);
}

int
metrics_write_away(const struct config *c, struct diag *d)
{
    AUTO_BUF out = buf_init(MAX_METRICS);
    if (!c->metrics_file.len)
        return 0;
    put_head(&out, false);
    return write_file(c, &out, d);
}
