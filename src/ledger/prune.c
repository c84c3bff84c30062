/* `assay audit prune`: looks for what may go, writes the permission, has the texts taken away. */
#include "ledger/prune.h"

#include <assert.h>

#include "audit/prune.h"
#include "audit/tiles.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/env.h"
#include "ledger/checkpoint.h"
#include "ledger/verify_log.h"
#include "settings/target_options.h"

AUTO_DEFINE(struct audit_signer *, audit_signer_free)

enum { CHUNK = 4 * AUDIT_TILE };

struct pruning {
    struct act *act;
    const struct prune_request *q;
    struct prune_summary *sum;
    int64_t cutoff;     /* seconds: older records go */
    struct buf *forced; /* as prune_summary.forced */
};

/* ---- bounds ---- */

/* The same day and time some months ago, or the last day of that month. */
static int64_t
months_ago(int64_t months)
{
    assert(months >= 0);
    int64_t t;
    struct clock_civil c = clock_civil(env_wall_us() / 1000000);
    int64_t month = (int64_t)c.year * 12 + c.month - 1 - months;
    c.year = (int)(month / 12);
    c.month = (int)(month % 12) + 1;
    int days = clock_month_days(c.year, c.month);
    c.day = c.day < days ? c.day : days;
    assert(c.month >= 1 && c.month <= 12);
    return clock_from_civil(c, &t) ? t : CLOCK_NONE;
}

/* A bound that force may override: then it is noted, and pruning goes on. */
static int
over_bound(struct pruning *p, struct str why, struct diag *d)
{
    if (!p->q->force)
        return diag_fail(d, DIAG_USAGE, "%.*s (--force overrides, and the log says so)",
                         STR_ARG(why));
    buf_fmt(p->forced, "%s%.*s", p->forced->len ? "; " : "", STR_ARG(why));
    return 0;
}

/* The bounds by age: three months are never crossed, twelve and the setting only by force. */
static int
check_age(struct pruning *p, struct diag *d)
{
    int64_t keep = p->act->config.audit_keep_months;
    int64_t asked = p->q->keep_months >= 0 ? p->q->keep_months : keep;
    p->cutoff = p->q->before != CLOCK_NONE ? p->q->before : months_ago(asked);
    if (p->cutoff > months_ago(PRUNE_NEVER_MONTHS))
        return diag_fail(d, DIAG_USAGE, "the records of the last %d months are always kept",
                         PRUNE_NEVER_MONTHS);
    if (p->cutoff > months_ago(PRUNE_LEAST_MONTHS))
        return over_bound(
            p, arena_fmt(d->arena, "records are kept for %d months at least", PRUNE_LEAST_MONTHS),
            d);
    if (p->cutoff > months_ago(keep))
        return over_bound(p, arena_fmt(d->arena, "audit-keep-months is %lld", (long long)keep), d);
    return 0;
}

static int
lacks_records(struct pruning *p, struct str target, int64_t next, struct diag *d)
{
    return over_bound(p,
                      arena_fmt(d->arena, "%.*s has not got the records from %lld on",
                                STR_ARG(target), (long long)next),
                      d);
}

/* Every cursor that is there counts, also that of a target which the settings name no more, and every
 * target of the settings that has no cursor yet. */
static int
check_exports(struct pruning *p, struct diag *d)
{
    const struct config *c = &p->act->config;
    struct store_cursor at;
    struct str target;
    int64_t next;
    if (store_find_waiting(p->act->store, p->sum->minimum, d->arena, &target, &next, d) != 0)
        return -1;
    if (target.len && lacks_records(p, target, next, d) != 0)
        return -1;
    for (size_t i = 0; i < c->exports.n; i++) {
        const struct config_export *e = &c->exports.v[i];
        if (store_load_cursor(p->act->store, target_key(e, d->arena), d->arena, &at, d) != 0)
            return -1;
        if (at.seq == 0 && lacks_records(p, e->path, 0, d) != 0)
            return -1;
    }
    return 0;
}

/* ---- what goes ---- */

/* Whole tiles below the newest checkpoint that are old enough. */
static int
find_range(struct pruning *p, int64_t covered, struct diag *d)
{
    int64_t since;
    struct store *st = p->act->store;
    if (store_first_kept(st, covered, &p->sum->first, d) != 0 ||
        store_first_since(st, p->sum->first, p->cutoff, covered, &since, d) != 0)
        return -1;
    int64_t minimum = (since < covered ? since : covered) / AUDIT_TILE * AUDIT_TILE;
    p->sum->minimum = minimum > p->sum->first ? minimum : p->sum->first;
    assert(p->sum->minimum % AUDIT_TILE == 0 || p->sum->minimum == p->sum->first);
    return 0;
}

