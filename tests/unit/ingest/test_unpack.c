/* ingest/unpack: each packing in pieces of every size, cut and damaged data, bombs, joined streams.
 */
#include "ingest/unpack.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include "base/buf.h"
#include "check.h"
#include "ingest/limits.h"

enum { ROOM = 1 << 20 };

struct run {
    struct arena *a;
    struct diag d;
    struct buf out;
    size_t n_seen; /* bytes given, also when out keeps none */
    bool count_only;
    struct str kind;
    int rc;
};

static int
take(void *self, struct str chunk)
{
    struct run *r = self;
    CHECK(chunk.len > 0);
    r->n_seen += chunk.len;
    if (!r->count_only)
        buf_str(&r->out, chunk);
    return 0;
}

static void
begin(struct run *r, bool count_only)
{
    *r = (struct run){.a = arena_new(), .out = buf_init(ROOM), .count_only = count_only};
    r->d = diag_init(r->a);
}

static void
run_bytes(struct run *r, struct str packed, size_t step)
{
    struct unpack *u = unpack_new(take, r, &r->d);
    for (size_t i = 0; r->rc == 0 && i < packed.len; i += step)
        r->rc = unpack_push(u, str_n(packed.s + i, packed.len - i < step ? packed.len - i : step));
    if (r->rc == 0)
        r->rc = unpack_end(u);
    r->kind = str_c(unpack_kind(u));
    unpack_free(u);
}

static void
finish(struct run *r)
{
    buf_done(&r->out);
    arena_free(r->a);
}

/* ---- packing ---- */

static struct str
pack_gzip(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, ROOM);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)s.s, .avail_in = (uInt)s.len};
    z.next_out = (Bytef *)out;
    z.avail_out = ROOM;
    CHECK(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return str_n(out, n);
}

static struct str
pack_bzip2(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, ROOM);
    unsigned n = ROOM;
    CHECK(BZ2_bzBuffToBuffCompress(out, &n, (char *)(uintptr_t)s.s, (unsigned)s.len, 9, 0, 0) ==
          BZ_OK);
    return str_n(out, n);
}

static struct str
pack_xz(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, ROOM);
    size_t n = 0;
    CHECK(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, (const uint8_t *)s.s, s.len,
                                  (uint8_t *)out, &n, ROOM) == LZMA_OK);
    return str_n(out, n);
}

static const struct {
    const char *name;
    struct str (*pack)(struct arena *a, struct str s);
} packers[] = {{"gzip", pack_gzip}, {"bzip2", pack_bzip2}, {"xz", pack_xz}};
enum { N_PACKERS = sizeof packers / sizeof *packers };

/* 200,000 bytes that pack a little: more than one output buffer. */
static struct str
sample(struct arena *a)
{
    struct str s = {arena_alloc(a, 200000), 200000};
    unsigned x = 7;
    for (size_t i = 0; i < s.len; i++) {
        x = x * 1103515245u + 12345u;
        ((char *)(uintptr_t)s.s)[i] = (char)('a' + (x >> 16) % 16);
    }
    return s;
}

static struct str
join(struct arena *a, struct str x, struct str y)
{
    char *both = arena_alloc(a, x.len + y.len);
    memcpy(both, x.s, x.len);
    memcpy(both + x.len, y.s, y.len);
    return str_n(both, x.len + y.len);
}

/* ---- tests ---- */

static void
check_whole(struct str packed, struct str want, const char *kind, size_t step)
{
    struct run r;
    begin(&r, false);
    run_bytes(&r, packed, step);
    CHECK(r.rc == 0);
    CHECK(str_eq(buf_view(&r.out), want));
    CHECK_STR(r.kind, kind);
    finish(&r);
}

static void
test_plain(void)
{
    static const char *const texts[] = {"", "a", "BZ", "\x1f", "abcde", "abcdef", "abcdefg"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t step = 1; step < 9; step++)
            check_whole(str_c(texts[i]), str_c(texts[i]), "", step);
}

