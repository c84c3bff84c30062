/* Rows of scans, inputs, settings and so on as facts. Called before rows change and, by
 * fact_settle.c, behind. */
#include "store/fact_rows.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "store/fact_agents.h"
#include "store/month.h"
#include "store/session.h"
#include "store/stmt.h"

enum {
    MANY_SCANS = 14, /* places in fact_scans_at */
    MANY = 40,       /* parameters of fact_inputs_at, fact_warnings_at */
    TEXT = 180       /* bytes of a name within the text of a fact */
};

static struct fact *
add_fact(struct arena *a, fact_list *l, enum fact_kind kind, struct fact_key key)
{
    struct fact *f = VEC_PUSH(a, l);
    *f = (struct fact){.kind = kind, .key = key, .text = STR("")};
    return f;
}

/* ---- scans ---- */

void
fact_rows_scan(const struct stmt *s, struct digest_scan *ret)
{
    *ret = (struct digest_scan){.agent = STR(""),
                                .line_id = stmt_col_uint(s, FS_LINE),
                                .policy_id = stmt_col_uint(s, FS_POLICY),
                                .profile = stmt_col_view(s, FS_PROFILE),
                                .format = stmt_col_view(s, FS_FORMAT),
                                .engine = stmt_col_view(s, FS_ENGINE),
                                .scanned_at = stmt_col_time(s, FS_END),
                                .started_at = stmt_col_time(s, FS_STARTED),
                                .ingested_at = stmt_col_time(s, FS_INGESTED),
                                .score =
                                    stmt_col_is_null(s, FS_SCORE) ? -1 : stmt_col_int(s, FS_SCORE),
                                .reported = stmt_col_double(s, FS_REPORTED),
                                .flags = stmt_col_int(s, FS_FLAGS),
                                .revision = stmt_col_int(s, FS_REVISION),
                                .standing = stmt_col_int(s, FS_STANDING),
                                .has_details = !stmt_col_is_null(s, FS_DETAILS),
                                .has_said = !stmt_col_is_null(s, FS_SAID),
                                .n_vec = stmt_col_int(s, FS_N_VEC),
                                .vec = stmt_col_view(s, FS_VEC),
                                .said = stmt_col_view(s, FS_SAID)};
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        ret->counts[i] = stmt_col_int(s, FS_COUNTS + i);
    stmt_col_bytes(s, FS_FILE, ret->file.b, SHA256_SIZE);
    stmt_col_bytes(s, FS_CONTENT, ret->content.b, SHA256_SIZE);
    stmt_col_bytes(s, FS_DETAILS, ret->details.b, sizeof ret->details.b);
}

struct fact_key
fact_rows_scan_key(enum fact_kind kind, uint64_t agent_id, const struct digest_scan *s)
{
    return kind == FACT_SCAN
               ? fact_key_scan(agent_id, s->line_id, s->scanned_at)
               : fact_key_revision(agent_id, s->line_id, s->scanned_at, (uint32_t)s->revision);
}

int
fact_rows_policy(struct store *st, uint64_t policy_id, struct sha256_digest *ret, struct diag *d)
{
    *ret = (struct sha256_digest){0};
    const struct policy_version *p = policy_load(st, policy_id, d);
    if (p)
        *ret = p->digest;
    return diag_failed(d) ? -1 : 0;
}

