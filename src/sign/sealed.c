/* Encryption of what leaves the house. Beside cms.c, which seals; both are about CMS and share nothing else. */
#include "sign/sealed.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "base/mem.h"
#include "sign/inner.h"

enum { MAX_CERTS = 1 << 20, MAX_HEADER = 1 << 20, OUT_BUFFER = 1 << 18 };

struct sealed {
    CMS_ContentInfo *cms;
    BIO *chain; /* ciphers in front of the file */
};

AUTO_DEFINE(struct sealed *, sealed_free)

void
sealed_free(struct sealed *e)
{
    if (!e)
        return;
    BIO_free_all(e->chain);
    CMS_ContentInfo_free(e->cms);
    free(e);
}

/* ---- sealing ---- */

const char *
sealed_unfit_to_receive(X509 *cert)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);
    if (!key || EVP_PKEY_get_security_bits(key) < KEY_STRENGTH)
        return "its key is weak, or of a kind that is not known";
    if (!(X509_get_key_usage(cert) & (KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT)))
        return "its keyUsage allows no encryption (keyEncipherment or keyAgreement)";
    return NULL;
}

bool
sealed_add_receiver(CMS_ContentInfo *cms, X509 *cert)
{
    CMS_RecipientInfo *r = CMS_add1_recipient_cert(cms, cert, CMS_KEY_PARAM);
    if (!r || CMS_RecipientInfo_type(r) != CMS_RECIPINFO_TRANS)
        return r;
    EVP_PKEY_CTX *ctx = CMS_RecipientInfo_get0_pkey_ctx(r);
    return ctx && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) > 0;
}

static int
add_recipients(CMS_ContentInfo *cms, const char *path, struct diag *d)
{
    struct str text;
    int n = 0;
    if (file_slurp(path, MAX_CERTS, d->arena, &text, d) != 0)
        return -1;
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(text.s, (int)text.len);
    assert(in);
    for (;; n++) {
        AUTO(X509_free_auto) X509 *cert = PEM_read_bio_X509(in, NULL, NULL, NULL);
        if (!cert)
            break;
        const char *why = sealed_unfit_to_receive(cert);
        if (why)
            diag_fail(d, DIAG_CONFIG, "certificate %d cannot receive a backup: %s", n + 1, why);
        else if (!sealed_add_receiver(cms, cert))
            key_openssl_fail(d, DIAG_CONFIG, "nothing can be encrypted for the certificate");
        if (diag_failed(d))
            return diag_at(d, "%s", path);
    }
    ERR_clear_error();
    if (n > 0)
        return 0;
    diag_fail(d, DIAG_CONFIG, "there is no certificate in PEM");
    return diag_at(d, "%s", path);
}

