/* Reader of Lynis' lynis-report.dat: one key=value a line. Called by ingest.c with chunks; gives
 * one scan. Passing is implicit: a test that was executed and has neither warning nor suggestion.
 * Titles come from titles.c. See doc/formats/lynis.md. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "ingest/format.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/lines.h"
#include "ingest/readers.h"
#include "ingest/readers/lynis/titles.h"
#include "ingest/take.h"

enum { LINE_MAX_BYTES = 1 << 20, MAX_FIELDS = 16, MAX_FINDINGS = 100000 };

/* One test id and what the report says about it. */
struct lynis_test {
    struct str id;
    bool executed, skipped, warned, suggested, failed_to_run;
    VEC(struct str) findings; /* evidence, one line each */
};

/* Keys with one value; the first one counts. */
enum lynis_key {
    KEY_START,
    KEY_END,
    KEY_HOST,
    KEY_DOMAIN,
    KEY_OS_FULL,
    KEY_OS_NAME,
    KEY_OS_VERSION,
    KEY_VERSION,
    KEY_CATEGORY,
    KEY_INDEX,
    KEY_FINISH,
    KEY__COUNT
};

static const char *const keys[KEY__COUNT] = {
    [KEY_START] = "report_datetime_start",
    [KEY_END] = "report_datetime_end",
    [KEY_HOST] = "hostname",
    [KEY_DOMAIN] = "domainname",
    [KEY_OS_FULL] = "os_fullname",
    [KEY_OS_NAME] = "os_name",
    [KEY_OS_VERSION] = "os_version",
    [KEY_VERSION] = "lynis_version",
    [KEY_CATEGORY] = "test_category",
    [KEY_INDEX] = "hardening_index",
    [KEY_FINISH] = "finish",
};

struct ingest_reader {
    const struct ingest_context *ctx;
    struct scan_file *file;
    struct arena *a;
    struct diag *d;
    struct lines lines;
    struct str values[KEY__COUNT];
    struct map *index; /* test id -> index into tests */
    VEC(struct lynis_test *) tests;
    VEC(struct str) addresses;
    size_t n_findings, n_manual, n_odd;
    bool has_version; /* of the report's form: its first line but one */
};

static int
lynis_bid(const struct ingest_head *head)
{
    struct str start = head->bytes;
    if (str_starts(start, "# Lynis Report"))
        return 100;
    if (start.len > 2000)
        start.len = 2000;
    return str_find(start, "report_version_major=") >= 0 ? 90 : 0;
}

/* An empty report. */
static void
begin_report(struct ingest_reader *r)
{
    memset(r->values, 0, sizeof r->values);
    memset(&r->tests, 0, sizeof r->tests);
    memset(&r->addresses, 0, sizeof r->addresses);
    r->n_findings = r->n_manual = r->n_odd = 0;
    r->has_version = false;
    r->index = map_new(r->a);
}

static struct ingest_reader *
lynis_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
           struct diag *d)
{
    struct ingest_reader *r = ARENA_NEW(a, struct ingest_reader);
    *r = (struct ingest_reader){.ctx = ctx, .file = file, .a = a, .d = d};
    r->lines = lines_init(LINE_MAX_BYTES);
    begin_report(r);
    return r;
}

/* The test of that id, made when it is new; NULL for ids that are not tests. */
static struct lynis_test *
get_test(struct ingest_reader *r, struct str id)
{
    id = str_trim(utf8_repair(r->a, id));
    if (id.len == 0 || str_eqc(id, "LYNIS") || id.len > LIMIT_ID) {
        r->n_odd += !str_eqc(id, "LYNIS");
        return NULL;
    }
    long at = map_get_index(r->index, id);
    assert(at < (long)r->tests.n && map_len(r->index) == r->tests.n);
    if (at >= 0)
        return r->tests.v[at];
    if (r->tests.n >= LIMIT_CHECKS)
        return NULL;
    struct lynis_test *t = ARENA_NEW(r->a, struct lynis_test);
    t->id = arena_str(r->a, id);
    map_put_index(r->index, t->id, r->tests.n);
    *VEC_PUSH(r->a, &r->tests) = t;
    return t;
}

