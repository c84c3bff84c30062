/* What two printed settings differ in: values that changed, lines of lists that came and went. */
#include "settings/config_changes.h"

#include "base/buf.h"
#include "check.h"
#include "settings/config.h"

static struct arena *a;

/* "key:old>new", one a change, with blanks between. */
static struct str
changes(const char *was, const char *is)
{
    AUTO_BUF out = buf_init(1 << 20);
    size_t n;
    const struct event_change *c = config_changes(str_c(was), str_c(is), a, &n);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&out, "%s%.*s:%.*s>%.*s", i ? " " : "", STR_ARG(c[i].field),
                STR_ARG(c[i].old_value), STR_ARG(c[i].new_value));
    return arena_str(a, buf_view(&out));
}

static void
test_plain(void)
{
    CHECK_STR(changes("paper = a4\n", "paper = a4\n"), "");
    CHECK_STR(changes("paper = a4\njobs = 2\n", "paper = letter\njobs = 2\n"), "paper:a4>letter");
    CHECK_STR(changes("zone = a = b\n", "zone = \n"), "zone:a = b>");
    CHECK_STR(changes("", "paper = a4\njobs = 2\n"), "paper:>a4 jobs:>2"); /* the first time */
    /* a setting that this program has no more, and one that the one before had not */
    CHECK_STR(changes("gone = 1\n", "paper = a4\n"), "paper:>a4");
    /* a value that moved to another line is the same */
    CHECK_STR(changes("paper = a4\njobs = 2\n", "jobs = 2\npaper = a4\n"), "");
}

static void
test_lists(void)
{
    size_t n, n_lists = 0;
    const struct setting *rows = config_rows(&n);
    CHECK_STR(changes("group = A:a*\ngroup = B:b*\n", "group = B:b*\ngroup = C:c*\n"),
              "group:>C:c* group:A:a*>");
    /* changed in a line of a list: one went and one came, and neither took the other's place */
    CHECK_STR(changes("export = cef:/a\n", "export = cef:/a bom=yes\n"),
              "export:>cef:/a bom=yes export:cef:/a>");
    for (size_t i = 0; i < n; i++) {
        if (rows[i].kind != SETTING_IS_LIST)
            continue;
        const char *was = arena_fmt(a, "%s = x\n%s = y\n", rows[i].key, rows[i].key).s;
        CHECK_STR(changes(was, arena_fmt(a, "%s = y\n", rows[i].key).s),
                  arena_fmt(a, "%s:x>", rows[i].key).s);
        n_lists++;
    }
    CHECK(n_lists == 8);
}

/* What went is told behind what came, however much that is. */
static void
test_many(void)
{
    AUTO_BUF is = buf_init(1 << 20);
    size_t n;
    for (int i = 0; i < 300; i++)
        buf_fmt(&is, "group = g%d:h%d*\n", i, i);
    const struct event_change *c =
        config_changes(STR("export = cef:/siem\n"), buf_view(&is), a, &n);
    CHECK(n == 301);
    CHECK_STR(c[300].field, "export");
    CHECK_STR(c[300].old_value, "cef:/siem");
    CHECK_STR(c[300].new_value, "");
}

int
main(void)
{
    a = arena_new();
    test_plain();
    test_lists();
    test_many();
    arena_free(a);
    return CHECK_DONE();
}
