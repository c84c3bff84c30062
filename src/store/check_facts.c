/* Tables against facts, kind by kind. Reads only. */
#include "store/check_facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "store/bulk.h"
#include "store/checking.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/session.h"
#include "store/snapshot.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

#define PART_FACTS ((uint64_t)500000) /* whose keys are in memory at once */
#define DAY_S      ((int64_t)86400)
#define FIRST_TIME ((int64_t)-62135596800) /* year 1: rows from before 1970 are nobody's */
#define LAST_TIME  ((int64_t)253402300800) /* behind the last second that a DATETIME takes */

static void *
find_id(const struct map *m, uint64_t id)
{
    return map_get(m, str_n((const char *)&id, sizeof id));
}

/* ---- agents, policies ---- */

static int
check_agents(struct checking *c)
{
    const struct roster *r = c->roster;
    if (checking_read(c, FACT_AGENT) != 0)
        return -1;
    for (size_t i = 0; i < r->agents.n; i++) {
        const struct roster_agent *ag = &r->agents.v[i];
        long group = roster_find_group(r, ag->group_id);
        struct digest_agent g = {.name = ag->agent.name,
                                 .alias = ag->alias,
                                 .os = ag->agent.os,
                                 .address = ag->agent.address,
                                 .group = group < 0 ? STR("") : r->groups.v[group].name};
        struct fact_key key = fact_key_id(ag->id);
        struct sha256_digest is = digest_agent(&g);
        if (checking_row(c, FACT_AGENT, &key, &is, g.name) != 0)
            return -1;
    }
    return checking_end(c);
}

