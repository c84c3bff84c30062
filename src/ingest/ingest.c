/* A file's way through the room: read, hash, unpack, decode, detect, parse; all or nothing. Behind
 * spool.c, before intake/ingest.c. */
#include "ingest/ingest.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/charset.h"
#include "ingest/detect.h"
#include "ingest/encoding.h"
#include "ingest/limits.h"
#include "ingest/unpack.h"

AUTO_DEFINE(struct unpack *, unpack_free)
AUTO_DEFINE(struct encoding *, encoding_free)

enum { CHUNK = 1 << 16 };

struct file_read {
    const struct ingest_context *ctx;
    struct arena *a;
    struct diag *d;
    struct scan_file file;
    struct sha256 *hash;
    struct unpack *unpack;
    struct encoding *encoding;
    struct buf head; /* bytes held back until the format is known */
    size_t used;     /* of the arena, before this file */
    const struct ingest_format *format;
    struct ingest_reader *reader;
};

/* ---- detection, once enough bytes are there ---- */

static int
choose_reader(struct file_read *in, bool whole)
{
    struct ingest_head h;
    if (detect_head(buf_view(&in->head), whole, in->a, &h, in->d) != 0 ||
        detect_format(&h, &in->format, in->d) != 0) {
        /* Detection says line and column, not the file. */
        struct str *place = &in->d->first.place;
        assert(diag_failed(in->d));
        if (str_starts(*place, ":"))
            *place = arena_fmt(in->d->arena, "%s%.*s", in->ctx->path, STR_ARG(*place));
        return -1;
    }
    diag_clear(in->d); /* a reader that bid knows better what the trouble is */
    in->reader = in->format->open(in->ctx, &in->file, in->a, in->d);
    if (!in->reader)
        return -1;
    return in->format->push(in->reader, buf_view(&in->head));
}

/* Small files can ask for much memory: ten bytes packed are two thousand. */
static int
push_reader(struct file_read *in, struct str chunk)
{
    assert(in->reader);
    if (in->format->push(in->reader, chunk) != 0)
        return -1;
    if (arena_used(in->a) - in->used <= LIMIT_KEPT)
        return 0;
    return diag_fail(in->d, DIAG_TOO_BIG,
                     "what is to be kept of the file needs more than %zu bytes", LIMIT_KEPT);
}

static int
take_unpacked(void *self, struct str chunk)
{
    struct file_read *in = self;
    return encoding_push(in->encoding, chunk);
}

static int
take_utf8(void *self, struct str chunk)
{
    struct file_read *in = self;
    if (in->reader)
        return push_reader(in, chunk);
    size_t room = LIMIT_DETECT - in->head.len;
    size_t n = chunk.len < room ? chunk.len : room;
    buf_add(&in->head, chunk.s, n);
    if (in->head.len < LIMIT_DETECT)
        return 0;
    if (choose_reader(in, false) != 0)
        return -1;
    chunk = str_n(chunk.s + n, chunk.len - n);
    return chunk.len ? push_reader(in, chunk) : 0;
}

static int
push(struct file_read *in, struct str chunk)
{
    sha256_add(in->hash, chunk.s, chunk.len);
    in->file.size += (int64_t)chunk.len;
    if (in->file.size > LIMIT_FILE)
        return diag_fail(in->d, DIAG_TOO_BIG, "more than %lld bytes", (long long)LIMIT_FILE);
    return unpack_push(in->unpack, chunk);
}

static int
end(struct file_read *in)
{
    if (unpack_end(in->unpack) != 0 || encoding_end(in->encoding) != 0)
        return -1;
    if (!in->reader && choose_reader(in, true) != 0)
        return -1;
    if (in->format->end(in->reader) != 0)
        return -1;
    if (in->file.scans.n == 0)
        return diag_fail(in->d, DIAG_BAD_DATA, "%s: the file holds no scan", in->format->title);
    return 0;
}

/* ---- reading ---- */

