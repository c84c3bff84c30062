/* What the audit log says of a file that was stored.
 * What:   the newest record ingest.file of its bytes: when that was, and what it was called.
 * Owner:  texts live in the given arena.
 * Units:  seconds UTC.
 * Errors: as store.h; DIAG_BAD_DATA: such a record cannot be read.
 * See:    doc/audit-events.md */
#ifndef ACT_INGESTED_H
#define ACT_INGESTED_H

#include "act/act.h"

struct ingested {
    int64_t seq; /* -1 = the log does not say that the file was stored */
    int64_t at;
    struct str name;
};

/* Looks for n files by the hex of their SHA-256. Reads the log once for some dozen. */
int ingested_find(struct act *act, const struct str *files, size_t n, struct arena *a,
                  struct ingested *ret, struct diag *d);

#endif
