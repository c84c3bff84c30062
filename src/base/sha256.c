/* SHA-256 over OpenSSL's EVP. */
#include "base/sha256.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/evp.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/mem.h"

struct sha256 {
    EVP_MD_CTX *ctx;
};

static EVP_MD *the_method;

static void
fetch(void)
{
    the_method = EVP_MD_fetch(NULL, "SHA256", NULL);
}

struct sha256 *
sha256_new(void)
{
    /* fetched once: what EVP_sha256() names is looked up anew, behind locks, for each hash */
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sha256 *h = mem_alloc(sizeof *h);
    pthread_once(&once, fetch);
    h->ctx = EVP_MD_CTX_new();
    int ok = h->ctx && EVP_DigestInit_ex(h->ctx, the_method ? the_method : EVP_sha256(), NULL);
    assert(ok);
    (void)ok;
    return h;
}

void
sha256_add(struct sha256 *h, const void *p, size_t n)
{
    assert(h && (p || n == 0));
    if (n)
        EVP_DigestUpdate(h->ctx, p, n);
}

/* The length goes first: "ab","c" and "a","bc" must not give one hash. */
void
sha256_add_field(struct sha256 *h, struct str s)
{
    unsigned char len[8];
    for (int i = 0; i < 8; i++)
        len[i] = (unsigned char)((uint64_t)s.len >> (56 - 8 * i));
    sha256_add(h, len, sizeof len);
    sha256_add(h, s.s, s.len);
}

struct sha256_digest
sha256_final(struct sha256 *h)
{
    assert(h);
    struct sha256_digest r;
    int ok = EVP_DigestFinal_ex(h->ctx, r.b, NULL);
    assert(ok);
    (void)ok;
    sha256_drop(h);
    return r;
}

void
sha256_drop(struct sha256 *h)
{
    if (!h)
        return;
    EVP_MD_CTX_free(h->ctx);
    free(h);
}

struct sha256_digest
sha256_of(struct str bytes)
{
    struct sha256 *h = sha256_new();
    sha256_add(h, bytes.s, bytes.len);
    return sha256_final(h);
}

int
sha256_of_fd(int fd, int64_t *ret_size, struct sha256_digest *ret)
{
    char chunk[65536];
    struct sha256 *h = sha256_new();
    int64_t size = 0;
    ssize_t n;
    while ((n = pread(fd, chunk, sizeof chunk, (off_t)size)) > 0 || (n < 0 && errno == EINTR)) {
        sha256_add(h, chunk, n > 0 ? (size_t)n : 0);
        size += n > 0 ? n : 0;
    }
    *ret = sha256_final(h);
    *ret_size = size;
    return n < 0 ? -1 : 0;
}

int
sha256_of_file(const char *path, int64_t *ret_size, struct sha256_digest *ret)
{
    struct stat st;
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not stop us */
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return -1;
    return sha256_of_fd(fd, ret_size, ret);
}

struct str
sha256_hex(struct arena *a, const struct sha256_digest *d)
{
    AUTO_BUF b = buf_init(2 * SHA256_SIZE);
    buf_hex(&b, d->b, SHA256_SIZE);
    return arena_str(a, buf_view(&b));
}

static int
hex_digit(char c)
{
    const char *all = "0123456789abcdef";
    const char *p = c ? strchr(all, c | 0x20) : NULL;
    return p ? (int)(p - all) : -1;
}

bool
sha256_from_hex(struct str hex, struct sha256_digest *ret)
{
    struct sha256_digest r;
    if (hex.len != 2 * SHA256_SIZE)
        return false;
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        int hi = hex_digit(hex.s[2 * i]), lo = hex_digit(hex.s[2 * i + 1]);
        if (hi < 0 || lo < 0)
            return false;
        r.b[i] = (unsigned char)(hi << 4 | lo);
    }
    *ret = r;
    return true;
}
