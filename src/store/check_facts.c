/* Tables against facts, kind by kind. Reads only. */
#include "store/check_facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "store/bulk.h"
#include "store/snapshot.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/session.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

#define PART_FACTS ((uint64_t)500000) /* whose keys are in memory at once */
#define DAY_S      ((int64_t)86400)
#define FIRST_TIME ((int64_t)-62135596800) /* year 1: rows from before 1970 are nobody's */
#define LAST_TIME  ((int64_t)253402300800) /* behind the last second that a DATETIME takes */

struct day_list {
    VEC(int64_t) v; /* since 1970, in any order */
};

struct adopting {
    struct fact_pile pile;
    struct fact_buckets buckets;
};

/* A walk over rows, with the names that they do not have themselves. */
struct checking {
    struct store *st;
    struct arena *a;
    struct map *agents;   /* bytes of an id -> struct str */
    struct map *groups;   /* bytes of an id -> struct str */
    struct map *policies; /* bytes of an id -> struct sha256_digest */
    struct fact_index facts;
    struct stmt *rows;           /* whose rows are being fetched; NULL = none */
    const struct map *scope;     /* bytes of the ids of agents that count; NULL = all */
    int64_t from, to;            /* days that count, in seconds */
    struct day_list *input_days; /* on which scans came in; NULL = nobody asks */
    int64_t last_day;            /* noted last */
    int64_t known;               /* the last record of the time that is asked for; INT64_MAX = the newest */
    const struct fleet_query *q; /* of the report; NULL = everything is looked at */
    int64_t n_changed;           /* its scans that were told of by then, and again since */
    struct adopting *adopting;   /* rows are taken as they are; NULL = they are compared */
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
        return arena_str(c->a, str_n(hex.data, hex.len - 1));
    long at = str_find(r->rec, hex.data);
    if (at < 0)
        return arena_str(c->a, str_n(hex.data, hex.len - 1));
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
    struct str told = where_told(c, e), what = text_in_record(c, e);
    return diag_fail(c->d, DIAG_VERIFY,
                     "%s %.*s: the row is not what %.*s of the audit log says of it",
                     fact_word((enum fact_kind)e->kind), STR_ARG(what), STR_ARG(told));
}

/* ---- one row ---- */

static bool
is_in_scope(const struct checking *c, uint64_t agent_id)
{
    return !c->scope ||
           map_get_index(c->scope, str_n((const char *)&agent_id, sizeof agent_id)) >= 0;
}

/* The agent that the key of a scan begins with. */
static uint64_t
agent_of(const struct fact_entry *e)
{
    uint64_t id = 0;
    for (int i = 0; i < 8; i++)
        id = id << 8 | e->key.b[i];
    return id;
}

static int64_t
time_of(const struct fact_entry *e)
{
    uint64_t t = 0;
    for (int i = 16; i < 24; i++)
        t = t << 8 | e->key.b[i];
    return (int64_t)t;
}

static bool
is_asked_for(const struct checking *c, const struct fact_entry *e)
{
    return (e->kind != FACT_SCAN && e->kind != FACT_REVISION) || is_in_scope(c, agent_of(e));
}

/* The row's digest against its fact; text says what it is when no fact does. */
static int
check_row(struct checking *c, enum fact_kind kind, const struct fact_key *key,
          const struct sha256_digest *digest, struct str text)
{
    if (c->adopting) {
        *VEC_PUSH(c->adopting->pile.a, &c->adopting->pile.facts) =
            (struct fact){.kind = kind, .key = *key, .digest = *digest};
        c->ret->n_rows[kind]++;
        return 0;
    }
    struct fact_entry *e = fact_index_find(&c->facts, kind, key);
    if (!e || fact_is_gone(&e->digest))
        return diag_fail(c->d, DIAG_VERIFY,
                         "%s %.*s: no record of the audit log tells of this row%s", fact_word(kind),
                         STR_ARG(text), e ? " after the one that took it away" : "");
    if (memcmp(e->digest.b, digest->b, SHA256_SIZE) != 0) {
        stop_rows(c);
        return differs(c, e);
    }
    e->is_seen = true;
    c->ret->n_rows[kind]++;
    return 0;
}

static int
is_missing(struct checking *c, const struct fact_entry *e)
{
    struct str told = where_told(c, e), what = text_in_record(c, e);
    return diag_fail(c->d, DIAG_VERIFY,
                     "%s %.*s: %.*s of the audit log tells of it, and it is gone",
                     fact_word((enum fact_kind)e->kind), STR_ARG(what), STR_ARG(told));
}

