/* Failures of TLS. Below stream.c. */
#include "deliver/tls_reason.h"

#include <errno.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

/* Alerts about the certificate of who they are sent to; handshake_failure is all that TLS 1.2 has for
 * "none at all". */
static bool
tls_is_about_certificate(int alert)
{
    return alert == SSL_AD_HANDSHAKE_FAILURE || alert == SSL_AD_BAD_CERTIFICATE ||
           alert == SSL_AD_UNSUPPORTED_CERTIFICATE || alert == SSL_AD_CERTIFICATE_REVOKED ||
           alert == SSL_AD_CERTIFICATE_EXPIRED || alert == SSL_AD_CERTIFICATE_UNKNOWN ||
           alert == SSL_AD_UNKNOWN_CA || alert == SSL_AD_ACCESS_DENIED ||
           alert == SSL_AD_DECRYPT_ERROR || alert == SSL_AD_CERTIFICATE_REQUIRED;
}

static struct str
tls_alert_reason(const struct tls_failure *f, int alert, const char *why, struct arena *a)
{
    bool has_certificate = SSL_get_certificate(f->ssl) != NULL;
    if (!tls_is_about_certificate(alert))
        return arena_fmt(a, "the receiver refuses: %s", why);
    return has_certificate
               ? arena_fmt(a, "the receiver refuses our client certificate (tls-cert): %s", why)
               : arena_fmt(a, "the receiver wants a client certificate and tls-cert names none: %s",
                           why);
}

/* Nobody said why. */
static struct str
tls_end_reason(const struct tls_failure *f, const char *how, struct arena *a)
{
    if (!f->is_shaken)
        return arena_fmt(a,
                         "%s in the handshake of TLS: a port without TLS, or a certificate that "
                         "the receiver refuses without a word (tls-cert)",
                         how);
    if (!f->is_silent)
        return str_c(how);
    return arena_fmt(a,
                     "%s without a reason: it ended, or refuses our client certificate, which "
                     "some receivers do not say (tls-cert%s)",
                     how, SSL_get_certificate(f->ssl) ? "" : " names none");
}

struct str
tls_reason(const struct tls_failure *f, struct arena *a)
{
    long verdict = f->ssl ? SSL_get_verify_result(f->ssl) : X509_V_OK;
    int reason = ERR_GET_REASON(f->code);
    const char *why = f->code ? ERR_reason_error_string(f->code) : NULL;
    bool is_end = f->code ? reason == SSL_R_UNEXPECTED_EOF_WHILE_READING : !f->error;
    if (!why)
        why = f->code ? "unknown" : strerror(f->error);
    if (verdict != X509_V_OK)
        return arena_fmt(a, "we refuse the receiver's certificate: %s",
                         X509_verify_cert_error_string(verdict));
    if (f->ssl && f->code && reason > SSL_AD_REASON_OFFSET)
        return tls_alert_reason(f, reason - SSL_AD_REASON_OFFSET, why, a);
    if (is_end)
        return tls_end_reason(f, "the peer hung up", a);
    return !f->code && (f->error == ECONNRESET || f->error == EPIPE) ? tls_end_reason(f, why, a)
                                                                     : arena_str(a, str_c(why));
}