static int
read_all(struct file_read *in, int fd)
{
    char *chunk = arena_alloc(in->a, CHUNK);
    for (;;) {
        ssize_t n = read(fd, chunk, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return diag_fail(in->d, DIAG_IO, "cannot read: %s", strerror(errno));
        if (n == 0)
            return end(in);
        if (push(in, str_n(chunk, (size_t)n)) != 0)
            return -1;
    }
}

/* One reading of the bytes from their beginning to their end. */
struct reading {
    int fd; /* -1: bytes */
    struct str bytes;
    struct str forced; /* encoding */
    bool not_utf8;     /* it failed, and another encoding may help */
};

static int
push_all(struct file_read *in, struct str bytes)
{
    while (bytes.len) {
        size_t n = bytes.len < CHUNK ? bytes.len : CHUNK;
        if (push(in, str_n(bytes.s, n)) != 0)
            return -1;
        bytes = str_n(bytes.s + n, bytes.len - n);
    }
    return end(in);
}

/* Releases what is no memory of the arena; a failure gets its place. */
static int
finish(struct file_read *in, int rc, struct scan_file *ret)
{
    in->file.sha256 = sha256_final(in->hash);
    if (in->reader)
        in->format->close(in->reader);
    buf_done(&in->head);
    if (rc != 0)
        return diag_at(in->d, "%s", in->ctx->path);
    in->file.compression = str_c(unpack_kind(in->unpack));
    *ret = in->file;
    return 0;
}

static int
read_once(const struct ingest_context *ctx, struct reading *r, struct arena *a,
          struct scan_file *ret, struct diag *d)
{
    assert(ctx->path);
    struct file_read in = {
        .ctx = ctx, .a = a, .d = d, .head = buf_init(LIMIT_DETECT), .used = arena_used(a)};
    in.file.path = arena_str(a, str_c(ctx->path));
    in.file.compression = STR("");
    in.hash = sha256_new();
    AUTO(unpack_free_auto) struct unpack *u = unpack_new(take_unpacked, &in, d);
    AUTO(encoding_free_auto)
    struct encoding *e = encoding_new(r->forced, take_utf8, &in, d);
    in.unpack = u;
    in.encoding = e;
    int rc = finish(&in, r->fd < 0 ? push_all(&in, r->bytes) : read_all(&in, r->fd), ret);
    r->not_utf8 = encoding_not_utf8(e);
    return rc;
}

/* Which encoding a file that names none is in shows when it was half read: then it is read again.
 */
static int
read_twice(const struct ingest_context *ctx, struct reading r, struct arena *a,
           struct scan_file *ret, struct diag *d)
{
    struct str name = ctx->fallback_encoding;
    size_t n_warnings = d->warnings.n, n_dropped = d->n_dropped;
    off_t start = r.fd >= 0 && name.len ? lseek(r.fd, 0, SEEK_CUR) : 0;
    int rc = read_once(ctx, &r, a, ret, d);
    if (rc == 0 || !r.not_utf8 || !charset_may_be_forced(name))
        return rc;
    if (start < 0 || (r.fd >= 0 && lseek(r.fd, start, SEEK_SET) < 0))
        return diag_context(d, "what comes through a pipe cannot be read again as %.*s",
                            STR_ARG(name));
    diag_clear(d);
    d->warnings.n = n_warnings;
    d->n_dropped = n_dropped;
    r.forced = name;
    return read_once(ctx, &r, a, ret, d);
}

int
ingest_bytes(const struct ingest_context *ctx, struct str bytes, struct arena *a,
             struct scan_file *ret, struct diag *d)
{
    return read_twice(ctx, (struct reading){.fd = -1, .bytes = bytes}, a, ret, d);
}

int
ingest_open(const char *path, struct diag *d)
{
    struct stat st;
    if (strcmp(path, "-") == 0) {
        int in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        return in >= 0 ? in : diag_fail(d, DIAG_IO, "standard input is closed");
    }
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        diag_fail(d, DIAG_IO, "cannot read: %s", strerror(errno));
    else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        diag_fail(d, DIAG_IO, "not a regular file");
    if (diag_failed(d))
        return diag_at(d, "%s", path);
    int out = fd;
    fd = -1;
    return out;
}

int
ingest_fd(const struct ingest_context *ctx, int fd, struct arena *a, struct scan_file *ret,
          struct diag *d)
{
    assert(fd >= 0);
    return read_twice(ctx, (struct reading){.fd = fd}, a, ret, d);
}

int
ingest_file(const struct ingest_context *ctx, struct arena *a, struct scan_file *ret,
            struct diag *d)
{
    AUTO_FD fd = ingest_open(ctx->path, d);
    return fd < 0 ? -1 : ingest_fd(ctx, fd, a, ret, d);
}