static int
put_adopted(void *self, const struct fact_bucket *to, const struct fact_block *block,
            struct diag *d)
{
    return fact_state_put_block(self, to, block, d);
}

/* Writes down what was taken as it is. */
static int
flush_adopted(struct checking *c)
{
    struct adopting *to = c->adopting;
    struct bulk b = bulk_begin(c->st, "bulk_fact");
    int rc = fact_pile_close(&to->pile, &to->buckets, FACT_ADOPTED, put_adopted, &b, c->d);
    arena_free(to->pile.a);
    to->pile = (struct fact_pile){.a = arena_new()};
    return bulk_end(&b, c->d) == 0 ? rc : -1;
}

/* Behind the rows of a kind, or of a part of it: facts that no row has. */
static int
check_missing(struct checking *c)
{
    if (c->adopting)
        return flush_adopted(c);
    for (size_t i = 0; i < c->facts.n; i++) {
        const struct fact_entry *e = &c->facts.v[i];
        if (!e->is_seen && !fact_is_gone(&e->digest) && is_asked_for(c, e))
            return is_missing(c, e);
    }
    return 0;
}

/* Reads the facts of a bucket of a kind that has one. */
static int
read_facts(struct checking *c, enum fact_kind kind)
{
    fact_index_clear(&c->facts);
    return c->adopting ? 0 : fact_state_read(c->st, fact_bucket_at(kind, 0), &c->facts, c->d);
}

/* ---- names ---- */

static void *
find_id(const struct map *m, uint64_t id)
{
    return map_get(m, str_n((const char *)&id, sizeof id));
}

static int
load_groups(struct checking *c)
{
    struct stmt *s = run_rows(c, stmt_get(c->st, "fleet_groups", c->d));
    if (!s)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        struct str *n = ARENA_NEW(c->a, struct str);
        *n = stmt_col_str(s, 1, c->a);
        map_put(c->groups, ids_key(c->a, &id, sizeof id), n);
    }
    return rc;
}

/* ---- agents, policies ---- */

