/* Whose refusal a failure of TLS was. Against real receivers: e2e/export/syslog-ng.sh. */
#include "deliver/tls_reason.h"

#include <errno.h>

#include <openssl/err.h>

#include "check.h"

int
main(void)
{
    struct arena *a = arena_new();
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(ctx);
    unsigned long alert = ERR_PACK(ERR_LIB_SSL, 0, SSL_AD_REASON_OFFSET + SSL_AD_UNKNOWN_CA);
    unsigned long other = ERR_PACK(ERR_LIB_SSL, 0, SSL_AD_REASON_OFFSET + SSL_AD_INTERNAL_ERROR);
    unsigned long eof = ERR_PACK(ERR_LIB_SSL, 0, SSL_R_UNEXPECTED_EOF_WHILE_READING);
    const struct {
        struct tls_failure f;
        const char *begins;
    } rows[] = {
        {{.ssl = ssl, .code = alert, .is_shaken = true},
         "the receiver wants a client certificate and tls-cert names none: "},
        {{.ssl = ssl, .code = other, .is_shaken = true}, "the receiver refuses: "},
        {{.ssl = ssl, .code = eof, .is_shaken = true, .is_silent = true},
         "the peer hung up without a reason: it ended, or refuses our client certificate"},
        {{.ssl = ssl, .error = ECONNRESET, .is_shaken = true, .is_silent = true},
         "Connection reset by peer without a reason: it ended, or refuses our client certificate"},
        {{.ssl = ssl, .code = eof, .is_shaken = true}, "the peer hung up"},
        {{.ssl = ssl, .code = eof}, "the peer hung up in the handshake of TLS: a port without TLS"},
        {{.ssl = ssl}, "the peer hung up in the handshake of TLS"},
        {{.ssl = ssl, .error = EINVAL, .is_shaken = true}, "Invalid argument"},
        {{.error = EINVAL}, "Invalid argument"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str said = tls_reason(&rows[i].f, a);
        if (!str_starts(said, rows[i].begins))
            fprintf(stderr, "  %.*s\n", STR_ARG(said));
        CHECK(str_starts(said, rows[i].begins));
    }
    SSL_set_verify_result(ssl, X509_V_ERR_CERT_HAS_EXPIRED);
    struct str said = tls_reason(&rows[0].f, a);
    CHECK(str_starts(said, "we refuse the receiver's certificate: certificate has expired"));
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    arena_free(a);
    return CHECK_DONE();
}
