/* report_place.c: a folder a version, and nothing over another. */
#include "job/report_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "sign/manifest.h"

static char dir[] = "/tmp/assay-unit-XXXXXX";
static struct arena *a;

static struct report_identity
identity(int64_t newest, bool is_sealed)
{
    struct period p;
    struct report_scope all = {0};
    CHECK(period_parse(STR("2026-10"), 0, &p));
    struct report_identity id = report_identity_make(a, STR("x"), all, STR("ja"), p);
    report_identity_number(&id, a, newest, is_sealed, STR(""));
    return id;
}

static void
test_names(void)
{
    struct report_identity one = identity(0, true), draft = identity(2, false),
                           ja = identity(0, true);
    CHECK_STR(report_place_of("/srv/r", &one, a), "/srv/r/x-2026-10/v1");
    CHECK_STR(report_place_of("/srv/r", &draft, a), "/srv/r/x-2026-10/v3-draft");
    ja.version = STR("");
    report_identity_render(&ja, a, 1);
    CHECK_STR(report_place_of("/srv/r", &ja, a), "/srv/r/x-2026-10/v1.ja");
}

static void
test_named_folder(void)
{
    struct diag d = diag_init(a);
    struct manifest m = {.report_id = STR("x-2026-10"), .tool = STR("assay"), .audit_seq = -1};
    struct str bytes, path = file_join(a, dir, "manifest.json");
    CHECK(report_place_check_free(dir, &d) == 0);
    CHECK(report_place_check_free("/nonexistent/folder", &d) == 0);
    *VEC_PUSH(a, &m.reports) =
        (struct manifest_report){.version = STR("2"), .definition = STR("x")};
    manifest_write(&m, a, &bytes);
    CHECK(file_write_atomic(path.s, bytes, 0600, &d) == 0);
    CHECK(report_place_check_free(dir, &d) == -1 && d.first.code == DIAG_CANNOT_WRITE);
    CHECK_STR(d.first.text, "x-2026-10 version 2 stands in it: name another folder");
    CHECK_STR(d.first.place, dir);
    diag_clear(&d);
    CHECK(file_write_atomic(path.s, STR("{}"), 0600, &d) == 0);
    CHECK(report_place_check_free(dir, &d) == -1 && d.first.code == DIAG_CANNOT_WRITE);
    CHECK(remove(path.s) == 0);
}

/* What a killed run left is kept beside; a draft takes the next name. */
static void
test_make_free(void)
{
    struct diag d = diag_init(a);
    struct str v1 = file_join(a, dir, "v1"), at = v1;
    CHECK(report_place_make_free(&at, false, a, &d) == 0 && str_eq(at, v1));
    for (int i = 0; i < 2; i++) {
        CHECK(file_mkdirs(v1.s, 0700, &d) == 0);
        CHECK(report_place_make_free(&at, false, a, &d) == 0 && str_eq(at, v1));
        CHECK(!file_exists(v1.s));
    }
    struct str first = file_join(a, dir, "v1.unrecorded"),
               second = file_join(a, dir, "v1.unrecorded-2");
    CHECK(rmdir(first.s) == 0 && rmdir(second.s) == 0);
    CHECK(file_mkdirs(v1.s, 0700, &d) == 0);
    CHECK(report_place_make_free(&at, true, a, &d) == 0);
    CHECK_STR(at, arena_fmt(a, "%s/v1-2", dir).s);
    CHECK(rmdir(v1.s) == 0);
}

static void
test_latest(void)
{
    struct diag d = diag_init(a);
    char to[64];
    struct str link = file_join(a, dir, "latest");
    for (int i = 1; i <= 2; i++) {
        struct str name = arena_fmt(a, "v%d", i);
        CHECK(report_place_set_latest(file_join(a, dir, name.s).s, a, &d) == 0);
        ssize_t n = readlink(link.s, to, sizeof to);
        CHECK(n > 0 && str_eq(str_n(to, (size_t)n), name)); /* relative: the whole may be moved */
    }
    CHECK(remove(link.s) == 0);
    CHECK(report_place_set_latest("/nonexistent/folder/v1", a, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE);
}

int
main(void)
{
    a = arena_new();
    CHECK(mkdtemp(dir) == dir);
    test_names();
    test_named_folder();
    test_make_free();
    test_latest();
    CHECK(rmdir(dir) == 0);
    arena_free(a);
    return CHECK_DONE();
}
