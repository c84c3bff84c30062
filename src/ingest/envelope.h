/* Documents inside of others -> one document behind the other, as readers want them.
 * What:   takes the elements of a list, or the members _source of the answer of a search (hits.hits[]), of
 *         its records one a line, or documents that simply follow each other; and gives them one by one, one a
 *         line, or as the elements of one list. Only brackets, strings and the key are looked at: the
 *         reader judges every byte of the documents; what stands around them is passed over.
 * Owner:  envelope_free releases; a chunk is valid during the sink's call.
 * Units:  bytes.
 * Errors: DIAG_BAD_DATA with "path:line" as place, DIAG_TRUNCATED; -1 of the sink stops.
 * See:    doc/formats/detection.md */
#ifndef INGEST_ENVELOPE_H
#define INGEST_ENVELOPE_H

#include "base/diag.h"

struct envelope;

enum envelope_kind {
    ENVELOPE_NONE,
    ENVELOPE_LIST, /* [document, document] */
    ENVELOPE_SOURCE, /* {"hits": {"hits": [{"_source": document}]}}, or {"_source": document} a line */
    ENVELOPE_SEQUENCE /* document document */
};

/* How a reader takes several documents. */
enum envelope_join {
    JOIN_ALONE, /* each by itself */
    JOIN_LINES, /* all, one a line */
    JOIN_LIST   /* all, as one list */
};

/* Takes what comes out. */
typedef int envelope_sink(void *self, struct str chunk);

/* A filter that gives to sink(self). path is for messages. */
struct envelope *envelope_new(enum envelope_kind kind, enum envelope_join join, envelope_sink *sink,
                              void *self, const char *path, struct diag *d);
/* Frees; NULL is allowed. */
void envelope_free(struct envelope *e);
/* Takes bytes. */
int envelope_push(struct envelope *e, struct str chunk);
/* The input ended: it must have held a document, and all brackets must be closed. */
int envelope_end(struct envelope *e);

#endif
