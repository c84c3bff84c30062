/* Arena: memory that lives as long as one unit of work (one spool file, one report, one export).
 * What:   bump allocation in blocks; everything is released by one arena_free().
 * Owner:  whoever called arena_new(). Nothing taken from an arena is freed before it, but what is large and was
 *         taken by an array or a map that has outgrown it.
 * Units:  bytes.   Errors: none (base/mem.h). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

/* A new, empty arena. */
struct arena *arena_new(void);
/* Releases the arena and all that was taken from it; NULL is allowed. */
void arena_free(struct arena *a);
/* The same for what secrets were worked on in: all of it is overwritten first. */
void arena_wipe(struct arena *a);
/* Takes size zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
/* Takes size bytes, old or more, that begin with the old bytes at p; what is behind them may be anything. p was
 * taken with the size old, and is gone; old = 0 takes anew. Large ones are moved, not copied. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t size);
/* Makes p, which malloc() gave, a part of the arena. */
void arena_own(struct arena *a, void *p);
/* For what is needed for a moment only, in a loop: a new arena in place of *a when much was taken from it. */
void arena_tidy(struct arena **a);
/* Gives back what was taken with that size and is not used any more, where it is large enough to have a block of
 * its own (512 KiB); else it stays. */
void arena_release(struct arena *a, void *p, size_t size);
/* Copies size bytes. */
void *arena_copy(struct arena *a, const void *p, size_t size);
/* Copies a str and terminates it with NUL. */
struct str arena_str(struct arena *a, struct str s);
/* Copies a C string (NULL = empty). */
char *arena_strdup(struct arena *a, const char *s);
/* Formats into the arena. */
struct str arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same with a va_list. */
struct str arena_vfmt(struct arena *a, const char *fmt, va_list ap);
/* Makes all that was taken from other, which is gone afterwards, a part of a. */
void arena_adopt(struct arena *a, struct arena *other);
/* For a process that works on one thing and ends: the blocks of its arenas come from size bytes of
 * address space in huge pages, where the system has them, until these are used up. They are never
 * given back. Saves a fault for each 4 KiB that is touched; does nothing where it cannot. */
void arena_reserve(size_t size);
/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

#endif
