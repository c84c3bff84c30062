/* Base64 over OpenSSL's EVP. */
#include "base/base64.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>

struct str
base64_encode(struct arena *a, const void *p, size_t n)
{
    assert(n < INT_MAX / 2);
    unsigned char *out = arena_alloc(a, 4 * ((n + 2) / 3) + 1);
    int len = EVP_EncodeBlock(out, p, (int)n);
    assert(len >= 0 && (size_t)len == 4 * ((n + 2) / 3));
    return str_n((const char *)out, (size_t)len);
}

/* EVP counts the padding as bytes, and passes over stray bits and blanks: what does not read the
 * same when it is written again was no base64. */
bool
base64_decode(struct arena *a, struct str text, struct str *ret)
{
    *ret = STR("");
    if (text.len == 0)
        return true;
    if (text.len % 4 || text.len > INT_MAX / 2)
        return false;
    unsigned char *out = arena_alloc(a, text.len / 4 * 3 + 1);
    int len = EVP_DecodeBlock(out, (const unsigned char *)text.s, (int)text.len);
    for (size_t i = 1; i <= 2 && len > 0 && text.s[text.len - i] == '='; i++)
        len--;
    if (len < 0 || !str_eq(base64_encode(a, out, (size_t)len), text))
        return false;
    *ret = str_n((const char *)out, (size_t)len);
    return true;
}
