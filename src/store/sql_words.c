/* Words of SQL. Below schema_list.c and schema_check.c. */
#include "store/sql_words.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/buf.h"

/* ---- words ---- */

static bool
is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static struct str
lower(struct str s, struct arena *a)
{
    char *to = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        to[i] = (char)tolower((unsigned char)s.s[i]);
    return str_n(to, s.len);
}

/* How long what begins with a quote is, its quotes counted. */
static size_t
quoted_length(struct str s)
{
    char q = s.s[0];
    size_t n = 1;
    while (n < s.len) {
        if (s.s[n] == '\\' && q != '`')
            n += 2;
        else if (s.s[n] == q && n + 1 < s.len && s.s[n + 1] == q)
            n += 2;
        else if (s.s[n++] == q)
            return n;
    }
    return s.len;
}

static size_t
sign_length(struct str s)
{
    static const char *const pairs[] = {"<<", ">>", "<=", ">=", "<>", "!=", "||", "&&"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (str_starts(s, pairs[i]))
            return 2;
    return 1;
}

/* Cuts the next word off; empty at the end. */
static struct str
next_word(struct str *rest, struct arena *a)
{
    for (*rest = str_trim(*rest); str_starts(*rest, "--"); *rest = str_trim(*rest))
        str_cut(rest, '\n');
    if (!rest->len)
        return STR("");
    struct str s = *rest;
    size_t n = 0;
    struct str word;
    if (s.s[0] == '\'' || s.s[0] == '"' || s.s[0] == '`') {
        n = quoted_length(s);
        word = s.s[0] == '`' && n >= 2 ? lower(str_n(s.s + 1, n - 2), a) : str_n(s.s, n);
    } else if (is_name(s.s[0])) {
        while (n < s.len && is_name(s.s[n]))
            n++;
        word = lower(str_n(s.s, n), a);
    } else {
        n = sign_length(s);
        word = str_n(s.s, n);
    }
    *rest = str_n(s.s + n, s.len - n);
    return word;
}

static bool
is_text(struct str w)
{
    return w.len && (w.s[0] == '\'' || w.s[0] == '"');
}

void
sql_words_of(struct str sql, struct arena *a, sql_words *ret)
{
    sql_words w = {0};
    for (struct str one; (one = next_word(&sql, a)).len;) {
        struct str *last = w.n ? &w.v[w.n - 1] : NULL;
        if (is_text(one) && last && str_starts(*last, "_") && last->len > 1)
            *last = one; /* _utf8mb4'pass' */
        else if (is_text(one) && last && str_eqc(*last, "x") && one.len > 2)
            *last = lower(arena_fmt(a, "0x%.*s", (int)one.len - 2, one.s + 1), a); /* x'1F' */
        else
            *VEC_PUSH(a, &w) = one;
    }
    *ret = w;
}

/* ---- a SELECT ---- */

/* Names that servers have for what the migrations call otherwise. */
static struct str
usual(struct str w)
{
    static const char *const names[][2] = {{"substring", "substr"},
                                           {"mid", "substr"},
                                           {"octet_length", "length"},
                                           {"mod", "%"},
                                           {"!=", "<>"},
                                           {"lcase", "lower"},
                                           {"ucase", "upper"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eqc(w, names[i][0]))
            return str_c(names[i][1]);
    return w;
}

/* Without "schema." in front of a name, and without the only table's name in front of its columns. */
static void
drop_schema(sql_words *w, struct str schema)
{
    struct str only = STR("");
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (i + 2 < w->n && str_eqc(w->v[i + 1], ".") && str_eq(w->v[i], schema))
            i += 2;
        w->v[n++] = w->v[i];
    }
    w->n = n;
    if (n >= 2 && str_eqc(w->v[n - 2], "from"))
        only = w->v[n - 1];
    for (size_t i = n = 0; i < w->n; i++) {
        if (only.len && i + 2 < w->n && str_eqc(w->v[i + 1], ".") && str_eq(w->v[i], only))
            i += 2;
        w->v[n++] = w->v[i];
    }
    w->n = n;
}

/* The name of a column of the outermost SELECT, whose words are v: behind AS, or the last one. *n becomes
 * the number of words in front of AS. */
static struct str
column_name(const struct str *v, size_t *n)
{
    assert(*n > 0);
    struct str name = v[*n - 1];
    if (*n >= 2 && str_eqc(v[*n - 2], "as"))
        *n -= 2;
    return name;
}

static void
put_words(struct buf *out, const struct str *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eqc(v[i], "(") || str_eqc(v[i], ")") || str_eqc(v[i], "asc"))
            continue;
        if (str_eqc(v[i], "as") && i + 1 < n) { /* of a column of an inner query: nobody sees it */
            i++;
            continue;
        }
        buf_str(out, usual(v[i]));
        buf_putc(out, ' ');
    }
}

struct str
sql_words_select(struct str sql, struct str schema, struct arena *a)
{
    AUTO_BUF out = buf_init((size_t)1 << 20);
    sql_words w;
    sql_words_of(sql, a, &w);
    drop_schema(&w, schema);
    size_t at = w.n && str_eqc(w.v[0], "select") ? 1 : 0, from = at, depth = 0;
    for (; from && at <= w.n; at++) {
        struct str word = at < w.n ? w.v[at] : STR("");
        bool is_end = at == w.n || (depth == 0 && str_eqc(word, "from"));
        depth += str_eqc(word, "(");
        depth -= str_eqc(word, ")") && depth;
        if (!is_end && (depth || !str_eqc(word, ",")))
            continue;
        size_t n = at - from;
        struct str name = n ? column_name(w.v + from, &n) : STR("");
        buf_fmt(&out, "[%.*s] ", STR_ARG(name));
        put_words(&out, w.v + from, n);
        from = at + 1;
        if (is_end)
            break;
    }
    put_words(&out, w.v + at, w.n - at);
    return arena_str(a, str_trim(buf_view(&out)));
}
