/* What scans need before they can be stored: policy versions, evidence, detail sets and their bases, groups, agents
 * and the rows that writers lock. All of it is INSERT IGNORE of rows that never change, in short
 * transactions of its own; rows that are known to be there (seen.c) are not sent again. Before
 * scans.c. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "store/bulk.h"
#include "store/delta.h"
#include "store/detail_base.h"
#include "store/fold.h"
#include "store/lock.h"
#include "store/scan_row.h"
#include "store/seen.h"
#include "store/stmt.h"

enum {
    TRIES = 8,
    FLUSH_BYTES = 4 << 20,
    FLUSH_ARENA = 16 << 20,
    FLUSH_ROWS = 500,
    MAX_NAME = 255,
    MANY = 40 /* parameters of current_many */
};

/* First and last second of a DATETIME that every server takes. */
static const int64_t first_time = 0, last_time = 253402300799;

struct need_text { /* evidence */
    struct seen_key key;
    struct hash16 hash;
    struct str body;
};

struct need_details { /* a detail set, which has its hash */
    struct seen_key key;
    struct detail_row row;
};

struct need_group {
    uint64_t id;
    struct str name;
};

struct need_agent { /* and its line */
    uint64_t id, line_id, group_id;
    struct str name, alias;
    int64_t seen;
    bool is_there;
};

struct needs {
    struct arena *a;
    VEC(struct need_text) evidence;
    VEC(const struct detail_base *) bases;
    VEC(struct need_details) details;
    VEC(struct need_group) groups;
    VEC(struct need_agent) agents;
    struct map *mine; /* keys of the above */
    size_t bytes;
};

/* ---- collecting ---- */

/* False when the row is there, or needed already; else it counts as needed from now on. */
static bool
is_needed(const struct store *st, struct needs *n, const struct seen_key *key)
{
    struct str k = str_n((const char *)key->b, sizeof key->b);
    if (seen_has(st, key) || map_get_index(n->mine, k) >= 0)
        return false;
    map_put_index(n->mine, arena_str(n->a, k), 0);
    return true;
}

/* Texts that the set does not have itself. */
static void
need_evidence(struct store *st, struct needs *n, const struct detail_form *set)
{
    for (size_t i = 0; i < set->n_pos; i++) {
        const struct detail_text *t = set->at[i];
        if (!t || t->kind != DETAIL_NAMED)
            continue;
        struct seen_key key = seen_key_hash(SEEN_EVIDENCE, &t->hash);
        if (!is_needed(st, n, &key))
            continue;
        *VEC_PUSH(n->a, &n->evidence) = (struct need_text){key, t->hash, t->evidence};
        n->bytes += t->evidence.len;
    }
}

/* What stands in a set that is there stands in it, or is there, too. */
static int
need_details(struct store *st, struct needs *n, const struct fold *f, struct diag *d)
{
    struct seen_key key = seen_key_hash(SEEN_DETAILS, &f->details.hash);
    const struct detail_base *fresh;
    struct detail_form set;
    if (!f->details.records.len || !is_needed(st, n, &key))
        return 0;
    struct need_details *need = VEC_PUSH(n->a, &n->details);
    need->key = key;
    detail_spell_fold(f, n->a, &set);
    if (detail_base_pack(st, f->policy->policy_id, &f->details, &set, true, n->a, &need->row,
                         &fresh, d) != 0)
        return -1;
    if (fresh)
        *VEC_PUSH(n->a, &n->bases) = fresh;
    n->bytes += need->row.records.len + need->row.words.len + (fresh ? fresh->body.len : 0);
    need_evidence(st, n, &set);
    return 0;
}

static void
need_agent(struct store *st, struct needs *n, const struct scan *s)
{
    struct str group = utf8_fit(n->a, s->asset.group, MAX_NAME);
    uint64_t id = ids_agent(s->asset.name), line_id = ids_line(&s->policy);
    uint64_t group_id = ids_group(group);
    struct seen_key group_key = seen_key_ids(SEEN_GROUP, group_id, 0);
    struct seen_key agent_key = seen_key_ids(SEEN_AGENT, id, line_id);
    if (is_needed(st, n, &group_key))
        *VEC_PUSH(n->a, &n->groups) = (struct need_group){.id = group_id, .name = group};
    if (is_needed(st, n, &agent_key))
        *VEC_PUSH(n->a, &n->agents) =
            (struct need_agent){.id = id,
                                .line_id = line_id,
                                .group_id = group_id,
                                .name = s->asset.name,
                                .alias = utf8_fit(n->a, s->asset.alias, MAX_NAME),
                                .seen = scan_row_seen(s->end)};
}

/* ---- what is there already ---- */

