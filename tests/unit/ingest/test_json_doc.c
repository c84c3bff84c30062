/* The splitter of JSON documents: what is handed over, in which order, and where errors stand. */
#include "ingest/json_doc.h"

#include <string.h>

#include "base/buf.h"
#include "check.h"

struct seen {
    struct buf log;
    int stop_after;
};

static int
on_element(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct seen *s = self;
    char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
    buf_fmt(&s->log, "%zu/%zu.%zu=%s ", path, index[0], index[1], text);
    free(text);
    return --s->stop_after == 0 ? -1 : 0;
}

static int
on_document(void *self, const json_t *v)
{
    struct seen *s = self;
    char *text = json_dumps(v, JSON_COMPACT);
    buf_fmt(&s->log, "doc=%s", text);
    free(text);
    return 0;
}

static const struct json_doc_handlers handlers = {
    .paths = {"profiles[].controls[]", "rules[]", "[]"},
    .element = on_element,
    .document = on_document,
};

/* What is handed over of text, pushed in pieces of step bytes; the failure's text when it fails. */
static struct str
split(struct arena *a, struct str text, size_t step)
{
    struct diag d = diag_init(a);
    struct seen s = {.log = buf_init(1 << 20)};
    struct json_doc *j = json_doc_new(&handlers, &s, "f", &d);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < text.len; i += step)
        rc = json_doc_push(j, str_n(text.s + i, text.len - i < step ? text.len - i : step));
    if (rc == 0)
        rc = json_doc_end(j);
    CHECK(rc == 0 || diag_failed(&d));
    struct str out = rc == 0 ? arena_str(a, buf_view(&s.log)) : diag_text(&d);
    json_doc_free(j);
    buf_done(&s.log);
    return out;
}

static const struct {
    const char *text, *want;
} cases[] = {
    {"{\"rules\":[{\"a\":1},2,\"x\"],\"b\":[1,2]}",
     "1/0.0={\"a\":1} 1/1.0=2 1/2.0=\"x\" doc={\"rules\":[],\"b\":[1,2]}"},
    {"{\"profiles\":[{\"n\":\"p\",\"controls\":[{\"id\":1}]},{\"controls\":[{},{}]}]}",
     "0/0.0={\"id\":1} 0/1.0={} 0/1.1={} "
     "doc={\"profiles\":[{\"n\":\"p\",\"controls\":[]},{\"controls\":[]}]}"},
    {"\xef\xbb\xbf [ {\"rules\":[1]} , [2] ]\n", "2/0.0={\"rules\":[1]} 2/1.0=[2] doc=[]"},
    {"[]", "doc=[]"},
    {"{}", "doc={}"},
    {"{\"rules\":[ ]}", "doc={\"rules\":[]}"},
    {"{\"ru\\u006ces\":[7]}", "1/0.0=7 doc={\"rules\":[]}"},
    {"{\"rules\":{\"rules\":[1]}}", "doc={\"rules\":{\"rules\":[1]}}"},
    {"{\"x\":{\"rules\":[1]}}", "doc={\"x\":{\"rules\":[1]}}"},
    {"{\"rules\":\"[1,2]\",\"b\":\"\\\"],{\"}", "doc={\"rules\":\"[1,2]\",\"b\":\"\\\"],{\"}"},
    {"{\"rules\":[\"a,]\\\\\",\"b\\\"\"]}", "1/0.0=\"a,]\\\\\" 1/1.0=\"b\\\"\" doc={\"rules\":[]}"},
    {"{\"rules\":[1],\"rules\":[2]}",
     "f:1:20: not JSON: duplicate object key (bad-data)"},
    {"{\"rules\":[{\"a\":1,\n\"a\":2}]}",
     "f:2:3: not JSON: duplicate object key (bad-data)"},
    {"{\"rules\":[\"\\u0000\"]}", "1/0.0=\"\\u0000\" doc={\"rules\":[]}"},
    /* failures */
    {"", "f: the file is empty (truncated)"},
    {" \n", "f: the file is empty (truncated)"},
    {"{\"rules\":[{\"a\":\n1},{\"b\":tru}]}",
     "f:2:11: not JSON: invalid token (bad-data)"},
    {"{\"rules\":[1,\n2],\n\"b\":nope}", "f:3:8: not JSON: invalid token (bad-data)"},
    {"{\"rules\":[1\n,2],\"b\":nope}", "f:2:12: not JSON: invalid token (bad-data)"},
    {"{\"rules\":[1,]}", "f:1:13: not JSON: an element is missing (bad-data)"},
    {"{\"rules\":[,1]}", "f:1:11: not JSON: an element is missing (bad-data)"},
    {"{\"rules\":[1}", "f:1:12: not JSON: '}' closes an array (bad-data)"},
    {"{\"rules\":[1",
     "f:1:12: the JSON ends before its last bracket: the file was cut off (truncated)"},
    {"{\"rules\":[\"1", "f:1:13: the JSON ends inside a text: the file was cut off (truncated)"},
    {"{} {}", "f:1:4: text after the end of the JSON document (bad-data)"},
    {"}", "f:1:1: not a JSON object or array (bad-data)"},
    {"\xef{}", "f:1:1: not a JSON object or array (bad-data)"},
    {"[1 2]", "f:1:4: not JSON: end of file expected (bad-data)"},
};