/* Splits at bars; those inside (…) do not count when nested is set. Returns the number of fields,
 * or 0 when there are too many or a bracket stays open. */
static size_t
split_bars(struct str s, bool nested, struct str fields[MAX_FIELDS])
{
    size_t n = 0, from = 0;
    int depth = 0;
    for (size_t i = 0; i <= s.len; i++) {
        bool last = i == s.len;
        if (!last && nested)
            depth += (s.s[i] == '(') - (s.s[i] == ')' && depth > 0);
        if (!last && (s.s[i] != '|' || depth > 0))
            continue;
        if (n == MAX_FIELDS)
            return 0;
        fields[n++] = str_n(s.s + from, i - from);
        from = i + 1;
    }
    return depth > 0 ? 0 : n;
}

struct finding {
    struct str id, message, details, solution;
};

static bool
is_severity(struct str s)
{
    return s.len == 1 && (s.s[0] == 'H' || s.s[0] == 'M' || s.s[0] == 'L');
}

/* ID|message|details|solution| with bars inside the message, or the older ID|severity|message|. */
static struct finding
parse_finding(struct str line)
{
    struct str f[MAX_FIELDS];
    struct finding got = {.message = STR(""), .details = STR(""), .solution = STR("")};
    if (str_ends(line, "|"))
        line.len--;
    size_t n = split_bars(line, true, f);
    if (n == 0)
        n = split_bars(line, false, f);
    assert(n <= MAX_FIELDS);
    if (n == 0) { /* more bars than any known form has: only the id is sure */
        got.id = str_cut(&line, '|');
        got.message = line;
        return got;
    }
    got.id = f[0];
    size_t first = 1;
    if (n > 2 && is_severity(f[1]))
        first++; /* of the 2.x form; the kind of the line says the same */
    size_t left = n - first;
    if (left >= 3) {
        got.solution = f[n - 1];
        got.details = f[n - 2];
    } else if (left == 2) {
        got.details = f[n - 1];
    }
    size_t end = left >= 3 ? n - 3 : first;
    assert(end >= first && (left == 0 || end < n));
    if (left > 0)
        got.message = str_n(f[first].s, (size_t)(f[end].s + f[end].len - f[first].s));
    return got;
}

static bool
says_nothing(struct str s)
{
    return s.len == 0 || str_eqc(s, "-");
}

/* One line of evidence: what was found, where, and what the scanner suggests. */
static struct str
finding_text(struct ingest_reader *r, const char *kind, const struct finding *f)
{
    AUTO_BUF b = buf_init(LIMIT_DOCUMENT);
    buf_fmt(&b, "%s: ", kind);
    buf_str(&b, says_nothing(f->message) ? STR("(no text)") : f->message);
    if (!says_nothing(f->details))
        buf_fmt(&b, " [%.*s]", STR_ARG(f->details));
    if (!says_nothing(f->solution)) {
        bool tagged = str_starts(f->solution, "text:");
        buf_puts(&b, " -> ");
        buf_add(&b, f->solution.s + (tagged ? 5 : 0), f->solution.len - (tagged ? 5 : 0));
    }
    return take_text(r->a, buf_view(&b), LIMIT_TEXT, f->id, r->d);
}

/* Lynis writes exact duplicates now and then: they are kept once. */
static void
add_finding(struct ingest_reader *r, struct lynis_test *t, struct str text)
{
    for (size_t i = 0; i < t->findings.n && i < 1000; i++)
        if (str_eq(t->findings.v[i], text))
            return;
    *VEC_PUSH(r->a, &t->findings) = text;
}

