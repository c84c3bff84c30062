/* One record as CEF:0 (Implementation Standard v27). In the header a backslash and a bar are
 * escaped; in the extension a backslash, an equals sign and line ends. Empty values are left out. */
#include <string.h>

#include "audit/encoders.h"
#include "base/clock.h"
#include "base/utf8.h"

static void
put_head(struct buf *out, struct str s, size_t max)
{
    s = utf8_cut(s, max);
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] == '\\' || s.s[i] == '|')
            buf_putc(out, '\\');
        buf_putc(out, s.s[i] == '\n' || s.s[i] == '\r' ? ' ' : s.s[i]);
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
            buf_putc(out, c);
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
put_labelled(struct buf *out, const char *key, const char *label, struct str value, struct arena *a)
{
    if (!str_trim(value).len)
        return;
    buf_fmt(out, " %sLabel=%s", key, label);
    put_pair(out, key, value, 4000, a);
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
cef_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
           struct buf *out)
{
    (void)o;
    buf_puts(out, "CEF:0|assay|assay|");
    put_head(out, r->app, 31);
    buf_putc(out, '|');
    put_head(out, r->event, 1023);
    buf_putc(out, '|');
    put_head(out, r->event, 512);
    buf_fmt(out, "|%lld|rt=%lld", (long long)r->severity, (long long)milliseconds(r->ts));
    buf_fmt(out, " externalId=%lld", (long long)r->seq);
    buf_puts(out, " cat=audit");
    put_pair(out, "act", r->event, 63, a);
    put_pair(out, "outcome", r->outcome, 63, a);
    put_pair(out, "suser", r->actor_name, 1023, a);
    buf_fmt(out, " suid=%lld", (long long)r->actor_id);
    put_pair(out, "dvchost", r->host, 100, a);
    put_pair(out, "deviceExternalId", r->origin, 255, a);
    put_pair(out, "deviceProcessName", r->via, 1023, a);
    put_pair(out, "fileType", r->object_type, 1023, a);
    put_pair(out, "fileId", r->object_id, 1023, a);
    put_pair(out, "fname", r->object_name, 1023, a);
    put_pair(out, "reason", r->reason, 1023, a);
    put_labelled(out, "cs1", "changes", encode_changes(r, a), a);
    put_labelled(out, "cs2", "run", r->run, a);
    put_labelled(out, "cs3", "time", r->ts, a);
    put_labelled(out, "cs5", "prevHash", r->prev_hex, a);
    put_labelled(out, "cs6", "recHash", r->leaf_hex, a);
}

const struct audit_encoder cef_encoder = {
    .name = "cef",
    .title = "ArcSight Common Event Format, CEF:0",
    .encode = cef_encode,
};
