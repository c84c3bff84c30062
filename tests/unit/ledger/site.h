/* A host with an audit log: a state directory, a real embedded server in it, an act on both, and a log
 * key. Shared by the tests of this room. */
#ifndef TESTS_LEDGER_SITE_H
#define TESTS_LEDGER_SITE_H

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "ledger/checkpoint.h"
#include "unit/store/db.h"

struct site {
    struct db db;
    struct act act;
    struct arena *a; /* of the site and of its diag */
    struct diag d;
};

/* ---- what came of a call ---- */

/* Says what failed and forgets it. */
static inline bool
site_ok(struct site *s, int rc)
{
    if (rc != 0)
        fprintf(stderr, "  %.*s\n", STR_ARG(diag_text(&s->d)));
    diag_clear(&s->d);
    return rc == 0;
}

/* Checks that a call failed with that code and that its text has those words, and forgets it. */
#define CHECK_FAILS(s, call, code, words)                                                          \
    site_check_fails(__FILE__, __LINE__, #call, &(s)->d, (call), (code), (words))

static inline void
site_check_fails(const char *file, int line, const char *expr, struct diag *d, int rc,
                 enum diag_code code, const char *words)
{
    bool ok = rc == -1 && d->first.code == code && str_find(diag_text(d), words) >= 0;
    check_passed += ok;
    check_failed += !ok;
    if (!ok)
        fprintf(stderr, "%s:%d: %s is %d: \"%.*s\", want %s: \"%s\"\n", file, line, expr, rc,
                STR_ARG(diag_text(d)), diag_word(code), words);
    diag_clear(d);
}

/* ---- the state directory ---- */

static inline const char *
site_path(struct site *s, const char *name)
{
    return file_join(s->a, s->act.config.state_dir.s, name).s;
}

static inline struct str
site_read(struct site *s, const char *name)
{
    struct str text = STR("");
    CHECK(site_ok(s, file_slurp(site_path(s, name), 1 << 20, s->a, &text, &s->d)));
    return text;
}

static inline void
site_write(struct site *s, const char *name, struct str text)
{
    CHECK(site_ok(s, file_write_atomic(site_path(s, name), text, 0600, &s->d)));
}

/* As if the file had been written so many seconds ago. */
static inline void
site_make_old(struct site *s, const char *name, int64_t seconds)
{
    struct timespec t = {.tv_sec = (time_t)(env_wall_us() / 1000000 - seconds)};
    const struct timespec times[] = {t, t};
    CHECK(utimensat(AT_FDCWD, site_path(s, name), times, 0) == 0);
}

/* ---- the log ---- */

/* A statement that changes the database behind the program's back. */
static inline void
site_sql(struct site *s, const char *sql)
{
    CHECK(mysql_query(s->act.store->db, sql) == 0);
}

static inline int64_t
site_number(struct site *s, const char *sql)
{
    return db_number(s->act.store, sql);
}

/* n records of the same act, as it was done at that time (microseconds). */
static inline void
site_append_at(struct site *s, size_t n, const char *event, int64_t ts_us)
{
    struct store_record *v = ARENA_ARRAY(s->a, struct store_record, n);
    struct event e = {.name = event,
                      .severity = 1,
                      .object_type = STR("file"),
                      .object_id = STR("x"),
                      .object_name = STR("x"),
                      .reason = STR("")};
    struct sha256_digest prev;
    int64_t seq;
    CHECK(site_ok(s, store_begin(s->act.store, &s->d)));
    CHECK(site_ok(s, store_lock_audit_head(s->act.store, &seq, &prev, &s->d)));
    for (size_t i = 0; i < n; i++) {
        v[i] = (struct store_record){.seq = seq + (int64_t)i,
                                     .ts_us = ts_us,
                                     .event = str_c(event),
                                     .object_type = e.object_type,
                                     .object_id = e.object_id};
        audit_record_build(v[i].seq, i ? &v[i - 1].leaf : &prev, ts_us, &s->act.actor, &e, s->a,
                           &v[i].rec, &v[i].leaf);
    }
    CHECK(site_ok(s, store_put_records(s->act.store, v, n, &s->d)));
    CHECK(site_ok(s, store_commit(s->act.store, &s->d)));
}

/* n records of now. */
static inline void
site_append(struct site *s, size_t n)
{
    site_append_at(s, n, "report.make", env_wall_us());
}

/* The newest n records go, as who has the database can make it look. */
static inline void
site_cut_off(struct site *s, int64_t n)
{
    int64_t size = site_number(s, "SELECT size FROM audit_head") - n;
    site_sql(s, arena_fmt(s->a, "DELETE FROM audit_log WHERE seq >= %lld", (long long)size).s);
    site_sql(s, arena_fmt(s->a,
                          "UPDATE audit_head SET size = %lld, last = (SELECT leaf FROM audit_log "
                          "WHERE seq = %lld)",
                          (long long)size, (long long)size - 1)
                    .s);
}

/* Records of the log with that event. */
static inline int64_t
site_count(struct site *s, const char *event)
{
    return site_number(
        s, arena_fmt(s->a, "SELECT COUNT(*) FROM audit_log WHERE event = '%s'", event).s);
}

/* A checkpoint of the log as it is; returns its note. */
static inline struct str
site_sign(struct site *s)
{
    struct checkpoint_made made = {.note = STR("")};
    CHECK(site_ok(s, checkpoint_make(&s->act, false, &made, &s->d)));
    return made.note;
}

/* ---- beginning and end ---- */

/* An empty log with a new key. */
static inline void
site_reset(struct site *s)
{
    static const char *const sql[] = {"DELETE FROM audit_log",
                                      "DELETE FROM audit_checkpoint",
                                      "DELETE FROM audit_tile",
                                      "DELETE FROM audit_anchor",
                                      "DELETE FROM setting",
                                      "DELETE FROM fact",
                                      "DELETE FROM fact_bucket WHERE bucket > 0",
                                      "DELETE FROM export_cursor",
                                      "UPDATE audit_head SET size = 0, last = REPEAT(x'00', 32)"};
    bool made;
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
        site_sql(s, sql[i]);
    CHECK(system(arena_fmt(s->a, "rm -rf %s/audit.* %s/anchors", s->db.dir, s->db.dir).s) == 0);
    CHECK(site_ok(s, log_keys_make(&s->act, &made, &s->d)) && made);
}

/* Ends the test as skipped where no server is installed. */
static inline void
site_start(struct site *s)
{
    bool made;
    memset(s, 0, sizeof *s);
    db_start(&s->db);
    s->a = s->db.a;
    s->d = diag_init(s->a);
    s->act.arena = s->a;
    s->act.store = s->db.st;
    s->act.actor = (struct audit_actor){.origin = STR("unit.example/assay"),
                                        .user = STR("unit"),
                                        .host = STR("unit"),
                                        .via = STR("cli"),
                                        .run = STR("0123456789abcdef"),
                                        .app = STR("1")};
    const char *conf = file_join(s->a, s->db.dir, "assay.conf").s;
    CHECK(site_ok(s, file_write_atomic(conf, STR(""), 0600, &s->d)));
    CHECK(site_ok(s, config_load(conf, s->db.dir, s->a, &s->act.config, &s->d)));
    s->act.config.origin = s->act.actor.origin;
    CHECK(site_ok(s, log_keys_make(&s->act, &made, &s->d)) && made);
}

static inline void
site_stop(struct site *s)
{
    db_stop(&s->db);
}

#endif
