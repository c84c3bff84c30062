/* What a parser process and its parent tell each other, as bytes.
 * What:   one description of each message serves both directions, so that they cannot drift apart.
 *         The parent trusts nothing of an answer: every length, number, index and text is checked
 *         before it is used, and what breaks a rule makes the whole answer worthless.
 * Owner:  what is read lives in the given arena (texts are copied).
 * Units:  numbers are 8 bytes, least significant first; a text or list is its length, then itself.
 * Errors: DIAG_BAD_DATA naming the rule an answer broke. Writing cannot fail but by its sink.
 * See:    doc/decisions/0007-confined-parsing.md */
#ifndef CONFINE_WIRE_H
#define CONFINE_WIRE_H

#include "confine/catalogue.h"
#include "ingest/ingest.h"

/* Takes the next bytes of a message; not 0 = the other side is gone. */
typedef int wire_sink(void *self, struct str bytes);

/* Writes a request: what to tell the reader about the file, and which lists of checks need not be
 * told in the answer (NULL = none). */
int wire_put_request(const struct ingest_context *ctx, const struct catalogue_keys *keys,
                     wire_sink *sink, void *self);
/* Reads a request. */
int wire_get_request(struct str bytes, struct arena *a, struct ingest_context *ret,
                     struct catalogue_keys *ret_keys, struct diag *d);
/* Writes an answer: the file, or (failed) why not; and the findings of d either way. Lists of
 * checks whose hash is one of keys (NULL = none) are named by it. */
int wire_put_answer(const struct scan_file *f, const struct diag *d,
                    const struct catalogue_keys *keys, wire_sink *sink, void *self);
/* Reads an answer; on -1 d holds the parser's own failure, or DIAG_BAD_DATA when the bytes are no
 * answer. Findings are added to d. The hash is the parser's word: the caller compares it. Lists of
 * checks are looked up in known and kept there (NULL = neither): they outlive the scans. */
int wire_get_answer(struct str bytes, struct catalogues *known, struct arena *a,
                    struct scan_file *ret, struct diag *d);

#endif
