/* Options of targets: one table, read and printed. Called by config.c and the command line. */
#include "job/target_options.h"

#include <assert.h>
#include <ctype.h>
#include <stddef.h>

enum kind { TEXT, YES_NO, NUMBER, NAME, SEND };

#define ROW(key, kind, member)                                                                     \
    {                                                                                              \
        key, kind, offsetof(struct config_export, member), 0, 0                                    \
    }
#define RANGE(key, member, min, max)                                                               \
    {                                                                                              \
        key, NUMBER, offsetof(struct config_export, member), min, max                              \
    }

static const struct option {
    const char *key;
    enum kind kind;
    size_t offset;
    int64_t min, max; /* of a NUMBER */
} options[] = {
    ROW("name", NAME, name),
    ROW("send", SEND, send),
    ROW("events", TEXT, events),
    RANGE("min-severity", min_severity, 0, 10),
    ROW("group", TEXT, group),
    RANGE("max", max, 2048, 65536),
    RANGE("facility", facility, 0, 23),
    ROW("bom", YES_NO, bom),
    ROW("legacy", YES_NO, legacy),
    ROW("token-file", TEXT, token_file),
    ROW("tls-ca", TEXT, tls_ca),
    ROW("tls-cert", TEXT, tls_cert),
    ROW("tls-key", TEXT, tls_key),
    RANGE("rotate", rotate_bytes, 0, (int64_t)1 << 40),
    RANGE("keep", rotate_keep, 0, 1000000),
    RANGE("ack", ack_s, 0, 86400),
    ROW("ack-less", YES_NO, ack_less),
    RANGE("confirm", confirm_s, 0, 3600),
};

static const char *const send_words[] = {"audit", "results", "all"};

enum { N_OPTIONS = sizeof options / sizeof *options, MAX_NAME = 64, MAX_KEY = 700 };

struct config_export
target_plain(struct str format, struct str path)
{
    struct config_export e = {.format = format, .path = path, .send = SEND_AUDIT};
    e.name = e.events = e.group = e.token_file = e.tls_ca = e.tls_cert = e.tls_key = STR("");
    e.max = 8192;
    e.facility = 13; /* log audit, RFC 5424 §6.2.1 */
    e.confirm_s = 5;
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

static int
set_name(struct str *to, struct str value, struct diag *d)
{
    bool ok = value.len > 0 && value.len <= MAX_NAME;
    for (size_t i = 0; i < value.len; i++)
        ok = ok && (isalnum((unsigned char)value.s[i]) || memchr("._-", value.s[i], 3));
    if (!ok)
        return diag_fail(d, DIAG_CONFIG,
                         "name: want letters, digits, \".\", \"_\" and \"-\", got \"%.*s\"",
                         STR_ARG(value));
    *to = value;
    return 0;
}

static int
set_send(enum config_send *to, struct str value, struct diag *d)
{
    for (int i = SEND_AUDIT; i <= SEND_ALL; i++)
        if (str_eqc(value, send_words[i])) {
            *to = (enum config_send)i;
            return 0;
        }
    return diag_fail(d, DIAG_CONFIG, "send: want audit, results or all, got \"%.*s\"",
                     STR_ARG(value));
}

static int
set_number(const struct option *o, int64_t *to, struct str value, struct diag *d)
{
    int64_t n;
    if (!str_to_i64(value, &n) || n < o->min || n > o->max)
        return diag_fail(d, DIAG_CONFIG, "%s: want a number from %lld to %lld, got \"%.*s\"",
                         o->key, (long long)o->min, (long long)o->max, STR_ARG(value));
    *to = n;
    return 0;
}

static int
set_value(struct config_export *e, const struct option *o, struct str value, struct diag *d)
{
    void *at = (char *)e + o->offset;
    switch (o->kind) {
    case NAME:
        return set_name(at, value, d);
    case SEND:
        return set_send(at, value, d);
    case NUMBER:
        return set_number(o, at, value, d);
    case YES_NO:
        return config_parse_yes_no(value, at)
                   ? 0
                   : diag_fail(d, DIAG_CONFIG, "%s: want yes or no, got \"%.*s\"", o->key,
                               STR_ARG(value));
    case TEXT:
        break;
    }
    *(struct str *)at = value;
    return 0;
}

int
target_option_set(struct config_export *e, struct str option, struct arena *a, struct diag *d)
{
    struct str value = option, key = str_cut(&value, '=');
    if (key.len == option.len)
        return diag_fail(d, DIAG_CONFIG, "want OPTION=VALUE, got \"%.*s\"", STR_ARG(option));
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (str_eqc(key, options[i].key))
            return set_value(e, &options[i], arena_str(a, value), d);
    return diag_fail(d, DIAG_CONFIG, "no option of a target is called \"%.*s\"", STR_ARG(key));
}

static size_t
skip_blanks(struct str s, size_t i)
{
    while (i < s.len && isblank((unsigned char)s.s[i]))
        i++;
    return i;
}

/* True when an option begins at i: letters and dashes up to "=". */
static bool
is_option_at(struct str s, size_t i)
{
    size_t from = i;
    while (i < s.len && (islower((unsigned char)s.s[i]) || s.s[i] == '-'))
        i++;
    return i > from && i < s.len && s.s[i] == '=';
}

/* Where the options begin: the name of a file may have blanks. */
static size_t
find_options(struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (isblank((unsigned char)line.s[i]) && is_option_at(line, skip_blanks(line, i)))
            return i;
    return line.len;
}

/* The next OPTION=VALUE of rest; quotes around the value, or around the whole of it, are taken off. */
static struct str
next_option(struct str *rest, struct arena *a)
{
    struct str s = *rest;
    size_t i = 0, n = 0;
    bool quoted = false;
    char *out = arena_alloc(a, s.len + 1);
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

static void
print_text(struct str value, struct buf *out)
{
    bool has_blank = false;
    for (size_t i = 0; i < value.len; i++)
        has_blank |= isblank((unsigned char)value.s[i]) != 0;
    buf_fmt(out, has_blank ? "\"%.*s\"" : "%.*s", STR_ARG(value));
}

static void
print_option(const struct config_export *e, const struct option *o, struct buf *out)
{
    struct config_export plain = target_plain(STR(""), STR(""));
    const void *at = (const char *)e + o->offset, *was = (const char *)&plain + o->offset;
    const struct str *text = at;
    const int64_t *number = at;
    const bool *yes = at;
    if ((o->kind == TEXT || o->kind == NAME) && text->len) {
        buf_fmt(out, " %s=", o->key);
        print_text(*text, out);
    } else if (o->kind == NUMBER && *number != *(const int64_t *)was) {
        buf_fmt(out, " %s=%lld", o->key, (long long)*number);
    } else if (o->kind == YES_NO && *yes) {
        buf_fmt(out, " %s=yes", o->key);
    } else if (o->kind == SEND && e->send != SEND_AUDIT) {
        buf_fmt(out, " %s=%s", o->key, send_words[e->send]);
    }
}

void
target_options_print(const struct config_export *e, struct buf *out)
{
    buf_fmt(out, "export = %.*s:%.*s", STR_ARG(e->format), STR_ARG(e->path));
    for (size_t i = 0; i < N_OPTIONS; i++)
        print_option(e, &options[i], out);
    buf_putc(out, '\n');
}
