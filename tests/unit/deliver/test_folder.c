/* The folder: made when it is not there, every file whole or not at all, what is there is replaced. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "deliver/deliver.h"

static struct arena *a;
static const char *top;

static int
put_text(struct delivery *s, const char *name, const char *text, struct diag *d)
{
    const struct deliver_file f = {
        .name = str_c(name), .media_type = STR("text/plain"), .bytes = str_c(text)};
    return deliver_put(s, &f, d);
}

static struct str
content(const char *path)
{
    struct str text = STR("(nothing)");
    struct diag d = diag_init(a);
    file_slurp(path, 1 << 20, a, &text, &d);
    return text;
}

static size_t
count_entries(const char *path)
{
    size_t n = 0;
    DIR *dir = opendir(path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir))
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    if (dir)
        closedir(dir);
    return n;
}

static void
test_files(void)
{
    struct diag d = diag_init(a);
    struct stat st;
    const char *dir = arena_fmt(a, "%s/new/2026", top).s;
    for (int time = 0; time < 2; time++) {
        AUTO(deliver_close_auto) struct delivery *s = NULL;
        struct str dest = arena_fmt(a, "%s%s%s", time ? "folder:" : "", dir, time ? "/" : "");
        CHECK(deliver_open(dest, a, &s, &d) == 0);
        CHECK(put_text(s, "a.pdf", time ? "second" : "first", &d) == 0);
        CHECK_STR(content(file_join(a, dir, "a.pdf").s), time ? "second" : "first");
        CHECK(put_text(s, "empty", "", &d) == 0 && deliver_finish(s, &d) == 0);
        const struct deliver_rows *r = deliver_handed_over(s);
        CHECK(r->list.n == 2 && r->list.v[0].file == deliver_file_at(s, 0));
        CHECK_STR(r->list.v[0].place, file_join(a, dir, "a.pdf").s);
        CHECK_STR(r->list.v[1].place, file_join(a, dir, "empty").s);
        CHECK_STR(r->list.v[1].destination, arena_fmt(a, "folder:%s%s", dir, time ? "/" : "").s);
    }
    CHECK(count_entries(dir) == 2); /* nothing was left beside them */
    CHECK(stat(file_join(a, dir, "a.pdf").s, &st) == 0 && (st.st_mode & 0777) == 0640);
    CHECK(stat(dir, &st) == 0 && (st.st_mode & 0027) == 0);
}

static void
test_failures(void)
{
    struct diag d = diag_init(a);
    struct delivery *s = NULL;
    CHECK(deliver_open(STR(""), a, &s, &d) == -1 && d.first.code == DIAG_CONFIG);
    d = diag_init(a);
    CHECK(deliver_open(STR("folder:"), a, &s, &d) == -1 && d.first.code == DIAG_CONFIG);

    const char *file = file_join(a, top, "file").s;
    d = diag_init(a);
    CHECK(file_write_atomic(file, STR("x"), 0600, &d) == 0);
    CHECK(deliver_open(arena_fmt(a, "%s/below", file), a, &s, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE && str_starts(d.first.place, file) && !s);

    /* What stands in the way of a file costs that one; what was put before it is whole. */
    const char *dir = file_join(a, top, "blocked").s;
    d = diag_init(a);
    CHECK(file_mkdirs(file_join(a, dir, "b").s, 0700, &d) == 0);
    CHECK(deliver_open(str_c(dir), a, &s, &d) == 0 && put_text(s, "a", "whole", &d) == 0);
    CHECK(put_text(s, "b", "never", &d) == -1 && d.first.code == DIAG_CANNOT_WRITE);
    CHECK_STR(d.first.place, file_join(a, dir, "b").s);
    deliver_close(s);
    CHECK_STR(content(file_join(a, dir, "a").s), "whole");
    CHECK(count_entries(dir) == 2);
}

int
main(void)
{
    char name[] = "/tmp/assay-test-folder-XXXXXX";
    top = mkdtemp(name);
    CHECK(top);
    a = arena_new();
    test_files();
    test_failures();
    CHECK(system(arena_fmt(a, "rm -r %s", top).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
