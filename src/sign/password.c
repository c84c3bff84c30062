/* Salted hashes of group passwords, by OpenSSL's scrypt. Made by `assay agent password`, read with
 * the settings, asked for each file by intake/enrol.c. */
#include "sign/password.h"

#include <assert.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/env.h"
#include "base/sha256.h"

enum {
    LN = 15, /* 32 MB and about a tenth of a second */
    R = 8,
    P = 1,
    MIN_LN = 10,
    MAX_LN = 20,
    MAX_R = 32,
    MAX_P = 16,
    SALT_SIZE = 16,
    MIN_SALT = 8,
    MAX_SALT = 64,
    HASH_SIZE = 32,
    KEY_SIZE = 32,
};

/* 128 · N · r bytes and as much again for what OpenSSL adds; a setting cannot ask for more. */
#define MAX_MEMORY ((uint64_t)512 << 20)

struct password {
    int64_t ln, r, p;
    unsigned char salt[MAX_SALT], hash[HASH_SIZE];
    size_t n_salt;
    unsigned char key[KEY_SIZE]; /* of the digest below, random */
    struct sha256_digest good;   /* keyed digest of the one that fitted last */
    bool has_good;
};

static bool
derive(const struct password *p, struct str secret, unsigned char *ret)
{
    int ok = EVP_PBE_scrypt(secret.s, secret.len, p->salt, p->n_salt, (uint64_t)1 << p->ln,
                            (uint64_t)p->r, (uint64_t)p->p, MAX_MEMORY, ret, HASH_SIZE);
    ERR_clear_error();
    return ok == 1;
}

static struct str
to_hex(struct arena *a, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return str_n(out, n * 2);
}

static int
digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes of a hex text that is not longer than max bytes; 0 = it is none. */
static size_t
from_hex(struct str text, unsigned char *out, size_t max)
{
    if (text.len % 2 || text.len / 2 > max)
        return 0;
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = digit(text.s[2 * i]), low = digit(text.s[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return text.len / 2;
}

int
password_hash(struct str secret, struct arena *a, struct str *ret, struct diag *d)
{
    struct password p = {.ln = LN, .r = R, .p = P, .n_salt = SALT_SIZE};
    if (secret.len == 0 || secret.len > PASSWORD_MAX)
        return diag_fail(d, DIAG_USAGE, "a password has 1 to %d bytes", PASSWORD_MAX);
    env_random(p.salt, SALT_SIZE);
    if (!derive(&p, secret, p.hash))
        return diag_fail(d, DIAG_INTERNAL, "cannot hash the password");
    *ret = arena_fmt(a, "$scrypt$%d$%d$%d$%s$%s", LN, R, P, to_hex(a, p.salt, SALT_SIZE).s,
                     to_hex(a, p.hash, HASH_SIZE).s);
    return 0;
}

static bool
take_number(struct str *rest, int64_t min, int64_t max, int64_t *ret)
{
    return str_to_i64(str_cut(rest, '$'), ret) && *ret >= min && *ret <= max;
}

int
password_parse(struct str text, struct arena *a, struct password **ret, struct diag *d)
{
    struct password *p = ARENA_NEW(a, struct password);
    struct str rest = text;
    if (str_cut(&rest, '$').len || !str_eqc(str_cut(&rest, '$'), "scrypt") ||
        !take_number(&rest, MIN_LN, MAX_LN, &p->ln) || !take_number(&rest, 1, MAX_R, &p->r) ||
        !take_number(&rest, 1, MAX_P, &p->p))
        return diag_fail(d, DIAG_CONFIG, "want $scrypt$…, as assay agent password prints it");
    p->n_salt = from_hex(str_cut(&rest, '$'), p->salt, MAX_SALT);
    if (p->n_salt < MIN_SALT || from_hex(rest, p->hash, HASH_SIZE) != HASH_SIZE)
        return diag_fail(d, DIAG_CONFIG, "the salt or the hash is cut or no hex");
    /* One probe without a result asks OpenSSL whether it would work at all. */
    int ok = EVP_PBE_scrypt(NULL, 0, NULL, 0, (uint64_t)1 << p->ln, (uint64_t)p->r, (uint64_t)p->p,
                            MAX_MEMORY, NULL, 0);
    ERR_clear_error();
    if (ok != 1)
        return diag_fail(d, DIAG_CONFIG, "the hash asks for more than 512 MB of memory");
    env_random(p->key, KEY_SIZE);
    *ret = p;
    return 0;
}

static struct sha256_digest
keyed(const struct password *p, struct str secret)
{
    struct sha256 *h = sha256_new();
    sha256_add_field(h, str_n((const char *)p->key, KEY_SIZE));
    sha256_add_field(h, secret);
    return sha256_final(h);
}

bool
password_fits(struct password *p, struct str secret)
{
    unsigned char got[HASH_SIZE];
    assert(p);
    if (secret.len == 0 || secret.len > PASSWORD_MAX)
        return false;
    struct sha256_digest digest = keyed(p, secret);
    if (p->has_good && CRYPTO_memcmp(digest.b, p->good.b, SHA256_SIZE) == 0)
        return true;
    bool fits = derive(p, secret, got) && CRYPTO_memcmp(got, p->hash, HASH_SIZE) == 0;
    OPENSSL_cleanse(got, sizeof got);
    if (fits) {
        p->good = digest;
        p->has_good = true;
    }
    return fits;
}

void
password_wipe(struct str secret)
{
    if (secret.len)
        OPENSSL_cleanse((void *)(uintptr_t)secret.s, secret.len);
}
