/* Categories: after pick. A histogram of the 16 nibbles a check is filled first; names are looked
 * at once a check of a policy. */
#include "engine/category.h"

#include <assert.h>
#include <stdlib.h>

#include "base/map.h"

enum { NIBBLES = 16 };

static void
add_to_histogram(const struct fleet_scan *s, size_t n_checks, int64_t *hist)
{
    assert(s->vec);
    size_t n = s->n_vec < n_checks ? s->n_vec : n_checks;
    size_t pairs = n / 2; /* a byte holds two checks, the low nibble first */
    for (size_t i = 0; i < pairs; i++) {
        unsigned v = s->vec[i];
        hist[2 * i * NIBBLES + (v & 15)]++;
        hist[(2 * i + 1) * NIBBLES + (v >> 4)]++;
    }
    if (n % 2)
        hist[(n - 1) * NIBBLES + (s->vec[pairs] & 15)]++;
}

struct table {
    struct arena *arena;
    struct map *numbers;
    VEC(struct category) rows;
};

static struct category *
find_category(struct table *t, struct str name)
{
    int number = scan_category_number(name);
    if (number)
        name = scan_category_name(number); /* one spelling */
    long k = map_get_index(t->numbers, name);
    if (k < 0) {
        map_put_index(t->numbers, name, t->rows.n);
        struct category *c = VEC_PUSH(t->arena, &t->rows);
        c->name = name;
        c->number = number;
        return c;
    }
    return &t->rows.v[k];
}

/* Without a category there is no source, whatever was looked at. */
static enum category_kind
kind_of(const struct scan_check *c)
{
    enum category_kind kind = scan_category_kind(c->category_source);
    return c->category.len || kind == CATEGORY_UNKNOWN ? kind : CATEGORY_NONE;
}

static void
add_policy(struct table *t, const struct fleet_policy *policy, const int64_t *hist,
           struct category_table *ret)
{
    assert((int)STATUS__COUNT <= (int)NIBBLES);
    for (size_t k = 0; k < policy->checks.n; k++) {
        int64_t counts[STATUS__COUNT];
        for (int s = 0; s < STATUS__COUNT; s++)
            counts[s] = hist[k * NIBBLES + (size_t)s];
        for (int s = STATUS__COUNT; s < NIBBLES; s++) /* as fleet_status reads them */
            counts[STATUS_UNKNOWN] += hist[k * NIBBLES + (size_t)s];
        struct tally c = tally_of(counts);
        ret->sources[kind_of(&policy->checks.v[k])] += c.passed + c.failed;
        ret->evaluated += c.passed + c.failed;
        if (c.passed + c.failed + c.skipped + c.waived > 0)
            tally_add(&find_category(t, policy->checks.v[k].category)->counts, &c);
    }
}

static int
by_category_failures(const void *x, const void *y)
{
    const struct category *a = x, *b = y;
    if (a->counts.failed != b->counts.failed)
        return a->counts.failed > b->counts.failed ? -1 : 1;
    if (a->number != b->number)
        return (a->number ? a->number : 1000) < (b->number ? b->number : 1000) ? -1 : 1;
    return str_cmp(a->name, b->name);
}

struct category_table
category_count(const struct pick *p, struct arena *a)
{
    const struct fleet *f = p->fleet;
    struct category_table ret = {0};
    struct table t = {.arena = a, .numbers = map_new(a)};
    int64_t **hist = ARENA_ARRAY(a, int64_t *, f->policies.n + 1);
    for (size_t i = 0; i < p->n_scans; i++) {
        const struct fleet_scan *s = &f->scans.v[p->scans[i]];
        size_t n = f->policies.v[s->policy].checks.n;
        ret.n_without += !s->vec;
        if (!s->vec)
            continue;
        if (!hist[s->policy])
            hist[s->policy] = ARENA_ARRAY(a, int64_t, n * NIBBLES + 1);
        add_to_histogram(s, n, hist[s->policy]);
        ret.n_scans++;
    }
    for (size_t i = 0; i < f->policies.n; i++)
        if (hist[i])
            add_policy(&t, &f->policies.v[i], hist[i], &ret);
    if (t.rows.n)
        qsort(t.rows.v, t.rows.n, sizeof *t.rows.v, by_category_failures);
    for (size_t i = 0; i < t.rows.n; i++)
        tally_add(&ret.total.counts, &t.rows.v[i].counts);
    ret.v = t.rows.v;
    ret.n = t.rows.n;
    return ret;
}
