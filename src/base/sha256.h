/* SHA-256 of bytes, in one call or in pieces.
 * What:   the one hash every room names things by; computed by OpenSSL's EVP (FIPS 180-4).
 * Owner:  struct sha256 is freed by sha256_final or sha256_drop.
 * Units:  bytes.   Errors: none (a libcrypto without SHA-256 is a bug of the machine: assert). */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/arena.h"

enum { SHA256_SIZE = 32 };

struct sha256_digest {
    unsigned char b[SHA256_SIZE];
};

struct sha256; /* a hash under way */

/* Starts a hash. */
struct sha256 *sha256_new(void);
/* Adds n bytes. */
void sha256_add(struct sha256 *h, const void *p, size_t n);
/* Adds a length in 8 bytes, big-endian, and then the bytes: fields cannot run into each other. */
void sha256_add_field(struct sha256 *h, struct str s);
/* Ends the hash and frees h. */
struct sha256_digest sha256_final(struct sha256 *h);
/* Frees h without a result; NULL is allowed. */
void sha256_drop(struct sha256 *h);
/* The digest of bytes. */
struct sha256_digest sha256_of(struct str bytes);
/* The digest and size of what is open at fd, from its beginning; its offset stays where it is. -1
 * when it cannot be read. */
int sha256_of_fd(int fd, int64_t *ret_size, struct sha256_digest *ret);
/* The digest and size of a regular file, read in pieces; -1 when it is none or cannot be read. */
int sha256_of_file(const char *path, int64_t *ret_size, struct sha256_digest *ret);
/* 64 lower-case hex digits. */
struct str sha256_hex(struct arena *a, const struct sha256_digest *d);
/* Parses 64 hex digits. */
bool sha256_from_hex(struct str hex, struct sha256_digest *ret);

#endif