/* A version that no scan was stored under yet was prepared and is told of by nobody. */
static int
check_policies(struct checking *c)
{
    uint64_t *ids;
    size_t n;
    if (checking_read(c, FACT_POLICY) != 0 ||
        fact_rows_policies(c->st, c->a, c->policies, &ids, &n, c->d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const struct sha256_digest *is = find_id(c->policies, ids[i]);
        struct fact_key key = fact_key_id(ids[i]);
        if ((c->adopting || fact_index_find(&c->facts, FACT_POLICY, &key)) &&
            checking_row(c, FACT_POLICY, &key, is, STR("")) != 0)
            return -1;
    }
    return checking_end(c);
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

static void
give_agents(const struct checking *c, struct stmt *s)
{
    stmt_uint(s, !c->is_of_one);
    stmt_uint(s, c->agent_id);
}

/* A statement whose last two parameters are the times of the part, behind those of the agents n times. */
static struct stmt *
stream_part(struct checking *c, const char *name, int n, const struct part *p)
{
    struct stmt *s = stmt_get(c->st, name, c->d);
    if (!s)
        return NULL;
    for (int i = 0; i < n; i++)
        give_agents(c, s);
    stmt_time(s, p->from ? p->from : FIRST_TIME);
    stmt_time(s, p->to - 1);
    return checking_run(c, s);
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

static void
note_file(struct checking *c, const struct sha256_digest *file)
{
    if (c->files && map_get_index(c->files, str_n((const char *)file->b, SHA256_SIZE)) < 0)
        map_put_index(c->files, ids_key(c->a, file->b, SHA256_SIZE), 0);
}

static bool
has_changed_since(const struct checking *c, const struct fact_entry *e)
{
    return c->q && e->first <= c->known && e->seq > c->known && checking_time(e) >= c->q->from &&
           checking_time(e) < c->q->to &&
           (!c->stood || map_get_index(c->stood, str_n((const char *)e->key.b, e->key.n)) < 0);
}

static int
check_scan(struct checking *c, enum fact_kind kind, const struct stmt *s)
{
    static const struct sha256_digest unknown;
    struct digest_scan scan;
    uint64_t agent_id = stmt_col_uint(s, FS_AGENT);
    if (!checking_has_agent(c, agent_id))
        return 0;
    fact_rows_scan(s, &scan);
    note_day(c, scan.ingested_at);
    note_file(c, &scan.file);
    const struct sha256_digest *policy = find_id(c->policies, scan.policy_id);
    scan.agent = checking_name(c, agent_id);
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
    return checking_row(
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
        if (read_part(c, &p) != 0 || !(s = stream_part(c, name, 1, &p)))
            return -1;
        enum stmt_answer rc;
        while ((rc = stmt_next(s, c->d)) == STMT_ROW)
            if (check_scan(c, kind, s) != 0)
                return -1;
        if (rc != STMT_END || checking_end(c) != 0)
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
    struct stmt *s = c->files ? stream_part(c, "check_warnings_of", 2, p)
                              : stream_part(c, "check_warnings", 0, p);
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
        !(s = c->files ? stream_part(c, "check_inputs_of", 2, p)
                       : stream_part(c, "check_inputs", 0, p)))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        struct digest_input i;
        fact_rows_input(s, &i.in);
        const struct warnings_of *w = map_get(warnings, stmt_col_view(s, 0));
        i.warnings = w ? w->digest : none;
        struct fact_key key = fact_key_input(i.in.received, &i.in.sha256);
        struct sha256_digest is = digest_input(&i);
        if (checking_row(c, FACT_INPUT, &key, &is, i.in.name) != 0)
            return -1;
    }
    return rc == STMT_END ? checking_end(c) : -1;
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

/* Of settings a report shows what agents were: in which group, on the list, expected or not. It goes by what was
 * pruned, and held, too. */
static bool
is_history(struct str name)
{
    return str_starts(name, "group:") || str_starts(name, "listed:") || str_starts(name, "duty:") ||
           str_starts(name, "pruned:") || str_starts(name, "hold:");
}

static int
find_lost_history(struct checking *c)
{
    for (size_t i = 0; i < c->facts.n; i++) {
        const struct fact_entry *e = &c->facts.v[i];
        if (!e->is_seen && !fact_is_gone(&e->digest) && is_history(checking_text(c, e)))
            return checking_misses(c, e);
    }
    return 0;
}

static int
check_settings(struct checking *c)
{
    struct stmt *s;
    if (checking_read(c, FACT_SETTING) != 0 ||
        !(s = checking_run(c, stmt_get(c->st, "check_settings", c->d))))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        struct str name = stmt_col_view(s, 0);
        struct fact_key key = fact_key_name(name, STR(""));
        if (c->q && !is_history(name)) {
            struct fact_entry *e = fact_index_find(&c->facts, FACT_SETTING, &key);
            if (e)
                e->is_seen = true;
            continue;
        }
        struct sha256_digest is = digest_setting(name, stmt_col_view(s, 1));
        if (!fact_is_note(name) && checking_row(c, FACT_SETTING, &key, &is, name) != 0)
            return -1;
    }
    if (rc != STMT_END)
        return -1;
    return c->q ? find_lost_history(c) : checking_end(c);
}

static int
check_runs(struct checking *c)
{
    struct stmt *s;
    if (checking_read(c, FACT_RUN) != 0 ||
        !(s = checking_run(c, stmt_get(c->st, "check_runs", c->d))))
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
        if (checking_row(c, FACT_RUN, &key, &is, r.definition) != 0)
            return -1;
    }
    return rc == STMT_END ? checking_end(c) : -1;
}

static int
check_enrolments(struct checking *c)
{
    struct store_enrolments list;
    if (checking_read(c, FACT_ENROLMENT) != 0 ||
        store_load_enrolments(c->st, false, false, c->a, &list, c->d) != 0)
        return -1;
    for (size_t i = 0; i < list.v.n; i++) {
        const struct store_enrolment *e = &list.v.v[i];
        struct fact_key key = fact_key_name(e->name, STR(""));
        struct sha256_digest is = digest_enrolment(e);
        if (checking_row(c, FACT_ENROLMENT, &key, &is, e->name) != 0)
            return -1;
    }
    return checking_end(c);
}

/* ---- all ---- */

static int
walk_all(struct checking *c)
{
    static int (*const kinds[])(struct checking *) = {check_agents,    check_policies, check_scans,
                                                      check_inputs,    check_settings, check_runs,
                                                      check_enrolments, check_months};
    struct roster *roster = ARENA_NEW(c->a, struct roster);
    if (roster_load(c->st, STR(""), c->a, roster, c->d) != 0)
        return -1;
    c->roster = roster;
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
                             .policies = map_new(a),
                             .to = LAST_TIME,
                             .last_day = -1,
                             .known = INT64_MAX,
                             .ret = ret,
                             .d = d};
}

int
check_facts_begin(struct store *st, struct diag *d)
{
    int64_t size;
    struct sha256_digest last;
    fact_state_forget(st); /* what this process remembers may not be what is there */
    return store_audit_size(st, &size, &last, d) == 0 ? fact_state_load(st, size, &last, d) : -1;
}

