/* Lines by POST: what a request says about them, and what each answer means for them. */
#include "deliver/outlet.h"

#include "peer.h"

static const struct outlet_message three[] = {
    {STR_INIT("{\"n\":1}"), STR_INIT("o:1"), 0, false, STR_INIT("")},
    {STR_INIT("{\"n\":2}"), STR_INIT("o:2"), 0, false, STR_INIT("")},
    {STR_INIT("{\"n\":3}"), STR_INIT("o:3"), 0, false, STR_INIT("")},
};

static struct arena *a;
static struct peer peer;

static int
post(const char *answer, size_t count, size_t *ret_n, int64_t *ret_wait_s, struct str *ret_seen,
     struct diag *d)
{
    struct outlet_options o = {.token = STR("sesame")};
    struct str at = arena_fmt(a, "%.*s/in?x=1", STR_ARG(peer.at));
    peer_http(&peer, &answer, 1);
    int rc = peer_send(&webhook_plain_outlet, at, &o, three, count, ret_n, ret_wait_s, d);
    *ret_seen = peer_wait(&peer, a);
    return rc;
}

static struct str
header(struct str request, const char *name)
{
    long at = str_find(request, arena_fmt(a, "\r\n%s: ", name).s);
    CHECK(at >= 0);
    if (at < 0)
        return STR("");
    struct str rest =
        str_n(request.s + at + 4 + strlen(name), request.len - (size_t)at - 4 - strlen(name));
    return str_cut(&rest, '\r');
}

static void
test_request(void)
{
    struct diag d = diag_init(a);
    struct str seen, again = STR(""), two = STR("");
    int64_t wait;
    size_t n;
    const char *ok = peer_answer(a, "200 OK", "");
    CHECK(post(ok, 3, &n, &wait, &seen, &d) == 0 && n == 3);
    CHECK(str_starts(seen, "POST /in?x=1 HTTP/1.1\r\n"));
    CHECK_STR(header(seen, "Content-Type"), "application/x-ndjson");
    CHECK_STR(header(seen, "Authorization"), "Bearer sesame");
    CHECK_STR(header(seen, "X-Assay-First"), "o:1");
    CHECK_STR(header(seen, "X-Assay-Last"), "o:3");
    CHECK_STR(header(seen, "X-Assay-Count"), "3");
    CHECK(str_find(seen, "\r\n\r\n{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n") > 0);
    CHECK(post(ok, 3, &n, &wait, &again, &d) == 0 && post(ok, 2, &n, &wait, &two, &d) == 0);
    CHECK(n == 2 && str_eq(header(seen, "Idempotency-Key"), header(again, "Idempotency-Key")));
    CHECK(!str_eq(header(seen, "Idempotency-Key"), header(two, "Idempotency-Key")));
}

