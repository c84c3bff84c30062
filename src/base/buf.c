/* The one way text and bytes are built; above mem.c, below json_put.c and every writer. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What an empty buf points at: its data is a C string from the beginning, and never NULL. */
static char nothing[1];

struct buf
buf_init(size_t max)
{
    return (struct buf){.data = nothing, .max = max};
}

void
buf_done(struct buf *b)
{
    if (b->cap)
        free(b->data);
    *b = buf_init(b->max);
}

char *
buf_room(struct buf *b, size_t n)
{
    assert(b->data && b->len <= b->max); /* or the room that is left would wrap around */
    if (b->bad || n > b->max - b->len) {
        b->bad = true;
        return NULL;
    }
    if (b->len + n + 1 > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < b->len + n + 1)
            cap += cap / 2;
        b->data = mem_realloc(b->cap ? b->data : NULL, cap);
        b->cap = cap;
        b->data[b->len] = 0;
    }
    return b->data + b->len;
}

void
buf_grew(struct buf *b, size_t n)
{
    if (n == 0)
        return;
    assert(b->len + n < b->cap);
    b->len += n;
    b->data[b->len] = 0;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
    assert(p || n == 0);
    if (n == 0)
        return;
    char *to = buf_room(b, n);
    if (!to)
        return;
    memcpy(to, p, n);
    buf_grew(b, n);
}

void
buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.s, s.len);
}

void
buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void
buf_num(struct buf *b, uint64_t n)
{
    char text[20]; /* digits of 2^64 */
    size_t at = sizeof text;
    do
        text[--at] = (char)('0' + n % 10);
    while (n /= 10);
    buf_add(b, text + at, sizeof text - at);
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    assert(n >= 0);
    char *to = buf_room(b, (size_t)n);
    if (to) {
        vsnprintf(to, (size_t)n + 1, fmt, ap);
        buf_grew(b, (size_t)n);
    }
    va_end(ap);
}

void
buf_hex(struct buf *b, const void *p, size_t n)
{
    assert(n <= SIZE_MAX / 2);
    static const char digits[] = "0123456789abcdef";
    const unsigned char *u = p;
    char *to = buf_room(b, 2 * n);
    if (!to)
        return;
    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digits[u[i] >> 4];
        to[2 * i + 1] = digits[u[i] & 15];
    }
    buf_grew(b, 2 * n);
}

void
buf_cut(struct buf *b, size_t len)
{
    assert(len <= b->len);
    b->len = len;
    if (b->cap)
        b->data[len] = 0;
}

bool
buf_bad(const struct buf *b)
{
    return b->bad;
}

struct str
buf_view(const struct buf *b)
{
    assert(b->data);
    return (struct str){.s = b->data, .len = b->len};
}

struct str
buf_give(struct buf *b, struct arena *a)
{
    enum { MUCH = 64 * 1024 };
    size_t len = b->len;
    if (len < MUCH) {
        struct str s = arena_str(a, buf_view(b));
        buf_cut(b, 0);
        return s;
    }
    char *data = mem_realloc(b->data, len + 1);
    arena_own(a, data);
    *b = (struct buf){.data = nothing, .max = b->max, .bad = b->bad};
    return str_n(data, len);
}
