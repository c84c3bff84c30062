/* Policy versions: found by content, reused, or stored with their checks and texts once. Behind
 * scans.c, which needs the order of a policy's checks for every vector. */
#include "store/policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "store/bulk.h"
#include "store/category.h"
#include "store/digest.h"
#include "store/stmt.h"

enum { MAX_TITLE = 1020, MAX_ID = 510, MAX_NAME = 255, MAX_LIST = 8 << 20 };

static struct str
lines_of(const struct str *v, size_t n, struct arena *a)
{
    AUTO_BUF b = buf_init(MAX_LIST);
    for (size_t i = 0; i < n; i++) {
        buf_str(&b, v[i]);
        buf_putc(&b, '\n');
    }
    return arena_str(a, buf_view(&b));
}

static struct hash16
text_hash(const struct scan_check *c)
{
    struct hash16 h;
    struct sha256 *s = sha256_new();
    const struct str texts[] = {c->id,           c->key,         c->title,
                                c->own_category, c->description, c->rationale,
                                c->remediation,  c->impact,      STR("")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        sha256_add_field(s, texts[i]);
    for (size_t i = 0; i < c->mappings.n; i++) {
        sha256_add_field(s, c->mappings.v[i].framework);
        sha256_add_field(s, c->mappings.v[i].edition);
        sha256_add_field(s, c->mappings.v[i].control);
    }
    for (size_t i = 0; i < c->idents.n; i++)
        sha256_add_field(s, c->idents.v[i]);
    for (size_t i = 0; i < c->references.n; i++)
        sha256_add_field(s, c->references.v[i]);
    char severity = (char)c->severity;
    sha256_add(s, &severity, 1);
    if (c->section.len) /* texts without one keep the hash they had before there were sections */
        sha256_add_field(s, c->section);
    struct sha256_digest d = sha256_final(s);
    memcpy(h.b, d.b, sizeof h.b);
    return h;
}

struct check_at {
    struct hash16 check;
    size_t pos;
};

static int
by_check(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct hash16));
}

size_t *
policy_sort(const struct hash16 *checks, size_t n, struct arena *a)
{
    struct check_at *all = ARENA_ARRAY(a, struct check_at, n + 1);
    size_t *sorted = ARENA_ARRAY(a, size_t, n + 1);
    for (size_t i = 0; i < n; i++)
        all[i] = (struct check_at){checks[i], i};
    qsort(all, n, sizeof *all, by_check);
    for (size_t i = 0; i < n; i++)
        sorted[i] = all[i].pos;
    return sorted;
}

static void
index_checks(struct store *st, struct policy_version *p)
{
    assert(!map_get(st->policies, str_n((const char *)&p->policy_id, sizeof p->policy_id)));
    p->pos = map_new(st->arena);
    for (size_t i = 0; i < p->n; i++)
        map_put_index(p->pos, str_n((const char *)p->checks[i].b, sizeof p->checks[i].b), i);
    p->sorted = policy_sort(p->checks, p->n, st->arena);
    p->digest = digest_policy(p->id, p->version, p->title, p->checks, p->texts, p->n);
    map_put(st->policies, ids_key(st->arena, &p->policy_id, sizeof p->policy_id), p);
}

/* ---- reading ---- */

static int
load_checks(struct store *st, struct policy_version *p, struct diag *d)
{
    struct stmt *s = stmt_get(st, "policy_checks", d);
    if (!s)
        return -1;
    stmt_uint(s, p->policy_id);
    if (stmt_run(s, d) != 0)
        return -1;
    p->checks = ARENA_ARRAY(st->arena, struct hash16, p->n);
    p->texts = ARENA_ARRAY(st->arena, struct hash16, p->n);
    p->severities = ARENA_ARRAY(st->arena, enum severity, p->n);
    size_t n = 0;
    enum stmt_answer rc;
    for (; (rc = stmt_next(s, d)) == STMT_ROW && n < p->n; n++) {
        stmt_col_bytes(s, 0, p->checks[n].b, sizeof p->checks[n].b);
        stmt_col_bytes(s, 1, p->texts[n].b, sizeof p->texts[n].b);
        p->severities[n] = (enum severity)stmt_col_int(s, 2);
    }
    if (rc < 0)
        return -1;
    if (n != p->n)
        return diag_fail(d, DIAG_INTERNAL, "policy %llu has %zu of %zu checks",
                         (unsigned long long)p->policy_id, n, p->n);
    index_checks(st, p);
    return 0;
}

