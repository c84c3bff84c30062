/* The typed face of mysql_stmt_*: the only file that binds parameters and columns. */
#include "store/stmt.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/mem.h"
#include "store/connect.h"
#include "store/error.h"

enum { MAX_PARAMS = 48, MAX_COLS = 64, FIRST_CELL = 256 };

#define UNWRITTEN ULONG_MAX /* no length of a value */

/* A column of the row. The client library holds the addresses of "theirs" and of the buffer, and
 * different versions write to them in different calls: 3.3.19 and 3.4.9 set the length to 0 when a
 * buffer is bound. So "theirs" is read once, right behind mysql_stmt_fetch, and what the row says is
 * ours from then on. */
struct cell {
    struct theirs {
        unsigned long len;
        my_bool is_null, error;
        int64_t number;
        double real;
    } theirs;
    char *data; /* heap, grows to the longest value seen; NULL = a number */
    size_t size, len;
    bool is_null;
    int64_t number;
    double real;
};

struct stmt {
    struct stmt *next;
    struct store *st;
    const char *name;
    MYSQL_STMT *h;
    MYSQL_BIND params[MAX_PARAMS], cols[MAX_COLS];
    struct cell cells[MAX_COLS];
    struct {
        int64_t number;
        char time[40];
        unsigned long len;
    } values[MAX_PARAMS];
    unsigned n_params, n_cols, n_given;
    unsigned of;     /* the connection that knows it */
    bool asks;       /* it has rows, and changes nothing */
    bool is_bound;   /* the library knows where the buffers are */
    bool has_result; /* that was not given back */
    bool has_row;
};

/* ---- preparing ---- */

/* A statement that fails in the middle of its rows stays half open: mysql_stmt_store_result forgets the
 * rows that it read, but not that there are more to come, and the next execute waits for these until
 * the timeout of the connection. The reset ends that. It clears the error, too, which is taken first. */
static int
fail(struct stmt *s, struct diag *d)
{
    int rc = error_set(s->st, mysql_stmt_errno(s->h), mysql_stmt_error(s->h), s->name, d);
    s->has_result = s->has_row = false;
    if (!s->st->is_lost && mysql_stmt_reset(s->h))
        s->st->is_lost = true;
    return rc;
}

static void
bind_column(struct stmt *s, unsigned i, const MYSQL_FIELD *f)
{
    struct cell *c = &s->cells[i];
    MYSQL_BIND *b = &s->cols[i];
    b->is_null = &c->theirs.is_null;
    b->error = &c->theirs.error;
    b->length = &c->theirs.len;
    if (f->type == MYSQL_TYPE_DOUBLE || f->type == MYSQL_TYPE_FLOAT) {
        b->buffer_type = MYSQL_TYPE_DOUBLE;
        b->buffer = &c->theirs.real;
    } else if (f->type == MYSQL_TYPE_LONGLONG || f->type == MYSQL_TYPE_LONG ||
               f->type == MYSQL_TYPE_SHORT || f->type == MYSQL_TYPE_TINY ||
               f->type == MYSQL_TYPE_INT24) {
        b->buffer_type = MYSQL_TYPE_LONGLONG;
        b->buffer = &c->theirs.number;
        b->is_unsigned = (f->flags & UNSIGNED_FLAG) != 0;
    } else {
        c->size = FIRST_CELL;
        c->data = mem_alloc(c->size);
        b->buffer_type = MYSQL_TYPE_BLOB;
        b->buffer = c->data;
        b->buffer_length = c->size;
    }
}

static int
describe_columns(struct stmt *s)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(s->h);
    if (!meta)
        return mysql_stmt_field_count(s->h) ? -1 : 0;
    s->n_cols = mysql_num_fields(meta);
    assert(s->n_cols <= MAX_COLS);
    for (unsigned i = 0; i < s->n_cols; i++)
        bind_column(s, i, mysql_fetch_field_direct(meta, i));
    mysql_free_result(meta);
    return 0;
}

