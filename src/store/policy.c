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
#include "store/rules.h"
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

/* A check as its rows say it: cut to the columns, and one ident or reference a line. What is stored is
 * what its name is the hash of, so that a reader can see that it is still the same. */
static struct scan_check
stored_form(const struct scan_check *c, struct arena *a)
{
    struct scan_check s = *c;
    s.id = utf8_fit(a, c->id, MAX_ID);
    s.key = utf8_fit(a, c->key.len ? c->key : c->id, MAX_ID);
    s.title = utf8_fit(a, c->title, MAX_TITLE);
    s.own_category = utf8_fit(a, c->own_category, MAX_NAME);
    s.section = utf8_fit(a, c->section, MAX_TITLE);
    memset(&s.idents, 0, sizeof s.idents);
    memset(&s.references, 0, sizeof s.references);
    memset(&s.mappings, 0, sizeof s.mappings);
    split_lines(lines_of(c->idents.v, c->idents.n, a), a, &s, true);
    split_lines(lines_of(c->references.v, c->references.n, a), a, &s, false);
    for (size_t i = 0; i < c->mappings.n; i++)
        *VEC_PUSH(a, &s.mappings) =
            (struct scan_mapping){.framework = utf8_fit(a, c->mappings.v[i].framework, MAX_NAME),
                                  .edition = utf8_fit(a, c->mappings.v[i].edition, MAX_NAME),
                                  .control = utf8_fit(a, c->mappings.v[i].control, MAX_NAME)};
    return s;
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

/* ---- recomputing: whether stored texts are those that they are named by ---- */

enum text_state {
    TEXT_HOLDS,
    TEXT_CUT, /* of version 1.0, which named a text before it cut it: nobody can say any more */
    TEXT_CHANGED
};

static bool
is_cut(struct str s, size_t max)
{
    return s.len + 3 >= max && str_ends(s, "\xe2\x80\xa6");
}

static bool
has_cut(const struct scan_check *c)
{
    bool cut = is_cut(c->id, MAX_ID) || is_cut(c->key, MAX_ID) || is_cut(c->title, MAX_TITLE) ||
               is_cut(c->own_category, MAX_NAME) || is_cut(c->section, MAX_TITLE);
    for (size_t i = 0; i < c->mappings.n && !cut; i++)
        cut = is_cut(c->mappings.v[i].framework, MAX_NAME) ||
              is_cut(c->mappings.v[i].edition, MAX_NAME) ||
              is_cut(c->mappings.v[i].control, MAX_NAME);
    return cut;
}

static bool
is_named(const struct scan_check *c, const struct hash16 *name)
{
    struct hash16 h = text_hash(c);
    return memcmp(h.b, name->b, sizeof h.b) == 0;
}

/* Version 1.0 named a reference of several lines as one, and stored its lines: of the few ways to join
 * lines again one must fit. */
static bool
is_named_joined(const struct scan_check *c, const struct hash16 *name, struct arena *a)
{
    enum { MOST_LINES = 11 };
    size_t n = c->references.n;
    if (n < 2 || n > MOST_LINES)
        return false;
    for (unsigned ways = 1; ways < 1u << (n - 1); ways++) { /* bit i: line i + 1 goes on from i */
        struct scan_check one = *c;
        memset(&one.references, 0, sizeof one.references);
        for (size_t i = 0; i < n; i++) {
            struct str line = c->references.v[i];
            struct str *last = one.references.n ? &one.references.v[one.references.n - 1] : NULL;
            if (last && ways >> (i - 1) & 1)
                *last = arena_fmt(a, "%.*s\n%.*s", STR_ARG(*last), STR_ARG(line));
            else
                *VEC_PUSH(a, &one.references) = line;
        }
        if (is_named(&one, name))
            return true;
    }
    return false;
}

/* c as its rows say it. */
static enum text_state
judge_text(const struct scan_check *c, const struct hash16 *name, struct arena *a)
{
    struct scan_check old = *c;
    if (is_named(c, name))
        return TEXT_HOLDS;
    if (str_eq(c->key, c->id)) /* version 1.0 wrote the id where a check has no key */
        old.key = STR("");
    if (is_named(&old, name) || is_named_joined(&old, name, a) || is_named_joined(c, name, a))
        return TEXT_HOLDS;
    return has_cut(c) ? TEXT_CUT : TEXT_CHANGED;
}

uint64_t
policy_id_of(struct str id, struct str version, const struct sha256_digest *content)
{
    return ids_of((const struct str[]){STR("policy"), id, version,
                                       str_n((const char *)content->b, sizeof content->b)},
                  4);
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

void
policy_forget(struct store *st)
{
    arena_free(st->policy_arena);
    st->policy_arena = arena_new();
    st->policies = map_new(st->policy_arena);
    st->by_content = map_new(st->policy_arena);
}

void
policy_make_room(struct store *st)
{
    assert(!st->in_transaction); /* what is under way holds versions */
    if (arena_used(st->policy_arena) > POLICY_MEMORY)
        policy_forget(st);
}

static void
index_checks(struct store *st, struct policy_version *p)
{
    assert(!map_get(st->policies, str_n((const char *)&p->policy_id, sizeof p->policy_id)));
    p->pos = map_new(st->policy_arena);
    for (size_t i = 0; i < p->n; i++)
        map_put_index(p->pos, str_n((const char *)p->checks[i].b, sizeof p->checks[i].b), i);
    p->sorted = policy_sort(p->checks, p->n, st->policy_arena);
    p->digest = digest_policy(p->id, p->version, p->title, p->checks, p->texts, p->n);
    map_put(st->policies, ids_key(st->policy_arena, &p->policy_id, sizeof p->policy_id), p);
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
    p->checks = ARENA_ARRAY(st->policy_arena, struct hash16, p->n);
    p->texts = ARENA_ARRAY(st->policy_arena, struct hash16, p->n);
    p->severities = ARENA_ARRAY(st->policy_arena, enum severity, p->n);
    size_t n = 0;
    enum stmt_answer rc;
    for (; (rc = stmt_next(s, d)) == STMT_ROW; n++) {
        if (rules_order(stmt_col_int(s, 3), n, p->n, d) != 0 ||
            rules_severity(stmt_col_int(s, 2), d) != 0)
            return -1;
        stmt_col_bytes(s, 0, p->checks[n].b, sizeof p->checks[n].b);
        stmt_col_bytes(s, 1, p->texts[n].b, sizeof p->texts[n].b);
        p->severities[n] = (enum severity)stmt_col_int(s, 2);
    }
    if (rc < 0)
        return -1;
    if (n != p->n)
        return diag_fail(d, DIAG_BAD_DATA, "policy_check has %zu of %zu checks", n, p->n);
    index_checks(st, p);
    return 0;
}

static int
place_policy(const struct policy_head *h, struct diag *d)
{
    return diag_at(d, "policy %.*s %.*s", STR_ARG(h->id), STR_ARG(h->version));
}

enum stmt_answer
policy_load_head(struct store *st, uint64_t policy_id, struct arena *a, struct policy_head *ret,
                 struct diag *d)
{
    struct stmt *s = stmt_get(st, "policy_load", d);
    if (!s)
        return STMT_FAILED;
    stmt_uint(s, policy_id);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    struct policy_head h = {.policy_id = policy_id,
                            .id = stmt_col_str(s, 0, a),
                            .version = stmt_col_str(s, 1, a),
                            .title = stmt_col_str(s, 2, a),
                            .n = (size_t)stmt_col_int(s, 3)};
    stmt_col_bytes(s, 4, h.content.b, sizeof h.content.b);
    if (policy_id_of(h.id, h.version, &h.content) != policy_id) {
        diag_fail(d, DIAG_BAD_DATA, "policy_id is not that of id, version and content_hash");
        place_policy(&h, d);
        return STMT_FAILED;
    }
    if (h.n > RULES_MOST_CHECKS) {
        diag_fail(d, DIAG_BAD_DATA, "n_checks says %zu, at most %d are possible", h.n,
                  RULES_MOST_CHECKS);
        place_policy(&h, d);
        return STMT_FAILED;
    }
    *ret = h;
    return STMT_ROW;
}

struct policy_version *
policy_load(struct store *st, uint64_t policy_id, struct diag *d)
{
    struct policy_version *p =
        map_get(st->policies, str_n((const char *)&policy_id, sizeof policy_id));
    if (p)
        return p;
    struct policy_head h;
    if (policy_load_head(st, policy_id, st->policy_arena, &h, d) != STMT_ROW)
        return NULL;
    p = ARENA_NEW(st->policy_arena, struct policy_version);
    *p = (struct policy_version){
        .policy_id = policy_id, .id = h.id, .version = h.version, .title = h.title, .n = h.n};
    if (load_checks(st, p, d) == 0)
        return p;
    place_policy(&h, d);
    return NULL;
}

static void
read_check(const struct stmt *s, struct arena *a, struct scan_check *c)
{
    c->id = stmt_col_str(s, 0, a);
    c->key = stmt_col_str(s, 1, a);
    c->title = stmt_col_str(s, 2, a);
    c->own_category = stmt_col_str(s, 3, a);
    c->severity = (enum severity)stmt_col_int(s, 4);
    c->category = stmt_col_str(s, 5, a);
    c->category_source = stmt_col_str(s, 6, a);
    c->section = stmt_col_str(s, 7, a);
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
        if (pos >= n) /* rules_order() has refused the row already */
            continue;
        *VEC_PUSH(a, &checks[pos].mappings) =
            (struct scan_mapping){.framework = stmt_col_str(s, 1, a),
                                  .edition = stmt_col_str(s, 2, a),
                                  .control = stmt_col_str(s, 3, a)};
    }
    return rc;
}

/* The texts of a version under the names that its rows have. */
struct texts {
    const struct policy_head *head;
    VEC(struct scan_check) checks;
    VEC(struct hash16) names; /* of the check in every version */
    VEC(struct hash16) texts; /* of its texts */
};

static int
load_texts(struct store *st, struct texts *t, struct arena *a, struct diag *d)
{
    struct stmt *s = stmt_get(st, "policy_texts", d);
    if (!s)
        return -1;
    stmt_uint(s, t->head->policy_id);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        if (rules_order(stmt_col_int(s, 16), t->checks.n, t->head->n, d) != 0)
            return -1;
        if (stmt_col_is_null(s, 0))
            return diag_fail(d, DIAG_BAD_DATA, "check_text has nothing for check %zu", t->checks.n);
        if (rules_severity(stmt_col_int(s, 4), d) != 0)
            return diag_context(d, "check_text of check %zu", t->checks.n);
        read_check(s, a, VEC_PUSH(a, &t->checks));
        stmt_col_bytes(s, 14, VEC_PUSH(a, &t->names)->b, sizeof(struct hash16));
        stmt_col_bytes(s, 15, VEC_PUSH(a, &t->texts)->b, sizeof(struct hash16));
    }
    if (rc < 0 || load_mappings(st, t->head->policy_id, a, t->checks.v, t->checks.n, d) != 0)
        return -1;
    return t->checks.n == t->head->n
               ? 0
               : diag_fail(d, DIAG_BAD_DATA, "policy_check has %zu of %zu checks", t->checks.n,
                           t->head->n);
}

