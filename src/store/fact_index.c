/* The table of facts by key; filled by fact_state.c. */
#include "store/fact_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Keys are digests, or ids that are parts of digests: nobody makes them meet. */
static size_t
slot_of(const struct fact_index *x, enum fact_kind kind, const struct fact_key *key)
{
    uint64_t h = (uint64_t)kind * 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < key->n; i += 8) {
        uint64_t w = 0;
        memcpy(&w, key->b + i, key->n - i < 8 ? key->n - i : 8);
        h = (h ^ w) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    return (size_t)(h >> 7) & (x->n_slots - 1);
}

static bool
is_key(const struct fact_entry *e, enum fact_kind kind, const struct fact_key *key)
{
    return e->kind == kind && e->key.n == key->n && memcmp(e->key.b, key->b, key->n) == 0;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t *
find_slot(const struct fact_index *x, enum fact_kind kind, const struct fact_key *key)
{
    size_t at = slot_of(x, kind, key);
    while (x->slots[at] && !is_key(&x->v[x->slots[at] - 1], kind, key))
        at = (at + 1) & (x->n_slots - 1);
    return &x->slots[at];
}

static void
grow(struct fact_index *x)
{
    x->cap = x->cap ? 2 * x->cap : 64;
    assert(x->cap < UINT32_MAX / 2);
    x->v = mem_realloc(x->v, x->cap * sizeof *x->v);
    free(x->slots);
    x->n_slots = 2 * x->cap;
    x->slots = mem_alloc(x->n_slots * sizeof *x->slots);
    memset(x->slots, 0, x->n_slots * sizeof *x->slots);
    for (size_t i = 0; i < x->n; i++)
        *find_slot(x, (enum fact_kind)x->v[i].kind, &x->v[i].key) = (uint32_t)i + 1;
}

bool
fact_index_wants(const struct fact_index *x, enum fact_kind kind, const struct fact_key *key)
{
    uint64_t id = 0;
    if (!x->last_agent || (kind != FACT_SCAN && kind != FACT_REVISION))
        return true;
    for (int i = 0; i < 8; i++)
        id = id << 8 | key->b[i];
    return id >= x->first_agent && id <= x->last_agent;
}

void
fact_index_put(struct fact_index *x, enum fact_kind kind, const struct fact_key *key,
               const struct sha256_digest *digest, int64_t seq)
{
    assert(key->n <= FACT_KEY_MAX);
    if (x->n == x->cap)
        grow(x);
    uint32_t *slot = find_slot(x, kind, key);
    int64_t first = *slot ? x->v[*slot - 1].first : seq;
    if (!*slot)
        *slot = (uint32_t)++x->n;
    x->v[*slot - 1] = (struct fact_entry){.digest = *digest,
                                          .seq = seq,
                                          .first = first,
                                          .kind = (unsigned char)kind,
                                          .key = *key};
}

struct fact_entry *
fact_index_find(const struct fact_index *x, enum fact_kind kind, const struct fact_key *key)
{
    if (!x->n)
        return NULL;
    const uint32_t *slot = find_slot(x, kind, key);
    return *slot ? &x->v[*slot - 1] : NULL;
}

void
fact_index_clear(struct fact_index *x)
{
    x->n = 0;
    if (x->n_slots)
        memset(x->slots, 0, x->n_slots * sizeof *x->slots);
}

void
fact_index_free(struct fact_index *x)
{
    free(x->v);
    free(x->slots);
    *x = (struct fact_index){0};
}
