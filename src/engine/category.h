/* Passed, failed, skipped and waived checks by category, over the newest scans of a pick.
 * What:   counts single checks of packed results, so score-only scans are not in it; a check with
 *         several results counts once, by its worst. Categories are the CIS Controls v8 names (with
 *         their number) or the input's own word; checks without one are kept together, last but
 *         for their failures like every other.
 * Owner:  the arena; names point into the fleet.
 * Units:  counts of (agent, check) pairs.   Errors: none. */
#ifndef ENGINE_CATEGORY_H
#define ENGINE_CATEGORY_H

#include "engine/score.h"

struct category {
    struct str name; /* empty = uncategorised */
    int number;      /* CIS Controls v8, 0 = not one of them */
    struct tally counts;
};

struct category_table {
    struct category *v; /* most failures first, equal ones by number, then name */
    size_t n;
    struct category total; /* of all, name empty */
    /* Passed and failed checks by how their category was found. */
    int64_t sources[CATEGORY__COUNT];
    int64_t evaluated;     /* their sum */
    size_t n_scans;        /* scans counted */
    size_t n_without;      /* scans that have no single results */
};

/* Counts a pick. */
struct category_table category_count(const struct pick *p, struct arena *a);

#endif
