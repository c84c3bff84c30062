/* Tables against facts, kind by kind. Reads only. */
#include "store/check_facts.h"

#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "store/connect.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/session.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

#define PART_FACTS ((uint64_t)500000) /* whose keys are in memory at once */
#define DAY_S      ((int64_t)86400)

/* The names that rows do not have themselves. */
struct checking {
    struct store *st;
    struct arena *a;
    struct map *agents;   /* bytes of an id -> struct str */
    struct map *groups;   /* bytes of an id -> struct str */
    struct map *policies; /* bytes of an id -> struct sha256_digest */
    struct fact_index facts;
    struct stmt *rows; /* whose rows are being fetched; NULL = none */
    struct facts_checked *ret;
    void (*progress)(const char *what, size_t done, size_t total);
    struct diag *d;
};

/* ---- differences ---- */

/* What the record says of the key, for people. */
static struct str
text_in_record(struct checking *c, const struct fact_entry *e)
{
    struct diag ignored = diag_init(c->a);
    struct store_record *r;
    size_t n;
    AUTO_BUF hex = buf_init(4096);
    buf_hex(&hex, e->key.b, e->key.n);
    buf_putc(&hex, ' ');
    if (e->seq < 0 || store_load_records(c->st, e->seq, 1, c->a, &r, &n, &ignored) != 0 || n != 1)
        return str_n(hex.data, hex.len - 1);
    long at = str_find(r->rec, hex.data);
    if (at < 0)
        return str_n(hex.data, hex.len - 1);
    struct str rest = str_n(r->rec.s + at + hex.len, r->rec.len - (size_t)at - hex.len);
    const char *end = memchr(rest.s, '"', rest.len);
    return arena_str(c->a, str_n(rest.s, end ? (size_t)(end - rest.s) : 0));
}

/* Nothing else can be asked while rows are being fetched. */
static void
stop_rows(struct checking *c)
{
    if (c->rows)
        stmt_stop(c->rows);
    c->rows = NULL;
}

/* The statement, running; NULL with the diag set. */
static struct stmt *
run_rows(struct checking *c, struct stmt *s)
{
    if (!s || stmt_stream(s, c->d) != 0)
        return NULL;
    c->rows = s;
    return s;
}

static struct str
where_told(struct checking *c, const struct fact_entry *e)
{
    return e->seq < 0 ? STR("the record facts.adopt")
                      : arena_fmt(c->a, "record %lld", (long long)e->seq);
}

static int
differs(struct checking *c, const struct fact_entry *e)
{
    struct str told = where_told(c, e), what = arena_str(c->a, text_in_record(c, e));
    return diag_fail(c->d, DIAG_VERIFY, "%s %.*s: the row is not what %.*s of the audit log says of it",
                     fact_word((enum fact_kind)e->kind), STR_ARG(what), STR_ARG(told));
}

/* ---- one row ---- */

/* The row's digest against its fact; text says what it is when no fact does. */
static int
check_row(struct checking *c, enum fact_kind kind, const struct fact_key *key,
          const struct sha256_digest *digest, struct str text)
{
    struct fact_entry *e = fact_index_find(&c->facts, kind, key);
    if (!e || fact_is_gone(&e->digest))
        return diag_fail(c->d, DIAG_VERIFY, "%s %.*s: no record of the audit log tells of this row%s",
                         fact_word(kind), STR_ARG(text), e ? " after the one that took it away" : "");
    if (memcmp(e->digest.b, digest->b, SHA256_SIZE) != 0) {
        stop_rows(c);
        return differs(c, e);
    }
    e->is_seen = true;
    c->ret->n_rows[kind]++;
    return 0;
}

/* Facts that no row has. */
static int
check_missing(struct checking *c)
{
    for (size_t i = 0; i < c->facts.n; i++) {
        const struct fact_entry *e = &c->facts.v[i];
        if (e->is_seen || fact_is_gone(&e->digest))
            continue;
        struct str told = where_told(c, e), what = arena_str(c->a, text_in_record(c, e));
        return diag_fail(c->d, DIAG_VERIFY, "%s %.*s: %.*s of the audit log tells of it, and it is gone",
                         fact_word((enum fact_kind)e->kind), STR_ARG(what), STR_ARG(told));
    }
    return 0;
}

/* Reads the facts of a bucket of a kind that has one. */
static int
read_facts(struct checking *c, enum fact_kind kind)
{
    fact_index_clear(&c->facts);
    return fact_state_read(c->st, fact_bucket_at(kind, 0), &c->facts, c->d);
}

/* ---- names ---- */

