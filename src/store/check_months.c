/* Closed months against the audit log; beside check_facts.c. */
#include <string.h>

#include "base/auto.h"
#include "store/checking.h"
#include "store/month.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

/* Whose months have rows or facts. */
static int
list_months(struct checking *c, struct arena *a, bool **ret, int *ret_n)
{
    enum { LAST = 1 << 20 };
    const struct fact_buckets *b = &c->st->fact_state->buckets;
    struct stmt *s = stmt_get(c->st, "month_list", c->d);
    enum stmt_answer rc = s && stmt_run(s, c->d) == 0 ? STMT_ROW : STMT_FAILED;
    bool *has = ARENA_ARRAY(a, bool, LAST);
    while (rc == STMT_ROW && (rc = stmt_next(s, c->d)) == STMT_ROW)
        has[stmt_col_uint(s, 0) % LAST] = true;
    for (size_t i = 0; !c->adopting && i < b->n; i++)
        if (b->v[i].id >> 32 == FACT_MONTH)
            has[(b->v[i].id & UINT32_MAX) % LAST] = true;
    *ret = has;
    *ret_n = LAST;
    return rc;
}

static int
not_as_told(struct checking *c, const char *table, const struct month_close *told)
{
    struct fact_key key = month_key(told->month, told->chunk);
    const struct fact_entry *e = fact_index_find(&c->facts, FACT_MONTH, &key);
    return month_not_as_told(table, told->month, told->chunk, e, DIAG_VERIFY, c->d);
}

/* What the row of a chunk names is there. */
static int
check_content(struct checking *c, const struct month_close *told)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct month_close is = *told;
    struct sha256_digest points;
    struct str packed;
    if (month_read_states(c->st, told->month, told->chunk, NULL, NULL, &is, c->d) != 0 ||
        month_read_points(c->st, told->month, told->chunk, a, &packed, &points, c->d) != 0)
        return -1;
    if (is.n_states != told->n_states || memcmp(is.states.b, told->states.b, SHA256_SIZE) != 0)
        return not_as_told(c, "state", told);
    return memcmp(points.b, told->points.b, SHA256_SIZE) == 0
               ? 0
               : not_as_told(c, "points", told);
}

static int
check_month(struct checking *c, int month)
{
    struct fact_key any = month_key(month, 0);
    fact_index_clear(&c->facts);
    if (!c->adopting &&
        fact_state_read(c->st, fact_bucket_of(FACT_MONTH, &any), &c->facts, c->d) != 0)
        return -1;
    for (int chunk = 0; chunk < MONTH_CHUNKS; chunk++) {
        struct month_close told;
        struct fact_key key = month_key(month, chunk);
        int rc = month_load_close(c->st, month, chunk, &told, c->d);
        if (rc == STMT_END)
            continue;
        struct sha256_digest is = rc == STMT_ROW ? month_digest(&told) : (struct sha256_digest){0};
        if (rc == STMT_FAILED ||
            checking_row(c, FACT_MONTH, &key, &is, month_text(month, chunk, c->a)) != 0 ||
            check_content(c, &told) != 0)
            return -1;
    }
    return checking_end(c);
}

/* Rows that no month would show. */
static int
check_links(struct checking *c)
{
    struct stmt *s = stmt_get(c->st, "month_unlinked", c->d);
    enum stmt_answer rc = s ? stmt_first(s, c->d) : STMT_FAILED;
    if (rc != STMT_ROW)
        return rc;
    return diag_fail(c->d, DIAG_VERIFY,
                     "month_state: the row of agent_id %llu, month %lld was changed (assay rebuild "
                     "--months)",
                     (unsigned long long)stmt_col_uint(s, 0), (long long)stmt_col_int(s, 2));
}

int
check_months(struct checking *c)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    bool *has;
    int n;
    if (list_months(c, a, &has, &n) != 0 || check_links(c) != 0)
        return -1;
    for (int m = 0; m < n; m++)
        if (has[m] && check_month(c, m) != 0)
            return -1;
    return 0;
}
