/* A real embedded server in a temporary folder, and scans made of letters; shared by the tests of
 * this room. */
#ifndef TESTS_STORE_DB_H
#define TESTS_STORE_DB_H

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/env.h"
#include "base/mem.h"
#include "check.h"
#include "store/policy.h"
#include "store/schema.h"
#include "store/session.h"

struct db {
    char dir[64];
    struct arena *a;
    struct diag d;
    struct store *st;
};

/* Says what failed and forgets it. */
static inline bool
db_ok(struct db *t, int rc)
{
    if (rc != 0)
        fprintf(stderr, "  %.*s\n", STR_ARG(diag_text(&t->d)));
    diag_clear(&t->d);
    return rc == 0;
}

/* The code of the failure, which is forgotten; DIAG_OK when there was none. */
static inline enum diag_code
db_code(struct db *t, int rc)
{
    enum diag_code c = rc == 0 ? DIAG_OK : t->d.first.code;
    diag_clear(&t->d);
    return c;
}

static inline int
db_open(struct db *t, struct store **ret)
{
    struct store_config c = {.state_dir = t->dir};
    return store_open(&c, ret, &t->d);
}

/* A folder and nothing in it; ends the test as skipped where no server is installed. */
static inline void
db_init(struct db *t)
{
    if (access("/usr/bin/mariadb-install-db", X_OK) != 0 ||
        access("/usr/sbin/mariadbd", X_OK) != 0) {
        printf("skipped: no mariadb-server-core\n");
        exit(77);
    }
    memset(t, 0, sizeof *t);
    snprintf(t->dir, sizeof t->dir, "/tmp/assay-unit-XXXXXX");
    if (!mkdtemp(t->dir))
        exit(1);
    t->a = arena_new();
    t->d = diag_init(t->a);
}

/* The same with a server and a schema. */
static inline void
db_start(struct db *t)
{
    int from, to;
    db_init(t);
    if (!db_ok(t, db_open(t, &t->st)) || !db_ok(t, store_migrate(t->st, &from, &to, &t->d)))
        exit(1);
}

static inline void
db_stop(struct db *t)
{
    char cmd[128];
    store_close(t->st);
    arena_free(t->a);
    snprintf(cmd, sizeof cmd, "rm -rf %s", t->dir);
    for (int i = 0; i < 50 && system(cmd) != 0; i++)
        usleep(100000);
}

/* First column of the first row of a query as a number; -1 = NULL or no row. */
static inline int64_t
db_number(struct store *st, const char *sql)
{
    int64_t n = -1;
    if (mysql_query(st->db, sql)) {
        fprintf(stderr, "  %s: %s\n", sql, mysql_error(st->db));
        return -2;
    }
    MYSQL_RES *r = mysql_store_result(st->db);
    MYSQL_ROW row = r ? mysql_fetch_row(r) : NULL;
    if (row && row[0])
        n = atoll(row[0]);
    mysql_free_result(r);
    return n;
}

/* How many lines of agent_current say another policy version or other counts than the scan that they point at, which is to be
 * the newest. */
static inline int64_t
db_stray_lines(struct store *st)
{
    return db_number(
        st, "SELECT COUNT(*) FROM agent_current c LEFT JOIN scan s ON s.agent_id = c.agent_id AND "
            "s.line_id = c.line_id AND s.scanned_at = (SELECT MAX(m.scanned_at) FROM scan m WHERE "
            "m.agent_id = c.agent_id AND m.line_id = c.line_id) WHERE CONCAT_WS(' ', "
            "IF(c.n_scans, c.scanned_at, '-'), c.policy_id, c.n_pass, c.n_fixed, c.n_fail, "
            "c.n_error, c.n_unknown, c.n_notchecked, c.n_notapplicable, c.n_informational, "
            "c.n_notselected, c.n_waived) <> IF(s.agent_id IS NULL, '- 0 0 0 0 0 0 0 0 0 0 0', "
            "CONCAT_WS(' ', s.scanned_at, s.policy_id, s.n_pass, s.n_fixed, s.n_fail, s.n_error, "
            "s.n_unknown, s.n_notchecked, s.n_notapplicable, s.n_informational, s.n_notselected, "
            "s.n_waived))");
}

/* Waits until that number is one or more; false when it is not within a minute. InnoDB's own tables
 * only look again when nobody has read them for 100 ms. */
static inline bool
db_await(struct store *st, const char *sql)
{
    int64_t n = 0;
    for (int i = 0; i < 300 && (n = db_number(st, sql)) < 1; i++)
        usleep(200000);
    if (n < 1)
        fprintf(stderr, "  waited in vain for: %s\n", sql);
    return n >= 1;
}

/* All rows of a query, "a,b;c,d". */
static inline struct str
db_rows(struct store *st, struct arena *a, const char *sql)
{
    AUTO_BUF out = buf_init(1 << 20);
    if (mysql_query(st->db, sql))
        return str_c(arena_strdup(a, mysql_error(st->db)));
    MYSQL_RES *r = mysql_store_result(st->db);
    for (MYSQL_ROW row; r && (row = mysql_fetch_row(r));)
        for (unsigned i = 0; i < mysql_num_fields(r); i++)
            buf_fmt(&out, "%s%s", i ? "," : out.len ? ";" : "", row[i] ? row[i] : "NULL");
    mysql_free_result(r);
    return arena_str(a, buf_view(&out));
}

/* ---- older schemas ---- */

/* Runs the statements of a file of sql/schema; none may fail. */
static inline void
db_run_schema(struct store *st, const struct embed_file *f)
{
    AUTO_BUF sql = buf_init(1 << 20);
    struct str text = str_n(f->data, f->len);
    while (schema_next_statement(&text, &sql))
        CHECK(mysql_real_query(st->db, sql.data, sql.len) == 0);
}

