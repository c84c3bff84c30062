/* The set of rows that are there. Filled by prepare.c, asked by it and by scan_row.c. */
#include "store/seen.h"

#include <assert.h>
#include <string.h>

struct seen_key
seen_key_hash(enum seen_kind kind, const struct hash16 *hash)
{
    struct seen_key k = {.b = {(unsigned char)kind}};
    memcpy(k.b + 1, hash->b, sizeof hash->b);
    return k;
}

struct seen_key
seen_key_ids(enum seen_kind kind, uint64_t id, uint64_t second)
{
    struct seen_key k = {.b = {(unsigned char)kind}};
    memcpy(k.b + 1, &id, sizeof id);
    memcpy(k.b + 1 + sizeof id, &second, sizeof second);
    return k;
}

/* Two halves: what was added since the older one was full, and that one. When the younger is full, too, the older goes. */
struct seen_set {
    struct seen_half {
        struct arena *arena;
        struct map *rows;
    } young, old;
};

static struct seen_half
new_half(void)
{
    struct arena *a = arena_new();
    return (struct seen_half){.arena = a, .rows = map_new(a)};
}

struct seen_set *
seen_new(struct arena *a)
{
    struct seen_set *s = ARENA_NEW(a, struct seen_set);
    *s = (struct seen_set){.young = new_half(), .old = new_half()};
    return s;
}

bool
seen_has(const struct store *st, const struct seen_key *key)
{
    struct str k = str_n((const char *)key->b, sizeof key->b);
    return map_get_index(st->seen->young.rows, k) >= 0 || map_get_index(st->seen->old.rows, k) >= 0;
}

void
seen_add(struct store *st, const struct seen_key *key)
{
    struct seen_set *s = st->seen;
    assert(!st->in_transaction); /* what is not committed yet may still go away */
    if (map_len(s->young.rows) >= SEEN_HALF) {
        arena_free(s->old.arena);
        s->old = s->young;
        s->young = new_half();
    }
    map_put_index(s->young.rows, ids_key(s->young.arena, key->b, sizeof key->b), 0);
}

void
seen_forget(struct store *st)
{
    seen_free(st->seen);
    *st->seen = (struct seen_set){.young = new_half(), .old = new_half()};
}

int
seen_check_swept(struct store *st, uint64_t swept, struct diag *d)
{
    bool is_news = st->knows_swept && st->swept != swept;
    st->swept = swept;
    st->knows_swept = true;
    if (!is_news)
        return 0;
    seen_forget(st);
    st->is_unprepared = true;
    return diag_fail(d, DIAG_RETRY, "texts that nothing named were swept meanwhile");
}

void
seen_free(struct seen_set *s)
{
    arena_free(s->young.arena);
    arena_free(s->old.arena);
}
