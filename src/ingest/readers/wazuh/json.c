/* Field access for the Wazuh shapes: the same field comes as number, string or array, depending on
 * who wrote the document. Below check.c and the shapes. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "ingest/json_doc.h"
#include "ingest/limits.h"
#include "ingest/readers/wazuh/wazuh.h"
#include "ingest/take.h"

/* Texts repeat over checks and agents: the first copy serves all. */
struct str
wazuh_json_keep(struct wazuh *w, struct str s, size_t max, const char *what)
{
    if (s.len == 0)
        return STR("");
    const struct str *known = map_get(w->texts, s);
    if (known && known->len <= max)
        return *known;
    if (s.len > max || memchr(s.s, 0, s.len)) {
        struct str place = arena_fmt(w->a, "%.*s %s", STR_ARG(w->place), what);
        return take_text(w->a, s, max, place, w->d);
    }
    struct str *kept = ARENA_NEW(w->a, struct str);
    *kept = arena_str(w->a, s);
    map_put(w->texts, *kept, kept);
    return *kept;
}

static void
add_text(struct buf *b, const json_t *v)
{
    char room[JSON_DOC_REAL];
    if (json_is_string(v))
        buf_add(b, json_string_value(v), json_string_length(v));
    else if (json_is_integer(v))
        buf_fmt(b, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    else if (json_is_real(v))
        buf_str(b, json_doc_real(v, room));
    else if (json_is_boolean(v))
        buf_puts(b, json_is_true(v) ? "true" : "false");
}

struct str
wazuh_json_text(struct wazuh *w, const json_t *v, size_t max, const char *what)
{
    if (json_is_string(v))
        return wazuh_json_keep(w, str_n(json_string_value(v), json_string_length(v)), max, what);
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    add_text(&b, v);
    for (size_t i = 0; json_is_array(v) && i < json_array_size(v); i++) {
        if (i)
            buf_puts(&b, ", ");
        add_text(&b, json_array_get(v, i));
    }
    return wazuh_json_keep(w, buf_view(&b), max, what);
}

struct str
wazuh_json_get(struct wazuh *w, const json_t *object, const char *name, size_t max)
{
    assert(name);
    return wazuh_json_text(w, json_object_get(object, name), max, name);
}

bool
wazuh_json_int(const json_t *object, const char *name, int64_t *ret)
{
    const json_t *v = json_object_get(object, name);
    if (json_is_string(v))
        return str_to_i64(str_n(json_string_value(v), json_string_length(v)), ret);
    if (!json_is_integer(v))
        return false;
    *ret = json_integer_value(v);
    return true;
}

int64_t
wazuh_json_time(struct wazuh *w, const json_t *object, const char *name, bool *zone_assumed)
{
    return take_time(w->ctx, wazuh_json_get(w, object, name, LIMIT_ID), zone_assumed, str_c(name),
                     w->d);
}

bool
wazuh_json_number(const json_t *object, const char *name, double *ret)
{
    const json_t *v = json_object_get(object, name);
    double n = 0;
    bool ok = json_is_number(v);
    if (ok)
        n = json_number_value(v);
    else if (json_is_string(v))
        ok = take_number(str_n(json_string_value(v), json_string_length(v)), &n);
    if (!ok || !isfinite(n))
        return false;
    *ret = n;
    return true;
}