static void
test_packed(struct arena *a)
{
    struct str s = sample(a);
    for (int i = 0; i < N_PACKERS; i++) {
        struct str p = packers[i].pack(a, s), empty = packers[i].pack(a, STR(""));
        check_whole(p, s, packers[i].name, 1);
        check_whole(p, s, packers[i].name, 4099);
        check_whole(p, s, packers[i].name, p.len);
        check_whole(join(a, p, p), join(a, s, s), packers[i].name, 1000); /* joined streams */
        check_whole(join(a, p, empty), s, packers[i].name, 7);
    }
}

static void
check_code(struct str packed, enum diag_code code, const char *words)
{
    struct run r;
    begin(&r, true);
    run_bytes(&r, packed, 1000);
    CHECK(r.rc == -1 && r.d.first.code == code);
    CHECK(str_find(r.d.first.text, words) >= 0);
    finish(&r);
}

static void
test_damage(struct arena *a)
{
    struct str s = sample(a);
    for (int i = 0; i < N_PACKERS; i++) {
        struct str p = packers[i].pack(a, s);
        char *bad = arena_copy(a, p.s, p.len);
        check_code(str_n(p.s, p.len - 1), DIAG_TRUNCATED, "was the transfer complete?");
        check_code(str_n(p.s, p.len / 2), DIAG_TRUNCATED, packers[i].name);
        check_code(join(a, p, STR("\njunk")), DIAG_BAD_DATA, "bytes after the end");
        for (size_t k = p.len / 2; k < p.len / 2 + 8; k++)
            bad[k] = (char)~bad[k];
        check_code(str_n(bad, p.len), DIAG_BAD_DATA, "damaged");
    }
}

static void
test_refused(void)
{
    check_code(STR("PK\3\4 a zip archive"), DIAG_FORMAT_UNKNOWN, "zip archive");
    check_code(str_n("\x28\xb5\x2f\xfd\0\0\0\0", 8), DIAG_FORMAT_UNKNOWN, "zstd");
}

/* Zeros pack 1,000 : 1 and more: refused once they are beyond what any small file may have. */
static void
test_bomb(struct arena *a)
{
    size_t size = (size_t)LIMIT_RATIO_FREE * 4;
    struct str zeros = {arena_alloc(a, size), size};
    for (int i = 0; i < N_PACKERS; i++) {
        struct run r;
        begin(&r, true);
        run_bytes(&r, packers[i].pack(a, zeros), 100);
        CHECK(r.rc == -1 && r.d.first.code == DIAG_TOO_BIG);
        CHECK(r.n_seen <= (size_t)LIMIT_RATIO_FREE + (1 << 17));
        finish(&r);
    }
}

/* Many joined streams of nothing cost time, not space. */
static void
test_members(struct arena *a)
{
    struct str one = pack_gzip(a, STR("")), many;
    char *bytes = arena_alloc(a, one.len * (LIMIT_MEMBERS + 2));
    for (size_t i = 0; i < LIMIT_MEMBERS + 2; i++)
        memcpy(bytes + i * one.len, one.s, one.len);
    many = str_n(bytes, one.len * (LIMIT_MEMBERS + 2));
    check_code(many, DIAG_TOO_BIG, "joined streams");
}

static int
refuse(void *self, struct str chunk)
{
    (void)chunk;
    return diag_fail(self, DIAG_BAD_DATA, "the sink says no");
}

static void
test_sink_stops(struct arena *a)
{
    struct diag d = diag_init(a);
    struct unpack *u = unpack_new(refuse, &d, &d);
    CHECK(unpack_push(u, pack_gzip(a, STR("hello"))) == -1);
    CHECK_STR(d.first.text, "the sink says no");
    unpack_free(u);
    unpack_free(NULL);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_plain();
    test_packed(a);
    test_damage(a);
    test_refused();
    test_bomb(a);
    test_members(a);
    test_sink_stops(a);
    arena_free(a);
    return CHECK_DONE();
}
