/* Detail sets in the form that gives them their names. Before fold.c, which makes them; detail_base.c stores and
 * reads them. */
#include "store/detail.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "store/fold.h"

enum { MAX_NATIVE = 255, WORD_HEAD = 3, MAX_WORDS = 4 << 20 /* with records, half a packet */ };

#define NOT_KEPT STR("\xe2\x80\xa6 [further texts of this scan are not kept]")

/* ---- packing ---- */

struct packing {
    struct buf records, words;
    struct map *index; /* word -> where it begins */
};

static void
put_number(struct buf *b, size_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        buf_putc(b, (char)(unsigned char)(v >> 8 * i));
}

static size_t
add_word(struct packing *p, struct str word)
{
    size_t at = p->words.len;
    put_number(&p->words, word.len, WORD_HEAD);
    buf_str(&p->words, word);
    map_put_index(p->index, word, at);
    return at;
}

/* Where a word begins; when there is no room for it, where `instead` does. */
static size_t
place_word(struct packing *p, struct str word, struct str instead)
{
    long at = word.len ? map_get_index(p->index, word) : 0;
    if (at >= 0)
        return (size_t)at;
    if (p->words.len + WORD_HEAD + word.len <= MAX_WORDS)
        return add_word(p, word);
    at = map_get_index(p->index, instead);
    return at >= 0 ? (size_t)at : add_word(p, instead);
}

/* What is neither a plain pass nor without meaning for the host. */
static bool
is_finding(const struct fold_check *c)
{
    enum status_class k = status_class(c->status);
    return c->status == STATUS_FIXED || k == CLASS_FAILED || k == CLASS_WAIVED ||
           (k == CLASS_SKIPPED && c->status != STATUS_NOTAPPLICABLE);
}

static void
put_record(struct packing *p, size_t pos, const struct detail_text *t)
{
    static const struct hash16 none;
    assert(pos <= UINT32_MAX && t->severity < SEVERITY__COUNT);
    put_number(&p->records, pos, 4);
    buf_add(&p->records, t->kind == DETAIL_NONE ? none.b : t->hash.b, sizeof none.b);
    put_number(&p->records, t->severity, 1);
    put_number(&p->records, t->n, 4);
    put_number(&p->records, place_word(p, t->native, STR("")), WORD_HEAD);
    put_number(&p->records, place_word(p, t->waiver, NOT_KEPT), WORD_HEAD);
}

static struct hash16
name_of(struct str records, struct str words)
{
    struct hash16 h;
    struct sha256 *sum = sha256_new();
    sha256_add_field(sum, records);
    sha256_add_field(sum, words);
    struct sha256_digest all = sha256_final(sum);
    memcpy(h.b, all.b, sizeof h.b);
    return h;
}

/* Sets that schema 011 made of those before kept their names: the hash of position and evidence alone. */
static struct hash16
old_name_of(struct str records)
{
    struct hash16 h;
    struct sha256 *sum = sha256_new();
    for (size_t i = 0; i < detail_count(records); i++)
        sha256_add(sum, records.s + i * DETAIL_SIZE, 4 + 16);
    struct sha256_digest all = sha256_final(sum);
    memcpy(h.b, all.b, sizeof h.b);
    return h;
}

/* Nothing but evidence: what such a set has behind position and hash. */
static bool
is_evidence_only(struct str records, struct str words)
{
    static const char rest[DETAIL_SIZE - 20] = {0, 0, 0, 0, 1};
    bool is = str_eq(words, str_n("\0\0\0", 3));
    for (size_t i = 0; i < detail_count(records) && is; i++)
        is = memcmp(records.s + i * DETAIL_SIZE + 20, rest, sizeof rest) == 0;
    return is;
}

bool
detail_is_named(struct str records, struct str words, const struct hash16 *name)
{
    struct hash16 now = name_of(records, words), before;
    if (memcmp(now.b, name->b, sizeof now.b) == 0)
        return true;
    if (!is_evidence_only(records, words))
        return false;
    before = old_name_of(records);
    return memcmp(before.b, name->b, sizeof before.b) == 0;
}