static void *
find_id(const struct map *m, uint64_t id)
{
    return map_get(m, str_n((const char *)&id, sizeof id));
}

static int
load_names(struct checking *c, const char *name, struct map *to)
{
    struct stmt *s = run_rows(c, stmt_get(c->st, name, c->d));
    if (!s)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        struct str *n = ARENA_NEW(c->a, struct str);
        *n = stmt_col_str(s, 1, c->a);
        map_put(to, ids_key(c->a, &id, sizeof id), n);
    }
    return rc;
}

/* ---- agents, policies ---- */

static int
check_agents(struct checking *c)
{
    struct stmt *s;
    if (read_facts(c, FACT_AGENT) != 0 ||
        !(s = run_rows(c, stmt_get(c->st, "check_agents", c->d))))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        const struct str *group = find_id(c->groups, stmt_col_uint(s, 5));
        struct digest_agent g = {.name = stmt_col_view(s, 1),
                                 .alias = stmt_col_view(s, 2),
                                 .os = stmt_col_view(s, 3),
                                 .address = stmt_col_view(s, 4),
                                 .group = group ? *group : STR("")};
        struct fact_key key = fact_key_id(stmt_col_uint(s, 0));
        struct sha256_digest is = digest_agent(&g);
        if (check_row(c, FACT_AGENT, &key, &is, g.name) != 0)
            return -1;
    }
    return rc == STMT_END ? check_missing(c) : -1;
}

