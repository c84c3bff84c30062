/* One record as a syslog message of RFC 5424: every field in the structured data, and the record
 * itself as MSG when it fits below the maximum. A record without line ends gives one line. */
#include <string.h>

#include "audit/encoders.h"
#include "base/utf8.h"

enum {
    DEFAULT_MAX = 8192,
    MAX_HOST = 255,
    MAX_APP = 48,
    MAX_PROC = 128,
    MAX_MSGID = 32,
    HEX_SIZE = 64
};

struct str
encode_changes(const struct audit_record *r, struct arena *a)
{
    AUTO_BUF b = buf_init((size_t)1 << 20);
    for (size_t i = 0; i < r->changes.n; i++) {
        const struct event_change *c = &r->changes.v[i];
        buf_fmt(&b, "%s%.*s: ", i ? "; " : "", STR_ARG(c->field));
        if (c->is_secret)
            buf_puts(&b, "(changed)");
        else
            buf_fmt(&b, "%.*s -> %.*s", STR_ARG(c->old_value), STR_ARG(c->new_value));
    }
    return arena_str(a, buf_view(&b));
}

/* §6: header fields are printable US-ASCII without blank; nothing is "-". */
static void
put_header(struct buf *out, struct str s, size_t max)
{
    size_t n = s.len < max ? s.len : max;
    buf_putc(out, ' ');
    if (n == 0)
        buf_putc(out, '-');
    for (size_t i = 0; i < n; i++)
        buf_putc(out, s.s[i] > 32 && s.s[i] < 127 ? s.s[i] : '?');
}

/* §6.3.3: a quote, a backslash and a closing bracket are escaped, nothing else. Line ends and other
 * controls are made visible before: receivers of lines would cut there. */
static void
put_param(struct buf *out, const char *name, struct str value, size_t max, struct arena *a)
{
    if (!value.len)
        return;
    struct str v = utf8_one_line(a, value);
    if (v.len > max)
        v = arena_fmt(a, "%.*s… (cut, %zu bytes)", STR_ARG(utf8_cut(v, max)), v.len);
    buf_fmt(out, " %s=\"", name);
    for (size_t i = 0; i < v.len; i++) {
        if (strchr("\"\\]", v.s[i]) && v.s[i])
            buf_putc(out, '\\');
        buf_putc(out, v.s[i]);
    }
    buf_putc(out, '"');
}

static void
put_data(struct buf *out, const struct audit_record *r, struct str sd_id, size_t max_value,
         struct arena *a)
{
    const struct {
        const char *name;
        struct str value;
    } fields[] = {
        {"seq", arena_fmt(a, "%lld", (long long)r->seq)},
        {"origin", r->origin},
        {"event", r->event},
        {"outcome", r->outcome},
        {"sev", arena_fmt(a, "%lld", (long long)r->severity)},
        {"actor", r->actor_name},
        {"actorId", arena_fmt(a, "%lld", (long long)r->actor_id)},
        {"via", r->via},
        {"run", r->run},
        {"objectType", r->object_type},
        {"objectId", r->object_id},
        {"objectName", r->object_name},
        {"reason", r->reason},
        {"changes", encode_changes(r, a)},
        {"app", r->app},
    };
    buf_fmt(out, " [%.*s", STR_ARG(sd_id));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put_param(out, fields[i].name, fields[i].value, max_value, a);
    put_param(out, "prevHash", r->prev_hex, HEX_SIZE, a);
    put_param(out, "recHash", r->leaf_hex, HEX_SIZE, a);
    buf_putc(out, ']');
}

/* §6.2.1: severity of syslog from 0..10: 5 notice for the ordinary, 4 warning, 3 error, 2 critical.
 */
static int
syslog_severity(int64_t severity)
{
    return severity >= 9 ? 2 : severity >= 7 ? 3 : severity >= 5 ? 4 : severity >= 2 ? 5 : 6;
}

static void
put_message(struct buf *out, const struct audit_record *r, const struct audit_encode_options *o,
            size_t max_value, struct arena *a)
{
    buf_fmt(out, "<%d>1", o->facility * 8 + syslog_severity(r->severity));
    put_header(out, r->ts, 32);
    put_header(out, r->host, MAX_HOST);
    put_header(out, STR("assay"), MAX_APP);
    put_header(out, r->run, MAX_PROC);
    put_header(out, r->event, MAX_MSGID);
    put_data(out, r, o->sd_id, max_value, a);
}

/* A message over the maximum has its values cut, each with a mark, until it fits: receivers cut
 * blindly, and a frame's length is counted after this. */
static void
rfc5424_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
               struct buf *out)
{
    size_t max = o->max ? o->max : DEFAULT_MAX, from = out->len;
    for (size_t max_value = max; max_value >= 16; max_value /= 2) {
        buf_cut(out, from);
        put_message(out, r, o, max_value, a);
        if (out->len - from <= max)
            break;
    }
    if (out->len - from + r->raw.len + 4 > max)
        return;
    buf_puts(out, o->bom ? " \xef\xbb\xbf" : " ");
    buf_str(out, r->raw);
}

const struct audit_encoder rfc5424_encoder = {
    .name = "rfc5424",
    .title = "syslog of RFC 5424 with structured data",
    .encode = rfc5424_encode,
};
