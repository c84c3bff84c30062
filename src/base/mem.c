/* The only place that asks libc for memory on behalf of the rooms; below arena.c and buf.c. */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

static void
die_out_of_memory(size_t size)
{
    fprintf(stderr, "assay: out of memory (wanted %zu bytes)\n", size);
    _Exit(71);
}

void *
mem_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        die_out_of_memory(size);
    return p;
}

void *
mem_realloc(void *p, size_t size)
{
    void *q = realloc(p, size ? size : 1);
    if (!q)
        die_out_of_memory(size);
    return q;
}