/* None of a request arrived when it failed: the answer does not say which. */
static void
test_answers(void)
{
    static const struct {
        const char *head;
        enum diag_code code;
        int64_t wait_s;
    } rows[] = {
        {"204 No Content", DIAG_OK, 0},
        {"400 Bad Request", DIAG_CANNOT_WRITE, 0},
        {"413 Too Large", DIAG_CANNOT_WRITE, 0},
        {"401 Unauthorized", DIAG_CONFIG, 0},
        {"302 Found\r\nLocation: http://127.0.0.1:1/", DIAG_CONFIG, 0},
        {"429 Slow down\r\nRetry-After: 17", DIAG_UNAVAILABLE, 17},
        {"503 Busy", DIAG_UNAVAILABLE, 1},
        {"500 Oh", DIAG_UNAVAILABLE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diag d = diag_init(a);
        struct str seen;
        int64_t wait;
        size_t n;
        post(peer_answer(a, rows[i].head, "sesame is no good"), 3, &n, &wait, &seen, &d);
        CHECK(d.first.code == rows[i].code && wait == rows[i].wait_s);
        CHECK(n == (rows[i].code == DIAG_OK ? 3 : 0));
        CHECK(str_find(d.first.text, "sesame") < 0); /* the token is nobody's to read */
    }
}

/* 2xx is what a page to log in says, too. */
static void
test_taken(void)
{
    static const struct {
        const char *head, *body, *member;
        enum diag_code code;
    } rows[] = {
        {"200 OK", "", "", DIAG_OK},
        {"202 Accepted", "thanks", "", DIAG_OK},
        {"200 OK\r\nContent-Type: text/plain", "<b>", "", DIAG_OK},
        {"200 OK\r\nContent-Type: text/html; charset=utf-8", "Please log in", "", DIAG_CONFIG},
        {"200 OK\r\nContent-Type: TEXT/HTML", "", "", DIAG_CONFIG},
        {"200 OK", "\n<!DOCTYPE HTML><p>hello", "", DIAG_CONFIG},
        {"200 OK", "<html>", "", DIAG_CONFIG},
        {"207 Multi-Status", "{\"success\":true}", "", DIAG_CONFIG},
        {"200 OK", "{\"success\":true}", "", DIAG_OK},
        {"200 OK", "{\"success\":false,\"why\":\"sesame\"}", "", DIAG_CONFIG},
        {"200 OK", "{\"ok\":false}", "", DIAG_CONFIG},
        {"200 OK", "{\"success\":0}", "", DIAG_OK}, /* whatever that is, somebody has to name it */
        {"200 OK", "{\"success\":0}", "success", DIAG_CONFIG},
        {"200 OK", "{\"taken\":3}", "taken", DIAG_OK},
        {"200 OK", "{\"taken\":\"OK\"}", "taken", DIAG_OK},
        {"200 OK", "{\"taken\":\"no\"}", "taken", DIAG_CONFIG},
        {"200 OK", "{\"taken\":null}", "taken", DIAG_CONFIG},
        {"200 OK", "{\"success\":true}", "taken", DIAG_CONFIG},
        {"204 No Content", "", "taken", DIAG_CONFIG},
        {"500 Oh", "{\"taken\":true}", "taken", DIAG_UNAVAILABLE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diag d = diag_init(a);
        struct outlet_options o = {.token = STR("sesame"), .success_member = str_c(rows[i].member)};
        const char *answer = peer_answer(a, rows[i].head, rows[i].body);
        int64_t wait;
        size_t n;
        peer_http(&peer, &answer, 1);
        peer_send(&webhook_plain_outlet, peer.at, &o, three, 3, &n, &wait, &d);
        peer_wait(&peer, a);
        if (d.first.code != rows[i].code)
            fprintf(stderr, "  %s, %s: %.*s\n", rows[i].head, rows[i].body, STR_ARG(diag_text(&d)));
        CHECK(d.first.code == rows[i].code && n == (rows[i].code == DIAG_OK ? 3 : 0));
        CHECK(str_find(d.first.text, "sesame") < 0);
    }
}

/* Who ends the connection without an answer may have taken it, or not. */
static void
test_lost(void)
{
    struct diag d = diag_init(a);
    struct str seen;
    int64_t wait;
    size_t n;
    CHECK(post("", 3, &n, &wait, &seen, &d) != 0 && n == 0 && wait == 0);
    CHECK(d.first.code == DIAG_UNAVAILABLE && str_starts(d.first.place, "127.0.0.1:"));
}

/* No more at once than a call can carry: the rest goes with the next. */
static void
test_much(void)
{
    struct outlet_message m[5];
    struct diag d = diag_init(a);
    struct outlet_options o = {.token = STR("")};
    char *text = arena_alloc(a, OUTLET_SOME / 2);
    const char *ok = peer_answer(a, "200 OK", "");
    int64_t wait;
    size_t n;
    memset(text, 'x', OUTLET_SOME / 2 - 1);
    for (size_t i = 0; i < 5; i++)
        m[i] = (struct outlet_message){str_n(text, OUTLET_SOME / 2 - 1), STR("o:1"), 0, false,
                                       STR_INIT("")};
    peer_http(&peer, &ok, 1);
    CHECK(peer_send(&webhook_plain_outlet, peer.at, &o, m, 5, &n, &wait, &d) == 0 && n == 2);
    CHECK(peer_wait(&peer, a).len > OUTLET_SOME - 2);
}

/* What is read on the way goes without TLS only where nobody else reads it. */
static void
test_plain(void)
{
    struct outlet_options o = {.token = STR("")};
    struct diag d = diag_init(a);
    void *session;
    CHECK(webhook_plain_outlet.open(STR("192.0.2.1:80/"), &o, &session, &d) != 0);
    CHECK(d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    o.legacy = true;
    CHECK(webhook_plain_outlet.open(STR("192.0.2.1:80/"), &o, &session, &d) == 0);
    webhook_plain_outlet.close(session);
    o.legacy = false;
    CHECK(webhook_outlet.open(STR("192.0.2.1"), &o, &session, &d) == 0);
    webhook_outlet.close(session);
}

int
main(void)
{
    a = arena_new();
    peer = peer_new(a);
    test_request();
    test_answers();
    test_taken();
    test_lost();
    test_much();
    test_plain();
    close(peer.listener);
    arena_free(a);
    return CHECK_DONE();
}
