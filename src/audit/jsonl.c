/* One record a line as JSON: {"leaf":…,"rec":{…}} with the record's bytes as they are stored, so
 * that a receiver can recompute the leaf: SHA-256 of a zero byte and the bytes of rec. */
#include "audit/encoders.h"
#include "base/json_put.h"

static void
jsonl_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
             struct buf *out)
{
    (void)o, (void)a;
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
};
