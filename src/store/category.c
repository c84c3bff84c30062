/* Categories of texts; behind policy.c, which writes them with the texts, and load.c. */
#include "store/category.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "store/bulk.h"
#include "store/connect.h"
#include "store/stmt.h"

enum { MAX_CATEGORY = 255, MAX_VERSION = 16 };

static void
put_row(struct bulk *b, const unsigned char text[STORE_TEXT], struct str category,
        struct str source, struct str tables, struct diag *d)
{
    bulk_row(b);
    bulk_bytes(b, text, STORE_TEXT);
    bulk_str(b, utf8_fit(d->arena, category, MAX_CATEGORY));
    bulk_str(b, utf8_fit(d->arena, source, MAX_CATEGORY));
    bulk_str(b, utf8_fit(d->arena, tables, MAX_VERSION));
    bulk_row_end(b, d);
}

int
category_put(struct store *st, const struct scan *s, const struct hash16 *texts, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_check_category");
    assert(sizeof texts->b == STORE_TEXT);
    for (size_t i = 0; i < s->checks.n && !diag_failed(d); i++) {
        const struct scan_check *c = &s->checks.v[i];
        if (c->category_source.len) /* else nobody has looked for it */
            put_row(&b, texts[i].b, c->category, c->category_source, s->category_tables, d);
    }
    return bulk_end(&b, d);
}

int
category_load_tables(struct store *st, uint64_t policy_id, struct arena *a, struct str *ret,
                     struct diag *d)
{
    struct stmt *s = stmt_get(st, "policy_category_tables", d);
    if (!s)
        return -1;
    stmt_uint(s, policy_id);
    if (stmt_run(s, d) != 0)
        return -1;
    *ret = STR("");
    enum stmt_answer rc;
    bool has_all = true;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str one = stmt_col_str(s, 0, a);
        has_all = has_all && one.len > 0;
        *ret = ret->len ? arena_fmt(a, "%.*s, %.*s", STR_ARG(*ret), STR_ARG(one)) : one;
    }
    if (!has_all)
        *ret = STR("");
    return rc;
}

/* ---- deriving all anew ---- */

int
store_load_policies(struct store *st, struct arena *a, struct store_policy **ret, size_t *ret_n,
                    struct diag *d)
{
    VEC(struct store_policy) list = {0};
    if (connect_ready(st, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "policy_ids", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) = (struct store_policy){stmt_col_uint(s, 0), stmt_col_str(s, 1, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_load_policy_categories(struct store *st, uint64_t policy_id, struct arena *a,
                             struct store_category **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct store_category) list = {0};
    struct stmt *s = stmt_get(st, "policy_categories", d);
    if (!s)
        return -1;
    stmt_uint(s, policy_id);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct store_category *c = VEC_PUSH(a, &list);
        stmt_col_bytes(s, 0, c->text, sizeof c->text);
        c->category = stmt_col_str(s, 1, a);
        c->source = stmt_col_str(s, 2, a);
        c->tables = stmt_col_str(s, 3, a);
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_put_categories(struct store *st, const struct store_category *v, size_t n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_category_rebuild");
    assert(st->in_transaction);
    for (size_t i = 0; i < n && !diag_failed(d); i++)
        put_row(&b, v[i].text, v[i].category, v[i].source, v[i].tables, d);
    return bulk_end(&b, d);
}

int
store_count_stale_categories(struct store *st, struct str tables, int64_t *ret, struct diag *d)
{
    if (connect_ready(st, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "category_stale", d);
    if (!s)
        return -1;
    stmt_str(s, tables);
    if (stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to category_stale");
    *ret = stmt_col_int(s, 0);
    return 0;
}
