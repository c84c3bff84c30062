/* The set of rows that are there. Filled by prepare.c, asked by it and by scan_row.c. */
#include "store/seen.h"

#include <assert.h>
#include <string.h>

enum { MAX_SEEN = 500000 };

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

bool
seen_has(const struct store *st, const struct seen_key *key)
{
    return map_get_index(st->seen, str_n((const char *)key->b, sizeof key->b)) >= 0;
}

void
seen_make_room(struct store *st)
{
    if (map_len(st->seen) > MAX_SEEN)
        seen_forget(st);
}

void
seen_add(struct store *st, const struct seen_key *key)
{
    assert(!st->in_transaction); /* what is not committed yet may still go away */
    map_put_index(st->seen, ids_key(st->seen_arena, key->b, sizeof key->b), 0);
}

void
seen_forget(struct store *st)
{
    arena_free(st->seen_arena);
    st->seen_arena = arena_new();
    st->seen = map_new(st->seen_arena);
}
