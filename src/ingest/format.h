/* The one shape of a reader of a scanner's format.
 * What:   a const struct at the end of each reader's .c, listed in ingest/formats.c. Readers are
 *         pushed chunks in order, so that no reader needs the whole file in memory; a reader of
 *         documents may collect them (base/buf with a maximum from ingest/limits.h).
 * Owner:  reader state and scans live in the arena of the file; close() releases library handles.
 * Units:  bytes; a bid is 0 (not mine) to 100 (surely mine).
 * Errors: push and end return -1 with the diag set; the file is rejected as a whole.
 * See:    HACKING.md, "Adding a format" */
#ifndef INGEST_FORMAT_H
#define INGEST_FORMAT_H

#include "ingest/envelope.h"
#include "ingest/ingest.h"
#include "ingest/json_keys.h"

/* The first bytes of a file, digested once for all readers (ingest/detect.c). */
struct ingest_head {
    struct str bytes;  /* at most LIMIT_DETECT bytes, decompressed, BOM removed */
    bool whole;        /* the file ends within bytes */
    struct str xml_ns; /* XML: namespace URI and local name of the first start tag */
    struct str xml_name;
    struct str
        json_keys; /* JSON: "1:key\n2:key\n…" depth and name of each key seen (json_keys.h) */
    bool is_json_lines; /* several JSON documents, one a line */
    bool has_keys;      /* JSON: keys was looked for */
    struct json_keys keys;
    bool wants_more;             /* nobody knows it yet: look at more */
    size_t start;                /* bytes before the document that belong to none: lines of a log */
    enum envelope_kind envelope; /* what is around the documents */
};

struct ingest_reader; /* a reader's own state, from open() */

struct ingest_format {
    const char *name;  /* stable, as in scan.format when the reader does not refine it */
    const char *title; /* for people */
    /* How sure this reader is, 0..100. Must not allocate. */
    int (*bid)(const struct ingest_head *head);
    /* Makes the reader's state in the arena. Adds scans to file->scans as they become complete. */
    struct ingest_reader *(*open)(const struct ingest_context *ctx, struct scan_file *file,
                                  struct arena *a, struct diag *d);
    /* Takes the next chunk. */
    int (*push)(struct ingest_reader *r, struct str chunk);
    /* JSON readers of one document: the same, but where another one begins behind its end, *ret_rest is
     * what is left of the chunk from there on. NULL: a reader that knows of documents itself. */
    int (*push_document)(struct ingest_reader *r, struct str chunk, struct str *ret_rest);
    /* How documents are wanted that stand in a list or in the answer of a search. */
    enum envelope_join join;
    /* The input ended. */
    int (*end)(struct ingest_reader *r);
    /* Releases library handles; always called, also after a failure. */
    void (*close)(struct ingest_reader *r);
};

/* All readers, ended by NULL. */
extern const struct ingest_format *const ingest_formats[];

#endif