static int
write_header(CMS_ContentInfo *cms, int fd, struct diag *d)
{
    AUTO(BIO_free_all_auto) BIO *der = BIO_new(BIO_s_mem());
    char *data;
    if (!der || !i2d_CMS_bio(der, cms))
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot make an envelope");
    long n = BIO_get_mem_data(der, &data);
    assert(n > 0 && n <= MAX_HEADER);
    char len[4] = {(char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n};
    if (file_write_all(fd, str_n(len, sizeof len)) == 0 &&
        file_write_all(fd, str_n(data, (size_t)n)) == 0)
        return 0;
    return diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
}

int
sealed_begin(const char *recipients, int fd, struct sealed **ret, struct diag *d)
{
    AUTO(sealed_free_auto) struct sealed *e = mem_alloc(sizeof *e);
    AUTO(BIO_free_all_auto)
    BIO *file = BIO_new_fd(fd, BIO_NOCLOSE), *buffer = BIO_new(BIO_f_buffer());
    e->cms = CMS_encrypt(NULL, NULL, EVP_aes_256_cbc(), CMS_PARTIAL | CMS_DETACHED | CMS_BINARY);
    if (!e->cms || !file || !buffer || BIO_set_write_buffer_size(buffer, OUT_BUFFER) != 1)
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot begin an envelope");
    if (add_recipients(e->cms, recipients, d) != 0)
        return -1;
    BIO *out = BIO_push(AUTO_TAKE(buffer), AUTO_TAKE(file));
    e->chain = CMS_dataInit(e->cms, out);
    if (!e->chain) {
        BIO_free_all(out);
        return key_openssl_fail(d, DIAG_CONFIG, "nothing can be encrypted for the recipients");
    }
    if (write_header(e->cms, fd, d) != 0)
        return -1;
    *ret = AUTO_TAKE(e);
    return 0;
}

int
sealed_write(struct sealed *e, struct str bytes, struct diag *d)
{
    while (bytes.len) {
        errno = 0;
        int n = BIO_write(e->chain, bytes.s, bytes.len < INT_MAX ? (int)bytes.len : INT_MAX);
        if (n <= 0)
            return diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
        bytes = str_n(bytes.s + n, bytes.len - (size_t)n);
    }
    return 0;
}

int
sealed_end(struct sealed *e, struct diag *d)
{
    errno = 0;
    return BIO_flush(e->chain) == 1
               ? 0
               : diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
}

/* ---- reading ---- */

static int
read_header(BIO *in, CMS_ContentInfo **ret, struct diag *d)
{
    unsigned char head[4];
    size_t n = 0;
    if (BIO_read(in, head, sizeof head) == (int)sizeof head)
        n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (n == 0 || n > MAX_HEADER)
        return diag_fail(d, DIAG_BAD_DATA, "the envelope has no header of 1 to %d bytes",
                         MAX_HEADER);
    unsigned char *der = arena_alloc(d->arena, n);
    const unsigned char *p = der;
    size_t got = 0;
    for (int k; got < n && (k = BIO_read(in, der + got, (int)(n - got))) > 0;)
        got += (size_t)k;
    *ret = got == n ? d2i_CMS_ContentInfo(NULL, &p, (long)n) : NULL;
    if (*ret && p == der + n && OBJ_obj2nid(CMS_get0_type(*ret)) == NID_pkcs7_enveloped)
        return 0;
    ERR_clear_error();
    return diag_fail(d, DIAG_BAD_DATA, "the header of the envelope is no CMS EnvelopedData");
}

static int
unlock(CMS_ContentInfo *cms, const char *path, struct diag *d)
{
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_file(path, "rb");
    AUTO(EVP_PKEY_free_auto)
    EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, NULL, NULL) : NULL;
    if (!key) {
        key_openssl_fail(d, DIAG_CONFIG, "the private key cannot be read");
        return diag_at(d, "%s", path);
    }
    if (CMS_decrypt_set1_pkey(cms, key, NULL) == 1)
        return 0;
    ERR_clear_error();
    return diag_fail(d, DIAG_BAD_DATA, "the backup is not encrypted for the key of %s", path);
}

int
sealed_open(const char *key, int fd, struct sealed **ret, struct diag *d)
{
    AUTO(sealed_free_auto) struct sealed *e = mem_alloc(sizeof *e);
    AUTO(BIO_free_all_auto) BIO *file = BIO_new_fd(fd, BIO_NOCLOSE);
    assert(file);
    if (read_header(file, &e->cms, d) != 0 || unlock(e->cms, key, d) != 0)
        return -1;
    e->chain = CMS_dataInit(e->cms, file);
    if (!e->chain) {
        ERR_clear_error();
        return diag_fail(d, DIAG_BAD_DATA, "the backup is not encrypted for the key of %s", key);
    }
    AUTO_TAKE(file); /* freed with the chain now */
    *ret = AUTO_TAKE(e);
    return 0;
}

int
sealed_read(struct sealed *e, char *to, size_t n, size_t *ret_n, struct diag *d)
{
    errno = 0;
    int got = BIO_read(e->chain, to, n < INT_MAX ? (int)n : INT_MAX);
    if (got < 0 || (got == 0 && BIO_get_cipher_status(e->chain) != 1)) {
        ERR_clear_error();
        return diag_fail(d, errno ? DIAG_IO : DIAG_BAD_DATA, "cannot be decrypted to its end%s%s",
                         errno ? ": " : "",
                         errno ? strerror(errno)
                               : ": it was cut or changed, or the key is another");
    }
    *ret_n = (size_t)got;
    return 0;
}
