/* gzip, bzip2 and xz, streaming, one level.
 * What:   told by the first bytes; bytes that are not packed pass through. zip and zstd are refused
 *         by name. Sizes and the ratio of unpacked to packed bytes are limited.
 * Owner:  unpack_free releases; a chunk is valid during the sink's call.
 * Units:  bytes.
 * Errors: DIAG_BAD_DATA (broken), DIAG_TRUNCATED, DIAG_TOO_BIG; -1 of the sink stops.
 * See:    ingest/limits.h: LIMIT_UNPACKED, LIMIT_RATIO */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include "base/diag.h"

struct unpack;

/* Takes unpacked bytes. */
typedef int unpack_sink(void *self, struct str chunk);

/* An unpacker that gives to sink(self). */
struct unpack *unpack_new(unpack_sink *sink, void *self, struct diag *d);
/* Frees; NULL is allowed. */
void unpack_free(struct unpack *u);
/* Takes packed bytes. */
int unpack_push(struct unpack *u, struct str chunk);
/* The input ended. */
int unpack_end(struct unpack *u);
/* "", "gzip", "bzip2" or "xz"; known after the first push. */
const char *unpack_kind(const struct unpack *u);

#endif
