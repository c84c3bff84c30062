/* What follows from a scan that was stored: drift between neighbours, findings of the newest.
 * What:   rewritten from the scans, so that the order of arrival does not matter.
 * Owner:  none.   Units: seconds UTC.   Errors: as store.h. */
#ifndef STORE_DERIVE_H
#define STORE_DERIVE_H

#include "store/fold.h"
#include "store/known.h"

/* Where a scan stands. */
struct derive_place {
    uint64_t agent_id, line_id;
    int64_t end;
};

/* Rewrites the drift at the scan and at the one after it. before and after may be not found. */
int derive_changes(struct store *st, const struct derive_place *at, const struct known *before,
                   const struct fold *now, const struct known *after, struct diag *d);
/* Makes the findings of the line those of this scan; a state that stays keeps its "since". Those of
 * the first scan of a line (is_first) replace none. The rows are held. */
int derive_findings(struct store *st, const struct derive_place *at, const struct fold *now,
                    bool is_first, struct arena *a, struct diag *d);
/* Reads "since" of the line's findings anew from the drift. */
int derive_since(struct store *st, const struct derive_place *at, struct diag *d);

#endif
