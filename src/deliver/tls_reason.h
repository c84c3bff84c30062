/* Why TLS failed, in words that say which side it was.
 * What:   OpenSSL says "unexpected eof while reading" where a receiver does not take our certificate.
 *         An alert is the peer's refusal, a verdict on its certificate is ours.
 * Owner:  the session stays the caller's; the text lives in the arena.
 * Units:  none.
 * Errors: none.
 * See:    RFC 8446 §6.2, §4.4.2.4 */
#ifndef DELIVER_TLS_REASON_H
#define DELIVER_TLS_REASON_H

#include <openssl/ssl.h>

#include "base/arena.h"

struct tls_failure {
    const SSL *ssl;     /* NULL = there is no session yet */
    unsigned long code; /* of OpenSSL's queue; 0 = nothing stood there */
    int error;          /* errno of that moment; 0 = none */
    bool is_shaken;     /* the handshake was over, as far as we know */
    bool is_silent;     /* the peer has never sent data */
};

/* One line. */
struct str tls_reason(const struct tls_failure *f, struct arena *a);

#endif
