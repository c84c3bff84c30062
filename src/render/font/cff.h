/* How a CFF font numbers its glyphs.
 * What:   a CFF with CIDs (Noto Sans CJK) keeps them in a subset, and a PDF reader looks a glyph up
 *         by its CID; one without is looked up by the number of the glyph. Only the few fields that
 *         tell are read, every offset checked.
 * Owner:  nothing.
 * Units:  bytes.
 * Errors: a table that breaks the rules is FONT_CFF_BROKEN.   See: Adobe TN 5176, chapters 4 to 13
 */
#ifndef RENDER_FONT_CFF_H
#define RENDER_FONT_CFF_H

#include "base/str.h"

enum font_cff_numbers {
    FONT_CFF_BROKEN,
    FONT_CFF_NAMES,           /* no CIDs */
    FONT_CFF_CIDS_ARE_GLYPHS, /* CID = glyph number */
    FONT_CFF_OTHER_CIDS
};

/* Looks into a CFF table of a font with n_glyphs. */
enum font_cff_numbers font_cff_numbers(struct str table, size_t n_glyphs);

#endif
