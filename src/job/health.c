/* The state of delivery: read from the database, then described for doctor or written as metrics. Called
 * by heartbeat.c, schedule.c and doctor. */
#include "job/health.h"

#include <assert.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "job/signer.h"
#include "ledger/checkpoint_age.h"
#include "settings/target_options.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { CLOCKS_S = 60 }; /* by which clocks may differ */

#define MAX_METRICS ((size_t)1 << 20)

static int64_t
now_s(void)
{
    return env_wall_us() / 1000000;
}

/* ---- reading ---- */

static void
count_letters(struct health_target *t, const struct store_letter *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(v[i].target, t->cursor.target))
            continue;
        t->n_refused += str_eqc(v[i].state, "refused");
        t->n_reduced += str_eqc(v[i].state, "reduced");
        t->n_unreadable += str_eqc(v[i].state, "unreadable");
    }
}

/* What is remembered of the target, held against the log. */
static int
read_sent(struct act *act, struct arena *a, struct health_target *t, struct diag *d)
{
    struct diag one = diag_init(a);
    t->wrong = STR("");
    if (sent_load(&act->config, t->cursor.target, a, &t->sent, &one) == 0)
        sent_compare(act, &t->sent, NULL, &one);
    if (!diag_failed(&one) && t->sent.at > now_s() + CLOCKS_S)
        diag_fail(&one, DIAG_VERIFY,
                  "what was sent last was noted at %s, which is in the future: the clock was set "
                  "back, or somebody wrote %s; the next export notes it again",
                  clock_iso(a, t->sent.at).s, sent_path(&act->config, t->cursor.target, a).s);
    if (diag_failed(&one) && one.first.code != DIAG_VERIFY && one.first.code != DIAG_BAD_DATA)
        return diag_pass_on(d, &one);
    if (diag_failed(&one))
        t->wrong = one.first.text;
    return 0;
}

/* Who sent last says how often somebody looks. */
static void
judge_lag(struct health_target *t)
{
    bool is_held = t->cursor.owner.len && t->cursor.lease_until > now_s();
    t->limit_s = t->e->lag_s                      ? t->e->lag_s
                 : is_held || t->sent.is_followed ? HEALTH_FOLLOW_S
                                                  : HEALTH_CRON_S;
    t->is_late = t->lag > 0 && t->lag_s > t->limit_s;
}

static int
read_target(struct act *act, const struct config_export *e, int64_t size, struct arena *a,
            struct health_target *t, struct diag *d)
{
    struct store_record *r;
    size_t n;
    t->e = e;
    if (store_load_cursor(act->store, target_key(e, a), a, &t->cursor, d) != 0)
        return -1;
    t->lag = size > t->cursor.seq ? size - t->cursor.seq : 0;
    if (read_sent(act, a, t, d) != 0)
        return -1;
    judge_lag(t);
    if (t->lag == 0)
        return 0;
    if (store_load_records(act->store, t->cursor.seq, 1, a, &r, &n, d) != 0)
        return -1;
    int64_t since = n ? r->ts_us / 1000000 : now_s();
    t->lag_s = now_s() > since ? now_s() - since : 0;
    judge_lag(t);
    return 0;
}

static int
put_run(struct act *act, void *ctx, struct diag *d)
{
    const struct str *value = ctx;
    return store_put_setting(act->store, STR("last-run"), *value, d);
}

int
health_note_run(struct act *act, bool failed, struct diag *d)
{
    struct str value = arena_fmt(d->arena, "%lld %d", (long long)now_s(), failed);
    return act_transact(act, put_run, &value, d);
}

static int
read_run(struct act *act, struct arena *a, struct health *h, struct diag *d)
{
    struct str value;
    h->run_at = CLOCK_NONE;
    if (store_load_setting(act->store, STR("last-run"), a, &value, d) != 0)
        return -1;
    str_to_i64(str_cut(&value, ' '), &h->run_at);
    h->run_failed = str_eqc(value, "1");
    return 0;
}

/* A host without a key has none: that is no failure of a report about health. */
static void
read_checkpoint(struct act *act, struct arena *a, struct health *h)
{
    struct diag ignored = diag_init(a);
    struct checkpoint_age f;
    int64_t size;
    h->checkpoint_age = CLOCK_NONE;
    if (checkpoint_age_now(act, &size, &f, &ignored) != 0 || f.is_none)
        return;
    h->checkpoint = f.covered;
    h->checkpoint_age = f.age_s;
}