/* Gives back what the library holds of it, and the buffers for the columns. */
static void
forget_handle(struct stmt *s)
{
    if (s->h)
        mysql_stmt_close(s->h);
    for (unsigned i = 0; i < s->n_cols; i++)
        free(s->cells[i].data);
    memset(s->cells, 0, sizeof s->cells);
    memset(s->cols, 0, sizeof s->cols);
    s->h = NULL;
    s->n_cols = 0;
    s->of = 0;
    s->is_bound = s->has_result = s->has_row = false;
}

/* Makes it known to the connection at hand; parameters that were given stay. */
static int
prepare(struct stmt *s, struct diag *d)
{
    char path[128];
    snprintf(path, sizeof path, "sql/query/%s.sql", s->name);
    const struct embed_file *f = embed_find(path);
    assert(f);
    forget_handle(s);
    s->h = mysql_stmt_init(s->st->db);
    assert(s->h);
    if (mysql_stmt_prepare(s->h, f->data, f->len) || describe_columns(s) != 0)
        return fail(s, d);
    s->n_params = (unsigned)mysql_stmt_param_count(s->h);
    assert(s->n_params <= MAX_PARAMS);
    s->asks = s->n_cols > 0;
    s->of = s->st->n_connections;
    return 0;
}

static struct stmt *
new_stmt(struct store *st, const char *name)
{
    struct stmt *s = mem_alloc(sizeof *s);
    s->st = st;
    s->name = name;
    s->next = st->first_stmt;
    st->first_stmt = s;
    map_put(st->stmts, str_c(name), s);
    return s;
}

/* A connection that was lost outside of a transaction and of a snapshot is nobody's loss: waits for another,
 * and true = once more. What may have been carried out already is not for this. */
static bool
begins_anew(struct store *st, struct store_outage *o, struct diag *d)
{
    if (d->first.code != DIAG_LOST || st->in_transaction || st->in_snapshot ||
        !store_outlast(st, o, d))
        return false;
    diag_clear(d);
    return connect_ready(st, d) == 0;
}

void
stmt_close_all(struct store *st)
{
    for (struct stmt *s = st->first_stmt, *next; s; s = next) {
        next = s->next;
        forget_handle(s);
        free(s);
    }
    st->first_stmt = NULL;
    st->stmts = map_new(st->arena);
}

struct stmt *
stmt_get(struct store *st, const char *name, struct diag *d)
{
    struct store_outage o = {0};
    if (connect_ready(st, d) != 0)
        return NULL;
    struct stmt *s = map_get(st->stmts, str_c(name));
    if (!s)
        s = new_stmt(st, name);
    while (s->of != st->n_connections && prepare(s, d) != 0)
        if (!begins_anew(st, &o, d))
            return NULL;
    bool had_result = s->has_result; /* the rows of the last run are given back */
    s->has_result = s->has_row = false;
    s->n_given = 0;
    return had_result && mysql_stmt_free_result(s->h) && fail(s, d) != 0 ? NULL : s;
}

/* ---- parameters ---- */

static MYSQL_BIND *
next_param(struct stmt *s, enum enum_field_types type, void *at)
{
    assert(s->n_given < s->n_params);
    MYSQL_BIND *b = &s->params[s->n_given];
    memset(b, 0, sizeof *b);
    b->buffer_type = type;
    b->buffer = at;
    return b;
}

void
stmt_int(struct stmt *s, int64_t v)
{
    s->values[s->n_given].number = v;
    next_param(s, MYSQL_TYPE_LONGLONG, &s->values[s->n_given].number);
    s->n_given++;
}

void
stmt_uint(struct stmt *s, uint64_t v)
{
    s->values[s->n_given].number = (int64_t)v;
    next_param(s, MYSQL_TYPE_LONGLONG, &s->values[s->n_given].number)->is_unsigned = 1;
    s->n_given++;
}

static void
give_bytes(struct stmt *s, enum enum_field_types type, const void *p, size_t n)
{
    s->values[s->n_given].len = n;
    MYSQL_BIND *b = next_param(s, type, (void *)(uintptr_t)(p ? p : ""));
    b->buffer_length = n;
    b->length = &s->values[s->n_given].len;
    s->n_given++;
}

