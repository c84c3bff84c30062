/* The typed face of mysql_stmt_*: the only file that binds parameters and columns. */
#include "store/stmt.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/mem.h"
#include "store/inner.h"

enum { MAX_PARAMS = 48, MAX_COLS = 48, FIRST_CELL = 256 };

struct cell {
    char *data; /* heap, grows to the longest value seen */
    unsigned long size, len;
    my_bool is_null, error;
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
        double real;
        char time[40];
        unsigned long len;
    } values[MAX_PARAMS];
    unsigned n_params, n_cols, n_given;
};

/* ---- preparing ---- */

static int
fail(struct stmt *s, struct diag *d)
{
    return store_fail(s->st, mysql_stmt_errno(s->h), mysql_stmt_error(s->h), s->name, d);
}

static void
bind_column(struct stmt *s, unsigned i, const MYSQL_FIELD *f)
{
    struct cell *c = &s->cells[i];
    MYSQL_BIND *b = &s->cols[i];
    b->is_null = &c->is_null;
    b->error = &c->error;
    b->length = &c->len;
    if (f->type == MYSQL_TYPE_DOUBLE || f->type == MYSQL_TYPE_FLOAT) {
        b->buffer_type = MYSQL_TYPE_DOUBLE;
        b->buffer = &c->real;
    } else if (f->type == MYSQL_TYPE_LONGLONG || f->type == MYSQL_TYPE_LONG ||
               f->type == MYSQL_TYPE_SHORT || f->type == MYSQL_TYPE_TINY ||
               f->type == MYSQL_TYPE_INT24) {
        b->buffer_type = MYSQL_TYPE_LONGLONG;
        b->buffer = &c->number;
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
bind_columns(struct stmt *s, struct diag *d)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(s->h);
    if (!meta)
        return mysql_stmt_field_count(s->h) ? fail(s, d) : 0;
    s->n_cols = mysql_num_fields(meta);
    assert(s->n_cols <= MAX_COLS);
    for (unsigned i = 0; i < s->n_cols; i++)
        bind_column(s, i, mysql_fetch_field_direct(meta, i));
    mysql_free_result(meta);
    return mysql_stmt_bind_result(s->h, s->cols) ? fail(s, d) : 0;
}

static void
close_stmt(struct stmt *s)
{
    if (s->h)
        mysql_stmt_close(s->h);
    for (unsigned i = 0; i < s->n_cols; i++)
        free(s->cells[i].data);
    free(s);
}

static struct stmt *
prepare(struct store *st, const char *name, struct diag *d)
{
    char path[128];
    snprintf(path, sizeof path, "sql/query/%s.sql", name);
    const struct embed_file *f = embed_find(path);
    assert(f);
    struct stmt *s = mem_alloc(sizeof *s);
    s->st = st;
    s->name = name;
    s->h = mysql_stmt_init(st->db);
    assert(s->h);
    if (mysql_stmt_prepare(s->h, f->data, f->len) || bind_columns(s, d) != 0) {
        fail(s, d);
        close_stmt(s);
        return NULL;
    }
    s->n_params = (unsigned)mysql_stmt_param_count(s->h);
    assert(s->n_params <= MAX_PARAMS);
    s->next = st->first_stmt;
    st->first_stmt = s;
    map_put(st->stmts, str_c(name), s);
    return s;
}

struct stmt *
stmt_get(struct store *st, const char *name, struct diag *d)
{
    if (store_ready(st, d) != 0)
        return NULL;
    struct stmt *s = map_get(st->stmts, str_c(name));
    if (!s)
        s = prepare(st, name, d);
    if (!s)
        return NULL;
    mysql_stmt_free_result(s->h);
    s->n_given = 0;
    return s;
}

void
stmt_close_all(struct store *st)
{
    for (struct stmt *s = st->first_stmt, *next; s; s = next) {
        next = s->next;
        close_stmt(s);
    }
    st->first_stmt = NULL;
    st->stmts = map_new(st->arena);
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

void
stmt_double(struct stmt *s, double v)
{
    if (isnan(v)) {
        stmt_null(s);
        return;
    }
    s->values[s->n_given].real = v;
    next_param(s, MYSQL_TYPE_DOUBLE, &s->values[s->n_given].real);
    s->n_given++;
}

/* ---- running ---- */

int
stmt_run(struct stmt *s, struct diag *d)
{
    assert(s->n_given == s->n_params);
    if (s->n_params && mysql_stmt_bind_param(s->h, s->params))
        return fail(s, d);
    if (mysql_stmt_execute(s->h))
        return fail(s, d);
    if (s->n_cols && mysql_stmt_store_result(s->h))
        return fail(s, d);
    return 0;
}

int
stmt_simple(struct store *st, const char *name, struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    return s ? stmt_run(s, d) : -1;
}

int64_t
stmt_affected(const struct stmt *s)
{
    return (int64_t)mysql_stmt_affected_rows(s->h);
}

/* ---- rows ---- */

/* Fetches again the columns that did not fit, with room for them. */
static int
widen(struct stmt *s, struct diag *d)
{
    bool grew = false;
    for (unsigned i = 0; i < s->n_cols; i++) {
        struct cell *c = &s->cells[i];
        if (!c->data || c->is_null || c->len <= c->size)
            continue;
        c->size = c->len;
        c->data = mem_realloc(c->data, c->size);
        s->cols[i].buffer = c->data;
        s->cols[i].buffer_length = c->size;
        if (mysql_stmt_fetch_column(s->h, &s->cols[i], i, 0))
            return fail(s, d);
        grew = true;
    }
    return grew && mysql_stmt_bind_result(s->h, s->cols) ? fail(s, d) : 0;
}

int
stmt_next(struct stmt *s, struct diag *d)
{
    int rc = mysql_stmt_fetch(s->h);
    if (rc == MYSQL_NO_DATA)
        return 0;
    if (rc == MYSQL_DATA_TRUNCATED)
        rc = widen(s, d);
    else if (rc)
        rc = fail(s, d);
    return rc == 0 ? 1 : -1;
}

int64_t
stmt_col_int(const struct stmt *s, int i)
{
    assert(i >= 0 && (unsigned)i < s->n_cols && !s->cells[i].data);
    return s->cells[i].is_null ? 0 : s->cells[i].number;
}

uint64_t
stmt_col_uint(const struct stmt *s, int i)
{
    return (uint64_t)stmt_col_int(s, i);
}

double
stmt_col_double(const struct stmt *s, int i)
{
    assert(i >= 0 && (unsigned)i < s->n_cols && !s->cells[i].data);
    return s->cells[i].is_null ? NAN : s->cells[i].real;
}

int64_t
stmt_col_time(const struct stmt *s, int i)
{
    return s->cells[i].is_null ? CLOCK_NONE : stmt_col_int(s, i);
}

struct str
stmt_col_str(const struct stmt *s, int i, struct arena *a)
{
    const struct cell *c = &s->cells[i];
    assert(i >= 0 && (unsigned)i < s->n_cols && c->data);
    return c->is_null ? STR("") : arena_str(a, str_n(c->data, c->len));
}

void
stmt_col_bytes(const struct stmt *s, int i, void *to, size_t n)
{
    const struct cell *c = &s->cells[i];
    assert(i >= 0 && (unsigned)i < s->n_cols && c->data);
    memset(to, 0, n);
    if (!c->is_null && c->len == n)
        memcpy(to, c->data, n);
}

bool
stmt_col_is_null(const struct stmt *s, int i)
{
    assert(i >= 0 && (unsigned)i < s->n_cols);
    return s->cells[i].is_null;
}
