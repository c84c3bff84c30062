/* Splunk's HTTP Event Collector: events, answers with every code, acknowledgements. */
#include "deliver/hec_answer.h"

#include "check.h"

static const struct {
    long status;
    const char *answer;
    int64_t ack_id, invalid;
    enum diag_code code;
    const char *text; /* it holds this */
} cases[] = {
    {200, "{\"text\":\"Success\",\"code\":0,\"ackId\":7}", 7, -1, DIAG_OK, ""},
    {200, "{\"text\":\"Success\",\"code\":0}", -1, -1, DIAG_OK, ""},
    {200, "{\"text\":\"Success\",\"code\":0,\"ackId\":-7}", -1, -1, DIAG_OK, ""},
    {200, "{\"text\":\"Success\",\"code\":0,\"ackId\":\"7\"}", -1, -1, DIAG_OK, ""},
    {200, "", -1, -1, DIAG_UNAVAILABLE, "no answer of Splunk"},
    {200, "<html>", -1, -1, DIAG_UNAVAILABLE, "no answer of Splunk"},
    {200, "[0]", -1, -1, DIAG_UNAVAILABLE, "no answer of Splunk"},
    {200, "{\"text\":\"busy\",\"code\":9}", -1, -1, DIAG_UNAVAILABLE, "busy"},
    {200, "{\"text\":\"odd\",\"code\":99}", -1, -1, DIAG_UNAVAILABLE, "code 99"},
    {403, "{\"text\":\"Invalid token\",\"code\":4}", -1, -1, DIAG_CONFIG,
     "403: Invalid token (code 4)"},
    {401, "{\"text\":\"Token is required\",\"code\":2}", -1, -1, DIAG_CONFIG, "code 2"},
    {401, "nginx", -1, -1, DIAG_CONFIG, "401: the token is not taken: nginx"},
    {400, "{\"text\":\"Incorrect index\",\"code\":7,\"invalid-event-number\":0}", -1, 0,
     DIAG_CONFIG, "code 7"},
    {400, "{\"text\":\"ACK is disabled\",\"code\":14}", -1, -1, DIAG_CONFIG, "code 14"},
    {400, "{\"text\":\"Event field is required\",\"code\":12,\"invalid-event-number\":3}", -1, 3,
     DIAG_CANNOT_WRITE, "400: refused: Event field is required"},
    {413, "{\"text\":\"too large\",\"code\":27}", -1, -1, DIAG_CANNOT_WRITE, "413"},
    {503, "{\"text\":\"Server is busy\",\"code\":9}", -1, -1, DIAG_UNAVAILABLE, "busy"},
    {503, "{\"text\":\"Queue full\",\"code\":18}", -1, -1, DIAG_UNAVAILABLE, "503"},
    {500, "", -1, -1, DIAG_UNAVAILABLE, "500"},
    {404, "", -1, -1, DIAG_CONFIG, "404"},
    {403, "{\"text\":\"not s3cret\",\"code\":4}", -1, -1, DIAG_CONFIG, "403:  (code 4)"},
};

static void
check_answers(struct arena *a)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = diag_init(a);
        struct hec_answer h;
        hec_read(str_c(cases[i].answer), STR("s3cret"), a, &h);
        int rc = hec_verdict(cases[i].status, &h, &d);
        bool ok = h.ack_id == cases[i].ack_id && h.invalid == cases[i].invalid &&
                  d.first.code == cases[i].code && (rc == 0) == (cases[i].code == DIAG_OK) &&
                  (!*cases[i].text || str_find(d.first.text, cases[i].text) >= 0);
        CHECK(ok);
        if (!ok)
            fprintf(stderr, "  %s: %.*s\n", cases[i].answer, STR_ARG(d.first.text));
    }
}

static void
check_events(void)
{
    AUTO_BUF out = buf_init(1 << 16);
    struct outlet_message m[] = {
        {STR("{\"a\":1}"), STR("o:1"), 1700000000123, false, STR_INIT("")},
        {STR("CEF:0|a\\b|\"c\""), STR("o:2"), -1, false, STR_INIT("")},
    };
    hec_put(&out, &m[0], STR("h\"1"));
    CHECK_STR(buf_view(&out), "{\"time\":1700000000.123,\"host\":\"h\\\"1\",\"source\":\"assay\","
                              "\"sourcetype\":\"assay:json\",\"fields\":{\"assay_id\":\"o:1\"},"
                              "\"event\":{\"a\":1}}\n");
    buf_cut(&out, 0);
    hec_put(&out, &m[1], STR("h"));
    CHECK_STR(buf_view(&out), "{\"time\":-0.001,\"host\":\"h\",\"source\":\"assay\","
                              "\"sourcetype\":\"assay:text\",\"fields\":{\"assay_id\":\"o:2\"},"
                              "\"event\":\"CEF:0|a\\\\b|\\\"c\\\"\"}\n");
    buf_cut(&out, 0);
    hec_put_question(&out, 12);
    CHECK_STR(buf_view(&out), "{\"acks\":[12]}");
}

/* Only a clear yes is one. */
static void
check_acks(void)
{
    CHECK(hec_is_indexed(STR("{\"acks\":{\"7\":true}}"), 7));
    CHECK(hec_is_indexed(STR("{\"acks\":{\"6\":false,\"7\":true}}"), 7));
    CHECK(!hec_is_indexed(STR("{\"acks\":{\"7\":false}}"), 7));
    CHECK(!hec_is_indexed(STR("{\"acks\":{\"7\":1}}"), 7));
    CHECK(!hec_is_indexed(STR("{\"acks\":{\"7\":\"true\"}}"), 7));
    CHECK(!hec_is_indexed(STR("{\"acks\":{\"77\":true}}"), 7));
    CHECK(!hec_is_indexed(STR("{\"acks\":[true,true,true,true,true,true,true,true]}"), 7));
    CHECK(!hec_is_indexed(STR("{\"7\":true}"), 7));
    CHECK(!hec_is_indexed(STR("true"), 7));
    CHECK(!hec_is_indexed(STR(""), 7));
    CHECK(!hec_is_indexed(STR("{\"acks\":{\"7\":false,\"7\":true}}"), 7));
}

int
main(void)
{
    struct arena *a = arena_new();
    check_events();
    check_answers(a);
    check_acks();
    arena_free(a);
    return CHECK_DONE();
}