int
fact_rows_policies(struct store *st, struct arena *a, struct map *to, uint64_t **ret, size_t *ret_n,
                   struct diag *d)
{
    VEC(uint64_t) ids = {0};
    struct stmt *s = stmt_get(st, "policy_ids", d);
    enum stmt_answer rc = s && stmt_run(s, d) == 0 ? STMT_ROW : STMT_FAILED;
    while (rc == STMT_ROW && (rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &ids) = stmt_col_uint(s, 0);
    for (size_t i = 0; rc == STMT_END && i < ids.n; i++) {
        struct sha256_digest *is = ARENA_NEW(a, struct sha256_digest);
        if (fact_rows_policy(st, ids.v[i], is, d) != 0)
            return -1;
        map_put(to, ids_key(a, &ids.v[i], sizeof ids.v[i]), is);
    }
    *ret = ids.v;
    *ret_n = ids.n;
    return rc;
}

/* "AGENT POLICY[/PROFILE] TIME rREVISION" */
static struct str
scan_text(struct store *st, const struct digest_scan *s, struct arena *a, struct diag *d)
{
    const struct policy_version *p = policy_load(st, s->policy_id, d);
    struct str agent = utf8_fit(a, s->agent, TEXT), profile = utf8_fit(a, s->profile, TEXT),
               policy = utf8_fit(a, p ? p->id : STR("?"), TEXT);
    return arena_fmt(a, "%.*s %.*s%s%.*s %s r%lld", STR_ARG(agent), STR_ARG(policy),
                     profile.len ? "/" : "", STR_ARG(profile), clock_iso(a, s->scanned_at).s,
                     (long long)s->revision);
}

/* A row whose policy version is not known yet needs another statement: so the row is kept. */
struct scan_copy {
    enum fact_kind kind;
    uint64_t agent_id;
    struct digest_scan s;
};

typedef VEC(struct scan_copy) scan_copies;

static void
copy_scan(const struct stmt *q, enum fact_kind kind, struct arena *a, scan_copies *to)
{
    struct scan_copy *c = VEC_PUSH(a, to);
    c->kind = kind;
    c->agent_id = stmt_col_uint(q, FS_AGENT);
    fact_rows_scan(q, &c->s);
    c->s.agent = stmt_col_str(q, FS_NAME, a);
    struct str *const texts[] = {&c->s.profile, &c->s.format, &c->s.engine, &c->s.vec, &c->s.said};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_str(a, *texts[i]);
}

static int
select_scans(struct store *st, enum fact_kind kind, const struct fact_item *const *items, size_t n,
             struct arena *a, scan_copies *to, struct diag *d)
{
    struct stmt *q = stmt_get(st, kind == FACT_SCAN ? "fact_scans_at" : "fact_revisions_at", d);
    assert(n > 0 && n <= MANY_SCANS);
    if (!q)
        return -1;
    for (size_t i = 0; i < MANY_SCANS; i++) {
        const struct fact_item *it = items[i < n ? i : 0];
        stmt_uint(q, it->id);
        stmt_uint(q, it->line_id);
        stmt_time(q, it->end);
    }
    if (stmt_run(q, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(q, d)) == STMT_ROW)
        copy_scan(q, kind, a, to);
    return rc;
}

static int
digest_copies(struct store *st, const scan_copies *l, struct arena *a, fact_list *ret,
              struct diag *d)
{
    for (size_t i = 0; i < l->n; i++) {
        struct digest_scan *s = &l->v[i].s;
        struct sha256_digest policy;
        uint64_t id = s->policy_id;
        if (fact_rows_policy(st, id, &policy, d) != 0)
            return -1;
        s->policy = &policy;
        struct fact *f =
            add_fact(a, ret, l->v[i].kind, fact_rows_scan_key(l->v[i].kind, l->v[i].agent_id, s));
        f->digest = digest_scan(s);
        f->policy_id = id;
        f->text = scan_text(st, s, a, d);
    }
    return diag_failed(d) ? -1 : 0;
}

static int
read_scans(struct store *st, const struct fact_item *const *items, size_t n, struct arena *a,
           fact_list *ret, struct diag *d)
{
    scan_copies copies = {0};
    for (size_t i = 0; i < n; i += MANY_SCANS) {
        size_t k = n - i < MANY_SCANS ? n - i : MANY_SCANS;
        if (select_scans(st, FACT_SCAN, items + i, k, a, &copies, d) != 0 ||
            select_scans(st, FACT_REVISION, items + i, k, a, &copies, d) != 0)
            return -1;
    }
    return digest_copies(st, &copies, a, ret, d);
}

/* ---- inputs ---- */

void
fact_rows_input(const struct stmt *s, struct store_input *ret)
{
    *ret = (struct store_input){.name = stmt_col_view(s, 1),
                                .format = stmt_col_view(s, 2),
                                .verdict = stmt_col_view(s, 3),
                                .reason = stmt_col_view(s, 4),
                                .host = stmt_col_view(s, 5),
                                .size = stmt_col_int(s, 6),
                                .received = stmt_col_time(s, 7),
                                .n_scans = stmt_col_int(s, 8),
                                .custody = stmt_col_view(s, 9)};
    stmt_col_bytes(s, 0, ret->sha256.b, SHA256_SIZE);
}

static struct stmt *
run_hashes(struct store *st, const char *name, const struct fact_item *const *items, size_t n,
           struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    assert(n > 0 && n <= MANY);
    if (!s)
        return NULL;
    for (size_t i = 0; i < MANY; i++)
        stmt_bytes(s, items[i < n ? i : 0]->sha256.b, SHA256_SIZE);
    return stmt_run(s, d) == 0 ? s : NULL;
}

struct warnings_of { /* a file */
    struct sha256 *h;
    struct sha256_digest digest;
};

/* Rows of warnings come file by file, in their order. */
static int
read_warnings(struct store *st, const struct fact_item *const *items, size_t n, struct arena *a,
              struct map *to, struct diag *d)
{
    struct stmt *s = run_hashes(st, "fact_warnings_at", items, n, d);
    enum stmt_answer rc = s ? STMT_END : STMT_FAILED;
    struct warnings_of *w = NULL;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        struct str file = stmt_col_view(s, 0);
        w = map_get(to, file);
        if (!w) {
            w = ARENA_NEW(a, struct warnings_of);
            w->h = digest_warnings();
            map_put(to, arena_str(a, file), w);
        }
        digest_warning(w->h, stmt_col_view(s, 1), stmt_col_view(s, 2), stmt_col_view(s, 3));
    }
    for (size_t i = 0; i < n; i++) { /* two items never name the same file */
        w = map_get(to, str_n((const char *)items[i]->sha256.b, SHA256_SIZE));
        if (w)
            w->digest = sha256_final(w->h);
    }
    return rc;
}