struct policy_version *
policy_load(struct store *st, uint64_t policy_id, struct diag *d)
{
    struct policy_version *p =
        map_get(st->policies, str_n((const char *)&policy_id, sizeof policy_id));
    if (p)
        return p;
    struct stmt *s = stmt_get(st, "policy_load", d);
    if (!s)
        return NULL;
    stmt_uint(s, policy_id);
    if (stmt_first(s, d) != STMT_ROW)
        return NULL;
    p = ARENA_NEW(st->arena, struct policy_version);
    p->policy_id = policy_id;
    p->id = stmt_col_str(s, 0, st->arena);
    p->version = stmt_col_str(s, 1, st->arena);
    p->title = stmt_col_str(s, 2, st->arena);
    p->n = (size_t)stmt_col_int(s, 3);
    return load_checks(st, p, d) == 0 ? p : NULL;
}

/* Lines back into a list. */
static void
split_lines(struct str text, struct arena *a, struct scan_check *c, bool idents)
{
    while (text.len) {
        struct str line = str_cut(&text, '\n');
        if (idents)
            *VEC_PUSH(a, &c->idents) = line;
        else
            *VEC_PUSH(a, &c->references) = line;
    }
}

static void
read_check(const struct stmt *s, bool with_texts, struct arena *a, struct scan_check *c)
{
    c->id = stmt_col_str(s, 0, a);
    c->key = stmt_col_str(s, 1, a);
    c->title = stmt_col_str(s, 2, a);
    c->own_category = stmt_col_str(s, 3, a);
    c->severity = (enum severity)stmt_col_int(s, 4);
    c->category = stmt_col_str(s, 5, a);
    c->category_source = stmt_col_str(s, 6, a);
    c->section = stmt_col_str(s, 7, a);
    c->description = c->rationale = c->remediation = c->impact = STR("");
    if (!with_texts)
        return;
    c->description = stmt_col_str(s, 8, a);
    c->rationale = stmt_col_str(s, 9, a);
    c->remediation = stmt_col_str(s, 10, a);
    c->impact = stmt_col_str(s, 11, a);
    split_lines(stmt_col_str(s, 12, a), a, c, true);
    split_lines(stmt_col_str(s, 13, a), a, c, false);
}

static int
load_mappings(struct store *st, uint64_t policy_id, struct arena *a, struct scan_check *checks,
              size_t n, struct diag *d)
{
    struct stmt *s = stmt_get(st, "policy_mappings", d);
    if (!s)
        return -1;
    stmt_uint(s, policy_id);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        size_t pos = (size_t)stmt_col_int(s, 0);
        if (pos >= n)
            continue;
        *VEC_PUSH(a, &checks[pos].mappings) =
            (struct scan_mapping){.framework = stmt_col_str(s, 1, a),
                                  .edition = stmt_col_str(s, 2, a),
                                  .control = stmt_col_str(s, 3, a)};
    }
    return rc;
}

int
policy_load_checks(struct store *st, uint64_t policy_id, bool with_texts, struct arena *a,
                   struct scan_check **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct scan_check) checks = {0};
    struct stmt *s = stmt_get(st, "policy_texts", d);
    if (!s)
        return -1;
    stmt_uint(s, policy_id);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        read_check(s, with_texts, a, VEC_PUSH(a, &checks));
    if (rc < 0 || (with_texts && load_mappings(st, policy_id, a, checks.v, checks.n, d) != 0))
        return -1;
    *ret = checks.v;
    *ret_n = checks.n;
    return 0;
}

int
store_load_policy_checks(struct store *st, uint64_t policy_id, struct arena *a,
                         struct scan_check **ret, size_t *ret_n, struct diag *d)
{
    return policy_load_checks(st, policy_id, true, a, ret, ret_n, d);
}

/* ---- names: what a check is called in every version of its policy ---- */

static struct str
check_key(const struct scan_check *c)
{
    return c->key.len ? c->key : c->id;
}

/* Keys that more than one check has, or that are the id of another, tell nothing apart. */
static struct map *
useless_keys(const struct scan *s, struct arena *a)
{
    struct map *ids = map_new(a), *seen = map_new(a), *useless = map_new(a);
    for (size_t i = 0; i < s->checks.n; i++)
        map_put_index(ids, s->checks.v[i].id, i);
    for (size_t i = 0; i < s->checks.n; i++) {
        struct str key = check_key(&s->checks.v[i]);
        long owner = map_get_index(ids, key);
        if ((owner >= 0 && (size_t)owner != i) || map_get_index(seen, key) >= 0)
            map_put_index(useless, key, i);
        map_put_index(seen, key, i);
    }
    return useless;
}

/* The stable key, so that a rule of a STIG is the same rule in its next release; else the id. */
static struct hash16 *
name_checks(const struct scan *s, struct arena *a)
{
    struct hash16 *names = ARENA_ARRAY(a, struct hash16, s->checks.n + 1);
    bool has_keys = false;
    for (size_t i = 0; i < s->checks.n && !has_keys; i++)
        has_keys = !str_eq(check_key(&s->checks.v[i]), s->checks.v[i].id);
    const struct map *useless = has_keys ? useless_keys(s, a) : NULL;
    for (size_t i = 0; i < s->checks.n; i++) {
        struct str key = check_key(&s->checks.v[i]);
        bool serves = useless && map_get_index(useless, key) < 0;
        names[i] = ids_hash16(serves ? key : s->checks.v[i].id);
    }
    return names;
}

