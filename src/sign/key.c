/* Keys and certificates: made for first use, loaded from PEM and PKCS#12. key_certificate.c says what is
 * in one. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/mem.h"
#include "sign/trust.h"

AUTO_DEFINE(PKCS12 *, PKCS12_free)

enum {
    MAX_KEY_FILE = 1 << 20,
    SERIAL_SIZE = 16,
    MAX_NAME = 64,       /* RFC 5280, ub-common-name */
    SEAL_RSA_BITS = 3000, /* SOG-IS: less is unfit since 2026 */
    SEAL_EC_BITS = 256
};

/* ---- making ---- */

static int
add_extension(X509 *cert, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    int ok = e && X509_add_ext(cert, e, -1);
    X509_EXTENSION_free(e);
    return ok;
}

static int
set_serial(X509 *cert)
{
    unsigned char bytes[SERIAL_SIZE];
    env_random(bytes, sizeof bytes);
    bytes[0] &= 0x7f; /* RFC 5280 §4.1.2.2: positive, at most 20 octets */
    BIGNUM *n = BN_bin2bn(bytes, sizeof bytes, NULL);
    int ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
    BN_free(n);
    return ok;
}

static int
fill_certificate(X509 *cert, EVP_PKEY *key, struct str cn, int days)
{
    X509_NAME *name = X509_get_subject_name(cert);
    return X509_set_version(cert, 2) && set_serial(cert) &&
           X509_gmtime_adj(X509_getm_notBefore(cert), -300) && /* for clocks that go behind */
           X509_time_adj_ex(X509_getm_notAfter(cert), days, 0, NULL) &&
           X509_set_pubkey(cert, key) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn.s,
                                      (int)cn.len, -1, 0) &&
           X509_set_issuer_name(cert, name) &&
           add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(cert, NID_key_usage, "critical,digitalSignature,nonRepudiation") &&
           add_extension(cert, NID_subject_key_identifier, "hash") &&
           X509_sign(cert, key, EVP_sha256());
}

/* A new file of that mode; an existing one is never touched. */
static int
write_new(const char *path, BIO *pem, unsigned mode, struct diag *d)
{
    char *data;
    long n = BIO_get_mem_data(pem, &data);
    assert(n > 0);
    AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd >= 0 && fchmod(fd, mode) == 0 && write(fd, data, (size_t)n) == n && fsync(fd) == 0)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot write: %s", strerror(errno));
    if (fd >= 0)
        unlink(path);
    return diag_at(d, "%s", path);
}

/* Half a pair is of no use, and would be in the way of the next attempt. */
static int
write_pair(const char *key_path, BIO *key, const char *cert_path, BIO *cert, struct diag *d)
{
    if (file_exists(cert_path)) {
        diag_fail(d, DIAG_CANNOT_WRITE, "there is a certificate already, it is not overwritten");
        return diag_at(d, "%s", cert_path);
    }
    if (write_new(key_path, key, 0600, d) != 0)
        return -1;
    if (write_new(cert_path, cert, 0644, d) == 0)
        return 0;
    unlink(key_path);
    return -1;
}

int
sign_make_key(const char *key_path, const char *cert_path, struct str cn, int days, struct diag *d)
{
    assert(key_path && cert_path);
    if (cn.len < 1 || cn.len > MAX_NAME || days < 1)
        return diag_fail(d, DIAG_CONFIG,
                         "a certificate wants a name of 1 to %d bytes and a day or more", MAX_NAME);
    AUTO(EVP_PKEY_free_auto) EVP_PKEY *key = EVP_EC_gen("P-256");
    AUTO(X509_free_auto) X509 *cert = X509_new();
    AUTO(BIO_free_all_auto) BIO *key_pem = BIO_new(BIO_s_secmem());
    AUTO(BIO_free_all_auto) BIO *cert_pem = BIO_new(BIO_s_mem());
    if (!key || !cert || !key_pem || !cert_pem || !fill_certificate(cert, key, cn, days) ||
        !PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) ||
        !PEM_write_bio_X509(cert_pem, cert))
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot make a key");
    return write_pair(key_path, key_pem, cert_path, cert_pem, d);
}

