/* What went wrong, where, and which rule was broken.
 * What:   one struct travels with a unit of work. The first failure wins; callers add context in
 *         front (diag_context). Findings about the input (diag_warn) are listed, and parsing goes
 *         on. Rooms fill it; only cli prints it and turns it into an exit status.
 * Owner:  the caller of diag_init; texts live in the given arena.
 * Units:  line and column count from 1, 0 = unknown.
 * Errors: this is how errors look.   See: base/diag_codes.h */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"

enum diag_code {
#define DIAG(name, exit_status, word) DIAG_##name,
#include "base/diag_codes.h"
#undef DIAG
    DIAG__COUNT
};

struct diag_note {
    enum diag_code code;
    struct str place; /* file:line:column, element, SQL state, object */
    struct str text;  /* one line naming the rule broken */
};

struct diag {
    struct arena *arena;
    struct diag_note first;         /* the failure; code DIAG_OK = none */
    VEC(struct diag_note) warnings; /* findings about the input, in order */
    size_t n_dropped;               /* findings beyond DIAG_MAX_WARNINGS */
};

enum { DIAG_MAX_WARNINGS = 200 };

/* An empty diag whose texts will live in the arena. */
struct diag diag_init(struct arena *a);
/* Records a failure unless one is there already; always returns -1, to be returned on. */
int diag_fail(struct diag *d, enum diag_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Fails because a word is none of n known ones: "no group "Servres"; the nearest is "Servers"", or with the
 * whole list when it is short and none is near. Always returns -1. */
int diag_unknown(struct diag *d, enum diag_code code, const char *what, struct str word,
                 const struct str *known, size_t n);
/* The failure of another diag, place and all, as that of d: of one that is about a part, or whose arena
 * ends first. Always returns -1. */
int diag_pass_on(struct diag *d, const struct diag *from);
/* Sets the place of the failure when it has none yet; always returns -1. */
int diag_at(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Puts "context: " in front of the failure's text; always returns -1. */
int diag_context(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Lists a finding about the input; repeated equal findings are listed once. */
void diag_warn(struct diag *d, enum diag_code code, struct str place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* True when a failure was recorded. */
bool diag_failed(const struct diag *d);
/* True when doing the same once more may succeed: DIAG_RETRY, DIAG_LOST. */
bool diag_may_pass(const struct diag *d);
/* Forgets the failure and keeps the warnings (after a retry). */
void diag_clear(struct diag *d);
/* "place: text (word)" of the failure, control characters made visible. */
struct str diag_text(const struct diag *d);
/* The exit status that belongs to a code. */
int diag_exit_status(enum diag_code code);
/* The stable word that belongs to a code. */
const char *diag_word(enum diag_code code);

#endif
