/* Reading what the writers wrote, by other means than they wrote it: a CSV reader (RFC 4180), and
 * the text of the cells of a table in a page. */
#ifndef TESTS_READ_BACK_H
#define TESTS_READ_BACK_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "render/render.h"

typedef VEC(struct str) read_row;
typedef VEC(read_row) read_rows;

static inline struct str
read_csv_field(struct arena *a, struct str *rest)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    bool quoted = rest->len && rest->s[0] == '"';
    size_t i = quoted;
    for (; i < rest->len; i++) {
        char c = rest->s[i];
        if (quoted && c == '"' && i + 1 < rest->len && rest->s[i + 1] == '"')
            i++;
        else if (quoted && c == '"')
            quoted = false;
        else if (!quoted && (c == ',' || c == '\r'))
            break;
        if (c != '"' || quoted)
            buf_putc(&b, rest->s[i]);
    }
    *rest = str_n(rest->s + i, rest->len - i);
    return arena_str(a, buf_view(&b));
}

static inline read_rows
read_csv(struct arena *a, struct str bytes)
{
    read_rows rows = {0};
    while (bytes.len) {
        read_row *row = VEC_PUSH(a, &rows);
        for (;;) {
            *VEC_PUSH(a, row) = read_csv_field(a, &bytes);
            bool more = bytes.len && bytes.s[0] == ',';
            size_t skip = more ? 1 : bytes.len >= 2 ? 2 : bytes.len; /* , or CR LF */
            bytes = str_n(bytes.s + skip, bytes.len - skip);
            if (!more)
                break;
        }
    }
    return rows;
}

/* What stands between two marks at or behind *rest, which moves behind it; empty at the end. */
static inline struct str
read_between(struct str *rest, const char *from, const char *to)
{
    long at = str_find(*rest, from);
    if (at < 0)
        return *rest = STR("");
    size_t skip = (size_t)at + strlen(from);
    struct str s = str_n(rest->s + skip, rest->len - skip);
    long end = str_find(s, to);
    if (end < 0)
        return *rest = STR("");
    *rest = str_n(s.s + end, s.len - (size_t)end);
    return str_n(s.s, (size_t)end);
}

/* Markup taken away, the five references resolved. */
static inline struct str
read_plain(struct arena *a, struct str html)
{
    static const char *const refs[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < html.len; i++) {
        struct str here = str_n(html.s + i, html.len - i);
        size_t r = 0;
        if (html.s[i] == '<') {
            while (i < html.len && html.s[i] != '>')
                i++;
            continue;
        }
        while (r < 5 && !str_starts(here, refs[r][0]))
            r++;
        if (r < 5)
            i += strlen(refs[r][0]) - 1;
        buf_puts(&b, r < 5 ? refs[r][1] : "");
        if (r == 5)
            buf_putc(&b, html.s[i]);
    }
    return arena_str(a, buf_view(&b));
}

/* The cells of the body and foot of the table with that id; notes of rows are left out. */
static inline read_rows
read_html_table(struct arena *a, struct str page, const char *id)
{
    read_rows rows = {0};
    struct str mark = arena_fmt(a, "<table id=\"%s\"", id);
    struct str table = read_between(&page, mark.s, "</table>");
    read_between(&table, "<thead>", "</thead>");
    for (struct str row; (row = read_between(&table, "<tr", "</tr>")).len;) {
        read_row *r = VEC_PUSH(a, &rows);
        while (str_find(row, "<t") >= 0) {
            struct str rest = row;
            bool head = str_find(row, "<th") >= 0 && str_find(row, "<th") <= str_find(row, "<t");
            struct str cell = read_between(&rest, head ? "<th" : "<td", head ? "</th>" : "</td>");
            struct str inner = cell;
            str_cut(&inner, '>');
            long notes = str_find(inner, "<d");
            if (notes >= 0)
                inner.len = (size_t)notes;
            *VEC_PUSH(a, r) = read_plain(a, inner);
            row = rest.len > 5 ? str_n(rest.s + 5, rest.len - 5) : STR("");
        }
    }
    return rows;
}

/* The file of that name, or an empty str. */
static inline struct str
read_file_of(const struct render_files *f, const char *name)
{
    for (size_t i = 0; i < f->files.n; i++)
        if (str_eqc(f->files.v[i].name, name))
            return f->files.v[i].bytes;
    return STR("");
}

/* Times a mark occurs. */
static inline size_t
read_count(struct str s, const char *mark)
{
    size_t n = 0, len = strlen(mark);
    for (long at; (at = str_find(s, mark)) >= 0; n++)
        s = str_n(s.s + at + len, s.len - (size_t)at - len);
    return n;
}

#endif
