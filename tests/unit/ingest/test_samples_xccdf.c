/* XCCDF, ARF and hostile files against the ground truth that stands beside them. Skips when
 * ../shared/samples is absent. Files end in .xz where they are large: unpacked on the way. */
#include <stdlib.h>
#include <time.h>

#include "base/env.h"
#include "base/file.h"
#include "check.h"
#include "ingest/identity.h"
#include "ingest/ingest.h"

#define SAMPLES "../shared/samples/"

enum column {
    COL_FILE,
    COL_FORMAT,
    COL_HOST,
    COL_START,
    COL_END,
    COL_POLICY,
    COL_VERSION,
    COL_PROFILE,
    COL_TOTAL,
    COL_PASS,
    COL__COUNT = 20
};

static const char *const words[] = {"pass",        "fail",          "error",
                                    "unknown",     "notapplicable", "notchecked",
                                    "notselected", "informational", "fixed"};
static size_t n_rows;

struct parsed { /* the file of the last rows */
    struct arena *a;
    struct str name;
    struct diag d;
    struct scan_file file;
    int rc;
    size_t next; /* scan the next row speaks of */
};

static void
parse(struct parsed *p, struct str name)
{
    arena_free(p->a);
    p->a = arena_new();
    p->d = diag_init(p->a);
    p->file = (struct scan_file){0};
    p->name = name;
    p->next = 0;
    const char *path = arena_fmt(p->a, SAMPLES "%.*s", STR_ARG(name)).s;
    if (!file_exists(path))
        path = arena_fmt(p->a, SAMPLES "%.*s.xz", STR_ARG(name)).s;
    struct ingest_context c = {.path = path, .mtime = env_now(), .asset_name = STR("")};
    p->rc = ingest_file(&c, p->a, &p->file, &p->d);
}

static int64_t
native(const struct scan *s, const char *word)
{
    for (size_t i = 0; i < s->native_counts.n; i++)
        if (str_eqc(s->native_counts.v[i].word, word))
            return s->native_counts.v[i].n;
    return 0;
}

static void
check_time(struct str want, int64_t got)
{
    struct clock_time t;
    if (want.len && clock_parse(want, 0, &t))
        CHECK(t.t == got);
}

static void
check_counts(const struct scan *s, const struct str *col)
{
    int64_t want, sum = 0;
    for (size_t i = 0; i < s->native_counts.n; i++)
        sum += s->native_counts.v[i].n;
    CHECK(str_to_i64(col[COL_TOTAL], &want) && want == sum);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        CHECK(str_to_i64(col[COL_PASS + i], &want) && want == native(s, words[i]));
}

static void
check_row(struct parsed *p, const struct str *col)
{
    int failed = check_failed;
    if (!str_eq(p->name, col[COL_FILE]))
        parse(p, col[COL_FILE]);
    n_rows++;
    if (!col[COL_TOTAL].len) {
        CHECK(p->rc == -1);
    } else if (p->rc != 0 || p->next >= p->file.scans.n) {
        CHECK(p->rc == 0 && p->next < p->file.scans.n);
        fprintf(stderr, "%.*s\n", STR_ARG(diag_text(&p->d)));
    } else {
        const struct scan *s = &p->file.scans.v[p->next++];
        /* "localhost" is no name */
        bool is_none = col[COL_HOST].len && identity_why_none(col[COL_HOST]).len;
        CHECK(str_eq(s->asset.name, col[COL_HOST]) == !is_none);
        CHECK(str_eq(s->policy.id, col[COL_POLICY]));
        CHECK(str_eq(s->policy.version, col[COL_VERSION]));
        CHECK(str_eq(s->policy.profile, col[COL_PROFILE]));
        check_time(col[COL_START], s->start);
        check_time(col[COL_END], s->end);
        check_counts(s, col);
    }
    if (check_failed != failed)
        fprintf(stderr, "  in %.*s\n", STR_ARG(col[COL_FILE]));
}

static bool
is_ours(struct str file)
{
    return (str_starts(file, "xccdf1") || str_starts(file, "arf/") || str_starts(file, "scc/")) &&
           !str_ends(file, ".yaml");
}

static void
test_expected(struct arena *a)
{
    struct str text, col[COL__COUNT];
    struct parsed p = {0};
    struct diag d = diag_init(a);
    CHECK(file_slurp(SAMPLES "EXPECTED.tsv", 1 << 20, a, &text, &d) == 0);
    while (text.len) {
        struct str line = str_cut(&text, '\n');
        for (int i = 0; i < COL__COUNT; i++)
            col[i] = str_cut(&line, '\t');
        if (is_ours(col[COL_FILE]))
            check_row(&p, col);
    }
    arena_free(p.a);
    CHECK(n_rows > 40);
}

/* Files that libxml2 takes and that must be refused all the same, or whose verdict is no count. */
static bool
must_be_refused(struct str name)
{
    static const char *const names[] = {"ns-none.xml", "ns-unknown.xml", "html-error-page.xml",
                                        "deep-nesting-2000.xml", "many-attrs.xml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eqc(name, names[i]))
            return true;
    return false;
}

static void
check_nasty(struct str name, int64_t rc, int64_t delivered)
{
    int failed = check_failed;
    struct parsed p = {0};
    struct arena *a = arena_new();
    clock_t before = clock();
    parse(&p, arena_fmt(a, "nasty/%.*s", STR_ARG(name)));
    CHECK((double)(clock() - before) / CLOCKS_PER_SEC < 10);
    if (rc != 0 || must_be_refused(name)) {
        CHECK(p.rc == -1 && p.file.scans.n == 0);
        CHECK(diag_text(&p.d).len > 10);
    } else {
        CHECK(p.rc == 0 && p.file.scans.n == 1);
        if (p.rc == 0)
            CHECK((int64_t)p.file.scans.v[0].results.n == delivered);
    }
    if (check_failed != failed)
        fprintf(stderr, "  in %.*s: %.*s\n", STR_ARG(name), STR_ARG(diag_text(&p.d)));
    arena_free(p.a);
    arena_free(a);
}

static void
test_nasty(struct arena *a)
{
    struct str text;
    int64_t rc, n;
    struct diag d = diag_init(a);
    CHECK(file_slurp(SAMPLES "nasty/NASTY_EXPECTED.tsv", 1 << 20, a, &text, &d) == 0);
    str_cut(&text, '\n');
    while (text.len) {
        struct str line = str_cut(&text, '\n'), name = str_cut(&line, '\t');
        if (str_to_i64(str_cut(&line, '\t'), &rc) && str_to_i64(str_cut(&line, '\t'), &n))
            check_nasty(arena_str(a, name), rc, n);
    }
}

int
main(void)
{
    if (!file_exists(SAMPLES "EXPECTED.tsv")) {
        puts("skipped: no ../shared/samples");
        return 77;
    }
    struct arena *a = arena_new();
    test_expected(a);
    test_nasty(a);
    arena_free(a);
    return CHECK_DONE();
}
