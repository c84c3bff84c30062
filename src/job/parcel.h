/* The files of a report that was made, as they stand in its folder, for who sends them.
 * What:   the manifest must be the one that was recorded, and each file the one that it names: what somebody changed
 *         meanwhile goes to nobody.
 * Owner:  the given arena.
 * Units:  bytes.
 * Errors: DIAG_VERIFY: something was changed; DIAG_IO, DIAG_TOO_BIG.
 * See:    doc/decisions/0034-outbox.md */
#ifndef JOB_PARCEL_H
#define JOB_PARCEL_H

#include "base/diag.h"
#include "store/outbox.h"

struct parcel_file {
    struct str name, media_type, bytes;
};

struct parcel {
    VEC(struct parcel_file) files; /* in the order of the manifest; it, its signature and the checkpoint last */
};

/* Whether they stand on this host. */
bool parcel_is_here(const struct store_outgoing *o, struct arena *a);
/* Loads and checks them all. */
int parcel_load(const struct store_outgoing *o, struct arena *a, struct parcel *ret, struct diag *d);

#endif
