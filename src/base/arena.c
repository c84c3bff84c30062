/* Blocks of growing size in a list; large requests get a block of their own. Above mem.c. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"

enum { FIRST_BLOCK = 8 * 1024, LARGEST_BLOCK = 1024 * 1024, HUGE_PAGE = 2 * 1024 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
};

struct arena {
    struct block *head; /* the block that is being filled */
    size_t next_size, used;
};

/* What arena_reserve() took. */
static struct {
    char *at;
    size_t used, size;
} supply;

static bool
is_supplied(const struct block *b)
{
    const char *p = (const char *)b;
    return supply.at && p >= supply.at && p < supply.at + supply.size;
}

/* From what was reserved as long as that lasts; the rounding may overflow, which shows as a size
 * below the room that is wanted. */
static struct block *
new_block(size_t room)
{
    assert(supply.used <= supply.size);
    size_t size = (sizeof(struct block) + room + alignof(max_align_t) - 1) & -alignof(max_align_t);
    if (size < room || size > supply.size - supply.used)
        return mem_alloc(sizeof(struct block) + room);
    struct block *b = (struct block *)(void *)(supply.at + supply.used);
    supply.used += size;
    return b;
}

void
arena_reserve(size_t size)
{
    assert(!supply.at && size > 0);
    char *p = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return;
    p += -(uintptr_t)p & (HUGE_PAGE - 1);
    (void)!madvise(p, size, MADV_HUGEPAGE);
    supply.at = p;
    supply.size = size;
}

struct arena *
arena_new(void)
{
    struct arena *a = mem_alloc(sizeof *a);
    a->next_size = FIRST_BLOCK;
    return a;
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->head, *next; b; b = next) {
        next = b->next;
        if (!is_supplied(b))
            free(b);
    }
    free(a);
}

void
arena_adopt(struct arena *a, struct arena *other)
{
    assert(a && other && a != other);
    struct block *last = other->head;
    while (last && last->next)
        last = last->next;
    if (last && a->head) {
        last->next = a->head->next; /* behind the block that is being filled */
        a->head->next = other->head;
    } else if (last) {
        a->head = other->head;
    }
    a->used += other->used;
    free(other);
}

/* A large request goes behind the head, so that the rest of the head stays in use. */
static struct block *
add_block(struct arena *a, size_t size)
{
    bool large = size > a->next_size / 2;
    size_t room = large ? size : a->next_size;
    struct block *b = new_block(room);
    assert(b->used == 0); /* fresh pages and calloc are zero */
    b->size = room;
    if (large && a->head) {
        b->next = a->head->next;
        a->head->next = b;
        return b;
    }
    b->next = a->head;
    a->head = b;
    if (a->next_size < LARGEST_BLOCK)
        a->next_size *= 2;
    return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    assert(a && size < SIZE_MAX / 2);
    size_t align = alignof(max_align_t);
    size = (size + align - 1) & ~(align - 1);
    struct block *b = a->head;
    if (!b || b->size - b->used < size)
        b = add_block(a, size);
    void *p = b->data + b->used;
    b->used += size;
    a->used += size;
    return p;
}

void *
arena_copy(struct arena *a, const void *p, size_t size)
{
    assert(p || size == 0);
    void *q = arena_alloc(a, size);
    if (size)
        memcpy(q, p, size);
    return q;
}

struct str
arena_str(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(p, s.s, s.len);
    return (struct str){.s = p, .len = s.len};
}

char *
arena_strdup(struct arena *a, const char *s)
{
    return (char *)arena_str(a, str_c(s)).s;
}

struct str
arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    assert(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    return (struct str){.s = p, .len = (size_t)n};
}

struct str
arena_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str s = arena_vfmt(a, fmt, ap);
    va_end(ap);
    return s;
}

size_t
arena_used(const struct arena *a)
{
    assert(a);
    return a->used;
}
