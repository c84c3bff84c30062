/* One scan into the database, with all that derives from it; what it needs is there (prepare.c), and
 * its line is locked (lock.c). */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "store/delta.h"
#include "store/fact_agents.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/group_moves.h"
#include "store/late.h"
#include "store/lock.h"
#include "store/place.h"
#include "store/prune.h"
#include "store/revision.h"
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
    int64_t received;
    struct stored_scan before, there, after;
    struct lock_state line;
    struct stored_scan self; /* as it will be stored */
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
give_state(struct bulk *b, const struct arrival *l)
{
    const struct fold *f = &l->fold;
    bulk_bytes(b, f->content.b, SHA256_SIZE);
    if (f->details.records.len)
        bulk_bytes(b, f->details.hash.b, sizeof f->details.hash.b);
    else
        bulk_null(b);
    bulk_int(b, (int64_t)f->n_vec);
    bulk_bytes(b, f->vec, (f->n_vec + 1) / 2);
    if (l->self.has_said)
        bulk_bytes(b, l->self.said.s, l->self.said.len);
    else
        bulk_null(b);
    bulk_int(b, l->self.revision);
    bulk_int(b, l->self.standing);
}

/* The same columns in scan and in scan_revision. */
static int
put_row(const struct arrival *l, struct bulk *b, struct diag *d)
{
    const struct scan *s = &l->scan;
    bulk_row(b);
    bulk_uint(b, l->at.agent_id);
    bulk_uint(b, l->at.line_id);
    bulk_time(b, l->at.end);
    bulk_uint(b, l->policy->policy_id);
    bulk_str(b, utf8_fit(l->a, s->policy.profile, MAX_NAME));
    bulk_str(b, utf8_fit(l->a, s->format, 64));
    bulk_str(b, utf8_fit(l->a, s->engine, MAX_NAME));
    bulk_time(b, s->start >= 0 && s->start <= s->end ? s->start : CLOCK_NONE);
    bulk_time(b, l->received);
    give_counts(b, s);
    bulk_double(b, s->scores.n ? s->scores.v[0].value : NAN);
    bulk_int(b, l->self.flags);
    bulk_bytes(b, l->file->sha256.b, SHA256_SIZE);
    give_state(b, l);
    return bulk_row_end(b, d);
}

static int
put_shelved_row(const struct arrival *l, struct diag *d)
{
    struct bulk b = bulk_begin(l->st, "bulk_revision");
    put_row(l, &b, d);
    return bulk_end(&b, d);
}

/* ---- agent and current state ---- */

/* The row is there (prepare.c); the statement changes it unless a newer scan of the agent is known. */
static int
touch_agent(struct arrival *l, struct diag *d)
{
    const struct fact_item agent = {.kind = FACT_AGENT, .id = l->at.agent_id};
    const struct scan_asset *as = &l->scan.asset;
    facts_touch(l->st, &agent);
    if (fact_agents_look(l->st, d) != 0)
        return -1;
    struct str group = utf8_fit(l->a, as->group, MAX_NAME);
    const struct group_said said = {.agent_id = l->at.agent_id,
                                    .agent = as->name,
                                    .group = group.len ? ids_group(group) : 0,
                                    .seen = scan_row_seen(l->at.end),
                                    .file = &l->file->sha256};
    if (group_moves_said(l->st, &said, d) != 0)
        return -1;
    struct str address = as->addresses.n ? as->addresses.v[0] : STR("");
    struct bulk *b = &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->agents;
    bulk_row(b);
    bulk_uint(b, l->at.agent_id);
    bulk_str(b, as->name);
    bulk_str(b, utf8_fit(l->a, as->alias, MAX_NAME));
    bulk_str(b, utf8_fit(l->a, as->os, MAX_NAME));
    bulk_str(b, utf8_fit(l->a, address, MAX_NAME));
    bulk_uint(b, said.group);
    bulk_time(b, said.seen);
    bulk_time(b, said.seen);
    return bulk_row_end(b, d);
}