static int
list_policies(struct checking *c, uint64_t **ret, size_t *ret_n)
{
    VEC(uint64_t) ids = {0};
    struct stmt *s = stmt_get(c->st, "policy_ids", c->d);
    if (!s || stmt_run(s, c->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW)
        *VEC_PUSH(c->a, &ids) = stmt_col_uint(s, 0);
    *ret = ids.v;
    *ret_n = ids.n;
    return rc;
}

/* A version that no scan was stored under yet was prepared and is told of by nobody. */
static int
check_policies(struct checking *c)
{
    uint64_t *ids;
    size_t n;
    if (read_facts(c, FACT_POLICY) != 0 || list_policies(c, &ids, &n) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct sha256_digest *is = ARENA_NEW(c->a, struct sha256_digest);
        struct fact_key key = fact_key_id(ids[i]);
        if (fact_rows_policy(c->st, ids[i], is, c->d) != 0)
            return -1;
        map_put(c->policies, ids_key(c->a, &ids[i], sizeof ids[i]), is);
        if (fact_index_find(&c->facts, FACT_POLICY, &key) &&
            check_row(c, FACT_POLICY, &key, is, STR("")) != 0)
            return -1;
    }
    return check_missing(c);
}

/* ---- what has days: a part of them at a time ---- */

struct part { /* days of a kind, from..to in seconds */
    int64_t from, to;
    size_t first, end; /* their buckets */
};

/* The next buckets of the kind whose keys fit memory together; the days between them are of the part, too: there
 * must be no rows. False = there are no more. */
static bool
next_part(const struct fact_buckets *b, enum fact_kind kind, struct part *p, bool is_first)
{
    uint64_t n = 0;
    if (!is_first && p->to == INT64_MAX)
        return false;
    p->from = is_first ? 0 : p->to;
    p->first = is_first ? 0 : p->end;
    while (p->first < b->n && b->v[p->first].id >> 32 != (uint64_t)kind)
        p->first++;
    for (p->end = p->first; p->end < b->n && b->v[p->end].id >> 32 == (uint64_t)kind; p->end++) {
        if (n && n + b->v[p->end].n > PART_FACTS)
            break;
        n += b->v[p->end].n;
    }
    bool has_more = p->end < b->n && b->v[p->end].id >> 32 == (uint64_t)kind;
    p->to = has_more ? (int64_t)(b->v[p->end].id & UINT32_MAX) * DAY_S : INT64_MAX;
    return true;
}

static int
read_part(struct checking *c, const struct part *p)
{
    const struct fact_buckets *b = &c->st->fact_state->buckets;
    fact_index_clear(&c->facts);
    for (size_t i = p->first; i < p->end; i++)
        if (fact_state_read(c->st, b->v[i].id, &c->facts, c->d) != 0)
            return -1;
    return 0;
}

/* A statement whose two parameters are the times of the part. */
static struct stmt *
stream_part(struct checking *c, const char *name, const struct part *p)
{
    struct stmt *s = stmt_get(c->st, name, c->d);
    if (!s)
        return NULL;
    stmt_time(s, p->from);
    stmt_time(s, p->to == INT64_MAX ? 253402300800 - 1 : p->to - 1); /* the last second of year 9999 */
    return run_rows(c, s);
}

static int
check_scan(struct checking *c, enum fact_kind kind, const struct stmt *s)
{
    static const struct sha256_digest unknown;
    struct digest_scan scan;
    uint64_t agent_id = stmt_col_uint(s, FS_AGENT);
    const struct str *name = find_id(c->agents, agent_id);
    fact_rows_scan(s, &scan);
    const struct sha256_digest *policy = find_id(c->policies, scan.policy_id);
    scan.agent = name ? *name : STR("");
    scan.policy = policy ? policy : &unknown;
    struct fact_key key = fact_rows_scan_key(kind, agent_id, &scan);
    struct sha256_digest is = digest_scan(&scan);
    struct fact_entry *e = fact_index_find(&c->facts, kind, &key);
    if (e && memcmp(e->digest.b, is.b, SHA256_SIZE) == 0) { /* as for nearly all: nothing to be said */
        e->is_seen = true;
        c->ret->n_rows[kind]++;
        return 0;
    }
    return check_row(c, kind, &key, &is,
                     arena_fmt(c->a, "%.*s %s", STR_ARG(scan.agent),
                               clock_iso(c->a, scan.scanned_at).s));
}

static int
check_scans_of(struct checking *c, enum fact_kind kind, const char *name)
{
    struct part p = {0};
    for (bool is_first = true; next_part(&c->st->fact_state->buckets, kind, &p, is_first);
         is_first = false) {
        struct stmt *s;
        if (read_part(c, &p) != 0 || !(s = stream_part(c, name, &p)))
            return -1;
        enum stmt_answer rc;
        while ((rc = stmt_next(s, c->d)) == STMT_ROW)
            if (check_scan(c, kind, s) != 0)
                return -1;
        if (rc != STMT_END || check_missing(c) != 0)
            return -1;
        if (c->progress)
            c->progress("verify", (size_t)c->ret->n_rows[kind], 0);
    }
    return 0;
}

static int
check_scans(struct checking *c)
{
    return check_scans_of(c, FACT_SCAN, "check_scans") == 0
               ? check_scans_of(c, FACT_REVISION, "check_revisions")
               : -1;
}

struct warnings_of {
    struct sha256 *h;
    struct sha256_digest digest;
};

/* Rows of one file follow each other. */
static int
load_warnings(struct checking *c, const struct part *p, struct arena *a, struct map *to)
{
    struct stmt *s = stream_part(c, "check_warnings", p);
    struct warnings_of *w = NULL;
    struct str file = STR("");
    enum stmt_answer rc = s ? STMT_END : STMT_FAILED;
    while (s && (rc = stmt_next(s, c->d)) == STMT_ROW) {
        if (!w || !str_eq(file, stmt_col_view(s, 0))) {
            if (w)
                w->digest = sha256_final(w->h);
            w = ARENA_NEW(a, struct warnings_of);
            w->h = digest_warnings();
            file = stmt_col_str(s, 0, a);
            map_put(to, file, w);
        }
        digest_warning(w->h, stmt_col_view(s, 1), stmt_col_view(s, 2), stmt_col_view(s, 3));
    }
    if (w)
        w->digest = sha256_final(w->h);
    return rc;
}

static int
check_inputs_part(struct checking *c, const struct part *p)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct map *warnings = map_new(a);
    struct sha256_digest none = sha256_final(digest_warnings());
    struct stmt *s;
    if (read_part(c, p) != 0 || load_warnings(c, p, a, warnings) != 0 ||
        !(s = stream_part(c, "check_inputs", p)))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        struct digest_input i;
        fact_rows_input(s, &i.in);
        const struct warnings_of *w = map_get(warnings, stmt_col_view(s, 0));
        i.warnings = w ? w->digest : none;
        struct fact_key key = fact_key_input(i.in.received, &i.in.sha256);
        struct sha256_digest is = digest_input(&i);
        if (check_row(c, FACT_INPUT, &key, &is, i.in.name) != 0)
            return -1;
    }
    return rc == STMT_END ? check_missing(c) : -1;
}

static int
check_inputs(struct checking *c)
{
    struct part p = {0};
    for (bool is_first = true; next_part(&c->st->fact_state->buckets, FACT_INPUT, &p, is_first);
         is_first = false)
        if (check_inputs_part(c, &p) != 0)
            return -1;
    return 0;
}

/* ---- the small tables ---- */

