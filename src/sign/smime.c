/* S/MIME: entities of mail around entities of mail. Over cms.c and sealed.c; job/letter.c calls it. */
#include "sign/smime.h"

#include <assert.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "base/mime.h"
#include "sign/inner.h"

enum { MAX_CERTS = 1 << 20 };

int
smime_sign(const struct sign_signer *s, struct str entity, struct arena *a, struct str *ret,
           struct diag *d)
{
    struct str cms;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    if (sign_cms(s, entity, a, &cms, d) != 0)
        return -1;
    struct str boundary = mime_boundary(a, "signed", entity);
    buf_puts(&out, "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n"
                   " micalg=sha-256");
    mime_put_parameter(&out, "boundary", boundary);
    buf_fmt(&out, "\r\n\r\n--%.*s\r\n", STR_ARG(boundary));
    buf_str(&out, entity);
    buf_fmt(&out,
            "\r\n--%.*s\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n",
            STR_ARG(boundary));
    mime_put_base64(&out, cms);
    buf_fmt(&out, "\r\n--%.*s--\r\n", STR_ARG(boundary));
    *ret = buf_give(&out, a);
    return 0;
}

/* ---- encryption ---- */

/* Adds the certificate when it is the address's; *n counts those. */
static int
smime_add(CMS_ContentInfo *cms, X509 *cert, struct str address, int64_t now, int *n, struct diag *d)
{
    time_t at = (time_t)now;
    if (X509_check_email(cert, address.s, address.len, 0) != 1)
        return 0;
    const char *why = sealed_unfit_to_receive(cert);
    if (!why && X509_cmp_time(X509_get0_notAfter(cert), &at) < 0)
        why = "it has expired";
    if (why)
        return diag_fail(d, DIAG_CONFIG, "nothing can be encrypted for %.*s: %s", STR_ARG(address),
                         why);
    if (!sealed_add_receiver(cms, cert))
        return key_openssl_fail(d, DIAG_CONFIG, "nothing can be encrypted for the certificate");
    ++*n;
    return 0;
}

static int
smime_add_all(CMS_ContentInfo *cms, const char *certs, struct str address, int64_t now,
              struct diag *d)
{
    struct str text;
    int n = 0;
    if (file_slurp(certs, MAX_CERTS, d->arena, &text, d) != 0)
        return -1;
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(text.s, (int)text.len);
    assert(in);
    for (;;) {
        AUTO(X509_free_auto) X509 *cert = PEM_read_bio_X509(in, NULL, NULL, NULL);
        if (!cert)
            break;
        if (smime_add(cms, cert, address, now, &n, d) != 0)
            return diag_at(d, "%s", certs);
    }
    ERR_clear_error();
    if (n > 0)
        return 0;
    diag_fail(d, DIAG_CONFIG, "no certificate in it has the address %.*s", STR_ARG(address));
    return diag_at(d, "%s", certs);
}

int
smime_encrypt(const char *certs, struct str address, int64_t now, struct str entity,
              struct arena *a, struct str *ret, struct diag *d)
{
    char *der;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(entity.s, (int)entity.len);
    AUTO(BIO_free_all_auto) BIO *to = BIO_new(BIO_s_mem());
    AUTO(CMS_ContentInfo_free_auto)
    CMS_ContentInfo *cms = CMS_encrypt(NULL, NULL, EVP_aes_256_cbc(), CMS_PARTIAL | CMS_BINARY);
    if (!in || !to || !cms)
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot begin an envelope");
    if (smime_add_all(cms, certs, address, now, d) != 0)
        return -1;
    if (!CMS_final(cms, in, NULL, CMS_BINARY) || !i2d_CMS_bio(to, cms))
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot encrypt");
    long n = BIO_get_mem_data(to, &der);
    assert(n > 0);
    buf_puts(&out, "Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\r\n"
                   " name=\"smime.p7m\"\r\nContent-Transfer-Encoding: base64\r\n"
                   "Content-Disposition: attachment; filename=\"smime.p7m\"\r\n\r\n");
    mime_put_base64(&out, str_n(der, (size_t)n));
    *ret = buf_give(&out, a);
    return 0;
}
