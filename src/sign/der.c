/* Reading DER; under verify_cms.c and verify_pdf.c. */
#include "sign/der.h"

#include <assert.h>

static bool
read_length(struct str s, size_t *at, size_t *ret)
{
    assert(*at < s.len);
    unsigned char c = (unsigned char)s.s[(*at)++];
    size_t n = c & 0x7f, len = 0;
    if (c < 0x80) {
        *ret = c;
        return true;
    }
    if (n < 1 || n > 4 || n > s.len - *at)
        return false;
    for (size_t i = 0; i < n; i++)
        len = len << 8 | (unsigned char)s.s[(*at)++];
    *ret = len;
    return len >= 0x80 && len >> (8 * (n - 1)); /* the shortest form only */
}

bool
der_next(struct str *rest, struct der *ret)
{
    size_t at = 1, len;
    if (rest->len < 2 || (rest->s[0] & 0x1f) == 0x1f || !read_length(*rest, &at, &len) ||
        len > rest->len - at)
        return false;
    ret->tag = (unsigned char)rest->s[0];
    ret->inside = str_n(rest->s + at, len);
    ret->whole = str_n(rest->s, at + len);
    assert(at + len <= rest->len);
    *rest = str_n(rest->s + at + len, rest->len - at - len);
    return true;
}

bool
der_want(struct str *rest, unsigned char tag, struct der *ret)
{
    return der_next(rest, ret) && ret->tag == tag;
}
