/* _bulk of Elasticsearch by a session: how many documents are there after each answer. What stands in
 * requests and answers is test_elastic_bulk's. */
#include "deliver/outlet.h"

#include "peer.h"

static const struct outlet_message three[] = {
    {STR_INIT("{\"n\":1}"), STR_INIT("o:1"), 0, false, STR_INIT("")},
    {STR_INIT("{\"n\":2}"), STR_INIT("o:2"), 0, false, STR_INIT("")},
    {STR_INIT("{\"n\":3}"), STR_INIT("o:3"), 0, true, STR_INIT("")},
};

static struct arena *a;

/* The answer to three documents that have those statuses. */
static const char *
items(int one, int two, int three_)
{
    struct str body = arena_fmt(a,
                                "{\"items\":[{\"create\":{\"_id\":\"o:1\",\"status\":%d}},"
                                "{\"create\":{\"_id\":\"o:2\",\"status\":%d}},"
                                "{\"create\":{\"_id\":\"o:3:reduced\",\"status\":%d}}]}",
                                one, two, three_);
    return peer_answer(a, "200 OK", body.s);
}

int
main(void)
{
    a = arena_new();
    const struct {
        const char *answer;
        size_t n;
        enum diag_code code;
        int64_t wait_s;
    } rows[] = {
        {items(201, 201, 201), 3, DIAG_OK, 0},
        {items(201, 409, 201), 3, DIAG_OK, 0}, /* it was there already */
        {items(201, 400, 201), 1, DIAG_CANNOT_WRITE, 0},
        {items(400, 201, 201), 0, DIAG_CANNOT_WRITE, 0},
        {items(201, 201, 429), 2, DIAG_UNAVAILABLE, 1}, /* it lives: that document kills nobody */
        {items(503, 201, 201), 0, DIAG_UNAVAILABLE, 1},
        {peer_answer(a, "200 OK", "{}"), 0, DIAG_UNAVAILABLE, 1},
        {peer_answer(a, "200 OK", "ok"), 0, DIAG_UNAVAILABLE, 1},
        {peer_answer(a, "401 Unauthorized", "{}"), 0, DIAG_CONFIG, 0},
        {peer_answer(a, "413 Too Large", "{}"), 0, DIAG_CANNOT_WRITE, 0},
        {"", 0, DIAG_UNAVAILABLE, 0},
    };
    struct peer peer = peer_new(a);
    struct str at = arena_fmt(a, "%.*s/audit", STR_ARG(peer.at));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outlet_options o = {.token = STR("id:key")};
        struct diag d = diag_init(a);
        int64_t wait;
        size_t n;
        peer_http(&peer, &rows[i].answer, 1);
        peer_send(&elastic_plain_outlet, at, &o, three, 3, &n, &wait, &d);
        struct str seen = peer_wait(&peer, a);
        CHECK(str_starts(seen, "POST /audit/_bulk?filter_path="));
        CHECK(str_find(seen, "\r\nAuthorization: ApiKey aWQ6a2V5\r\n") > 0);
        CHECK(str_find(seen, "{\"create\":{\"_id\":\"o:3:reduced\"}}\n{\"n\":3}\n") > 0);
        if (n != rows[i].n || d.first.code != rows[i].code || wait != rows[i].wait_s)
            fprintf(stderr, "  %s: %zu, %s, %lld s\n", rows[i].answer, n, diag_word(d.first.code),
                    (long long)wait);
        CHECK(n == rows[i].n && d.first.code == rows[i].code && wait == rows[i].wait_s);
    }
    static const char *const peers[] = {"127.0.0.1:9200", "127.0.0.1:9200/", "127.0.0.1/i?x=1",
                                        "127.0.0.1//"};
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++) {
        struct outlet_options o = {.token = STR("")};
        struct diag d = diag_init(a);
        void *session;
        CHECK(elastic_plain_outlet.open(str_c(peers[i]), &o, &session, &d) != 0);
        CHECK(d.first.code == DIAG_CONFIG);
    }
    close(peer.listener);
    arena_free(a);
    return CHECK_DONE();
}
