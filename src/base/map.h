/* Hash map from byte strings to pointers or numbers, in an arena.
 * What:   open addressing, seeded SipHash-like mixing so that hostile keys cannot make it slow.
 *         Keys are compared as bytes. Insertion order is not kept.
 * Owner:  the arena; keys are not copied and must live as long.
 * Units:  n entries.   Errors: none. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map;

/* An empty map in the arena. */
struct map *map_new(struct arena *a);
/* The value stored under key, or NULL. */
void *map_get(const struct map *m, struct str key);
/* Stores value (not NULL) under key, replacing an older one. */
void map_put(struct map *m, struct str key, void *value);
/* For a map that nobody asks any more: gives its table back where that is large; keys and values stay. */
void map_done(struct map *m);
/* Number of entries. */
size_t map_len(const struct map *m);
/* The index stored under key by map_put_index, or -1. */
long map_get_index(const struct map *m, struct str key);
/* Stores a number (>= 0) under key. */
void map_put_index(struct map *m, struct str key, size_t index);

#endif
