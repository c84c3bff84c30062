/* Lynis, Wazuh SCA and Pandora files of real scanners against the ground truth that stands beside
 * them (EXPECTED.tsv). Skips when ../shared/samples is absent. */
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
    COL_OTHER = COL_TOTAL + 10,
    COL_NOTE,
    COL__COUNT
};

static size_t n_rows;

static const struct ingest_format *
reader_of(struct str file)
{
    if (str_starts(file, "wazuh"))
        return &wazuh_format;
    if (str_starts(file, "lynis/"))
        return &lynis_format;
    return str_starts(file, "pandora/") ? &pandora_format : NULL;
}

/* Reads a sample whole and drives the reader in odd pieces; false = not there. */
static bool
drive_sample(struct drive *v, const struct ingest_format *f, struct str file)
{
    struct str bytes;
    drive_setup(v);
    struct str path = arena_fmt(v->a, SAMPLES "%.*s", STR_ARG(file));
    if (file_slurp(path.s, 1 << 24, v->a, &bytes, &v->d) < 0)
        return false;
    drive_bytes(v, f, bytes, 4099);
    return true;
}

/* The scan a row speaks of: by policy id, or by policy="title" where the file has no id. */
static const struct scan *
scan_of(const struct drive *v, struct str policy)
{
    struct str title = STR("");
    if (str_starts(policy, "policy=\"")) {
        title = str_n(policy.s + 8, policy.len - 8);
        title.len -= str_ends(title, "\"");
    }
    for (size_t i = 0; i < v->file.scans.n; i++) {
        const struct scan *s = &v->file.scans.v[i];
        bool same = title.len ? str_eq(s->policy.title, title)
                              : policy.len == 0 || str_eq(s->policy.id, policy);
        if (same)
            return s;
    }
    return NULL;
}

static void
compare_words(const struct scan *s, struct str other, int64_t total)
{
    int64_t sum = 0, native = 0;
    for (size_t i = 0; i < s->native_counts.n; i++)
        native += s->native_counts.v[i].n;
    for (int i = 0; i < STATUS__COUNT; i++)
        sum += s->counts[i];
    CHECK(sum == total);
    CHECK(native == total);
    CHECK(s->score_only || (int64_t)s->results.n == total);
    while (other.len) {
        struct str pair = str_cut(&other, ';');
        char word[80];
        struct str name = str_cut(&pair, '=');
        int64_t n = -1;
        CHECK(str_to_i64(pair, &n));
        snprintf(word, sizeof word, "%.*s", STR_ARG(name));
        CHECK(drive_native(s, word) == n);
    }
}

static int64_t
time_of(struct str text)
{
    int64_t t;
    struct clock_time c;
    if (str_to_i64(text, &t))
        return t;
    return clock_parse(text, 0, &c) ? c.t : CLOCK_NONE;
}

static void
compare_head(const struct scan *s, const struct str col[COL__COUNT])
{
    bool pandora = str_eqc(col[COL_FORMAT], "pandora");
    struct str host = col[COL_HOST];
    CHECK(str_eq(s->format, col[COL_FORMAT]));
    if (pandora) {
        CHECK_STR(s->asset.alias, "web01");
        CHECK_STR(s->asset.name, "web01.example.net");
        CHECK(s->end == time_of(col[COL_START]));
    } else {
        if (host.len && host.s[0] != '(')
            CHECK(str_eq(s->asset.name, host));
        else
            CHECK(s->asset.name.len == 0);
        if (col[COL_START].len)
            CHECK(s->start == time_of(col[COL_START]));
        if (col[COL_END].len)
            CHECK(s->end == time_of(col[COL_END]));
    }
    if (col[COL_VERSION].len)
        CHECK(str_eq(s->policy.version, col[COL_VERSION]));
    if (str_eqc(col[COL_FORMAT], "lynis"))
        CHECK(str_eq(s->policy.profile, col[COL_PROFILE]));
}

/* The score that the note names, as the scanner reported it. */
static void
compare_score(const struct scan *s, struct str note)
{
    static const char *const names[] = {"summary only, score ",
                                        "summary only, score=", "summary event, score ",
                                        "hardening_index "};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        long at = str_find(note, names[i]);
        if (at < 0)
            continue;
        double want = atof(note.s + at + strlen(names[i]));
        CHECK(s->scores.n == 1 && s->scores.v[0].value == want);
    }
}

static void
compare_row(const struct str col[COL__COUNT])
{
    struct drive v;
    int64_t total;
    const struct ingest_format *f = reader_of(col[COL_FILE]);
    int failed = check_failed;
    CHECK(drive_sample(&v, f, col[COL_FILE]));
    if (str_to_i64(col[COL_TOTAL], &total)) {
        const struct scan *s = v.rc == 0 ? scan_of(&v, col[COL_POLICY]) : NULL;
        CHECK(s != NULL);
        if (s) {
            compare_head(s, col);
            compare_words(s, col[COL_OTHER], total);
            compare_score(s, col[COL_NOTE]);
        }
    } else {
        CHECK(v.rc < 0 && v.d.first.code == DIAG_BAD_DATA && v.file.scans.n == 0);
    }
    if (failed != check_failed)
        fprintf(stderr, "  in %.*s %.*s\n", STR_ARG(col[COL_FILE]), STR_ARG(col[COL_POLICY]));
    n_rows++;
    drive_free(&v);
}