static int
read_some_inputs(struct store *st, const struct fact_item *const *items, size_t n, struct arena *a,
                 fact_list *ret, struct diag *d)
{
    struct map *warnings = map_new(a);
    struct sha256_digest none = sha256_final(digest_warnings());
    if (read_warnings(st, items, n, a, warnings, d) != 0)
        return -1;
    struct stmt *s = run_hashes(st, "fact_inputs_at", items, n, d);
    enum stmt_answer rc = s ? STMT_END : STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        struct digest_input i;
        fact_rows_input(s, &i.in);
        const struct warnings_of *w = map_get(warnings, stmt_col_view(s, 0));
        i.warnings = w ? w->digest : none;
        struct fact *f = add_fact(a, ret, FACT_INPUT, fact_key_input(i.in.received, &i.in.sha256));
        f->digest = digest_input(&i);
        f->text =
            arena_fmt(a, "%.*s %.*s", STR_ARG(i.in.verdict), STR_ARG(utf8_fit(a, i.in.name, TEXT)));
    }
    return rc;
}

static int
read_inputs(struct store *st, const struct fact_item *const *items, size_t n, struct arena *a,
            fact_list *ret, struct diag *d)
{
    for (size_t i = 0; i < n; i += MANY)
        if (read_some_inputs(st, items + i, n - i < MANY ? n - i : MANY, a, ret, d) != 0)
            return -1;
    return 0;
}

/* ---- one row at a time ---- */

static int
read_enrolment(struct store *st, const struct fact_item *it, struct arena *a, fact_list *ret,
               struct diag *d)
{
    uint64_t id = ids_agent(it->name);
    struct store_enrolment e = {0};
    struct stmt *s = stmt_get(st, "fact_enrolment", d);
    if (!s)
        return -1;
    stmt_uint(s, id);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    e.name = stmt_col_str(s, 0, a);
    e.frozen = stmt_col_int(s, 1) != 0;
    if (!(s = stmt_get(st, "fact_aliases", d)))
        return -1;
    stmt_uint(s, id);
    if (stmt_run(s, d) != 0)
        return -1;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &e.aliases) = stmt_col_str(s, 0, a);
    struct fact *f = add_fact(a, ret, FACT_ENROLMENT, fact_key_name(it->name, STR("")));
    f->digest = digest_enrolment(&e);
    f->text = utf8_fit(a, it->name, TEXT);
    return rc;
}

static int
read_setting(struct store *st, const struct fact_item *it, struct arena *a, fact_list *ret,
             struct diag *d)
{
    struct stmt *s = stmt_get(st, "setting_load", d);
    if (!s)
        return -1;
    stmt_str(s, it->name);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    struct fact *f = add_fact(a, ret, FACT_SETTING, fact_key_name(it->name, STR("")));
    f->digest = digest_setting(it->name, stmt_col_view(s, 0));
    f->text = utf8_fit(a, it->name, TEXT);
    return 0;
}

static int
read_run(struct store *st, const struct fact_item *it, struct arena *a, fact_list *ret,
         struct diag *d)
{
    struct stmt *s = stmt_get(st, "fact_run", d);
    if (!s)
        return -1;
    stmt_str(s, it->name);
    stmt_str(s, it->second);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    struct store_run r = {.definition = it->name,
                          .period_key = it->second,
                          .state = stmt_col_view(s, 0),
                          .report_id = stmt_col_view(s, 1),
                          .dataset_hex = stmt_col_view(s, 2),
                          .manifest_hex = stmt_col_view(s, 3)};
    struct fact *f = add_fact(a, ret, FACT_RUN, fact_key_name(it->name, it->second));
    f->digest = digest_run(&r);
    f->text = arena_fmt(a, "%.*s %.*s %.*s", STR_ARG(utf8_fit(a, it->name, TEXT)),
                        STR_ARG(it->second), STR_ARG(r.state));
    return 0;
}

