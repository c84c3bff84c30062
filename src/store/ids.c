/* Names of rows, computed from what they stand for. */
#include "store/ids.h"

#include <assert.h>
#include <string.h>

struct hash16
ids_hash16(struct str s)
{
    struct hash16 h;
    struct sha256_digest d = sha256_of(s);
    memcpy(h.b, d.b, sizeof h.b);
    return h;
}

struct str
ids_hex(struct arena *a, const struct hash16 *h)
{
    struct sha256_digest d = {{0}};
    memcpy(d.b, h->b, sizeof h->b);
    return str_n(sha256_hex(a, &d).s, 2 * sizeof h->b);
}

uint64_t
ids_of(const struct str *fields, size_t n)
{
    uint64_t id = 0;
    assert(n > 0);
    struct sha256 *h = sha256_new();
    for (size_t i = 0; i < n; i++)
        sha256_add_field(h, fields[i]);
    struct sha256_digest d = sha256_final(h);
    for (int i = 0; i < 8; i++)
        id = id << 8 | d.b[i];
    id >>= 1;
    return id ? id : 1;
}

struct str
ids_key(struct arena *a, const void *p, size_t n)
{
    return arena_str(a, str_n(p, n));
}

uint64_t
ids_agent(struct str name)
{
    return ids_of((const struct str[]){STR("agent"), name}, 2);
}

uint64_t
ids_line(const struct scan_policy *p)
{
    return ids_of((const struct str[]){STR("line"), p->id, p->profile}, 3);
}

uint64_t
ids_group(struct str name)
{
    return ids_of((const struct str[]){STR("group"), name}, 2);
}
