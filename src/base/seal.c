/* AES-256-GCM over OpenSSL's EVP. */
#include "base/seal.h"

#include <assert.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/auto.h"
#include "base/env.h"

AUTO_DEFINE(EVP_CIPHER_CTX *, EVP_CIPHER_CTX_free)

enum { NONCE = 12, TAG = 16, MAX_PLAIN = 1 << 20 };

struct str
seal_close(const unsigned char key[SEAL_KEY_SIZE], struct str name, struct str plain,
           struct arena *a)
{
    int n = 0, rest = 0;
    unsigned char *out = arena_alloc(a, NONCE + plain.len + TAG + 1);
    assert(plain.len <= MAX_PLAIN && name.len <= MAX_PLAIN);
    AUTO(EVP_CIPHER_CTX_free_auto) EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    env_random(out, NONCE);
    bool ok = c && EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, out) &&
              EVP_EncryptUpdate(c, NULL, &n, (const unsigned char *)name.s, (int)name.len) &&
              EVP_EncryptUpdate(c, out + NONCE, &n, (const unsigned char *)plain.s, (int)plain.len) &&
              EVP_EncryptFinal_ex(c, out + NONCE + n, &rest) &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, out + NONCE + plain.len);
    assert(ok && (size_t)n == plain.len && rest == 0);
    (void)ok;
    return str_n((const char *)out, NONCE + plain.len + TAG);
}

bool
seal_open(const unsigned char key[SEAL_KEY_SIZE], struct str name, struct str sealed,
          struct arena *a, struct str *ret)
{
    int n = 0, rest = 0;
    if (sealed.len < NONCE + TAG || sealed.len > MAX_PLAIN)
        return false;
    size_t len = sealed.len - NONCE - TAG;
    const unsigned char *in = (const unsigned char *)sealed.s;
    unsigned char *out = arena_alloc(a, len + 1), tag[TAG];
    memcpy(tag, in + NONCE + len, TAG);
    AUTO(EVP_CIPHER_CTX_free_auto) EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = c && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, in) &&
              EVP_DecryptUpdate(c, NULL, &n, (const unsigned char *)name.s, (int)name.len) &&
              EVP_DecryptUpdate(c, out, &n, in + NONCE, (int)len) &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) &&
              EVP_DecryptFinal_ex(c, out + n, &rest) > 0;
    if (!ok) {
        explicit_bzero(out, len);
        return false;
    }
    out[len] = 0;
    *ret = str_n((const char *)out, len);
    return true;
}