static int
take_finding(struct ingest_reader *r, const char *kind, struct str value)
{
    struct finding f = parse_finding(value);
    if (++r->n_findings > MAX_FINDINGS)
        return diag_fail(r->d, DIAG_TOO_BIG, "more than %d findings", MAX_FINDINGS);
    struct lynis_test *t = get_test(r, f.id);
    if (!t)
        return 0;
    f.id = t->id;
    if (strcmp(kind, "warning") == 0)
        t->warned = true;
    else
        t->suggested = true;
    add_finding(r, t, finding_text(r, kind, &f));
    return 0;
}

/* TEST-ID:number|text| of a test that broke, or TEST-ID:number of one to be looked at by hand. */
static void
take_event(struct ingest_reader *r, const char *kind, struct str value)
{
    struct str rest = value;
    struct str id = str_cut(&rest, '|'), number = id;
    struct lynis_test *t = get_test(r, str_cut(&number, ':'));
    if (!t)
        return;
    if (str_ends(rest, "|"))
        rest.len--;
    t->failed_to_run |= strcmp(kind, "exception") == 0;
    struct str text =
        arena_fmt(r->a, "%s %.*s%s%.*s", kind, STR_ARG(id), rest.len ? ": " : "", STR_ARG(rest));
    add_finding(r, t, take_text(r->a, text, LIMIT_TEXT, t->id, r->d));
}

static void
take_test_list(struct ingest_reader *r, struct str value, bool executed)
{
    while (value.len) {
        struct str id = str_cut(&value, '|');
        struct lynis_test *t = id.len ? get_test(r, id) : NULL;
        if (t && executed)
            t->executed = true;
        else if (t)
            t->skipped = true;
    }
}

static void
take_address(struct ingest_reader *r, struct str value)
{
    bool loopback = str_starts(value, "127.") || str_eqc(value, "::1");
    if (value.len == 0 || loopback || r->addresses.n >= 1000)
        return;
    *VEC_PUSH(r->a, &r->addresses) = take_text(r->a, value, LIMIT_ID, STR("address"), r->d);
}

static int
take_array(struct ingest_reader *r, struct str key, struct str value)
{
    if (str_eqc(key, "warning[]"))
        return take_finding(r, "warning", value);
    if (str_eqc(key, "suggestion[]"))
        return take_finding(r, "suggestion", value);
    if (str_eqc(key, "exception_event[]"))
        take_event(r, "exception", value);
    else if (str_eqc(key, "manual_event[]"))
        take_event(r, "to be checked by hand", value);
    else if (str_eqc(key, "manual[]"))
        r->n_manual++;
    else if (str_eqc(key, "network_ipv4_address[]") || str_eqc(key, "network_ipv6_address[]") ||
             str_eqc(key, "network_mac_address[]"))
        take_address(r, value);
    return 0;
}

static int
by_id(const void *x, const void *y)
{
    const struct lynis_test *const *a = x, *const *b = y;
    return str_cmp((*a)->id, (*b)->id);
}

static struct str
join_findings(struct ingest_reader *r, const struct lynis_test *t)
{
    AUTO_BUF b = buf_init(LIMIT_DOCUMENT);
    for (size_t i = 0; i < t->findings.n; i++) {
        if (i)
            buf_putc(&b, '\n');
        buf_str(&b, t->findings.v[i]);
    }
    return take_text(r->a, buf_view(&b), LIMIT_TEXT, t->id, r->d);
}

/* Status, word and severity of a test; the words are those of doc/formats/lynis.md. */
static void
judge_test(const struct ingest_reader *r, const struct lynis_test *t, struct scan_result *res)
{
    if (t->warned) {
        res->status = STATUS_FAIL;
        res->severity = SEVERITY_HIGH;
        res->native = STR("executed_with_warning");
    } else if (t->failed_to_run) {
        res->status = STATUS_ERROR;
        res->native = STR("exception");
    } else if (t->suggested) {
        bool counts = !r->ctx->suggestion_informational;
        res->status = counts ? STATUS_FAIL : STATUS_INFORMATIONAL;
        res->severity = SEVERITY_LOW;
        res->native = STR("executed_with_suggestion_only");
    } else if (t->executed) {
        res->status = STATUS_PASS;
        res->native = STR("executed_no_finding");
    } else {
        res->status = t->skipped ? STATUS_NOTAPPLICABLE : STATUS_NOTCHECKED;
        res->native = t->skipped ? STR("skipped") : STR("to be checked by hand");
    }
}

