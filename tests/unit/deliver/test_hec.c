/* Splunk by a session: a batch arrived when it is indexed, not when it was taken. What stands in
 * requests and answers is test_hec_answer's. */
#include "deliver/outlet.h"

#include "peer.h"

static const struct outlet_message three[] = {
    {STR_INIT("{\"n\":1}"), STR_INIT("o:1"), 1000, false, STR_INIT("")},
    {STR_INIT("{\"n\":2}"), STR_INIT("o:2"), 2000, false, STR_INIT("checked-host")},
    {STR_INIT("{\"n\":3}"), STR_INIT("o:3"), 3000, false, STR_INIT("")},
};

enum { MOST = 8 };

static struct arena *a;
static struct peer peer;

struct play { /* bodies of Splunk's answers, after its status; and what came of it */
    const char *answers[MOST];
    bool ack_less;
    size_t n;
    enum diag_code code;
};

static struct str
run(const struct play *p)
{
    struct outlet_options o = {.token = STR("sesame"), .ack_less = p->ack_less, .ack_s = 1};
    struct diag d = diag_init(a);
    const char *answers[MOST];
    int64_t wait;
    size_t n, k = 0;
    for (; k < MOST && p->answers[k]; k++)
        answers[k] = peer_answer(
            a, str_starts(str_c(p->answers[k]), "{\"text\":\"No") ? "400 Bad Request" : "200 OK",
            p->answers[k]);
    peer_http(&peer, answers, k);
    peer_send(&splunk_plain_outlet, peer.at, &o, three, 3, &n, &wait, &d);
    struct str seen = peer_wait(&peer, a);
    if (n != p->n || d.first.code != p->code)
        fprintf(stderr, "  %s: %zu, %.*s\n", p->answers[0], n, STR_ARG(d.first.text));
    CHECK(n == p->n && d.first.code == p->code);
    CHECK(str_find(d.first.text, "sesame") < 0);
    return seen;
}

#define TOKEN_HAS_ACKS "{\"acks\":{\"0\":false}}"
#define TAKEN          "{\"text\":\"Success\",\"code\":0,\"ackId\":7}"
#define NOT_YET        "{\"acks\":{\"7\":false}}"
#define INDEXED        "{\"acks\":{\"7\":true}}"
#define NO_ACKS        "{\"text\":\"No ACK\",\"code\":14}"
#define SECOND_IS_BAD  "{\"text\":\"No data\",\"code\":5,\"invalid-event-number\":1}"
#define SOME_IS_BAD    "{\"text\":\"No data\",\"code\":5}"

static int
count(struct str s, const char *what)
{
    int n = 0;
    for (long at; (at = str_find(s, what)) >= 0; n++)
        s = str_n(s.s + at + 1, s.len - (size_t)at - 1);
    return n;
}

int
main(void)
{
    a = arena_new();
    peer = peer_new(a);
    struct str seen =
        run(&(struct play){.answers = {TOKEN_HAS_ACKS, TAKEN, NOT_YET, INDEXED}, .n = 3});
    CHECK(count(seen, "POST /services/collector/ack ") == 3);
    CHECK(count(seen, "POST /services/collector/event ") == 1);
    CHECK(count(seen, "Authorization: Splunk sesame") == 4);
    CHECK(count(seen, "X-Splunk-Request-Channel: ") == 4);
    CHECK(count(seen, "\"host\":\"checked-host\"") == 1); /* what it is about, else this machine */

    /* A token without acknowledgement is found out before anything is sent. */
    seen = run(&(struct play){.answers = {NO_ACKS}, .code = DIAG_CONFIG});
    CHECK(count(seen, "/event ") == 0);
    seen = run(
        &(struct play){.answers = {"{\"text\":\"Success\",\"code\":0}"}, .ack_less = true, .n = 3});
    CHECK(count(seen, "/ack ") == 0);

    /* The event that it names is refused; what stands before it goes once more and is confirmed. */
    seen = run(&(struct play){.answers = {TOKEN_HAS_ACKS, SECOND_IS_BAD, TAKEN, INDEXED},
                              .n = 1,
                              .code = DIAG_CANNOT_WRITE});
    CHECK(count(seen, "POST /services/collector/event ") == 2 && count(seen, "\"o:2\"") == 1);
    run(&(struct play){.answers = {TOKEN_HAS_ACKS, SOME_IS_BAD}, .code = DIAG_CANNOT_WRITE});

    /* What is never acknowledged did not arrive, however often it was asked for. */
    run(&(struct play){.answers = {TOKEN_HAS_ACKS, TAKEN, NOT_YET}, .code = DIAG_UNAVAILABLE});

    struct outlet_options none = {.token = STR("")};
    struct diag d = diag_init(a);
    void *session;
    CHECK(splunk_outlet.open(STR("127.0.0.1"), &none, &session, &d) != 0);
    CHECK(d.first.code == DIAG_CONFIG);
    close(peer.listener);
    arena_free(a);
    return CHECK_DONE();
}
