/* Checklists and JSON results of real tools against the ground truth that stands beside them
 * (EXPECTED.tsv). Skips when ../shared/samples is absent. */
#include <stdlib.h>

#include "base/file.h"
#include "check.h"
#include "drive.h"

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
    COL_XCCDF, /* nine counts by the words of XCCDF */
    COL_OTHER = COL_XCCDF + 9,
    COL_NOTE,
    COL__COUNT
};

static const char *const xccdf_words[] = {"pass",        "fail",          "error",
                                          "unknown",     "notapplicable", "notchecked",
                                          "notselected", "informational", "fixed"};

static const char *const folders[] = {"ckl/",          "cklb/",       "nessus/",
                                      "ciscat/",       "kube-bench/", "docker-bench/",
                                      "prowler-ocsf/", "oscal/",      "inspec-hdf/"};

static size_t n_rows;

static bool
is_ours(const struct str col[COL__COUNT])
{
    if (str_eqc(col[COL_FORMAT], "inspec (results)"))
        return false; /* counted by control in the next row */
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (str_starts(col[COL_FILE], folders[i]))
            return true;
    return false;
}

static int
read_sample(struct drive *v, struct str file)
{
    drive_setup(v);
    const char *path = arena_fmt(v->a, SAMPLES "%.*s", STR_ARG(file)).s;
    if (!file_exists(path))
        path = arena_fmt(v->a, "%s.xz", path).s;
    v->ctx.path = path;
    return ingest_file(&v->ctx, v->a, &v->file, &v->d);
}

static bool
is_given(struct str s)
{
    return s.len && s.s[0] != '(' && s.s[0] != '<';
}

/* The scan a row speaks of: of that policy, host and profile as far as it names them. */
static const struct scan *
scan_of(const struct drive *v, const struct str col[COL__COUNT])
{
    for (size_t i = 0; i < v->file.scans.n; i++) {
        const struct scan *s = &v->file.scans.v[i];
        bool is_host = !is_given(col[COL_HOST]) || str_eq(s->asset.name, col[COL_HOST]);
        bool is_policy = !is_given(col[COL_POLICY]) || str_eq(s->policy.id, col[COL_POLICY]);
        bool is_profile =
            !str_starts(col[COL_FORMAT], "kube") || str_eq(s->policy.profile, col[COL_PROFILE]);
        if (is_host && is_policy && is_profile)
            return s;
    }
    return NULL;
}

static void
compare_words(const struct scan *s, const struct str col[COL__COUNT], int64_t total)
{
    int64_t native = 0, n;
    struct str other = col[COL_OTHER];
    for (size_t i = 0; i < s->native_counts.n; i++)
        native += s->native_counts.v[i].n;
    CHECK(native == total);
    for (size_t i = 0; !other.len && i < 9; i++)
        CHECK(str_to_i64(col[COL_XCCDF + i], &n) && drive_native(s, xccdf_words[i]) == n);
    while (other.len) {
        struct str pair = str_cut(&other, ';');
        char word[80];
        struct str name = str_cut(&pair, '=');
        if (str_starts(name, "finding:"))
            name = str_n(name.s + 8, name.len - 8);
        CHECK(str_to_i64(pair, &n));
        snprintf(word, sizeof word, "%.*s", STR_ARG(name));
        CHECK(drive_native(s, word) == n);
    }
}

static void
compare_time(int64_t got, struct str want)
{
    struct clock_time c;
    int64_t t;
    if (str_to_i64(want, &t))
        CHECK(got == t);
    else if (clock_parse(want, 0, &c))
        CHECK(got == c.t);
}

static void
compare_row(const struct str col[COL__COUNT])
{
    struct drive v;
    int64_t total;
    int failed = check_failed;
    int rc = read_sample(&v, col[COL_FILE]);
    bool holds = str_to_i64(col[COL_TOTAL], &total) && total > 0;
    const struct scan *s = rc == 0 ? scan_of(&v, col) : NULL;
    CHECK(holds ? s != NULL : rc == -1);
    if (s) {
        compare_words(s, col, total);
        if (!str_starts(col[COL_FORMAT], "prowler")) /* time_dt has no zone, time is UTC */
            compare_time(s->start, col[COL_START]);
        compare_time(s->end, col[COL_END]);
        if (col[COL_VERSION].len && str_find(col[COL_VERSION], "VNone") < 0)
            CHECK(str_eq(s->policy.version, str_trim(col[COL_VERSION])));
    }
    if (failed != check_failed)
        fprintf(stderr, "  in %.*s %.*s: %s\n", STR_ARG(col[COL_FILE]), STR_ARG(col[COL_POLICY]),
                rc ? diag_text(&v.d).s : "");
    n_rows++;
    drive_free(&v);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str table;
    if (file_slurp(SAMPLES "EXPECTED.tsv", 1 << 20, a, &table, &d) < 0) {
        puts("skipped: no ../shared/samples");
        arena_free(a);
        return 77;
    }
    while (table.len) {
        struct str line = str_cut(&table, '\n'), col[COL__COUNT];
        for (int i = 0; i < COL__COUNT; i++)
            col[i] = str_cut(&line, '\t');
        if (is_ours(col))
            compare_row(col);
    }
    CHECK(n_rows >= 40);
    arena_free(a);
    return CHECK_DONE();
}
