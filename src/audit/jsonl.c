/* One record a line as JSON: {"leaf":…,"rec":{…}} with the record's bytes as they are stored, so
 * that a receiver can recompute the leaf: SHA-256 of a zero byte and the bytes of rec. */
#include "audit/encoders.h"
#include "base/json_put.h"

/* A reduced record has no bytes to hash: it names its leaf as GELF does, for who reads it again. */
static void
put_reduced(const struct audit_record *r, struct buf *out)
{
    struct json_put j = json_put_init(out);
    json_put_open(&j, '{');
    json_put_member(&j, "_leaf", r->leaf_hex);
    json_put_member_int(&j, "_seq", r->seq);
    json_put_member(&j, "prev", r->prev_hex);
    json_put_member(&j, "origin", r->origin);
    json_put_member(&j, "ts", r->ts);
    json_put_member(&j, "event", r->event);
    json_put_member(&j, "outcome", r->outcome);
    json_put_member(&j, "truncated", STR("1"));
    json_put_member_int(&j, "size", (int64_t)r->full_size);
    json_put_close(&j, '}');
}

static void
jsonl_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
             struct buf *out)
{
    (void)o, (void)a;
    if (r->full_size) {
        put_reduced(r, out);
        return;
    }
    buf_puts(out, "{\"leaf\":");
    json_put_quoted(out, r->leaf_hex);
    buf_puts(out, ",\"rec\":");
    buf_str(out, r->raw);
    buf_putc(out, '}');
}

const struct audit_encoder jsonl_encoder = {
    .name = "json",
    .title = "JSON lines: the stored record with its hash",
    .is_json = true,
    .encode = jsonl_encode,
    .encode_result = encode_result_jsonl,
};
