/* What a certificate says, and OpenSSL's reasons; under all files of the room that look at one. */
#include <assert.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "sign/inner.h"

int
key_openssl_fail(struct diag *d, enum diag_code code, const char *what)
{
    char why[256] = "unknown reason";
    unsigned long e = ERR_peek_last_error();
    if (e)
        ERR_error_string_n(e, why, sizeof why);
    ERR_clear_error();
    return diag_fail(d, code, "%s: %s", what, why);
}

const char *
key_unfit(X509 *cert)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);
    int type = key ? EVP_PKEY_get_base_id(key) : 0;
    if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC)
        return "the certificate's key is neither RSA nor EC";
    if (EVP_PKEY_get_security_bits(key) < KEY_STRENGTH)
        return "the certificate's key is too weak: RSA of 2048 bits or EC of 224 are the least";
    if (!(X509_get_key_usage(cert) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
        return "RFC 5280 §4.2.1.3: the certificate's keyUsage does not allow signatures";
    return NULL;
}

static struct str
name_text(X509_NAME *name, struct arena *a)
{
    char *data;
    AUTO(BIO_free_all_auto) BIO *out = BIO_new(BIO_s_mem());
    X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    long n = BIO_get_mem_data(out, &data);
    return arena_str(a, str_n(data, n > 0 ? (size_t)n : 0));
}

static int64_t
time_of(const ASN1_TIME *t)
{
    struct tm tm;
    return ASN1_TIME_to_tm(t, &tm) ? (int64_t)timegm(&tm) : CLOCK_NONE;
}

void
key_describe(X509 *cert, struct arena *a, struct sign_certificate *ret)
{
    struct sha256_digest d;
    unsigned size = sizeof d.b;
    AUTO_BUF serial = buf_init(256);
    const ASN1_INTEGER *n = X509_get0_serialNumber(cert);
    buf_hex(&serial, ASN1_STRING_get0_data(n), (size_t)ASN1_STRING_length(n));
    X509_digest(cert, EVP_sha256(), d.b, &size);
    *ret = (struct sign_certificate){
        .subject = name_text(X509_get_subject_name(cert), a),
        .issuer = name_text(X509_get_issuer_name(cert), a),
        .serial_hex = arena_str(a, buf_view(&serial)),
        .sha256_hex = sha256_hex(a, &d),
        .not_before = time_of(X509_get0_notBefore(cert)),
        .not_after = time_of(X509_get0_notAfter(cert)),
        .self_signed = X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0,
    };
}
