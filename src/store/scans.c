/* One scan into the database, with all that derives from it; what it needs is there (prepare.c), and
 * its line is locked (lock.c). */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "store/delta.h"
#include "store/late.h"
#include "store/lock.h"
#include "store/scan_row.h"
#include "store/stmt.h"
#include "store/unsent.h"

enum { MAX_NAME = 255 };

/* A scan that is being stored: where it stands, its folded results, its neighbours. */
struct arrival {
    struct store *st;
    struct arena *a;
    const struct scan_file *file;
    struct scan scan; /* whole: a delta is merged */
    struct scan_place at;
    struct policy_version *policy;
    struct fold fold;
    struct stored_scan before, there, after;
    int64_t current_end; /* of agent_current, CLOCK_NONE = none yet */
    bool has_said;       /* a delta that can be merged again, and */
    struct str said;     /* what it speaks of */
};

/* ---- the row ---- */

static void
give_counts(struct bulk *b, const struct scan *s)
{
    int64_t score = scan_row_score(s);
    for (size_t i = 0; i < SCAN_ROW_COUNTS; i++)
        bulk_int(b, s->counts[scan_row_statuses[i]]);
    if (score < 0)
        bulk_null(b);
    else
        bulk_int(b, score);
}

static void
give_state(struct bulk *b, const struct fold *f, const struct str *said)
{
    bulk_bytes(b, f->content.b, SHA256_SIZE);
    if (f->details.records.len)
        bulk_bytes(b, f->details.hash.b, sizeof f->details.hash.b);
    else
        bulk_null(b);
    bulk_int(b, (int64_t)f->n_vec);
    bulk_bytes(b, f->vec, (f->n_vec + 1) / 2);
    if (said)
        bulk_bytes(b, said->s, said->len);
    else
        bulk_null(b);
}

static int
put_row(struct arrival *l, struct diag *d)
{
    const struct scan *s = &l->scan;
    struct bulk *b = &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->scans;
    bulk_row(b);
    bulk_uint(b, l->at.agent_id);
    bulk_uint(b, l->at.line_id);
    bulk_time(b, l->at.end);
    bulk_uint(b, l->policy->policy_id);
    bulk_str(b, utf8_fit(l->a, s->policy.profile, MAX_NAME));
    bulk_str(b, utf8_fit(l->a, s->format, 64));
    bulk_str(b, utf8_fit(l->a, s->engine, MAX_NAME));
    bulk_time(b, s->start >= 0 && s->start <= s->end ? s->start : CLOCK_NONE);
    bulk_time(b, env_wall_us() / 1000000);
    give_counts(b, s);
    bulk_double(b, s->scores.n ? s->scores.v[0].value : NAN);
    bulk_int(b, scan_row_flags(s));
    bulk_bytes(b, l->file->sha256.b, SHA256_SIZE);
    give_state(b, &l->fold, l->has_said ? &l->said : NULL);
    return bulk_row_end(b, d);
}

/* ---- agent and current state ---- */

/* The row is there (prepare.c); the statement changes it unless a newer scan of the agent is known. */
static int
touch_agent(struct arrival *l, struct diag *d)
{
    const struct scan_asset *as = &l->scan.asset;
    struct str group = utf8_fit(l->a, as->group, MAX_NAME);
    struct str address = as->addresses.n ? as->addresses.v[0] : STR("");
    struct bulk *b = &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->agents;
    bulk_row(b);
    bulk_uint(b, l->at.agent_id);
    bulk_str(b, as->name);
    bulk_str(b, utf8_fit(l->a, as->alias, MAX_NAME));
    bulk_str(b, utf8_fit(l->a, as->os, MAX_NAME));
    bulk_str(b, utf8_fit(l->a, address, MAX_NAME));
    bulk_uint(b, group.len ? ids_group(group) : 0);
    bulk_time(b, l->at.end);
    bulk_time(b, l->at.end);
    return bulk_row_end(b, d);
}

/* The newest scan of a line is what is current; an older one is only counted. */
static int
touch_current(struct arrival *l, bool is_newest, bool is_new, struct diag *d)
{
    if (is_newest) {
        struct bulk *b = &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->currents;
        bulk_row(b);
        bulk_uint(b, l->at.agent_id);
        bulk_uint(b, l->at.line_id);
        bulk_time(b, l->at.end);
        bulk_uint(b, l->policy->policy_id);
        bulk_int(b, is_new);
        return bulk_row_end(b, d);
    }
    struct stmt *q = stmt_get(l->st, "current_count", d);
    if (!q)
        return -1;
    stmt_int(q, is_new);
    stmt_uint(q, l->at.agent_id);
    stmt_uint(q, l->at.line_id);
    return stmt_run(q, d);
}

