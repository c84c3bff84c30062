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
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/unpack.h"

AUTO_DEFINE(struct unpack *, unpack_free)
AUTO_DEFINE(struct encoding *, encoding_free)
AUTO_DEFINE(struct arena *, arena_free)

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
    size_t look;     /* how many of them are looked at next */
    size_t used;     /* of the arena, before this file */
    const struct ingest_format *format;
    struct envelope
        *envelope; /* what takes documents out of others; NULL = nothing is around them */
    struct ingest_reader *reader; /* of the document at hand */
    struct scan_file part;        /* what it gives */
    size_t n_documents;
};

/* ---- one document after the other ---- */

/* Each has a reader of its own; what it gave is added when it has ended. */
static int
open_document(struct file_read *in)
{
    in->n_documents++;
    in->part = (struct scan_file){.path = in->file.path};
    in->reader = in->format->open(in->ctx, &in->part, in->a, in->d);
    return in->reader ? 0 : -1;
}

static void
close_document(struct file_read *in)
{
    if (in->reader)
        in->format->close(in->reader);
    in->reader = NULL;
}

static int
end_document(struct file_read *in)
{
    struct scan_file *all = &in->file;
    if (in->format->end(in->reader) != 0)
        return -1;
    if (in->part.scans.n == 0 && !in->part.holds_nothing)
        return diag_fail(in->d, DIAG_BAD_DATA, "%s: the file holds no scan", in->format->title);
    if (all->scans.n + in->part.scans.n > LIMIT_SCANS)
        return diag_fail(in->d, DIAG_TOO_BIG, "more than %d scans in one file", LIMIT_SCANS);
    for (size_t i = 0; i < in->part.scans.n; i++)
        *VEC_PUSH(in->a, &all->scans) = in->part.scans.v[i];
    if (in->part.secret.len)
        all->secret = in->part.secret;
    all->holds_nothing = all->scans.n == 0;
    if (in->part.holds_nothing) {
        all->sender = in->part.sender;
        all->sender_group = in->part.sender_group;
    }
    close_document(in);
    return 0;
}

/* Hands a chunk to the reader, and what lies behind the end of its document to another one. */
static int
push_documents(struct file_read *in, struct str chunk)
{
    struct str rest = STR("");
    while (chunk.len) {
        int rc = in->format->push_document ? in->format->push_document(in->reader, chunk, &rest)
                                           : in->format->push(in->reader, chunk);
        if (rc != 0 || (rest.len && (end_document(in) != 0 || open_document(in) != 0)))
            return -1;
        chunk = rest;
    }
    return 0;
}

static int
take_from_envelope(void *self, struct str chunk)
{
    return push_documents(self, chunk);
}

/* Small files can ask for much memory: ten bytes packed are two thousand. */
static int
push_reader(struct file_read *in, struct str chunk)
{
    assert(in->reader);
    if ((in->envelope ? envelope_push(in->envelope, chunk) : push_documents(in, chunk)) != 0)
        return -1;
    if (arena_used(in->a) - in->used <= LIMIT_KEPT)
        return 0;
    return diag_fail(in->d, DIAG_TOO_BIG,
                     "what is to be kept of the file needs more than %zu bytes", LIMIT_KEPT);
}

/* ---- detection, once enough bytes are there ---- */

static void
warn_of_start(struct file_read *in, struct str before)
{
    size_t n = 0;
    for (size_t i = 0; i < before.len; i++)
        n += before.s[i] == '\n';
    diag_warn(in->d, DIAG_WARN_DATA, STR("line 1"), "%zu lines before the JSON were left out", n);
}

/* Gives the head, without what belongs to no document, to the reader. */
static int
begin_reading(struct file_read *in, const struct ingest_head *h)
{
    struct str head = buf_view(&in->head);
    size_t skipped = (size_t)(h->bytes.s - head.s) + h->start;
    diag_clear(in->d); /* a reader that bid knows better what the trouble is */
    if (h->start)
        warn_of_start(in, str_n(head.s, skipped));
    if (h->envelope)
        in->envelope = envelope_new(h->envelope, in->format->join, take_from_envelope, in,
                                    in->ctx->path, in->d);
    if (h->envelope || h->start)
        head = str_n(head.s + skipped, head.len - skipped);
    if (open_document(in) != 0 || push_reader(in, head) != 0)
        return -1;
    buf_done(&in->head);
    return 0;
}