void
stmt_str(struct stmt *s, struct str v)
{
    give_bytes(s, MYSQL_TYPE_STRING, v.s, v.len);
}

void
stmt_bytes(struct stmt *s, const void *p, size_t n)
{
    give_bytes(s, MYSQL_TYPE_BLOB, p, n);
}

void
stmt_null(struct stmt *s)
{
    next_param(s, MYSQL_TYPE_NULL, NULL);
    s->n_given++;
}

void
stmt_time_us(struct stmt *s, int64_t t_us)
{
    struct clock_civil c = clock_civil(t_us / 1000000);
    char *to = s->values[s->n_given].time;
    int n = snprintf(to, sizeof s->values[0].time, "%04d-%02d-%02d %02d:%02d:%02d.%06d", c.year,
                     c.month, c.day, c.hour, c.minute, c.second, (int)(t_us % 1000000));
    give_bytes(s, MYSQL_TYPE_STRING, to, (size_t)n);
}

void
stmt_time(struct stmt *s, int64_t t)
{
    if (t == CLOCK_NONE)
        stmt_null(s);
    else
        stmt_time_us(s, t * 1000000);
}

/* ---- running ---- */

static int
execute(struct stmt *s, bool fetch_all, struct diag *d)
{
    if (s->of != s->st->n_connections && prepare(s, d) != 0)
        return -1;
    assert(s->n_given == s->n_params && !s->has_result);
    if ((s->n_params && mysql_stmt_bind_param(s->h, s->params)) || mysql_stmt_execute(s->h))
        return fail(s, d);
    if (fetch_all && s->n_cols && mysql_stmt_store_result(s->h))
        return fail(s, d);
    s->has_result = s->n_cols > 0;
    return 0;
}

static int
run(struct stmt *s, bool fetch_all, struct diag *d)
{
    struct store_outage o = {0};
    while (execute(s, fetch_all, d) != 0)
        if (!s->asks || !begins_anew(s->st, &o, d))
            return -1;
    return 0;
}

int
stmt_stream(struct stmt *s, struct diag *d)
{
    return run(s, false, d);
}

int
stmt_run(struct stmt *s, struct diag *d)
{
    return run(s, true, d);
}

void
stmt_stop(struct stmt *s)
{
    if (s->has_result && mysql_stmt_free_result(s->h))
        s->st->is_lost = true;
    s->has_result = s->has_row = false;
}

int64_t
stmt_affected(const struct stmt *s)
{
    return (int64_t)mysql_stmt_affected_rows(s->h);
}

/* ---- rows ---- */

static int
contradicts(struct stmt *s, unsigned i, const char *what, struct diag *d)
{
    s->has_row = false;
    diag_fail(d, DIAG_INTERNAL, "database client library %s: column %u: %s",
              mysql_get_client_info(), i, what);
    return diag_at(d, "%s", s->name);
}

/* Where the buffers are is told right before a row is fetched and at no other time. What the library
 * has to write holds no possible answer until then. */
static int
await_row(struct stmt *s, struct diag *d)
{
    if (!s->is_bound && mysql_stmt_bind_result(s->h, s->cols))
        return fail(s, d);
    s->is_bound = true;
    for (unsigned i = 0; i < s->n_cols; i++)
        s->cells[i].theirs = (struct theirs){.len = UNWRITTEN, .is_null = -1};
    return 0;
}

/* What the library said of the row becomes ours. */
static int
take_row(struct stmt *s, struct diag *d)
{
    for (unsigned i = 0; i < s->n_cols; i++) {
        struct cell *c = &s->cells[i];
        const struct theirs *t = &c->theirs;
        if (t->is_null != 0 && t->is_null != 1)
            return contradicts(s, i, "not said whether it is NULL", d);
        if (!t->is_null && c->data && t->len == UNWRITTEN)
            return contradicts(s, i, "no length", d);
        if (!t->is_null && !c->data && t->error)
            return contradicts(s, i, "the number does not fit", d);
        c->is_null = t->is_null;
        c->len = c->data && !t->is_null ? t->len : 0;
        c->number = t->number;
        c->real = t->real;
    }
    return 0;
}