/* The record audit.prune, with the note that the log key signs: whoever verifies the log later finds in it
 * up to where texts may be gone. */
static int
record_permission(struct pruning *p, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    const struct prune_summary *m = p->sum;
    struct arena *a = d->arena;
    struct str note, none = STR("");
    if (log_keys_load_signer(&p->act->config, &s, d) != 0 ||
        audit_prune_sign(m->minimum, s, a, &note, d) != 0)
        return -1;
    struct event_change changes[] = {
        {STR("first"), none, arena_fmt(a, "%lld", (long long)m->first), false},
        {STR("last"), none, arena_fmt(a, "%lld", (long long)m->minimum - 1), false},
        {STR("minimum"), none, arena_fmt(a, "%lld", (long long)m->minimum), false},
        {STR("before"), none, clock_iso(a, p->cutoff), false},
        {STR("note"), none, note, false},
        {STR("force"), none, m->forced, false}};
    struct event e = {.name = AUDIT_PRUNE_EVENT,
                      .severity = m->forced.len ? 9 : 6,
                      .object_type = STR("log"),
                      .object_id = p->act->config.origin,
                      .object_name = p->act->config.origin,
                      .reason = m->forced,
                      .changes = changes,
                      .n_changes = m->forced.len ? 6 : 5};
    return act_record(p->act, &e, 1, d);
}

/* From the oldest on: whatever stops this, the records without text are the first ones. */
static int
take_texts(struct pruning *p, struct diag *d)
{
    const struct prune_summary *m = p->sum;
    for (int64_t at = m->first / CHUNK * CHUNK; at < m->minimum; at += CHUNK) {
        assert(at % AUDIT_TILE == 0);
        int64_t end = at + CHUNK < m->minimum ? at + CHUNK : m->minimum;
        if (store_prune_records(p->act->store, at, end, d) != 0)
            return -1;
        if (p->act->progress)
            p->act->progress("prune", (size_t)(end - m->first), (size_t)(m->minimum - m->first));
    }
    return 0;
}

/* The log is verified while its texts are there; then the permission, and a checkpoint that covers it;
 * then the texts go. */
static int
prune_range(struct pruning *p, struct diag *d)
{
    struct checkpoint_made made;
    struct audit_verdict verdict;
    if (verify_log_run(p->act, NULL, &verdict, d) != 0 || record_permission(p, d) != 0 ||
        checkpoint_make(p->act, false, &made, d) != 0)
        return -1;
    return take_texts(p, d);
}

/* How many records the newest checkpoint covers; one is made first, unless nothing may be changed. */
static int
covered_size(struct pruning *p, int64_t *ret, struct diag *d)
{
    struct checkpoint_made made = {.size = 0};
    struct audit_checkpoint cp = {.size = 0};
    struct str note;
    bool dry = p->act->dry_run;
    if ((dry ? checkpoint_load_newest(&p->act->config, d->arena, &note, &cp, d)
             : checkpoint_make(p->act, false, &made, d)) != 0)
        return -1;
    *ret = dry ? cp.size : made.size;
    return 0;
}

int
prune_run(struct act *act, const struct prune_request *q, struct prune_summary *ret, struct diag *d)
{
    int64_t covered = 0;
    AUTO_BUF forced = buf_init(1 << 16);
    struct pruning p = {.act = act, .q = q, .sum = ret, .forced = &forced};
    *ret = (struct prune_summary){.first = 0, .forced = STR("")};
    if (check_age(&p, d) != 0)
        return -1;
    /* no records: an account that may not do this is told so before anything is signed */
    if (!act->dry_run && store_prune_records(act->store, 0, 0, d) != 0)
        return -1;
    if (covered_size(&p, &covered, d) != 0 || find_range(&p, covered, d) != 0)
        return -1;
    bool is_any = ret->minimum > ret->first;
    if (is_any && check_exports(&p, d) != 0)
        return -1;
    ret->forced = arena_str(d->arena, buf_view(&forced));
    return is_any && !act->dry_run ? prune_range(&p, d) : 0;
}

int
prune_count(struct act *act, int64_t size, int64_t *ret, struct diag *d)
{
    return store_first_kept(act->store, size, ret, d);
}
