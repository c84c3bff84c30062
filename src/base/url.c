/* Segments of addresses. */
#include "base/url.h"

#include "base/buf.h"

struct str
url_segment(struct arena *a, struct str name)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.s[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '.' || c == '_';
        if (plain)
            buf_putc(&out, (char)c);
        else
            buf_fmt(&out, "%%%02X", c);
    }
    return arena_str(a, buf_view(&out));
}
