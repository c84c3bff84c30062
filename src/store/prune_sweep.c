/* Detail sets that no scan names, and evidence that no set names. What is shared has no count of who names it: it is
 * looked at in a snapshot, and again, for what came since, behind the lock of the log when it goes. Called by
 * job/prune.c. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "store/detail_base.h"
#include "store/fact_chain.h"
#include "store/prune.h"
#include "store/seen.h"
#include "store/snapshot.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct detail_bases *, detail_bases_free)

enum { HASH = 16, AT_ONCE = 500000, MANY = 40 };

/* The statements of a kind of row. */
static const struct kind {
    const char *hashes, *named, *size, *drop;
} detail_sets = {"prune_hashes_d", "prune_named_d", "prune_size_d", "prune_drop_d"},
  evidence = {"prune_hashes_e", "prune_named_e", "prune_size_e", "prune_drop_e"};

static const struct kind *
kind_of(const struct prune_sweep *s)
{
    assert(s->kind == 'd' || s->kind == 'e');
    return s->kind == 'd' ? &detail_sets : &evidence;
}

static int
by_hash(const void *a, const void *b)
{
    return memcmp(a, b, HASH);
}

/* The row of that hash is named: a byte a row says so, behind all hashes. */
static void
note_named(struct prune_sweep *s, const unsigned char *hash)
{
    const unsigned char *at = s->n ? bsearch(hash, s->hashes, s->n, HASH, by_hash) : NULL;
    if (at)
        s->hashes[s->n * HASH + (size_t)(at - s->hashes) / HASH] = 1;
}

static void
note_evidence(struct prune_sweep *s, const struct detail_form *set)
{
    for (size_t i = 0; i < set->n_pos; i++)
        if (set->at[i] && set->at[i]->kind == DETAIL_NAMED)
            note_named(s, set->at[i]->hash.b);
}

/* ---- looking ---- */

static int
load_hashes(struct store *st, struct prune_sweep *s, struct arena *a, struct diag *d)
{
    struct stmt *q = stmt_get(st, kind_of(s)->hashes, d);
    if (!q)
        return -1;
    stmt_bytes(q, s->behind, HASH);
    stmt_int(q, AT_ONCE);
    if (stmt_stream(q, d) != 0)
        return -1;
    unsigned char *hashes = arena_alloc(a, AT_ONCE * (HASH + 1));
    enum stmt_answer rc;
    s->n = s->at = 0;
    s->hashes = hashes;
    while ((rc = stmt_next(q, d)) == STMT_ROW) {
        assert(s->n < AT_ONCE);
        stmt_col_bytes(q, 0, hashes + s->n++ * HASH, HASH);
    }
    memset(hashes + s->n * HASH, 0, s->n);
    s->is_over = s->n < AT_ONCE;
    if (s->n)
        memcpy(s->behind, hashes + (s->n - 1) * HASH, HASH);
    return rc;
}

static int
note_sets(struct store *st, struct prune_sweep *s, struct diag *d)
{
    struct stmt *q = stmt_get(st, kind_of(s)->named, d);
    enum stmt_answer rc = STMT_FAILED;
    unsigned char hash[HASH];
    if (!q || stmt_stream(q, d) != 0)
        return -1;
    while ((rc = stmt_next(q, d)) == STMT_ROW) {
        stmt_col_bytes(q, 0, hash, HASH);
        note_named(s, hash);
    }
    return rc;
}

/* Of a set that cannot be read nobody knows what it names: nothing goes then. Bases first: no other statement runs while
 * rows come. */
static int
note_all_evidence(struct store *st, struct prune_sweep *s, struct diag *d)
{
    AUTO(detail_bases_free_auto) struct detail_bases *bases = detail_bases_new();
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct stmt *q = NULL;
    enum stmt_answer rc = STMT_FAILED;
    if (detail_base_need_all(st, bases, NULL, NULL, d) == 0)
        q = stmt_get(st, kind_of(s)->named, d);
    if (!q || stmt_stream(q, d) != 0)
        return -1;
    for (; (rc = stmt_next(q, d)) == STMT_ROW; arena_tidy(&a)) {
        struct detail_row row = detail_row_read(q, a);
        struct detail_form set;
        if (detail_row_spell(&row, bases, a, NULL, &set, NULL, d) != 0) {
            diag_at(d, "detail_set %.*s", STR_ARG(ids_hex(d->arena, &row.hash)));
            stmt_stop(q);
            return -1;
        }
        note_evidence(s, &set);
    }
    return rc;
}

static int
note_all(struct store *st, struct prune_sweep *s, struct diag *d)
{
    return s->kind == 'd' ? note_sets(st, s, d) : note_all_evidence(st, s, d);
}

/* Leaves only what nothing names. */
static void
drop_named(struct prune_sweep *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (!s->hashes[s->n * HASH + i])
            memmove(s->hashes + n++ * HASH, s->hashes + i * HASH, HASH);
    s->n = n;
    memset(s->hashes + n * HASH, 0, n);
}

