/* An act on a real embedded database in a temporary folder, and what it left in the audit log; for
 * the tests of rooms above the store. */
#ifndef TESTS_ACT_SESSION_H
#define TESTS_ACT_SESSION_H

#include "act/act.h"
#include "base/file.h"
#include "unit/store/db.h"

struct session {
    struct db db; /* with the store of act */
    struct act *act;
};

/* Opens a database made anew that has no schema, with settings of that text besides the folder; ends
 * the test as skipped where no server is installed. */
static inline void
session_open(struct session *s, const char *settings)
{
    struct config c;
    db_init(&s->db);
    struct diag *d = &s->db.d;
    struct arena *a = s->db.a;
    struct str path = file_join(a, s->db.dir, "assay.conf");
    struct str text = arena_fmt(a, "state-dir = %s\norigin = unit/assay\n%s", s->db.dir, settings);
    if (!db_ok(&s->db, file_write_atomic(path.s, text, 0600, d)) ||
        !db_ok(&s->db, config_load(path.s, NULL, a, &c, d)) ||
        !db_ok(&s->db, act_open(&c, false, &s->act, d)))
        exit(1);
    s->db.st = s->act->store;
}

/* The same with a schema. */
static inline void
session_start(struct session *s, const char *settings)
{
    int from, to;
    session_open(s, settings);
    if (!db_ok(&s->db, store_migrate(s->act->store, &from, &to, &s->db.d)))
        exit(1);
}

static inline void
session_stop(struct session *s)
{
    act_close(s->act);
    s->db.st = NULL;
    db_stop(&s->db);
}

/* The path of a name in the folder. */
static inline struct str
session_path(const struct session *s, const char *name)
{
    return file_join(s->db.a, s->db.dir, name);
}

/* Writes a file of that text into the folder. */
static inline struct str
session_write(struct session *s, const char *name, const char *text)
{
    struct str path = session_path(s, name);
    CHECK(db_ok(&s->db, file_write_atomic(path.s, str_c(text), 0600, &s->db.d)));
    return path;
}

static inline int64_t
session_log_size(struct session *s)
{
    struct sha256_digest last;
    int64_t size = -1;
    CHECK(db_ok(&s->db, store_audit_size(s->act->store, &size, &last, &s->db.d)));
    return size;
}

/* The records from that number on, one a line: "event severity object field:old>new …", and
 * "!reason" of those that failed. */
static inline struct str
session_records(struct session *s, int64_t from)
{
    AUTO_BUF out = buf_init(1 << 22);
    struct store_record *r;
    size_t n = 0;
    CHECK(db_ok(&s->db, store_load_records(s->act->store, from, 1000, s->db.a, &r, &n, &s->db.d)));
    for (size_t i = 0; i < n; i++) {
        struct audit_record rec;
        CHECK(db_ok(&s->db, audit_record_parse(r[i].rec, s->db.a, &rec, &s->db.d)));
        buf_fmt(&out, "%.*s %lld %.*s", STR_ARG(rec.event), (long long)rec.severity,
                STR_ARG(rec.object_name));
        for (size_t k = 0; k < rec.changes.n; k++)
            /* test_tell.c looks at these; what db_put() stored no act has told, so it is refused */
            if (!str_starts(rec.changes.v[k].field, "fact") &&
                !str_starts(rec.changes.v[k].field, "refused."))
                buf_fmt(&out, " %.*s:%.*s>%.*s", STR_ARG(rec.changes.v[k].field),
                        STR_ARG(rec.changes.v[k].old_value), STR_ARG(rec.changes.v[k].new_value));
        if (str_eqc(rec.outcome, "failure"))
            buf_fmt(&out, " !%.*s", STR_ARG(rec.reason));
        buf_putc(&out, '\n');
    }
    return arena_str(s->db.a, buf_view(&out));
}

#endif
