/* The state of delivery: read from the database, then described for doctor. Called by metrics.c, probes.c, schedule.c and
 * doctor. */
#include "job/health.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "ledger/checkpoint_age.h"
#include "settings/target_options.h"

AUTO_DEFINE(DIR *, closedir)

enum { CLOCKS_S = 60 }; /* by which clocks may differ */

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

static int
read_run(struct act *act, struct arena *a, struct health *h, struct diag *d)
{
    struct str value;
    h->run_at = h->run_ok_at = CLOCK_NONE;
    h->run_took_ms = -1;
    if (store_load_setting(act->store, STR("last-run"), a, &value, d) != 0)
        return -1;
    str_to_i64(str_cut(&value, ' '), &h->run_at);
    h->run_failed = str_eqc(str_cut(&value, ' '), "1");
    str_to_i64(str_cut(&value, ' '), &h->run_took_ms);
    str_to_i64(str_cut(&value, ' '), &h->run_ok_at);
    return 0;
}

/* "AT FAILED MILLISECONDS LAST-SUCCESS"; older programs wrote the first two. */
int
health_note_run(struct act *act, bool failed, int64_t took_ms, struct diag *d)
{
    struct health before;
    if (read_run(act, d->arena, &before, d) != 0)
        return -1;
    int64_t ok_at = failed ? before.run_ok_at : now_s();
    struct str value = arena_fmt(d->arena, "%lld %d %lld", (long long)now_s(), failed, (long long)took_ms);
    if (ok_at != CLOCK_NONE)
        value = arena_fmt(d->arena, "%.*s %lld", STR_ARG(value), (long long)ok_at);
    return act_transact(act, put_run, &value, d);
}

int
health_count_rejected(const struct config *c, int64_t *ret, struct diag *d)
{
    const char *path = file_join(d->arena, c->spool_dir.s, "rejected").s;
    AUTO(closedir_auto) DIR *dir = opendir(path);
    *ret = 0;
    if (!dir && errno == ENOENT)
        return 0;
    if (!dir)
        return diag_fail(d, DIAG_IO, "%s: cannot list: %s", path, strerror(errno));
    for (struct dirent *e; (e = readdir(dir));) {
        struct str name = str_c(e->d_name);
        *ret += name.s[0] != '.' && !str_ends(name, ".reason") && !str_ends(name, ".p7s");
    }
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
