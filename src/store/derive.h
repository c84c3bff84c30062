/* What follows from a scan that was stored: drift between neighbours, and what the newest of a line says.
 * What:   rewritten from the scans, so that the order of arrival does not matter.
 * Owner:  none.   Units: seconds UTC.   Errors: as store.h. */
#ifndef STORE_DERIVE_H
#define STORE_DERIVE_H

#include "store/stored.h"

/* Writes the drift at the scan, where none may stand, and rewrites that of the one after it. before
 * and after may be not found. */
int derive_changes(struct store *st, const struct scan_place *at, const struct stored_scan *before,
                   const struct stored_scan *now, const struct stored_scan *after, struct diag *d);
/* The scan at the place is gone: its neighbours become neighbours of each other. */
int derive_without(struct store *st, const struct scan_place *at, const struct stored_scan *before,
                   const struct stored_scan *after, struct diag *d);
/* Rows of the line of the place were written, and which scan is its newest: agent_current says of that one what its row
 * says. */
int derive_current(struct store *st, const struct scan_place *at, struct diag *d);

#endif
