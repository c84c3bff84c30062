/* All scans of one agent, line and second, as they stand in the database.
 * What:   loads them, and writes what revision_settle() made of them: rows move between scan and
 *         scan_revision, and what derives from the scan that counts is repaired (drift, current
 *         state, deltas behind it). The line is locked.
 * Owner:  the arena given to place_load().
 * Units:  numbers of revisions count from 1.
 * Errors: as store.h.
 * See:    revision.h, sql/query/revision_*.sql */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include "store/stored.h"

struct place {
    struct store *st;
    struct arena *a;
    struct scan_place at;
    struct stored_scan before, after; /* neighbours, set by the caller */
    struct stored_list all;           /* in the order of their numbers */
    VEC(enum standing) were;          /* their standings in the database */
    size_t was;                       /* the one that counts in the database; all.v.n = none */
};

/* Reads the scans of p->at. there is the one that counts (found false = none). */
int place_load(struct place *p, const struct stored_scan *there, struct diag *d);
/* The scan of that number; NULL = there is none. */
struct stored_scan *place_find(const struct place *p, unsigned revision);
/* A scan that arrives: it gets the next number and is to be inserted. Returns its index. */
size_t place_add(struct place *p, const struct stored_scan *k);
/* Settles and moves what is stored: after it scan is empty when a new one is to be inserted there.
 * arrived is the index of one that is not stored yet, SIZE_MAX = none. Returns -1 or 0; *ret is the
 * index of the one that counts (all.v.n = none). */
int place_settle(struct place *p, size_t arrived, size_t *ret, struct diag *d);
/* Repairs what derives from the one that counts, when all rows are there. */
int place_derive(struct place *p, size_t counts, struct diag *d);

#endif