/* Checks in the order of their ids: two hosts with the same tests have the same catalogue, though
 * Lynis ran them in another order. */
static void
add_tests(struct ingest_reader *r, struct scan *s)
{
    if (r->tests.n)
        qsort(r->tests.v, r->tests.n, sizeof *r->tests.v, by_id);
    for (size_t i = 0; i < r->tests.n; i++) {
        const struct lynis_test *t = r->tests.v[i];
        struct scan_check *c = VEC_PUSH(r->a, &s->checks);
        struct str title = lynis_titles_find(t->id);
        *c = scan_check_new(t->id);
        c->title = title.len ? arena_str(r->a, title) : t->id;
        c->section = arena_fmt(r->a, "lynis:%.*s", STR_ARG(t->id));
        *VEC_PUSH(r->a, &c->references) =
            arena_fmt(r->a, "https://cisofy.com/lynis/controls/%.*s/", STR_ARG(t->id));
        struct scan_result res = {
            .check = i, .evidence = join_findings(r, t), .waiver = STR(""), .time = CLOCK_NONE};
        judge_test(r, t, &res);
        scan_add_result(r->a, s, res);
    }
}

static void
fill_asset(struct ingest_reader *r, struct scan_asset *asset)
{
    const struct str *v = r->values;
    asset->name = asset->alias = asset->group = STR("");
    identity_take(r->ctx, asset, &v[KEY_HOST], 1, r->a, r->d);
    if (!asset->is_given && v[KEY_DOMAIN].len && str_find(v[KEY_HOST], ".") < 0)
        asset->alias = arena_fmt(r->a, "%.*s.%.*s", STR_ARG(v[KEY_HOST]), STR_ARG(v[KEY_DOMAIN]));
    asset->os = v[KEY_OS_FULL];
    if (!asset->os.len && v[KEY_OS_NAME].len)
        asset->os = str_trim(
            arena_fmt(r->a, "%.*s %.*s", STR_ARG(v[KEY_OS_NAME]), STR_ARG(v[KEY_OS_VERSION])));
    for (size_t i = 0; i < r->addresses.n; i++)
        *VEC_PUSH(r->a, &asset->addresses) = r->addresses.v[i];
}

static void
fill_scan(struct ingest_reader *r, struct scan *s)
{
    const struct str *v = r->values;
    double index;
    fill_asset(r, &s->asset);
    s->format = STR("lynis");
    s->policy = (struct scan_policy){.id = STR("lynis"),
                                     .version = v[KEY_VERSION],
                                     .title = STR("Lynis"),
                                     .profile = v[KEY_CATEGORY]};
    s->engine = str_trim(arena_fmt(r->a, "Lynis %.*s", STR_ARG(v[KEY_VERSION])));
    s->start = take_time(r->ctx, v[KEY_START], &s->zone_assumed, str_c(keys[KEY_START]), r->d);
    s->end = take_time(r->ctx, v[KEY_END], &s->zone_assumed, str_c(keys[KEY_END]), r->d);
    take_settle_times(r->ctx, s, r->d);
    if (take_number(v[KEY_INDEX], &index) && index >= 0 && index <= 100)
        *VEC_PUSH(r->a, &s->scores) = (struct scan_score){STR("lynis hardening_index"), index, 100};
    else if (v[KEY_INDEX].len)
        diag_warn(r->d, DIAG_WARN_DATA, STR("hardening_index"), "not a number of 0 to 100");
}

