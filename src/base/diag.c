/* Failures and findings; used by every room, printed by cli only. */
#include "base/diag.h"

#include <assert.h>
#include <errno.h>

#include "base/utf8.h"

static const struct {
    int exit_status;
    const char *word;
} kinds[DIAG__COUNT] = {
#define DIAG(name, exit_status, word) [DIAG_##name] = {exit_status, word},
#include "base/diag_codes.h"
#undef DIAG
};

struct diag
diag_init(struct arena *a)
{
    assert(a);
    return (struct diag){.arena = a};
}

int
diag_fail(struct diag *d, enum diag_code code, const char *fmt, ...)
{
    assert(d && code != DIAG_OK && code < DIAG__COUNT);
    if (diag_failed(d))
        return -1;
    va_list ap;
    va_start(ap, fmt);
    d->first =
        (struct diag_note){.code = code, .place = STR(""), .text = arena_vfmt(d->arena, fmt, ap)};
    va_end(ap);
    return -1;
}

int
diag_unknown(struct diag *d, enum diag_code code, const char *what, struct str word,
             const struct str *known, size_t n)
{
    enum { LISTED = 12 };
    struct str nearest = str_nearest(word, known, n), list = STR("");
    if (nearest.len)
        return diag_fail(d, code, "no %s \"%.*s\"; the nearest is \"%.*s\"", what, STR_ARG(word),
                         STR_ARG(nearest));
    if (n == 0 || n > LISTED)
        return diag_fail(d, code, "no %s \"%.*s\"", what, STR_ARG(word));
    for (size_t i = 0; i < n; i++)
        list = arena_fmt(d->arena, "%.*s%s%.*s", STR_ARG(list), i ? ", " : "", STR_ARG(known[i]));
    return diag_fail(d, code, "no %s \"%.*s\"; there is: %.*s", what, STR_ARG(word), STR_ARG(list));
}

int
diag_pass_on(struct diag *d, const struct diag *from)
{
    assert(d && d != from && diag_failed(from));
    if (diag_failed(d))
        return -1;
    diag_fail(d, from->first.code, "%.*s", STR_ARG(from->first.text));
    return diag_at(d, "%.*s", STR_ARG(from->first.place));
}

int
diag_at(struct diag *d, const char *fmt, ...)
{
    assert(d);
    if (!diag_failed(d) || d->first.place.len)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    d->first.place = arena_vfmt(d->arena, fmt, ap);
    va_end(ap);
    return -1;
}

int
diag_context(struct diag *d, const char *fmt, ...)
{
    assert(d);
    if (!diag_failed(d))
        return -1;
    va_list ap;
    va_start(ap, fmt);
    struct str front = arena_vfmt(d->arena, fmt, ap);
    va_end(ap);
    d->first.text = arena_fmt(d->arena, "%.*s: %.*s", STR_ARG(front), STR_ARG(d->first.text));
    return -1;
}

/* Ten thousand results with one odd word are one finding. */
static bool
is_listed(const struct diag *d, const struct diag_note *n)
{
    for (size_t i = 0; i < d->warnings.n; i++) {
        const struct diag_note *w = &d->warnings.v[i];
        if (w->code == n->code && str_eq(w->place, n->place) && str_eq(w->text, n->text))
            return true;
    }
    return false;
}

void
diag_warn(struct diag *d, enum diag_code code, struct str place, const char *fmt, ...)
{
    assert(d && code < DIAG__COUNT);
    if (d->warnings.n >= DIAG_MAX_WARNINGS) {
        d->n_dropped++;
        return;
    }
    va_list ap;
    va_start(ap, fmt);
    struct diag_note n = {
        .code = code, .place = arena_str(d->arena, place), .text = arena_vfmt(d->arena, fmt, ap)};
    va_end(ap);
    if (!is_listed(d, &n))
        *VEC_PUSH(d->arena, &d->warnings) = n;
}

bool
diag_failed(const struct diag *d)
{
    return d->first.code != DIAG_OK;
}

bool
diag_may_pass(const struct diag *d)
{
    return d->first.code == DIAG_RETRY || d->first.code == DIAG_LOST;
}

void
diag_clear(struct diag *d)
{
    d->first = (struct diag_note){.code = DIAG_OK};
}

struct str
diag_text(const struct diag *d)
{
    struct str s =
        d->first.place.len
            ? arena_fmt(d->arena, "%.*s: %.*s (%s)", STR_ARG(d->first.place),
                        STR_ARG(d->first.text), diag_word(d->first.code))
            : arena_fmt(d->arena, "%.*s (%s)", STR_ARG(d->first.text), diag_word(d->first.code));
    return utf8_spelled(d->arena, s);
}

int
diag_exit_status(enum diag_code code)
{
    assert(code < DIAG__COUNT);
    return kinds[code].exit_status;
}

const char *
diag_word(enum diag_code code)
{
    assert(code < DIAG__COUNT);
    return kinds[code].word;
}
