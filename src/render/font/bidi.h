/* The order in which a line with text from right to left is read and drawn (Unicode annex 9).
 * What:   levels of the characters of a line, and the places of runs by their levels. A line of
 *         plain left-to-right text never comes here.
 * Owner:  levels live in the arena.
 * Units:  one level a byte: even is left to right, odd right to left.
 * Errors: none.   See: render/font/font.h */
#ifndef RENDER_FONT_BIDI_H
#define RENDER_FONT_BIDI_H

#include "render/font/font.h"

/* True when a character of s may make the order of drawing differ from that of reading. */
bool font_bidi_matters(struct str s);
/* The levels of the bytes of one line, whose own direction is given. Spaces at its end have the line's. */
const signed char *font_bidi_levels(struct str s, bool rtl, struct arena *a);
/* Sets x of n runs, which stand in the order of reading, by their levels. */
void font_bidi_place(struct font_run *runs, const signed char *levels, size_t n);

#endif
