/* Where a line of a script without spaces may end, and how well it would end there.
 * What:   the Unicode rules (annex 14) say where it may; how much a reader is hindered follows from
 *         the scripts on both sides. Text that breaks at spaces alone never comes here.
 * Owner:  the arena.
 * Units:  one value a byte: of the place in front of the character that begins there.
 * Errors: none.   See: render/layout/layout.h, which breaks the lines */
#ifndef RENDER_LAYOUT_BREAKS_H
#define RENDER_LAYOUT_BREAKS_H

#include "base/arena.h"

enum layout_break {
    LAYOUT_BREAK_NEVER,
    LAYOUT_BREAK_TORN,  /* within a word: only where nothing else fits */
    LAYOUT_BREAK_PAIR,  /* between two words that are one, as far as one can tell */
    LAYOUT_BREAK_WORD,  /* where a word begins */
    LAYOUT_BREAK_PHRASE /* behind a comma or in front of a bracket */
};

/* The places of a text; NULL: its lines end at spaces. */
const unsigned char *layout_breaks(struct arena *a, struct str text);

#endif
