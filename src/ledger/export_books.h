/* The books of delivery: what the audit log says that each target got, against where its cursor stands.
 * What:   a cursor that somebody moved hides records from a log manager. Each session of an export, and
 *         each --start, has a record of which records it was about; what lies between them was about
 *         exporting only. Messages that a target did not take have records, too, and letters.
 * Owner:  the given arena.
 * Units:  records.
 * Errors: DIAG_VERIFY: the place is the target, the text names the records.
 * See:    export/cursor.h, which keeps the books; doc/audit-events.md */
#ifndef LEDGER_EXPORT_BOOKS_H
#define LEDGER_EXPORT_BOOKS_H

#include "base/map.h"
#include "ledger/statements.h"

struct export_books {
    struct arena *a;
    VEC(struct export_book) v; /* a target each */
    struct map *at;            /* target -> position */
    VEC(unsigned char) news;   /* a bit a record: more than bookkeeping */
    int64_t n_pruned;          /* records at the beginning of which nothing is known */
    struct store_cursor_place *cursors;
    size_t n_cursors;
};

/* Reads the cursors. Before the log is walked: what they say is told in it. */
int export_books_open(struct export_books *b, struct act *act, struct arena *a, struct diag *d);
/* The next record of the log; a is for scratch. */
void export_books_add(struct export_books *b, const struct store_record *r, struct arena *a);
/* Compares, when all size records were added. *ret_n: cursors that were compared. */
int export_books_compare(const struct export_books *b, struct act *act, int64_t size,
                         int64_t *ret_n, struct diag *d);
/* What a file of exported events lacks, in n gaps of ascending records a file: a failure when the file is
 * that of a target that gets all records and the log says that these were sent; else it is said. */
int export_books_gaps(const struct export_books *b, struct act *act, const struct statement_gap *v,
                      size_t n, struct diag *d);
/* The same of one cursor with what its newest record says, without the whole log: for doctor. */
int export_books_check(struct act *act, const struct store_cursor *c, int64_t size, struct diag *d);

#endif