static int
load_state(struct checking *c)
{
    if (check_facts_begin(c->st, c->d) != 0)
        return -1;
    for (size_t i = 0; i < c->st->fact_state->buckets.n; i++)
        c->ret->n_facts += (int64_t)c->st->fact_state->buckets.v[i].n;
    return 0;
}

static void
end_checking(struct checking *c)
{
    checking_stop(c);
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

/* The newest scan before the period of each line that has none since `since`, by agent and line; its time stands in
 * seq. */
static int
load_carried(struct checking *c, int64_t from, int64_t since, struct fact_index *to,
             int64_t *ret_oldest)
{
    struct stmt *s = stmt_get(c->st, "check_carried", c->d);
    *ret_oldest = since;
    if (!s)
        return -1;
    stmt_time(s, from);
    give_agents(c, s);
    stmt_time(s, since);
    if (!checking_run(c, s))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        static const struct sha256_digest unknown;
        struct digest_scan scan;
        uint64_t agent_id = stmt_col_uint(s, FS_AGENT);
        if (!checking_has_agent(c, agent_id))
            continue;
        fact_rows_scan(s, &scan);
        const struct sha256_digest *policy = find_id(c->policies, scan.policy_id);
        scan.agent = checking_name(c, agent_id);
        scan.policy = policy ? policy : &unknown;
        struct fact_key line = fact_key_scan(agent_id, scan.line_id, scan.scanned_at);
        line.n = 16;
        struct sha256_digest is = digest_scan(&scan);
        fact_index_put(to, FACT_SCAN, &line, &is, scan.scanned_at);
        *ret_oldest = scan.scanned_at < *ret_oldest ? scan.scanned_at : *ret_oldest;
    }
    return rc;
}

/* Lines that have a scan from `since` to before the period: what was before is not carried into it. */
static int
load_lines(struct checking *c, int64_t since, int64_t from, struct map *to)
{
    struct stmt *s = stmt_get(c->st, "check_lines", c->d);
    if (!s)
        return -1;
    give_agents(c, s);
    stmt_time(s, since);
    stmt_time(s, from);
    if (!checking_run(c, s))
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        struct fact_key line = fact_key_scan(stmt_col_uint(s, 0), stmt_col_uint(s, 1), 0);
        map_put_index(to, arena_str(c->a, str_n((const char *)line.b, 16)), 0);
    }
    return rc;
}

/* A fact from before the period: of the scan that is carried into it, or of an older one. */
static int
compare_carried(struct checking *c, const struct fact_index *carried, const struct map *lines,
                const struct fact_entry *e)
{
    struct fact_key line = e->key;
    memset(line.b + 16, 0, FACT_KEY_MAX - 16);
    line.n = 16;
    struct fact_entry *row = fact_index_find(carried, FACT_SCAN, &line);
    int64_t t = checking_time(e);
    if (!row && map_get_index(lines, str_n((const char *)line.b, line.n)) >= 0)
        return 0;
    if (!row || t > row->seq)
        return checking_misses(c, e);
    if (t < row->seq)
        return 0;
    row->is_seen = true;
    return memcmp(row->digest.b, e->digest.b, SHA256_SIZE) == 0 ? 0 : checking_differs(c, e);
}