/* ---- fitness ---- */

/* A certificate signed with MD5 or SHA-1 may be one of two with one signature. */
static bool
has_weak_hash(X509 *cert)
{
    int md = NID_undef;
    return !X509_get_signature_info(cert, &md, NULL, NULL, NULL) || md == NID_sha1 ||
           md == NID_md5 || md == NID_md5_sha1 || md == NID_ripemd160 || md == NID_md4;
}

/* What was sealed before may still be verified with less: here it is about new seals, which shall hold
 * for years. */
static const char *
unfit_to_seal(X509 *cert)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);
    const char *why = key_unfit(cert);
    if (why)
        return why;
    int type = EVP_PKEY_get_base_id(key), bits = EVP_PKEY_get_bits(key);
    if (type == EVP_PKEY_RSA && bits < SEAL_RSA_BITS)
        return "the certificate's key is too weak for new seals: RSA wants 3000 bits or more, and "
               "P-256 is faster";
    if (type == EVP_PKEY_EC && bits < SEAL_EC_BITS)
        return "the certificate's key is too weak for new seals: EC wants 256 bits or more";
    if (has_weak_hash(cert))
        return "the certificate is signed with SHA-1 or weaker: let it be issued anew";
    return trust_wrong_purpose(cert);
}

int
sign_check_validity(const struct sign_signer *s, int64_t now, struct diag *d)
{
    struct sign_certificate c;
    key_describe(s->cert, d->arena, &c);
    if (c.not_before > now)
        return diag_fail(d, DIAG_CONFIG,
                         "the signing certificate is not yet valid: it begins on %.*s",
                         STR_ARG(clock_date(d->arena, c.not_before)));
    if (c.not_after <= now)
        return diag_fail(d, DIAG_CONFIG, "the signing certificate has expired: it ended on %.*s",
                         STR_ARG(clock_date(d->arena, c.not_after)));
    return 0;
}

/* Only what leads up from the signer goes along: PKCS#12 files often hold more, in any order. */
static void
keep_chain(struct sign_signer *s)
{
    enum { MAX_CHAIN = 10 };
    STACK_OF(X509) *kept = sk_X509_new_null();
    X509 *lower = s->cert;
    assert(kept && lower);
    for (int i = 0; i < sk_X509_num(s->chain) && sk_X509_num(kept) < MAX_CHAIN;) {
        X509 *upper = sk_X509_value(s->chain, i++);
        if (X509_cmp(upper, lower) == 0 || X509_check_issued(upper, lower) != X509_V_OK)
            continue;
        if (!X509_up_ref(upper) || !sk_X509_push(kept, upper))
            break;
        lower = upper;
        i = 0;
    }
    sk_X509_pop_free(s->chain, X509_free);
    s->chain = kept;
}

static int
check_signer(struct sign_signer *s, const char *path, struct diag *d)
{
    const char *why = unfit_to_seal(s->cert);
    if (!why && X509_check_private_key(s->cert, s->key) != 1)
        why = "the key does not belong to the certificate";
    keep_chain(s);
    ERR_clear_error();
    if (!why)
        return 0;
    diag_fail(d, DIAG_CONFIG, "%s", why);
    return diag_at(d, "%s", path);
}

/* ---- loading ---- */

/* Opens what must stay secret; the check is made on the open file, so nobody can change it between.
 */
static BIO *
open_private(const char *path, struct diag *d)
{
    struct stat st;
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *f = NULL;
    if (fd < 0 || fstat(fd, &st) != 0)
        diag_fail(d, DIAG_CONFIG, "cannot read the signing key: %s", strerror(errno));
    else if (!S_ISREG(st.st_mode) || st.st_size > MAX_KEY_FILE)
        diag_fail(d, DIAG_CONFIG, "the signing key is no file of at most 1 MB");
    else if (st.st_mode & (S_IRWXG | S_IRWXO))
        diag_fail(d, DIAG_CONFIG, "the signing key is open to other users: chmod 600 %s", path);
    else if ((f = fdopen(fd, "rb")))
        fd = -1;
    BIO *in = f ? BIO_new_fp(f, BIO_CLOSE) : NULL;
    if (!in) {
        diag_fail(d, DIAG_CONFIG, "cannot read the signing key");
        diag_at(d, "%s", path);
    }
    return in;
}