/* The names that the checks have in every version, and the content that this version is named by. */
static int
check_content(const struct texts *t, struct arena *a, struct diag *d)
{
    struct scan s = {.policy = {.id = t->head->id, .version = t->head->version}};
    s.checks.v = t->checks.v;
    s.checks.n = t->checks.n;
    const struct hash16 *names = name_checks(&s, a);
    for (size_t i = 0; i < t->checks.n; i++)
        if (memcmp(names[i].b, t->names.v[i].b, sizeof names->b) != 0)
            return diag_fail(d, DIAG_BAD_DATA,
                             "policy_check: check_hash of check %zu (%.*s) is not its name's", i,
                             STR_ARG(t->checks.v[i].id));
    struct sha256_digest content = scan_catalogue_hash(&s);
    if (memcmp(content.b, t->head->content.b, sizeof content.b) == 0)
        return 0;
    return diag_fail(d, DIAG_BAD_DATA,
                     "policy_check: the checks are not those of content_hash, or in another order");
}

/* Each text against its name, then all of them, in their order, against the content that the version is
 * named by. A text that version 1.0 cut leaves nothing to compare the content with. */
static int
check_texts(const struct texts *t, struct arena *a, struct diag *d)
{
    bool is_whole = true;
    for (size_t i = 0; i < t->checks.n; i++) {
        const struct scan_check *c = &t->checks.v[i];
        enum text_state is = judge_text(c, &t->texts.v[i], a);
        if (is == TEXT_CHANGED)
            return diag_fail(d, DIAG_BAD_DATA,
                             "check_text or check_mapping of check %zu (%.*s) is not what its "
                             "text_hash says: it was changed",
                             i, STR_ARG(c->id));
        is_whole = is_whole && is == TEXT_HOLDS && !has_cut(c);
    }
    return is_whole ? check_content(t, a, d) : 0;
}

