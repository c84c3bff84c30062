/* Files of the portal in their folder: what stays, what is written, what goes, and what is refused. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "check.h"
#include "job/portal_place.h"

static struct arena *a;
static struct str dir;

static struct str
at(const char *path)
{
    return file_join(a, dir.s, path);
}

static struct stat
look(const char *path)
{
    struct stat st = {0};
    CHECK(lstat(at(path).s, &st) == 0);
    return st;
}

static struct portal_place *
open_place(bool dry)
{
    struct diag d = diag_init(a);
    struct portal_place *p = NULL;
    CHECK(portal_place_open(dir.s, dry, a, &p, &d) == 0);
    return p;
}

/* Two pages, of which one has a second name. */
static int64_t
build(const char *first, const char *second, bool dry)
{
    struct diag d = diag_init(a);
    struct portal_place *p = open_place(dry);
    int64_t files, written, removed;
    CHECK(portal_place_put(p, STR("fleet/a/one.html"), str_c(first), &d) == 0);
    CHECK(portal_place_put(p, STR("fleet/index.html"), str_c(second), &d) == 0);
    CHECK(portal_place_link(p, STR("groups/g/one.html"), STR("fleet/a/one.html"), &d) == 0);
    CHECK(portal_place_commit(p, &d) == 0);
    portal_place_counts(p, &files, &written, &removed);
    CHECK(files == 3);
    portal_place_close(p);
    return written;
}

static void
test_what_is_written(void)
{
    CHECK(build("1", "2", true) == 3);
    CHECK(!file_exists(dir.s));
    CHECK(build("1", "2", false) == 3);
    struct stat was = look("fleet/a/one.html");
    CHECK(was.st_nlink == 2 && (was.st_mode & 0777) == 0644);
    CHECK((look("fleet/a").st_mode & 0777) == 0755);
    CHECK(build("1", "2", false) == 0);
    struct stat is = look("fleet/a/one.html");
    CHECK(is.st_ino == was.st_ino && is.st_mtim.tv_nsec == was.st_mtim.tv_nsec);
    CHECK(build("1", "3", false) == 1);
    CHECK(look("fleet/a/one.html").st_ino == was.st_ino);
    CHECK(build("4", "3", false) == 2); /* both names are of the new one */
    CHECK(look("groups/g/one.html").st_ino == look("fleet/a/one.html").st_ino);
    CHECK(look("fleet/a/one.html").st_ino != was.st_ino);
}

static void
test_killed_before_the_renames(void)
{
    struct diag d = diag_init(a);
    struct str bytes;
    struct portal_place *p = open_place(false);
    CHECK(portal_place_put(p, STR("fleet/index.html"), STR("new"), &d) == 0);
    CHECK(file_slurp(at("fleet/index.html").s, 100, a, &bytes, &d) == 0 && str_eqc(bytes, "3"));
    CHECK(file_exists(at("fleet/.index.html.new").s));
    portal_place_close(p); /* as at the end of a build that failed */
    CHECK(!file_exists(at("fleet/.index.html.new").s));
    CHECK(file_exists(at("fleet/a/one.html").s));
    /* what a killed process left goes with the next */
    CHECK(file_write_atomic(at("fleet/.index.html.new").s, STR("half"), 0644, &d) == 0);
    build("4", "3", false);
    CHECK(!file_exists(at("fleet/.index.html.new").s));
}

static void
test_strangers(void)
{
    struct diag d = diag_init(a);
    CHECK(file_mkdirs(at("groups/gone/agents").s, 0755, &d) == 0);
    CHECK(file_write_atomic(at("groups/gone/agents/x.html").s, STR("x"), 0644, &d) == 0);
    CHECK(symlink("/etc/passwd", at("fleet/a/link").s) == 0);
    CHECK(unlink(at("fleet/index.html").s) == 0 && symlink("/etc/passwd", at("fleet/index.html").s) == 0);
    CHECK(build("4", "3", false) == 1); /* a link is not what it leads to */
    CHECK(S_ISREG(look("fleet/index.html").st_mode));
    CHECK(!file_exists(at("groups/gone").s) && !file_exists(at("fleet/a/link").s));
    CHECK(file_exists("/etc/passwd"));
}

static void
test_sums(void)
{
    struct diag d = diag_init(a);
    struct portal_place *p = open_place(false);
    CHECK(portal_place_put(p, STR("fleet/b"), STR("b"), &d) == 0);
    CHECK(portal_place_put(p, STR("fleet/a/one.html"), STR("abc"), &d) == 0);
    CHECK(portal_place_put(p, STR("fleetful/c"), STR("c"), &d) == 0);
    struct str sums = portal_place_sums(p, STR("fleet"), a);
    CHECK_STR(sums, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a/one.html\n"
                      "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  b\n");
    portal_place_close(p);
}

static void
test_refused(void)
{
    struct diag d = diag_init(a);
    struct portal_place *p = NULL, *held = open_place(false);
    CHECK(portal_place_open(dir.s, false, a, &p, &d) == -1 && d.first.code == DIAG_BUSY);
    portal_place_close(held);
    struct str other = arena_fmt(a, "%.*s-other", STR_ARG(dir));
    d = diag_init(a);
    CHECK(file_mkdirs(other.s, 0755, &d) == 0);
    CHECK(file_write_atomic(file_join(a, other.s, "mine").s, STR("x"), 0644, &d) == 0);
    CHECK(portal_place_open(other.s, false, a, &p, &d) == -1 && d.first.code == DIAG_CONFIG);
    CHECK(file_exists(file_join(a, other.s, "mine").s));
    CHECK(!file_exists(file_join(a, other.s, ".assay-portal").s));
}

int
main(void)
{
    char root[] = "/tmp/assay-unit-portal-XXXXXX";
    a = arena_new();
    CHECK(mkdtemp(root) != NULL);
    dir = file_join(a, root, "portal");
    test_what_is_written();
    test_killed_before_the_renames();
    test_strangers();
    test_sums();
    test_refused();
    CHECK(system(arena_fmt(a, "rm -rf %s", root).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
