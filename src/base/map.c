/* Open addressing with linear probing at most 3/4 full. The seed is drawn once a process from
 * base/env, so that ids chosen by a host cannot be made to collide. */
#include "base/map.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "base/env.h"

struct slot {
    struct str key;
    void *value; /* NULL = free */
    uint64_t hash;
};

struct map {
    struct arena *arena;
    struct slot *slots;
    size_t n, size; /* size is a power of two */
    uint64_t seed;
};

static uint64_t
mix(uint64_t h)
{
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ (h >> 32);
}

static uint64_t
hash_key(struct str key, uint64_t seed)
{
    uint64_t h = seed ^ mix(key.len + seed);
    size_t i = 0;
    for (; i + 8 <= key.len; i += 8) {
        uint64_t w;
        memcpy(&w, key.s + i, 8);
        h = mix(h ^ w) + seed;
    }
    uint64_t tail = 0;
    if (key.len > i)
        memcpy(&tail, key.s + i, key.len - i);
    return mix(h ^ tail);
}

struct map *
map_new(struct arena *a)
{
    /* of the process: odd, so that it is never 0, which means not drawn yet */
    static uint64_t seed;
    if (!seed) {
        env_random(&seed, sizeof seed);
        seed |= 1;
    }
    struct map *m = ARENA_NEW(a, struct map);
    m->arena = a;
    m->size = 16;
    m->slots = ARENA_ARRAY(a, struct slot, m->size);
    m->seed = seed;
    return m;
}

static struct slot *
find_slot(const struct map *m, struct str key, uint64_t hash)
{
    assert(m->n < m->size); /* a free slot ends the search */
    for (size_t i = hash & (m->size - 1);; i = (i + 1) & (m->size - 1)) {
        struct slot *s = &m->slots[i];
        if (!s->value || (s->hash == hash && str_eq(s->key, key)))
            return s;
    }
}

static void
grow(struct map *m)
{
    struct slot *old = m->slots;
    size_t n = m->size;
    m->size *= 2;
    m->slots = ARENA_ARRAY(m->arena, struct slot, m->size);
    for (size_t i = 0; i < n; i++)
        if (old[i].value)
            *find_slot(m, old[i].key, old[i].hash) = old[i];
    arena_release(m->arena, old, n * sizeof *old);
}

void *
map_get(const struct map *m, struct str key)
{
    return m->n ? find_slot(m, key, hash_key(key, m->seed))->value : NULL;
}

void
map_put(struct map *m, struct str key, void *value)
{
    assert(value);
    if ((m->n + 1) * 4 > m->size * 3)
        grow(m);
    uint64_t hash = hash_key(key, m->seed);
    struct slot *s = find_slot(m, key, hash);
    if (!s->value)
        m->n++;
    *s = (struct slot){.key = key, .value = value, .hash = hash};
}

void
map_done(struct map *m)
{
    arena_release(m->arena, m->slots, m->size * sizeof *m->slots);
    m->slots = NULL;
    m->n = m->size = 0;
}

size_t
map_len(const struct map *m)
{
    return m->n;
}

long
map_get_index(const struct map *m, struct str key)
{
    return (long)(uintptr_t)map_get(m, key) - 1;
}

void
map_put_index(struct map *m, struct str key, size_t index)
{
    assert(index < LONG_MAX);
    map_put(m, key, (void *)(uintptr_t)(index + 1));
}
