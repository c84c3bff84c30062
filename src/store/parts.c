/* Tables and their columns, as dump.c reads them and fill.c writes them. */
#include "store/parts.h"

#include <assert.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/embed.h"
#include "store/connect.h"
#include "store/error.h"
#include "store/schema_list.h"
#include "store/stmt.h"

enum { MAX_NAME = 64 };

bool
parts_is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.s[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return name.len > 0 && name.len <= MAX_NAME;
}

/* How a value of that type is written into a statement. */
static enum store_kind
kind_of(struct str type)
{
    static const char *const numbers[] = {"tinyint", "smallint", "int", "bigint", "double"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_starts(type, numbers[i]))
            return STORE_NUMBER;
    return str_find(type, "blob") >= 0 || str_find(type, "binary") >= 0 ? STORE_BYTES
                                                                        : STORE_TEXT_VALUE;
}

static bool
is_wanted(const struct schema_list *known, struct str table, struct arena *a)
{
    struct schema_item like = {STR("table"), table, STR(""), STR("")};
    return parts_is_name(table) && !str_eqc(table, "schema_version") &&
           (!known || schema_list_find(known, a, &like));
}

int
parts_load(struct store *st, bool known, struct arena *a, parts_list *ret, struct diag *d)
{
    struct schema_list list = known ? schema_list_known(a) : (struct schema_list){0};
    struct stmt *s = stmt_get(st, "schema_columns", d);
    enum stmt_answer more = s && stmt_run(s, d) == 0 ? STMT_ROW : STMT_FAILED;
    while (more == STMT_ROW && (more = stmt_next(s, d)) == STMT_ROW) {
        struct str table = stmt_col_str(s, 0, a);
        if (!is_wanted(known ? &list : NULL, table, a))
            continue;
        struct store_part *p = ret->n ? &ret->v[ret->n - 1] : NULL;
        if (!p || !str_eq(p->name, table)) {
            p = VEC_PUSH(a, ret);
            p->name = table;
        }
        *VEC_PUSH(a, &p->columns) =
            (struct store_column){stmt_col_str(s, 1, a), kind_of(stmt_col_view(s, 2))};
    }
    return more == STMT_END ? 0 : -1;
}

struct str
parts_text(const char *query, const struct store_part *p, struct arena *a)
{
    char path[128];
    AUTO_BUF out = buf_init(1 << 16);
    snprintf(path, sizeof path, "sql/query/%s.sql", query);
    const struct embed_file *f = embed_find(path);
    assert(f && parts_is_name(p->name));
    struct str rest = str_n(f->data, f->len);
    for (long at; (at = str_find(rest, "{")) >= 0;) {
        buf_add(&out, rest.s, (size_t)at);
        rest = str_n(rest.s + at, rest.len - (size_t)at);
        bool is_table = str_starts(rest, "{table}");
        assert(is_table || str_starts(rest, "{columns}"));
        if (is_table)
            buf_str(&out, p->name);
        for (size_t i = 0; !is_table && i < p->columns.n; i++) {
            assert(parts_is_name(p->columns.v[i].name));
            buf_fmt(&out, "%s`%.*s`", i ? ", " : "", STR_ARG(p->columns.v[i].name));
        }
        str_cut(&rest, '}');
    }
    buf_str(&out, rest);
    assert(!buf_bad(&out));
    return arena_str(a, str_trim(buf_view(&out)));
}

int
parts_run(struct store *st, const char *query, const struct store_part *p, struct diag *d)
{
    struct str sql = parts_text(query, p, d->arena);
    if (connect_ready(st, d) != 0)
        return -1;
    return mysql_real_query(st->db, sql.s, sql.len) ? error_of_connection(st, query, d) : 0;
}
