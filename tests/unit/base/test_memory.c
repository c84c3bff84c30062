/* base/arena, vec, map, diag: what lives as long as one unit of work. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/map.h"
#include "check.h"

static void
test_arena(void)
{
    struct arena *a = arena_new();
    char *small = arena_alloc(a, 10), *large = arena_alloc(a, 3000000);
    memset(large, 'x', 3000000);
    CHECK(small[0] == 0 && small[9] == 0);
    char *after = arena_alloc(a, 10);
    CHECK(after == small + 16); /* the large one did not waste the block in use */
    CHECK_STR(arena_fmt(a, "%s-%d", "n", 7), "n-7");
    CHECK(arena_used(a) > 3000000);
    arena_free(a);
    arena_free(NULL);
}

/* What is large is moved and given back by itself: small neighbours stay, and so does another arena's. */
static void
test_arena_large(void)
{
    enum { LARGE = 600000 };
    struct arena *a = arena_new(), *other = arena_new();
    char *first = arena_grow(a, NULL, 0, LARGE), *small = arena_strdup(a, "small"), *second;
    first[0] = 'f', first[LARGE - 1] = 'l';
    second = arena_alloc(a, LARGE);
    second[0] = 's';
    size_t used = arena_used(a);
    first = arena_grow(a, first, LARGE, 10 * LARGE);
    CHECK(arena_used(a) == used + 9 * LARGE);
    CHECK(first[0] == 'f' && first[LARGE - 1] == 'l' && second[0] == 's');
    memset(first, 'x', 10 * LARGE);
    arena_release(a, second, LARGE);
    CHECK(arena_used(a) == used + 8 * LARGE);
    char *third = arena_alloc(other, LARGE);
    third[0] = 't';
    arena_adopt(a, other);
    third = arena_grow(a, third, LARGE, 2 * LARGE);
    CHECK(third[0] == 't');
    arena_release(a, first, 10 * LARGE);
    arena_release(a, small, 6); /* too small: it stays */
    CHECK_STR(str_c(small), "small");
    small = arena_grow(a, small, 6, 12);
    CHECK_STR(str_c(small), "small");
    arena_free(a);
}

/* What a buffer gives lives as long as the arena; the buffer begins anew. */
static void
test_arena_own(void)
{
    struct arena *a = arena_new(), *other = arena_new();
    AUTO_BUF b = buf_init(1000000);
    struct str given[3];
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 10 + i * 100000; k++)
            buf_putc(&b, (char)('a' + i));
        given[i] = buf_give(&b, i < 2 ? a : other);
        CHECK(b.len == 0 && !buf_bad(&b));
    }
    arena_adopt(a, other);
    for (size_t i = 0; i < 3; i++)
        CHECK(given[i].len == 10 + i * 100000 && given[i].s[given[i].len - 1] == (char)('a' + i) &&
              given[i].s[given[i].len] == 0);
    struct arena *row = arena_new();
    char *kept = arena_strdup(row, "kept");
    arena_tidy(&row);
    CHECK_STR(str_c(kept), "kept");
    arena_alloc(row, 100000);
    arena_tidy(&row);
    CHECK(arena_used(row) == 0);
    arena_free(row);
    arena_free(a);
}

static void
test_vec_sole(void)
{
    struct arena *a = arena_new();
    VEC(size_t) v = {0};
    size_t zeros = 0;
    for (size_t i = 0; i < 1000000; i++) {
        size_t *p = VEC_PUSH_SOLE(a, &v);
        zeros += *p == 0;
        *p = i;
        if (i % 100000 == 0)
            memset(arena_alloc(a, 1000), 'x', 1000);
    }
    CHECK(zeros == 1000000 && v.n == 1000000 && v.v[0] == 0 && v.v[65535] == 65535 && v.v[999999] == 999999);
    CHECK(arena_used(a) < (v.cap + 3 * 65536) * sizeof *v.v); /* the outgrown ones are gone */
    arena_free(a);
}

