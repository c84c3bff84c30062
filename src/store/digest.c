/* Rows -> bytes -> digests. Before facts.c, which chains them. */
#include "store/digest.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* A form on its way into the hash: hashing each field alone would cost more than the hash. */
struct form {
    struct sha256 *h;
    size_t n;
    unsigned char b[1024];
};

static void
put_bytes(struct form *f, const void *p, size_t n)
{
    if (n > sizeof f->b - f->n) {
        sha256_add(f->h, f->b, f->n);
        f->n = 0;
    }
    if (n > sizeof f->b) {
        sha256_add(f->h, p, n);
        return;
    }
    if (n)
        memcpy(f->b + f->n, p, n);
    f->n += n;
}

static void
put_int(struct form *f, int64_t v)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
    put_bytes(f, b, sizeof b);
}

static void
put_str(struct form *f, struct str s)
{
    put_int(f, (int64_t)s.len);
    put_bytes(f, s.s, s.len);
}

/* What may be NULL: a byte says whether it is there. */
static void
put_has(struct form *f, bool has)
{
    unsigned char b = has;
    put_bytes(f, &b, 1);
}

static void
put_real(struct form *f, double v)
{
    uint64_t bits;
    put_has(f, !isnan(v));
    if (isnan(v))
        return;
    v += 0.0; /* no server keeps a negative zero */
    memcpy(&bits, &v, sizeof bits);
    put_int(f, (int64_t)bits);
}

static void
begin(struct form *f, const char *kind, int version)
{
    f->h = sha256_new();
    f->n = 0;
    put_str(f, str_c(kind));
    put_int(f, version);
}

static struct sha256_digest
end(struct form *f)
{
    sha256_add(f->h, f->b, f->n);
    return sha256_final(f->h);
}

struct sha256_digest
digest_scan(const struct digest_scan *s)
{
    struct form f;
    assert(s->policy && s->revision >= 0);
    begin(&f, "scan", 1);
    put_str(&f, s->agent);
    put_int(&f, (int64_t)s->line_id);
    put_int(&f, (int64_t)s->policy_id);
    put_bytes(&f, s->policy->b, SHA256_SIZE);
    put_str(&f, s->profile);
    put_str(&f, s->format);
    put_str(&f, s->engine);
    put_int(&f, s->scanned_at);
    put_int(&f, s->started_at);
    put_int(&f, s->ingested_at);
    put_int(&f, s->revision);
    put_int(&f, s->standing);
    for (size_t i = 0; i < SCAN_ROW_COUNTS; i++)
        put_int(&f, s->counts[i]);
    put_int(&f, s->score);
    put_real(&f, s->reported);
    put_int(&f, s->flags);
    put_bytes(&f, s->file.b, SHA256_SIZE);
    put_bytes(&f, s->content.b, SHA256_SIZE);
    put_has(&f, s->has_details);
    if (s->has_details)
        put_bytes(&f, s->details.b, sizeof s->details.b);
    put_int(&f, s->n_vec);
    put_str(&f, s->vec);
    put_has(&f, s->has_said);
    if (s->has_said)
        put_str(&f, s->said);
    return end(&f);
}

struct sha256_digest
digest_agent(const struct digest_agent *g)
{
    struct form f;
    begin(&f, "agent", 1);
    put_str(&f, g->name);
    put_str(&f, g->alias);
    put_str(&f, g->os);
    put_str(&f, g->address);
    put_str(&f, g->group);
    return end(&f);
}

struct sha256_digest
digest_policy(struct str id, struct str version, struct str title, const struct hash16 *checks,
              const struct hash16 *texts, size_t n)
{
    struct form f;
    assert((checks && texts) || n == 0);
    begin(&f, "policy", 1);
    put_str(&f, id);
    put_str(&f, version);
    put_str(&f, title);
    put_int(&f, (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        put_bytes(&f, checks[i].b, sizeof checks[i].b);
        put_bytes(&f, texts[i].b, sizeof texts[i].b);
    }
    return end(&f);
}

struct sha256 *
digest_warnings(void)
{
    struct sha256 *h = sha256_new();
    sha256_add_field(h, STR("warnings"));
    return h;
}

void
digest_warning(struct sha256 *h, struct str kind, struct str place, struct str text)
{
    sha256_add_field(h, kind);
    sha256_add_field(h, place);
    sha256_add_field(h, text);
}

struct sha256_digest
digest_input(const struct digest_input *i)
{
    struct form f;
    const struct store_input *in = &i->in;
    begin(&f, "input", 1);
    put_bytes(&f, in->sha256.b, SHA256_SIZE);
    put_str(&f, in->name);
    put_str(&f, in->format);
    put_str(&f, in->verdict);
    put_str(&f, in->reason);
    put_str(&f, in->host);
    put_int(&f, in->size);
    put_int(&f, in->received);
    put_int(&f, in->n_scans);
    put_str(&f, in->custody);
    put_bytes(&f, i->warnings.b, SHA256_SIZE);
    return end(&f);
}

struct sha256_digest
digest_enrolment(const struct store_enrolment *e)
{
    struct form f;
    begin(&f, "enrolment", 1);
    put_str(&f, e->name);
    put_has(&f, e->frozen);
    put_int(&f, (int64_t)e->aliases.n);
    for (size_t i = 0; i < e->aliases.n; i++)
        put_str(&f, e->aliases.v[i]);
    return end(&f);
}

struct sha256_digest
digest_setting(struct str name, struct str value)
{
    struct form f;
    begin(&f, "setting", 1);
    put_str(&f, name);
    put_str(&f, value);
    return end(&f);
}

struct sha256_digest
digest_run(const struct store_run *r)
{
    struct form f;
    begin(&f, "run", 1);
    put_str(&f, r->definition);
    put_str(&f, r->period_key);
    put_str(&f, r->state);
    put_str(&f, r->report_id);
    put_str(&f, r->dataset_hex);
    put_str(&f, r->manifest_hex);
    return end(&f);
}

struct sha256_digest
digest_cursor(struct str target, int64_t told_seq)
{
    struct form f;
    begin(&f, "cursor", 1);
    put_str(&f, target);
    put_int(&f, told_seq);
    return end(&f);
}
