/* Packs and unpacks detail sets. Before fold.c, which makes them, and known.c, which reads them. */
#include "store/detail.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/auto.h"
#include "base/json_put.h"
#include "store/bulk.h"
#include "store/fold.h"

AUTO_DEFINE(json_t *, json_decref)

enum { MAX_NATIVE = 255, MAX_WORDS = (1 << 24) - 1 };

/* ---- packing ---- */

struct packing {
    struct arena *a;
    struct buf records, words;
    struct json_put json;
    struct map *index; /* word -> its number */
    size_t n_words;
};

/* The number of a word; too many different ones (which only a hostile file has) are not told. */
static size_t
word_number(struct packing *p, struct str word)
{
    long at = word.len ? map_get_index(p->index, word) : 0;
    if (at >= 0 || p->n_words == MAX_WORDS)
        return at >= 0 ? (size_t)at : 0;
    json_put_str(&p->json, word);
    map_put_index(p->index, word, p->n_words);
    return p->n_words++;
}

static void
put_number(struct buf *b, size_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        buf_putc(b, (char)(unsigned char)(v >> 8 * i));
}

/* What is not a plain pass. */
static bool
is_finding(const struct fold_check *c)
{
    enum status_class k = status_class(c->status);
    return c->status == STATUS_FIXED || k == CLASS_FAILED || k == CLASS_WAIVED ||
           (k == CLASS_SKIPPED && c->status != STATUS_NOTAPPLICABLE);
}

static void
put_record(struct packing *p, size_t pos, const struct fold_check *c)
{
    static const struct hash16 none;
    struct str native = store_fit(p->a, c->native, MAX_NATIVE);
    bool is_plain = str_eqc(native, status_word(c->status));
    put_number(&p->records, pos, 4);
    buf_add(&p->records, c->has_evidence ? c->evidence_hash.b : none.b, sizeof none.b);
    put_number(&p->records, c->severity, 1);
    put_number(&p->records, c->n, 4);
    put_number(&p->records, is_plain ? 0 : word_number(p, native), 3);
    put_number(&p->records, word_number(p, c->waiver), 3);
}

static void
pack(struct packing *p, const struct fold *f)
{
    p->json = json_put_init(&p->words);
    json_put_open(&p->json, '[');
    json_put_str(&p->json, STR(""));
    p->n_words = 1;
    for (size_t i = 0; i < f->policy->n; i++)
        if (is_finding(&f->checks[i]) || f->checks[i].has_evidence)
            put_record(p, i, &f->checks[i]);
    json_put_close(&p->json, ']');
}

static struct hash16
hash_of(const struct details *s)
{
    struct hash16 h;
    struct sha256 *sum = sha256_new();
    sha256_add_field(sum, s->records);
    sha256_add_field(sum, s->words);
    struct sha256_digest all = sha256_final(sum);
    memcpy(h.b, all.b, sizeof h.b);
    return h;
}

void
detail_pack(const struct fold *f, struct arena *a, struct details *ret)
{
    size_t room = (size_t)DETAIL_SIZE * (f->policy->n + 1);
    struct packing p = {
        .a = a, .records = buf_init(room), .words = buf_init(BUF_MAX_DEFAULT), .index = map_new(a)};
    pack(&p, f);
    assert(!buf_bad(&p.records) && !buf_bad(&p.words));
    *ret = (struct details){.records = arena_str(a, buf_view(&p.records)),
                            .words = arena_str(a, buf_view(&p.words))};
    ret->hash = hash_of(ret);
    buf_done(&p.records);
    buf_done(&p.words);
}

void
detail_row(struct bulk *b, const struct details *v)
{
    bulk_row(b);
    bulk_bytes(b, v->hash.b, sizeof v->hash.b);
    bulk_bytes(b, v->records.s, v->records.len);
    bulk_str(b, v->words);
}

/* ---- unpacking ---- */

static size_t
get_number(const char *s, int bytes)
{
    size_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | (unsigned char)s[i];
    return v;
}

static size_t
pos_at(struct str records, size_t i)
{
    return get_number(records.s + i * DETAIL_SIZE, 4);
}

size_t
detail_count(struct str records)
{
    return records.len / DETAIL_SIZE;
}

struct detail
detail_at(struct str records, size_t i)
{
    static const struct hash16 none;
    assert(i < detail_count(records));
    const char *r = records.s + i * DETAIL_SIZE;
    struct detail v = {.pos = get_number(r, 4),
                       .n = (unsigned)get_number(r + 21, 4),
                       .native = get_number(r + 25, 3),
                       .waiver = get_number(r + 28, 3)};
    size_t severity = get_number(r + 20, 1);
    v.severity = severity < SEVERITY__COUNT ? (enum severity)severity : SEVERITY_UNKNOWN;
    memcpy(v.evidence.b, r + 4, sizeof v.evidence.b);
    v.has_evidence = memcmp(v.evidence.b, none.b, sizeof none.b) != 0;
    return v;
}

bool
detail_find(struct str records, size_t pos, struct detail *ret)
{
    size_t lo = 0, hi = detail_count(records);
    while (lo < hi) {
        size_t mid = (lo + hi) / 2, at = pos_at(records, mid);
        if (at == pos) {
            *ret = detail_at(records, mid);
            return true;
        }
        if (at < pos)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

int
detail_words(struct str json, struct arena *a, struct str **ret, size_t *ret_n, struct diag *d)
{
    AUTO(json_decref_auto) json_t *list = json_loadb(json.s, json.len, JSON_ALLOW_NUL, NULL);
    size_t n = json_array_size(list);
    struct str *v = ARENA_ARRAY(a, struct str, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *word = json_array_get(list, i);
        if (!json_is_string(word))
            return diag_fail(d, DIAG_INTERNAL, "a detail set has words that are none");
        v[i] = arena_str(a, str_n(json_string_value(word), json_string_length(word)));
    }
    if (n == 0)
        return diag_fail(d, DIAG_INTERNAL, "a detail set has no words");
    *ret = v;
    *ret_n = n;
    return 0;
}
