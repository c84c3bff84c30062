/* Blocks, buckets and their state. */
#include "store/fact_chain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BACK_SIZE = 4 };

/* ---- buckets ---- */

struct fact_bucket *
fact_buckets_at(struct fact_buckets *b, uint64_t id)
{
    size_t lo = 0, hi = b->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (b->v[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < b->n && b->v[lo].id == id)
        return &b->v[lo];
    if (b->n == b->cap) {
        b->cap = b->cap ? 2 * b->cap : 64;
        b->v = mem_realloc(b->v, b->cap * sizeof *b->v);
    }
    memmove(b->v + lo + 1, b->v + lo, (b->n - lo) * sizeof *b->v);
    b->v[lo] = (struct fact_bucket){.id = id};
    b->n++;
    return &b->v[lo];
}

static void
put_number(unsigned char *to, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(v >> 8 * (bytes - 1 - i));
}

/* A bucket without facts is none, so that it does not matter whether somebody asked for it. */
struct str
fact_buckets_text(const struct fact_buckets *b, struct arena *a)
{
    unsigned char row[16 + SHA256_SIZE];
    uint64_t total = 0;
    struct sha256 *h = sha256_new();
    for (size_t i = 0; i < b->n; i++) {
        if (!b->v[i].n)
            continue;
        total += b->v[i].n;
        put_number(row, b->v[i].id, 8);
        put_number(row + 8, b->v[i].n, 8);
        memcpy(row + 16, b->v[i].head.b, SHA256_SIZE);
        sha256_add(h, row, sizeof row);
    }
    struct sha256_digest d = sha256_final(h);
    return arena_fmt(a, "%llu %s", (unsigned long long)total, sha256_hex(a, &d).s);
}

void
fact_buckets_free(struct fact_buckets *b)
{
    free(b->v);
    *b = (struct fact_buckets){0};
}

/* ---- blocks ---- */

static void
add_entry(struct buf *entries, const struct fact *f, int64_t last_seq)
{
    unsigned char back[BACK_SIZE];
    assert(f->key.n > 0 && f->key.n <= FACT_KEY_MAX);
    assert(last_seq == FACT_ADOPTED || f->seq <= last_seq);
    put_number(back, last_seq == FACT_ADOPTED ? 0 : (uint64_t)(last_seq - f->seq), BACK_SIZE);
    buf_putc(entries, (char)f->key.n);
    buf_add(entries, f->key.b, f->key.n);
    buf_add(entries, f->digest.b, SHA256_SIZE);
    buf_add(entries, back, BACK_SIZE);
}

struct placed { /* a fact and the bucket it belongs to */
    uint64_t bucket;
    size_t at;
};

static int
by_bucket(const void *a, const void *b)
{
    const struct placed *p = a, *q = b;
    if (p->bucket != q->bucket)
        return p->bucket < q->bucket ? -1 : 1;
    return p->at < q->at ? -1 : p->at > q->at;
}

static struct placed *
sort_facts(const struct fact_pile *p)
{
    struct placed *v = mem_alloc((p->facts.n + 1) * sizeof *v);
    for (size_t i = 0; i < p->facts.n; i++) {
        const struct fact *f = &p->facts.v[i];
        v[i] = (struct placed){fact_bucket_of(f->kind, &f->key), i};
    }
    qsort(v, p->facts.n, sizeof *v, by_bucket);
    return v;
}

int
fact_pile_close(struct fact_pile *p, struct fact_buckets *b, int64_t last_seq, fact_put_fn *put,
                void *self, struct diag *d)
{
    struct placed *v = sort_facts(p);
    AUTO_BUF entries = buf_init(BUF_MAX_DEFAULT);
    int rc = 0;
    for (size_t i = 0, n; i < p->facts.n && rc == 0; i += n) {
        buf_cut(&entries, 0);
        for (n = 0; i + n < p->facts.n && n < FACT_BLOCK && v[i + n].bucket == v[i].bucket; n++)
            add_entry(&entries, &p->facts.v[v[i + n].at], last_seq);
        struct fact_bucket *to = fact_buckets_at(b, v[i].bucket);
        struct fact_block block = {
            .first = to->n, .n = (uint32_t)n, .seq = last_seq, .entries = buf_view(&entries)};
        fact_bucket_move(to, &block);
        rc = put ? put(self, to, &block, d) : 0;
    }
    free(v);
    p->facts.n = 0;
    return rc;
}

bool
fact_block_next(struct str *rest, struct fact_key *key, struct sha256_digest *digest,
                uint32_t *ret_back)
{
    size_t n = rest->len ? (unsigned char)rest->s[0] : 0;
    if (n == 0 || n > FACT_KEY_MAX || rest->len < 1 + n + SHA256_SIZE + BACK_SIZE)
        return false;
    const char *p = rest->s + 1;
    key->n = (unsigned char)n;
    memcpy(key->b, p, n);
    memcpy(digest->b, p + n, SHA256_SIZE);
    p += n + SHA256_SIZE;
    *ret_back = 0;
    for (int i = 0; i < BACK_SIZE; i++)
        *ret_back = *ret_back << 8 | (unsigned char)p[i];
    *rest = str_n(p + BACK_SIZE, rest->len - (size_t)(p + BACK_SIZE - rest->s));
    return true;
}

void
fact_bucket_move(struct fact_bucket *b, const struct fact_block *block)
{
    unsigned char at[8 + 8 + 4 + 8];
    assert(block->first == b->n && block->n > 0);
    put_number(at, b->id, 8);
    put_number(at + 8, block->first, 8);
    put_number(at + 16, block->n, 4);
    put_number(at + 20, (uint64_t)block->seq, 8);
    struct sha256 *h = sha256_new();
    sha256_add(h, b->head.b, SHA256_SIZE);
    sha256_add(h, at, sizeof at);
    sha256_add(h, block->entries.s, block->entries.len);
    b->head = sha256_final(h);
    b->n += block->n;
}

/* ---- what a record says ---- */

static int
hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads hex up to a blank or the end. */
static size_t
read_hex(struct str s, unsigned char *to, size_t max)
{
    size_t n = 0;
    for (; n < max && 2 * n + 1 < s.len; n++) {
        int hi = hex_value(s.s[2 * n]), lo = hex_value(s.s[2 * n + 1]);
        if (hi < 0 || lo < 0)
            break;
        to[n] = (unsigned char)(hi << 4 | lo);
    }
    return 2 * n == s.len || s.s[2 * n] == ' ' ? n : 0;
}

bool
fact_read(struct str kind, struct str value, struct fact *ret)
{
    struct fact f = {0};
    for (int k = 1; k < FACT__END; k++)
        if (str_eqc(kind, fact_word((enum fact_kind)k)))
            f.kind = (enum fact_kind)k;
    if (!f.kind)
        return false;
    size_t skip = 5;
    if (!str_starts(value, "gone ")) {
        if (value.len < 2 * SHA256_SIZE + 1 ||
            read_hex(value, f.digest.b, SHA256_SIZE) != SHA256_SIZE)
            return false;
        skip = 2 * SHA256_SIZE + 1;
    }
    struct str rest = str_n(value.s + skip, value.len - skip);
    f.key.n = (unsigned char)read_hex(rest, f.key.b, FACT_KEY_MAX);
    if (!f.key.n)
        return false;
    size_t end = 2 * (size_t)f.key.n;
    f.text = end < rest.len ? str_n(rest.s + end + 1, rest.len - end - 1) : STR("");
    *ret = f;
    return true;
}