/* The newest scan of a line is what is current; an older one is only counted. */
static int
touch_current(struct arrival *l, struct diag *d)
{
    if (l->line.end == CLOCK_NONE || l->at.end >= l->line.end) {
        struct bulk *b = &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->currents;
        bulk_row(b);
        bulk_uint(b, l->at.agent_id);
        bulk_uint(b, l->at.line_id);
        bulk_time(b, l->at.end);
        bulk_uint(b, l->policy->policy_id);
        bulk_int(b, 1);
        for (int i = 0; i < SCAN_ROW_COUNTS; i++)
            bulk_int(b, l->scan.counts[scan_row_statuses[i]]);
        return bulk_row_end(b, d);
    }
    struct stmt *q = stmt_get(l->st, "current_count", d);
    if (!q)
        return -1;
    stmt_int(q, 1);
    stmt_uint(q, l->at.agent_id);
    stmt_uint(q, l->at.line_id);
    return stmt_run(q, d);
}

/* ---- what is there already ---- */

/* The locked row tells where the line ends: beyond it there is nothing to look for. */
static int
load_neighbours(struct arrival *l, struct diag *d)
{
    struct stored_scan *const to[] = {&l->before, &l->there, &l->after};
    int n = l->line.end == CLOCK_NONE ? 0 : l->at.end > l->line.end ? 1 : 3;
    for (int i = 0; i < n; i++)
        if (stored_load(l->st, &l->at, (enum stored_which)i, l->a, to[i], d) != 0)
            return -1;
    return 0;
}

/* Which checks the delta brought itself, and those of another delta of the same second. A delta that
 * was merged into a whole scan of its second is part of that and is not told apart any more. */
static void
note_said(struct arrival *l, const struct scan *delta)
{
    bool was_there = l->there.found && l->there.n_vec;
    l->self.has_said = delta->delta && (!was_there || l->there.has_said);
    if (!l->self.has_said)
        return;
    l->self.said = fold_said(delta, l->policy, l->a);
    if (was_there)
        l->self.said = stored_carry_said(&l->there, l->policy, l->self.said, l->a);
}

static void
describe_self(struct arrival *l, const struct scan *as_sent)
{
    l->self = stored_of(&l->fold, l->at.end);
    l->self.file = l->file->sha256;
    l->self.flags = scan_row_flags(&l->scan, l->received);
    l->self.revision = 1;
    l->self.standing = STANDING_FIRST;
    memcpy(l->self.counts, l->scan.counts, sizeof l->self.counts);
    note_said(l, as_sent);
}

/* ---- storing ---- */

/* The only scan of its second. */
static int
store_alone(struct arrival *l, struct diag *d)
{
    if (fact_rows_touch_scan(l->st, &l->at, true, d) != 0)
        return -1;
    struct bulk *b = &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->scans;
    if (scan_row_put_details(l->st, &l->fold, d) != 0 || put_row(l, b, d) != 0 ||
        derive_changes(l->st, &l->at, &l->before, &l->self, &l->after, d) != 0 ||
        touch_current(l, d) != 0 || touch_agent(l, d) != 0 ||
        late_note(l->st, &l->at, &l->after, d) != 0)
        return -1;
    lock_moved(l->st, l->at.agent_id, l->at.line_id);
    return 0;
}

/* The same results are the same scan; but one that is said to be complete is more than a part. */
static bool
is_known(const struct place *p, const struct stored_scan *k)
{
    for (size_t i = 0; i < p->all.v.n; i++) {
        const struct stored_scan *old = &p->all.v.v[i];
        if (memcmp(old->content.b, k->content.b, SHA256_SIZE) == 0 &&
            (k->flags & FLAG_PARTIAL || !(old->flags & FLAG_PARTIAL)))
            return true;
    }
    return false;
}

/* What happened, in the words of store.h. The other one is what counts, or what counted before. */
static struct store_outcome
outcome_of(const struct place *p, size_t arrived, size_t counts)
{
    const struct stored_scan *k = &p->all.v.v[arrived];
    size_t other = counts != arrived ? counts : p->was < p->all.v.n ? p->was : arrived - 1;
    enum store_put put = k->standing == STANDING_CONTAINED ? STORE_CONTAINED
                         : k->standing == STANDING_FULLER  ? STORE_FULLER
                                                           : STORE_REVISED;
    return (struct store_outcome){.put = put,
                                  .revision = k->revision,
                                  .standing = k->standing,
                                  .other_revision = p->all.v.v[other].revision,
                                  .other_standing = p->all.v.v[other].standing,
                                  .other_file = p->all.v.v[other].file};
}

