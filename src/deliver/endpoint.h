/* What the outlets over HTTP have in common: a target's address, its token, one request.
 * What:   a peer is "HOST[:PORT][/PATH]". Without TLS only a peer on this host is taken, unless the
 *         site asked for legacy. The token stands in a header and nowhere else, also not in a
 *         failure's text.
 * Owner:  endpoint_close releases; the options are the caller's, as long as the session.
 * Units:  bytes, messages, seconds.
 * Errors: those of deliver/outlet.h; the place is the peer.
 * See:    RFC 3986 §3.2, RFC 6750 §2.1 */
#ifndef DELIVER_ENDPOINT_H
#define DELIVER_ENDPOINT_H

#include "base/buf.h"
#include "deliver/http.h"
#include "deliver/outlet.h"

enum { ENDPOINT_HEADERS = 8 };

struct endpoint_kind {
    bool plain;               /* http, not https */
    int port;                 /* when the peer names none */
    size_t max_answer;        /* as in struct http_options */
    const char *token_prefix; /* in Authorization before the token: "Bearer" */
};

struct endpoint {
    struct arena *a;
    struct http *http;
    struct str peer;
    struct str url;
    struct str path;           /* of it: empty, or from its slash on */
    struct str auth;           /* the header; empty = none */
    struct str secret;         /* what must not be told */
    struct str success_member; /* as in struct outlet_options */
    int64_t wait_s;            /* what the last answer asked for */
    int64_t end_ms;            /* no request lasts longer, by env_mono_ms(); 0 = none was said */
};

/* Prepares it; nothing goes out yet. */
int endpoint_open(struct str peer, const struct endpoint_kind *kind, const struct outlet_options *o,
                  struct endpoint **ret, struct diag *d);
/* Releases what open made: close of an outlet whose session is an endpoint. */
void endpoint_close(void *self);
/* What the last answer asked for: wait_s of such an outlet. */
int64_t endpoint_wait_s(void *self);
/* All requests until the next call of this must be over in so many milliseconds. */
void endpoint_begin(struct endpoint *e, int64_t ms);
/* Sends the body to the address and what is put behind it, with n more headers (at most
 * ENDPOINT_HEADERS). The answer's status is the caller's to judge. */
int endpoint_post(struct endpoint *e, const char *behind, const struct str *headers, size_t n,
                  const struct buf *body, struct http_answer *ret, struct diag *d);
/* The peer has said that it takes nothing now, whatever is sent: it is left alone for a second at
 * least, so that no message is suspected. endpoint_post does so for the statuses that say it. */
void endpoint_note_busy(struct endpoint *e);
/* "Name: text" with all that may not stand in a header replaced. */
struct str endpoint_header(const char *name, struct str text, struct arena *a);

#endif
