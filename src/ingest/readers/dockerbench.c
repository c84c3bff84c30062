/* Reader of docker-bench-security results (JSON). Called by ingest.c with chunks. See
 * doc/formats/docker-bench.md. The tool is a shell script that writes the file piece by piece: one
 * that was killed leaves JSON that ends too early. */
#include "base/buf.h"
#include "ingest/build.h"
#include "ingest/frameworks.h"
#include "ingest/json_reader.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/take.h"

static const struct build_word words[] = {
    {"pass", STATUS_PASS},       {"warn", STATUS_FAIL}, {"info", STATUS_INFORMATIONAL},
    {"note", STATUS_NOTCHECKED}, {NULL, STATUS_NONE},
};

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max)
{
    return json_reader_get(r, v, key, max, STR("tests"));
}

/* The details, then the containers, images or users they are about, one a line. */
static struct str
evidence_of(struct ingest_reader *r, const json_t *v)
{
    const json_t *items = json_object_get(v, "items");
    AUTO_BUF text = buf_init((size_t)8 * LIMIT_TEXT);
    buf_str(&text, get(r, v, "details", LIMIT_TEXT));
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (json_is_string(item))
            buf_fmt(&text, "%s%s", text.len ? "\n" : "", json_string_value(item));
    }
    return take_text(r->a, buf_view(&text), LIMIT_TEXT, STR("items"), r->d);
}

static int
take_result(struct ingest_reader *r, const json_t *v)
{
    bool is_new;
    struct build *b = r->own;
    struct str id = get(r, v, "id", LIMIT_TEXT), word = get(r, v, "result", LIMIT_ID);
    if (!json_is_object(v) || !id.len) {
        build_leave_out(b, STR("results"), "a result without id");
        return 0;
    }
    long at = build_check(b, id, &is_new);
    if (at < 0)
        return -1;
    struct scan_check *c = build_at(b, at);
    if (is_new) {
        c->title = get(r, v, "desc", LIMIT_TITLE);
        c->remediation = get(r, v, "remediation", LIMIT_TEXT);
        c->impact = get(r, v, "remediation-impact", LIMIT_TEXT);
        c->section = arena_fmt(r->a, "docker-bench:%.*s", STR_ARG(c->id));
        frameworks_add(r->a, c, STR("cis"), c->id, r->d);
    }
    return build_result(b, at,
                        (struct scan_result){.native = word,
                                             .status = build_status(b, words, word, id),
                                             .evidence = evidence_of(r, v),
                                             .time = CLOCK_NONE});
}

static int
on_test(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct ingest_reader *r = self;
    const json_t *results = json_object_get(v, "results");
    (void)path, (void)index;
    if (!results && json_object_get(v, "result")) /* docker-bench -c: a list of checks, no groups */
        return take_result(r, v);
    for (size_t i = 0; i < json_array_size(results); i++)
        if (take_result(r, json_array_get(results, i)) != 0)
            return -1;
    return 0;
}

static int64_t
time_of(struct ingest_reader *r, const json_t *v, const char *key)
{
    struct scan *s = &((struct build *)r->own)->scan;
    return take_time(r->ctx, get(r, v, key, LIMIT_ID), &s->zone_assumed, str_c(key), r->d);
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    struct build *b = r->own;
    struct scan *s = &b->scan;
    int64_t stated;
    struct str version = get(r, v, "dockerbenchsecurity", LIMIT_ID);
    if (!s->results.n)
        return diag_fail(r->d, DIAG_BAD_DATA, "docker-bench: no results");
    s->policy.id = STR("docker-bench-security");
    s->policy.version = version;
    s->policy.title = STR("Docker Bench for Security");
    s->engine = take_text(r->a, arena_fmt(r->a, "docker-bench-security %.*s", STR_ARG(version)),
                          LIMIT_ID, STR("dockerbenchsecurity"), r->d);
    s->start = time_of(r, v, "start");
    s->end = time_of(r, v, "end");
    if (json_doc_int(v, "checks", &stated) && stated != (int64_t)s->results.n) {
        s->partial = true;
        diag_warn(r->d, DIAG_WARN_PARTIAL, STR("checks"),
                  "the file tells of %lld checks and holds %zu", (long long)stated, s->results.n);
    }
    return build_end(b, r->file);
}

static int
dockerbench_bid(const struct ingest_head *head)
{
    return detect_has_key(head->json_keys, "1:dockerbenchsecurity") ? 90 : 0;
}

static struct ingest_reader *
dockerbench_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
                 struct diag *d)
{
    static const struct json_doc_handlers handlers = {
        .paths = {"tests[]"}, .element = on_test, .document = on_document};
    struct build *b = ARENA_NEW(a, struct build);
    build_begin(b, "docker-bench", ctx, a, d);
    return json_reader_open(&handlers, b, ctx, file, a, d);
}

const struct ingest_format dockerbench_format = {
    .name = "docker-bench",
    .title = "docker-bench-security results",
    .bid = dockerbench_bid,
    .open = dockerbench_open,
    .push = json_reader_push,
    .push_document = json_reader_push_document,
    .end = json_reader_end,
    .close = json_reader_close,
};