/* Other scans of its second are there, or were there before they were revoked. */
static int
store_beside(struct arrival *l, struct store_outcome *ret, struct diag *d)
{
    size_t counts;
    struct place p = {.st = l->st, .a = l->a, .at = l->at, .before = l->before, .after = l->after};
    if (place_load(&p, &l->there, d) != 0)
        return -1;
    if (p.all.v.n == 0) {
        *ret = (struct store_outcome){.put = STORE_NEW, .revision = 1};
        return store_alone(l, d);
    }
    *ret = (struct store_outcome){.put = STORE_SAME};
    if (is_known(&p, &l->self))
        return 0;
    size_t mine = place_add(&p, &l->self);
    if (scan_row_put_details(l->st, &l->fold, d) != 0 || place_settle(&p, mine, &counts, d) != 0)
        return -1;
    l->self = p.all.v.v[mine];
    if (counts != mine && put_shelved_row(l, d) != 0)
        return -1;
    if (counts == mine &&
        (put_row(l, &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->scans, d) != 0 ||
         touch_agent(l, d) != 0 || unsent_send(l->st, d) != 0))
        return -1;
    *ret = outcome_of(&p, mine, counts);
    lock_moved(l->st, l->at.agent_id, l->at.line_id);
    return place_derive(&p, counts, d);
}

/* A part that agrees with the part that is there becomes both; what both are together was prepared,
 * unless the other one came with it or since: then it stays beside. */
static int
complete_part(struct arrival *l, const struct scan *s, struct diag *d)
{
    struct scan sum;
    bool is_sum;
    struct diag unprepared = diag_init(l->a);
    if (delta_complete(l->st, s, l->a, &sum, &is_sum, d) != 0)
        return -1;
    const struct policy_match *m = is_sum ? policy_of(l->st, &sum, &unprepared) : NULL;
    if (!m || stored_load(l->st, &l->at, STORED_AT, l->a, &l->there, d) != 0)
        return m ? -1 : 0;
    struct fold f;
    fold_scan(&sum, m, l->a, &f);
    struct stored_scan k = stored_of(&f, l->at.end);
    k.flags = FLAG_PARTIAL;
    memcpy(k.counts, sum.counts, sizeof k.counts);
    bool adds = memcmp(k.content.b, l->there.content.b, SHA256_SIZE) != 0;
    if (adds && revision_contains(&k, &l->there))
        l->scan = sum;
    return 0;
}

/* The line is locked before a delta is merged: the state it builds on cannot move any more. */
static int
put_scan(struct arrival *l, const struct scan *s, struct store_outcome *ret, struct diag *d)
{
    l->scan = *s;
    l->received = env_wall_us() / 1000000;
    if (s->delta && unsent_send(l->st, d) != 0)
        return -1;
    if (s->delta && delta_name(l->st, &l->scan, l->a, d) != 0)
        return -1;
    l->at = (struct scan_place){
        .agent_id = ids_agent(s->asset.name), .line_id = ids_line(&l->scan.policy), .end = s->end};
    if (unsent_has(l->st, l->at.agent_id, l->at.line_id) && unsent_send(l->st, d) != 0)
        return -1;
    if (lock_line(l->st, l->at.agent_id, l->at.line_id, &l->line, d) != 0 ||
        (s->delta && delta_merge(l->st, s, l->a, &l->scan, d) != 0) || complete_part(l, s, d) != 0)
        return -1;
    const struct policy_match *m = policy_of(l->st, &l->scan, d);
    if (!m)
        return -1;
    l->policy = m->policy;
    fold_scan(&l->scan, m, l->a, &l->fold);
    if (load_neighbours(l, d) != 0)
        return -1;
    describe_self(l, s);
    if (l->there.found || l->line.has_revoked)
        return store_beside(l, ret, d);
    *ret = (struct store_outcome){.put = STORE_NEW, .revision = 1};
    return store_alone(l, d);
}

int
store_put_scan(struct store *st, const struct scan_file *f, const struct scan *s,
               struct store_outcome *ret, struct diag *d)
{
    assert(st->in_transaction && s->end != CLOCK_NONE);
    if (st->is_unprepared)
        return diag_fail(d, DIAG_RETRY, "what was prepared was swept meanwhile");
    struct arrival l = {.st = st, .file = f, .a = arena_new()};
    int rc = put_scan(&l, s, ret, d);
    arena_free(l.a);
    return rc;
}

/* ---- putting one back ---- */

