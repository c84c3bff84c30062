/* Results -> one state a check; between the scan of a reader and scans.c, which stores it. */
#include "store/fold.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "model/fleet.h"
#include "store/policy.h"

enum { MAX_JOINED = 256 * 1024 };

static void
append_text(struct arena *a, struct fold_text *t, struct str s)
{
    if (t->len + s.len + 1 > t->cap) {
        char *old = t->s;
        t->cap = 2 * (t->len + s.len) + 64;
        t->s = arena_alloc(a, t->cap);
        if (t->len)
            memcpy(t->s, old, t->len);
    }
    memcpy(t->s + t->len, s.s, s.len);
    t->len += s.len;
    t->s[t->len] = 0;
}

/* Adds a line to *was; where they become too many, that is said. */
static void
join_line(struct arena *a, struct fold_text *t, struct str *was, struct str more)
{
    bool is_ours = t->s && was->s == t->s;
    if (!was->len && more.len)
        *was = more;
    if (!more.len || str_eq(*was, more) || (is_ours && t->is_full))
        return;
    if (!is_ours) {
        *t = (struct fold_text){0};
        append_text(a, t, *was);
    }
    t->is_full = t->len + more.len + 1 > MAX_JOINED;
    append_text(a, t, STR("\n"));
    append_text(
        a, t, t->is_full ? STR("\xe2\x80\xa6 [further results of this check are not kept]") : more);
    *was = str_n(t->s, t->len);
}

static void
fold_result(struct fold_check *c, const struct scan_result *r, enum severity severity,
            struct arena *a)
{
    assert(r->status > STATUS_NONE && r->status < STATUS__COUNT);
    bool wins =
        c->n == 0 || (r->status != c->status && status_worse(c->status, r->status) == r->status);
    c->n++;
    if (wins) {
        c->status = r->status;
        c->native = r->native;
        c->severity = severity;
        c->evidence = r->evidence;
        c->waiver = r->waiver;
    } else if (r->status == c->status) {
        join_line(a, &c->joined_evidence, &c->evidence, r->evidence);
        join_line(a, &c->joined_waiver, &c->waiver, r->waiver);
    }
}

struct content_row {
    unsigned char check[16], status, n[4];
};

/* (check, status, number) in the order of the checks' hashes: neither the order of the file nor
 * that of the policy version matters. */
static void
hash_content(const struct scan *s, struct fold *f, struct arena *a)
{
    struct content_row *rows = ARENA_ARRAY(a, struct content_row, f->policy->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < f->policy->n; i++) {
        size_t pos = f->policy->sorted[i];
        const struct fold_check *c = &f->checks[pos];
        if (c->status == STATUS_NONE)
            continue;
        memcpy(rows[n].check, f->policy->checks[pos].b, 16);
        rows[n].status = (unsigned char)c->status;
        for (int k = 0; k < 4; k++)
            rows[n].n[k] = (unsigned char)(c->n >> 8 * k);
        n++;
    }
    uint64_t counts[STATUS__COUNT];
    for (int i = 0; i < STATUS__COUNT; i++)
        counts[i] = htole64((uint64_t)s->counts[i]);
    struct sha256 *h = sha256_new();
    sha256_add(h, rows, n * sizeof *rows);
    sha256_add(h, counts, sizeof counts);
    f->content = sha256_final(h);
}

static void
hash_evidence(struct fold *f, struct arena *a)
{
    for (size_t i = 0; i < f->policy->n; i++) {
        struct fold_check *c = &f->checks[i];
        if (c->waiver.len)
            c->waiver = utf8_repair(a, c->waiver);
        if (!c->evidence.len)
            continue;
        c->evidence = utf8_repair(a, c->evidence);
        c->evidence_hash = ids_hash16(c->evidence);
        c->has_evidence = true;
    }
}

void
fold_scan(const struct scan *s, const struct policy_match *m, struct arena *a, struct fold *ret)
{
    const struct policy_version *p = m->policy;
    struct fold f = {.policy = p};
    f.checks = ARENA_ARRAY(a, struct fold_check, p->n + 1);
    assert(m->n == s->checks.n);
    for (size_t i = 0; i < s->results.n; i++) {
        const struct scan_result *r = &s->results.v[i];
        assert(r->check < m->n);
        size_t pos = m->pos[r->check];
        enum severity own = r->severity ? r->severity : s->checks.v[r->check].severity;
        /* a scan without texts of its own may be stored under a version that says something else */
        bool as_stored = own == p->severities[pos];
        fold_result(&f.checks[pos], r, as_stored ? SEVERITY_UNKNOWN : own, a);
    }
    f.n_vec = s->score_only ? 0 : p->n;
    f.vec = arena_alloc(a, f.n_vec / 2 + 1);
    for (size_t i = 0; i < f.n_vec; i++)
        fleet_pack(f.vec, i, f.checks[i].status);
    hash_evidence(&f, a);
    detail_pack(&f, a, &f.details);
    hash_content(s, &f, a);
    *ret = f;
}

struct str
fold_said(const struct scan *s, const struct policy_version *p, struct arena *a)
{
    size_t n = (p->n + 7) / 8;
    unsigned char *bits = ARENA_ARRAY(a, unsigned char, n + 1);
    const size_t *at = policy_positions(p, s, a);
    for (size_t i = 0; i < s->results.n; i++) {
        size_t pos = at[s->results.v[i].check];
        assert(pos < p->n); /* a delta's checks are in what it was merged to */
        bits[pos / 8] |= (unsigned char)(1u << pos % 8);
    }
    return str_n((const char *)bits, n);
}

bool
fold_has_said(struct str bits, size_t pos)
{
    return pos / 8 < bits.len && ((unsigned char)bits.s[pos / 8] >> pos % 8 & 1);
}
