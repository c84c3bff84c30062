/* Messages as lines of JSON to anything that takes them by POST.
 * Over endpoint.c; beside elastic.c and hec.c.
 * What:   one request a batch, Content-Type application/x-ndjson. Idempotency-Key is the same
 *         whenever the same lines come again; X-Assay-First, X-Assay-Last and X-Assay-Count say
 *         which they are. A status of 2xx says that all of them are there, unless the answer itself
 *         says otherwise (webhook_answer.h).
 * Owner, Units, Errors: those of deliver/outlet.h; a 4xx about the lines does not say which of them.
 * See:    doc/siem/webhook.md; draft-ietf-httpapi-idempotency-key-header */
#include <assert.h>

#include "base/sha256.h"
#include "deliver/endpoint.h"
#include "deliver/outlet.h"
#include "deliver/webhook_answer.h"

static int
webhook_open_kind(struct str peer, const struct outlet_options *o, const struct endpoint_kind *kind,
                  void **ret, struct diag *d)
{
    struct endpoint *e;
    if (endpoint_open(peer, kind, o, &e, d) != 0)
        return -1;
    *ret = e;
    return 0;
}

static int
webhook_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    static const struct endpoint_kind kind = {.port = 443, .token_prefix = "Bearer"};
    return webhook_open_kind(peer, o, &kind, ret, d);
}

static int
webhook_plain_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    static const struct endpoint_kind kind = {.plain = true, .port = 80, .token_prefix = "Bearer"};
    return webhook_open_kind(peer, o, &kind, ret, d);
}

static int
webhook_send_some(struct endpoint *e, const struct outlet_message *m, size_t n, struct diag *d)
{
    AUTO_BUF body = buf_init(BUF_MAX_DEFAULT);
    struct http_answer answer;
    for (size_t i = 0; i < n; i++) {
        assert(!memchr(m[i].text.s, '\n', m[i].text.len));
        buf_str(&body, m[i].text);
        buf_putc(&body, '\n');
    }
    struct sha256_digest key = sha256_of(buf_view(&body));
    struct str headers[] = {
        STR("Content-Type: application/x-ndjson"),
        endpoint_header("Idempotency-Key", sha256_hex(d->arena, &key), d->arena),
        endpoint_header("X-Assay-First", m[0].id, d->arena),
        endpoint_header("X-Assay-Last", m[n - 1].id, d->arena),
        arena_fmt(d->arena, "X-Assay-Count: %zu", n),
    };
    if (endpoint_post(e, "", headers, sizeof headers / sizeof *headers, &body, &answer, d) != 0)
        return -1;
    if (webhook_judge(&answer, e->success_member, e->secret, d) == 0)
        return 0;
    return diag_at(d, "%.*s", STR_ARG(e->peer));
}

static int
webhook_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    size_t some = outlet_some(m, n);
    endpoint_begin(self, OUTLET_SEND_S * 1000);
    int rc = webhook_send_some(self, m, some, d);
    *ret_n = rc == 0 ? some : 0;
    return rc;
}

const struct outlet webhook_outlet = {
    .scheme = "webhook+https",
    .is_tls = true,
    .wants_json = true,
    .open = webhook_open,
    .send = webhook_send,
    .wait_s = endpoint_wait_s,
    .close = endpoint_close,
};

const struct outlet webhook_plain_outlet = {
    .scheme = "webhook+http",
    .wants_json = true,
    .open = webhook_plain_open,
    .send = webhook_send,
    .wait_s = endpoint_wait_s,
    .close = endpoint_close,
};
