/* Options of targets: the rows of target_keys.h, read and printed. Called by lists.c and the command
 * line. */
#include "settings/target_options.h"

#include <assert.h>
#include <ctype.h>
#include <stddef.h>

enum { MAX_NAME = 64, MAX_KEY = 700, MAX_VALUE = 1 << 20 };

static int
check_name(struct str value, struct diag *d)
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

#define TEXT(...)
#define CHECKED(...)
#define FLAG(...)
#define NUMBER(...)
#define OF(constant, word) [constant] = word,
#define WORD(type, member, key, standard, words)                                                   \
    static const char *const member##_words[] = {words NULL};
#include "settings/target_keys.h"

static const struct setting options[] = {
#define TEXT(member, key, standard) SETTING_TEXT(config_export, member, key, standard),
#define CHECKED(member, key, standard, check)                                                      \
    SETTING_CHECKED(config_export, member, key, standard, check),
#define FLAG(member, key, standard) SETTING_FLAG(config_export, member, key, standard),
#define NUMBER(member, key, standard, min, max)                                                    \
    SETTING_NUMBER(config_export, member, key, standard, min, max),
#define WORD(type, member, key, standard, words)                                                   \
    SETTING_WORD(config_export, member, key, standard, member##_words),
#include "settings/target_keys.h"
};

enum { N_OPTIONS = sizeof options / sizeof *options };

const struct setting *
target_rows(size_t *ret_n)
{
    *ret_n = N_OPTIONS;
    return options;
}

struct config_export
target_plain(struct str format, struct str path)
{
    struct config_export e = {.format = format, .path = path};
    settings_reset(options, N_OPTIONS, &e);
    return e;
}

struct str
target_key(const struct config_export *e, struct arena *a)
{
    if (e->name.len)
        return e->name;
    return arena_fmt(a, "%.*s:%.*s", STR_ARG(e->format), STR_ARG(e->path));
}

/* ---- reading ---- */

int
target_option_set(struct config_export *e, struct str option, struct arena *a, struct diag *d)
{
    struct str value = option, key = str_cut(&value, '=');
    if (key.len == option.len)
        return diag_fail(d, DIAG_CONFIG, "want OPTION=VALUE, got \"%.*s\"", STR_ARG(option));
    const struct setting *o = settings_find(options, N_OPTIONS, key);
    if (!o)
        return diag_fail(d, DIAG_CONFIG, "no option of a target is called \"%.*s\"", STR_ARG(key));
    return setting_read(o, e, value, a, d);
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

/* The name of somebody and a password have no place in a target that is printed everywhere. */
static int
check_secrets(struct str path, struct diag *d)
{
    long at = str_find(path, "://");
    struct str rest = at < 0 ? STR("") : str_n(path.s + at + 3, path.len - (size_t)at - 3);
    struct str authority = str_cut(&rest, '/');
    if (str_find(authority, "@") < 0)
        return 0;
    return diag_fail(d, DIAG_CONFIG,
                     "export: no name or password stands in a target: use token-file");
}

int
target_options_parse(struct str line, struct arena *a, struct config_export *ret, struct diag *d)
{
    size_t end = find_options(line), from = skip_blanks(line, end);
    struct str path = str_n(line.s, end), format = str_trim(str_cut(&path, ':'));
    struct str rest = str_n(line.s + from, line.len - from);
    path = str_trim(path);
    if (!format.len || !path.len)
        return diag_fail(d, DIAG_CONFIG, "export: want FORMAT:TARGET, got \"%.*s\"", STR_ARG(line));
    if (check_secrets(path, d) != 0)
        return -1;
    struct config_export e = target_plain(arena_str(a, format), arena_str(a, path));
    while (rest.len)
        if (target_option_set(&e, next_option(&rest, a), a, d) != 0)
            return diag_context(d, "export");
    if (target_key(&e, a).len > MAX_KEY)
        return diag_fail(d, DIAG_CONFIG, "export: the target is too long: give it a name=…");
    *ret = e;
    return 0;
}

/* ---- printing ---- */

/* Only what is not the standard, in quotes when it has blanks. */
void
target_options_print(const struct config_export *e, struct buf *out)
{
    buf_fmt(out, "%.*s:%.*s", STR_ARG(e->format), STR_ARG(e->path));
    for (size_t i = 0; i < N_OPTIONS; i++) {
        AUTO_BUF text = buf_init(MAX_VALUE);
        setting_print(&options[i], e, &text);
        struct str value = buf_view(&text);
        if (str_eqc(value, options[i].standard))
            continue;
        bool has_blank = false;
        for (size_t k = 0; k < value.len; k++)
            has_blank |= isblank((unsigned char)value.s[k]) != 0;
        buf_fmt(out, has_blank ? " %s=\"%.*s\"" : " %s=%.*s", options[i].key, STR_ARG(value));
    }
}
