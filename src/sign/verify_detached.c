/* Checking the signature that an agent put beside its file: `openssl cms -sign -binary` and what
 * is like it. Other than verify_cms.c, which is strict about the shape of our own seals, this asks
 * only what decides: one signer, a SHA-2 digest, signed attributes, and a certificate that is
 * enrolled itself. Chains are not followed: whoever has a certificate of the same authority is not
 * that agent. Behind it comes intake/enrol.c. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "base/mem.h"
#include "sign/inner.h"

enum { MAX_BUNDLE = 1 << 26, MAX_SIGNATURE = 1 << 18, MAX_NAMES = 100 };

struct sign_pins {
    STACK_OF(X509) * certs;
};

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct sign_pins *, sign_pins_free)

/* ---- enrolled certificates ---- */

/* A certificate that cannot be read must not hide those behind it. */
static int
add_file(struct sign_pins *p, const char *path, struct diag *d)
{
    struct str text;
    if (file_slurp(path, MAX_BUNDLE, d->arena, &text, d) != 0)
        return diag_context(d, "agent-certs");
    AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(text.s, (int)text.len);
    int n = 0;
    for (X509 *c; in && (c = PEM_read_bio_X509(in, NULL, NULL, NULL)); n++)
        if (!sk_X509_push(p->certs, c)) {
            X509_free(c);
            return key_openssl_fail(d, DIAG_INTERNAL, "cannot keep a certificate");
        }
    unsigned long e = ERR_peek_last_error();
    bool at_end = ERR_GET_LIB(e) == ERR_LIB_PEM && ERR_GET_REASON(e) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (at_end && n > 0)
        return 0;
    if (n == 0)
        diag_fail(d, DIAG_CONFIG, "agent-certs: there is no PEM certificate");
    else
        diag_fail(d, DIAG_CONFIG, "agent-certs: certificate %d cannot be read", n + 1);
    return diag_at(d, "%s", path);
}

static int
add_folder(struct sign_pins *p, const char *path, struct diag *d)
{
    AUTO(closedir_auto) DIR *dir = opendir(path);
    if (!dir) {
        diag_fail(d, DIAG_CONFIG, "agent-certs: cannot list: %s", strerror(errno));
        return diag_at(d, "%s", path);
    }
    for (struct dirent *e; (e = readdir(dir));) {
        struct str name = str_c(e->d_name);
        if (name.s[0] == '.' || (!str_ends(name, ".pem") && !str_ends(name, ".crt")))
            continue;
        if (add_file(p, file_join(d->arena, path, name.s).s, d) != 0)
            return -1;
    }
    return 0;
}

int
sign_load_pins(const char *path, struct sign_pins **ret, struct diag *d)
{
    struct stat st;
    AUTO(sign_pins_free_auto) struct sign_pins *p = mem_alloc(sizeof *p);
    p->certs = sk_X509_new_null();
    if (!p->certs)
        return key_openssl_fail(d, DIAG_INTERNAL, "cannot make a list of certificates");
    bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    if ((folder ? add_folder : add_file)(p, path, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return -1;
    }
    *ret = AUTO_TAKE(p);
    return 0;
}

void
sign_pins_free(struct sign_pins *p)
{
    if (!p)
        return;
    sk_X509_pop_free(p->certs, X509_free);
    free(p);
}

/* ---- names ---- */

static void
add_name(struct sign_detached *s, ASN1_STRING *text, struct arena *a)
{
    unsigned char *utf8 = NULL;
    int n = ASN1_STRING_to_UTF8(&utf8, text);
    if (n > 0 && s->names.n < MAX_NAMES)
        *VEC_PUSH(a, &s->names) = arena_str(a, str_n((const char *)utf8, (size_t)n));
    OPENSSL_free(utf8);
}

static void
add_names(struct sign_detached *s, X509 *cert, struct arena *a)
{
    X509_NAME *subject = X509_get_subject_name(cert);
    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0;)
        add_name(s, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i)), a);
    GENERAL_NAMES *alt = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(alt); i++) {
        int type;
        ASN1_STRING *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(alt, i), &type);
        if (type == GEN_DNS)
            add_name(s, value, a);
    }
    GENERAL_NAMES_free(alt);
}

bool
sign_detached_names(const struct sign_detached *s, struct str name)
{
    for (size_t i = 0; i < s->names.n; i++)
        if (name.len && str_eq(s->names.v[i], name))
            return true;
    return false;
}

/* ---- the signature ---- */

