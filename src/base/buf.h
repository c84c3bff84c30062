/* Growing byte buffer with a maximum given at birth and a sticky failure.
 * What:   appends never fail in the middle; past the maximum the buffer becomes "bad", drops what
 *         comes, and buf_bad() says so once at the end. data is always NUL-terminated.
 * Owner:  buf_done() frees; AUTO_BUF does it at the end of the scope.
 * Units:  bytes.   Errors: only "too big" (buf_bad). */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct buf {
    char *data; /* NUL-terminated; "" while empty */
    size_t len, cap, max;
    bool bad; /* something did not fit */
};

#define BUF_MAX_DEFAULT ((size_t)1 << 32)
#define AUTO_BUF        __attribute__((cleanup(buf_done))) struct buf

/* An empty buffer that may hold at most max bytes. */
struct buf buf_init(size_t max);
/* Frees the memory; the buffer is empty again and may be used on. */
void buf_done(struct buf *b);
/* Appends n bytes. */
void buf_add(struct buf *b, const void *p, size_t n);
/* Appends a str. */
void buf_str(struct buf *b, struct str s);
/* Appends a C string. */
void buf_puts(struct buf *b, const char *s);
/* Appends one byte. */
void buf_putc(struct buf *b, char c);
/* Appends a number in decimal digits. */
void buf_num(struct buf *b, uint64_t n);
/* Appends formatted text (C locale numbers). */
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Appends n bytes as lower-case hex. */
void buf_hex(struct buf *b, const void *p, size_t n);
/* Makes room for n more bytes and returns where they go (NULL when bad); then buf_grew(). */
char *buf_room(struct buf *b, size_t n);
/* Says that n bytes were written at buf_room(). */
void buf_grew(struct buf *b, size_t n);
/* Cuts to len bytes. */
void buf_cut(struct buf *b, size_t len);
/* The content as a part of the arena; the buffer is empty then. Much of it is handed over and not copied. */
struct str buf_give(struct buf *b, struct arena *a);
/* True when something was dropped. */
bool buf_bad(const struct buf *b);
/* The content as a str, valid until the next append. */
struct str buf_view(const struct buf *b);

#endif
