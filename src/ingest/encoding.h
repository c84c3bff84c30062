/* Encodings of hosts -> UTF-8, before anything looks at the bytes.
 * What:   XML in the encoding that it declares, and XML and JSON in UTF-16, become UTF-8 in chunks;
 *         a declaration that is no longer true is blanked out. XML that names none, or UTF-8, must
 *         be UTF-8; other bytes pass through as they are. Names are read as writers mean them:
 *         ISO-8859-1 as windows-1252, Shift_JIS and EUC-JP with the additions of Windows.
 * Owner:  encoding_free releases; a chunk is valid during the sink's call.
 * Units:  bytes; offsets from 0, unpacked.
 * Errors: DIAG_BAD_DATA naming the first byte that is not of the encoding; what was guessed is a
 *         warning of encoding_end; DIAG_RETRY where converters may not be loaded (encoding_stay_cold).
 * See:    doc/formats/pandora.md, "Encoding"; doc/decisions/0013-encodings.md */
#ifndef INGEST_ENCODING_H
#define INGEST_ENCODING_H

#include "base/diag.h"

struct encoding;

/* Takes UTF-8. */
typedef int encoding_sink(void *self, struct str chunk);

/* A decoder that gives to sink(self). forced, when not empty, is the encoding of XML that names
 * none, or UTF-8. may_force: JSON that is not UTF-8 fails like such XML, or is read as forced; without it
 * JSON passes through as it is. */
struct encoding *encoding_new(struct str forced, bool may_force, encoding_sink *sink, void *self,
                              struct diag *d);
/* Frees; NULL is allowed. */
void encoding_free(struct encoding *e);
/* Takes bytes. */
int encoding_push(struct encoding *e, struct str chunk);
/* The input ended. */
int encoding_end(struct encoding *e);
/* True when it failed because XML or JSON that should be UTF-8 is not: forcing an encoding may help. */
bool encoding_not_utf8(const struct encoding *e);
/* True when the input begins like JSON. */
bool encoding_is_json(const struct encoding *e);

/* ---- converters.c ---- */

/* The name in the XML declaration that bytes begin with; empty when there is none. Points into
 * bytes. */
struct str encoding_declared(struct str bytes);
/* Loads all converters for the rest of the process; a second call does nothing. */
void encoding_warm(void);
/* From now on what was not loaded cannot be: text that needs a converter fails with DIAG_RETRY. */
void encoding_stay_cold(void);
/* True after encoding_stay_cold() without encoding_warm(). */
bool encoding_is_cold(void);

#endif
