/* Memory that never fails: there is no out-of-memory path anywhere else.
 * What:   malloc and realloc that end the program with status 71 (EX_OSERR) when memory is gone.
 *         The spool file in work stays where it is, and the next run starts again.
 * Owner:  the caller frees with free(); prefer an arena (base/arena.h).
 * Units:  bytes.   Errors: none, by construction. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* Returns size bytes of zeroed memory; size 0 is served as 1. */
void *mem_alloc(size_t size);

/* Grows or shrinks p (NULL = new) to size bytes; what is beyond the old size is undefined. */
void *mem_realloc(void *p, size_t size);

#endif
