/* A JSON document of a host, pushed in chunks; its long arrays are handed over one element a time.
 * What:   elements of the arrays at the given paths are parsed alone and left out of the document;
 *         the document itself, with those arrays empty, comes last. So memory is that of the
 *         largest element, however long the file is. A path is written as "[]", "stigs[].rules[]",
 *         "profiles[].controls[]". Members can stand in any order: an element may come before the
 *         names around it, so readers keep what they need by index and settle at the end.
 * Owner:  json_doc_free releases; a json_t is valid during the call only.
 * Units:  bytes; an index counts from 0 and there is one for each "[]" of the path.
 *         Bytes that are no UTF-8, and NUL, become U+FFFD, with a warning.
 * Errors: DIAG_BAD_DATA, DIAG_TRUNCATED, DIAG_TOO_BIG with "path:line:column" as place (line and
 *         column count over the whole file); -1 of a callback stops.
 * See:    doc/formats/limits.md; RFC 8259 */
#ifndef INGEST_JSON_DOC_H
#define INGEST_JSON_DOC_H

#include <jansson.h>

#include "base/arena.h"
#include "base/diag.h"

struct json_doc;

enum { JSON_DOC_PATHS = 8, JSON_DOC_INDEXES = 4 };

struct json_doc_handlers {
    const char *paths[JSON_DOC_PATHS]; /* ended by NULL */
    /* One element of the array at paths[path]. May be NULL when there are no paths. */
    int (*element)(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v);
    /* The document without those elements: an object or an array. */
    int (*document)(void *self, const json_t *v);
};

/* A splitter that calls h with self. path is for messages. A UTF-8 byte order mark is skipped. */
struct json_doc *json_doc_new(const struct json_doc_handlers *h, void *self, const char *path,
                              struct diag *d);
/* Frees; NULL is allowed. */
void json_doc_free(struct json_doc *j);
/* Takes the next chunk. */
int json_doc_push(struct json_doc *j, struct str chunk);
/* The same, but another document behind the end of this one is no failure: *ret_rest is what is left of the
 * chunk from its bracket on (else empty), and json_doc_end() is called next. */
int json_doc_push_one(struct json_doc *j, struct str chunk, struct str *ret_rest);
/* The input ended: it must have been one whole document. */
int json_doc_end(struct json_doc *j);

enum { JSON_DOC_REAL = 40 };

/* A number with a fraction or an exponent as text, in room: digits alone when it is whole. */
struct str json_doc_real(const json_t *v, char room[JSON_DOC_REAL]);
/* What jansson found, without the bytes that it found it near: a file may hold anything. */
struct str json_doc_error(const json_error_t *e);
/* The member as text, copied, repaired and cut at max bytes (ingest/take.h): a string, a number or
 * a truth value; empty when it is missing, null, an array or an object. */
struct str json_doc_text(struct arena *a, const json_t *object, const char *key, size_t max,
                         struct str place, struct diag *d);
/* The member as a whole number (also when written as text); false when it is none. */
bool json_doc_int(const json_t *object, const char *key, int64_t *ret);

#endif
