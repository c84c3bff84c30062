/* Requests and answers of the HTTP Event Collector, without a network. Before hec.c. */
#include "deliver/hec_answer.h"

#include <jansson.h>

#include "base/auto.h"
#include "base/json_put.h"
#include "deliver/verdict.h"

AUTO_DEFINE(json_t *, json_decref)

/* ---- events ---- */

void
hec_put(struct buf *out, const struct outlet_message *m, struct str host)
{
    bool is_json = str_starts(m->text, "{");
    /* seconds, with three decimals: also before 1970 */
    bool negative = m->ts_ms < 0;
    uint64_t ms = negative ? 0 - (uint64_t)m->ts_ms : (uint64_t)m->ts_ms;
    buf_fmt(out, "{\"time\":%s%llu.%03llu", negative ? "-" : "", (unsigned long long)(ms / 1000),
            (unsigned long long)(ms % 1000));
    buf_puts(out, ",\"host\":");
    json_put_quoted(out, host);
    buf_fmt(out, ",\"source\":\"assay\",\"sourcetype\":\"assay:%s\",\"fields\":{\"assay_id\":",
            is_json ? "json" : "text");
    json_put_quoted(out, m->id);
    buf_puts(out, "},\"event\":");
    if (is_json)
        buf_str(out, m->text);
    else
        json_put_quoted(out, m->text);
    buf_puts(out, "}\n");
}

/* ---- answers ---- */

static json_t *
hec_parse(struct str answer)
{
    if (answer.len > HEC_MAX_ANSWER)
        return NULL;
    return json_loadb(answer.s, answer.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
}

/* A number from 0; -1 = none. */
static int64_t
hec_number(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_integer(v) && json_integer_value(v) >= 0 ? json_integer_value(v) : -1;
}

void
hec_read(struct str answer, struct str secret, struct arena *a, struct hec_answer *ret)
{
    AUTO(json_decref_auto) json_t *root = hec_parse(answer);
    const json_t *text = json_object_get(root, "text");
    struct str said =
        json_is_string(text) ? str_n(json_string_value(text), json_string_length(text)) : answer;
    *ret = (struct hec_answer){
        .code = hec_number(root, "code"),
        .text = arena_str(a, verdict_said(said, secret, a)),
        .ack_id = hec_number(root, "ackId"),
        .invalid = hec_number(root, "invalid-event-number"),
    };
}

/* What the codes mean that say more than the status. The others of 400 are about an event: no data
 * (5), not JSON (6), no event (12), a blank one (13), fields that are none (15). */
static const struct {
    int64_t code;
    enum diag_code means;
} codes[] = {
    {1, DIAG_CONFIG},      /* token disabled */
    {2, DIAG_CONFIG},      /* token required */
    {3, DIAG_CONFIG},      /* invalid authorization */
    {4, DIAG_CONFIG},      /* invalid token */
    {7, DIAG_CONFIG},      /* incorrect index: it is the token that names it */
    {8, DIAG_UNAVAILABLE}, /* internal server error */
    {9, DIAG_UNAVAILABLE}, /* busy */
    {10, DIAG_CONFIG},     /* data channel missing */
    {11, DIAG_CONFIG},     /* invalid data channel */
    {14, DIAG_CONFIG},     /* acknowledgement is disabled */
    {16, DIAG_CONFIG},     /* query string authorization is not enabled */
};

int
hec_verdict(long status, const struct hec_answer *h, struct diag *d)
{
    if (h->code < 0 && verdict_code(status) == DIAG_OK)
        return diag_fail(d, DIAG_UNAVAILABLE, "%ld, but this is no answer of Splunk", status);
    if (h->code == 0 && verdict_code(status) == DIAG_OK)
        return 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (h->code == codes[i].code)
            return diag_fail(d, codes[i].means, "%ld: %.*s (code %lld)", status, STR_ARG(h->text),
                             (long long)h->code);
    if (verdict_code(status) == DIAG_OK)
        return diag_fail(d, DIAG_UNAVAILABLE, "%ld, but code %lld: %.*s", status,
                         (long long)h->code, STR_ARG(h->text));
    return verdict_of(status, h->text, STR(""), d);
}

/* ---- acknowledgements ---- */

void
hec_put_question(struct buf *out, int64_t ack_id)
{
    buf_fmt(out, "{\"acks\":[%lld]}", (long long)ack_id);
}

bool
hec_is_indexed(struct str answer, int64_t ack_id)
{
    AUTO(json_decref_auto) json_t *root = hec_parse(answer);
    char key[24];
    snprintf(key, sizeof key, "%lld", (long long)ack_id);
    return json_is_true(json_object_get(json_object_get(root, "acks"), key));
}
