/* What all readers of one JSON document share: their state, and three of their five functions.
 * What:   a reader of this kind is its handlers (ingest/json_doc.h), a bid and a name; what it
 *         gathers on the way hangs at own.
 * Owner:  as in ingest/format.h.
 * Units:  bytes.   Errors: those of json_doc.h. */
#ifndef INGEST_JSON_READER_H
#define INGEST_JSON_READER_H

#include "ingest/detect.h"
#include "ingest/format.h"
#include "ingest/json_doc.h"

struct ingest_reader {
    const struct ingest_context *ctx;
    struct scan_file *file;
    struct arena *a;
    struct diag *d;
    struct json_doc *json;
    void *own; /* the reader's own state, in the arena */
};

/* A reader that calls h with itself as self. */
struct ingest_reader *json_reader_open(const struct json_doc_handlers *h, void *own,
                                       const struct ingest_context *ctx, struct scan_file *file,
                                       struct arena *a, struct diag *d);
/* For struct ingest_format. */
int json_reader_push(struct ingest_reader *r, struct str chunk);
/* For struct ingest_format. */
int json_reader_push_document(struct ingest_reader *r, struct str chunk, struct str *ret_rest);
/* For struct ingest_format. */
int json_reader_end(struct ingest_reader *r);
/* For struct ingest_format. */
void json_reader_close(struct ingest_reader *r);
/* The member as trimmed text of at most max bytes; place names the object in warnings. */
struct str json_reader_get(struct ingest_reader *r, const json_t *object, const char *key,
                           size_t max, struct str place);

#endif
