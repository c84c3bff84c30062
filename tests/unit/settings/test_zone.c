/* zone.c: names that the system has data for, and those that libc would take for UTC without a word. */
#include "settings/zone.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"

static struct str
refused(struct arena *a, const char *name)
{
    struct diag d = diag_init(a);
    int rc = zone_check(str_c(name), &d);
    CHECK((rc == 0) == !diag_failed(&d));
    CHECK(rc == 0 || d.first.code == DIAG_CONFIG);
    return rc == 0 ? STR("") : d.first.text;
}

static void
test_names(struct arena *a)
{
    static const char *const good[] = {"UTC", "Europe/Madrid", "Asia/Tokyo",
                                       "America/Argentina/Ushuaia"};
    static const char *const bad[] = {"Europe",    "Mars/Phobos", "../etc/passwd", "/etc/passwd",
                                      "tzdata.zi", "CET-1CEST",   ":UTC"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_STR(refused(a, good[i]), "");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(refused(a, bad[i]).len > 0);
    CHECK_STR(refused(a, "europe/madird"),
              "no zone \"europe/madird\"; the nearest is \"Europe/Madrid\"");
}

/* A site without the package: only UTC needs no data. */
static void
test_no_data(struct arena *a)
{
    setenv("TZDIR", "/nonexistent", 1);
    CHECK_STR(refused(a, "UTC"), "");
    CHECK_STR(refused(a, "Europe/Madrid"),
              "no zone \"Europe/Madrid\" in /nonexistent (package tzdata)");
    char dir[] = "/tmp/assay-unit-XXXXXX";
    struct diag d = diag_init(a);
    CHECK(mkdtemp(dir) == dir);
    struct str list = file_join(a, dir, "tzdata.zi");
    CHECK(file_write_atomic(list.s, STR("# version 1\nZ Asia/Tokyo 9\nL Asia/Tokyo Japan\n"), 0600,
                            &d) == 0);
    setenv("TZDIR", dir, 1);
    CHECK_STR(refused(a, "Japan"),
              arena_fmt(a, "no data for zone \"Japan\" in %s (package tzdata)", dir).s);
    CHECK(remove(list.s) == 0 && rmdir(dir) == 0);
    unsetenv("TZDIR");
}

static void
test_variable(struct arena *a)
{
    static const char *const good[] = {
        "", "UTC", ":Europe/Madrid", "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3", "/etc/localtime"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct diag d = diag_init(a);
        CHECK(zone_check_variable(str_c(good[i]), &d) == 0);
    }
    struct diag d = diag_init(a);
    CHECK(zone_check_variable(STR("Europe/Madird"), &d) == -1 && d.first.code == DIAG_CONFIG);
    CHECK_STR(d.first.text,
              "variable TZ: no zone \"Europe/Madird\"; the nearest is \"Europe/Madrid\"");
}

int
main(void)
{
    struct arena *a = arena_new();
    test_names(a);
    test_no_data(a);
    test_variable(a);
    arena_free(a);
    return CHECK_DONE();
}
