/* The schema that a database has against the one that the migrations make (schema_list.c): what was added,
 * changed or taken away, and code that the server would run by itself. Called for `assay audit verify` and
 * `assay doctor`. */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "store/connect.h"
#include "store/error.h"
#include "store/schema_list.h"
#include "store/sql_words.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

struct comparing {
    struct store *st;
    struct arena *a;
    struct schema_list want, have;
    struct store_schema *ret;
    struct diag *d;
};

/* The first that does not fit is the failure, the others are warnings. */
static void
tell(struct comparing *c, struct str place, const char *text)
{
    c->ret->n_bad++;
    if (diag_failed(c->d)) {
        diag_warn(c->d, DIAG_WARN_DATA, place, "%s", text);
        return;
    }
    diag_fail(c->d, DIAG_VERIFY, "%s", text);
    diag_at(c->d, "%.*s", STR_ARG(place));
}

/* A site may have tables, views and indexes of its own: that is said, and no failure. */
static void
tell_own(struct comparing *c, struct str place, const char *text)
{
    c->ret->n_own++;
    diag_warn(c->d, DIAG_WARN_DATA, place, "%s", text);
}

static struct str
name_of(struct comparing *c, const struct schema_item *i)
{
    return arena_fmt(c->d->arena, "%.*s %.*s%s%.*s", STR_ARG(i->kind), STR_ARG(i->table),
                     i->name.len ? "." : "", STR_ARG(i->name));
}

/* ---- what the database has ---- */

static void
put(struct comparing *c, const char *kind, struct str table, struct str name, struct str says)
{
    schema_list_put(&c->have, c->a, (struct schema_item){str_c(kind), table, name, says});
}

static int
read_tables(struct comparing *c, struct diag *d)
{
    struct stmt *s = stmt_get(c->st, "schema_tables", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str type = stmt_col_str(s, 1, c->a), engine = stmt_col_str(s, 3, c->a);
        bool is_usual = !engine.len || str_eqc(engine, "innodb");
        if (str_eqc(type, "view"))
            put(c, "view", stmt_col_str(s, 0, c->a), STR(""), STR("unreadable"));
        else
            put(c, "table", stmt_col_str(s, 0, c->a), STR(""),
                arena_fmt(c->a, "%.*s, %.*s%s%.*s", STR_ARG(type),
                          STR_ARG(stmt_col_str(s, 2, c->a)), is_usual ? "" : ", engine ",
                          is_usual ? 0 : (int)engine.len, engine.s));
    }
    return rc;
}

/* Servers say of a default that it is NULL, or the word NULL, or nothing. */
static int
read_columns(struct comparing *c, struct diag *d)
{
    struct stmt *s = stmt_get(c->st, "schema_columns", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str initial = stmt_col_str(s, 4, c->a), extra = str_trim(stmt_col_str(s, 6, c->a));
        bool has_initial = !stmt_col_is_null(s, 4) && !str_eqc(initial, "NULL");
        struct str says =
            schema_list_column(stmt_col_str(s, 2, c->a), str_eqc(stmt_col_str(s, 3, c->a), "NO"),
                               has_initial ? &initial : NULL, stmt_col_str(s, 5, c->a), c->a);
        put(c, "column", stmt_col_str(s, 0, c->a), stmt_col_str(s, 1, c->a),
            extra.len ? arena_fmt(c->a, "%.*s, %.*s", STR_ARG(says), STR_ARG(extra)) : says);
    }
    return rc;
}

static int
read_indexes(struct comparing *c, struct diag *d)
{
    struct stmt *s = stmt_get(c->st, "schema_indexes", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct schema_item i = {STR("index"), stmt_col_str(s, 0, c->a), stmt_col_str(s, 1, c->a),
                                STR("")};
        const struct schema_item *before = schema_list_find(&c->have, c->a, &i);
        struct str column = stmt_col_str(s, 3, c->a);
        i.says = before ? arena_fmt(c->a, "%.*s, %.*s", STR_ARG(before->says), STR_ARG(column))
                        : arena_fmt(c->a, "%s%.*s", stmt_col_int(s, 2) ? "" : "unique ",
                                    STR_ARG(column));
        schema_list_put(&c->have, c->a, i);
    }
    return rc;
}

static int
read_views(struct comparing *c, struct diag *d)
{
    struct stmt *s = stmt_get(c->st, "schema_views", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str sql = stmt_col_str(s, 1, c->a);
        if (sql.len) /* else this account may not see it */
            put(c, "view", stmt_col_str(s, 0, c->a), STR(""),
                sql_words_select(sql, stmt_col_str(s, 2, c->a), c->a));
    }
    return rc;
}

/* ---- code that runs by itself ---- */

static bool
is_ours(struct comparing *c, struct str table)
{
    struct schema_item i = {STR("table"), table, STR(""), STR("")};
    return schema_list_find(&c->want, c->a, &i) != NULL;
}

