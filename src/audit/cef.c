/* One record as CEF:0 (Implementation Standard v27). In the header a backslash and a bar are
 * escaped; in the extension a backslash, an equals sign and line ends. Empty values are left out.
 */
#include <string.h>

#include "audit/encoders.h"
#include "base/clock.h"
#include "base/utf8.h"

enum { DEFAULT_MAX = 8192, MAX_CUSTOM = 4000, MAX_EVENT = 128, WHOLE = 64 /* hashes, times */ };

static void
put_head(struct buf *out, struct str value, size_t max, struct arena *a)
{
    struct str s = utf8_cut(utf8_one_line(a, value), max);
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] == '\\' || s.s[i] == '|')
            buf_putc(out, '\\');
        buf_putc(out, s.s[i]);
    }
}

static void
put_escaped(struct buf *out, struct str v)
{
    for (size_t i = 0; i < v.len; i++) {
        char c = v.s[i];
        if (c == '\n' || c == '\r')
            buf_puts(out, c == '\n' ? "\\n" : "\\r");
        else if (c == '\\' || c == '=')
            buf_fmt(out, "\\%c", c);
        else
            buf_putc(out, c == '\t' ? ' ' : c);
    }
}

/* key=value with a visible mark where the key's length (cef-keys of the standard) cuts it. */
static void
put_pair(struct buf *out, const char *key, struct str value, size_t max, struct arena *a)
{
    struct str v = str_trim(utf8_visible(a, value));
    if (!v.len)
        return;
    bool long_one = v.len > max;
    if (long_one)
        v = utf8_cut(v, max - 4);
    buf_fmt(out, " %s=", key);
    put_escaped(out, v);
    if (long_one)
        buf_puts(out, "…");
}

static void
put_labelled(struct buf *out, const char *key, const char *label, struct str value, size_t max,
             struct arena *a)
{
    if (!str_trim(value).len)
        return;
    buf_fmt(out, " %sLabel=%s", key, label);
    put_pair(out, key, value, max < MAX_CUSTOM ? max : MAX_CUSTOM, a);
}

static int64_t
milliseconds(struct str ts)
{
    struct clock_time t;
    int64_t us = 0;
    if (!clock_parse(ts, 0, &t))
        return 0;
    if (ts.len > 26)
        str_to_i64(str_n(ts.s + 20, 6), &us);
    return t.t * 1000 + us / 1000;
}

static void
put_texts(struct buf *out, const struct audit_record *r, size_t max_value, struct arena *a)
{
    const struct {
        const char *key;
        struct str value;
        size_t max;
    } pairs[] = {
        {"act", r->event, 63},
        {"outcome", r->outcome, 63},
        {"suser", r->actor_name, 1023},
        {"dvchost", r->host, 100},
        {"deviceExternalId", r->origin, 255},
        {"deviceProcessName", r->via, 1023},
        {"fileType", r->object_type, 1023},
        {"fileId", r->object_id, 1023},
        {"fname", r->object_name, 1023},
        {"reason", r->reason, 1023},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        put_pair(out, pairs[i].key, pairs[i].value,
                 pairs[i].max < max_value ? pairs[i].max : max_value, a);
}

static void
put_message(struct buf *out, const struct audit_record *r, size_t max_value, struct arena *a)
{
    buf_puts(out, "CEF:0|assay|assay|");
    put_head(out, r->app, 31, a);
    buf_putc(out, '|');
    put_head(out, r->event, MAX_EVENT, a);
    buf_putc(out, '|');
    put_head(out, r->event, MAX_EVENT, a);
    buf_fmt(out, "|%lld|rt=%lld", (long long)r->severity, (long long)milliseconds(r->ts));
    buf_fmt(out, " externalId=%lld cat=audit suid=%lld", (long long)r->seq, (long long)r->actor_id);
    put_texts(out, r, max_value, a);
    put_labelled(out, "cs1", "changes", encode_changes(r, a), max_value, a);
    put_labelled(out, "cs2", "run", r->run, max_value, a);
    put_labelled(out, "cs3", "time", r->ts, WHOLE, a);
    put_labelled(out, "cs5", "prevHash", r->prev_hex, WHOLE, a);
    put_labelled(out, "cs6", "recHash", r->leaf_hex, WHOLE, a);
}

/* As in rfc5424.c: a message over the maximum has its texts cut until it fits. */
static void
cef_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
           struct buf *out)
{
    size_t max = o->max ? o->max : DEFAULT_MAX, from = out->len;
    for (size_t max_value = max; max_value >= 16; max_value /= 2) {
        buf_cut(out, from);
        put_message(out, r, max_value, a);
        if (out->len - from <= max)
            break;
    }
}

const struct audit_encoder cef_encoder = {
    .name = "cef",
    .title = "ArcSight Common Event Format, CEF:0",
    .encode = cef_encode,
};
