/* base/clock, file, sha256: times, whole files, names by content. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/sha256.h"
#include "check.h"

static int64_t
parse(const char *s, int zone)
{
    struct clock_time t = {.t = -1};
    return clock_parse(str_c(s), zone, &t) ? t.t : -1;
}

static void
test_clock(struct arena *a)
{
    struct clock_time t;
    CHECK(clock_days(1970, 1, 1) == 0 && clock_days(2000, 3, 1) == 11017);
    for (int64_t day = -800000; day < 800000; day += 137) {
        struct clock_civil c = clock_civil(day * 86400 + 3661);
        int64_t back;
        if (c.year < 1)
            continue;
        if (!clock_from_civil(c, &back) || back != day * 86400 + 3661) {
            CHECK(back == day);
            break;
        }
    }
    CHECK(parse("2026-11-21T19:52:55Z", 0) == 1795290775);
    CHECK(parse("2026-11-21T20:52:55.123+01:00", 0) == 1795290775);
    CHECK(parse("2024-02-14T22:06:37.782+0500", 0) == 1707930397);
    CHECK(parse("2026/11/21 19:52:55", 0) == 1795290775);
    CHECK(parse("2026-11-21  20:52:55", 3600) == 1795290775);
    CHECK(parse("2026-13-01", 0) == -1 && parse("2026-02-30T00:00:00", 0) == -1);
    CHECK(parse("2026-01-01T25:61:00", 0) == -1 && parse("2026-01-01T00:00:00Zx", 0) == -1);
    CHECK(parse("", 0) == -1 && parse("yesterday", 0) == -1);
    CHECK(clock_parse(STR("2026-11-21 19:52:55"), 0, &t) && t.zone_assumed);
    CHECK(clock_parse(STR("2026-11-21T19:52:55Z"), 0, &t) && !t.zone_assumed);
    CHECK_STR(clock_iso(a, 1795290775), "2026-11-21T19:52:55Z");
    CHECK_STR(clock_iso_us(a, 1795290775000042), "2026-11-21T19:52:55.000042Z");
    CHECK_STR(clock_minute(a, 1795290775), "2026-11-21 19:52");
    CHECK(clock_weekday(1795290775) == 5 && clock_weekday(-86400) == 2);
}

static void
test_files(struct arena *a)
{
    char dir[] = "/tmp/assay-test-XXXXXX";
    struct str got;
    struct stat st;
    struct diag d = diag_init(a);
    CHECK(mkdtemp(dir) != NULL);
    const char *sub = file_join(a, dir, "a/b/c").s, *path = file_join(a, sub, "f").s;
    CHECK(file_mkdirs(sub, 0700, &d) == 0 && file_mkdirs(sub, 0700, &d) == 0);
    CHECK(file_write_atomic(path, STR("one"), 0600, &d) == 0);
    CHECK(file_write_atomic(path, STR("two!"), 0640, &d) == 0);
    CHECK(file_slurp(path, 100, a, &got, &d) == 0);
    CHECK_STR(got, "two!");
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
    CHECK(file_slurp(path, 3, a, &got, &d) == -1 && d.first.code == DIAG_TOO_BIG);
    diag_clear(&d);
    CHECK(file_slurp(sub, 3, a, &got, &d) == -1 && d.first.code == DIAG_IO);
    diag_clear(&d);
    CHECK(file_write_atomic("/nonexistent/x", STR(""), 0600, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE);
    CHECK_STR(file_base_name(STR("/a/b")), "b");
    char *rm = (char *)arena_fmt(a, "rm -r %s", dir).s;
    CHECK(system(rm) == 0);
}

static void
test_sha256(struct arena *a)
{
    struct sha256_digest e = sha256_of(STR("abc")), back;
    CHECK_STR(sha256_hex(a, &e),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_from_hex(sha256_hex(a, &e), &back) && memcmp(&e, &back, sizeof e) == 0);
    CHECK(!sha256_from_hex(STR("xyz"), &back));
    struct sha256 *h = sha256_new();
    sha256_add(h, "ab", 2);
    sha256_add(h, "c", 1);
    back = sha256_final(h);
    CHECK(memcmp(&e, &back, sizeof e) == 0);
    sha256_drop(NULL);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_clock(a);
    test_files(a);
    test_sha256(a);
    env_set_now(1795290775);
    CHECK(env_now() == 1795290775 && env_wall_us() > 0);
    env_set_now(0);
    CHECK(env_random_id() != env_random_id());
    arena_free(a);
    return CHECK_DONE();
}
