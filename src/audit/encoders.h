/* The encoders there are; listed in encode.c.
 * What:   one const struct a format.   Owner: static.   Units: none.   Errors: none. */
#ifndef AUDIT_ENCODERS_H
#define AUDIT_ENCODERS_H

#include "audit/encode.h"

extern const struct audit_encoder rfc5424_encoder, cef_encoder, jsonl_encoder;

/* "f: old -> new; …" of all changes, one line, values withheld for secrets. */
struct str encode_changes(const struct audit_record *r, struct arena *a);

#endif
