/* What a status of HTTP means for the messages of a request.
 * What:   2xx took them. 408, 409, 425, 429 and most of 5xx pass; 3xx, 401, 403, 404 and the like are
 *         about the target and its token, whatever is sent; every other 4xx is about what was sent.
 *         Redirections are not followed: they would carry the token and the records elsewhere.
 * Owner:  texts are only read.
 * Units:  none.
 * Errors: DIAG_UNAVAILABLE, DIAG_CONFIG, DIAG_CANNOT_WRITE as in deliver/outlet.h.
 * See:    RFC 9110 §15; RFC 6585 §4 (429), RFC 8470 §5.2 (425) */
#ifndef DELIVER_VERDICT_H
#define DELIVER_VERDICT_H

#include "base/diag.h"

/* The code of a status: DIAG_OK for 2xx. */
enum diag_code verdict_code(long status);
/* 0 for 2xx; else a failure "STATUS: what it means: the beginning of what the server said". What
 * was said is left out when the secret stands in it. */
int verdict_of(long status, struct str said, struct str secret, struct diag *d);
/* The beginning of what a peer said on one line, or empty when the secret stands in it. */
struct str verdict_said(struct str said, struct str secret, struct arena *a);

#endif
