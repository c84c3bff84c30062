/* A consistent snapshot for reading: all that is asked inside of it is of one moment.
 * What:   begins one and ends it. Statements inside may take long; a connection that is lost ends it
 *         (DIAG_LOST), and what was read is of no use.
 * Owner:  whoever begins it ends it.
 * Units:  none.
 * Errors: as store.h. */
#ifndef STORE_SNAPSHOT_H
#define STORE_SNAPSHOT_H

#include "store/session.h"

/* Begins one, outside of a transaction. */
int snapshot_begin(struct store *st, struct diag *d);
/* Ends it. */
void snapshot_end(struct store *st);

#endif
