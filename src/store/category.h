/* Categories as they are stored beside the texts of checks.
 * What:   a text has one row once its category was derived; who stores a text first writes it, and only
 *         deriving all anew (store_put_categories) changes it.
 * Owner:  none.   Units:  none.   Errors: as store.h. */
#ifndef STORE_CATEGORY_H
#define STORE_CATEGORY_H

#include "store/ids.h"
#include "store/session.h"

/* Keeps the categories of a scan's checks, whose texts have these hashes, where none is kept yet. Inside a
 * transaction. */
int category_put(struct store *st, const struct scan *s, const struct hash16 *texts,
                 struct diag *d);
/* Which tables the categories of a policy version were derived by: their versions, joined by a comma; empty =
 * not all were. */
int category_load_tables(struct store *st, uint64_t policy_id, struct arena *a, struct str *ret,
                         struct diag *d);

#endif
