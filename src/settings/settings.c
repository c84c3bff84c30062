/* Typed settings. config.c and target_options.c make their tables of keys.h and target_keys.h, and
 * decide what the lines look like that keys and values are read from. */
#include "settings/settings.h"

#include <assert.h>
#include <string.h>

static struct str
wanted(const struct setting *s, struct arena *a)
{
    if (s->kind == SETTING_IS_FLAG)
        return STR("yes or no");
    if (s->kind == SETTING_IS_NUMBER)
        return arena_fmt(a, "a number from %lld to %lld", (long long)s->min, (long long)s->max);
    assert(s->kind == SETTING_IS_WORD);
    struct str list = str_c(s->words[0]); /* "a, b or c" */
    for (size_t i = 1; s->words[i]; i++)
        list =
            arena_fmt(a, "%.*s%s%s", STR_ARG(list), s->words[i + 1] ? ", " : " or ", s->words[i]);
    return list;
}

/* All but texts; false when value is not what the row wants. */
static bool
read_typed(const struct setting *s, void *at, struct str value)
{
    if (s->kind == SETTING_IS_FLAG) {
        bool yes = str_ieqc(value, "yes") || str_ieqc(value, "true") || str_ieqc(value, "on");
        bool no = str_ieqc(value, "no") || str_ieqc(value, "false") || str_ieqc(value, "off");
        if (yes || no)
            *(bool *)at = yes;
        return yes || no;
    }
    if (s->kind == SETTING_IS_NUMBER) {
        int64_t n;
        assert(s->max > s->min);
        if (!str_to_i64(value, &n) || n < s->min || n > s->max)
            return false;
        *(int64_t *)at = n;
        return true;
    }
    assert(s->kind == SETTING_IS_WORD);
    unsigned i = 0;
    while (s->words[i] && !str_eqc(value, s->words[i]))
        i++;
    if (s->words[i])
        *(unsigned *)at = i;
    return s->words[i] != NULL;
}

/* Any VEC, whatever its elements are: read and written as a whole, by memcpy. */
struct any_list {
    void *v;
    size_t n, cap;
};

static_assert(sizeof(struct any_list) == sizeof(VEC(struct str)), "VEC has other members");

static int
read_element(const struct setting *s, void *at, struct str value, struct arena *a, struct diag *d)
{
    struct any_list l;
    assert(s->size == s->list->size);
    void *element = arena_alloc(a, s->size);
    memcpy(&l, at, sizeof l);
    if (s->list->read(s, value, l.v, l.n, element, a, d) != 0)
        return -1;
    l.v = vec_grow(a, l.v, l.n, &l.cap, s->size);
    memcpy((char *)l.v + s->size * l.n++, element, s->size);
    memcpy(at, &l, sizeof l);
    return 0;
}

int
setting_path(struct str value, struct diag *d)
{
    if (!value.len || value.s[0] == '/')
        return 0;
    return diag_fail(d, DIAG_CONFIG,
                     "want a path from the root, such as /var/lib/assay, got \"%.*s\"",
                     STR_ARG(value));
}

int
setting_read(const struct setting *s, void *base, struct str value, struct arena *a, struct diag *d)
{
    void *at = (char *)base + s->offset;
    switch (s->kind) {
    case SETTING_IS_LIST:
        return read_element(s, at, value, a, d);
    case SETTING_IS_TEXT:
        if (s->check && s->check(value, d) != 0)
            return diag_context(d, "%s", s->key);
        *(struct str *)at = arena_str(a, value);
        return 0;
    default:
        if (read_typed(s, at, value))
            return 0;
        return diag_fail(d, DIAG_CONFIG, "%s: want %.*s, got \"%.*s\"", s->key,
                         STR_ARG(wanted(s, d->arena)), STR_ARG(value));
    }
}

void
settings_reset(const struct setting *table, size_t n, void *base)
{
    for (size_t i = 0; i < n; i++) {
        const struct setting *s = &table[i];
        void *at = (char *)base + s->offset;
        bool ok = true;
        if (s->kind == SETTING_IS_LIST)
            memset(at, 0, sizeof(struct any_list));
        else if (s->kind == SETTING_IS_TEXT)
            *(struct str *)at = str_c(s->standard);
        else
            ok = read_typed(s, at, str_c(s->standard));
        assert(ok);
    }
}

const struct setting *
settings_find(const struct setting *table, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqc(key, table[i].key))
            return &table[i];
    return NULL;
}

void
setting_print(const struct setting *s, const void *base, struct buf *out)
{
    const void *at = (const char *)base + s->offset;
    assert(s->kind != SETTING_IS_LIST);
    switch (s->kind) {
    case SETTING_IS_TEXT:
        buf_str(out, *(const struct str *)at);
        break;
    case SETTING_IS_FLAG:
        buf_puts(out, *(const bool *)at ? "yes" : "no");
        break;
    case SETTING_IS_NUMBER:
        buf_fmt(out, "%lld", (long long)*(const int64_t *)at);
        break;
    case SETTING_IS_WORD:
        for (unsigned i = 0; i <= *(const unsigned *)at; i++)
            assert(s->words[i]);
        buf_puts(out, s->words[*(const unsigned *)at]);
        break;
    case SETTING_IS_LIST:
        break;
    }
}

void
settings_print(const struct setting *table, size_t n, const void *base, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct setting *s = &table[i];
        if (s->kind != SETTING_IS_LIST) {
            buf_fmt(out, "%s = ", s->key);
            setting_print(s, base, out);
            buf_putc(out, '\n');
            continue;
        }
        struct any_list l;
        assert(s->size == s->list->size);
        memcpy(&l, (const char *)base + s->offset, sizeof l);
        for (size_t k = 0; k < l.n; k++) {
            buf_fmt(out, "%s = ", s->key);
            s->list->print((const char *)l.v + k * s->size, out);
            buf_putc(out, '\n');
        }
    }
}
