/* Migrations: sql/schema/NNN-name.sql in order, each statement on its own (DDL commits by itself),
 * then the row that says so. A migration that was cut off is noticed by its missing row; its
 * statements are made so that the next try ends the work. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <mysqld_error.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/env.h"
#include "store/connect.h"
#include "store/error.h"
#include "store/schema.h"
#include "store/stmt.h"

static const char prefix[] = "sql/schema/";

static int
number_of(const struct embed_file *f)
{
    return atoi(f->name + sizeof prefix - 1);
}

int
schema_newest(void)
{
    int n = 0;
    for (const struct embed_file *f = NULL; (f = embed_next(prefix, f));)
        n = number_of(f) > n ? number_of(f) : n;
    assert(n > 0);
    return n;
}

/* 0 = no schema at all. */
static int
read_version(struct store *st, int *ret, struct diag *d)
{
    if (session_run(st, "schema_create_version", d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "schema_version", d);
    if (!s || stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to schema_version");
    *ret = (int)stmt_col_int(s, 0);
    return 0;
}

/* What a migration that was cut off has already made, or taken away. */
static bool
is_done_already(unsigned e)
{
    return e == ER_TABLE_EXISTS_ERROR || e == ER_DUP_KEYNAME || e == ER_DUP_FIELDNAME ||
           e == ER_DUP_ENTRY || e == ER_CANT_DROP_FIELD_OR_KEY;
}

bool
schema_next_statement(struct str *rest, struct buf *sql)
{
    buf_cut(sql, 0);
    while (rest->len) {
        struct str line = str_cut(rest, '\n');
        if (str_starts(line, "--"))
            continue;
        buf_str(sql, line);
        buf_putc(sql, '\n');
        if (!str_ends(str_trim(line), ";"))
            continue;
        buf_cut(sql, sql->len - 2);
        return true;
    }
    return false;
}

static int
run_file(struct store *st, const struct embed_file *f, struct diag *d)
{
    AUTO_BUF sql = buf_init(f->len + 1);
    struct str text = str_n(f->data, f->len);
    while (schema_next_statement(&text, &sql)) {
        struct str one = str_trim(buf_view(&sql));
        if (!one.len || mysql_real_query(st->db, one.s, one.len) == 0)
            continue;
        if (!is_done_already(mysql_errno(st->db)) && error_of_connection(st, f->name, d) != 0)
            return -1;
    }
    assert(!str_trim(buf_view(&sql)).len);
    return 0;
}

static int
note_version(struct store *st, const struct embed_file *f, struct diag *d)
{
    struct stmt *s = stmt_get(st, "schema_note", d);
    if (!s)
        return -1;
    stmt_int(s, number_of(f));
    stmt_str(s, str_c(f->name + sizeof prefix - 1));
    stmt_time(s, env_wall_us() / 1000000);
    return stmt_run(s, d);
}

int
schema_reached(struct store *st, int *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "schema_reached", d);
    if (!s)
        return -1;
    stmt_int(s, SCHEMA_HALF);
    if (stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to schema_reached");
    *ret = (int)stmt_col_int(s, 0);
    return 0;
}

static int
run_files(struct store *st, int from, int to, struct diag *d)
{
    for (const struct embed_file *f = NULL; (f = embed_next(prefix, f));) {
        if (number_of(f) <= from || number_of(f) > to)
            continue;
        if (run_file(st, f, d) != 0 || note_version(st, f, d) != 0)
            return -1;
    }
    return 0;
}

int
schema_run(struct store *st, int from, int to, struct diag *d)
{
    assert(!st->in_transaction);
    connect_be_patient(st, true);
    int rc = connect_ready(st, d) == 0 ? run_files(st, from, to, d) : -1;
    connect_be_patient(st, false);
    return rc;
}

static int
refuse_newer(int have, struct diag *d)
{
    if (have == SCHEMA_HALF)
        return diag_fail(
            d, DIAG_SCHEMA,
            "a restore into this database is under way or was cut off: wait for its end, or "
            "run assay restore once more");
    return diag_fail(d, DIAG_SCHEMA,
                     "the schema is version %d, this program knows %d: upgrade assay", have,
                     schema_newest());
}

static int
migrate(struct store *st, int *ret_from, int *ret_to, struct diag *d)
{
    int have = 0, known = schema_newest();
    if (connect_ready(st, d) != 0 || connect_make_database(st, d) != 0 ||
        read_version(st, &have, d) != 0)
        return -1;
    if (have > known)
        return refuse_newer(have, d);
    if (run_files(st, have, known, d) != 0)
        return -1;
    *ret_from = have;
    *ret_to = known;
    return 0;
}

int
store_migrate(struct store *st, int *ret_from, int *ret_to, struct diag *d)
{
    assert(!st->in_transaction);
    connect_be_patient(st, true);
    int rc = migrate(st, ret_from, ret_to, d);
    connect_be_patient(st, false);
    return rc;
}

int
store_check_schema(struct store *st, struct diag *d)
{
    int have = 0, known = schema_newest();
    struct diag probe = diag_init(d->arena);
    struct stmt *s = stmt_get(st, "schema_version", &probe);
    if (!s || stmt_run(s, &probe) != 0 || stmt_next(s, &probe) != STMT_ROW) {
        if (probe.first.code == DIAG_SCHEMA || !diag_failed(&probe))
            return diag_fail(d, DIAG_SCHEMA, "there is no schema yet: run assay init");
        d->first = probe.first;
        return -1;
    }
    have = (int)stmt_col_int(s, 0);
    if (have > known)
        return refuse_newer(have, d);
    if (have < known)
        return diag_fail(d, DIAG_SCHEMA,
                         "the schema is version %d, this program wants %d: run "
                         "assay init",
                         have, known);
    return 0;
}

struct str
store_grants(const char *database, struct arena *a)
{
    static const char mark[] = "`assay`.";
    const struct embed_file *f = embed_find("sql/grants.sql");
    AUTO_BUF out = buf_init(1 << 20);
    assert(f);
    struct str rest = str_n(f->data, f->len);
    for (long at; (at = str_find(rest, mark)) >= 0;) {
        size_t n = (size_t)at + sizeof mark - 1;
        buf_add(&out, rest.s, (size_t)at);
        buf_putc(&out, '`');
        for (const char *p = database; *p; p++) {
            if (*p == '`')
                buf_putc(&out, '`');
            buf_putc(&out, *p);
        }
        buf_puts(&out, "`.");
        rest = str_n(rest.s + n, rest.len - n);
    }
    buf_str(&out, rest);
    return arena_str(a, buf_view(&out));
}
