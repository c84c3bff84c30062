/* Names for what lands in a spool and is no scan result.
 * What:   transfers that went wrong, other files of the scanners, archives and documents: told by
 *         their first bytes, so that the reason of a rejected file says what to do.
 * Owner:  static texts.   Units: bytes.   Errors: none; NULL = nothing known.
 * See:    doc/formats/detection.md, "Refused by name" */
#ifndef INGEST_LOOKALIKE_H
#define INGEST_LOOKALIKE_H

#include "base/str.h"

/* What a file that begins with bytes is, and what to do; NULL when it is none of them. */
const char *lookalike_name(struct str bytes);
/* True for the beginning of an HTML page, with or without its DOCTYPE. */
bool lookalike_is_html(struct str bytes);

#endif
