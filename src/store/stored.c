/* Scans that are stored already. For scans.c, which puts one between them, and delta.c. */
#include "store/stored.h"

#include <assert.h>
#include <string.h>

#include "model/fleet.h"
#include "store/fold.h"

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
    if (rc == STMT_ROW) {
        k.found = true;
        k.end = stmt_col_time(s, 0);
        k.policy_id = stmt_col_uint(s, 1);
        k.n_vec = (size_t)stmt_col_int(s, 2);
        k.vec = stmt_col_str(s, 3, a);
        k.has_details = !stmt_col_is_null(s, 4);
        stmt_col_bytes(s, 4, k.details.b, sizeof k.details.b);
        k.flags = (unsigned)stmt_col_int(s, 5);
        stmt_col_bytes(s, 6, k.content.b, sizeof k.content.b);
        k.n_results = stmt_col_int(s, 7);
        k.has_said = !stmt_col_is_null(s, 8);
        k.said = stmt_col_str(s, 8, a);
    }
    if (rc < 0 || (k.found && !(k.policy = policy_load(st, k.policy_id, d))))
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "a scan names no known policy");
    *ret = k;
    return 0;
}

enum status
stored_status(const struct stored_scan *k, const struct hash16 *check)
{
    if (!k->found)
        return STATUS_NONE;
    long pos = map_get_index(k->policy->pos, str_n((const char *)check->b, sizeof check->b));
    struct fleet_scan view = {.vec = (const unsigned char *)k->vec.s, .n_vec = k->n_vec};
    return pos < 0 ? STATUS_NONE : fleet_status(&view, (size_t)pos);
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
