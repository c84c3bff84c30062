/* Which way a line runs, by FriBidi: shape.c asks before it shapes, and draws at the places found
 * here. */
#include "render/font/bidi.h"

#include <assert.h>
#include <string.h>

#include <fribidi.h>

#include "base/arena.h"
#include "base/utf8.h"

/* Blocks of the scripts from right to left, and the mark that says that a line is one. */
static bool
is_leftward(uint32_t cp)
{
    return (cp >= 0x590 && cp < 0x900) || cp == 0x200f || (cp >= 0xfb1d && cp < 0xfe00) ||
           (cp >= 0xfe70 && cp < 0xff00) || (cp >= 0x10800 && cp < 0x11000) ||
           (cp >= 0x1e800 && cp < 0x1f000);
}

bool
font_bidi_matters(struct str s)
{
    enum { FIRST_LEAD = 0xd6 }; /* of U+0590; below are Latin, Greek, Cyrillic */
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        if ((unsigned char)s.s[i] < FIRST_LEAD) {
            i++;
            continue;
        }
        int n = utf8_next(s.s + i, s.len - i, &cp);
        if (n > 0 && is_leftward(cp))
            return true;
        i += n > 0 ? (size_t)n : 1;
    }
    return false;
}

bool
font_reads_leftward(struct str s)
{
    if (!font_bidi_matters(s))
        return false;
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        FriBidiCharType type = n > 0 ? fribidi_get_bidi_type(cp) : FRIBIDI_TYPE_ON;
        if (FRIBIDI_IS_STRONG(type)) /* rules P2 and P3 */
            return FRIBIDI_IS_RTL(type);
        i += n > 0 ? (size_t)n : 1;
    }
    return false;
}

/* Rule L1: blanks at the end of a line stand where its end is. */
static void
level_blanks(struct str s, signed char base, signed char *levels)
{
    for (size_t i = s.len; i > 0 && s.s[i - 1] == ' '; i--)
        levels[i - 1] = base;
}

const signed char *
font_bidi_levels(struct str s, bool rtl, struct arena *a)
{
    FriBidiChar *cps = ARENA_ARRAY(a, FriBidiChar, s.len);
    FriBidiCharType *types = ARENA_ARRAY(a, FriBidiCharType, s.len);
    FriBidiBracketType *brackets = ARENA_ARRAY(a, FriBidiBracketType, s.len);
    FriBidiLevel *found = ARENA_ARRAY(a, FriBidiLevel, s.len);
    signed char *levels = arena_alloc(a, s.len);
    FriBidiParType base = rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    FriBidiStrIndex n = 0;
    for (size_t i = 0; i < s.len; n++) {
        uint32_t cp = 0;
        int bytes = utf8_next(s.s + i, s.len - i, &cp);
        assert(bytes > 0); /* repaired before */
        cps[n] = cp;
        i += (size_t)bytes;
    }
    fribidi_get_bidi_types(cps, n, types);
    fribidi_get_bracket_types(cps, n, types, brackets);
    memset(levels, rtl, s.len);
    /* 0: no memory, or nested deeper than the rules allow; the line then runs one way */
    if (fribidi_get_par_embedding_levels_ex(types, brackets, n, &base, found) == 0)
        return levels;
    for (size_t i = 0, k = 0; i < s.len; k++) {
        uint32_t cp = 0;
        for (int bytes = utf8_next(s.s + i, s.len - i, &cp); bytes > 0; bytes--)
            levels[i++] = found[k];
    }
    level_blanks(s, rtl, levels);
    return levels;
}

/* Reverses places from .. to - 1. */
static void
reverse(size_t *order, size_t from, size_t to)
{
    for (; from + 1 < to; from++, to--) {
        size_t other = order[to - 1];
        order[to - 1] = order[from];
        order[from] = other;
    }
}

void
font_bidi_place(struct font_run *runs, const signed char *levels, size_t n)
{
    struct arena *a = arena_new();
    size_t *order = ARENA_ARRAY(a, size_t, n + 1);
    int highest = 0;
    double x = 0;
    for (size_t i = 0; i < n; i++) {
        order[i] = i;
        highest = levels[i] > highest ? levels[i] : highest;
    }
    /* Rule L2: from the highest level down, whatever has it or a higher one is turned round. */
    for (int level = highest; level > 0; level--)
        for (size_t i = 0, to; i < n; i = to + 1) {
            for (to = i; to < n && levels[order[to]] >= level;)
                to++;
            reverse(order, i, to);
        }
    for (size_t i = 0; i < n; i++) {
        runs[order[i]].x = x;
        x += runs[order[i]].width;
    }
    arena_free(a);
}
