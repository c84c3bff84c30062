/* Values of every length, through a client library that writes to what it was once given whenever it
 * is called: some versions do, each in calls of its own. The functions of the library stand here once
 * more; each calls the true one and does mischief behind it. Without mischief this is a test of
 * whichever version is loaded (tests/e2e/store/client-library.sh gives it others).
 * What a library may not do, says the fourth part: then a value is an error, and never empty. */
#include <dlfcn.h>
#include <limits.h>

#include "db.h"

static const int64_t T = 1790000000;

enum mischief {
    NONE,
    ZEROS,     /* lengths, NULL marks, errors and numbers become 0 */
    ONES,      /* … all bits set or 1 */
    QUIET,     /* a value that was cut is not told of */
    NO_LENGTH, /* the length of a value is not written */
    LIES       /* the whole value has another length than was said */
};

static enum mischief mischief;

/* ---- the library ---- */

enum { MAX_STMTS = 100, MAX_BINDS = 48 };

/* What every statement has bound. */
static struct bound {
    MYSQL_STMT *h;
    unsigned n;
    MYSQL_BIND b[MAX_BINDS];
} bound[MAX_STMTS];

#define TRUE_ONE(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static struct bound *
bound_of(MYSQL_STMT *h)
{
    struct bound *unused = NULL;
    for (size_t i = 0; i < MAX_STMTS; i++)
        if (bound[i].h == h)
            return &bound[i];
        else if (!bound[i].h)
            unused = &bound[i];
    assert(unused);
    unused->h = h;
    unused->n = 0;
    return unused;
}

static void
scribble_on(const MYSQL_BIND *b)
{
    bool ones = mischief == ONES;
    *b->length = ones ? ULONG_MAX : 0;
    *b->is_null = *b->error = ones;
    if (b->buffer_type == MYSQL_TYPE_LONGLONG || b->buffer_type == MYSQL_TYPE_DOUBLE)
        memset(b->buffer, ones ? 0xff : 0, 8);
}

static void
scribble(void)
{
    for (size_t i = 0; i < MAX_STMTS; i++)
        for (unsigned k = 0; (mischief == ZEROS || mischief == ONES) && k < bound[i].n; k++)
            scribble_on(&bound[i].b[k]);
}

my_bool STDCALL
mysql_stmt_bind_result(MYSQL_STMT *stmt, MYSQL_BIND *bnd)
{
    struct bound *b = bound_of(stmt);
    b->n = mysql_stmt_field_count(stmt);
    assert(b->n <= MAX_BINDS);
    memcpy(b->b, bnd, b->n * sizeof *bnd);
    my_bool rc = TRUE_ONE(mysql_stmt_bind_result)(stmt, bnd);
    scribble();
    return rc;
}

my_bool STDCALL
mysql_stmt_close(MYSQL_STMT *stmt)
{
    bound_of(stmt)->h = NULL;
    for (size_t i = 0; i < MAX_STMTS; i++)
        if (!bound[i].h)
            bound[i].n = 0;
    return TRUE_ONE(mysql_stmt_close)(stmt);
}

int STDCALL
mysql_stmt_execute(MYSQL_STMT *stmt)
{
    int rc = TRUE_ONE(mysql_stmt_execute)(stmt);
    scribble();
    return rc;
}

int STDCALL
mysql_stmt_store_result(MYSQL_STMT *stmt)
{
    int rc = TRUE_ONE(mysql_stmt_store_result)(stmt);
    scribble();
    return rc;
}

my_bool STDCALL
mysql_stmt_free_result(MYSQL_STMT *stmt)
{
    my_bool rc = TRUE_ONE(mysql_stmt_free_result)(stmt);
    scribble();
    return rc;
}

int STDCALL
mysql_stmt_fetch(MYSQL_STMT *stmt)
{
    const struct bound *b = bound_of(stmt);
    unsigned long before[MAX_BINDS];
    for (unsigned i = 0; i < b->n; i++)
        before[i] = *b->b[i].length;
    int rc = TRUE_ONE(mysql_stmt_fetch)(stmt);
    for (unsigned i = 0; mischief == NO_LENGTH && i < b->n; i++)
        *b->b[i].length = before[i];
    return rc == MYSQL_DATA_TRUNCATED && mischief == QUIET ? 0 : rc;
}

int STDCALL
mysql_stmt_fetch_column(MYSQL_STMT *stmt, MYSQL_BIND *bind_arg, unsigned column,
                        unsigned long offset)
{
    int rc = TRUE_ONE(mysql_stmt_fetch_column)(stmt, bind_arg, column, offset);
    scribble();
    if (mischief == LIES)
        *bind_arg->length = 0;
    return rc;
}

/* ---- what is written, and read ---- */

/* Around the first room for a value, growing, shrinking, and far beyond. */
static const size_t lengths[] = {1,   255, 256,  257,    3,    256,    1000, 999,   1001, 2,
                                 257, 0,   5000, 100000, 4999, 300000, 1,    65536, 255};

enum { N_LENGTHS = sizeof lengths / sizeof *lengths };

static struct str
text_of(struct arena *a, size_t n, int seed)
{
    struct buf b = buf_init(n + 1);
    for (size_t i = 0; i < n; i++)
        buf_putc(&b, (char)('a' + ((size_t)seed + i * 7 + i / 251) % 26));
    struct str s = arena_str(a, buf_view(&b));
    buf_done(&b);
    return s;
}

