/* Between the file (ingest.c) and detection: packed bytes in, plain bytes out. */
#include "ingest/unpack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include "base/mem.h"
#include "ingest/limits.h"

enum kind { UNKNOWN, PLAIN, GZIP, BZIP2, XZ };
enum { OUT_SIZE = 1 << 16, MAGIC_SIZE = 6, XZ_MEMORY = 128 << 20 };

struct unpack {
    unpack_sink *sink;
    void *self;
    struct diag *d;
    enum kind kind;
    char magic[MAGIC_SIZE]; /* first bytes, until the kind is known */
    size_t n_magic;
    int64_t n_in, n_out;
    int n_members; /* streams begun */
    bool ended;    /* the packed stream is complete */
    bool opened;   /* the library's state below is to be released */
    z_stream gz;
    bz_stream bz;
    lzma_stream xz;
    char *out; /* OUT_SIZE bytes, once something is packed */
};

struct unpack *
unpack_new(unpack_sink *sink, void *self, struct diag *d)
{
    struct unpack *u = mem_alloc(sizeof *u);
    u->sink = sink;
    u->self = self;
    u->d = d;
    return u;
}

static void
close_library(struct unpack *u)
{
    if (!u->opened)
        return;
    if (u->kind == GZIP)
        inflateEnd(&u->gz);
    else if (u->kind == BZIP2)
        BZ2_bzDecompressEnd(&u->bz);
    else
        lzma_end(&u->xz);
    u->opened = false;
}

void
unpack_free(struct unpack *u)
{
    if (!u)
        return;
    close_library(u);
    free(u->out);
    free(u);
}

const char *
unpack_kind(const struct unpack *u)
{
    static const char *const names[] = {"", "", "gzip", "bzip2", "xz"};
    return names[u->kind];
}

static int
open_library(struct unpack *u)
{
    int rc = 0;
    if (u->kind == GZIP)
        rc = inflateInit2(&u->gz, 15 + 16);
    else if (u->kind == BZIP2)
        rc = BZ2_bzDecompressInit(&u->bz, 0, 0);
    else
        rc = lzma_stream_decoder(&u->xz, XZ_MEMORY, 0);
    if (rc != 0)
        return diag_fail(u->d, DIAG_INTERNAL, "%s: no decoder (%d)", unpack_kind(u), rc);
    if (!u->out)
        u->out = mem_alloc(OUT_SIZE);
    u->opened = true;
    u->ended = false;
    if (++u->n_members > LIMIT_MEMBERS)
        return diag_fail(u->d, DIAG_TOO_BIG, "%s: more than %d joined streams", unpack_kind(u),
                         LIMIT_MEMBERS);
    return 0;
}

static bool
begins(const struct unpack *u, const char *magic, size_t n)
{
    return u->n_magic >= n && memcmp(u->magic, magic, n) == 0;
}

static int
recognise(struct unpack *u)
{
    u->kind = begins(u, "\x1f\x8b", 2) ? GZIP
              : begins(u, "BZh", 3)    ? BZIP2
              : begins(u,
                       "\xfd"
                       "7zXZ\0",
                       6)
                  ? XZ
                  : PLAIN;
    if (begins(u, "PK\3\4", 4))
        return diag_fail(u->d, DIAG_FORMAT_UNKNOWN, "a zip archive: unpack it, one result a file");
    if (begins(u, "\x28\xb5\x2f\xfd", 4))
        return diag_fail(u->d, DIAG_FORMAT_UNKNOWN, "packed with zstd: use gzip, bzip2 or xz");
    return u->kind == PLAIN ? 0 : open_library(u);
}

/* Checks the limits, then hands out. */
static int
give(struct unpack *u, const char *p, size_t n)
{
    u->n_out += (int64_t)n;
    if (u->n_out > LIMIT_UNPACKED)
        return diag_fail(u->d, DIAG_TOO_BIG, "more than %lld bytes unpacked",
                         (long long)LIMIT_UNPACKED);
    if (u->kind != PLAIN && u->n_out > LIMIT_RATIO_FREE && u->n_out / LIMIT_RATIO > u->n_in)
        return diag_fail(u->d, DIAG_TOO_BIG, "unpacks to more than %d times its size", LIMIT_RATIO);
    return n ? u->sink(u->self, str_n(p, n)) : 0;
}

static int
broken(struct unpack *u, int code)
{
    return diag_fail(u->d, DIAG_BAD_DATA, "%s: the packed data is damaged (%d)", unpack_kind(u),
                     code);
}