int
health_read(struct act *act, struct arena *a, struct health *ret, struct diag *d)
{
    struct health h = {.size = 0};
    struct sha256_digest last;
    struct store_letter *letters;
    size_t n;
    if (store_audit_size(act->store, &h.size, &last, d) != 0 ||
        store_load_letters(act->store, a, &letters, &n, d) != 0 || read_run(act, a, &h, d) != 0)
        return -1;
    for (size_t i = 0; i < act->config.exports.n; i++) {
        struct health_target *t = VEC_PUSH(a, &h.targets);
        if (read_target(act, &act->config.exports.v[i], h.size, a, t, d) != 0)
            return -1;
        count_letters(t, letters, n);
    }
    read_checkpoint(act, a, &h);
    *ret = h;
    return 0;
}

bool
health_is_failing(const struct health_target *t)
{
    return t->cursor.failing_since != CLOCK_NONE && t->cursor.attempts > 0;
}

bool
health_is_well(const struct health_target *t)
{
    return !health_is_failing(t) && !t->is_late && !t->wrong.len &&
           t->n_refused + t->n_unreadable == 0;
}

struct str
health_describe(const struct health_target *t, struct arena *a)
{
    const struct store_cursor *c = &t->cursor;
    struct str text = arena_fmt(a, "records that wait: %lld", (long long)t->lag);
    if (t->lag > 0)
        text = arena_fmt(a, "%.*s, the oldest for %lld s", STR_ARG(text), (long long)t->lag_s);
    if (t->n_refused + t->n_reduced + t->n_unreadable)
        text = arena_fmt(a, "%.*s; dead letters: %lld refused, %lld shortened, %lld unreadable",
                         STR_ARG(text), (long long)t->n_refused, (long long)t->n_reduced,
                         (long long)t->n_unreadable);
    if (t->is_late)
        text =
            arena_fmt(a,
                      "%.*s, and may for %lld s (lag): is assay audit export --follow running, or "
                      "assay run by cron?",
                      STR_ARG(text), (long long)t->limit_s);
    if (c->failing_since != CLOCK_NONE && !health_is_failing(t))
        text = arena_fmt(a, "%.*s; takes messages again, and failed %lld times within %lld s",
                         STR_ARG(text), (long long)t->sent.n_failed,
                         (long long)(now_s() - c->failing_since));
    if (health_is_failing(t))
        text = arena_fmt(a, "%.*s; failing for %lld s, %lld attempts: %.*s", STR_ARG(text),
                         (long long)(now_s() - c->failing_since), (long long)c->attempts,
                         STR_ARG(c->error));
    return text;
}

/* ---- metrics ---- */

/* A value of a label: backslash, quote and line end are escaped. */
static void
put_label(struct buf *out, struct str value)
{
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
              int64_t value)
{
    assert(name[0]);
    buf_fmt(out, "assay_%s{target=\"", name);
    put_label(out, t->cursor.target);
    if (state)
        buf_fmt(out, "\",state=\"%s", state);
    buf_fmt(out, "\"} %lld\n", (long long)value);
}

static void
put_targets(struct buf *out, const struct health *h)
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
            put_of_target(out, rows[i][0], t, NULL, values[i]);
        }
    }
    put_help(out, "export_deadletters",
             "Records that the target did not take, by what became of them.");
    for (size_t k = 0; k < h->targets.n; k++) {
        const struct health_target *t = &h->targets.v[k];
        put_of_target(out, "export_deadletters", t, "refused", t->n_refused);
        put_of_target(out, "export_deadletters", t, "reduced", t->n_reduced);
        put_of_target(out, "export_deadletters", t, "unreadable", t->n_unreadable);
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

int
health_write(struct act *act, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO_BUF out = buf_init(MAX_METRICS);
    struct health h;
    if (!act->config.metrics_file.len)
        return 0;
    if (health_read(act, a, &h, d) != 0)
        return -1;
    put_one(&out, "audit_size", "Records of the audit log.", h.size);
    put_one(&out, "audit_checkpoint_size", "Records below the newest checkpoint of this host.",
            h.checkpoint);
    if (h.checkpoint_age != CLOCK_NONE)
        put_one(&out, "audit_checkpoint_age_seconds", "Age of that checkpoint.", h.checkpoint_age);
    put_one(&out, "metrics_timestamp_seconds", "When these were written.", now_s());
    if (h.run_at != CLOCK_NONE) {
        put_one(&out, "run_timestamp_seconds", "When assay run ended last.", h.run_at);
        put_one(&out, "run_failed", "1 when one of its steps failed.", h.run_failed);
    }
    put_signer(&out, &act->config, a);
    put_targets(&out, &h);
    return file_write_atomic(act->config.metrics_file.s, buf_view(&out), 0644, d);
}