static void
put_records(struct db *t)
{
    struct store_record r[N_LENGTHS];
    int64_t seq;
    struct sha256_digest prev;
    for (int i = 0; i < N_LENGTHS; i++) {
        struct str rec = text_of(t->a, lengths[i], i);
        r[i] = (struct store_record){.seq = i,
                                     .ts_us = T * 1000000 + i,
                                     .event = STR("test.event"),
                                     .object_type = STR("file"),
                                     .object_id = text_of(t->a, lengths[i] % 500, i),
                                     .rec = rec,
                                     .leaf = sha256_of(rec)};
    }
    CHECK(db_ok(t, store_begin(t->st, &t->d)) &&
          db_ok(t, store_lock_audit_head(t->st, &seq, &prev, &t->d)) &&
          db_ok(t, store_put_records(t->st, r, N_LENGTHS, &t->d)) &&
          db_ok(t, store_commit(t->st, &t->d)));
    CHECK(mysql_query(t->st->db, "UPDATE audit_log SET rec = NULL WHERE seq = 6") == 0);
}

static void
test_records(struct db *t, struct store *st)
{
    struct store_record *r = NULL;
    size_t n = 0, good = 0;
    CHECK(db_ok(t, store_load_records(st, 0, 1000, t->a, &r, &n, &t->d)) && n == N_LENGTHS);
    for (size_t i = 0; i < n; i++) {
        struct sha256_digest leaf = sha256_of(text_of(t->a, lengths[i], (int)i));
        good += r[i].is_pruned == (i == 6) && r[i].seq == (int64_t)i &&
                r[i].ts_us == T * 1000000 + (int64_t)i &&
                str_eq(r[i].rec, i == 6 ? STR("") : text_of(t->a, lengths[i], (int)i)) &&
                str_eq(r[i].object_id, text_of(t->a, lengths[i] % 500, (int)i)) &&
                memcmp(leaf.b, r[i].leaf.b, sizeof leaf.b) == 0;
    }
    CHECK(good == N_LENGTHS);
}

enum { N_CHECKS = 1500 };

static char
letter_of(size_t check)
{
    return "pfenx"[check % 5];
}

/* Several long columns in a row (texts), and a vector of more than the first room. */
static void
put_scan(struct db *t)
{
    char letters[N_CHECKS + 1] = {0};
    for (size_t i = 0; i < N_CHECKS; i++)
        letters[i] = letter_of(i);
    struct scan_file f = db_file("wide");
    struct scan *s = db_scan(t->a, &f, "wide", "policy", T, letters);
    for (size_t i = 0; i < N_LENGTHS; i++) {
        struct scan_check *c = &s->checks.v[i];
        c->description = text_of(t->a, lengths[i] % 20000, 1);
        c->rationale = text_of(t->a, lengths[N_LENGTHS - 1 - i] % 20000, 2);
        c->impact = text_of(t->a, lengths[(i + 5) % N_LENGTHS] % 20000, 3);
    }
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
}

static void
test_fleet(struct db *t, struct store *st)
{
    struct fleet f = {0};
    struct fleet_query q = {.from = T - 1, .to = T + 1, .with_texts = true, .with_evidence = true};
    size_t good = 0, texts = 0, evidence = 0;
    CHECK(db_ok(t, store_load_fleet(st, &q, t->a, &f, &t->d)));
    CHECK(f.scans.n == 1 && f.policies.n == 1 && f.policies.v[0].checks.n == N_CHECKS);
    if (f.scans.n != 1 || f.policies.n != 1)
        return;
    const struct fleet_scan *s = &f.scans.v[0];
    CHECK(s->vec && s->n_vec == N_CHECKS && s->evidence);
    for (size_t i = 0; i < f.policies.v[0].checks.n; i++) {
        const struct scan_check *c = &f.policies.v[0].checks.v[i];
        size_t k = (size_t)atoi(c->id.s + 1);
        good += fleet_status(s, i) == db_status(letter_of(k));
        evidence += s->evidence && s->evidence[i].len > 0;
        texts += k < N_LENGTHS && str_eq(c->description, text_of(t->a, lengths[k] % 20000, 1)) &&
                 str_eq(c->rationale, text_of(t->a, lengths[N_LENGTHS - 1 - k] % 20000, 2)) &&
                 str_eq(c->impact, text_of(t->a, lengths[(k + 5) % N_LENGTHS] % 20000, 3));
    }
    CHECK(good == N_CHECKS && texts == N_LENGTHS && evidence == N_CHECKS / 5);
}

/* With a connection of its own: all buffers have yet to grow; and once more with these. */
static void
test_all(struct db *t, enum mischief m)
{
    struct store *st = NULL;
    mischief = m;
    CHECK(db_ok(t, db_open(t, &st)));
    for (int i = 0; st && i < 2; i++) {
        test_records(t, st);
        test_fleet(t, st);
    }
    store_close(st);
    mischief = NONE;
}

/* No value is better than another one. */
static void
test_broken(struct db *t, enum mischief m)
{
    struct store *st = NULL;
    struct store_record *r = NULL;
    size_t n = 0;
    mischief = m;
    CHECK(db_ok(t, db_open(t, &st)));
    CHECK(store_load_records(st, 0, 1000, t->a, &r, &n, &t->d) != 0);
    CHECK(str_find(diag_text(&t->d), "client library") > 0);
    CHECK(db_code(t, -1) == DIAG_INTERNAL);
    mischief = NONE;
    test_records(t, st); /* the statement is whole, and so are its buffers */
    store_close(st);
}

int
main(void)
{
    struct db t;
    printf("client library %s\n", mysql_get_client_info());
    db_start(&t);
    put_records(&t);
    put_scan(&t);
    test_all(&t, NONE);
    test_all(&t, ZEROS);
    test_all(&t, ONES);
    test_all(&t, QUIET);
    test_broken(&t, NO_LENGTH);
    test_broken(&t, LIES);
    db_stop(&t);
    return CHECK_DONE();
}