static CMS_ContentInfo *
read_signature(struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.s;
    if (str_find(bytes, "-----BEGIN ") >= 0) {
        AUTO(BIO_free_all_auto) BIO *in = BIO_new_mem_buf(bytes.s, (int)bytes.len);
        return in ? PEM_read_bio_CMS(in, NULL, NULL, NULL) : NULL;
    }
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)bytes.len);
    if (!cms || p == (const unsigned char *)bytes.s + bytes.len)
        return cms;
    CMS_ContentInfo_free(cms); /* something follows it */
    return NULL;
}

static const char *
check_validity(const X509 *cert)
{
    if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0)
        return "the signer's certificate is not valid yet";
    if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
        return "the signer's certificate has expired";
    return NULL;
}

void
sign_pins_count(const struct sign_pins *p, size_t *ret_n, size_t *ret_n_valid)
{
    *ret_n = (size_t)sk_X509_num(p->certs);
    *ret_n_valid = 0;
    for (int i = 0; i < sk_X509_num(p->certs); i++)
        *ret_n_valid += !check_validity(sk_X509_value(p->certs, i));
}

/* Everything but the bytes; the signer is one of the enrolled certificates or there is none. */
static const char *
check_shape(CMS_ContentInfo *cms, const struct sign_pins *pins, X509 **ret_signer)
{
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
        return "the signature is no CMS SignedData";
    if (CMS_is_detached(cms) != 1 || OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data)
        return "the signature is not detached";
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    if (sk_CMS_SignerInfo_num(infos) != 1)
        return "want exactly one signer";
    CMS_SignerInfo *si = sk_CMS_SignerInfo_value(infos, 0);
    CMS_set1_signers_certs(cms, pins->certs, CMS_NOINTERN);
    CMS_SignerInfo_get0_algs(si, NULL, ret_signer, NULL, NULL);
    if (!*ret_signer)
        return "the signer's certificate is not among agent-certs";
    const char *why = check_validity(*ret_signer);
    if (!why)
        why = key_unfit(*ret_signer);
    if (why)
        return why;
    X509_ALGOR *digest;
    CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, NULL);
    int md = OBJ_obj2nid(digest->algorithm);
    if (md != NID_sha256 && md != NID_sha384 && md != NID_sha512)
        return "the digest algorithm of the signature is not SHA-2";
    return CMS_signed_get_attr_count(si) < 1 ? "the signature has no signed attributes" : NULL;
}

/* The digest of the very bytes that were verified goes back to the caller, who parsed them in
 * another reading. */
static const char *
check_bytes(CMS_ContentInfo *cms, const struct sign_pins *pins, const char *path,
            struct sha256_digest *ret)
{
    EVP_MD_CTX *ctx = NULL;
    unsigned n = 0;
    AUTO(BIO_free_all_auto) BIO *file = BIO_new_file(path, "rb");
    AUTO(BIO_free_all_auto) BIO *md = BIO_new(BIO_f_md());
    if (!file || !md || !BIO_set_md(md, EVP_sha256()))
        return "the file cannot be read again";
    BIO_push(md, AUTO_TAKE(file)); /* freed with md now */
    int ok = CMS_verify(cms, pins->certs, NULL, md, NULL,
                        CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY);
    if (ok != 1)
        return "the signature does not fit: the file was changed after signing, or it was signed "
               "with another key or without -binary";
    if (BIO_get_md_ctx(md, &ctx) != 1 || !EVP_DigestFinal_ex(ctx, ret->b, &n))
        return "the digest cannot be computed";
    assert(n == SHA256_SIZE);
    return NULL;
}

int
sign_verify_detached(const struct sign_pins *pins, const char *path, const char *signature_path,
                     struct arena *a, struct sign_detached *ret, struct diag *d)
{
    struct str bytes;
    X509 *signer = NULL;
    struct sign_detached s = {0};
    assert(pins);
    if (file_slurp(signature_path, MAX_SIGNATURE, a, &bytes, d) != 0)
        return -1;
    AUTO(CMS_ContentInfo_free_auto) CMS_ContentInfo *cms = read_signature(bytes);
    const char *why = cms ? check_shape(cms, pins, &signer) : "the signature is no CMS";
    if (!why)
        why = check_bytes(cms, pins, path, &s.sha256);
    ERR_clear_error();
    if (why)
        return diag_fail(d, DIAG_VERIFY, "%s", why);
    key_describe(signer, a, &s.signer);
    add_names(&s, signer, a);
    *ret = s;
    return 0;
}
