/* The one JSON writer: audit records, manifests, `--json` output, report.json. Above buf.c. */
#include "base/json_put.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

struct json_put
json_put_init(struct buf *out)
{
    assert(out);
    return (struct json_put){.out = out};
}

static void
put_comma(struct json_put *j)
{
    assert(j->depth >= 0 && j->depth < JSON_PUT_DEPTH);
    if (j->has_item[j->depth])
        buf_putc(j->out, ',');
    j->has_item[j->depth] = true;
}

void
json_put_quoted(struct buf *out, struct str s)
{
    static const char shorts[] = "btn?fr"; /* 8..13 */
    buf_putc(out, '"');
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        if (n == 0)
            buf_puts(out, "\xef\xbf\xbd");
        else if (cp == '"' || cp == '\\')
            buf_fmt(out, "\\%c", (char)cp);
        else if (cp < 0x20 && cp >= 8 && cp <= 13 && cp != 11)
            buf_fmt(out, "\\%c", shorts[cp - 8]);
        else if (cp < 0x20)
            buf_fmt(out, "\\u%04x", (unsigned)cp);
        else
            buf_add(out, s.s + i, (size_t)n);
        i += n ? (size_t)n : 1;
    }
    buf_putc(out, '"');
}

void
json_put_key_str(struct json_put *j, struct str key)
{
    put_comma(j);
    json_put_quoted(j->out, key);
    buf_putc(j->out, ':');
    j->has_item[j->depth] = false; /* the value follows without a comma */
}

void
json_put_key(struct json_put *j, const char *key)
{
    json_put_key_str(j, str_c(key));
}

void
json_put_open(struct json_put *j, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    put_comma(j);
    assert(j->depth + 1 < JSON_PUT_DEPTH);
    j->has_item[++j->depth] = false;
    buf_putc(j->out, bracket);
}

void
json_put_close(struct json_put *j, char bracket)
{
    assert((bracket == '}' || bracket == ']') && j->depth > 0);
    buf_putc(j->out, bracket);
    j->depth--;
}

void
json_put_str(struct json_put *j, struct str s)
{
    put_comma(j);
    json_put_quoted(j->out, s);
}

void
json_put_int(struct json_put *j, int64_t v)
{
    put_comma(j);
    buf_fmt(j->out, "%lld", (long long)v);
}

void
json_put_num(struct json_put *j, double v, int decimals)
{
    assert(decimals >= 0);
    if (!isfinite(v)) {
        json_put_null(j);
        return;
    }
    put_comma(j);
    buf_fmt(j->out, "%.*f", decimals, v);
    /* zeros behind the point go: there is a point unless there are no decimals */
    if (decimals == 0 || buf_bad(j->out))
        return;
    while (j->out->data[j->out->len - 1] == '0')
        buf_cut(j->out, j->out->len - 1);
    if (j->out->data[j->out->len - 1] == '.')
        buf_cut(j->out, j->out->len - 1);
}

void
json_put_decimal(struct json_put *j, double v, int decimals)
{
    assert(decimals > 0);
    size_t from = j->out->len;
    json_put_num(j, v, decimals);
    struct str written = str_n(j->out->data + from, j->out->len - from);
    if (isfinite(v) && !buf_bad(j->out) && str_find(written, ".") < 0)
        buf_puts(j->out, ".0");
}

void
json_put_bool(struct json_put *j, bool v)
{
    put_comma(j);
    buf_puts(j->out, v ? "true" : "false");
}

void
json_put_null(struct json_put *j)
{
    put_comma(j);
    buf_puts(j->out, "null");
}

void
json_put_member(struct json_put *j, const char *key, struct str s)
{
    json_put_key(j, key);
    json_put_str(j, s);
}

void
json_put_member_c(struct json_put *j, const char *key, const char *s)
{
    json_put_member(j, key, str_c(s));
}

void
json_put_member_int(struct json_put *j, const char *key, int64_t v)
{
    json_put_key(j, key);
    json_put_int(j, v);
}

void
json_put_member_bool(struct json_put *j, const char *key, bool v)
{
    json_put_key(j, key);
    json_put_bool(j, v);
}

void
json_put_member_time(struct json_put *j, const char *key, int64_t t, struct arena *a)
{
    json_put_key(j, key);
    if (t == CLOCK_NONE)
        json_put_null(j);
    else
        json_put_str(j, clock_iso(a, t));
}
