/* What is kept of the scans of a closed month: whose, when, and how many checks passed and failed; packed.
 * What:   a list in the order of agent, line and time -> bytes, some seven a scan; and back, one after the other.
 *         The policy versions stand in front; then follow lines with their points. Numbers are seven bits a byte, the
 *         lowest first; times are differences.
 * Owner:  the given arena.
 * Units:  seconds UTC.
 * Errors: bytes that are none of ours end the reading, and say so.
 * See:    doc/decisions/0030-months.md */
#ifndef STORE_MONTH_POINTS_H
#define STORE_MONTH_POINTS_H

#include "base/map.h"
#include "base/vec.h"

struct month_point {
    uint64_t agent_id, line_id, policy_id;
    int64_t end;
    int64_t passed, failed, skipped;
};

typedef VEC(struct month_point) month_point_list;

struct month_reader {
    struct str rest;
    const char *policies;
    uint64_t n_policies, n_left; /* of the line at hand */
    struct month_point at;
};

/* Packs points of one month. */
struct str month_points_pack(const struct month_point *v, size_t n, struct arena *a);
/* Begins to read. */
struct month_reader month_points_read(struct str packed);
/* The next one in *ret: 1 = there is one, 0 = there are no more, -1 = the bytes are damaged. */
int month_points_next(struct month_reader *r, struct month_point *ret);

#endif