/* An empty database with the schema of that version. */
static inline void
db_schema(struct store *st, int version)
{
    static const char *const anew[] = {
        "DROP DATABASE assay", "CREATE DATABASE assay COLLATE utf8mb4_bin", "USE assay",
        "CREATE TABLE schema_version (version INT NOT NULL, name VARCHAR(255) NOT NULL, "
        "applied_at DATETIME NOT NULL, PRIMARY KEY (version))"};
    for (size_t i = 0; i < sizeof anew / sizeof *anew; i++)
        CHECK(mysql_query(st->db, anew[i]) == 0);
    for (const struct embed_file *f = NULL; (f = embed_next("sql/schema/", f));) {
        int n = atoi(f->name + strlen("sql/schema/"));
        char sql[128];
        if (n > version)
            continue;
        db_run_schema(st, f);
        snprintf(sql, sizeof sql, "INSERT INTO schema_version VALUES (%d, '', NOW())", n);
        CHECK(mysql_query(st->db, sql) == 0);
    }
}

/* ---- scans ---- */

static inline enum status
db_status(char c)
{
    static const char letters[] = " pxfeukniSw"; /* in the order of enum status */
    const char *at = strchr(letters, c);
    return at ? (enum status)(at - letters) : STATUS_UNKNOWN;
}

/* A scan of one result a letter ('.' = the check exists, no result; '-' = no such check). Failed
 * checks have the evidence "E<check>". */
static inline struct scan *
db_scan(struct arena *a, struct scan_file *f, const char *agent, const char *policy, int64_t end,
        const char *letters)
{
    struct scan *s = VEC_PUSH(a, &f->scans);
    struct str empty = STR("");
    *s =
        (struct scan){.format = STR("test"), .engine = STR("unit 1"), .start = end - 5, .end = end};
    s->asset.name = str_c(arena_strdup(a, agent));
    s->asset.alias = s->asset.os = s->asset.group = empty;
    s->policy.id = s->policy.title = str_c(arena_strdup(a, policy));
    s->policy.version = STR("1");
    s->policy.profile = empty;
    for (size_t i = 0; letters[i]; i++) {
        if (letters[i] == '-')
            continue;
        struct scan_check *c = VEC_PUSH(a, &s->checks);
        c->id = c->key = arena_fmt(a, "c%zu", i);
        c->title = arena_fmt(a, "Check %zu", i);
        c->own_category = c->category = STR("Data Protection");
        c->category_source = STR("own");
        c->description = c->rationale = c->remediation = c->impact = c->section = empty;
        c->severity = SEVERITY_HIGH;
        if (letters[i] == '.')
            continue;
        struct scan_result r = {.check = s->checks.n - 1,
                                .status = db_status(letters[i]),
                                .native = str_c(status_word(db_status(letters[i]))),
                                .evidence = letters[i] == 'f' ? arena_fmt(a, "E%zu", i) : empty,
                                .waiver = letters[i] == 'w' ? STR("by the officer") : empty,
                                .time = CLOCK_NONE};
        scan_add_result(a, s, r);
    }
    return s;
}

/* A file with its own hash. */
static inline struct scan_file
db_file(const char *name)
{
    struct scan_file f = {.path = str_c(name), .sha256 = sha256_of(str_c(name)), .size = 1};
    f.compression = STR("");
    return f;
}

/* store_prepare of one file. */
static inline int
db_prepare(struct store *st, const struct scan_file *f, struct diag *d)
{
    size_t at;
    return store_prepare(st, &f, 1, &at, d);
}

/* store_put_inputs of one. */
static inline int
db_put_input(struct store *st, const struct store_input *in, struct diag *d)
{
    return store_put_inputs(st, &in, 1, d);
}

/* Prepares and stores all scans of a file in one transaction; the last one's verdict, -1 = failed
 * (the diag says how). Once more when the server asks for it. */
static inline int
db_put_file(struct store *st, const struct scan_file *f, struct diag *d)
{
    struct store_outcome put = {.put = STORE_NEW};
    for (int try = 0; try < 20; try++) {
        int rc = db_prepare(st, f, d);
        if (rc == 0)
            rc = store_begin(st, d);
        for (size_t i = 0; rc == 0 && i < f->scans.n; i++)
            rc = store_put_scan(st, f, &f->scans.v[i], &put, d);
        if (rc == 0 && store_commit(st, d) == 0)
            return (int)put.put;
        store_rollback(st);
        if (!diag_may_pass(d))
            return -1;
        diag_clear(d);
    }
    return -1;
}

static inline int
db_put(struct db *t, const char *agent, const char *policy, int64_t end, const char *letters)
{
    char name[200];
    snprintf(name, sizeof name, "%s %s %lld %s", agent, policy, (long long)end, letters);
    struct scan_file f = db_file(arena_strdup(t->a, name));
    db_scan(t->a, &f, agent, policy, end, letters);
    int rc = db_put_file(t->st, &f, &t->d);
    if (rc < 0)
        db_ok(t, -1);
    return rc;
}

/* As intake/late.c, without records. */
static inline int
db_merge_late(struct db *t)
{
    struct store_late late;
    bool changed;
    for (;;) {
        if (store_next_late(t->st, t->a, &late, &t->d) != 0)
            return -1;
        if (!late.agent_id)
            return 0;
        if (store_begin(t->st, &t->d) != 0 ||
            store_merge_late(t->st, &late, &changed, &t->d) != 0 ||
            store_commit(t->st, &t->d) != 0) {
            store_rollback(t->st);
            return -1;
        }
    }
}

#endif
