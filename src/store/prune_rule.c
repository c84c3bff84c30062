/* Rules of retention for the scans of a line. Called by prune_scans.c, under the line's lock. */
#include "store/prune_rule.h"

#include <assert.h>
#include <stdlib.h>

static int
by_id(const void *a, const void *b)
{
    uint64_t p = *(const uint64_t *)a, q = *(const uint64_t *)b;
    return p < q ? -1 : p > q;
}

void
prune_sort_ids(uint64_t *ids, size_t n)
{
    if (n)
        qsort(ids, n, sizeof *ids, by_id);
}

static bool
is_listed(const uint64_t *ids, size_t n, uint64_t id)
{
    return n && bsearch(&id, ids, n, sizeof *ids, by_id);
}

bool
prune_rule_is_held(const struct prune_hold *h, uint64_t agent_id, uint64_t policy_id, int64_t end)
{
    return end >= h->from && end < h->to &&
           (!h->is_of_agents || is_listed(h->agents, h->n_agents, agent_id)) &&
           (!h->is_of_policies || is_listed(h->policies, h->n_policies, policy_id));
}

/* A period that is held is to be reported as it was: so what was current when it began is held, too. */
static bool
is_held(const struct prune_row *v, size_t n, size_t i, uint64_t agent_id,
        const struct prune_order *o)
{
    for (size_t k = 0; k < o->n_holds; k++) {
        const struct prune_hold *h = &o->holds[k];
        int64_t until = i + 1 < n ? v[i + 1].end : o->before;
        int64_t end = v[i].end < h->from && until > h->from ? h->from : v[i].end;
        if (prune_rule_is_held(h, agent_id, v[i].policy_id, end))
            return true;
    }
    return false;
}

void
prune_rule_judge(struct prune_row *v, size_t n, uint64_t agent_id, const struct prune_order *o)
{
    size_t newest = n; /* with results */
    bool has_first = false;
    for (size_t i = 0; i < n; i++) {
        struct prune_row *r = &v[i];
        assert(r->end < o->before && (i == 0 || r->end > v[i - 1].end));
        r->why = is_held(v, n, i, agent_id, o)                      ? PRUNE_HELD
                 : r->received >= o->delivered                      ? PRUNE_EXPORTED
                 : !o->strips && !has_first && r->has_results       ? PRUNE_FIRST
                                                                    : PRUNE_GOES;
        has_first = has_first || r->has_results;
        newest = r->has_results ? i : newest;
    }
    if (n)
        v[n - 1].why = PRUNE_NEWEST;
    if (newest < n)
        v[newest].why = PRUNE_NEWEST;
}