/* Fetches once more a value that did not fit, with room for it. The library's own record of the row
 * is given nothing to write to: it is asked through a binding of its own. */
static int
fetch_whole(struct stmt *s, unsigned i, struct diag *d)
{
    struct cell *c = &s->cells[i];
    struct theirs again = {.len = UNWRITTEN};
    c->size = c->len;
    c->data = mem_realloc(c->data, c->size);
    s->cols[i].buffer = c->data;
    s->cols[i].buffer_length = c->size;
    s->is_bound = false;
    MYSQL_BIND b = s->cols[i];
    b.length = &again.len;
    b.is_null = &again.is_null;
    b.error = &again.error;
    if (mysql_stmt_fetch_column(s->h, &b, i, 0))
        return fail(s, d);
    if (again.len != c->len || again.is_null || again.error)
        return contradicts(s, i, "another length the second time", d);
    return 0;
}

enum stmt_answer
stmt_next(struct stmt *s, struct diag *d)
{
    assert(s->has_result);
    s->has_row = false;
    if (await_row(s, d) != 0)
        return STMT_FAILED;
    int rc = mysql_stmt_fetch(s->h);
    if (rc == MYSQL_NO_DATA) {
        stmt_stop(
            s); /* all rows of a fleet, held until the next time, would be as much again as the fleet */
        return STMT_END;
    }
    if (rc != 0 && rc != MYSQL_DATA_TRUNCATED)
        rc = fail(s, d);
    else
        rc = take_row(s, d);
    if (rc != 0)
        return STMT_FAILED;
    for (unsigned i = 0; i < s->n_cols; i++)
        if (s->cells[i].len > s->cells[i].size && fetch_whole(s, i, d) != 0)
            return STMT_FAILED;
    s->has_row = true;
    return STMT_ROW;
}

enum stmt_answer
stmt_first(struct stmt *s, struct diag *d)
{
    return stmt_run(s, d) == 0 ? stmt_next(s, d) : STMT_FAILED;
}

/* The column of the row that stmt_next has given: there is no other time to ask. */
static const struct cell *
cell_of(const struct stmt *s, int i)
{
    assert(s->has_row && i >= 0 && (unsigned)i < s->n_cols);
    assert(s->cells[i].len <= s->cells[i].size);
    return &s->cells[i];
}

int64_t
stmt_col_int(const struct stmt *s, int i)
{
    const struct cell *c = cell_of(s, i);
    assert(!c->data);
    return c->is_null ? 0 : c->number;
}

uint64_t
stmt_col_uint(const struct stmt *s, int i)
{
    return (uint64_t)stmt_col_int(s, i);
}

double
stmt_col_double(const struct stmt *s, int i)
{
    const struct cell *c = cell_of(s, i);
    assert(!c->data);
    return c->is_null ? NAN : c->real;
}

int64_t
stmt_col_time(const struct stmt *s, int i)
{
    return cell_of(s, i)->is_null ? CLOCK_NONE : stmt_col_int(s, i);
}

struct str
stmt_col_str(const struct stmt *s, int i, struct arena *a)
{
    const struct cell *c = cell_of(s, i);
    assert(c->data);
    return c->is_null ? STR("") : arena_str(a, str_n(c->data, c->len));
}

struct str
stmt_col_view(const struct stmt *s, int i)
{
    const struct cell *c = cell_of(s, i);
    assert(c->data);
    return c->is_null ? STR("") : str_n(c->data, c->len);
}

void
stmt_col_bytes(const struct stmt *s, int i, void *to, size_t n)
{
    const struct cell *c = cell_of(s, i);
    assert(c->data);
    memset(to, 0, n);
    if (!c->is_null && c->len == n)
        memcpy(to, c->data, n);
}

bool
stmt_col_is_null(const struct stmt *s, int i)
{
    return cell_of(s, i)->is_null;
}