/* Their names are kept: scans have ids only. */
static int
check_agents(struct checking *c)
{
    struct stmt *s;
    if (read_facts(c, FACT_AGENT) != 0 || !(s = run_rows(c, stmt_get(c->st, "check_agents", c->d))))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        const struct str *group = find_id(c->groups, stmt_col_uint(s, 5));
        struct digest_agent g = {.name = stmt_col_view(s, 1),
                                 .alias = stmt_col_view(s, 2),
                                 .os = stmt_col_view(s, 3),
                                 .address = stmt_col_view(s, 4),
                                 .group = group ? *group : STR("")};
        uint64_t id = stmt_col_uint(s, 0);
        struct str *name = ARENA_NEW(c->a, struct str);
        *name = arena_str(c->a, g.name);
        map_put(c->agents, ids_key(c->a, &id, sizeof id), name);
        struct fact_key key = fact_key_id(id);
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
        if ((c->adopting || fact_index_find(&c->facts, FACT_POLICY, &key)) &&
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

static size_t
find_bucket(const struct fact_buckets *b, uint64_t id)
{
    size_t i = 0;
    while (i < b->n && b->v[i].id < id)
        i++;
    return i;
}

/* The days from p->to on whose keys fit memory together; days between them are of the part, too: there must be
 * no rows. */
static void
compared_part(const struct checking *c, enum fact_kind kind, struct part *p)
{
    const struct fact_buckets *b = &c->st->fact_state->buckets;
    uint64_t n = 0, last = fact_bucket_at(kind, c->to == LAST_TIME ? LAST_TIME : c->to - 1);
    p->first = find_bucket(b, fact_bucket_at(kind, p->from));
    for (p->end = p->first; p->end < b->n && b->v[p->end].id <= last; p->end++) {
        if (n && n + b->v[p->end].n > PART_FACTS)
            break;
        n += b->v[p->end].n;
    }
    bool has_more = p->end < b->n && b->v[p->end].id <= last;
    p->to = has_more ? (int64_t)(b->v[p->end].id & UINT32_MAX) * DAY_S : c->to;
}

/* The next day that has rows. */
static int
adopted_part(struct checking *c, const char *next, struct part *p)
{
    struct stmt *s = stmt_get(c->st, next, c->d);
    if (!s)
        return -1;
    stmt_time(s, p->from);
    enum stmt_answer rc = stmt_first(s, c->d);
    int64_t t = rc == STMT_ROW ? stmt_col_time(s, 0) : CLOCK_NONE;
    p->from = t == CLOCK_NONE ? c->to : t / DAY_S * DAY_S;
    p->to = t == CLOCK_NONE ? c->to : p->from + DAY_S;
    return rc == STMT_FAILED ? -1 : 0;
}

/* Moves on to the next part; 1 = there is one, 0 = there are no more. */
static int
next_part(struct checking *c, enum fact_kind kind, const char *next, struct part *p)
{
    p->from = p->to;
    if (p->from >= c->to)
        return 0;
    if (c->adopting)
        return adopted_part(c, next, p) != 0 ? -1 : p->from < c->to;
    compared_part(c, kind, p);
    return 1;
}

static int
read_part(struct checking *c, const struct part *p)
{
    const struct fact_buckets *b = &c->st->fact_state->buckets;
    fact_index_clear(&c->facts);
    for (size_t i = p->first; i < p->end && !c->adopting; i++)
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
    stmt_time(s, p->from ? p->from : FIRST_TIME);
    stmt_time(s, p->to - 1);
    return run_rows(c, s);
}

/* The input of a scan was received on the day the scan was stored, or on the one before. */
static void
note_day(struct checking *c, int64_t ingested_at)
{
    int64_t day = ingested_at / DAY_S;
    if (!c->input_days || day == c->last_day)
        return;
    c->last_day = day;
    for (int i = 0; i < 2; i++, day--)
        *VEC_PUSH(c->a, &c->input_days->v) = day;
}

static bool
has_changed_since(const struct checking *c, const struct fact_entry *e)
{
    return c->q && e->first <= c->known && e->seq > c->known && time_of(e) >= c->q->from &&
           time_of(e) < c->q->to;
}

static int
check_scan(struct checking *c, enum fact_kind kind, const struct stmt *s)
{
    static const struct sha256_digest unknown;
    struct digest_scan scan;
    uint64_t agent_id = stmt_col_uint(s, FS_AGENT);
    if (!is_in_scope(c, agent_id))
        return 0;
    const struct str *name = find_id(c->agents, agent_id);
    fact_rows_scan(s, &scan);
    note_day(c, scan.ingested_at);
    const struct sha256_digest *policy = find_id(c->policies, scan.policy_id);
    scan.agent = name ? *name : STR("");
    scan.policy = policy ? policy : &unknown;
    struct fact_key key = fact_rows_scan_key(kind, agent_id, &scan);
    struct sha256_digest is = digest_scan(&scan);
    struct fact_entry *e = fact_index_find(&c->facts, kind, &key);
    if (e &&
        memcmp(e->digest.b, is.b, SHA256_SIZE) == 0) { /* as for nearly all: nothing to be said */
        e->is_seen = true;
        c->n_changed += kind == FACT_SCAN && has_changed_since(c, e);
        c->ret->n_rows[kind]++;
        return 0;
    }
    return check_row(
        c, kind, &key, &is,
        arena_fmt(c->a, "%.*s %s", STR_ARG(scan.agent), clock_iso(c->a, scan.scanned_at).s));
}

static int
check_scans_of(struct checking *c, enum fact_kind kind, const char *name, const char *next)
{
    struct part p = {.to = c->from};
    int has;
    while ((has = next_part(c, kind, next, &p)) > 0) {
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
    return has;
}

static int
check_scans(struct checking *c)
{
    return check_scans_of(c, FACT_SCAN, "check_scans", "adopt_scan") == 0
               ? check_scans_of(c, FACT_REVISION, "check_revisions", "adopt_revision")
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
    struct part p = {.to = c->from};
    int has;
    while ((has = next_part(c, FACT_INPUT, "adopt_input", &p)) > 0)
        if (check_inputs_part(c, &p) != 0)
            return -1;
    return has;
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
    if (read_facts(c, FACT_RUN) != 0 || !(s = run_rows(c, stmt_get(c->st, "check_runs", c->d))))
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
walk_all(struct checking *c)
{
    static int (*const kinds[])(struct checking *) = {check_agents,    check_policies, check_scans,
                                                      check_inputs,    check_settings, check_runs,
                                                      check_enrolments};
    if (load_groups(c) != 0)
        return -1;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i](c) != 0)
            return -1;
    return 0;
}

static struct checking
checking_of(struct store *st, struct arena *a, struct facts_checked *ret, struct diag *d)
{
    *ret = (struct facts_checked){0};
    return (struct checking){.st = st,
                             .a = a,
                             .agents = map_new(a),
                             .groups = map_new(a),
                             .policies = map_new(a),
                             .to = LAST_TIME,
                             .last_day = -1,
                             .known = INT64_MAX,
                             .ret = ret,
                             .d = d};
}

static int
load_state(struct checking *c)
{
    int64_t size;
    struct sha256_digest last;
    fact_state_forget(c->st); /* what this process remembers may not be what is there */
    if (store_audit_size(c->st, &size, &last, c->d) != 0 ||
        fact_state_load(c->st, size, &last, c->d) != 0)
        return -1;
    for (size_t i = 0; i < c->st->fact_state->buckets.n; i++)
        c->ret->n_facts += (int64_t)c->st->fact_state->buckets.v[i].n;
    return 0;
}

static void
end_checking(struct checking *c)
{
    stop_rows(c);
    fact_index_free(&c->facts);
}

int
store_check_facts(struct store *st, void (*progress)(const char *what, size_t done, size_t total),
                  struct facts_checked *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct checking c = checking_of(st, a, ret, d);
    c.progress = progress;
    assert(!st->in_transaction);
    if (snapshot_begin(st, d) != 0)
        return -1;
    int rc = load_state(&c) == 0 ? walk_all(&c) : -1;
    end_checking(&c);
    snapshot_end(st);
    return rc;
}

int
store_check_facts_apart(const struct store *st, struct facts_checked *ret, struct diag *d)
{
    struct store *own = NULL;
    if (store_open(&st->config, &own, d) != 0)
        return -1;
    int rc = store_check_facts(own, NULL, ret, d);
    store_close(own);
    return rc;
}

/* ---- what a report shows ---- */

/* The newest scan of each line before the period, by agent and line; its time stands in seq. */
static int
load_carried(struct checking *c, int64_t from, struct fact_index *to, int64_t *ret_oldest)
{
    struct stmt *s = stmt_get(c->st, "check_carried", c->d);
    *ret_oldest = from;
    if (!s)
        return -1;
    stmt_time(s, from);
    if (!run_rows(c, s))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        static const struct sha256_digest unknown;
        struct digest_scan scan;
        uint64_t agent_id = stmt_col_uint(s, FS_AGENT);
        const struct str *name = find_id(c->agents, agent_id);
        if (!is_in_scope(c, agent_id))
            continue;
        fact_rows_scan(s, &scan);
        const struct sha256_digest *policy = find_id(c->policies, scan.policy_id);
        scan.agent = name ? *name : STR("");
        scan.policy = policy ? policy : &unknown;
        struct fact_key line = fact_key_scan(agent_id, scan.line_id, scan.scanned_at);
        line.n = 16;
        struct sha256_digest is = digest_scan(&scan);
        fact_index_put(to, FACT_SCAN, &line, &is, scan.scanned_at);
        *ret_oldest = scan.scanned_at < *ret_oldest ? scan.scanned_at : *ret_oldest;
    }
    return rc;
}

/* A fact from before the period: of the scan that is carried into it, or of an older one. */
static int
compare_carried(struct checking *c, const struct fact_index *carried, const struct fact_entry *e)
{
    struct fact_key line = e->key;
    memset(line.b + 16, 0, FACT_KEY_MAX - 16);
    line.n = 16;
    struct fact_entry *row = fact_index_find(carried, FACT_SCAN, &line);
    int64_t t = time_of(e);
    if (!row || t > row->seq)
        return is_missing(c, e);
    if (t < row->seq)
        return 0;
    row->is_seen = true;
    return memcmp(row->digest.b, e->digest.b, SHA256_SIZE) == 0 ? 0 : differs(c, e);
}

/* From the oldest of them on: what lies before is of lines that have ended, and is for audit verify. */
static int
check_carried(struct checking *c, int64_t from)
{
    struct fact_index carried = {0};
    int64_t oldest;
    int rc = load_carried(c, from, &carried, &oldest), has = 0;
    struct checking days = *c;
    days.rows = NULL;
    days.facts = (struct fact_index){0};
    days.from = oldest / DAY_S * DAY_S;
    days.to = (from + DAY_S - 1) / DAY_S * DAY_S;
    struct part p = {.to = days.from};
    while (rc == 0 && (has = next_part(&days, FACT_SCAN, NULL, &p)) > 0) {
        rc = read_part(&days, &p);
        for (size_t i = 0; i < days.facts.n && rc == 0; i++) {
            const struct fact_entry *e = &days.facts.v[i];
            if (!fact_is_gone(&e->digest) && is_asked_for(c, e) && time_of(e) < from)
                rc = compare_carried(&days, &carried, e);
        }
    }
    for (size_t i = 0; i < carried.n && rc == 0; i++)
        if (!carried.v[i].is_seen)
            rc = diag_fail(c->d, DIAG_VERIFY,
                           "scan: no record of the audit log tells of the one that is carried into "
                           "the period");
    fact_index_free(&carried);
    fact_index_free(&days.facts);
    return rc;
}

static int
by_day(const void *a, const void *b)
{
    int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
    return p < q ? -1 : p > q;
}

/* The days of the period, and those on which its scans came in, as few runs of days as they form. */
static int
check_input_days(struct checking *c, const struct day_list *days)
{
    size_t n = days->v.n, k = 0;
    int64_t *v = days->v.v;
    struct checking run = *c;
    run.facts = (struct fact_index){0};
    run.rows = NULL;
    if (n)
        qsort(v, n, sizeof *v, by_day);
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i = k) {
        for (k = i + 1; k < n && v[k] <= v[k - 1] + 1;)
            k++;
        run.from = v[i] < 0 ? 0 : v[i] * DAY_S;
        run.to = (v[k - 1] + 1) * DAY_S;
        rc = check_inputs(&run);
    }
    end_checking(&run);
    return rc;
}

