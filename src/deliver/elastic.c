/* Messages as documents of Elasticsearch, by _bulk.
 * Over endpoint.c, with elastic_bulk.c; beside webhook.c and hec.c.
 * What:   a target is "HOST[:PORT]/INDEX", an index or a data stream. Documents are created under
 *         the ids of their messages: one that comes again is there once. What became of each of
 *         them stands in the answer (deliver/elastic_bulk.h).
 * Owner, Units, Errors: those of deliver/outlet.h; the failure is that of the first message that
 *         was not confirmed, and begins with its id.
 * See:    doc/siem/elastic.md */
#include "deliver/elastic_bulk.h"
#include "deliver/endpoint.h"
#include "deliver/outlet.h"
#include "deliver/verdict.h"

/* Of the answer only what is read is asked for. */
#define BULK   "/_bulk?filter_path=items.*._id,items.*.status,items.*.error.type,items.*.error.reason"
#define SEARCH "/_search?filter_path=hits.hits._id,hits.hits._source"

static int
elastic_open_kind(struct str peer, const struct outlet_options *o, const struct endpoint_kind *kind,
                  void **ret, struct diag *d)
{
    struct endpoint *e;
    if (endpoint_open(peer, kind, o, &e, d) != 0)
        return -1;
    if (e->path.len < 2 || str_ends(e->path, "//") || str_find(e->path, "?") >= 0) {
        endpoint_close(e);
        diag_fail(d, DIAG_CONFIG, "want HOST:PORT/INDEX");
        return diag_at(d, "%.*s", STR_ARG(peer));
    }
    *ret = e;
    return 0;
}

static int
elastic_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    static const struct endpoint_kind kind = {
        .port = 9200, .max_answer = ELASTIC_MAX_ANSWER, .token_prefix = "ApiKey"};
    return elastic_open_kind(peer, o, &kind, ret, d);
}

static int
elastic_plain_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    static const struct endpoint_kind kind = {
        .plain = true, .port = 9200, .max_answer = ELASTIC_MAX_ANSWER, .token_prefix = "ApiKey"};
    return elastic_open_kind(peer, o, &kind, ret, d);
}

/* Documents that were there before are ours of an earlier time when they say the hash of our records. Who
 * may only write is not told, and believes it. */
static int
elastic_look(struct endpoint *e, const struct outlet_message *m, size_t *n, struct diag *d)
{
    static const struct str headers[] = {STR_INIT("Content-Type: application/json")};
    AUTO_BUF body = buf_init(BUF_MAX_DEFAULT);
    struct http_answer answer;
    struct diag ignored = diag_init(d->arena);
    int64_t wait_s = e->wait_s; /* is about messages */
    elastic_put_search(&body, m, *n, d->arena);
    int rc = endpoint_post(e, SEARCH, headers, 1, &body, &answer, &ignored);
    e->wait_s = wait_s;
    return rc == 0 && answer.status == 200 ? elastic_compare(answer.body, m, *n, n, d) : 0;
}

static int
elastic_send_some(struct endpoint *e, const struct outlet_message *m, size_t n, size_t *ret_n,
                  struct diag *d)
{
    static const struct str headers[] = {STR_INIT("Content-Type: application/x-ndjson")};
    AUTO_BUF body = buf_init(BUF_MAX_DEFAULT);
    struct http_answer answer;
    bool is_there = false;
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        elastic_put(&body, &m[i], d->arena);
    if (endpoint_post(e, BULK, headers, 1, &body, &answer, d) != 0)
        return -1;
    int rc = verdict_of(answer.status, answer.body, e->secret, d);
    if (rc == 0)
        rc = elastic_read(answer.body, m, n, ret_n, &is_there, d);
    struct diag other = diag_init(d->arena);
    if (is_there && *ret_n > 0 && elastic_look(e, m, ret_n, &other) != 0) {
        diag_clear(d); /* it stands before what failed */
        rc = diag_pass_on(d, &other);
    }
    if (rc == 0)
        return 0;
    if (answer.status == 200 && d->first.code == DIAG_UNAVAILABLE)
        endpoint_note_busy(e); /* with this document, or with all of them */
    return diag_at(d, "%.*s", STR_ARG(e->peer));
}

static int
elastic_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    endpoint_begin(self, OUTLET_SEND_S * 1000);
    return elastic_send_some(self, m, outlet_some(m, n), ret_n, d);
}

const struct outlet elastic_outlet = {
    .scheme = "elastic+https",
    .is_tls = true,
    .wants_json = true,
    .open = elastic_open,
    .send = elastic_send,
    .wait_s = endpoint_wait_s,
    .close = endpoint_close,
};

const struct outlet elastic_plain_outlet = {
    .scheme = "elastic+http",
    .wants_json = true,
    .open = elastic_plain_open,
    .send = elastic_send,
    .wait_s = endpoint_wait_s,
    .close = endpoint_close,
};
