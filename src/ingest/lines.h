/* Chunks -> lines, for formats that are one record a line.
 * What:   strips a UTF-8 byte order mark, line feeds and the carriage return before them; hands
 *         out each line while it lies in memory, keeps only an unfinished one.
 * Owner:  lines_done() frees; a line is valid during the call only.
 * Units:  bytes; line numbers from 1.
 * Errors: DIAG_TOO_BIG for a line over the maximum (number is that line's; the caller sets the
 *         place); what the callback returns. */
#ifndef INGEST_LINES_H
#define INGEST_LINES_H

#include "base/buf.h"
#include "base/diag.h"

struct lines {
    struct buf rest; /* the line whose end has not come yet */
    size_t max;      /* longest line */
    size_t number;   /* of the line handed out */
    bool unfinished; /* the line handed out had no line feed: the last of the input */
};

/* Takes one line; not 0 stops. */
typedef int lines_fn(void *self, struct str line);

/* An empty splitter for lines of at most max bytes. */
struct lines lines_init(size_t max);
/* Frees the memory. */
void lines_done(struct lines *l);
/* Takes a chunk and hands out the lines that end in it. */
int lines_push(struct lines *l, struct str chunk, lines_fn *fn, void *self, struct diag *d);
/* The input ended: hands out the last line when it had no line feed. */
int lines_end(struct lines *l, lines_fn *fn, void *self);

#endif