enum {
    R_POLICY,
    R_PROFILE,
    R_FORMAT,
    R_ENGINE,
    R_STARTED,
    R_COUNTS,
    R_SCORE = R_COUNTS + SCAN_ROW_COUNTS,
    R_REPORTED,
    R_FLAGS,
    R_FILE,
    R_CONTENT,
    R_DETAILS,
    R_N_VEC,
    R_VEC,
    R_SAID,
    R_REVISION,
    R_STANDING
};

static bool
is_bytes(const struct stmt *q, int col, const void *p, size_t n, struct arena *a)
{
    return str_eq(stmt_col_str(q, col, a), str_n(p, n));
}

static bool
has_numbers(const struct arrival *l, const struct stmt *q)
{
    const struct scan *s = &l->scan;
    int64_t score = scan_row_score(s);
    double reported = stmt_col_double(q, R_REPORTED),
           own = s->scores.n ? s->scores.v[0].value : NAN;
    bool same = score < 0 ? stmt_col_is_null(q, R_SCORE) : stmt_col_int(q, R_SCORE) == score;
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        same = same && stmt_col_int(q, R_COUNTS + i) == s->counts[scan_row_statuses[i]];
    same = same && ((isnan(reported) && isnan(own)) || fabs(reported - own) <= fabs(own) * 1e-12);
    return same && (unsigned)stmt_col_int(q, R_FLAGS) == l->self.flags;
}

/* The row says what the scan would make of it, whichever file it names. */
static bool
is_as_made(const struct arrival *l, const struct stmt *q)
{
    const struct scan *s = &l->scan;
    const struct fold *f = &l->fold;
    int64_t start = s->start >= 0 && s->start <= s->end ? s->start : CLOCK_NONE;
    bool same_set = f->details.records.len
                        ? is_bytes(q, R_DETAILS, f->details.hash.b, sizeof f->details.hash.b, l->a)
                        : stmt_col_is_null(q, R_DETAILS);
    return stmt_col_uint(q, R_POLICY) == l->policy->policy_id &&
           str_eq(stmt_col_str(q, R_PROFILE, l->a), utf8_fit(l->a, s->policy.profile, MAX_NAME)) &&
           str_eq(stmt_col_str(q, R_FORMAT, l->a), utf8_fit(l->a, s->format, 64)) &&
           str_eq(stmt_col_str(q, R_ENGINE, l->a), utf8_fit(l->a, s->engine, MAX_NAME)) &&
           stmt_col_time(q, R_STARTED) == start && has_numbers(l, q) &&
           is_bytes(q, R_CONTENT, f->content.b, SHA256_SIZE, l->a) && same_set &&
           stmt_col_uint(q, R_N_VEC) == f->n_vec &&
           is_bytes(q, R_VEC, f->vec, (f->n_vec + 1) / 2, l->a) && stmt_col_is_null(q, R_SAID);
}

/* A neighbour that cannot be says nothing of drift: it says so again when it is put back itself. */
static int
load_neighbour(struct arrival *l, enum stored_which which, struct stored_scan *ret, struct diag *d)
{
    if (stored_load(l->st, &l->at, which, l->a, ret, d) == 0)
        return 0;
    *ret = (struct stored_scan){.found = false};
    if (d->first.code != DIAG_BAD_DATA)
        return -1;
    diag_clear(d);
    return 0;
}

/* The line says of its newest scan what that one is, whatever it said before. */
static int
mend_current(struct arrival *l, struct diag *d)
{
    lock_moved(l->st, l->at.agent_id, l->at.line_id);
    struct stmt *q = unsent_send(l->st, d) == 0 ? stmt_get(l->st, "restore_current", d) : NULL;
    if (!q)
        return -1;
    stmt_uint(q, l->at.agent_id);
    stmt_uint(q, l->at.line_id);
    return stmt_run(q, d) == 0 ? derive_current(l->st, &l->at, d) : -1;
}

/* Of several scans of a second the log alone knows which one counted. */
static int
check_alone(struct arrival *l, struct diag *d)
{
    struct stored_list others = {{0}};
    if (stored_load_others(l->st, &l->at, l->a, &others, d) != 0)
        return -1;
    return others.v.n == 0
               ? 0
               : diag_fail(d, DIAG_REFUSED,
                           "other scans of its second are there: which one counts is not "
                           "in this file");
}