/* Without a reader afterwards (and without a failure) more bytes are wanted. */
static int
choose_reader(struct file_read *in, bool whole)
{
    struct ingest_head h;
    AUTO(arena_free_auto) struct arena *scratch = arena_new();
    if (detect_head(buf_view(&in->head), whole, scratch, &h, in->d) == 0 &&
        detect_format(&h, scratch, &in->format, in->d) == 0)
        return begin_reading(in, &h);
    assert(diag_failed(in->d));
    if (h.wants_more && in->look < LIMIT_DETECT_MOST) {
        diag_clear(in->d);
        in->look *= 2;
        return 0;
    }
    struct str *place = &in->d->first.place; /* detection says line and column, not the file */
    if (str_starts(*place, ":"))
        *place = arena_fmt(in->d->arena, "%s%.*s", in->ctx->path, STR_ARG(*place));
    return -1;
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
    while (!in->reader && chunk.len) {
        size_t room = in->look - in->head.len;
        size_t n = chunk.len < room ? chunk.len : room;
        buf_add(&in->head, chunk.s, n);
        chunk = str_n(chunk.s + n, chunk.len - n);
        if (in->head.len == in->look && choose_reader(in, false) != 0)
            return -1;
    }
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
    if (in->envelope && envelope_end(in->envelope) != 0)
        return -1;
    return end_document(in) == 0 ? identity_settle(in->ctx, &in->file, in->d) : -1;
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
    bool may_force;    /* another encoding is at hand for what is not UTF-8 */
    bool not_utf8;     /* it failed, and another encoding may help */
    bool is_json;
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
    close_document(in);
    envelope_free(in->envelope);
    buf_done(&in->head);
    if (rc != 0 && in->n_documents > 1)
        diag_context(in->d, "document %zu of the file, whose lines are counted from its beginning",
                     in->n_documents);
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
        .ctx = ctx, .a = a, .d = d, .head = buf_init(LIMIT_DETECT_MOST), .used = arena_used(a)};
    in.look = LIMIT_DETECT;
    in.file.path = arena_str(a, str_c(ctx->path));
    in.file.compression = STR("");
    in.hash = sha256_new();
    AUTO(unpack_free_auto) struct unpack *u = unpack_new(take_unpacked, &in, d);
    AUTO(encoding_free_auto)
    struct encoding *e = encoding_new(r->forced, r->may_force, take_utf8, &in, d);
    in.unpack = u;
    in.encoding = e;
    int rc = finish(&in, r->fd < 0 ? push_all(&in, r->bytes) : read_all(&in, r->fd), ret);
    r->not_utf8 = encoding_not_utf8(e);
    r->is_json = encoding_is_json(e);
    return rc;
}

/* What a reading begins with; so that it can begin again. */
struct beginning {
    off_t at;
    size_t n_warnings, n_dropped;
};

/* Goes back, with another encoding. */
static int
read_again(const struct ingest_context *ctx, struct reading *r, const struct beginning *b,
           struct arena *a, struct scan_file *ret, struct diag *d)
{
    if (b->at < 0 || (r->fd >= 0 && lseek(r->fd, b->at, SEEK_SET) < 0))
        return diag_context(d, "what comes through a pipe cannot be read again as %.*s",
                            STR_ARG(ctx->fallback_encoding));
    diag_clear(d);
    d->warnings.n = b->n_warnings;
    d->n_dropped = b->n_dropped;
    return read_once(ctx, r, a, ret, d);
}

/* Which encoding a file that names none is in shows when it was half read: then it is read again. JSON that
 * is not of the fallback encoding either is read with U+FFFD for what is not UTF-8. */
static int
read_twice(const struct ingest_context *ctx, struct reading r, struct arena *a,
           struct scan_file *ret, struct diag *d)
{
    struct str name = ctx->fallback_encoding;
    struct beginning b = {.n_warnings = d->warnings.n, .n_dropped = d->n_dropped};
    b.at = r.fd >= 0 && name.len ? lseek(r.fd, 0, SEEK_CUR) : 0;
    r.may_force = charset_may_be_forced(name);
    int rc = read_once(ctx, &r, a, ret, d);
    if (rc == 0 || !r.not_utf8 || !r.may_force)
        return rc;
    r.forced = name;
    rc = read_again(ctx, &r, &b, a, ret, d);
    if (rc == 0 || !r.is_json || b.at < 0 || d->first.code == DIAG_RETRY)
        return rc;
    r.forced = STR("");
    r.may_force = false;
    return read_again(ctx, &r, &b, a, ret, d);
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
