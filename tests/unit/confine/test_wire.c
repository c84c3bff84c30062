/* What is written is what is read; half an answer is none. WRITE=DIR keeps the answers made here,
 * as seeds for tests/fuzz/answer_fuzz.c. */
#include "confine/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "check.h"

static int
collect(void *self, struct str bytes)
{
    buf_str(self, bytes);
    return 0;
}

static void
keep(struct str bytes, const char *name, struct arena *a)
{
    const char *dir = getenv("WRITE");
    struct diag d = diag_init(a);
    if (dir)
        CHECK(file_write_atomic(file_join(a, dir, name).s, bytes, 0644, &d) == 0);
}

static void
check_round_trip(const char *path, const char *name)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a), other = diag_init(a);
    struct scan_file f = {0}, g = {0};
    struct ingest_context ctx = {.path = path, .mtime = 1795291200, .asset_name = STR("agent")};
    AUTO_BUF first = buf_init(1 << 26), second = buf_init(1 << 26);
    ingest_file(&ctx, a, &f, &d);
    CHECK(wire_put_answer(&f, &d, NULL, collect, &first) == 0);
    CHECK(wire_get_answer(buf_view(&first), NULL, a, &g, &other) == (diag_failed(&d) ? -1 : 0));
    CHECK(other.first.code == d.first.code && other.warnings.n == d.warnings.n);
    CHECK(g.scans.n == f.scans.n && g.size == f.size);
    CHECK(wire_put_answer(&g, &other, NULL, collect, &second) == 0);
    CHECK(str_eq(buf_view(&first), buf_view(&second)));
    keep(buf_view(&first), name, a);
    arena_free(a);
}

/* Every prefix of an answer, and an answer with one byte more. */
static void
test_cut(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    struct ingest_context ctx = {.path = "samples/xccdf/waivers.xml", .asset_name = STR("")};
    AUTO_BUF b = buf_init(1 << 26);
    CHECK(ingest_file(&ctx, a, &f, &d) == 0);
    wire_put_answer(&f, &d, NULL, collect, &b);
    size_t step = b.len / 500 + 1;
    for (size_t n = 0; n < b.len; n += step) {
        struct arena *mine = arena_new();
        struct diag e = diag_init(mine);
        struct scan_file g = {0};
        CHECK(wire_get_answer(str_n(b.data, n), NULL, mine, &g, &e) == -1);
        CHECK(e.first.code == DIAG_BAD_DATA && g.scans.n == 0);
        arena_free(mine);
    }
    buf_putc(&b, 0);
    struct scan_file g = {0};
    CHECK(wire_get_answer(buf_view(&b), NULL, a, &g, &d) == -1);
    CHECK(str_find(diag_text(&d), "goes on after its end") >= 0);
    arena_free(a);
}

static void
test_request(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct catalogue_keys keys;
    struct ingest_context got, ctx = {.path = "a/b",
                                      .mtime = -5,
                                      .zone_offset_s = -7200,
                                      .asset_name = STR("n\xc3\xa9"),
                                      .suggestion_informational = true,
                                      .fallback_encoding = STR("windows-1252")};
    AUTO_BUF b = buf_init(1 << 16);
    CHECK(wire_put_request(&ctx, NULL, collect, &b) == 0);
    CHECK(wire_get_request(buf_view(&b), a, &got, &keys, &d) == 0);
    CHECK(strcmp(got.path, "a/b") == 0 && got.mtime == -5 && got.zone_offset_s == -7200);
    CHECK_STR(got.asset_name, "n\xc3\xa9");
    CHECK(got.suggestion_informational);
    CHECK_STR(got.fallback_encoding, "windows-1252");
    CHECK(wire_get_request(str_n(b.data, b.len - 1), a, &got, &keys, &d) == -1);
    arena_free(a);
}

static int
answer_again(const struct scan_file *f, const struct catalogue_keys *keys, struct catalogues *known,
             struct arena *a, struct scan_file *ret, size_t *ret_len)
{
    struct diag d = diag_init(a);
    AUTO_BUF b = buf_init(1 << 26);
    CHECK(wire_put_answer(f, &d, keys, collect, &b) == 0);
    *ret_len = b.len;
    return wire_get_answer(buf_view(&b), known, a, ret, &d);
}

