/* Detail sets that were written before there were bases become small. Called for `assay rebuild --details`. */
#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "store/detail_base.h"
#include "store/rules.h"
#include "store/session.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MANY = 200 }; /* scans a step, as in the two statements */

struct carried { /* a scan whose set is large */
    uint64_t policy_id;
    struct detail_row row;
};

struct carrying {
    struct store *st;
    struct arena *a;
    struct map *texts, *done; /* evidence by hash; sets of this step */
    struct diag *d;
};

int
store_count_large_details(struct store *st, int64_t *ret_n, int64_t *ret_bytes, struct diag *d)
{
    struct stmt *s = stmt_get(st, "carry_count", d);
    if (!s || stmt_first(s, d) != STMT_ROW)
        return -1;
    *ret_n = stmt_col_int(s, 0);
    *ret_bytes = stmt_col_int(s, 1);
    return 0;
}

/* The next scans in the order of their keys, and where they end. */
static int
next_scans(struct carrying *c, struct store_carry *at, struct carried *ret, size_t *ret_n)
{
    struct stmt *s = stmt_get(c->st, at->in_revisions ? "carry_revisions" : "carry_scans", c->d);
    if (!s)
        return -1;
    for (int i = 0; i < 3; i++)
        stmt_uint(s, at->agent_id);
    for (int i = 0; i < 2; i++)
        stmt_uint(s, at->line_id);
    stmt_time(s, at->end);
    if (stmt_run(s, c->d) != 0)
        return -1;
    enum stmt_answer rc;
    size_t n = 0;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        assert(n < MANY);
        ret[n++] = (struct carried){stmt_col_uint(s, 4), detail_row_read(s, c->a)};
        at->agent_id = stmt_col_uint(s, 5);
        at->line_id = stmt_col_uint(s, 6);
        at->end = stmt_col_time(s, 7);
    }
    *ret_n = n;
    return rc;
}

/* Evidence that is what its name says; else the set goes on naming it, and audit verify tells of it. */
static int
give_text(struct carrying *c, struct detail_text *t)
{
    struct str key = str_n((const char *)t->hash.b, sizeof t->hash.b);
    const struct str *known = map_get(c->texts, key);
    if (!known) {
        struct str *text = ARENA_NEW(c->a, struct str);
        *text = detail_evidence(c->st, t, c->a, c->d);
        if (diag_failed(c->d))
            return -1;
        struct hash16 is = ids_hash16(*text);
        if (memcmp(is.b, t->hash.b, sizeof is.b) != 0)
            *text = STR("");
        map_put(c->texts, key, text);
        known = text;
    }
    t->evidence = *known;
    return 0;
}

static int
put_base(struct store *st, const struct detail_base *base, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_detail_base");
    detail_base_put(&b, base);
    bulk_row_end(&b, d);
    return bulk_end(&b, d);
}

/* Only what is named right is written anew: a set that was changed stays as it was found. */
static int
carry_set(struct carrying *c, const struct carried *v, struct store_carry *at)
{
    struct diag one = diag_init(c->a);
    struct detail_form set;
    struct details named;
    struct detail_row small;
    const struct detail_base *fresh;
    if (detail_row_spell(&v->row, c->st->bases, c->a, c->a, &set, &named, &one) != 0 ||
        !detail_is_named(named.records, named.words, &v->row.hash))
        return 0;
    for (size_t i = 0; i < set.n_pos; i++)
        if (set.at[i] && set.at[i]->kind == DETAIL_NAMED && give_text(c, set.at[i]) != 0)
            return -1;
    if (detail_base_pack(c->st, v->policy_id, &named, &set, true, c->a, &small, &fresh, c->d) !=
            0 ||
        (fresh && put_base(c->st, fresh, c->d) != 0))
        return -1;
    if (small.words.len)
        return 0;
    struct stmt *s = stmt_get(c->st, "carry_set", c->d);
    if (!s)
        return -1;
    stmt_bytes(s, small.records.s, small.records.len);
    if (small.has_base)
        stmt_bytes(s, small.base.b, sizeof small.base.b);
    else
        stmt_null(s);
    stmt_bytes(s, v->row.hash.b, sizeof v->row.hash.b);
    if (stmt_run(s, c->d) != 0)
        return -1;
    at->n_sets += stmt_affected(s);
    at->bytes_before += (int64_t)(v->row.records.len + v->row.words.len);
    at->bytes_after += (int64_t)small.records.len;
    return 0;
}

int
store_carry_details(struct store *st, struct store_carry *at, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct carrying c = {st, a, map_new(a), map_new(a), d};
    struct carried rows[MANY];
    size_t n;
    assert(st->in_transaction && !at->is_done);
    detail_bases_forget(st); /* an attempt that was rolled back may have left some */
    if (next_scans(&c, at, rows, &n) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct str key = str_n((const char *)rows[i].row.hash.b, sizeof rows[i].row.hash.b);
        if (map_get_index(c.done, key) >= 0)
            continue;
        map_put_index(c.done, key, 0);
        if (carry_set(&c, &rows[i], at) != 0)
            return -1;
    }
    if (n == MANY)
        return 0;
    at->is_done = at->in_revisions;
    at->in_revisions = true;
    at->agent_id = at->line_id = 0;
    at->end = 0;
    return 0;
}