/* This program has none: whatever is there changes rows, or may. */
static int
check_code(struct comparing *c, struct diag *d)
{
    struct stmt *s = stmt_get(c->st, "schema_code", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct str kind = stmt_col_str(s, 0, c->a), table = stmt_col_str(s, 2, c->a);
        struct str place =
            arena_fmt(c->d->arena, "%.*s %.*s%s%.*s", STR_ARG(kind),
                      STR_ARG(stmt_col_str(s, 1, c->a)), table.len ? " on " : "", STR_ARG(table));
        if (table.len && !is_ours(c, table))
            tell_own(c, place, "it belongs to a table that is not this program's");
        else
            tell(c, place, "this program makes none: it may change what is stored");
    }
    return rc;
}

/* ---- what the account may see ---- */

/* "`name`" or "name" of a grant against the database: a backslash makes the next character a plain one. */
static bool
is_database(struct str name, const char *database)
{
    size_t k = 0, n = strlen(database);
    if (name.len >= 2 && name.s[0] == '`')
        name = str_n(name.s + 1, name.len - 2);
    for (size_t i = 0; i < name.len; i++) {
        if (name.s[i] == '\\' && i + 1 < name.len)
            i++;
        if (k == n || name.s[i] != database[k++])
            return false;
    }
    return k == n;
}

static bool
has_word(struct str list, const char *word)
{
    while (list.len) {
        struct str one = str_trim(str_cut(&list, ','));
        if (str_ieqc(one, word))
            return true;
    }
    return false;
}

/* GRANT privileges ON object TO …: whether that is the privilege on all of the database. */
static bool
grants(struct str line, const char *privilege, const char *database)
{
    long on = str_find(line, " ON "), to = str_find(line, " TO ");
    if (!str_starts(line, "GRANT ") || on < 0 || to < on)
        return false;
    struct str list = str_n(line.s + 6, (size_t)on - 6);
    struct str object = str_n(line.s + on + 4, (size_t)(to - on) - 4);
    if (!has_word(list, privilege) && !has_word(list, "ALL PRIVILEGES") && !has_word(list, "ALL"))
        return false;
    if (str_eqc(object, "*.*"))
        return true;
    return str_ends(object, ".*") && is_database(str_n(object.s, object.len - 2), database);
}

/* A server lists triggers and events only to those who may make them: where this account may not, that
 * there are none says nothing. */
static int
read_grants(struct comparing *c, struct diag *d)
{
    if (session_run(c->st, "session_grants", d) != 0)
        return -1;
    MYSQL_RES *r = mysql_store_result(c->st->db);
    if (!r)
        return error_of_connection(c->st, "session_grants", d);
    for (MYSQL_ROW row; (row = mysql_fetch_row(r));) {
        struct str line = str_c(row[0] ? row[0] : "");
        c->ret->sees_triggers |= grants(line, "TRIGGER", c->st->config.database);
        c->ret->sees_events |= grants(line, "EVENT", c->st->config.database);
    }
    mysql_free_result(r);
    return 0;
}

/* ---- comparing ---- */

static bool
is_kind(const struct schema_item *i, const char *kind)
{
    return str_eqc(i->kind, kind);
}

static void
compare_wanted(struct comparing *c, const struct schema_item *w)
{
    const struct schema_item *h = schema_list_find(&c->have, c->a, w);
    if (!h) {
        tell(c, name_of(c, w), "it is missing");
    } else if (is_kind(w, "view") && str_eqc(h->says, "unreadable")) {
        c->ret->n_unseen++;
    } else if (!str_eq(h->says, w->says)) {
        struct str text = is_kind(w, "view")
                              ? STR("it is another one than this program made")
                              : arena_fmt(c->a, "it is \"%.*s\", this program made \"%.*s\"",
                                          STR_ARG(h->says), STR_ARG(w->says));
        tell(c, name_of(c, w), text.s);
    }
}

static void
compare_found(struct comparing *c, const struct schema_item *h)
{
    if (schema_list_find(&c->want, c->a, h))
        return;
    if (is_kind(h, "table") || is_kind(h, "view"))
        tell_own(c, name_of(c, h), "it is not this program's");
    else if (!is_ours(c, h->table))
        return;
    else if (is_kind(h, "index") && !str_starts(h->says, "unique "))
        tell_own(c, name_of(c, h), "this program did not make it");
    else
        tell(c, name_of(c, h), "this program did not make it");
}

int
store_verify_schema(struct store *st, struct store_schema *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag server = diag_init(a);
    struct comparing c = {.st = st, .a = a, .ret = ret, .d = d};
    assert(!st->in_transaction && !diag_failed(d));
    *ret = (struct store_schema){.n_bad = 0};
    c.want = schema_list_known(a);
    c.have = schema_list_new(a);
    if (connect_ready(st, &server) != 0 || read_tables(&c, &server) != 0 ||
        read_columns(&c, &server) != 0 || read_indexes(&c, &server) != 0 ||
        read_views(&c, &server) != 0 || check_code(&c, &server) != 0 ||
        read_grants(&c, &server) != 0)
        return diag_failed(d) ? -1 : diag_pass_on(d, &server);
    for (size_t i = 0; i < c.want.v.n; i++)
        if (c.want.v.v[i].says.len)
            compare_wanted(&c, &c.want.v.v[i]);
    for (size_t i = 0; i < c.have.v.n; i++)
        compare_found(&c, &c.have.v.v[i]);
    return diag_failed(d) ? -1 : 0;
}
