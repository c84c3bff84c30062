/* Rows of detail sets and their bases. Between detail_form.c, which knows the bytes, and prepare.c, load_evidence.c,
 * delta.c, verify.c and restore.c, which write and read rows. */
#include "store/detail_base.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "store/rules.h"
#include "store/session.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    MOST_BASES = 16,     /* of a policy version */
    MOST_BODY = 1 << 20, /* of a base */
    FAR_BYTES = 500,     /* what a set may bring of its own without asking for a base … */
    FAR_PART = 4,        /* … or if it is a smaller part of its texts */
    MEMORY = 32 << 20    /* of the bases that are kept for writing */
};

struct of_policy {
    VEC(const struct detail_base *) v;
};

struct detail_bases {
    struct arena *a;
    struct map *by_hash,
        *by_policy; /* struct detail_base *, struct of_policy * of all of a version */
};

struct detail_bases *
detail_bases_new(void)
{
    struct detail_bases *b = mem_alloc(sizeof *b);
    b->a = arena_new();
    b->by_hash = map_new(b->a);
    b->by_policy = map_new(b->a);
    return b;
}

void
detail_bases_free(struct detail_bases *b)
{
    if (!b)
        return;
    arena_free(b->a);
    free(b);
}

void
detail_bases_give(struct detail_bases *b, struct arena *a)
{
    arena_adopt(a, b->a);
    free(b);
}

void
detail_bases_forget(struct store *st)
{
    detail_bases_free(st->bases);
    st->bases = detail_bases_new();
}

void
detail_bases_make_room(struct store *st)
{
    assert(!st->in_transaction); /* what is under way leans on them */
    if (arena_used(st->bases->a) > MEMORY)
        detail_bases_forget(st);
}

/* ---- rows ---- */

struct detail_row
detail_row_read(const struct stmt *s, struct arena *a)
{
    struct detail_row r = {.has_base = !stmt_col_is_null(s, 3)};
    stmt_col_bytes(s, 0, r.hash.b, sizeof r.hash.b);
    stmt_col_bytes(s, 3, r.base.b, sizeof r.base.b);
    r.records = stmt_col_str(s, 1, a);
    r.words = stmt_col_str(s, 2, a);
    return r;
}

void
detail_row_put(struct bulk *b, const struct detail_row *r)
{
    bulk_row(b);
    bulk_bytes(b, r->hash.b, sizeof r->hash.b);
    bulk_bytes(b, r->records.s, r->records.len);
    bulk_bytes(b, r->words.s, r->words.len);
    if (r->has_base)
        bulk_bytes(b, r->base.b, sizeof r->base.b);
    else
        bulk_null(b);
}

void
detail_base_put(struct bulk *b, const struct detail_base *base)
{
    bulk_row(b);
    bulk_bytes(b, base->hash.b, sizeof base->hash.b);
    bulk_uint(b, base->policy_id);
    bulk_bytes(b, base->body.s, base->body.len);
}

/* ---- bases ---- */

static struct hash16
name_of(uint64_t policy_id, struct str body)
{
    unsigned char id[8];
    struct hash16 h;
    for (int i = 0; i < 8; i++)
        id[i] = (unsigned char)(policy_id >> (56 - 8 * i));
    struct sha256 *sum = sha256_new();
    sha256_add_field(sum, STR("base"));
    sha256_add_field(sum, str_n((const char *)id, sizeof id));
    sha256_add_field(sum, body);
    struct sha256_digest all = sha256_final(sum);
    memcpy(h.b, all.b, sizeof h.b);
    return h;
}

static const struct detail_base *
find_base(const struct detail_bases *b, const struct hash16 *hash)
{
    return map_get(b->by_hash, str_n((const char *)hash->b, sizeof hash->b));
}

/* A base of those bytes, which has that name. */
static int
add_base(struct detail_bases *b, const struct hash16 *hash, uint64_t policy_id, struct str body,
         const struct detail_base **ret, struct diag *d)
{
    struct hash16 is = name_of(policy_id, body);
    struct detail_base *base = ARENA_NEW(b->a, struct detail_base);
    if ((*ret = find_base(b, hash)))
        return 0;
    if (memcmp(is.b, hash->b, sizeof is.b) != 0)
        return diag_fail(d, DIAG_BAD_DATA, "body is not what its hash says: it was changed");
    *base = (struct detail_base){.hash = *hash, .policy_id = policy_id};
    base->body = arena_str(b->a, body);
    if (detail_form_unpack(base->body, NULL, b->a, &base->form, d) != 0)
        return -1;
    map_put(b->by_hash, ids_key(b->a, hash->b, sizeof hash->b), base);
    *ret = base;
    return 0;
}

/* The base of a row with the columns hash, policy_id and body. */
static int
read_base(const struct stmt *s, struct detail_bases *b, const struct detail_base **ret,
          struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct hash16 hash;
    stmt_col_bytes(s, 0, hash.b, sizeof hash.b);
    if (add_base(b, &hash, stmt_col_uint(s, 1), stmt_col_str(s, 2, a), ret, d) == 0)
        return 0;
    return diag_at(d, "detail_base %.*s", STR_ARG(ids_hex(d->arena, &hash)));
}