static void
test_expected(struct str table)
{
    while (table.len) {
        struct str line = str_cut(&table, '\n'), col[COL__COUNT];
        for (int i = 0; i < COL__COUNT; i++)
            col[i] = str_cut(&line, '\t');
        if (reader_of(col[COL_FILE]))
            compare_row(col);
    }
    CHECK(n_rows >= 18);
}

/* The summary without rows in the events file is a scan too, which the table only notes. */
static void
test_lone_summary(void)
{
    struct drive v;
    CHECK(drive_sample(&v, &wazuh_format, STR("wazuh-sca/agent-events-real-3.9-4.x.jsonl")));
    CHECK(v.rc == 0 && v.file.scans.n == 5);
    const struct scan *s = scan_of(&v, STR("cis_debian9_L1"));
    CHECK(s && s->score_only && s->counts[STATUS_PASS] == 33 && s->counts[STATUS_FAIL] == 63);
    drive_free(&v);
    CHECK(drive_sample(&v, &wazuh_format, STR("wazuh-sca/synth-cis_debian12-alerts.jsonl")));
    CHECK(v.file.scans.n == 1 && v.file.scans.v[0].delta);
    CHECK_STR(v.file.scans.v[0].policy.id, "cis_debian12");
    drive_free(&v);
}

static void
test_nasty_json(void)
{
    static const struct {
        const char *file;
        size_t results; /* 0 = refused */
        const char *says;
    } rows[] = {
        {"nasty/json-bigint.json", 0, "too big integer"},
        {"nasty/json-bom.json", 0, "not a Wazuh SCA document"},
        {"nasty/json-comments.json", 0, "not JSON"},
        {"nasty/json-concatenated.json", 2, "no summary"},
        {"nasty/json-deep-100k.json", 0, "depth"},
        {"nasty/json-dup-keys.json", 1, "no summary"},
        {"nasty/json-invalid-utf8.json", 0, "invalid UTF-8"},
        {"nasty/json-lone-surrogate.json", 0, "invalid Unicode"},
        {"nasty/json-nan.json", 0, "invalid token"},
        {"nasty/json-nul-escape.json", 0, "not a Wazuh SCA document"},
        {"nasty/json-truncated.json", 0, "ends inside"},
        {"nasty/json-types-wrong.json", 1, "unknown result word"},
        {"nasty/json-utf16.json", 0, "not JSON"},
        {"nasty/jsonl-crlf-blank-and-bad-line.jsonl", 2, "line 3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct drive v;
        CHECK(drive_sample(&v, &wazuh_format, str_c(rows[i].file)));
        size_t n = v.rc == 0 && v.file.scans.n == 1 ? v.file.scans.v[0].results.n : 0;
        CHECK(n == rows[i].results && (v.rc == 0) == (rows[i].results > 0));
        CHECK(drive_warned(&v, rows[i].says));
        CHECK(v.rc < 0 || v.file.scans.v[0].counts[STATUS_PASS] <= 1);
        if (n != rows[i].results)
            fprintf(stderr, "  in %s\n", rows[i].file);
        drive_free(&v);
    }
}

static void
test_nasty_lynis(void)
{
    struct drive v;
    CHECK(drive_sample(&v, &lynis_format, STR("nasty/lynis-truncated-no-finish.dat")));
    CHECK(v.rc == 0 && v.file.scans.n == 1 && v.file.scans.v[0].partial);
    CHECK(v.file.scans.v[0].results.n == 1 && drive_warned(&v, "finish=true"));
    drive_free(&v);
    CHECK(drive_sample(&v, &lynis_format, STR("nasty/lynis-no-final-newline-nul.dat")));
    CHECK(v.rc == 0 && v.file.scans.n == 1 && v.file.scans.v[0].results.n == 3);
    CHECK(v.file.scans.v[0].counts[STATUS_FAIL] == 3 && v.file.scans.v[0].partial);
    CHECK_STR(v.file.scans.v[0].results.v[0].evidence, "warning: msg with = and | inside");
    CHECK(drive_warned(&v, "UTF-8"));
    drive_free(&v);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str table;
    if (!file_exists(SAMPLES "EXPECTED.tsv")) {
        puts("skipped: no ../shared/samples");
        arena_free(a);
        return 77;
    }
    CHECK(file_slurp(SAMPLES "EXPECTED.tsv", 1 << 24, a, &table, &d) == 0);
    test_expected(table);
    test_lone_summary();
    test_nasty_json();
    test_nasty_lynis();
    arena_free(a);
    return CHECK_DONE();
}