/* From the oldest of them on: what lies before is of lines that have ended, and is for audit verify. */
static int
check_carried(struct checking *c, int64_t from, int64_t since)
{
    struct fact_index carried = {0};
    struct map *lines = map_new(c->a);
    int64_t oldest;
    int rc = load_carried(c, from, since, &carried, &oldest), has = 0;
    if (rc == 0 && carried.n)
        rc = load_lines(c, since, from, lines);
    struct checking days = *c;
    days.rows = NULL;
    days.facts = (struct fact_index){.first_agent = c->facts.first_agent,
                                     .last_agent = c->facts.last_agent};
    days.from = oldest / DAY_S * DAY_S;
    days.to = (since + DAY_S - 1) / DAY_S * DAY_S;
    struct part p = {.to = days.from};
    while (rc == 0 && (has = next_part(&days, FACT_SCAN, NULL, &p)) > 0) {
        rc = read_part(&days, &p);
        for (size_t i = 0; i < days.facts.n && rc == 0; i++) {
            const struct fact_entry *e = &days.facts.v[i];
            if (!fact_is_gone(&e->digest) && checking_has_fact(c, e) && checking_time(e) < since)
                rc = compare_carried(&days, &carried, lines, e);
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

/* Scans of the period that load.c shows as they stood at the time that is asked for. */
static int
load_stood(struct checking *c)
{
    const struct fleet_query *q = c->q;
    struct stmt *s = q->as_of ? stmt_get(c->st, "known_stood", c->d) : NULL;
    if (!s)
        return q->as_of ? -1 : 0;
    give_agents(c, s);
    stmt_time(s, q->from);
    stmt_time(s, q->to);
    stmt_time(s, q->as_of);
    stmt_time(s, q->as_of);
    if (stmt_run(s, c->d) != 0)
        return -1;
    enum stmt_answer rc;
    c->stood = map_new(c->a);
    while ((rc = stmt_next(s, c->d)) == STMT_ROW) {
        struct fact_key k =
            fact_key_scan(stmt_col_uint(s, 0), stmt_col_uint(s, 1), stmt_col_time(s, 2));
        map_put_index(c->stood, arena_str(c->a, str_n((const char *)k.b, k.n)), 0);
    }
    return rc;
}

/* Scans of closed months were compared as they were read; what came in with them is not. */
static void
note_shown_files(struct checking *c, const struct check_shown *shown)
{
    for (size_t i = 0; i < shown->n_files; i++) {
        note_day(c, shown->files[i].ingested_at);
        note_file(c, &shown->files[i].sha256);
    }
}

/* Days from..to. */
static int
check_days(struct checking *c, enum fact_kind kind, int64_t from, int64_t to)
{
    c->from = from / DAY_S * DAY_S;
    c->to = (to + DAY_S - 1) / DAY_S * DAY_S;
    if (c->from >= c->to)
        return 0;
    return kind == FACT_SCAN ? check_scans_of(c, kind, "check_scans", "adopt_scan")
                             : check_scans_of(c, kind, "check_revisions", "adopt_revision");
}

static int
check_scans_shown(struct checking *c, const struct check_shown *shown)
{
    const struct fleet_query *q = shown->q;
    int64_t to = q->to < LAST_TIME ? q->to : LAST_TIME;
    bool is_one = shown->now_from <= q->from;
    note_shown_files(c, shown);
    if (is_one ? check_days(c, FACT_SCAN, shown->rows_from, to) != 0
               : check_days(c, FACT_SCAN, shown->rows_from, q->from) != 0 ||
                     check_days(c, FACT_SCAN, shown->now_from, to) != 0)
        return -1;
    return check_days(c, FACT_REVISION, shown->from, to);
}

static int
check_all_shown(struct checking *c, const struct check_shown *shown)
{
    const struct fleet_query *q = shown->q;
    int64_t to = q->to < LAST_TIME ? q->to : LAST_TIME;
    if (find_known(c, q->as_of) != 0 || load_stood(c) != 0 || load_state(c) != 0 ||
        check_agents(c) != 0 || check_policies(c) != 0 || check_scans_shown(c, shown) != 0 ||
        check_settings(c) != 0 || check_enrolments(c) != 0)
        return -1;
    for (int64_t day = q->from / DAY_S; q->with_inputs && day < (to + DAY_S - 1) / DAY_S; day++)
        *VEC_PUSH(c->a, &c->input_days->v) = day;
    if ((q->with_inputs || q->with_warnings) && check_input_days(c, c->input_days) != 0)
        return -1;
    return q->with_points && !shown->has_months ? check_carried(c, q->from, shown->from) : 0;
}

int
check_facts_shown(struct store *st, const struct check_shown *shown, int64_t *ret_changed,
                  struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct facts_checked ignored;
    struct day_list days = {0};
    struct checking c = checking_of(st, a, &ignored, d);
    c.scope = shown->q->n_groups || shown->q->agent.len ? shown->is_shown : NULL;
    c.roster = shown->roster;
    if (shown->q->agent.len) {
        c.is_of_one = true;
        c.agent_id = ids_agent(shown->q->agent);
        c.files = shown->q->with_inputs ? NULL : map_new(a);
        c.facts.first_agent = c.facts.last_agent = c.agent_id;
    }
    c.input_days = &days;
    c.q = shown->q;
    int rc = check_all_shown(&c, shown);
    *ret_changed = c.n_changed;
    end_checking(&c);
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
