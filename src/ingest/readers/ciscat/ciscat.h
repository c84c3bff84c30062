/* Inside of the CIS-CAT reader: what the name of a report says.
 * What:   CIS-CAT writes host and time into the name of the file only:
 *         <host>-<benchmark>-<20250101T000000Z>[-NonPassing].json
 * Owner:  texts live in the given arena.
 * Units:  none.
 * Errors: none; what the name does not tell is empty.
 * See:    doc/formats/ciscat.md */
#ifndef INGEST_READERS_CISCAT_CISCAT_H
#define INGEST_READERS_CISCAT_CISCAT_H

#include "base/arena.h"

struct ciscat_name {
    struct str host;
    struct str time; /* as it stands there; empty = the name tells none */
    bool is_nonpassing;
};

/* Reads the last part of the path. The benchmark's title and id tell where the host ends, because
 * both parts may have hyphens. */
struct ciscat_name ciscat_name(struct arena *a, struct str path, struct str title, struct str id);

#endif
