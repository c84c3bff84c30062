/* Closing months: what their scans come to is written down, once they are over.
 * What:   store_next_month() says which month is to be closed next; store_prepare_month() works it out, from scans
 *         that are what the audit log says of them; store_close_month() writes it, in the act that tells of it. A
 *         scan that is stored in between makes the work stale: nothing is written.
 * Owner:  the given arena.
 * Units:  months are year * 100 + month, of UTC.
 * Errors: DIAG_VERIFY: scans or states are not what the log says: the month stays open; as store.h.
 * See:    store/month.h, intake/months.c */
#ifndef STORE_MONTH_CLOSE_H
#define STORE_MONTH_CLOSE_H

#include "store/store.h"

enum { MONTH_WAIT_S = 7 * 86400 }; /* behind its end: most of what is late has come by then */

struct month_work;

/* The oldest month that is not closed and could be, 0 = none. is_few: it and those behind it have less scans than closing
 * them is worth. Outside of any transaction. */
int store_next_month(struct store *st, int *ret, bool *ret_is_few, struct diag *d);
/* Works out what is to be written. */
int store_prepare_month(struct store *st, int month, struct arena *a, struct month_work **ret,
                        struct diag *d);
/* How many chunks are closed by it, and how many scans they have. */
void month_work_size(const struct month_work *w, int *ret_chunks, int64_t *ret_scans);
/* Writes it; *ret_done false = it was stale. Inside a transaction. */
int store_close_month(struct store *st, const struct month_work *w, bool *ret_done, struct diag *d);
/* Takes everything away that was worked out, to be made anew; *ret_n: chunks that were closed. Inside a transaction. */
int store_open_months(struct store *st, int64_t *ret_n, struct diag *d);

#endif