bool
detail_is_named_by(uint64_t agent_id, uint64_t line_id, int64_t end, const struct hash16 *name)
{
    char place[96];
    if (end < 0)
        return false;
    struct clock_civil c = clock_civil(end);
    int n = snprintf(place, sizeof place, "%llu-%llu-%04d-%02d-%02d %02d:%02d:%02d",
                     (unsigned long long)agent_id, (unsigned long long)line_id, c.year, c.month,
                     c.day, c.hour, c.minute, c.second);
    struct hash16 h = ids_hash16(str_n(place, (size_t)n));
    return memcmp(h.b, name->b, sizeof h.b) == 0;
}

static struct detail_text
text_of(const struct fold_check *c, struct arena *a)
{
    struct str native = utf8_fit(a, c->native, MAX_NATIVE);
    return (struct detail_text){.native =
                                    str_eqc(native, status_word(c->status)) ? STR("") : native,
                                .waiver = c->waiver,
                                .evidence = c->evidence,
                                .hash = c->evidence_hash,
                                .n = c->n,
                                .severity = c->severity,
                                .kind = c->has_evidence ? DETAIL_HERE : DETAIL_NONE};
}

static struct packing
begin_packing(size_t n, struct arena *a)
{
    struct packing p = {.records = buf_init((size_t)DETAIL_SIZE * (n + 1)),
                        .words = buf_init(MAX_WORDS + WORD_HEAD + NOT_KEPT.len),
                        .index = map_new(a)};
    add_word(&p, STR(""));
    return p;
}

static struct details
end_packing(struct packing *p, struct arena *a)
{
    struct details v;
    assert(!buf_bad(&p->records) && !buf_bad(&p->words));
    v.records = arena_str(a, buf_view(&p->records));
    v.words = arena_str(a, buf_view(&p->words));
    v.hash = name_of(v.records, v.words);
    buf_done(&p->records);
    buf_done(&p->words);
    return v;
}

void
detail_pack(const struct fold *f, struct arena *a, struct details *ret)
{
    struct packing p = begin_packing(f->policy->n, a);
    for (size_t i = 0; i < f->policy->n; i++)
        if (is_finding(&f->checks[i]) || f->checks[i].has_evidence) {
            struct detail_text t = text_of(&f->checks[i], a);
            put_record(&p, i, &t);
        }
    *ret = end_packing(&p, a);
}

void
detail_pack_form(const struct detail_form *f, struct arena *a, struct details *ret)
{
    struct packing p = begin_packing(f->n, a);
    for (size_t i = 0; i < f->n_pos; i++)
        if (f->at[i])
            put_record(&p, i, f->at[i]);
    *ret = end_packing(&p, a);
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
        size_t mid = (lo + hi) / 2, at = get_number(records.s + mid * DETAIL_SIZE, 4);
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

struct str
detail_word(struct str words, size_t at)
{
    if (at + WORD_HEAD > words.len)
        return STR("");
    size_t n = get_number(words.s + at, WORD_HEAD), from = at + WORD_HEAD;
    return n <= words.len - from ? str_n(words.s + from, n) : STR("");
}

void
detail_spell(struct str records, struct str words, struct arena *a, struct detail_form *ret)
{
    struct detail_form f = {.n = detail_count(records)};
    f.n_pos = f.n ? detail_at(records, f.n - 1).pos + 1 : 0;
    f.at = ARENA_ARRAY(a, struct detail_text *, f.n_pos + 1);
    struct detail_text *all = ARENA_ARRAY(a, struct detail_text, f.n + 1);
    for (size_t i = 0; i < f.n; i++) {
        struct detail v = detail_at(records, i);
        assert(v.pos < f.n_pos);
        all[i] = (struct detail_text){.native = detail_word(words, v.native),
                                      .waiver = detail_word(words, v.waiver),
                                      .evidence = STR(""),
                                      .hash = v.evidence,
                                      .n = v.n,
                                      .severity = v.severity,
                                      .kind = v.has_evidence ? DETAIL_NAMED : DETAIL_NONE};
        f.at[v.pos] = &all[i];
    }
    *ret = f;
}

void
detail_spell_fold(const struct fold *f, struct arena *a, struct detail_form *ret)
{
    detail_spell(f->details.records, f->details.words, a, ret);
    for (size_t i = 0; i < ret->n_pos; i++)
        if (ret->at[i] && ret->at[i]->kind != DETAIL_NONE) {
            ret->at[i]->kind = DETAIL_HERE;
            ret->at[i]->evidence = f->checks[i].evidence;
        }
}
