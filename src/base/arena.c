/* Blocks of growing size in a list; large requests get a block of their own, which can be moved and given back.
 * Above mem.c. */
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
    struct block *next, *previous;
    size_t used, size;
    alignas(max_align_t) char data[];
};

struct owned { /* what arena_own() was given */
    struct owned *next;
    void *p;
};

struct arena {
    struct block *head; /* the block that is being filled */
    struct owned *owned;
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
    for (struct owned *o = a->owned; o; o = o->next)
        free(o->p);
    for (struct block *b = a->head, *next; b; b = next) {
        next = b->next;
        if (!is_supplied(b))
            free(b);
    }
    free(a);
}

void
arena_wipe(struct arena *a)
{
    assert(!a || !a->owned); /* how long those are nobody knows */
    for (struct block *b = a ? a->head : NULL; b; b = b->next)
        explicit_bzero(b->data, b->used);
    arena_free(a);
}

static void
link_blocks(struct block *b, struct block *next)
{
    b->next = next;
    if (next)
        next->previous = b;
}

void
arena_adopt(struct arena *a, struct arena *other)
{
    assert(a && other && a != other);
    struct block *last = other->head;
    while (last && last->next)
        last = last->next;
    if (last && a->head) { /* behind the block that is being filled */
        link_blocks(last, a->head->next);
        link_blocks(a->head, other->head);
    } else if (last) {
        a->head = other->head;
    }
    struct owned **end = &a->owned;
    while (*end)
        end = &(*end)->next;
    *end = other->owned;
    a->used += other->used;
    free(other);
}

/* Whatever else lies in the arena, so much has a block of its own: it is found from its address. */
static bool
is_lone(size_t size)
{
    return size > LARGEST_BLOCK / 2;
}

/* A large request goes behind the head, so that the rest of the head stays in use. */
static struct block *
add_block(struct arena *a, size_t size)
{
    bool large = is_lone(size) || size > a->next_size / 2;
    size_t room = large ? size : a->next_size;
    struct block *b = new_block(room);
    assert(b->used == 0); /* fresh pages and calloc are zero */
    b->size = room;
    if (large && a->head) {
        link_blocks(b, a->head->next);
        link_blocks(a->head, b);
        return b;
    }
    link_blocks(b, a->head);
    a->head = b;
    if (a->next_size < LARGEST_BLOCK)
        a->next_size *= 2;
    return b;
}

static size_t
round_up(size_t size)
{
    size_t align = alignof(max_align_t);
    assert(size < SIZE_MAX / 2);
    return (size + align - 1) & ~(align - 1);
}

void *
arena_alloc(struct arena *a, size_t size)
{
    assert(a);
    size = round_up(size);
    struct block *b = a->head;
    if (!b || is_lone(size) || b->size - b->used < size)
        b = add_block(a, size);
    void *p = b->data + b->used;
    b->used += size;
    a->used += size;
    return p;
}

/* The block of its own that p has, NULL without one. */
static struct block *
lone_block(void *p, size_t size)
{
    if (!is_lone(size))
        return NULL;
    struct block *b = (struct block *)(void *)((char *)p - offsetof(struct block, data));
    if (is_supplied(b))
        return NULL;
    assert(b->used == size && b->size == size);
    return b;
}

void *
arena_grow(struct arena *a, void *p, size_t old, size_t size)
{
    assert(size >= old);
    old = round_up(old);
    size = round_up(size);
    struct block *b = lone_block(p, old);
    if (!b) {
        void *q = arena_alloc(a, size);
        return old ? memcpy(q, p, old) : q;
    }
    bool is_head = a->head == b;
    b = mem_realloc(b, sizeof *b + size);
    b->used = b->size = size;
    if (is_head)
        a->head = b;
    else
        b->previous->next = b;
    if (b->next)
        b->next->previous = b;
    a->used += size - old;
    return b->data;
}

void
arena_own(struct arena *a, void *p)
{
    assert(p);
    struct owned *o = ARENA_NEW(a, struct owned);
    *o = (struct owned){.next = a->owned, .p = p};
    a->owned = o;
}

void
arena_tidy(struct arena **a)
{
    enum { MUCH = 64 * 1024 };
    if ((*a)->used < MUCH)
        return;
    arena_free(*a);
    *a = arena_new();
}

void
arena_release(struct arena *a, void *p, size_t size)
{
    size = round_up(size);
    struct block *b = lone_block(p, size);
    if (!b)
        return;
    if (a->head == b)
        a->head = b->next;
    else
        link_blocks(b->previous, b->next);
    a->used -= size;
    free(b);
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
    char few[128]; /* most texts are short, and need not be made twice to know their length */
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(few, sizeof few, fmt, again);
    va_end(again);
    assert(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof few)
        memcpy(p, few, (size_t)n + 1);
    else
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