static void
test_vec(void)
{
    struct arena *a = arena_new();
    VEC(int) v = {0};
    for (int i = 0; i < 1000; i++)
        *VEC_PUSH(a, &v) = i;
    CHECK(v.n == 1000 && v.v[0] == 0 && v.v[999] == 999);
    arena_free(a);
}

static void
test_map(void)
{
    struct arena *a = arena_new();
    struct map *m = map_new(a);
    for (size_t i = 0; i < 5000; i++)
        map_put_index(m, arena_fmt(a, "key%zu", i), i);
    CHECK(map_len(m) == 5000);
    CHECK(map_get_index(m, STR("key0")) == 0 && map_get_index(m, STR("key4999")) == 4999);
    CHECK(map_get_index(m, STR("key5000")) == -1 && !map_get(m, STR("")));
    map_put_index(m, STR("key7"), 42);
    CHECK(map_get_index(m, STR("key7")) == 42 && map_len(m) == 5000);
    CHECK(map_get_index(m, str_n("key7\0", 5)) == -1);
    arena_free(a);
}

static void
test_diag(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    CHECK(diag_fail(&d, DIAG_BAD_DATA, "rule %d", 1) == -1);
    diag_fail(&d, DIAG_IO, "a second failure");
    diag_at(&d, "f.xml:3:%d", 9);
    diag_at(&d, "elsewhere");
    diag_context(&d, "reading");
    CHECK_STR(diag_text(&d), "f.xml:3:9: reading: rule 1 (bad-data)");
    CHECK(diag_exit_status(d.first.code) == 65);
    for (int i = 0; i < DIAG_MAX_WARNINGS + 10; i++) {
        diag_warn(&d, DIAG_WARN_DATA, STR("x"), "n %d", i);
        diag_warn(&d, DIAG_WARN_DATA, STR("x"), "n 0");
    }
    CHECK(d.warnings.n == DIAG_MAX_WARNINGS && d.n_dropped > 0);
    diag_clear(&d);
    CHECK(!diag_failed(&d) && d.warnings.n == DIAG_MAX_WARNINGS);
    diag_fail(&d, DIAG_IO, "esc \x1b");
    CHECK_STR(diag_text(&d), "esc ⟨U+001B⟩ (io)");
    arena_free(a);
}

static void
test_arena_adopt(void)
{
    struct arena *a = arena_new(), *b = arena_new(), *empty = arena_new();
    struct str one = arena_str(a, STR("one")), two = arena_str(b, STR("two"));
    size_t used = arena_used(a) + arena_used(b);
    arena_adopt(a, b);
    arena_adopt(a, empty);
    CHECK(arena_used(a) == used);
    CHECK_STR(one, "one");
    CHECK_STR(two, "two");
    struct arena *c = arena_new();
    arena_adopt(c, a); /* into one that has nothing yet */
    CHECK_STR(arena_str(c, two), "two");
    CHECK_STR(one, "one");
    arena_free(c);
}

/* For the rest of the process; what does not fit comes from elsewhere. */
static void
test_arena_supply(void)
{
    enum { SUPPLY = 1 << 20, BIG = 4 << 20 };
    struct arena *before = arena_new();
    arena_str(before, STR("before"));
    arena_reserve(SUPPLY);
    for (int round = 0; round < 3; round++) {
        struct arena *a = arena_new();
        for (int i = 0; i < 300; i++) {
            char *p = arena_alloc(a, 2000);
            CHECK(p[0] == 0 && p[1999] == 0);
            memset(p, 'x', 2000);
        }
        char *big = arena_alloc(a, BIG);
        CHECK(big[0] == 0 && big[BIG - 1] == 0);
        arena_free(a);
    }
    arena_free(before);
}

int
main(void)
{
    test_arena();
    test_arena_large();
    test_arena_own();
    test_vec();
    test_vec_sole();
    test_map();
    test_diag();
    test_arena_adopt();
    test_arena_supply(); /* last */
    return CHECK_DONE();
}
