/* The migrations read as a list of what they make. For schema_check.c. */
#include "store/schema_list.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "store/schema.h"
#include "store/sql_words.h"

#define COLLATION "utf8mb4_bin"

/* ---- the list ---- */

struct schema_list
schema_list_new(struct arena *a)
{
    return (struct schema_list){.at = map_new(a)};
}

static struct str
key_of(const struct schema_item *i, struct arena *a)
{
    return arena_fmt(a, "%.*s %.*s.%.*s", STR_ARG(i->kind), STR_ARG(i->table), STR_ARG(i->name));
}

void
schema_list_put(struct schema_list *l, struct arena *a, struct schema_item item)
{
    struct str key = key_of(&item, a);
    long at = map_get_index(l->at, key);
    if (at >= 0) {
        l->v.v[at] = item;
        return;
    }
    map_put_index(l->at, key, l->v.n);
    *VEC_PUSH(a, &l->v) = item;
}

const struct schema_item *
schema_list_find(const struct schema_list *l, struct arena *a, const struct schema_item *like)
{
    long at = map_get_index(l->at, key_of(like, a));
    return at >= 0 && l->v.v[at].says.len ? &l->v.v[at] : NULL;
}

/* ---- columns ---- */

struct str
schema_list_type(struct str type, struct arena *a)
{
    AUTO_BUF out = buf_init(4096);
    sql_words w;
    sql_words_of(type, a, &w);
    bool is_int = w.n && str_ends(w.v[0], "int");
    for (size_t i = 0; i < w.n; i++) {
        if (is_int && str_eqc(w.v[i], "(")) { /* how wide it is shown */
            while (i + 1 < w.n && !str_eqc(w.v[i], ")"))
                i++;
            continue;
        }
        bool is_word = w.v[i].s[0] >= 'a' && w.v[i].s[0] <= 'z';
        buf_fmt(&out, "%s%.*s", out.len && is_word ? " " : "", STR_ARG(w.v[i]));
    }
    return arena_str(a, buf_view(&out));
}

struct str
schema_list_column(struct str type, bool not_null, const struct str *initial, struct str collation,
                   struct arena *a)
{
    struct str value = initial ? *initial : STR("none");
    if (initial && initial->len >= 2 && initial->s[0] == '\'' && str_ends(*initial, "'"))
        value = str_n(initial->s + 1, initial->len - 2);
    return arena_fmt(a, "%.*s%s, %s%.*s%s%.*s", STR_ARG(schema_list_type(type, a)),
                     not_null ? " not null" : "", initial ? "default " : "no default",
                     initial ? (int)value.len : 0, value.s, collation.len ? ", " : "",
                     STR_ARG(collation));
}

/* ---- statements ---- */

struct reading { /* a statement under way */
    sql_words w;
    size_t at;
    struct schema_list *l;
    struct arena *a;
};

static struct str
peek(const struct reading *r, size_t ahead)
{
    return r->at + ahead < r->w.n ? r->w.v[r->at + ahead] : STR("");
}

static bool
is_next(const struct reading *r, const char *word)
{
    return str_eqc(peek(r, 0), word);
}

static bool
take_if(struct reading *r, const char *word)
{
    bool is = is_next(r, word);
    r->at += is;
    return is;
}

static struct str
take(struct reading *r)
{
    assert(r->at < r->w.n);
    return r->w.v[r->at++];
}

/* "(a, b)" as it stands. */
static struct str
take_list(struct reading *r)
{
    AUTO_BUF out = buf_init(4096);
    bool ok = take_if(r, "(");
    assert(ok);
    while (!take_if(r, ")")) {
        struct str w = take(r);
        buf_fmt(&out, "%.*s%s", STR_ARG(w), str_eqc(w, ",") ? " " : "");
    }
    return arena_str(r->a, buf_view(&out));
}

static void
put(struct reading *r, const char *kind, struct str table, struct str name, struct str says)
{
    schema_list_put(r->l, r->a, (struct schema_item){str_c(kind), table, name, says});
}

/* A key, when one begins here. */
static bool
read_key(struct reading *r, struct str table)
{
    bool is_primary = is_next(r, "primary"), is_unique = is_next(r, "unique");
    struct str name = STR("primary");
    if (!is_primary && !is_unique && !is_next(r, "key") && !is_next(r, "index"))
        return false;
    r->at += is_primary || is_unique;
    if (is_next(r, "key") || is_next(r, "index"))
        r->at++;
    if (!is_primary)
        name = take(r);
    struct str columns = take_list(r);
    put(r, "index", table, name,
        arena_fmt(r->a, "%s%.*s", is_primary || is_unique ? "unique " : "", STR_ARG(columns)));
    return true;
}

static bool
is_text_type(struct str type)
{
    return str_starts(type, "varchar") || str_starts(type, "char") || str_ends(type, "text");
}