static long
find_name(const struct policy_version *p, const struct hash16 *name)
{
    return map_get_index(p->pos, str_n((const char *)name->b, sizeof name->b));
}

size_t *
policy_positions(const struct policy_version *p, const struct scan *s, struct arena *a)
{
    size_t *at = ARENA_ARRAY(a, size_t, s->checks.n + 1);
    const struct hash16 *names = name_checks(s, a);
    for (size_t i = 0; i < s->checks.n; i++) {
        struct hash16 id = ids_hash16(s->checks.v[i].id);
        long pos = find_name(p, &id);
        if (pos < 0)
            pos = find_name(p, &names[i]);
        at[i] = pos < 0 ? SIZE_MAX : (size_t)pos;
    }
    return at;
}

/* ---- reuse: a scan that brings ids only takes a version that has them all ---- */

static bool
has_all(const struct policy_version *p, const struct scan *s)
{
    struct arena *a = arena_new();
    const size_t *at = policy_positions(p, s, a);
    size_t n = 0;
    while (n < s->checks.n && at[n] != SIZE_MAX)
        n++;
    arena_free(a);
    return n == s->checks.n;
}

static struct policy_version *
find_superset(struct store *st, const struct scan *s, struct diag *d)
{
    uint64_t ids[64];
    size_t n = 0;
    struct stmt *q = stmt_get(st, "policy_versions", d);
    if (!q)
        return NULL;
    stmt_str(q, s->policy.id);
    stmt_str(q, s->policy.version);
    if (stmt_run(q, d) != 0)
        return NULL;
    while (n < sizeof ids / sizeof *ids && stmt_next(q, d) == STMT_ROW)
        ids[n++] = stmt_col_uint(q, 0);
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        struct policy_version *p = policy_load(st, ids[i], d);
        if (p && has_all(p, s))
            return p;
    }
    return NULL;
}

/* ---- writing ---- */

