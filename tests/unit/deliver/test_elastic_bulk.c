/* _bulk of Elasticsearch: what is asked, and every kind of answer. */
#include "deliver/elastic_bulk.h"

#include "check.h"

static const struct outlet_message three[] = {
    {STR_INIT("{\"a\":1}"), STR_INIT("o:1"), 0, false, STR_INIT("")},
    {STR_INIT("{\"a\":2}"), STR_INIT("o:\"2\""), 0, false, STR_INIT("")},
    {STR_INIT("{\"a\":3}"), STR_INIT("o:3"), 0, false, STR_INIT("")},
};

#define OK(id) "{\"create\":{\"_id\":\"" id "\",\"status\":201}}"
#define SAME(id)                                                                                   \
    "{\"create\":{\"_id\":\"" id "\",\"status\":409,\"error\":{\"type\":\"version_conflict\"}}}"
#define BAD(id, status, type)                                                                      \
    "{\"create\":{\"_id\":\"" id "\",\"status\":" status ",\"error\":{\"type\":\"" type            \
    "\",\"reason\":\"because\"}}}"
#define TWO "o:\\\"2\\\""

static const struct {
    const char *answer;
    size_t n;
    enum diag_code code;
    const char *text; /* it holds this */
} cases[] = {
    {"{\"errors\":false,\"items\":[" OK("o:1") "," OK(TWO) "," OK("o:3") "]}", 3, DIAG_OK, ""},
    {"{\"items\":[{\"create\":{\"status\":201}},{\"create\":{\"status\":200}}," OK("o:3") "]}", 3,
     DIAG_OK, ""},
    {"{\"errors\":true,\"items\":[" SAME("o:1") "," SAME(TWO) "," OK("o:3") "]}", 3, DIAG_OK, ""},
    {"{\"errors\":true,\"items\":[" OK("o:1") "," BAD(TWO, "429", "rejected") "," OK("o:3") "]}", 1,
     DIAG_UNAVAILABLE, "o:\"2\": 429: too much at the moment: rejected: because"},
    {"{\"errors\":true,\"items\":[" OK("o:1") "," OK(TWO) "," BAD("o:3", "400", "parsing") "]}", 2,
     DIAG_CANNOT_WRITE, "o:3: 400: refused: parsing: because"},
    /* the first one decides */
    {"{\"items\":[" BAD("o:1", "503", "shards") "," BAD(TWO, "400", "parsing") "," OK("o:3") "]}",
     0, DIAG_UNAVAILABLE, "o:1: 503"},
    {"{\"items\":[" BAD("o:1", "404", "index_not_found") "," OK(TWO) "," OK("o:3") "]}", 0,
     DIAG_CONFIG, "404"},
    {"{\"items\":[" BAD("o:1", "403", "security") "," OK(TWO) "," OK("o:3") "]}", 0, DIAG_CONFIG,
     "403"},
    {"{\"items\":[" BAD("o:1", "400", "invalid_index_name_exception") ",1,1]}", 0, DIAG_CONFIG,
     "because"},
    /* nobody said that anything was taken */
    {"", 0, DIAG_UNAVAILABLE, "no JSON"},
    {"<html>", 0, DIAG_UNAVAILABLE, "no JSON"},
    {"{\"items\":[" OK("o:1"), 0, DIAG_UNAVAILABLE, "no JSON"},
    {"{}", 0, DIAG_UNAVAILABLE, "item for every"},
    {"[]", 0, DIAG_UNAVAILABLE, "item for every"},
    {"{\"errors\":false,\"items\":[]}", 0, DIAG_UNAVAILABLE, "item for every"},
    {"{\"items\":[" OK("o:1") "," OK(TWO) "]}", 0, DIAG_UNAVAILABLE, "item for every"},
    {"{\"items\":[" OK("o:1") "," OK(TWO) "," OK("o:3") "," OK("o:4") "]}", 0, DIAG_UNAVAILABLE,
     "item for every"},
    {"{\"items\":[" OK("o:1") "," OK("o:3") "," OK(TWO) "]}", 1, DIAG_UNAVAILABLE,
     "other messages"},
    {"{\"items\":[" OK("o:1") ",{\"index\":{\"status\":201}},1]}", 1, DIAG_UNAVAILABLE,
     "no status"},
    {"{\"items\":[{\"create\":{\"status\":\"201\"}},1,null]}", 0, DIAG_UNAVAILABLE, "no status"},
    {"{\"items\":[{\"create\":{\"status\":500,\"status\":201}},1,1]}", 0, DIAG_UNAVAILABLE,
     "no JSON"},
    {"{\"items\":[{\"create\":{\"status\":99999999999}},1,1]}", 0, DIAG_UNAVAILABLE,
     "no status of"},
    {"{\"items\":[{\"create\":{\"status\":400,\"error\":\"a\"}},1,1]}", 0, DIAG_CANNOT_WRITE,
     "400"},
};