/* Without what only some reports print. */
static struct scan_check *
short_texts(const struct texts *t, struct arena *a)
{
    struct scan_check *v = ARENA_ARRAY(a, struct scan_check, t->checks.n + 1);
    for (size_t i = 0; i < t->checks.n; i++) {
        const struct scan_check *c = &t->checks.v[i];
        v[i] = (struct scan_check){.id = arena_str(a, c->id),
                                   .key = arena_str(a, c->key),
                                   .title = arena_str(a, c->title),
                                   .own_category = arena_str(a, c->own_category),
                                   .section = arena_str(a, c->section),
                                   .category = arena_str(a, c->category),
                                   .category_source = arena_str(a, c->category_source),
                                   .severity = c->severity};
        v[i].description = v[i].rationale = v[i].remediation = v[i].impact = STR("");
    }
    return v;
}

int
policy_load_checks(struct store *st, uint64_t policy_id, bool with_texts, struct arena *a,
                   struct scan_check **ret, size_t *ret_n, struct diag *d)
{
    struct arena *own = arena_new(); /* what is compared and not wanted goes again */
    struct arena *to = with_texts ? a : own;
    struct policy_head h;
    struct texts t = {.head = &h};
    enum stmt_answer rc = policy_load_head(st, policy_id, own, &h, d);
    if (rc == STMT_END)
        diag_fail(d, DIAG_BAD_DATA, "a scan names no known policy");
    if (rc == STMT_ROW && (load_texts(st, &t, to, d) != 0 || check_texts(&t, own, d) != 0))
        place_policy(&h, d);
    if (!diag_failed(d)) {
        *ret = with_texts ? t.checks.v : short_texts(&t, a);
        *ret_n = t.checks.n;
    }
    arena_free(own);
    return diag_failed(d) ? -1 : 0;
}

