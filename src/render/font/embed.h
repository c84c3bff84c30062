/* What a PDF needs of a face: its metrics, and a subset of its glyphs.
 * What:   glyphs keep the number a PDF names them by, so that pages can be written before the
 *         subset is made.
 * Owner:  bytes live in the arena.
 * Units:  1/1000 em.
 * Errors: DIAG_INTERNAL when HarfBuzz refuses the face, DIAG_CONFIG when no PDF can name its
 *         glyphs.   See: doc/decisions/0003-pdf.md */
#ifndef RENDER_FONT_EMBED_H
#define RENDER_FONT_EMBED_H

#include "render/font/parts.h"

struct font_embed_facts {
    struct str name; /* PostScript name, letters that a PDF name may hold */
    bool cff;        /* outlines are CFF, else TrueType */
    bool mono;
    double bbox[4], ascent, descent, cap_height;
};

/* Metrics for the font descriptor. */
struct font_embed_facts font_embed_facts(const struct font_face *f, struct arena *a);
/* Default advance of a glyph. */
double font_embed_width(const struct font_face *f, uint32_t glyph);
/* The font program with only these glyphs (and .notdef): a TrueType file, or the bare CFF table. */
int font_embed_subset(const struct font_face *f, const uint32_t *glyphs, size_t n, struct arena *a,
                      struct str *ret, struct diag *d);

#endif
