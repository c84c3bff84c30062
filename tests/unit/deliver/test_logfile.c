/* Files as outlets: appended whole, half lines repaired, rotated by size, begun anew when somebody
 * else renamed them, one writer at a time. */
#include "deliver/outlet.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"

static struct arena *a;
static struct diag d;

static void *
begin(struct str path, const struct outlet_options *o)
{
    void *s = NULL;
    CHECK(logfile_outlet.open(path, o, &s, &d) == 0);
    return s;
}

static void
put(void *s, const char *text, size_t times)
{
    struct outlet_message m[8];
    size_t n;
    CHECK(times <= 8);
    for (size_t i = 0; i < times; i++)
        m[i] = (struct outlet_message){.text = str_c(text)};
    CHECK(logfile_outlet.send(s, m, times, &n, &d) == 0 && n == times);
}

static struct str
content(struct str path)
{
    struct str text = STR("");
    CHECK(file_slurp(path.s, 1 << 20, a, &text, &d) == 0);
    return text;
}

static void
test_append(struct str path)
{
    struct outlet_options o = {.rotate_bytes = 0};
    void *second = NULL, *s = begin(path, &o);
    struct diag busy = diag_init(a);
    put(s, "one", 2);
    CHECK(logfile_outlet.open(path, &o, &second, &busy) == -1 && busy.first.code == DIAG_BUSY);
    logfile_outlet.close(s);
    int fd = open(path.s, O_WRONLY | O_APPEND);
    CHECK(fd >= 0 && write(fd, "hal", 3) == 3);
    close(fd);
    s = begin(path, &o);
    put(s, "two", 1);
    logfile_outlet.close(s);
    CHECK_STR(content(path), "one\none\ntwo\n");
}

static void
test_renamed(struct str path)
{
    struct outlet_options o = {.rotate_bytes = 0};
    struct str old = arena_fmt(a, "%s.old", path.s);
    void *s = begin(path, &o);
    put(s, "before", 1);
    CHECK(rename(path.s, old.s) == 0);
    put(s, "after", 1);
    CHECK(str_ends(content(old), "before\n"));
    CHECK_STR(content(path), "after\n");
    CHECK(unlink(path.s) == 0);
    put(s, "again", 1);
    CHECK_STR(content(path), "again\n");
    logfile_outlet.close(s);
}

static size_t
n_beside(const char *dir, const char *name)
{
    size_t n = 0;
    DIR *list = opendir(dir);
    const char *prefix = arena_fmt(a, "%s-", name).s;
    for (struct dirent *e; list && (e = readdir(list));)
        n += str_starts(str_c(e->d_name), prefix);
    if (list)
        closedir(list);
    return n;
}

static void
test_rotation(const char *dir, const char *name, int64_t keep, size_t want)
{
    struct str path = file_join(a, dir, name);
    struct outlet_options o = {.rotate_bytes = 8, .rotate_keep = keep};
    struct str bystander = arena_fmt(a, "%s-notes", path.s);
    CHECK(file_write_atomic(bystander.s, STR("kept"), 0600, &d) == 0);
    void *s = begin(path, &o);
    for (int i = 0; i < 6; i++)
        put(s, "1234567", 1); /* eight bytes: each batch but the first finds a full file */
    logfile_outlet.close(s);
    CHECK_STR(content(path), "1234567\n");
    CHECK(n_beside(dir, name) == want + 1);
    CHECK_STR(content(bystander), "kept");
}

static void
test_refused(struct str dir)
{
    struct outlet_options o = {.rotate_bytes = 0};
    struct outlet_message m = {.text = STR("x")};
    struct diag no = diag_init(a), full = diag_init(a);
    void *s = NULL;
    size_t n = 1;
    CHECK(logfile_outlet.open(dir, &o, &s, &no) == -1 && no.first.code == DIAG_CANNOT_WRITE);
    CHECK(str_eq(no.first.place, dir));
    s = begin(STR("/dev/full"), &o);
    CHECK(logfile_outlet.send(s, &m, 1, &n, &full) == -1 && n == 0);
    CHECK(full.first.code == DIAG_CANNOT_WRITE);
    logfile_outlet.close(s);
}

int
main(void)
{
    char name[] = "/tmp/assay-logfile-XXXXXX";
    a = arena_new();
    d = diag_init(a);
    CHECK(mkdtemp(name) != NULL);
    test_append(file_join(a, name, "audit.log"));
    test_renamed(file_join(a, name, "renamed.log"));
    test_rotation(name, "all [x]*.log", 0, 5);
    test_rotation(name, "two [x]*.log", 2, 2);
    test_refused(str_c(name));
    CHECK(!diag_failed(&d));
    CHECK(system(arena_fmt(a, "rm -rf %s", name).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