int
detail_base_need(struct store *st, struct detail_bases *b, const struct detail_row *r,
                 struct diag *d)
{
    const struct detail_base *base;
    if (!r->has_base || find_base(b, &r->base))
        return 0;
    struct stmt *s = stmt_get(st, "detail_base_load", d);
    if (!s)
        return -1;
    stmt_bytes(s, r->base.b, sizeof r->base.b);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc == STMT_ROW)
        return read_base(s, b, &base, d);
    if (rc == STMT_FAILED)
        return -1;
    return diag_fail(d, DIAG_BAD_DATA, "detail_base %.*s is missing",
                     STR_ARG(ids_hex(d->arena, &r->base)));
}

int
detail_base_need_all(struct store *st, struct detail_bases *b,
                     void (*broken)(void *who, const struct diag *one), void *who, struct diag *d)
{
    struct stmt *s = stmt_get(st, "detail_base_all", d);
    enum stmt_answer rc = STMT_FAILED;
    if (!s || stmt_stream(s, d) != 0)
        return -1;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        const struct detail_base *base;
        if (read_base(s, b, &base, &one) != 0 && broken)
            broken(who, &one);
    }
    return rc;
}

/* ---- reading ---- */

int
detail_row_spell(const struct detail_row *r, const struct detail_bases *b, struct arena *a,
                 struct arena *moment, struct detail_form *ret, struct details *ret_named,
                 struct diag *d)
{
    const struct detail_base *base = r->has_base ? find_base(b, &r->base) : NULL;
    struct str body;
    if (r->words.len) {
        if (ret_named)
            *ret_named =
                (struct details){.records = r->records, .words = r->words, .hash = r->hash};
        if (rules_details(r->records, r->words, d) != 0)
            return -1;
        detail_spell(r->records, arena_str(a, r->words), a, ret);
        return 0;
    }
    if (r->has_base && !base)
        return diag_fail(d, DIAG_BAD_DATA, "detail_base %.*s is missing",
                         STR_ARG(ids_hex(d->arena, &r->base)));
    if (detail_form_inflate(r->records, a, &body, d) != 0 ||
        detail_form_unpack(body, base ? &base->form : NULL, a, ret, d) != 0)
        return -1;
    if (ret_named)
        detail_pack_form(ret, moment, ret_named);
    return 0;
}

int
detail_set_load(struct store *st, const struct hash16 *hash, struct arena *a,
                struct detail_form *ret, struct diag *d)
{
    struct stmt *q = stmt_get(st, "detail_set_load", d);
    if (!q)
        return -1;
    stmt_bytes(q, hash->b, sizeof hash->b);
    enum stmt_answer rc = stmt_first(q, d);
    if (rc == STMT_END)
        return diag_fail(d, DIAG_BAD_DATA, "detail_set %.*s is missing",
                         STR_ARG(ids_hex(d->arena, hash)));
    if (rc == STMT_FAILED)
        return -1;
    struct detail_row row = detail_row_read(q, a);
    struct detail_bases *bases = detail_bases_new();
    bool is_read = detail_base_need(st, bases, &row, d) == 0 &&
                   detail_row_spell(&row, bases, a, NULL, ret, NULL, d) == 0;
    detail_bases_give(bases, a);
    return is_read ? 0 : diag_at(d, "detail_set %.*s", STR_ARG(ids_hex(d->arena, hash)));
}

struct str
detail_evidence(struct store *st, const struct detail_text *t, struct arena *a, struct diag *d)
{
    if (t->kind != DETAIL_NAMED)
        return t->kind == DETAIL_HERE ? t->evidence : STR("");
    struct stmt *q = stmt_get(st, "evidence_load", d);
    if (!q)
        return STR("");
    stmt_bytes(q, t->hash.b, sizeof t->hash.b);
    return stmt_first(q, d) == STMT_ROW ? stmt_col_str(q, 0, a) : STR("");
}

/* ---- writing ---- */

/* All bases of a policy version. One that was changed is not leaned on; audit verify tells of it. */
static int
bases_of(struct store *st, struct detail_bases *b, uint64_t policy_id, struct of_policy **ret,
         struct diag *d)
{
    struct str key = str_n((const char *)&policy_id, sizeof policy_id);
    if ((*ret = map_get(b->by_policy, key)))
        return 0;
    struct stmt *s = stmt_get(st, "detail_base_of", d);
    if (!s)
        return -1;
    stmt_uint(s, policy_id);
    if (stmt_run(s, d) != 0)
        return -1;
    struct of_policy *list = ARENA_NEW(b->a, struct of_policy);
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        const struct detail_base *base;
        if (read_base(s, b, &base, &one) == 0)
            *VEC_PUSH(b->a, &list->v) = base;
    }
    if (rc != STMT_END)
        return -1;
    map_put(b->by_policy, ids_key(b->a, &policy_id, sizeof policy_id), list);
    *ret = list;
    return 0;
}