static int
put_texts(struct store *st, const struct scan *s, const struct hash16 *texts, struct diag *d)
{
    struct arena *a = d->arena;
    struct bulk b = bulk_begin(st, "bulk_check_text");
    for (size_t i = 0; i < s->checks.n && !diag_failed(d); i++) {
        const struct scan_check *c = &s->checks.v[i];
        bulk_row(&b);
        bulk_bytes(&b, texts[i].b, sizeof texts[i].b);
        bulk_str(&b, utf8_fit(a, c->id, MAX_ID));
        bulk_str(&b, utf8_fit(a, c->key.len ? c->key : c->id, MAX_ID));
        bulk_str(&b, utf8_fit(a, c->title, MAX_TITLE));
        bulk_str(&b, utf8_fit(a, c->own_category, MAX_NAME));
        bulk_int(&b, c->severity);
        bulk_str(&b, c->description);
        bulk_str(&b, c->rationale);
        bulk_str(&b, c->remediation);
        bulk_str(&b, c->impact);
        bulk_str(&b, lines_of(c->idents.v, c->idents.n, a));
        bulk_str(&b, lines_of(c->references.v, c->references.n, a));
        bulk_str(&b, utf8_fit(a, c->section, MAX_TITLE));
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_mappings(struct store *st, const struct scan *s, const struct hash16 *texts, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_check_mapping");
    for (size_t i = 0; i < s->checks.n; i++) {
        const struct scan_check *c = &s->checks.v[i];
        for (size_t k = 0; k < c->mappings.n && !diag_failed(d); k++) {
            bulk_row(&b);
            bulk_bytes(&b, texts[i].b, sizeof texts[i].b);
            bulk_int(&b, (int64_t)k);
            bulk_str(&b, utf8_fit(d->arena, c->mappings.v[k].framework, MAX_NAME));
            bulk_str(&b, utf8_fit(d->arena, c->mappings.v[k].edition, MAX_NAME));
            bulk_str(&b, utf8_fit(d->arena, c->mappings.v[k].control, MAX_NAME));
            bulk_row_end(&b, d);
        }
    }
    return bulk_end(&b, d);
}

static int
put_order(struct store *st, const struct policy_version *p, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_policy_check");
    for (size_t i = 0; i < p->n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_uint(&b, p->policy_id);
        bulk_int(&b, (int64_t)i);
        bulk_bytes(&b, p->checks[i].b, sizeof p->checks[i].b);
        bulk_bytes(&b, p->texts[i].b, sizeof p->texts[i].b);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_policy_row(struct store *st, const struct policy_version *p,
               const struct sha256_digest *content, struct diag *d)
{
    struct stmt *s = stmt_get(st, "policy_insert", d);
    if (!s)
        return -1;
    stmt_uint(s, p->policy_id);
    stmt_str(s, p->id);
    stmt_str(s, p->version);
    stmt_str(s, p->title);
    stmt_bytes(s, content->b, sizeof content->b);
    stmt_int(s, (int64_t)p->n);
    stmt_time(s, env_wall_us() / 1000000);
    return stmt_run(s, d);
}

/* The row of the policy goes last: what it names is there. */
static int
insert_policy(struct store *st, const struct scan *s, struct policy_version *p,
              const struct sha256_digest *content, struct diag *d)
{
    assert(s->checks.n == p->n);
    if (store_begin(st, d) != 0)
        return -1;
    if (put_texts(st, s, p->texts, d) != 0 || put_mappings(st, s, p->texts, d) != 0 ||
        category_put(st, s, p->texts, d) != 0 || put_order(st, p, d) != 0 ||
        put_policy_row(st, p, content, d) != 0 || store_commit(st, d) != 0) {
        store_rollback(st);
        return -1;
    }
    return 0;
}

static struct policy_version *
new_policy(struct store *st, const struct scan *s, uint64_t policy_id)
{
    struct policy_version *p = ARENA_NEW(st->arena, struct policy_version);
    p->policy_id = policy_id;
    p->id = arena_str(st->arena, s->policy.id);
    p->version = arena_str(st->arena, s->policy.version);
    p->title = utf8_fit(st->arena, s->policy.title, MAX_TITLE);
    p->n = s->checks.n;
    p->checks = name_checks(s, st->arena);
    p->texts = ARENA_ARRAY(st->arena, struct hash16, p->n);
    p->severities = ARENA_ARRAY(st->arena, enum severity, p->n);
    for (size_t i = 0; i < p->n; i++) {
        p->texts[i] = text_hash(&s->checks.v[i]);
        p->severities[i] = s->checks.v[i].severity;
    }
    return p;
}

static struct policy_version *
find_or_insert(struct store *st, const struct scan *s, const struct sha256_digest *content,
               struct diag *d)
{
    uint64_t id = ids_of((const struct str[]){STR("policy"), s->policy.id, s->policy.version,
                                              str_n((const char *)content->b, sizeof content->b)},
                         4);
    struct policy_version *p = policy_load(st, id, d);
    if (p || diag_failed(d))
        return p;
    if (s->bare && (p = find_superset(st, s, d)))
        return p;
    if (diag_failed(d))
        return NULL;
    if (insert_policy(st, s, new_policy(st, s, id), content, d) != 0)
        return NULL;
    /* as it stands there: another host may have put it at the same time, under another title */
    return policy_load(st, id, d);
}

/* Hashes every name once for all scans of the catalogue. */
static const struct policy_match *
new_match(struct store *st, struct policy_version *p, const struct scan *s)
{
    struct policy_match *m = ARENA_NEW(st->arena, struct policy_match);
    m->policy = p;
    m->n = s->checks.n;
    m->pos = policy_positions(p, s, st->arena);
    for (size_t i = 0; i < m->n; i++)
        assert(m->pos[i] < p->n);
    return m;
}

static struct policy_version *
try_policy(struct store *st, const struct scan *s, const struct sha256_digest *content,
           struct diag *d)
{
    enum { TRIES = 8 };
    for (int i = 1;; i++) {
        struct policy_version *p = find_or_insert(st, s, content, d);
        if (p || d->first.code != DIAG_RETRY || i == TRIES)
            return p;
        diag_clear(d);
    }
}

const struct policy_match *
policy_put(struct store *st, const struct scan *s, struct diag *d)
{
    assert(s->policy.id.len <= MAX_NAME && s->policy.version.len <= MAX_NAME);
    struct sha256_digest content = scan_catalogue_hash(s);
    struct str key = str_n((const char *)content.b, sizeof content.b);
    const struct policy_match *known = map_get(st->by_content, key);
    if (known)
        return known;
    struct policy_version *p = try_policy(st, s, &content, d);
    if (!p) {
        diag_context(d, "policy %.*s", STR_ARG(s->policy.id));
        return NULL;
    }
    known = new_match(st, p, s);
    map_put(st->by_content, arena_str(st->arena, key), (void *)(uintptr_t)known);
    return known;
}

const struct policy_match *
policy_of(struct store *st, const struct scan *s, struct diag *d)
{
    struct sha256_digest content = scan_catalogue_hash(s);
    const struct policy_match *m =
        map_get(st->by_content, str_n((const char *)content.b, sizeof content.b));
    if (!m)
        diag_fail(d, DIAG_RETRY, "policy %.*s was not prepared", STR_ARG(s->policy.id));
    return m;
}
