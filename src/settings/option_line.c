/* Lines with options: what target_options.c and recipients.c share, over settings.c. */
#include "settings/option_line.h"

#include <assert.h>
#include <ctype.h>

enum { MAX_NAME = 64, MAX_VALUE = 1 << 20 };

int
option_line_check_name(struct str value, struct diag *d)
{
    bool ok = value.len > 0 && value.len <= MAX_NAME;
    for (size_t i = 0; i < value.len; i++)
        ok = ok && (isalnum((unsigned char)value.s[i]) || memchr("._-", value.s[i], 3));
    if (!ok)
        return diag_fail(d, DIAG_CONFIG,
                         "want letters, digits, \".\", \"_\" and \"-\", got \"%.*s\"",
                         STR_ARG(value));
    return 0;
}

int
option_line_set(const struct option_table *t, void *base, struct str option, struct arena *a,
                struct diag *d)
{
    struct str value = option, key = str_cut(&value, '=');
    if (key.len == option.len)
        return diag_fail(d, DIAG_CONFIG, "want OPTION=VALUE, got \"%.*s\"", STR_ARG(option));
    const struct setting *o = settings_find(t->rows, t->n, key);
    if (!o)
        return diag_fail(d, DIAG_CONFIG, "no option of %s is called \"%.*s\"", t->noun,
                         STR_ARG(key));
    return setting_read(o, base, value, a, d);
}

static size_t
skip_blanks(struct str s, size_t i)
{
    assert(i <= s.len);
    while (i < s.len && isblank((unsigned char)s.s[i]))
        i++;
    return i;
}

/* Where the options begin, for the name of a file may have blanks: at the first blank behind which
 * letters and dashes lead to a "=". */
static size_t
find_options(struct str line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (!isblank((unsigned char)line.s[i]))
            continue;
        size_t from = skip_blanks(line, i), at = from;
        while (at < line.len && (islower((unsigned char)line.s[at]) || line.s[at] == '-'))
            at++;
        if (at > from && at < line.len && line.s[at] == '=')
            return i;
    }
    return line.len;
}

/* The next OPTION=VALUE of rest; quotes around the value, or around the whole of it, are taken off. */
static struct str
next_option(struct str *rest, struct arena *a)
{
    struct str s = *rest;
    size_t i = 0, n = 0;
    bool quoted = false;
    char *out = arena_alloc(a, s.len + 1); /* taking quotes off makes it shorter, never longer */
    for (; i < s.len && (quoted || !isblank((unsigned char)s.s[i])); i++)
        if (s.s[i] == '"')
            quoted = !quoted;
        else
            out[n++] = s.s[i];
    i = skip_blanks(s, i);
    *rest = str_n(s.s + i, s.len - i);
    return str_n(out, n);
}

struct str
option_line_cut(struct str *rest)
{
    size_t end = find_options(*rest), from = skip_blanks(*rest, end);
    struct str head = str_n(rest->s, end);
    *rest = str_n(rest->s + from, rest->len - from);
    return str_trim(head);
}

int
option_line_read(const struct option_table *t, void *base, struct str rest, struct arena *a,
                 struct diag *d)
{
    while (rest.len)
        if (option_line_set(t, base, next_option(&rest, a), a, d) != 0)
            return -1;
    return 0;
}

/* The name of somebody and a password have no place in an address that is printed everywhere. */
int
option_line_check_login(struct str path, const char *instead, struct diag *d)
{
    long at = str_find(path, "://");
    struct str rest = at < 0 ? STR("") : str_n(path.s + at + 3, path.len - (size_t)at - 3);
    struct str authority = str_cut(&rest, '/');
    if (str_find(authority, "@") < 0)
        return 0;
    return diag_fail(d, DIAG_CONFIG, "no name or password stands in a target: use %s", instead);
}

/* Only what is not the standard, in quotes when it has blanks. */
void
option_line_print(const struct option_table *t, const void *base, struct buf *out)
{
    for (size_t i = 0; i < t->n; i++) {
        AUTO_BUF text = buf_init(MAX_VALUE);
        setting_print(&t->rows[i], base, &text);
        struct str value = buf_view(&text);
        if (str_eqc(value, t->rows[i].standard))
            continue;
        bool has_blank = false;
        for (size_t k = 0; k < value.len; k++)
            has_blank |= isblank((unsigned char)value.s[k]) != 0;
        buf_fmt(out, has_blank ? " %s=\"%.*s\"" : " %s=%.*s", t->rows[i].key, STR_ARG(value));
    }
}
