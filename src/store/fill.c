/* Rows into an empty database. What stands in it before the mark is gone is no database (schema.c refuses it), so a
 * fill that is cut off leaves nothing that counts. */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "store/bulk.h"
#include "store/connect.h"
#include "store/dump.h"
#include "store/error.h"
#include "store/parts.h"
#include "store/schema.h"
#include "store/stmt.h"

enum { BATCH = 8 << 20, MAX_OWNER = 191 };

/* ---- what is there ---- */

struct things {
    VEC(struct store_part) tables, views; /* without schema_version */
    bool has_version;
};

static int
list_things(struct store *st, struct arena *a, struct things *ret, struct diag *d)
{
    *ret = (struct things){0};
    struct stmt *s = stmt_get(st, "schema_tables", d);
    enum stmt_answer more = s && stmt_run(s, d) == 0 ? STMT_ROW : STMT_FAILED;
    while (more == STMT_ROW && (more = stmt_next(s, d)) == STMT_ROW) {
        struct store_part p = {.name = stmt_col_str(s, 0, a)};
        if (str_eqc(p.name, "schema_version"))
            ret->has_version = true;
        else if (str_eqc(stmt_col_view(s, 1), "view"))
            *VEC_PUSH(a, &ret->views) = p;
        else
            *VEC_PUSH(a, &ret->tables) = p;
    }
    return more == STMT_END ? 0 : -1;
}

static int
find_owner(struct store *st, struct arena *a, bool *ret_has, struct str *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "fill_owner", d);
    if (!s)
        return -1;
    stmt_int(s, SCHEMA_HALF);
    enum stmt_answer got = stmt_first(s, d);
    *ret_has = got == STMT_ROW;
    *ret = *ret_has ? stmt_col_str(s, 0, a) : STR("");
    return got == STMT_FAILED ? -1 : 0;
}

/* A table of versions without a row is what a fill leaves that ends before its mark. */
int
store_look(struct store *st, struct arena *a, enum store_content *ret, struct str *ret_owner,
           struct diag *d)
{
    struct things have;
    bool is_half = false;
    *ret_owner = STR("");
    if (connect_ready(st, d) != 0 || connect_make_database(st, d) != 0 ||
        list_things(st, a, &have, d) != 0 ||
        (have.has_version && find_owner(st, a, &is_half, ret_owner, d) != 0))
        return -1;
    *ret = is_half ? STORE_HALF : have.tables.n || have.views.n ? STORE_FULL : STORE_EMPTY;
    return 0;
}

/* ---- beginning and end ---- */

int
store_fill_undo(struct store *st, struct diag *d)
{
    struct things have;
    struct store_part version = {.name = STR("schema_version")};
    store_rollback(st);
    connect_be_patient(st, true);
    int rc = connect_ready(st, d) == 0 ? list_things(st, d->arena, &have, d) : -1;
    for (size_t i = 0; rc == 0 && i < have.views.n; i++)
        rc = parts_run(st, "fill_drop_view", &have.views.v[i], d);
    for (size_t i = 0; rc == 0 && i < have.tables.n; i++)
        rc = parts_run(st, "fill_drop_table", &have.tables.v[i], d);
    if (rc == 0)
        rc = parts_run(st, "fill_drop_table", &version, d);
    connect_be_patient(st, false);
    return rc;
}

static int
change_mark(struct store *st, const char *query, const struct str *owner, struct diag *d)
{
    struct stmt *s = stmt_get(st, query, d);
    if (!s)
        return -1;
    stmt_int(s, SCHEMA_HALF);
    if (owner)
        stmt_str(s, str_n(owner->s, owner->len < MAX_OWNER ? owner->len : MAX_OWNER));
    return stmt_run(s, d);
}

int
store_fill_begin(struct store *st, struct str owner, int schema, struct diag *d)
{
    assert(!st->in_transaction && schema > 0);
    if (schema > schema_newest())
        return diag_fail(d, DIAG_SCHEMA,
                         "the backup has schema version %d, this program knows %d: upgrade assay",
                         schema, schema_newest());
    if (store_fill_undo(st, d) != 0 || session_run(st, "schema_create_version", d) != 0 ||
        change_mark(st, "fill_mark", &owner, d) != 0)
        return -1;
    return schema_run(st, 0, schema, d);
}

int
store_fill_upgrade(struct store *st, int *ret, struct diag *d)
{
    int have;
    *ret = schema_newest();
    return schema_reached(st, &have, d) == 0 ? schema_run(st, have, *ret, d) : -1;
}