static int
read_cursor(struct store *st, const struct fact_item *it, struct arena *a, fact_list *ret,
            struct diag *d)
{
    struct stmt *s = stmt_get(st, "fact_cursor", d);
    if (!s)
        return -1;
    stmt_str(s, it->name);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    int64_t told = stmt_col_int(s, 0);
    struct fact *f = add_fact(a, ret, FACT_CURSOR, fact_key_name(it->name, STR("")));
    f->digest = digest_cursor(it->name, told);
    f->text = arena_fmt(a, "%.*s %lld", STR_ARG(utf8_fit(a, it->name, TEXT)), (long long)told);
    return 0;
}

static int
read_policy(struct store *st, const struct fact_item *it, struct arena *a, fact_list *ret,
            struct diag *d)
{
    const struct policy_version *p = policy_load(st, it->id, d);
    if (!p)
        return diag_failed(d) ? -1 : 0;
    struct fact *f = add_fact(a, ret, FACT_POLICY, fact_key_id(it->id));
    f->digest = p->digest;
    f->text = arena_fmt(a, "%.*s %.*s", STR_ARG(utf8_fit(a, p->id, TEXT)),
                        STR_ARG(utf8_fit(a, p->version, TEXT)));
    return 0;
}

static int
read_month(struct store *st, const struct fact_item *it, struct arena *a, fact_list *ret,
           struct diag *d)
{
    struct month_close c;
    int rc = month_load_close(st, it->month, it->chunk, &c, d);
    if (rc != STMT_ROW)
        return rc;
    struct fact *f = add_fact(a, ret, FACT_MONTH, month_key(it->month, it->chunk));
    f->digest = month_digest(&c);
    f->text = month_text(it->month, it->chunk, a);
    return 0;
}

typedef int fact_read_fn(struct store *st, const struct fact_item *it, struct arena *a,
                         fact_list *ret, struct diag *d);

static fact_read_fn *const readers[FACT__END] = {[FACT_POLICY] = read_policy,
                                                 [FACT_ENROLMENT] = read_enrolment,
                                                 [FACT_SETTING] = read_setting,
                                                 [FACT_RUN] = read_run,
                                                 [FACT_CURSOR] = read_cursor,
                                                 [FACT_MONTH] = read_month};

/* ---- all of them ---- */

int
fact_rows_read(struct store *st, const struct fact_item *const *items, size_t n, struct arena *a,
               fact_list *ret, struct diag *d)
{
    const struct fact_item **scans = ARENA_ARRAY(a, const struct fact_item *, n + 1),
                           **inputs = ARENA_ARRAY(a, const struct fact_item *, n + 1);
    size_t n_scans = 0, n_inputs = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fact_item *it = items[i];
        if (it->kind == FACT_SCAN)
            scans[n_scans++] = it;
        else if (it->kind == FACT_INPUT)
            inputs[n_inputs++] = it;
        else if (readers[it->kind] && readers[it->kind](st, it, a, ret, d) != 0)
            return -1;
    }
    return read_scans(st, scans, n_scans, a, ret, d) == 0
               ? read_inputs(st, inputs, n_inputs, a, ret, d)
               : -1;
}

int
facts_look(struct store *st, struct diag *d)
{
    struct facts *f = st->facts;
    size_t n = 0;
    if (fact_agents_look(st, d) != 0)
        return -1;
    if (!f)
        return 0;
    const struct fact_item **items = ARENA_ARRAY(f->a, const struct fact_item *, f->items.n + 1);
    for (size_t i = 0; i < f->items.n; i++) {
        if (f->items.v[i].is_new)
            continue;
        items[n++] = &f->items.v[i];
        f->items.v[i].is_new = true;
    }
    return fact_rows_read(st, items, n, f->a, &f->before, d);
}

int
fact_rows_touch_scan(struct store *st, const struct scan_place *at, bool is_new, struct diag *d)
{
    const struct fact_item item = {.kind = FACT_SCAN,
                                   .id = at->agent_id,
                                   .line_id = at->line_id,
                                   .end = at->end,
                                   .is_new = is_new};
    facts_touch(st, &item);
    return is_new ? 0 : facts_look(st, d);
}