/* Writes the row, in the place of one that is there. */
static int
write_back(struct arrival *l, struct diag *d)
{
    struct bulk *b = &unsent_rows(l->st, l->at.agent_id, l->at.line_id)->scans;
    if (stored_run_at(stmt_get(l->st, "scan_delete", d), &l->at, d) != 0 ||
        stored_run_at(stmt_get(l->st, "change_delete", d), &l->at, d) != 0 ||
        scan_row_put_details(l->st, &l->fold, d) != 0 || put_row(l, b, d) != 0 ||
        derive_changes(l->st, &l->at, &l->before, &l->self, &l->after, d) != 0 ||
        touch_agent(l, d) != 0 || late_note(l->st, &l->at, &l->after, d) != 0)
        return -1;
    return mend_current(l, d);
}

/* Looks at the row that is there, and says what is to be done. */
static int
judge_row(struct arrival *l, bool over, enum store_restored *ret, struct sha256_digest *ret_other,
          struct diag *d)
{
    struct stmt *q = stmt_get(l->st, "restore_scan", d);
    if (stored_run_at(q, &l->at, d) != 0)
        return -1;
    enum stmt_answer rc = stmt_next(q, d);
    if (rc == STMT_FAILED)
        return -1;
    l->there.found = rc == STMT_ROW;
    *ret = STORE_PUT_BACK;
    if (!l->there.found)
        return check_alone(l, d);
    stmt_col_bytes(q, R_FILE, ret_other->b, SHA256_SIZE);
    l->self.revision = (unsigned)stmt_col_int(q, R_REVISION);
    l->self.standing = (enum standing)stmt_col_int(q, R_STANDING);
    bool is_ours = memcmp(ret_other->b, l->file->sha256.b, SHA256_SIZE) == 0;
    if (is_ours && is_as_made(l, q))
        *ret = STORE_AS_IT_WAS;
    else if (!is_ours && !over)
        *ret = STORE_OF_ANOTHER;
    return 0;
}

/* What the log says is gone stays so. What was kept of pruned months is put back as it was, and they say so still. */
static int
check_not_pruned(struct arrival *l, struct diag *d)
{
    const struct fact_entry *e;
    struct fact_key key = fact_key_scan(l->at.agent_id, l->at.line_id, l->at.end);
    struct sha256_digest last;
    int64_t gone, size;
    if (prune_load_closed(l->st, &gone, d) != 0)
        return -1;
    if (gone == CLOCK_NONE || l->at.end >= gone)
        return 0;
    facts_keep_months(l->st);
    if (store_audit_size(l->st, &size, &last, d) != 0 ||
        fact_state_load(l->st, size, &last, d) != 0 ||
        fact_state_newest(l->st, FACT_SCAN, &key, &e, d) != 0)
        return -1;
    return e && fact_is_gone(&e->digest)
               ? diag_fail(d, DIAG_REFUSED, "record %lld of the audit log says that it was pruned",
                           (long long)e->seq)
               : 0;
}

static int
put_back(struct arrival *l, const struct scan *s, bool over, enum store_restored *ret,
         struct sha256_digest *ret_other, struct diag *d)
{
    l->scan = *s;
    l->at = (struct scan_place){
        .agent_id = ids_agent(s->asset.name), .line_id = ids_line(&s->policy), .end = s->end};
    const struct policy_match *m = policy_of(l->st, s, d);
    if (!m || unsent_send(l->st, d) != 0 ||
        lock_line(l->st, l->at.agent_id, l->at.line_id, &l->line, d) != 0)
        return -1;
    l->policy = m->policy;
    fold_scan(s, m, l->a, &l->fold);
    describe_self(l, s);
    if (judge_row(l, over, ret, ret_other, d) != 0)
        return -1;
    if (*ret == STORE_AS_IT_WAS)
        return mend_current(l, d);
    if (*ret != STORE_PUT_BACK)
        return 0;
    if (check_not_pruned(l, d) != 0)
        return -1;
    if (load_neighbour(l, STORED_BEFORE, &l->before, d) != 0 ||
        load_neighbour(l, STORED_AFTER, &l->after, d) != 0)
        return -1;
    return write_back(l, d);
}

int
store_restore_scan(struct store *st, const struct scan_file *f, const struct scan *s,
                   int64_t ingested_at, bool over, enum store_restored *ret,
                   struct sha256_digest *ret_other, struct diag *d)
{
    assert(st->in_transaction && s->end != CLOCK_NONE && !s->delta);
    struct arrival l = {.st = st, .file = f, .a = arena_new(), .received = ingested_at};
    int rc = put_back(&l, s, over, ret, ret_other, d);
    arena_free(l.a);
    return rc;
}
