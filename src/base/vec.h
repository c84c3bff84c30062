/* Growing arrays in an arena.
 * What:   VEC(type) declares {v, n, cap}; VEC_PUSH returns a pointer to a new zeroed element, and so does
 *         VEC_PUSH_SOLE, for long arrays that nobody shares.
 * Owner:  the arena. Growing leaves the old array behind in the arena, for who shares it; of VEC_PUSH_SOLE
 *         it is gone. Either way pointers into v are valid only until the next push.
 * Units:  n = elements.   Errors: none. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#include "base/arena.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *v;                                                                                   \
        size_t n, cap;                                                                             \
    }

#define VEC_PUSH(arena, vec)                                                                       \
    ((vec)->v = vec_grow((arena), (vec)->v, (vec)->n, &(vec)->cap, sizeof *(vec)->v),              \
     &(vec)->v[(vec)->n++])

/* Not for a struct that was copied, nor for one whose v was taken otherwise than by pushing. */
#define VEC_PUSH_SOLE(arena, vec)                                                                  \
    ((vec)->v = vec_move((arena), (vec)->v, (vec)->n, &(vec)->cap, sizeof *(vec)->v),              \
     &(vec)->v[(vec)->n++])

/* Makes room for one more of n elements of size bytes; returns the array, old or new. */
void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);
/* The same, and the place of that one is zero; the old array is gone. */
void *vec_move(struct arena *a, void *v, size_t n, size_t *cap, size_t size);

#endif