int
store_load_policy_checks(struct store *st, uint64_t policy_id, struct arena *a,
                         struct scan_check **ret, size_t *ret_n, struct diag *d)
{
    return policy_load_checks(st, policy_id, true, a, ret, ret_n, d);
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
put_texts(struct store *st, const struct scan_check *checks, const struct policy_version *p,
          struct diag *d)
{
    struct arena *a = d->arena;
    struct bulk b = bulk_begin(st, "bulk_check_text");
    for (size_t i = 0; i < p->n && !diag_failed(d); i++) {
        const struct scan_check *c = &checks[i];
        bulk_row(&b);
        bulk_bytes(&b, p->texts[i].b, sizeof p->texts[i].b);
        bulk_str(&b, c->id);
        bulk_str(&b, c->key);
        bulk_str(&b, c->title);
        bulk_str(&b, c->own_category);
        bulk_int(&b, c->severity);
        bulk_str(&b, c->description);
        bulk_str(&b, c->rationale);
        bulk_str(&b, c->remediation);
        bulk_str(&b, c->impact);
        bulk_str(&b, lines_of(c->idents.v, c->idents.n, a));
        bulk_str(&b, lines_of(c->references.v, c->references.n, a));
        bulk_str(&b, c->section);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

static int
put_mappings(struct store *st, const struct scan_check *checks, const struct policy_version *p,
             struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_check_mapping");
    for (size_t i = 0; i < p->n; i++) {
        const struct scan_check *c = &checks[i];
        for (size_t k = 0; k < c->mappings.n && !diag_failed(d); k++) {
            bulk_row(&b);
            bulk_bytes(&b, p->texts[i].b, sizeof p->texts[i].b);
            bulk_int(&b, (int64_t)k);
            bulk_str(&b, c->mappings.v[k].framework);
            bulk_str(&b, c->mappings.v[k].edition);
            bulk_str(&b, c->mappings.v[k].control);
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
insert_policy(struct store *st, const struct scan *s, const struct scan_check *stored,
              struct policy_version *p, const struct sha256_digest *content, struct diag *d)
{
    if (store_begin(st, d) != 0)
        return -1;
    if (put_texts(st, stored, p, d) != 0 || put_mappings(st, stored, p, d) != 0 ||
        category_put(st, s, p->texts, d) != 0 || put_order(st, p, d) != 0 ||
        put_policy_row(st, p, content, d) != 0 || store_commit(st, d) != 0) {
        store_rollback(st);
        return -1;
    }
    return 0;
}

/* stored are its checks as they will be stored. */
static struct policy_version *
new_policy(struct store *st, const struct scan *s, const struct scan_check *stored,
           uint64_t policy_id)
{
    struct policy_version *p = ARENA_NEW(st->policy_arena, struct policy_version);
    p->policy_id = policy_id;
    p->id = arena_str(st->policy_arena, s->policy.id);
    p->version = arena_str(st->policy_arena, s->policy.version);
    p->title = utf8_fit(st->policy_arena, s->policy.title, MAX_TITLE);
    p->n = s->checks.n;
    p->checks = name_checks(s, st->policy_arena);
    p->texts = ARENA_ARRAY(st->policy_arena, struct hash16, p->n);
    p->severities = ARENA_ARRAY(st->policy_arena, enum severity, p->n);
    for (size_t i = 0; i < p->n; i++) {
        p->texts[i] = text_hash(&stored[i]);
        p->severities[i] = s->checks.v[i].severity;
    }
    return p;
}

static struct policy_version *
find_or_insert(struct store *st, const struct scan *s, const struct sha256_digest *content,
               struct diag *d)
{
    uint64_t id = policy_id_of(s->policy.id, s->policy.version, content);
    struct policy_version *p = policy_load(st, id, d);
    if (p || diag_failed(d))
        return p;
    if (s->bare && (p = find_superset(st, s, d)))
        return p;
    if (diag_failed(d))
        return NULL;
    struct arena *a = arena_new();
    struct scan_check *stored = ARENA_ARRAY(a, struct scan_check, s->checks.n + 1);
    for (size_t i = 0; i < s->checks.n; i++)
        stored[i] = stored_form(&s->checks.v[i], a);
    int rc = insert_policy(st, s, stored, new_policy(st, s, stored, id), content, d);
    arena_free(a);
    /* as it stands there: another host may have put it at the same time, under another title */
    return rc == 0 ? policy_load(st, id, d) : NULL;
}

/* Hashes every name once for all scans of the catalogue. */
static const struct policy_match *
new_match(struct store *st, struct policy_version *p, const struct scan *s)
{
    struct policy_match *m = ARENA_NEW(st->policy_arena, struct policy_match);
    m->policy = p;
    m->n = s->checks.n;
    m->pos = policy_positions(p, s, st->policy_arena);
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
        if (p || !diag_may_pass(d) || i == TRIES)
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
    map_put(st->by_content, arena_str(st->policy_arena, key), (void *)(uintptr_t)known);
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

/* ---- taking out ---- */

static int
drop_id(struct store *st, const char *query, uint64_t id, struct diag *d)
{
    struct stmt *s = stmt_get(st, query, d);
    if (!s)
        return -1;
    stmt_uint(s, id);
    return stmt_run(s, d);
}

static int
drop_text(struct store *st, const char *query, const struct hash16 *name, struct diag *d)
{
    struct stmt *s = stmt_get(st, query, d);
    if (!s)
        return -1;
    stmt_bytes(s, name->b, sizeof name->b);
    return stmt_run(s, d);
}

/* What a process knows of versions is of rows that are gone then. */
static int
drop_version(struct store *st, const struct scan *s, uint64_t id, struct arena *a, struct diag *d)
{
    for (size_t i = 0; i < s->checks.n; i++) {
        struct scan_check stored = stored_form(&s->checks.v[i], a);
        struct hash16 name = text_hash(&stored);
        if (drop_text(st, "restore_drop_text", &name, d) != 0 ||
            drop_text(st, "restore_drop_mapping", &name, d) != 0)
            return -1;
    }
    if (drop_id(st, "restore_drop_order", id, d) != 0 ||
        drop_id(st, "restore_drop_policy", id, d) != 0)
        return -1;
    st->policies = map_new(st->policy_arena);
    st->by_content = map_new(st->policy_arena);
    return 0;
}

/* A version without a row was never there, or its row was taken away: then its texts may be anything. Of
 * a scan that brings ids only, another version may have the texts: they are not this file's to put back. */
int
policy_take_out(struct store *st, const struct scan *s, bool *ret_taken, struct diag *d)
{
    struct arena *a = arena_new();
    struct diag is = diag_init(a);
    struct sha256_digest content = scan_catalogue_hash(s);
    uint64_t id = policy_id_of(s->policy.id, s->policy.version, &content);
    struct policy_head h;
    struct scan_check *checks;
    size_t n;
    assert(st->in_transaction);
    enum stmt_answer found = policy_load_head(st, id, a, &h, &is);
    if (found == STMT_ROW)
        policy_load_checks(st, id, false, a, &checks, &n, &is);
    bool is_bad = diag_failed(&is) && is.first.code == DIAG_BAD_DATA;
    int rc = diag_failed(&is) && !is_bad ? diag_pass_on(d, &is) : 0;
    if (is_bad || (rc == 0 && found == STMT_END && !s->bare))
        rc = drop_version(st, s, id, a, d);
    *ret_taken = rc == 0 && is_bad;
    arena_free(a);
    return rc;
}