static void
test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t step = 1; step < 100; step = step * 3 + 1) {
            struct arena *a = arena_new();
            struct str got = split(a, str_c(cases[i].text), step);
            CHECK_STR(got, cases[i].want);
            arena_free(a);
        }
}

/* A list of any length passes through a fixed amount of memory. */
static void
test_long_list(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct seen s = {.log = buf_init(100)};
    struct json_doc *j = json_doc_new(&handlers, &s, "f", &d);
    struct str element = STR("{\"text\":\"0123456789012345678901234567890123456789\"},\n");
    CHECK(json_doc_push(j, STR("{\"rules\":[")) == 0);
    for (int i = 0; i < 200000; i++)
        CHECK(json_doc_push(j, element) == 0);
    CHECK(json_doc_push(j, STR("1],\"b\":2}")) == 0);
    CHECK(json_doc_end(j) == 0);
    json_doc_free(j);
    buf_done(&s.log);
    arena_free(a);
}

static void
test_stop(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct seen s = {.log = buf_init(1000), .stop_after = 2};
    struct json_doc *j = json_doc_new(&handlers, &s, "f", &d);
    CHECK(json_doc_push(j, STR("[1,2,3]")) == -1);
    CHECK_STR(buf_view(&s.log), "2/0.0=1 2/1.0=2 ");
    json_doc_free(j);
    buf_done(&s.log);
    arena_free(a);
}

/* Brackets without end cost no more than their bytes. */
static void
test_deep(void)
{
    struct arena *a = arena_new();
    struct buf b = buf_init(1 << 20);
    for (int i = 0; i < 100000; i++)
        buf_puts(&b, "[{\"rules\":");
    struct str got = split(a, buf_view(&b), 4096);
    CHECK(str_find(got, "before its last bracket") > 0);
    buf_done(&b);
    arena_free(a);
}

static void
test_members(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    json_t *v = json_loads("{\"s\":\"text\",\"i\":12,\"r\":0.7,\"t\":true,\"n\":null,\"o\":{},"
                           "\"d\":\"34\",\"x\":\"12x\"}",
                           0, NULL);
    int64_t n = 0;
    CHECK_STR(json_doc_text(a, v, "s", 10, STR("p"), &d), "text");
    CHECK_STR(json_doc_text(a, v, "i", 10, STR("p"), &d), "12");
    CHECK_STR(json_doc_text(a, v, "r", 10, STR("p"), &d), "0.7");
    CHECK_STR(json_doc_text(a, v, "t", 10, STR("p"), &d), "true");
    CHECK_STR(json_doc_text(a, v, "n", 10, STR("p"), &d), "");
    CHECK_STR(json_doc_text(a, v, "o", 10, STR("p"), &d), "");
    CHECK_STR(json_doc_text(a, v, "none", 10, STR("p"), &d), "");
    CHECK(json_doc_int(v, "i", &n) && n == 12);
    CHECK(json_doc_int(v, "d", &n) && n == 34);
    CHECK(!json_doc_int(v, "x", &n) && !json_doc_int(v, "r", &n) && !json_doc_int(v, "none", &n));
    json_decref(v);
    arena_free(a);
}

int
main(void)
{
    test_cases();
    test_long_list();
    test_stop();
    test_deep();
    test_members();
    return CHECK_DONE();
}