/* Without a passphrase OpenSSL would ask on the terminal: cron has none. */
static int
give_passphrase(char *to, int size, int rwflag, void *passphrase)
{
    (void)rwflag;
    assert(size > 0);
    size_t n = passphrase ? strlen(passphrase) : 0;
    if (!passphrase || n > (size_t)size)
        return -1;
    memcpy(to, passphrase, n);
    return (int)n;
}

static int
load_certificates(struct sign_signer *s, const char *path, struct diag *d)
{
    struct str text;
    if (file_slurp(path, MAX_KEY_FILE, d->arena, &text, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return diag_context(d, "the signing certificate");
    }
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(text.s, (int)text.len);
    s->cert = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
    s->chain = sk_X509_new_null();
    for (X509 *more; s->cert && (more = PEM_read_bio_X509(in, NULL, NULL, NULL));)
        sk_X509_push(s->chain, more);
    unsigned long e = ERR_peek_last_error();
    bool at_end = ERR_GET_LIB(e) == ERR_LIB_PEM && ERR_GET_REASON(e) == PEM_R_NO_START_LINE;
    if (s->cert && at_end) {
        ERR_clear_error();
        return 0;
    }
    key_openssl_fail(d, DIAG_CONFIG, "cannot read the PEM certificates");
    return diag_at(d, "%s", path);
}

int
sign_load_pem(const char *cert_path, const char *key_path, const char *passphrase,
              struct sign_signer **ret, struct diag *d)
{
    assert(cert_path && key_path);
    AUTO(BIO_free_all_auto) BIO *in = open_private(key_path, d);
    if (!in)
        return -1;
    struct sign_signer *s = mem_alloc(sizeof *s);
    s->key = PEM_read_bio_PrivateKey(in, NULL, give_passphrase, (void *)(uintptr_t)passphrase);
    if (!s->key) {
        key_openssl_fail(d, DIAG_CONFIG,
                         passphrase ? "cannot read the key (wrong passphrase?)"
                                    : "cannot read the key (passphrase missing?)");
        diag_at(d, "%s", key_path);
    }
    if (!s->key || load_certificates(s, cert_path, d) != 0 || check_signer(s, key_path, d) != 0) {
        sign_signer_free(s);
        return -1;
    }
    *ret = s;
    return 0;
}

int
sign_load_p12(const char *path, const char *passphrase, struct sign_signer **ret, struct diag *d)
{
    assert(path);
    AUTO(BIO_free_all_auto) BIO *in = open_private(path, d);
    if (!in)
        return -1;
    AUTO(PKCS12_free_auto) PKCS12 *p12 = d2i_PKCS12_bio(in, NULL);
    struct sign_signer *s = mem_alloc(sizeof *s);
    int rc = 0;
    if (!p12 || !PKCS12_parse(p12, passphrase ? passphrase : "", &s->key, &s->cert, &s->chain) ||
        !s->key || !s->cert) {
        rc = key_openssl_fail(d, DIAG_CONFIG, "cannot read PKCS#12 (wrong passphrase?)");
        diag_at(d, "%s", path);
    }
    if (rc != 0 || check_signer(s, path, d) != 0) {
        sign_signer_free(s);
        return -1;
    }
    *ret = s;
    return 0;
}

void
sign_signer_free(struct sign_signer *s)
{
    if (!s)
        return;
    EVP_PKEY_free(s->key);
    X509_free(s->cert);
    sk_X509_pop_free(s->chain, X509_free);
    free(s);
}

/* ---- describing ---- */

void
sign_describe(const struct sign_signer *s, struct arena *a, struct sign_certificate *ret)
{
    assert(s && s->cert && s->key);
    key_describe(s->cert, a, ret);
}
