/* Growth by doubling for VEC(); above arena.c. */
#include "base/vec.h"

#include <assert.h>
#include <string.h>

void *
vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
    assert(size > 0 && n <= *cap);
    if (n < *cap)
        return v;
    *cap = *cap ? *cap * 2 : 8;
    assert(*cap <= SIZE_MAX / size);
    void *w = arena_alloc(a, *cap * size);
    if (n)
        memcpy(w, v, n * size);
    return w;
}

void *
vec_move(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
    assert(size > 0 && n <= *cap);
    if (n == *cap) {
        size_t more = *cap ? *cap * 2 : 8;
        assert(more <= SIZE_MAX / size);
        v = arena_grow(a, v, n * size, more * size);
        *cap = more;
    }
    memset((char *)v + n * size, 0, size);
    return v;
}
