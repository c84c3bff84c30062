/* Faces as the files of the font module and the PDF writer see them.
 * What:   one loaded face; where faces come from; what embedding needs to know.
 * Owner:  faces live as long as the process.
 * Units:  em fractions (1.0 = the size) unless said otherwise.
 * Errors: none; a face that cannot be loaded is NULL.   See: render/font/font.h */
#ifndef RENDER_FONT_PARTS_H
#define RENDER_FONT_PARTS_H

#include <hb.h>

#include "render/font/font.h"

enum { FONT_MAX_FACES = 160 };

struct font_face {
    size_t index; /* 0 .. FONT_MAX_FACES - 1: key of per-document tables */
    const char *path;
    hb_face_t *face;
    hb_font_t *font;
    double upem;
    uint32_t n_glyphs;
};

/* The first face of the style's chain that has the character; NULL = none. */
const struct font_face *font_face_for(enum font_style style, uint32_t cp);
/* The first face of a style. */
const struct font_face *font_base_face(enum font_style style);
/* True when the face has a glyph for the character. */
bool font_has(const struct font_face *f, uint32_t cp);

#endif