/* ---- whether it is stored ---- */

static int
fullness_of(bool score_only, bool partial)
{
    return score_only ? 0 : partial ? 1 : 2;
}

/* Two scans of one line and second: with the same results they are one scan, else the one that says
 * more is kept. A delta was merged into the one that is there, so it says more. */
static enum store_put
decide(const struct arrival *l)
{
    const struct stored_scan *old = &l->there;
    if (!old->found)
        return STORE_NEW;
    if (memcmp(old->content.b, l->fold.content.b, SHA256_SIZE) == 0)
        return STORE_SAME;
    int was = fullness_of(old->flags & FLAG_SCORE_ONLY, old->flags & FLAG_PARTIAL);
    int is = fullness_of(l->scan.score_only, l->scan.partial);
    if (was != is)
        return is > was ? STORE_NEW : STORE_CONFLICT;
    return l->scan.delta || (int64_t)l->scan.results.n > old->n_results ? STORE_NEW
                                                                        : STORE_CONFLICT;
}

/* The locked row tells where the line ends: beyond it there is nothing to look for. */
static int
load_neighbours(struct arrival *l, struct diag *d)
{
    struct stored_scan *const to[] = {&l->before, &l->there, &l->after};
    int n = l->current_end == CLOCK_NONE ? 0 : l->at.end > l->current_end ? 1 : 3;
    for (int i = 0; i < n; i++)
        if (stored_load(l->st, &l->at, (enum stored_which)i, l->a, to[i], d) != 0)
            return -1;
    return 0;
}

static int
write_scan(struct arrival *l, struct diag *d)
{
    bool replaces = l->there.found;
    bool is_newest = l->current_end == CLOCK_NONE || l->at.end >= l->current_end;
    /* the row that is there goes, and the drift at its time */
    if (replaces && (stored_run_at(stmt_get(l->st, "scan_delete", d), &l->at, d) != 0 ||
                     stored_run_at(stmt_get(l->st, "change_delete", d), &l->at, d) != 0))
        return -1;
    if (scan_row_put_details(l->st, &l->fold, d) != 0 || put_row(l, d) != 0 ||
        derive_changes(l->st, &l->at, &l->before, &l->fold, &l->after, d) != 0 ||
        touch_current(l, is_newest, !replaces, d) != 0 || touch_agent(l, d) != 0 ||
        late_note(l->st, &l->at, &l->after, d) != 0)
        return -1;
    lock_moved(l->st, l->at.agent_id, l->at.line_id);
    return 0;
}

/* Which checks the delta brought itself, and those of another delta of the same second. A delta that
 * was merged into a whole scan of its second is part of that and is not told apart any more. */
static void
note_said(struct arrival *l, const struct scan *delta)
{
    bool was_there = l->there.found && l->there.n_vec;
    l->has_said = delta->delta && (!was_there || l->there.has_said);
    if (!l->has_said)
        return;
    l->said = fold_said(delta, l->policy, l->a);
    if (was_there)
        l->said = stored_carry_said(&l->there, l->policy, l->said, l->a);
}

/* The line is locked before a delta is merged: the state it builds on cannot move any more. */
static int
put_scan(struct arrival *l, const struct scan *s, enum store_put *ret, struct diag *d)
{
    l->scan = *s;
    if (s->delta && unsent_send(l->st, d) != 0)
        return -1;
    if (s->delta && delta_name(l->st, &l->scan, l->a, d) != 0)
        return -1;
    l->at = (struct scan_place){
        .agent_id = ids_agent(s->asset.name), .line_id = ids_line(&l->scan.policy), .end = s->end};
    if (unsent_has(l->st, l->at.agent_id, l->at.line_id) && unsent_send(l->st, d) != 0)
        return -1;
    if (lock_line(l->st, l->at.agent_id, l->at.line_id, &l->current_end, d) != 0 ||
        (s->delta && delta_merge(l->st, s, l->a, &l->scan, d) != 0))
        return -1;
    const struct policy_match *m = policy_of(l->st, &l->scan, d);
    if (!m)
        return -1;
    l->policy = m->policy;
    fold_scan(&l->scan, m, l->a, &l->fold);
    if (load_neighbours(l, d) != 0)
        return -1;
    note_said(l, s);
    *ret = decide(l);
    return *ret == STORE_NEW ? write_scan(l, d) : 0;
}

int
store_put_scan(struct store *st, const struct scan_file *f, const struct scan *s,
               enum store_put *ret, struct diag *d)
{
    assert(st->in_transaction && s->end != CLOCK_NONE);
    struct arrival l = {.st = st, .file = f, .a = arena_new()};
    int rc = put_scan(&l, s, ret, d);
    arena_free(l.a);
    return rc;
}