/* The last record of the time that is asked for. */
static int
find_known(struct checking *c, int64_t as_of)
{
    int64_t size, next;
    struct sha256_digest last;
    if (!as_of)
        return 0;
    if (store_audit_size(c->st, &size, &last, c->d) != 0 ||
        store_first_since(c->st, 0, as_of + 1, size, &next, c->d) != 0)
        return -1;
    c->known = next - 1;
    return 0;
}

static int
check_shown(struct checking *c, const struct fleet_query *q)
{
    int64_t to = q->to < LAST_TIME ? q->to : LAST_TIME;
    c->from = q->from / DAY_S * DAY_S;
    c->to = (to + DAY_S - 1) / DAY_S * DAY_S;
    if (find_known(c, q->as_of) != 0 || load_state(c) != 0 || load_groups(c) != 0 || check_agents(c) != 0 ||
        check_policies(c) != 0 || check_scans(c) != 0)
        return -1;
    for (int64_t day = c->from / DAY_S; q->with_inputs && day < c->to / DAY_S; day++)
        *VEC_PUSH(c->a, &c->input_days->v) = day;
    if (check_input_days(c, c->input_days) != 0)
        return -1;
    return q->with_points ? check_carried(c, q->from) : 0;
}

int
check_facts_fleet(struct store *st, const struct fleet_query *q, const struct map *agents,
                  int64_t *ret_changed, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct facts_checked ignored;
    struct day_list days = {0};
    struct checking c = checking_of(st, a, &ignored, d);
    bool is_all = !q->n_groups && !q->agent.len;
    c.scope = is_all ? NULL : agents;
    c.input_days = &days;
    c.q = q;
    int rc = check_shown(&c, q);
    *ret_changed = c.n_changed;
    end_checking(&c);
    if (rc != 0 && d->first.code == DIAG_VERIFY)
        d->first.code = DIAG_BAD_DATA; /* the log may be as it was: the rows are not */
    return rc;
}