static int
check_settings(struct checking *c)
{
    struct stmt *s;
    if (read_facts(c, FACT_SETTING) != 0 ||
        !(s = run_rows(c, stmt_get(c->st, "check_settings", c->d))))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        struct str name = stmt_col_view(s, 0);
        struct fact_key key = fact_key_name(name, STR(""));
        struct sha256_digest is = digest_setting(name, stmt_col_view(s, 1));
        if (!fact_is_note(name) && check_row(c, FACT_SETTING, &key, &is, name) != 0)
            return -1;
    }
    return rc == STMT_END ? check_missing(c) : -1;
}

static int
check_runs(struct checking *c)
{
    struct stmt *s;
    if (read_facts(c, FACT_RUN) != 0 ||
        !(s = run_rows(c, stmt_get(c->st, "check_runs", c->d))))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        struct store_run r = {.definition = stmt_col_view(s, 0),
                              .period_key = stmt_col_view(s, 1),
                              .state = stmt_col_view(s, 2),
                              .report_id = stmt_col_view(s, 3),
                              .dataset_hex = stmt_col_view(s, 4),
                              .manifest_hex = stmt_col_view(s, 5)};
        struct fact_key key = fact_key_name(r.definition, r.period_key);
        struct sha256_digest is = digest_run(&r);
        if (check_row(c, FACT_RUN, &key, &is, r.definition) != 0)
            return -1;
    }
    return rc == STMT_END ? check_missing(c) : -1;
}

static int
check_enrolments(struct checking *c)
{
    struct store_enrolments list;
    if (read_facts(c, FACT_ENROLMENT) != 0 ||
        store_load_enrolments(c->st, false, false, c->a, &list, c->d) != 0)
        return -1;
    for (size_t i = 0; i < list.v.n; i++) {
        const struct store_enrolment *e = &list.v.v[i];
        struct fact_key key = fact_key_name(e->name, STR(""));
        struct sha256_digest is = digest_enrolment(e);
        if (check_row(c, FACT_ENROLMENT, &key, &is, e->name) != 0)
            return -1;
    }
    return check_missing(c);
}

/* ---- all ---- */

static int
check_all(struct checking *c)
{
    static int (*const kinds[])(struct checking *) = {check_agents,   check_policies,   check_scans,
                                                      check_inputs,   check_settings,   check_runs,
                                                      check_enrolments};
    int64_t size;
    struct sha256_digest last;
    if (store_audit_size(c->st, &size, &last, c->d) != 0 ||
        fact_state_load(c->st, size, &last, c->d) != 0 ||
        load_names(c, "fleet_groups", c->groups) != 0 || load_names(c, "check_agents", c->agents) != 0)
        return -1;
    for (size_t i = 0; i < c->st->fact_state->buckets.n; i++)
        c->ret->n_facts += (int64_t)c->st->fact_state->buckets.v[i].n;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i](c) != 0)
            return -1;
    return 0;
}

int
store_check_facts(struct store *st, void (*progress)(const char *what, size_t done, size_t total),
                  struct facts_checked *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct checking c = {.st = st,
                         .a = a,
                         .agents = map_new(a),
                         .groups = map_new(a),
                         .policies = map_new(a),
                         .ret = ret,
                         .progress = progress,
                         .d = d};
    assert(!st->in_transaction);
    *ret = (struct facts_checked){0};
    if (connect_ready(st, d) != 0 || session_run(st, "snapshot_level", d) != 0 ||
        session_run(st, "snapshot_start", d) != 0)
        return -1;
    fact_state_forget(st); /* what this process remembers may not be what is there */
    int rc = check_all(&c);
    fact_index_free(&c.facts);
    stop_rows(&c);
    if (mysql_rollback(st->db))
        st->is_lost = true;
    return rc;
}

int
store_load_buckets(struct store *st, int64_t seq, struct fact_buckets *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct stmt *s = stmt_get(st, "fact_prefix", d);
    if (!s)
        return -1;
    stmt_int(s, seq);
    if (stmt_stream(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct fact_block block = {.first = stmt_col_uint(s, 1),
                                   .n = (uint32_t)stmt_col_uint(s, 2),
                                   .seq = stmt_col_int(s, 3),
                                   .entries = stmt_col_view(s, 4)};
        struct fact_bucket *b = fact_buckets_at(ret, stmt_col_uint(s, 0));
        if (block.first != b->n || block.n == 0)
            return diag_fail(d, DIAG_VERIFY, "the table fact was changed: bucket %llu has a gap",
                             (unsigned long long)b->id);
        fact_bucket_move(b, &block);
    }
    return rc;
}
