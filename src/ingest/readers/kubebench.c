/* Reader of kube-bench results (JSON): one scan for each list of controls of a kind of node. Called
 * by ingest.c with chunks. See doc/formats/kube-bench.md.
 *
 * Two shapes: {"Controls":[…],"Totals":…}, and the bare list of older versions. */
#include "ingest/build.h"
#include "ingest/frameworks.h"
#include "ingest/json_reader.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/take.h"

/* WARN means that a person has to look; INFO is no check at all. */
static const struct build_word words[] = {
    {"pass", STATUS_PASS},          {"fail", STATUS_FAIL}, {"warn", STATUS_NOTCHECKED},
    {"info", STATUS_INFORMATIONAL}, {NULL, STATUS_NONE},
};

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max)
{
    return json_reader_get(r, v, key, max, STR("Controls"));
}

/* What was found, what was expected, why. */
static struct str
evidence_of(struct ingest_reader *r, const json_t *v)
{
    static const char *const parts[] = {"actual_value", "expected_result", "reason"};
    static const char *const names[] = {"", "expected: ", ""};
    struct str all = STR("");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct str text = get(r, v, parts[i], LIMIT_TEXT);
        if (text.len)
            all = arena_fmt(r->a, "%.*s%s%s%.*s", STR_ARG(all), all.len ? "\n" : "", names[i],
                            STR_ARG(text));
    }
    return take_text(r->a, all, LIMIT_TEXT, STR("actual_value"), r->d);
}

/* Results that do not count for the benchmark's score are told, and do not count here either. */
static enum status
status_of(struct build *b, const json_t *v, struct str word, struct str id)
{
    enum status s = build_status(b, words, word, id);
    const json_t *scored = json_object_get(v, "scored");
    bool counts = s == STATUS_PASS || s == STATUS_FAIL;
    return counts && json_is_false(scored) ? STATUS_INFORMATIONAL : s;
}

/* What a check is in: the title of its section, then that of the controls. */
static struct str
section_of(struct ingest_reader *r, const struct build *b, const json_t *test)
{
    struct str title = get(r, test, "desc", LIMIT_ID);
    struct str section = str_cut(&title, '|'), chapter = b->scan.policy.title;
    return arena_fmt(r->a, "kube-bench:%.*s|%.*s", STR_ARG(section),
                     STR_ARG(str_cut(&chapter, '|')));
}

static int
take_result(struct ingest_reader *r, struct build *b, const json_t *v, struct str section)
{
    bool is_new;
    struct str id = get(r, v, "test_number", LIMIT_TEXT), word = get(r, v, "status", LIMIT_ID);
    if (!json_is_object(v) || !id.len) {
        build_leave_out(b, STR("results"), "a result without test_number");
        return 0;
    }
    long at = build_check(b, id, &is_new);
    if (at < 0)
        return -1;
    if (is_new) {
        struct scan_check *c = build_at(b, at);
        struct str audit = get(r, v, "audit", LIMIT_TEXT / 2);
        c->title = get(r, v, "test_desc", LIMIT_TITLE);
        c->remediation = get(r, v, "remediation", LIMIT_TEXT);
        if (audit.len)
            c->description = arena_fmt(r->a, "Audit: %.*s", STR_ARG(audit));
        c->section = section;
        frameworks_add(r->a, c, STR("cis"), c->id, r->d);
    }
    return build_result(b, at,
                        (struct scan_result){.native = word,
                                             .status = status_of(b, v, word, id),
                                             .evidence = evidence_of(r, v),
                                             .time = CLOCK_NONE});
}

/* Totals that are not those of the rows tell of a file that was cut or edited. */
static void
compare_totals(struct ingest_reader *r, struct build *b, const json_t *controls)
{
    static const char *const keys[] = {"total_pass", "total_fail", "total_warn", "total_info"};
    int64_t stated = 0, n;
    bool is_stated = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_doc_int(controls, keys[i], &n) && n >= 0 && n <= INT32_MAX) {
            stated += n;
            is_stated = true;
        }
    if (!is_stated || stated == (int64_t)b->scan.results.n)
        return;
    b->scan.partial = true;
    diag_warn(r->d, DIAG_WARN_PARTIAL, b->scan.policy.profile,
              "the totals tell of %lld results, %zu are in the file", (long long)stated,
              b->scan.results.n);
}

static void
name_policy(struct ingest_reader *r, struct scan_policy *p, const json_t *v)
{
    struct str version = get(r, v, "version", LIMIT_ID / 2);
    struct str id = get(r, v, "id", LIMIT_ID / 4), node = get(r, v, "node_type", LIMIT_ID / 4);
    bool is_named = str_starts(version, "cis-") || !version.len;
    p->id = version.len ? arena_fmt(r->a, "%s%.*s", is_named ? "" : "cis-", STR_ARG(version))
                        : STR("kube-bench");
    p->version = version;
    p->title = get(r, v, "text", LIMIT_TITLE);
    p->profile = arena_fmt(r->a, "%.*s/%.*s", STR_ARG(id), STR_ARG(node));
}

static int
on_controls(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct ingest_reader *r = self;
    struct build b;
    (void)path, (void)index;
    build_begin(&b, "kube-bench", r->ctx, r->a, r->d);
    name_policy(r, &b.scan.policy, v);
    b.scan.engine = STR("kube-bench");
    const json_t *tests = json_object_get(v, "tests");
    for (size_t i = 0; i < json_array_size(tests); i++) {
        const json_t *test = json_array_get(tests, i), *results = json_object_get(test, "results");
        struct str section = section_of(r, &b, test);
        for (size_t k = 0; k < json_array_size(results); k++)
            if (take_result(r, &b, json_array_get(results, k), section) != 0)
                return -1;
    }
    compare_totals(r, &b, v);
    if (b.scan.results.n)
        return build_end(&b, r->file);
    diag_warn(r->d, DIAG_WARN_PARTIAL, b.scan.policy.profile, "controls without results: left out");
    return 0;
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    (void)v;
    return r->file->scans.n
               ? 0
               : diag_fail(r->d, DIAG_BAD_DATA, "kube-bench: no controls with results");
}

static int
kubebench_bid(const struct ingest_head *head)
{
    struct str k = head->json_keys;
    bool is_list = detect_has_key(k, "2:node_type") && detect_has_key(k, "2:tests");
    return detect_has_key(k, "1:Controls") || is_list ? 90 : 0;
}

static struct ingest_reader *
kubebench_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
               struct diag *d)
{
    static const struct json_doc_handlers handlers = {
        .paths = {"Controls[]", "[]"}, .element = on_controls, .document = on_document};
    return json_reader_open(&handlers, NULL, ctx, file, a, d);
}

const struct ingest_format kubebench_format = {
    .name = "kube-bench",
    .title = "kube-bench results",
    .bid = kubebench_bid,
    .open = kubebench_open,
    .push = json_reader_push,
    .push_document = json_reader_push_document,
    .end = json_reader_end,
    .close = json_reader_close,
};
