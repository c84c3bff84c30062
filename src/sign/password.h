/* Passwords of groups: kept as a salted hash, compared without telling by time how close one was.
 * What:   text form "$scrypt$LN$R$P$SALT$HASH" (RFC 7914; LN = log2 of N; salt and hash in hex).
 * Owner:  the given arena; password_wipe clears bytes that the caller owns.
 * Units:  bytes.
 * Errors: DIAG_CONFIG (not such a text), DIAG_INTERNAL.   See: doc/enrolment.md */
#ifndef SIGN_PASSWORD_H
#define SIGN_PASSWORD_H

#include "base/diag.h"

struct password;

enum { PASSWORD_MAX = 1024 };

/* The text form of a new salted hash of secret (1 to PASSWORD_MAX bytes). */
int password_hash(struct str secret, struct arena *a, struct str *ret, struct diag *d);
/* Reads a text form. */
int password_parse(struct str text, struct arena *a, struct password **ret, struct diag *d);
/* True when secret is the password. The one that fitted last is known again without the costly
 * hash, by a keyed digest: not for several threads at once. */
bool password_fits(struct password *p, struct str secret);
/* Overwrites the bytes, also where a compiler sees no reader. */
void password_wipe(struct str secret);

#endif
