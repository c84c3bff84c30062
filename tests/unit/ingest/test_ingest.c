/* ingest/ingest: a file's way through the room: where from, what is recorded, all or nothing. */
#include "ingest/ingest.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "base/env.h"
#include "base/file.h"
#include "check.h"
#include "ingest/limits.h"

#define RESULT                                                                                     \
    "<TestResult xmlns='http://checklists.nist.gov/xccdf/1.2' end-time='2026-11-20T10:00:00Z'>"    \
    "<benchmark id='b'/><target>%s</target><rule-result idref='r'><result>pass</result>"           \
    "</rule-result></TestResult>"

static char dir[] = "/tmp/assay-test-ingest-XXXXXX";

struct parse {
    struct arena *a;
    struct diag d;
    struct scan_file f;
    int rc;
};

static struct parse
parse(const char *path, const char *agent)
{
    struct parse p = {.a = arena_new()};
    struct ingest_context c = {.path = path, .mtime = 1795000000, .asset_name = str_c(agent)};
    p.d = diag_init(p.a);
    p.f.size = -7; /* must be untouched after a failure */
    p.rc = ingest_file(&c, p.a, &p.f, &p.d);
    return p;
}

static const char *
put_file(struct arena *a, const char *name, struct str bytes)
{
    struct diag d = diag_init(a);
    struct str path = file_join(a, dir, name);
    CHECK(file_write_atomic(path.s, bytes, 0600, &d) == 0);
    return path.s;
}

static struct str
pack(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + 100);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)s.s, .avail_in = (uInt)s.len};
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)s.len + 100;
    CHECK(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return str_n(out, n);
}

/* Hash and size are those of the bytes as they came, packed. */
static void
check_record(struct arena *a, const char *path, struct str bytes, const char *compression)
{
    struct parse p = parse(path, "");
    struct sha256_digest want = sha256_of(bytes);
    CHECK(p.rc == 0 && p.f.scans.n == 1);
    CHECK(p.f.size == (int64_t)bytes.len);
    CHECK_STR(p.f.path, path);
    CHECK_STR(p.f.compression, compression);
    CHECK_STR(sha256_hex(p.a, &p.f.sha256), sha256_hex(a, &want).s);
    arena_free(p.a);
}

static void
test_files(struct arena *a)
{
    struct str plain = arena_fmt(a, RESULT, "web01"), packed = pack(a, plain);
    const char *at_plain = put_file(a, "plain.xml", plain);
    const char *at_packed = put_file(a, "packed.txt", packed); /* names play no part */
    check_record(a, at_plain, plain, "");
    check_record(a, at_packed, packed, "gzip");
    int fd = open(at_packed, O_RDONLY), was = dup(STDIN_FILENO);
    CHECK(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
    check_record(a, "-", packed, "gzip");
    dup2(was, STDIN_FILENO);
    close(fd);
    close(was);
}

static void
check_refused(const char *path, enum diag_code code, const char *words)
{
    struct parse p = parse(path, "");
    CHECK(p.rc == -1 && p.f.size == -7 && p.f.scans.n == 0);
    CHECK(p.d.first.code == code && str_starts(p.d.first.place, path));
    if (str_find(diag_text(&p.d), words) < 0)
        CHECK_STR(diag_text(&p.d), words);
    arena_free(p.a);
}

static void
test_refusals(struct arena *a)
{
    struct str plain = arena_fmt(a, RESULT, "web01"), packed = pack(a, plain);
    struct str half = str_n(packed.s, packed.len / 2);
    CHECK(mkfifo(file_join(a, dir, "fifo").s, 0600) == 0);
    check_refused(file_join(a, dir, "missing").s, DIAG_IO, "No such file");
    check_refused(dir, DIAG_IO, "not a regular file");
    check_refused(file_join(a, dir, "fifo").s, DIAG_IO, "not a regular file");
    check_refused(put_file(a, "empty", STR("")), DIAG_TRUNCATED, "the file is empty");
    check_refused(put_file(a, "half", half), DIAG_TRUNCATED, "was the transfer complete?");
    check_refused(put_file(a, "cut", str_n(plain.s, plain.len - 9)), DIAG_TRUNCATED, "inside");
    check_refused(put_file(a, "twice", pack(a, packed)), DIAG_FORMAT_UNKNOWN, "packed twice");
    check_refused(put_file(a, "page", STR("<html></html>")), DIAG_FORMAT_UNKNOWN, "HTML page");
    check_refused(put_file(a, "broken", STR("<a b='<'/>")), DIAG_BAD_DATA, "broken:1:");
}

static void
check_name(struct arena *a, const char *target, const char *agent, const char *name)
{
    struct str bytes = arena_fmt(a, RESULT, target);
    struct parse p = parse(put_file(a, "named.xml", bytes), agent);
    CHECK(p.rc == 0 && p.f.scans.n == 1);
    if (p.rc == 0)
        CHECK_STR(p.f.scans.v[0].asset.name, name);
    arena_free(p.a);
}

/* A root element that begins after what detection holds back in one go. */
static void
test_large_head(struct arena *a)
{
    size_t n = LIMIT_DETECT - 500;
    char *blanks = arena_alloc(a, n + 1);
    memset(blanks, ' ', n);
    struct str bytes = arena_fmt(a, "<!--%s-->" RESULT "<!--%s-->", blanks, "web01", blanks);
    check_record(a, put_file(a, "long.xml", bytes), bytes, "");
}

int
main(void)
{
    struct arena *a = arena_new();
    env_set_now(1795900000);
    CHECK(mkdtemp(dir) != NULL);
    test_files(a);
    test_refusals(a);
    check_name(a, "web01", "", "web01");
    check_name(a, "unknown", "db7", "db7");
    check_name(a, "", "db7", "db7");
    check_name(a, "unknown", "", ""); /* intake refuses that */
    test_large_head(a);
    if (system(arena_fmt(a, "rm -rf %s", dir).s) != 0)
        CHECK(false);
    arena_free(a);
    return CHECK_DONE();
}
