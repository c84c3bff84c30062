/* Scans that are stored already. For scans.c, which puts one between them, and delta.c. */
#include "store/stored.h"

#include <assert.h>
#include <string.h>

#include "model/fleet.h"
#include "store/rules.h"
#include "store/scan_row.h"

static void
give_place(struct stmt *q, const struct scan_place *at)
{
    stmt_uint(q, at->agent_id);
    stmt_uint(q, at->line_id);
    stmt_time(q, at->end);
}

int
stored_run_at(struct stmt *q, const struct scan_place *at, struct diag *d)
{
    if (!q)
        return -1;
    give_place(q, at);
    return stmt_run(q, d);
}

/* What others build on must be possible: states are merged into it, and drift is told of it. */
static int
check_stored(const struct stored_scan *k, struct diag *d)
{
    if (rules_vector(k->vec, k->n_vec, k->policy->n, d) != 0)
        return -1;
    if (!k->has_said || k->said.len == (k->policy->n + 7) / 8)
        return 0;
    return diag_fail(d, DIAG_BAD_DATA, "said has %zu bytes, %zu checks take %zu", k->said.len,
                     k->policy->n, (k->policy->n + 7) / 8);
}

static int
read_row(const struct stmt *s, struct arena *a, struct stored_scan *ret, struct diag *d)
{
    enum { C_COUNTS = 11 };
    struct stored_scan k = {.found = true,
                            .end = stmt_col_time(s, 0),
                            .policy_id = stmt_col_uint(s, 1),
                            .n_vec = (size_t)stmt_col_int(s, 2),
                            .vec = stmt_col_str(s, 3, a),
                            .has_details = !stmt_col_is_null(s, 4),
                            .flags = (unsigned)stmt_col_int(s, 5),
                            .has_said = !stmt_col_is_null(s, 7),
                            .said = stmt_col_str(s, 7, a),
                            .revision = (unsigned)stmt_col_int(s, 9)};
    int64_t standing = stmt_col_int(s, 10);
    stmt_col_bytes(s, 4, k.details.b, sizeof k.details.b);
    stmt_col_bytes(s, 6, k.content.b, SHA256_SIZE);
    stmt_col_bytes(s, 8, k.file.b, SHA256_SIZE);
    scan_row_read_counts(s, C_COUNTS, k.counts);
    if (standing < 0 || standing >= STANDING__COUNT)
        return diag_fail(d, DIAG_INTERNAL, "a scan has the standing %lld", (long long)standing);
    k.standing = (enum standing)standing;
    *ret = k;
    return 0;
}

/* Policies are loaded when the rows have been read. */
static int
find_policy(struct store *st, struct stored_scan *k, struct diag *d)
{
    k->policy = policy_load(st, k->policy_id, d);
    if (k->policy && check_stored(k, d) == 0)
        return 0;
    if (k->policy)
        return diag_at(d, "a scan under %.*s of %s", STR_ARG(k->policy->id),
                       clock_iso(d->arena, k->end).s);
    return diag_failed(d) ? -1 : diag_fail(d, DIAG_BAD_DATA, "a scan names no known policy");
}

int
stored_load(struct store *st, const struct scan_place *at, enum stored_which which, struct arena *a,
            struct stored_scan *ret, struct diag *d)
{
    static const char *const names[] = {"scan_before", "scan_at", "scan_after"};
    assert(at->end != CLOCK_NONE && (size_t)which < sizeof names / sizeof *names);
    struct stored_scan k = {0};
    struct stmt *s = stmt_get(st, names[which], d);
    if (!s)
        return -1;
    give_place(s, at);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc < 0 || (rc == STMT_ROW && (read_row(s, a, &k, d) != 0 || find_policy(st, &k, d) != 0)))
        return -1;
    *ret = k;
    return 0;
}

int
stored_load_others(struct store *st, const struct scan_place *at, struct arena *a,
                   struct stored_list *ret, struct diag *d)
{
    size_t first = ret->v.n;
    struct stmt *s = stmt_get(st, "revision_at", d);
    if (stored_run_at(s, at, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        if (read_row(s, a, VEC_PUSH(a, &ret->v), d) != 0)
            return -1;
    for (size_t i = first; rc == STMT_END && i < ret->v.n; i++)
        if (find_policy(st, &ret->v.v[i], d) != 0)
            return -1;
    return rc;
}

struct stored_scan
stored_of(const struct fold *f, int64_t end)
{
    return (struct stored_scan){.found = true,
                                .end = end,
                                .policy_id = f->policy->policy_id,
                                .policy = f->policy,
                                .content = f->content,
                                .n_vec = f->n_vec,
                                .vec = str_n((const char *)f->vec, (f->n_vec + 1) / 2)};
}

enum status
stored_status_at(const struct stored_scan *k, size_t pos)
{
    struct fleet_scan view = {.vec = (const unsigned char *)k->vec.s, .n_vec = k->n_vec};
    return fleet_status(&view, pos);
}

enum status
stored_status(const struct stored_scan *k, const struct hash16 *check)
{
    if (!k->found)
        return STATUS_NONE;
    long pos = map_get_index(k->policy->pos, str_n((const char *)check->b, sizeof check->b));
    return pos < 0 ? STATUS_NONE : stored_status_at(k, (size_t)pos);
}

struct str
stored_carry_said(const struct stored_scan *k, const struct policy_version *p, struct str bits,
                  struct arena *a)
{
    char *sum = arena_alloc(a, (p->n + 7) / 8 + 1);
    assert(k->found && bits.len <= (p->n + 7) / 8);
    if (bits.len)
        memcpy(sum, bits.s, bits.len);
    for (size_t i = 0; i < k->policy->n; i++) {
        if (!fold_has_said(k->said, i))
            continue;
        const struct hash16 *h = &k->policy->checks[i];
        long pos = map_get_index(p->pos, str_n((const char *)h->b, sizeof h->b));
        if (pos >= 0)
            sum[pos / 8] = (char)((unsigned char)sum[pos / 8] | 1u << pos % 8);
    }
    return str_n(sum, (p->n + 7) / 8);
}
