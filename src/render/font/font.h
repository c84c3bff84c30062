/* Fonts through HarfBuzz: shaping, metrics, fallback by script, subsetting for embedding.
 * What:   faces are loaded once a process. Text is split into runs by the first face of the chain
 *         that has the character (Noto Sans, Noto Sans CJK JP, Noto Sans Mono, symbols, further
 *         scripts of Debian's fonts-noto-core); what no face has is drawn as its code point.
 * Owner:  faces live for ever; shaped runs in the arena.
 * Units:  advances and offsets in points at the asked size.
 * Errors: DIAG_CONFIG when the base fonts are not installed (names package and path).
 * See:    doc/decisions/0003-pdf.md */
#ifndef RENDER_FONT_FONT_H
#define RENDER_FONT_FONT_H

#include <stdint.h>

#include "base/diag.h"

enum font_style { FONT_REGULAR, FONT_BOLD, FONT_MONO, FONT__STYLES };

struct font_face; /* one face of one file */

struct font_glyph {
    uint32_t id;      /* glyph of the face */
    uint32_t cluster; /* byte offset in the text it came from */
    double advance, dx, dy;
};

struct font_run { /* a stretch of text in one face */
    const struct font_face *face;
    struct str text;   /* what the glyphs spell; clusters point into it */
    struct str actual; /* not empty: what the text says where the glyphs alone do not tell it
                        * (right to left runs, characters drawn as U+1F600) */
    struct font_glyph *glyphs;
    size_t n_glyphs;
    double width;
};

struct font_text { /* a shaped line */
    struct font_run *runs;
    size_t n_runs;
    double width;
};

/* Finds and loads the base faces; extra directories first. Idempotent. */
int font_init(const struct str *dirs, size_t n_dirs, struct diag *d);
/* Shapes one line (no newline inside). Cached words are reused. */
struct font_text font_shape(enum font_style style, double size_pt, struct str s, struct arena *a);
/* Width of one line, from the same cache. */
double font_width(enum font_style style, double size_pt, struct str s);

#endif