/* The base with which a set has most in common; NULL = there is none. */
static const struct detail_base *
nearest(const struct of_policy *list, const struct detail_form *form)
{
    const struct detail_base *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < list->v.n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < form->n_pos; k++) {
            const struct detail_text *base = detail_form_at(&list->v.v[i]->form, k);
            n += form->at[k] && base &&
                 memcmp(form->at[k]->hash.b, base->hash.b, sizeof base->hash.b) == 0;
        }
        if (best && n <= most)
            continue;
        best = list->v.v[i];
        most = n;
    }
    return best;
}

/* Bytes of the texts of a set. */
static size_t
size_of(const struct detail_form *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_pos; i++)
        if (f->at[i])
            n += f->at[i]->native.len + f->at[i]->waiver.len + f->at[i]->evidence.len;
    return n;
}

/* What a base says that is made of a set: where the set says nothing, what the other bases say, so that a set that differs
 * there has something to lean on, too. Texts of its own: packing marks them, and a base that becomes none must leave no
 * marks. */
static struct detail_form
fill_up(const struct of_policy *list, const struct detail_form *form, struct arena *a)
{
    struct detail_form f = *form;
    for (size_t i = 0; i < list->v.n; i++)
        if (list->v.v[i]->form.n_pos > f.n_pos)
            f.n_pos = list->v.v[i]->form.n_pos;
    f.at = ARENA_ARRAY(a, struct detail_text *, f.n_pos + 1);
    struct detail_text *own = ARENA_ARRAY(a, struct detail_text, f.n_pos + 1);
    for (size_t pos = 0; pos < f.n_pos; pos++) {
        const struct detail_text *t = detail_form_at(form, pos);
        for (size_t i = list->v.n; i-- > 0 && !t;) {
            const struct detail_text *other = detail_form_at(&list->v.v[i]->form, pos);
            t = other && other->kind != DETAIL_NAMED ? other : NULL;
        }
        if (!t)
            continue;
        own[pos] = *t;
        f.at[pos] = &own[pos];
    }
    return f;
}

/* A base made of a set, among the bases of its version; NULL = it can be none. */
static const struct detail_base *
make_base(struct detail_bases *b, struct of_policy *list, uint64_t policy_id,
          const struct detail_form *form)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag one = diag_init(a);
    const struct detail_base *base;
    struct detail_form full = fill_up(list, form, a);
    struct str body = detail_form_pack(&full, NULL, DETAIL_MOST_BASE, a);
    if (!body.len || body.len > MOST_BODY)
        return NULL;
    struct hash16 hash = name_of(policy_id, body);
    int rc = add_base(b, &hash, policy_id, body, &base, &one);
    assert(rc == 0); /* it was just made */
    (void)rc;
    *VEC_PUSH(b->a, &list->v) = base;
    return base;
}

/* What comes out is what went in, and what stands in the set is what form was marked for, or the set is written as it is. */
static bool
comes_back(struct str body, const struct detail_base *base, const struct details *set,
           const struct detail_form *form, struct arena *a)
{
    struct diag one = diag_init(a);
    struct detail_form f;
    struct details is;
    if (!body.len || detail_form_unpack(body, base ? &base->form : NULL, a, &f, &one) != 0)
        return false;
    bool is_as_marked = f.n_pos == form->n_pos;
    for (size_t i = 0; is_as_marked && i < f.n_pos; i++)
        is_as_marked = !f.at[i] || (form->at[i] && f.at[i]->kind == form->at[i]->kind);
    detail_pack_form(&f, a, &is);
    return is_as_marked && str_eq(is.records, set->records) && str_eq(is.words, set->words);
}

int
detail_base_pack(struct store *st, uint64_t policy_id, const struct details *set,
                 struct detail_form *form, bool may_add, struct arena *a, struct detail_row *ret,
                 const struct detail_base **ret_fresh, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *moment = arena_new();
    struct of_policy *list;
    *ret_fresh = NULL;
    if (bases_of(st, st->bases, policy_id, &list, d) != 0)
        return -1;
    const struct detail_base *base = nearest(list, form);
    struct str body = detail_form_pack(form, base ? &base->form : NULL, DETAIL_MOST_HERE, moment);
    bool is_far = !base || (body.len > form->n_pos + FAR_BYTES &&
                            FAR_PART * (body.len - form->n_pos) > size_of(form));
    if (is_far && may_add && list->v.n < MOST_BASES &&
        (*ret_fresh = make_base(st->bases, list, policy_id, form))) {
        base = *ret_fresh;
        body = detail_form_pack(form, &base->form, DETAIL_MOST_HERE, moment);
    }
    *ret = (struct detail_row){.hash = set->hash, .records = set->records, .words = set->words};
    if (comes_back(body, base, set, form, moment)) {
        ret->records = detail_form_deflate(body, a);
        ret->words = STR("");
        ret->has_base = base != NULL;
        if (base)
            ret->base = base->hash;
        return 0;
    }
    for (size_t i = 0; i < form->n_pos; i++)
        if (form->at[i] && form->at[i]->kind == DETAIL_HERE)
            form->at[i]->kind = DETAIL_NAMED;
    return 0;
}
