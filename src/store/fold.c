/* Results -> one state a check; between the scan of a reader and scans.c, which stores it. */
#include "store/fold.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "model/fleet.h"

enum { MAX_JOINED = 256 * 1024 };

/* Several texts of one check, a line each; where they become too many, that is said. */
static struct str
join(struct arena *a, struct str was, struct str more)
{
    static const char full[] = "\n\xe2\x80\xa6 [further results of this check are not kept]";
    if (!was.len || !more.len || str_eq(was, more))
        return was.len ? was : more;
    if (str_ends(was, full))
        return was;
    if (was.len + more.len + 1 > MAX_JOINED)
        return arena_fmt(a, "%.*s%s", STR_ARG(was), full);
    return arena_fmt(a, "%.*s\n%.*s", STR_ARG(was), STR_ARG(more));
}

static void
fold_result(struct fold_check *c, const struct scan_result *r, enum severity of_check,
            struct arena *a)
{
    bool wins =
        c->n == 0 || (r->status != c->status && status_worse(c->status, r->status) == r->status);
    c->n++;
    if (wins) {
        c->status = r->status;
        c->native = r->native;
        c->severity = r->severity ? r->severity : of_check;
        c->evidence = r->evidence;
        c->waiver = r->waiver;
    } else if (r->status == c->status) {
        c->evidence = join(a, c->evidence, r->evidence);
        c->waiver = join(a, c->waiver, r->waiver);
    }
}

static void
fold_results(const struct scan *s, struct fold *f, struct arena *a)
{
    for (size_t i = 0; i < s->results.n; i++) {
        const struct scan_result *r = &s->results.v[i];
        const struct scan_check *k = &s->checks.v[r->check];
        struct hash16 h = store_hash16(k->id);
        long pos = map_get_index(f->policy->pos, str_n((const char *)h.b, sizeof h.b));
        assert(pos >= 0 && (size_t)pos < f->policy->n);
        fold_result(&f->checks[pos], r, k->severity, a);
    }
}

/* The XOR of the hashes of (check, status, number): the order of a file does not matter. */
static void
hash_content(const struct scan *s, struct fold *f)
{
    struct sha256_digest all = {{0}};
    for (size_t i = 0; i < f->policy->n; i++) {
        const struct fold_check *c = &f->checks[i];
        unsigned char one[16 + 5];
        if (c->status == STATUS_NONE)
            continue;
        memcpy(one, f->policy->checks[i].b, 16);
        one[16] = (unsigned char)c->status;
        memcpy(one + 17, &c->n, 4);
        struct sha256_digest d = sha256_of(str_n((const char *)one, sizeof one));
        for (size_t k = 0; k < sizeof all.b; k++)
            all.b[k] ^= d.b[k];
    }
    struct sha256 *h = sha256_new();
    sha256_add(h, all.b, sizeof all.b);
    sha256_add(h, s->counts, sizeof s->counts);
    f->content = sha256_final(h);
}

static void
collect_refs(struct fold *f, struct arena *a)
{
    AUTO_BUF refs = buf_init((size_t)FOLD_REF_SIZE * (f->policy->n + 1));
    for (size_t i = 0; i < f->policy->n; i++) {
        struct fold_check *c = &f->checks[i];
        if (c->waiver.len)
            c->waiver = utf8_repair(a, c->waiver);
        if (!c->evidence.len)
            continue;
        c->evidence = utf8_repair(a, c->evidence);
        c->evidence_hash = store_hash16(c->evidence);
        c->has_evidence = true;
        unsigned char ref[FOLD_REF_SIZE] = {(unsigned char)(i >> 24), (unsigned char)(i >> 16),
                                            (unsigned char)(i >> 8), (unsigned char)i};
        memcpy(ref + 4, c->evidence_hash.b, 16);
        buf_add(&refs, ref, sizeof ref);
    }
    f->refs = arena_str(a, buf_view(&refs));
    f->refs_hash = store_hash16(f->refs);
}

void
fold_scan(const struct scan *s, const struct store_policy *p, struct arena *a, struct fold *ret)
{
    struct fold f = {.policy = p};
    f.checks = ARENA_ARRAY(a, struct fold_check, p->n + 1);
    fold_results(s, &f, a);
    f.n_vec = s->score_only ? 0 : p->n;
    f.vec = arena_alloc(a, f.n_vec / 2 + 1);
    for (size_t i = 0; i < f.n_vec; i++)
        fleet_pack(f.vec, i, f.checks[i].status);
    collect_refs(&f, a);
    hash_content(s, &f);
    *ret = f;
}

const unsigned char *
fold_find_ref(struct str refs, size_t pos)
{
    size_t lo = 0, hi = refs.len / FOLD_REF_SIZE;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const unsigned char *r = (const unsigned char *)refs.s + mid * FOLD_REF_SIZE;
        size_t at = (size_t)r[0] << 24 | (size_t)r[1] << 16 | (size_t)r[2] << 8 | r[3];
        if (at == pos)
            return r + 4;
        if (at < pos)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}