static void
check_answers(struct arena *a)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = diag_init(a);
        size_t n = 99;
        bool is_there;
        int rc = elastic_read(str_c(cases[i].answer), three, 3, &n, &is_there, &d);
        CHECK(is_there == (strstr(cases[i].answer, ":409") != NULL));
        bool ok = n == cases[i].n && d.first.code == cases[i].code && (rc == 0) == (n == 3) &&
                  (!*cases[i].text || str_find(d.first.text, cases[i].text) >= 0);
        CHECK(ok);
        if (!ok)
            fprintf(stderr, "  %s: %zu, %.*s\n", cases[i].answer, n, STR_ARG(d.first.text));
    }
}

static void
check_request(struct arena *a)
{
    AUTO_BUF out = buf_init(1 << 20);
    for (int i = 0; i < 2; i++)
        elastic_put(&out, &three[i], a);
    CHECK_STR(buf_view(&out), "{\"create\":{\"_id\":\"o:1\"}}\n{\"a\":1}\n"
                              "{\"create\":{\"_id\":\"o:\\\"2\\\"\"}}\n{\"a\":2}\n");
    char name[600];
    memset(name, 'n', sizeof name);
    struct outlet_message m = {.text = STR("{}"), .id = str_n(name, sizeof name)};
    CHECK(elastic_id(&m, a).len == 64);
    m.id.len = ELASTIC_MAX_ID;
    CHECK(str_eq(elastic_id(&m, a), m.id));
    m.is_reduced = true; /* the whole one is another document */
    CHECK(elastic_id(&m, a).len == 64);
    m.id = STR("o:3");
    CHECK_STR(elastic_id(&m, a), "o:3:reduced");
}

/* An answer as deep as it likes. */
static void
check_depth(struct arena *a)
{
    AUTO_BUF out = buf_init(1 << 22);
    struct diag d = diag_init(a);
    size_t n;
    bool is_there;
    for (int i = 0; i < 1000000; i++)
        buf_putc(&out, '[');
    CHECK(elastic_read(buf_view(&out), three, 3, &n, &is_there, &d) == -1 && n == 0);
    CHECK(elastic_compare(buf_view(&out), three, 3, &n, &d) == 0 && n == 3);
}

/* What is there under the ids says the same hash, none, or another. */
static void
check_compare(struct arena *a)
{
    struct outlet_message m[3] = {three[0], three[1], three[2]};
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct diag d = diag_init(a);
    size_t n;
    m[0].text = STR("{\"_leaf\":\"aa\"}");
    m[1].text = STR("{\"unmapped\":{\"leaf\":\"bb\"}}");
    m[2].text = STR("{\"event\":{\"hash\":\"cc\"}}");
    elastic_put_search(&out, m, 3, a);
    CHECK_STR(buf_view(&out),
              "{\"size\":3,\"_source\":[\"event.hash\",\"unmapped.leaf\",\"_leaf\",\"leaf\"],"
              "\"query\":{\"ids\":{\"values\":[\"o:1\",\"" TWO "\",\"o:3\"]}}}");
#define HIT(id, source) "{\"_id\":\"" id "\",\"_source\":" source "}"
    static const char *const well[] = {
        "",
        "[]",
        "{\"hits\":{}}",
        "{\"hits\":{\"hits\":{}}}",
        "{\"hits\":{\"hits\":[1,null,{}]}}",
        "{\"hits\":{\"hits\":[" HIT("o:3", "{\"event\":{\"hash\":\"cc\"}}") "," HIT(
            "o:1", "{\"_leaf\":\"aa\"}") "," HIT(TWO, "{\"leaf\":\"bb\"}") "]}}"};
    for (size_t i = 0; i < sizeof well / sizeof *well; i++)
        CHECK(elastic_compare(str_c(well[i]), m, 3, &n, &d) == 0 && n == 3);
    CHECK(elastic_compare(
              STR("{\"hits\":{\"hits\":[" HIT(TWO, "{\"unmapped\":{\"leaf\":\"xx\"}}") "]}}"), m, 3,
              &n, &d) == -1);
    CHECK(n == 1 && d.first.code == DIAG_CANNOT_WRITE);
    CHECK_STR(d.first.text,
              "o:\"2\": another record has this id there, with the hash xx and not bb: it is of "
              "another history of the log, or was written by somebody else");
}

int
main(void)
{
    struct arena *a = arena_new();
    check_compare(a);
    check_request(a);
    check_answers(a);
    check_depth(a);
    arena_free(a);
    return CHECK_DONE();
}