static void
warn_of_gaps(struct ingest_reader *r, struct scan *s)
{
    if (!str_eqc(r->values[KEY_FINISH], "true")) {
        s->partial = true;
        diag_warn(r->d, DIAG_WARN_PARTIAL, STR("finish"),
                  "no finish=true: Lynis was still running, or was stopped");
    }
    if (r->n_odd)
        diag_warn(r->d, DIAG_WARN_DATA, STR("lines"),
                  "%zu lines or test ids without a usable key or id were left out", r->n_odd);
    if (r->n_manual)
        diag_warn(r->d, DIAG_WARN_DATA, STR("manual"),
                  "%zu points to be checked by hand name no test and are no results", r->n_manual);
    if (r->tests.n >= LIMIT_CHECKS)
        diag_warn(r->d, DIAG_WARN_PARTIAL, STR("tests"), "more than %d tests", LIMIT_CHECKS);
}

/* A report is over: its scan. */
static int
end_report(struct ingest_reader *r)
{
    for (int k = 0; k < KEY__COUNT; k++)
        r->values[k] = r->values[k].len ? r->values[k] : STR("");
    if (r->tests.n == 0)
        return diag_fail(r->d, r->values[KEY_FINISH].len ? DIAG_BAD_DATA : DIAG_TRUNCATED,
                         "no test in this Lynis report: neither tests_executed nor findings");
    if (r->file->scans.n >= LIMIT_SCANS)
        return diag_fail(r->d, DIAG_TOO_BIG, "more than %d reports in one file", LIMIT_SCANS);
    struct scan *s = VEC_PUSH(r->a, &r->file->scans);
    fill_scan(r, s);
    add_tests(r, s);
    warn_of_gaps(r, s);
    assert(s->checks.n == r->tests.n && s->results.n == s->checks.n);
    return take_check_ids(s, r->d);
}

/* True when the key begins another report behind this one: both stand once in each. */
static bool
begins_another(const struct ingest_reader *r, struct str key)
{
    if (str_eqc(key, "report_version_major"))
        return r->has_version;
    return str_eqc(key, keys[KEY_START]) && r->values[KEY_START].len;
}

static int
take_line(void *self, struct str line)
{
    struct ingest_reader *r = self;
    struct str value = line;
    if (str_trim(line).len == 0 || line.s[0] == '#')
        return 0;
    struct str key = str_cut(&value, '=');
    if (key.len == line.len || key.len == 0) {
        r->n_odd++;
        return 0;
    }
    if (begins_another(r, key)) {
        if (end_report(r) != 0)
            return -1;
        begin_report(r);
    }
    r->has_version = r->has_version || str_eqc(key, "report_version_major");
    int rc = str_ends(key, "[]") ? take_array(r, key, value) : 0;
    if (rc != 0)
        return rc;
    if (str_eqc(key, "tests_executed"))
        take_test_list(r, value, true);
    else if (str_eqc(key, "tests_skipped"))
        take_test_list(r, value, false);
    for (int k = 0; k < KEY__COUNT; k++)
        if (!r->values[k].len && str_eqc(key, keys[k]))
            r->values[k] = take_text(r->a, str_trim(value), k == KEY_HOST ? LIMIT_TITLE : LIMIT_ID,
                                     str_c(keys[k]), r->d);
    return 0;
}

static int
lynis_push(struct ingest_reader *r, struct str chunk)
{
    int rc = lines_push(&r->lines, chunk, take_line, r, r->d);
    return rc == 0 ? 0 : diag_at(r->d, "%s:%zu", r->ctx->path, r->lines.number);
}

static int
lynis_end(struct ingest_reader *r)
{
    if (lines_end(&r->lines, take_line, r) < 0)
        return diag_at(r->d, "%s:%zu", r->ctx->path, r->lines.number);
    return end_report(r);
}

static void
lynis_close(struct ingest_reader *r)
{
    lines_done(&r->lines);
}

const struct ingest_format lynis_format = {
    .name = "lynis",
    .title = "Lynis report.dat",
    .bid = lynis_bid,
    .open = lynis_open,
    .push = lynis_push,
    .end = lynis_end,
    .close = lynis_close,
};