static int
by_agent_line(const void *a, const void *b)
{
    const struct need_agent *p = a, *q = b;
    if (p->id != q->id)
        return p->id < q->id ? -1 : 1;
    return p->line_id < q->line_id ? -1 : p->line_id > q->line_id;
}

/* Looks for up to MANY agents and marks those that have their line. */
static int
find_some(struct store *st, struct need_agent *v, size_t n, struct diag *d)
{
    struct stmt *s = stmt_get(st, "current_many", d);
    assert(n > 0 && n <= MANY);
    if (!s)
        return -1;
    for (size_t i = 0; i < MANY; i++)
        stmt_uint(s, v[i < n ? i : 0].id);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct need_agent key = {.id = stmt_col_uint(s, 0), .line_id = stmt_col_uint(s, 1)};
        struct need_agent *found = bsearch(&key, v, n, sizeof *v, by_agent_line);
        if (found)
            found->is_there = true;
    }
    return rc;
}

/* ---- putting ---- */

_Static_assert(offsetof(struct need_text, key) == 0 && offsetof(struct need_details, key) == 0,
               "rows that are named by a hash begin with their key");

static int
by_key(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct seen_key));
}

/* In the order of the key: of two writers of the same texts one waits for the other, and never each
 * for the other. */
static int
put_evidence(struct store *st, struct needs *n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_evidence");
    if (n->evidence.n)
        qsort(n->evidence.v, n->evidence.n, sizeof *n->evidence.v, by_key);
    for (size_t i = 0; i < n->evidence.n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_bytes(&b, n->evidence.v[i].hash.b, sizeof n->evidence.v[i].hash.b);
        bulk_str(&b, n->evidence.v[i].body);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
by_name(const void *a, const void *b)
{
    const struct detail_base *const *p = a, *const *q = b;
    return memcmp((*p)->hash.b, (*q)->hash.b, sizeof(*p)->hash.b);
}

static int
put_bases(struct store *st, struct needs *n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_detail_base");
    if (n->bases.n)
        qsort(n->bases.v, n->bases.n, sizeof *n->bases.v, by_name);
    for (size_t i = 0; i < n->bases.n && !diag_failed(d); i++) {
        detail_base_put(&b, n->bases.v[i]);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

/* In the order of the key, too. */
static int
put_details(struct store *st, struct needs *n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_detail_set");
    if (n->details.n)
        qsort(n->details.v, n->details.n, sizeof *n->details.v, by_key);
    for (size_t i = 0; i < n->details.n && !diag_failed(d); i++) {
        detail_row_put(&b, &n->details.v[i].row);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_groups(struct store *st, const struct needs *n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_group");
    for (size_t i = 0; i < n->groups.n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_uint(&b, n->groups.v[i].id);
        bulk_str(&b, n->groups.v[i].name);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_agents(struct store *st, const struct needs *n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_agent");
    for (size_t i = 0; i < n->agents.n && !diag_failed(d); i++) {
        const struct need_agent *ag = &n->agents.v[i];
        if (ag->is_there)
            continue;
        bulk_row(&b);
        bulk_uint(&b, ag->id);
        bulk_str(&b, ag->name);
        bulk_str(&b, ag->alias);
        bulk_uint(&b, ag->group_id);
        bulk_time(&b, ag->seen);
        bulk_time(&b, -1); /* before 1970: it is none until a scan is stored */
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_lines(struct store *st, const struct needs *n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_current");
    for (size_t i = 0; i < n->agents.n && !diag_failed(d); i++) {
        if (n->agents.v[i].is_there)
            continue;
        bulk_row(&b);
        bulk_uint(&b, n->agents.v[i].id);
        bulk_uint(&b, n->agents.v[i].line_id);
        bulk_time(&b, NO_SCAN_YET);
        bulk_uint(&b, 0);
        bulk_uint(&b, 0);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

/* Only what was committed is known to be there. */
static void
remember_rows(struct store *st, const struct needs *n)
{
    for (size_t i = 0; i < n->evidence.n; i++)
        seen_add(st, &n->evidence.v[i].key);
    for (size_t i = 0; i < n->details.n; i++)
        seen_add(st, &n->details.v[i].key);
    for (size_t i = 0; i < n->groups.n; i++) {
        struct seen_key k = seen_key_ids(SEEN_GROUP, n->groups.v[i].id, 0);
        seen_add(st, &k);
    }
    for (size_t i = 0; i < n->agents.n; i++) {
        struct seen_key k = seen_key_ids(SEEN_AGENT, n->agents.v[i].id, n->agents.v[i].line_id);
        seen_add(st, &k);
    }
}

static int
put_rows(struct store *st, struct needs *n, struct diag *d)
{
    /* a plain look first: inserting what is there would wait for those who write to it */
    if (n->agents.n)
        qsort(n->agents.v, n->agents.n, sizeof *n->agents.v, by_agent_line);
    for (size_t i = 0; i < n->agents.n; i += MANY) {
        size_t rest = n->agents.n - i;
        if (find_some(st, n->agents.v + i, rest < MANY ? rest : MANY, d) != 0)
            return -1;
    }
    bool complete = !n->evidence.n && !n->details.n && !n->groups.n;
    for (size_t i = 0; i < n->agents.n; i++)
        complete = complete && n->agents.v[i].is_there;
    if (complete)
        return 0;
    if (store_begin(st, d) != 0 || put_evidence(st, n, d) != 0 || put_bases(st, n, d) != 0 ||
        put_details(st, n, d) != 0 || put_groups(st, n, d) != 0 || put_agents(st, n, d) != 0 ||
        put_lines(st, n, d) != 0)
        return -1;
    return store_commit(st, d);
}

/* Again when the server asks for it: nothing of it changes by being done twice. */
static int
put_needs(struct store *st, struct needs *n, struct diag *d)
{
    for (int i = 1; put_rows(st, n, d) != 0; i++) {
        store_rollback(st);
        if (d->first.code != DIAG_RETRY || i == TRIES)
            return -1;
        diag_clear(d);
    }
    remember_rows(st, n);
    return 0;
}

/* ---- scan by scan ---- */

static int
check_scan(const struct scan *s, struct diag *d)
{
    if (s->asset.name.len == 0 || s->asset.name.len > MAX_NAME)
        return diag_fail(d, DIAG_BAD_DATA, "the name of an asset has %zu bytes, want 1 to %d",
                         s->asset.name.len, MAX_NAME);
    if (s->policy.id.len > MAX_NAME || s->policy.version.len > MAX_NAME)
        return diag_fail(d, DIAG_BAD_DATA, "id or version of a policy has more than %d bytes",
                         MAX_NAME);
    if (s->end < first_time || s->end > last_time)
        return diag_fail(d, DIAG_BAD_DATA, "the time of a scan is missing or out of range");
    return 0;
}

static int
collect_needs(struct store *st, const struct scan *s, struct needs *n, struct diag *d)
{
    struct scan whole = *s;
    struct fold f;
    if (check_scan(s, d) != 0 || (s->delta && delta_merge(st, s, n->a, &whole, d) != 0))
        return -1;
    const struct policy_match *m = policy_put(st, &whole, d);
    if (!m)
        return -1;
    fold_scan(&whole, m, n->a, &f);
    if (need_details(st, n, &f, d) != 0)
        return -1;
    need_agent(st, n, &whole);
    /* the version that both parts of a scan have together; their texts are there */
    bool is_sum;
    struct scan sum;
    if (delta_complete(st, s, n->a, &sum, &is_sum, d) != 0)
        return -1;
    return is_sum && !policy_put(st, &sum, d) ? -1 : 0;
}

/* Where preparing is: a scan of a file. */
struct position {
    size_t file, scan;
};

/* Prepares as many scans as fit one transaction and moves *at on; on failure that is the scan it
 * happened at. */
static int
prepare_some(struct store *st, const struct scan_file *const *files, size_t n_files,
             struct position *at, struct diag *d)
{
    struct needs n = {.a = arena_new()};
    size_t n_scans = 0;
    int rc = 0;
    n.mine = map_new(n.a);
    while (rc == 0 && at->file < n_files && n.bytes < FLUSH_BYTES &&
           arena_used(n.a) < FLUSH_ARENA && n_scans < FLUSH_ROWS) {
        const struct scan_file *f = files[at->file];
        if (at->scan == f->scans.n) {
            *at = (struct position){.file = at->file + 1};
            continue;
        }
        rc = collect_needs(st, &f->scans.v[at->scan], &n, d);
        at->scan += rc == 0;
        n_scans++;
    }
    if (rc == 0)
        rc = put_needs(st, &n, d);
    if (rc != 0) /* bases that were made are not there */
        detail_bases_forget(st);
    arena_free(n.a);
    return rc;
}

int
store_prepare(struct store *st, const struct scan_file *const *files, size_t n, size_t *ret_at,
              struct diag *d)
{
    struct position at = {0};
    struct sha256_digest last;
    int64_t size;
    *ret_at = n; /* the fault of no file */
    /* what is put from now on is swept by nobody unless the head of the log says so later */
    if (!st->knows_swept && store_audit_size(st, &size, &last, d) != 0)
        return -1;
    int rc = 0;
    st->is_unprepared = false;
    policy_make_room(st);
    detail_bases_make_room(st);
    while (rc == 0 && at.file < n)
        rc = prepare_some(st, files, n, &at, d);
    *ret_at = at.file;
    return rc;
}