int
prune_find_garbage(struct store *st, struct prune_sweep *s, struct arena *a, struct diag *d)
{
    struct sha256_digest last;
    assert(!st->in_transaction && !s->is_over);
    if (snapshot_begin(st, d) != 0)
        return -1;
    int rc = store_audit_size(st, &s->seq, &last, d) == 0 && load_hashes(st, s, a, d) == 0 &&
                     (!s->n || note_all(st, s, d) == 0)
                 ? 0
                 : -1;
    snapshot_end(st);
    if (rc == 0)
        drop_named(s);
    return rc;
}

/* ---- what came since ---- */

struct told { /* a scan that a record told of */
    uint64_t agent_id, line_id;
    int64_t end;
};

static uint64_t
number_at(const unsigned char *b)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | b[i];
    return v;
}

static int
load_told(struct store *st, int64_t seq, struct arena *a, struct told **ret, size_t *ret_n,
          struct diag *d)
{
    VEC(struct told) list = {0};
    struct stmt *q = stmt_get(st, "prune_told", d);
    if (!q)
        return -1;
    stmt_int(q, seq);
    if (stmt_run(q, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(q, d)) == STMT_ROW) {
        uint64_t kind = stmt_col_uint(q, 0) >> 32;
        struct str rest = stmt_col_view(q, 1);
        struct fact_key key;
        struct sha256_digest digest;
        uint32_t back;
        while ((kind == FACT_SCAN || kind == FACT_REVISION) &&
               fact_block_next(&rest, &key, &digest, &back))
            if (!fact_is_gone(&digest))
                *VEC_PUSH(a, &list) = (struct told){number_at(key.b), number_at(key.b + 8),
                                                    (int64_t)number_at(key.b + 16)};
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

/* The sets that the scans of that second name, and what these name. */
static int
note_scan(struct store *st, struct prune_sweep *s, const struct told *t, struct arena *a,
          struct diag *d)
{
    VEC(struct hash16) sets = {0};
    struct stmt *q = stmt_get(st, "prune_details_at", d);
    if (!q)
        return -1;
    for (int i = 0; i < 2; i++) {
        stmt_uint(q, t->agent_id);
        stmt_uint(q, t->line_id);
        stmt_time(q, t->end);
    }
    if (stmt_run(q, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(q, d)) == STMT_ROW)
        stmt_col_bytes(q, 0, VEC_PUSH(a, &sets)->b, HASH);
    for (size_t i = 0; i < sets.n && rc == STMT_END; i++) {
        struct detail_form set;
        if (s->kind == 'd') {
            note_named(s, sets.v[i].b);
            continue;
        }
        if (detail_set_load(st, &sets.v[i], a, &set, d) != 0)
            return -1;
        note_evidence(s, &set);
    }
    return rc;
}

/* Behind the lock of the log nothing is committed any more that would name one of them. */
static int
note_news(struct store *st, struct prune_sweep *s, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest last;
    struct told *v;
    size_t n;
    int64_t size;
    if (store_lock_audit_head(st, &size, &last, d) != 0)
        return -1;
    if (size == s->seq)
        return 0;
    if (load_told(st, s->seq, a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (note_scan(st, s, &v[i], a, d) != 0)
            return -1;
    s->seq = size;
    return 0;
}

/* ---- removing ---- */

static int
drop_some(struct store *st, const struct kind *k, const unsigned char *const *v, size_t n,
          struct prune_count *count, struct diag *d)
{
    const char *const names[] = {k->size, k->drop};
    assert(n > 0 && n <= MANY);
    for (int i = 0; i < 2; i++) {
        struct stmt *q = stmt_get(st, names[i], d);
        if (!q)
            return -1;
        for (size_t j = 0; j < MANY; j++)
            stmt_bytes(q, v[j < n ? j : 0], HASH);
        if (i == 0) {
            if (stmt_first(q, d) != STMT_ROW)
                return -1;
            count->n_bytes += stmt_col_int(q, 0);
        } else {
            if (stmt_run(q, d) != 0)
                return -1;
            count->n += stmt_affected(q);
        }
    }
    return 0;
}

/* Who put or saw such a row finds out behind the same lock. */
static int
tell_swept(struct store *st, struct diag *d)
{
    struct stmt *q = stmt_get(st, "prune_swept", d);
    if (!q || stmt_run(q, d) != 0)
        return -1;
    st->swept++;
    seen_forget(st); /* what this connection goes on to store, it sends again */
    return 0;
}

int
prune_drop_garbage(struct store *st, struct prune_sweep *s, struct prune_count *ret, struct diag *d)
{
    const unsigned char *some[MANY];
    size_t n = 0, at = s->at;
    *ret = (struct prune_count){.oldest = CLOCK_NONE, .newest = CLOCK_NONE};
    assert(st->in_transaction);
    if (note_news(st, s, d) != 0)
        return -1;
    for (; at < s->n && at - s->at < PRUNE_PART; at++) {
        if (!s->hashes[s->n * HASH + at])
            some[n++] = s->hashes + at * HASH;
        if (n == MANY && drop_some(st, kind_of(s), some, n, ret, d) != 0)
            return -1;
        n %= MANY;
    }
    if (n && drop_some(st, kind_of(s), some, n, ret, d) != 0)
        return -1;
    return ret->n ? tell_swept(st, d) : 0;
}
