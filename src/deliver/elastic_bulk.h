/* Requests and answers of Elasticsearch's _bulk.
 * What:   every message is created under its own id, so that one that comes again is refused as
 *         being there (409) and is never there twice. The answer has 200 as its status whatever
 *         became of the documents: it is read item by item. It may be any bytes.
 * Owner:  appends to the caller's buf; answers are only read.
 * Units:  bytes, messages.
 * Errors: those of deliver/outlet.h; an answer that is none of _bulk is DIAG_UNAVAILABLE: whoever
 *         wrote it has not said that it took anything.
 * See:    Elasticsearch, Bulk API; doc/siem/elastic.md */
#ifndef DELIVER_ELASTIC_BULK_H
#define DELIVER_ELASTIC_BULK_H

#include "base/buf.h"
#include "deliver/outlet.h"

enum { ELASTIC_MAX_ANSWER = 8 << 20, ELASTIC_MAX_ID = 512 };

/* The id of a document: that of the message, with ":reduced" behind it when it is reduced, or the
 * SHA-256 of that when it is longer than Elasticsearch takes. */
struct str elastic_id(const struct outlet_message *m, struct arena *a);
/* Two lines: create under this id, and the document. */
void elastic_put(struct buf *out, const struct outlet_message *m, struct arena *a);
/* Reads the answer to n messages; *ret_n are there: the first ones, without a gap; *ret_is_there: one of
 * them was there before. -1 when that is not all, with the failure of the first of the others. */
int elastic_read(struct str answer, const struct outlet_message *m, size_t n, size_t *ret_n,
                 bool *ret_is_there, struct diag *d);
/* A _search for n documents by their ids, of which only the hashes are wanted. */
void elastic_put_search(struct buf *out, const struct outlet_message *m, size_t n, struct arena *a);
/* Reads its answer: how many of the first messages have no document there that says another hash than they
 * do. DIAG_CANNOT_WRITE when that is not all: the id of the next one was given to another record. An answer
 * that says nothing is no failure. */
int elastic_compare(struct str answer, const struct outlet_message *m, size_t n, size_t *ret_n,
                    struct diag *d);

#endif
