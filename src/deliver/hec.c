/* Messages as events of Splunk's HTTP Event Collector.
 * Over endpoint.c, with hec_answer.c; beside webhook.c and elastic.c.
 * What:   a status of 200 is no delivery there: it says that the events look well. They are sent
 *         under a channel of our own, and count as delivered when the indexer has acknowledged
 *         them; what it does not within options.ack_s is to be sent again. A token without
 *         acknowledgement is taken only with options.ack_less: then 200 has to do.
 * Owner, Units, Errors: those of deliver/outlet.h; Splunk names the event it refuses, and what was
 *         before it is sent again and confirmed first.
 * See:    doc/siem/splunk.md; deliver/hec_answer.h */
#include <assert.h>
#include <time.h>

#include "base/auto.h"
#include "base/env.h"
#include "deliver/endpoint.h"
#include "deliver/hec_answer.h"
#include "deliver/outlet.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { ACK_S = 300, FIRST_POLL_MS = 20, LAST_POLL_MS = 2000, MAX_DEAF = 5 };

struct session {
    struct endpoint *e;
    struct str headers[2]; /* Content-Type, and the channel of acknowledgements */
    bool ack_less;
    int64_t ack_ms;
    bool has_acks; /* the token was asked for them */
};

/* ---- opening ---- */

/* A random UUID of version 4. */
static struct str
splunk_make_channel(struct arena *a)
{
    unsigned char b[16];
    env_random(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    AUTO_BUF out = buf_init(64);
    for (size_t i = 0; i < sizeof b; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            buf_putc(&out, '-');
        buf_hex(&out, &b[i], 1);
    }
    return arena_fmt(a, "X-Splunk-Request-Channel: %s", out.data);
}

static int
splunk_open_kind(struct str peer, const struct outlet_options *o, const struct endpoint_kind *kind,
                 void **ret, struct diag *d)
{
    struct endpoint *e;
    if (endpoint_open(peer, kind, o, &e, d) != 0)
        return -1;
    if (!e->auth.len) {
        endpoint_close(e);
        diag_fail(d, DIAG_CONFIG, "Splunk takes nothing without a token");
        return diag_at(d, "%.*s", STR_ARG(peer));
    }
    struct session *s = ARENA_NEW(e->a, struct session);
    *s = (struct session){
        .e = e,
        .headers = {STR("Content-Type: application/json"), splunk_make_channel(e->a)},
        .ack_less = o->ack_less,
        .ack_ms = 1000 * (o->ack_s ? o->ack_s : ACK_S)};
    *ret = s;
    return 0;
}

static int
splunk_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    static const struct endpoint_kind kind = {.port = 8088, .token_prefix = "Splunk"};
    return splunk_open_kind(peer, o, &kind, ret, d);
}

static int
splunk_plain_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    static const struct endpoint_kind kind = {
        .plain = true, .port = 8088, .token_prefix = "Splunk"};
    return splunk_open_kind(peer, o, &kind, ret, d);
}

/* ---- requests ---- */

/* Sends the body and reads what Splunk says to it. */
static int
splunk_ask(struct session *s, const char *behind, const struct buf *body, struct http_answer *ret,
           struct hec_answer *ret_said, struct diag *d)
{
    if (endpoint_post(s->e, behind, s->headers, 2, body, ret, d) != 0)
        return -1;
    hec_read(ret->body, s->e->secret, d->arena, ret_said);
    return 0;
}

static int
splunk_fail_without_acks(const struct session *s, struct diag *d)
{
    diag_fail(d, DIAG_CONFIG,
              "the token has no indexer acknowledgement: what is taken can be lost and nobody "
              "notices; enable it, or say ack-less=yes");
    return diag_at(d, "%.*s", STR_ARG(s->e->peer));
}

/* Asks for the acknowledgement of nothing, once a session: a token without them says so before
 * anything was sent that would have to be sent again. */
static int
splunk_check_token(struct session *s, struct diag *d)
{
    enum { ACK_DISABLED = 14 };
    AUTO_BUF body = buf_init(64);
    struct http_answer answer;
    struct hec_answer said;
    if (s->ack_less || s->has_acks)
        return 0;
    hec_put_question(&body, 0);
    if (splunk_ask(s, "/services/collector/ack", &body, &answer, &said, d) != 0)
        return -1;
    if (said.code == ACK_DISABLED)
        return splunk_fail_without_acks(s, d);
    s->has_acks = answer.status == 200;
    if (s->has_acks || hec_verdict(answer.status, &said, d) == 0)
        return 0;
    return diag_at(d, "%.*s", STR_ARG(s->e->peer));
}

/* ---- acknowledgements ---- */

enum ack {
    ACK_INDEXED,
    ACK_NOT_YET,
    ACK_UNKNOWN /* nobody answers, or no longer to us */
};

