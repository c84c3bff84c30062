/* The parts of a syslog message of RFC 5424 that messages of records and of results share: the header, and
 * elements of structured data. Below rfc5424.c and result_text.c. */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "audit/encoders.h"
#include "base/clock.h"
#include "base/utf8.h"

enum {
    MAX_FACILITY = 23,
    MAX_HOST = 255,
    MAX_APP = 48,
    MAX_PROC = 128,
    MAX_NAME = 32 /* MSGID and SD-NAME */
};

/* §6: header fields are printable US-ASCII without blank; nothing is "-". */
static void
put_header(struct buf *out, struct str s, size_t max)
{
    assert(max > 0);
    size_t n = s.len < max ? s.len : max;
    buf_putc(out, ' ');
    if (n == 0)
        buf_putc(out, '-');
    for (size_t i = 0; i < n; i++)
        buf_putc(out, s.s[i] > 32 && s.s[i] < 127 ? s.s[i] : '?');
}

/* §6.2.4: a name or an address. syslog-ng takes a message for none whose host has a bracket, or a
 * colon without being an address; the structured data has the name as it is. */
static void
put_host(struct buf *out, struct str host)
{
    size_t n = host.len < MAX_HOST ? host.len : MAX_HOST;
    const char *others = encode_ip_version(host) == 6 ? "._-:" : "._-";
    buf_puts(out, n ? " " : " -");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)host.s[i];
        buf_putc(out, isalnum(c) || (c && strchr(others, c)) ? (char)c : '?');
    }
}

/* §6.3.2: what may not stand in an SD-NAME is replaced. */
void
encode_sd_id(struct buf *out, struct str id)
{
    id = id.len ? id : STR("assay@32473");
    buf_puts(out, " [");
    for (size_t i = 0; i < id.len && i < MAX_NAME; i++)
        buf_putc(out, id.s[i] > 32 && id.s[i] < 127 && !strchr("=]\"", id.s[i]) ? id.s[i] : '?');
}

/* §6.3.3: a quote, a backslash and a closing bracket are escaped, nothing else. Returns whether the
 * value had to be cut. */
bool
encode_sd_param(struct buf *out, const char *name, struct str value, size_t max, struct arena *a)
{
    if (!value.len)
        return false;
    struct str v = encode_visible(value, false, a);
    bool is_cut = v.len > max;
    if (is_cut)
        v = arena_fmt(a, "%.*s… (cut, %zu bytes)", STR_ARG(utf8_cut(v, max)), value.len);
    buf_fmt(out, " %s=\"", name);
    for (size_t i = 0; i < v.len; i++) {
        if (v.s[i] == '"' || v.s[i] == '\\' || v.s[i] == ']')
            buf_putc(out, '\\');
        buf_putc(out, v.s[i]);
    }
    buf_putc(out, '"');
    return is_cut;
}

void
encode_syslog_start(struct buf *out, const struct audit_record *r,
                    const struct audit_encode_options *o)
{
    assert(o->facility >= 0 && o->facility <= MAX_FACILITY);
    struct clock_time t;
    struct str ts = r->ts;
    /* §6.2.3: a text that is no time is left out, because receivers make garbage of it */
    bool is_time = ts.len == 27 && ts.s[10] == 'T' && ts.s[26] == 'Z' && clock_parse(ts, 0, &t);
    buf_fmt(out, "<%d>1", o->facility * 8 + encode_syslog_level(r));
    put_header(out, is_time ? ts : STR(""), 27);
    put_host(out, r->host);
    put_header(out, STR("assay"), MAX_APP);
    put_header(out, r->run, MAX_PROC);
    put_header(out, r->event, MAX_NAME);
}

void
audit_syslog_header(const struct audit_record *r, const struct audit_encode_options *o,
                    struct buf *out)
{
    encode_syslog_start(out, r, o);
    buf_puts(out, " - ");
}