int
store_fill_release(struct store *st, struct diag *d)
{
    return change_mark(st, "fill_release", NULL, d);
}

/* ---- rows ---- */

struct store_fill {
    struct store *st;
    const struct store_part *part;
    struct bulk bulk;
    size_t n_open; /* bytes since the last COMMIT */
};

static int
compare(const struct store_part *p, const struct store_part *table, struct diag *d)
{
    for (size_t i = 0; i < p->columns.n; i++) {
        const struct store_column *c = &p->columns.v[i];
        size_t j = 0;
        while (j < table->columns.n && !str_eq(table->columns.v[j].name, c->name))
            j++;
        if (j == table->columns.n || table->columns.v[j].kind != c->kind)
            return diag_fail(d, DIAG_BAD_DATA,
                             "the schema of the backup has no column %.*s of that kind",
                             STR_ARG(c->name));
        for (size_t k = 0; k < i; k++)
            if (str_eq(p->columns.v[k].name, c->name))
                return diag_fail(d, DIAG_BAD_DATA, "the column %.*s stands twice",
                                 STR_ARG(c->name));
    }
    return p->columns.n == table->columns.n
               ? 0
               : diag_fail(d, DIAG_BAD_DATA, "%zu columns; the table has %zu", p->columns.n,
                           table->columns.n);
}

static int
check_part(struct store *st, const struct store_part *p, struct arena *a, struct diag *d)
{
    parts_list have = {0};
    size_t i = 0;
    if (parts_load(st, false, a, &have, d) != 0)
        return -1;
    while (i < have.n && !str_eq(have.v[i].name, p->name))
        i++;
    int rc = i < have.n ? compare(p, &have.v[i], d)
                        : diag_fail(d, DIAG_BAD_DATA, "the schema of the backup has no such table");
    return rc == 0 ? 0 : diag_at(d, "part %.*s", STR_ARG(p->name));
}

int
store_fill_open(struct store *st, const struct store_part *p, struct arena *a,
                struct store_fill **ret, struct diag *d)
{
    if (check_part(st, p, a, d) != 0 || parts_run(st, "fill_clear", p, d) != 0 ||
        store_begin(st, d) != 0)
        return -1;
    struct store_fill *f = ARENA_NEW(a, struct store_fill);
    *f = (struct store_fill){.st = st, .part = p};
    f->bulk = bulk_begin_text(st, "bulk_fill", parts_text("bulk_fill", p, a));
    *ret = f;
    return 0;
}

static bool
is_number(struct str s)
{
    double v;
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("0123456789+-.eE", s.s[i]) || !s.s[i])
            return false;
    return str_to_double(s, &v);
}

static int
put_value(struct store_fill *f, const struct store_column *c, struct str v, struct diag *d)
{
    if (!v.s) {
        bulk_null(&f->bulk);
    } else if (c->kind == STORE_BYTES) {
        bulk_bytes(&f->bulk, v.s, v.len);
    } else if (c->kind == STORE_TEXT_VALUE) {
        bulk_str(&f->bulk, v);
    } else if (is_number(v)) {
        bulk_digits(&f->bulk, v);
    } else {
        diag_fail(d, DIAG_BAD_DATA, "a value of the column %.*s is no number", STR_ARG(c->name));
        return diag_at(d, "part %.*s", STR_ARG(f->part->name));
    }
    f->n_open += v.len;
    return 0;
}

/* What a server refuses to keep, a second row of a key for one, is the fault of the backup. */
static int
refused(const struct store_fill *f, struct diag *d)
{
    if (d->first.code == DIAG_INTERNAL) {
        d->first.code = DIAG_BAD_DATA;
        d->first.place = arena_fmt(d->arena, "part %.*s", STR_ARG(f->part->name));
    }
    return -1;
}

int
store_fill_row(struct store_fill *f, const struct str *values, struct diag *d)
{
    bulk_row(&f->bulk);
    for (size_t i = 0; i < f->part->columns.n; i++)
        if (put_value(f, &f->part->columns.v[i], values[i], d) != 0)
            return -1;
    if (bulk_row_end(&f->bulk, d) != 0)
        return refused(f, d);
    if (f->n_open < BATCH)
        return 0;
    f->n_open = 0;
    return store_commit(f->st, d) == 0 ? store_begin(f->st, d) : -1;
}

int
store_fill_close(struct store_fill *f, struct diag *d)
{
    if (diag_failed(d)) {
        bulk_drop(&f->bulk);
        store_rollback(f->st);
        return -1;
    }
    return bulk_end(&f->bulk, d) == 0 ? store_commit(f->st, d) : refused(f, d);
}