/* A list of checks is told once; later answers name it, and mean the same; who has it not refuses. */
static void
test_known_checks(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0}, first = {0}, second = {0}, none = {0};
    struct ingest_context ctx = {.path = "samples/xccdf/waivers.xml", .asset_name = STR("")};
    struct catalogues *known = catalogues_new();
    struct catalogue_keys keys;
    size_t whole, named;
    CHECK(ingest_file(&ctx, a, &f, &d) == 0);
    catalogues_keys(known, &keys);
    CHECK(keys.n == 0);
    CHECK(answer_again(&f, &keys, known, a, &first, &whole) == 0);
    catalogues_keys(known, &keys);
    CHECK(keys.n == f.scans.n);
    CHECK(answer_again(&f, &keys, known, a, &second, &named) == 0);
    CHECK(named < whole);
    const struct scan *s = &f.scans.v[0], *t = &second.scans.v[0];
    CHECK(s->checks.n == t->checks.n && s->checks.n > 0);
    CHECK(first.scans.v[0].checks.v == t->checks.v); /* shared */
    for (size_t i = 0; i < s->checks.n; i++) {
        CHECK(str_eq(s->checks.v[i].id, t->checks.v[i].id));
        CHECK(str_eq(s->checks.v[i].description, t->checks.v[i].description));
    }
    struct sha256_digest mine = scan_catalogue_hash(s), theirs = scan_catalogue_hash(t);
    CHECK(t->has_catalogue && memcmp(&mine, &theirs, sizeof mine) == 0);
    CHECK(answer_again(&f, &keys, NULL, a, &none, &named) == -1);
    catalogues_free(known);
    arena_free(a);
}

/* An answer of a hundred bytes a scan that stands for gigabytes of checks. */
static void
test_named_too_often(void)
{
    enum { SCANS = 270, TEXT = (4 << 20) - 1000 };
    struct arena *a = arena_new();
    struct scan_file f = {0}, one = {0}, g = {0};
    struct catalogues *known = catalogues_new();
    struct catalogue_keys keys;
    struct scan s = {0};
    size_t n;
    struct str *const texts[] = {&s.format,         &s.asset.name,     &s.asset.alias,  &s.asset.os,
                                 &s.asset.group,    &s.policy.id,      &s.policy.title, &s.engine,
                                 &s.policy.version, &s.policy.profile, &f.compression,  &f.secret};
    char *text = arena_alloc(a, TEXT);
    memset(text, 'x', TEXT);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = STR("");
    struct scan_check *c = VEC_PUSH(a, &s.checks);
    c->id = STR("1");
    c->description = str_n(text, TEXT);
    *VEC_PUSH(a, &f.scans) = s;
    one = f;
    CHECK(answer_again(&f, NULL, known, a, &g, &n) == 0);
    catalogues_keys(known, &keys);
    CHECK(keys.n == 1);
    memset(&one.scans, 0, sizeof one.scans);
    for (int i = 0; i < SCANS; i++)
        *VEC_PUSH(a, &one.scans) = s;
    CHECK(answer_again(&one, &keys, known, a, &g, &n) == -1);
    CHECK(n < (size_t)SCANS * 400);
    one.scans.n = SCANS / 2;
    CHECK(answer_again(&one, &keys, known, a, &g, &n) == 0 && g.scans.n == SCANS / 2);
    catalogues_free(known);
    arena_free(a);
}

/* Names of files are any bytes: messages show them repaired, the file is read. */
static void
test_request_name(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct catalogue_keys keys;
    struct ingest_context got, ctx = {.path = "a/\xff.xml"};
    ctx.asset_name = ctx.fallback_encoding = STR("");
    AUTO_BUF b = buf_init(1 << 16);
    CHECK(wire_put_request(&ctx, NULL, collect, &b) == 0);
    CHECK(wire_get_request(buf_view(&b), a, &got, &keys, &d) == 0);
    CHECK(strcmp(got.path, "a/\xef\xbf\xbd.xml") == 0);
    arena_free(a);
}

int
main(void)
{
    check_round_trip("samples/xccdf/two-results.xml", "two-results");
    check_round_trip("samples/xccdf/waivers.xml", "waivers");
    check_round_trip("samples/pandora/db01.1795204860.data", "pandora");
    check_round_trip("samples/wazuh/web01-events.jsonl", "wazuh");
    check_round_trip("CMakeLists.txt", "refused");
    test_cut();
    test_request();
    test_known_checks();
    test_named_too_often();
    test_request_name();
    return CHECK_DONE();
}
