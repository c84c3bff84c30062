/* What follows from a scan that was stored: drift between neighbours.
 * What:   rewritten from the scans, so that the order of arrival does not matter.
 * Owner:  none.   Units: seconds UTC.   Errors: as store.h. */
#ifndef STORE_DERIVE_H
#define STORE_DERIVE_H

#include "store/fold.h"
#include "store/stored.h"

/* Rewrites the drift at the scan and at the one after it. before and after may be not found. */
int derive_changes(struct store *st, const struct scan_place *at, const struct stored_scan *before,
                   const struct fold *now, const struct stored_scan *after, struct diag *d);

#endif