/* One step of each library: takes from *in, fills out, says how many bytes came; -1 = damaged. */
static int
step_gzip(struct unpack *u, struct str *in, size_t *ret_n)
{
    u->gz.next_in = (Bytef *)(uintptr_t)in->s;
    u->gz.avail_in = (uInt)in->len;
    u->gz.next_out = (Bytef *)u->out;
    u->gz.avail_out = OUT_SIZE;
    int rc = inflate(&u->gz, Z_NO_FLUSH);
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
        return broken(u, rc);
    *in = str_n(in->s + (in->len - u->gz.avail_in), u->gz.avail_in);
    *ret_n = OUT_SIZE - u->gz.avail_out;
    u->ended = rc == Z_STREAM_END;
    return 0;
}

static int
step_bzip2(struct unpack *u, struct str *in, size_t *ret_n)
{
    u->bz.next_in = (char *)(uintptr_t)in->s;
    u->bz.avail_in = (unsigned)in->len;
    u->bz.next_out = u->out;
    u->bz.avail_out = OUT_SIZE;
    int rc = BZ2_bzDecompress(&u->bz);
    if (rc != BZ_OK && rc != BZ_STREAM_END)
        return broken(u, rc);
    *in = str_n(in->s + (in->len - u->bz.avail_in), u->bz.avail_in);
    *ret_n = OUT_SIZE - u->bz.avail_out;
    u->ended = rc == BZ_STREAM_END;
    return 0;
}

static int
step_xz(struct unpack *u, struct str *in, size_t *ret_n)
{
    u->xz.next_in = (const uint8_t *)in->s;
    u->xz.avail_in = in->len;
    u->xz.next_out = (uint8_t *)u->out;
    u->xz.avail_out = OUT_SIZE;
    lzma_ret rc = lzma_code(&u->xz, LZMA_RUN);
    if (rc == LZMA_MEMLIMIT_ERROR)
        return diag_fail(u->d, DIAG_TOO_BIG, "xz: needs more than %d bytes of memory", XZ_MEMORY);
    if (rc != LZMA_OK && rc != LZMA_STREAM_END && rc != LZMA_BUF_ERROR)
        return broken(u, (int)rc);
    *in = str_n(in->s + (in->len - u->xz.avail_in), u->xz.avail_in);
    *ret_n = OUT_SIZE - u->xz.avail_out;
    u->ended = rc == LZMA_STREAM_END;
    return 0;
}

/* What follows a complete stream must be another of its kind (gzip files may be joined). */
static int
next_member(struct unpack *u, struct str in)
{
    static const char first[] = {0, 0, '\x1f', 'B', '\xfd'};
    close_library(u);
    if (in.s[0] != first[u->kind])
        return diag_fail(u->d, DIAG_BAD_DATA, "%s: bytes after the end of the packed data",
                         unpack_kind(u));
    memset(&u->gz, 0, sizeof u->gz);
    memset(&u->bz, 0, sizeof u->bz);
    memset(&u->xz, 0, sizeof u->xz);
    return open_library(u);
}

static int
decode(struct unpack *u, struct str in)
{
    for (;;) {
        size_t n = 0;
        if (u->ended && in.len && next_member(u, in) != 0)
            return -1;
        if (u->ended)
            return 0;
        int rc = u->kind == GZIP    ? step_gzip(u, &in, &n)
                 : u->kind == BZIP2 ? step_bzip2(u, &in, &n)
                                    : step_xz(u, &in, &n);
        if (rc != 0 || give(u, u->out, n) != 0)
            return -1;
        if (in.len == 0 && n < OUT_SIZE)
            return 0;
    }
}

static int
pass(struct unpack *u, struct str in)
{
    return u->kind == PLAIN ? give(u, in.s, in.len) : decode(u, in);
}

int
unpack_push(struct unpack *u, struct str chunk)
{
    u->n_in += (int64_t)chunk.len;
    if (u->kind != UNKNOWN)
        return pass(u, chunk);
    while (u->n_magic < MAGIC_SIZE && chunk.len) {
        u->magic[u->n_magic++] = chunk.s[0];
        chunk = str_n(chunk.s + 1, chunk.len - 1);
    }
    if (u->n_magic < MAGIC_SIZE)
        return 0;
    if (recognise(u) != 0 || pass(u, str_n(u->magic, u->n_magic)) != 0)
        return -1;
    return chunk.len ? pass(u, chunk) : 0;
}

int
unpack_end(struct unpack *u)
{
    if (u->kind == UNKNOWN) {
        u->kind = PLAIN;
        return pass(u, str_n(u->magic, u->n_magic));
    }
    if (u->kind != PLAIN && !u->ended)
        return diag_fail(u->d, DIAG_TRUNCATED,
                         "%s: the packed data ends too early: was the transfer complete?",
                         unpack_kind(u));
    return 0;
}