static enum ack
splunk_poll_once(struct session *s, int64_t ack_id, struct diag *d)
{
    AUTO_BUF body = buf_init(64);
    struct http_answer answer;
    struct hec_answer said;
    hec_put_question(&body, ack_id);
    if (splunk_ask(s, "/services/collector/ack", &body, &answer, &said, d) != 0)
        return ACK_UNKNOWN;
    if (answer.status == 200)
        return hec_is_indexed(answer.body, ack_id) ? ACK_INDEXED : ACK_NOT_YET;
    return hec_verdict(answer.status, &said, d) == 0 ? ACK_NOT_YET : ACK_UNKNOWN;
}

/* An answer that got lost may have been the "true" that Splunk says only once: then the events come
 * a second time. */
static int
splunk_wait_for_ack(struct session *s, int64_t ack_id, struct diag *d)
{
    int64_t end = env_mono_ms() + s->ack_ms, pause = FIRST_POLL_MS;
    if (end > s->e->end_ms)
        end = s->e->end_ms;
    for (int deaf = 0; env_mono_ms() < end;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag trouble = diag_init(a);
        struct timespec t = {.tv_sec = pause / 1000, .tv_nsec = pause % 1000 * 1000000};
        nanosleep(&t, NULL);
        enum ack ack = splunk_poll_once(s, ack_id, &trouble);
        if (ack == ACK_INDEXED)
            return 0;
        deaf = ack == ACK_UNKNOWN ? deaf + 1 : 0;
        if (deaf && (deaf == MAX_DEAF || trouble.first.code == DIAG_CONFIG)) {
            diag_fail(d, trouble.first.code, "no acknowledgement: %.*s",
                      STR_ARG(trouble.first.text));
            return diag_at(d, "%.*s", STR_ARG(s->e->peer));
        }
        pause = pause * 3 / 2 < LAST_POLL_MS ? pause * 3 / 2 : LAST_POLL_MS;
    }
    endpoint_note_busy(s->e);
    diag_fail(d, DIAG_UNAVAILABLE, "not acknowledged within %lld s: it is to be sent again",
              (long long)(s->ack_ms / 1000));
    return diag_at(d, "%.*s", STR_ARG(s->e->peer));
}

/* ---- events ---- */

/* One request and its acknowledgement; *ret_invalid = the event that is refused, when it says. */
static int
splunk_send_some(struct session *s, const struct outlet_message *m, size_t n, int64_t *ret_invalid,
                 struct diag *d)
{
    AUTO_BUF body = buf_init(BUF_MAX_DEFAULT);
    struct http_answer answer;
    struct hec_answer said;
    *ret_invalid = -1;
    for (size_t i = 0; i < n; i++)
        hec_put(&body, &m[i], m[i].host.len ? m[i].host : str_c(env_host()));
    if (splunk_ask(s, "/services/collector/event", &body, &answer, &said, d) != 0)
        return -1;
    if (hec_verdict(answer.status, &said, d) != 0) {
        *ret_invalid = said.invalid;
        return diag_at(d, "%.*s", STR_ARG(s->e->peer));
    }
    if (said.ack_id >= 0)
        return splunk_wait_for_ack(s, said.ack_id, d);
    return s->ack_less ? 0 : splunk_fail_without_acks(s, d);
}

/* Splunk may or may not have kept what stood before the event that it refuses: it goes once more,
 * alone, so that it is known. */
static int
splunk_send_before(struct session *s, const struct outlet_message *m, size_t n, size_t *ret_n)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag again = diag_init(a);
    int64_t invalid;
    int rc = splunk_send_some(s, m, n, &invalid, &again);
    *ret_n = rc == 0 ? n : 0;
    return rc;
}

static int
splunk_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    struct session *s = self;
    size_t some = outlet_some(m, n);
    int64_t invalid;
    *ret_n = 0;
    endpoint_begin(s->e, OUTLET_SEND_S * 1000 + s->ack_ms);
    if (splunk_check_token(s, d) != 0)
        return -1;
    if (splunk_send_some(s, m, some, &invalid, d) == 0) {
        *ret_n = some;
        return 0;
    }
    if (d->first.code == DIAG_CANNOT_WRITE && invalid > 0 && invalid < (int64_t)some)
        splunk_send_before(s, m, (size_t)invalid, ret_n);
    return -1;
}

static int64_t
splunk_wait_s(void *self)
{
    const struct session *s = self;
    return endpoint_wait_s(s->e);
}

static void
splunk_close(void *self)
{
    const struct session *s = self;
    if (s)
        endpoint_close(s->e); /* the session lives in its arena */
}

const struct outlet splunk_outlet = {
    .scheme = "splunk+https",
    .is_tls = true,
    .wants_token = true,
    .open = splunk_open,
    .send = splunk_send,
    .wait_s = splunk_wait_s,
    .close = splunk_close,
};

const struct outlet splunk_plain_outlet = {
    .scheme = "splunk+http",
    .wants_token = true,
    .open = splunk_plain_open,
    .send = splunk_send,
    .wait_s = splunk_wait_s,
    .close = splunk_close,
};