/* ---- adoption ---- */

static int
put_buckets(struct checking *c)
{
    static const struct fact_bucket adopted = {0};
    const struct fact_buckets *v = &c->adopting->buckets;
    struct bulk b = bulk_begin(c->st, "bulk_fact_bucket");
    for (size_t i = 0; i <= v->n && !diag_failed(c->d); i++) {
        const struct fact_bucket *to = i < v->n ? &v->v[i] : &adopted;
        bulk_row(&b);
        bulk_uint(&b, to->id);
        bulk_uint(&b, to->n);
        bulk_bytes(&b, to->head.b, SHA256_SIZE);
        bulk_row_end(&b, c->d);
    }
    return bulk_end(&b, c->d);
}

int
store_adopt_facts(struct store *st, int64_t size, const struct sha256_digest *last,
                  struct facts_checked *ret, struct fact_buckets *ret_buckets, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct checking c = checking_of(st, a, ret, d);
    struct adopting to = {.pile = {.a = arena_new()}};
    struct stmt *s;
    assert(st->in_transaction);
    c.adopting = &to;
    int rc = fact_state_none_said(st, size, d) == 0 && (s = stmt_get(st, "adopt_clear", d)) &&
                     stmt_run(s, d) == 0 && walk_all(&c) == 0 && put_buckets(&c) == 0
                 ? 0
                 : -1;
    end_checking(&c);
    arena_free(to.pile.a);
    *ret_buckets = to.buckets;
    return rc == 0 ? fact_state_set(st, size, last, &to.buckets) : -1;
}

int
store_load_buckets(struct store *st, int64_t seq, struct fact_buckets *ret, struct diag *d)
{
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