/* The type: a word, "(n)", "unsigned". */
static struct str
take_type(struct reading *r)
{
    struct str type = take(r);
    if (is_next(r, "(")) {
        struct str size = take_list(r);
        type = arena_fmt(r->a, "%.*s(%.*s)", STR_ARG(type), STR_ARG(size));
    }
    if (take_if(r, "unsigned"))
        type = arena_fmt(r->a, "%.*s unsigned", STR_ARG(type));
    return type;
}

static void
read_column(struct reading *r, struct str table)
{
    struct str name = take(r), type = take_type(r), initial = STR("");
    bool not_null = false, has_initial = false;
    while (r->at < r->w.n && !is_next(r, ",") && !is_next(r, ")")) {
        if (take_if(r, "not")) {
            not_null = take_if(r, "null");
        } else if (take_if(r, "default")) {
            initial = take(r);
            has_initial = !str_eqc(initial, "null");
        } else if (take_if(r, "comment") || take_if(r, "after")) {
            take(r);
        } else {
            bool ok = take_if(r, "null") || take_if(r, "first");
            assert(ok); /* a migration that this file does not understand */
        }
    }
    put(r, "column", table, name,
        schema_list_column(type, not_null, has_initial ? &initial : NULL,
                           is_text_type(type) ? STR(COLLATION) : STR(""), r->a));
}

static void
read_table(struct reading *r)
{
    if (take_if(r, "if"))
        r->at += 2; /* NOT EXISTS */
    struct str table = take(r);
    bool ok = take_if(r, "(");
    assert(ok);
    put(r, "table", table, STR(""), STR("base table, " COLLATION));
    do {
        if (!read_key(r, table))
            read_column(r, table);
    } while (take_if(r, ","));
}

static void
drop(struct reading *r, const char *kind, struct str table, struct str name)
{
    put(r, kind, table, name, STR(""));
}

static void
read_change(struct reading *r, struct str table)
{
    if (take_if(r, "add")) {
        if (!read_key(r, table)) {
            take_if(r, "column");
            read_column(r, table);
        }
    } else if (take_if(r, "modify")) {
        take_if(r, "column");
        read_column(r, table);
    } else {
        bool ok = take_if(r, "drop");
        assert(ok);
        if (take_if(r, "primary")) {
            take(r);
            drop(r, "index", table, STR("primary"));
        } else if (take_if(r, "key") || take_if(r, "index")) {
            drop(r, "index", table, take(r));
        } else {
            take_if(r, "column");
            drop(r, "column", table, take(r));
        }
    }
}

static void
read_drop(struct reading *r)
{
    bool is_view = take_if(r, "view");
    if (!is_view)
        take_if(r, "table");
    if (take_if(r, "if"))
        take(r); /* EXISTS */
    struct str name = take(r);
    for (size_t i = 0; i < r->l->v.n; i++)
        if (str_eq(r->l->v.v[i].table, name))
            r->l->v.v[i].says = STR("");
}

/* The text behind AS: what follows the first of them. */
static void
read_view(struct reading *r, struct str sql)
{
    struct str name = take(r);
    long at = str_find(sql, " AS\n");
    assert(at >= 0 && is_next(r, "as"));
    put(r, "view", name, STR(""),
        sql_words_select(str_n(sql.s + at + 4, sql.len - (size_t)at - 4), STR(""), r->a));
}

static void
read_statement(struct schema_list *l, struct str sql, struct arena *a)
{
    struct reading r = {.l = l, .a = a};
    sql_words_of(sql, a, &r.w);
    if (take_if(&r, "create")) {
        if (take_if(&r, "or"))
            take(&r); /* REPLACE */
        if (take_if(&r, "table"))
            read_table(&r);
        else if (take_if(&r, "view"))
            read_view(&r, sql);
        else
            assert(!"a migration that this file does not understand");
    } else if (take_if(&r, "alter")) {
        take(&r); /* TABLE */
        struct str table = take(&r);
        do
            read_change(&r, table);
        while (take_if(&r, ","));
    } else if (take_if(&r, "drop")) {
        read_drop(&r);
    }
}

struct schema_list
schema_list_known(struct arena *a)
{
    struct schema_list l = schema_list_new(a);
    AUTO_BUF sql = buf_init((size_t)1 << 20);
    const struct embed_file *version = embed_find("sql/query/schema_create_version.sql");
    assert(version);
    read_statement(&l, str_n(version->data, version->len), a);
    for (const struct embed_file *f = NULL; (f = embed_next("sql/schema/", f));) {
        struct str text = str_n(f->data, f->len);
        while (schema_next_statement(&text, &sql))
            read_statement(&l, arena_str(a, str_trim(buf_view(&sql))), a);
    }
    return l;
}
