/* The rule by which one of several scans of a second counts; called by place.c. It looks at the whole
 * set at once, so that for what came in one file the order does not matter. */
#include "store/revision.h"

#include <assert.h>
#include <string.h>

#include "model/tally.h"
#include "store/scan_row.h"

/* ---- two scans ---- */

static bool
is_partial(const struct stored_scan *k)
{
    return k->flags & FLAG_PARTIAL;
}

static bool
is_same_tally(const struct stored_scan *a, const struct stored_scan *b)
{
    struct tally x = tally_of(a->counts), y = tally_of(b->counts);
    return x.passed == y.passed && x.failed == y.failed && x.skipped == y.skipped &&
           x.waived == y.waived;
}

/* A delta that was merged speaks for the checks it named; the others are what was known before. */
static bool
has_spoken_of(const struct stored_scan *k, size_t pos)
{
    return k->has_said ? fold_has_said(k->said, pos) : stored_status_at(k, pos) != STATUS_NONE;
}

static bool
repeats_all(const struct stored_scan *more, const struct stored_scan *less)
{
    for (int i = 0; !less->has_said && i < STATUS__COUNT; i++)
        if (more->counts[i] < less->counts[i])
            return false;
    for (size_t i = 0; i < less->policy->n; i++)
        if (has_spoken_of(less, i) &&
            stored_status_at(less, i) != stored_status(more, &less->policy->checks[i]))
            return false;
    return true;
}

bool
revision_contains(const struct stored_scan *more, const struct stored_scan *less)
{
    bool is_built_on_it = (more->flags & FLAG_DELTA) != 0;
    assert(more->found && less->found);
    if (!less->n_vec || !more->n_vec)
        return !less->n_vec && more->n_vec && is_same_tally(more, less);
    /* what says that it is complete cannot be completed */
    if (is_partial(more) ? !is_partial(less)
                         : !is_partial(less) && !less->has_said && !is_built_on_it)
        return false;
    return repeats_all(more, less);
}

static int
compare_numbers(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

int
revision_compare(const struct stored_scan *a, const struct stored_scan *b)
{
    struct tally x = tally_of(a->counts), y = tally_of(b->counts);
    int by[] = {
        compare_numbers(y.failed, x.failed),   /* more that failed */
        is_partial(a) - is_partial(b),         /* the whole, for a part says less */
        compare_numbers(x.passed, y.passed),   /* less that passed: the lower score */
        compare_numbers(y.skipped, x.skipped), /* more that nobody knows */
        compare_numbers(y.waived, x.waived),
        memcmp(a->content.b, b->content.b, SHA256_SIZE), /* no better, but always the same one */
    };
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (by[i])
            return by[i];
    return 0;
}

/* ---- all of a second ---- */

static bool
is_live(const struct stored_scan *k)
{
    return k->standing != STANDING_REVOKED;
}

static bool
is_same_file(const struct stored_scan *a, const struct stored_scan *b)
{
    return memcmp(a->file.b, b->file.b, SHA256_SIZE) == 0;
}

static bool
is_contained(const struct stored_scan *v, size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++)
        if (k != i && is_live(&v[k]) && revision_contains(&v[k], &v[i]))
            return true;
    return false;
}

/* Of the file that came first, or what completes something of that file. */
static bool
is_of_first(const struct stored_scan *v, size_t n, size_t first, size_t i)
{
    if (is_same_file(&v[i], &v[first]))
        return true;
    for (size_t k = 0; k < n; k++)
        if (is_live(&v[k]) && is_same_file(&v[k], &v[first]) && revision_contains(&v[i], &v[k]))
            return true;
    return false;
}

/* The worst of the first file, once what is completed by others is left out. *ret_alone: there was
 * none to compare it with. */
static size_t
choose(const struct stored_scan *v, size_t n, bool *ret_alone)
{
    size_t first = 0, best = n;
    *ret_alone = true;
    while (first < n && !is_live(&v[first]))
        first++;
    for (size_t i = first; i < n; i++) {
        if (!is_live(&v[i]) || is_contained(v, n, i) || !is_of_first(v, n, first, i))
            continue;
        if (best == n) {
            best = i;
        } else if (is_same_file(&v[i], &v[best])) {
            *ret_alone = false;
            best = revision_compare(&v[i], &v[best]) < 0 ? i : best;
        }
    }
    return best < n ? best : first;
}

static size_t
find_accepted(const struct stored_scan *v, size_t n)
{
    size_t i = 0;
    while (i < n && v[i].standing != STANDING_ACCEPTED)
        i++;
    return i;
}

size_t
revision_settle(struct stored_scan *v, size_t n)
{
    bool is_alone = true, completes = false;
    size_t accepted = find_accepted(v, n), chosen = accepted < n ? accepted : choose(v, n, &is_alone);
    for (size_t i = 0; i < n; i++) {
        assert(i == 0 || v[i].revision > v[i - 1].revision);
        if (i == chosen || !is_live(&v[i]))
            continue;
        bool is_less = revision_contains(&v[chosen], &v[i]);
        bool is_decided = accepted < n && v[i].standing == STANDING_DECLINED;
        completes = completes || is_less;
        v[i].standing = is_less      ? STANDING_CONTAINED
                        : is_decided ? STANDING_DECLINED
                                     : STANDING_SUPERSEDED;
    }
    if (chosen < n && accepted == n)
        v[chosen].standing = !is_alone   ? STANDING_WORST
                             : completes ? STANDING_FULLER
                                         : STANDING_FIRST;
    return chosen;
}
