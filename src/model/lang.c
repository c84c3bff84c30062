/* Look-up and filling of texts; the files are read by settings/texts.c. */
#include "model/lang.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

struct lang *
lang_new(struct arena *a, struct str code)
{
    struct lang *l = ARENA_NEW(a, struct lang);
    l->arena = a;
    l->code = code;
    l->texts = map_new(a);
    l->fallback = map_new(a);
    return l;
}

void
lang_add(struct lang *l, bool is_fallback, struct str key, struct str text)
{
    struct str *t = ARENA_NEW(l->arena, struct str);
    *t = text;
    map_put(is_fallback ? l->fallback : l->texts, key, t);
}

/* English stands in for what a language lacks. */
static const struct str *
find_text(const struct lang *l, struct str key)
{
    const struct str *t = map_get(l->texts, key);
    return t ? t : map_get(l->fallback, key);
}

struct str
lang_get(const struct lang *l, const char *key)
{
    assert(key);
    const struct str *t = find_text(l, str_c(key));
    return t ? *t : arena_fmt(l->arena, "[%s]", key);
}

static const struct str *
find_arg(const struct lang_arg *args, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqc(name, args[i].name))
            return &args[i].value;
    return NULL;
}

/* key.only when there is one and no other, key.one when there is exactly one. */
static struct str
choose_text(const struct lang *l, struct arena *a, const char *key, const struct lang_arg *args,
            size_t n)
{
    const struct str *count = find_arg(args, n, STR("n"));
    if (count && str_eqc(*count, "1")) {
        const struct str *all = find_arg(args, n, STR("of"));
        bool is_only = all && str_eqc(*all, "1");
        const struct str *only = is_only ? find_text(l, arena_fmt(a, "%s.only", key)) : NULL;
        const struct str *one = only ? only : find_text(l, arena_fmt(a, "%s.one", key));
        if (one)
            return *one;
    }
    return lang_get(l, key);
}

struct str
lang_fmt(const struct lang *l, struct arena *a, const char *key, const struct lang_arg *args,
         size_t n)
{
    assert(key && (args || n == 0));
    struct str rest = choose_text(l, a, key, args, n);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    while (rest.len) {
        buf_str(&out, str_cut(&rest, '{'));
        if (!rest.len)
            break;
        struct str name = str_cut(&rest, '}');
        const struct str *value = find_arg(args, n, name);
        if (value)
            buf_str(&out, *value);
        else /* a text that names what nobody gives shows it */
            buf_fmt(&out, "{%.*s}", STR_ARG(name));
    }
    return arena_str(a, buf_view(&out));
}

struct str
lang_number(const struct lang *l, struct arena *a, struct str digits)
{
    size_t sign = digits.len && digits.s[0] == '-';
    const char *point = memchr(digits.s, '.', digits.len);
    size_t whole = point ? (size_t)(point - digits.s) : digits.len;
    if (whole - sign <= 3)
        return digits;
    struct str mark = lang_get(l, "number.group");
    AUTO_BUF b = buf_init(digits.len * (mark.len + 1) + 1);
    for (size_t i = 0; i < digits.len; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0)
            buf_str(&b, mark);
        buf_putc(&b, digits.s[i]);
    }
    return arena_str(a, buf_view(&b));
}
