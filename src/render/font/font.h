/* Fonts through HarfBuzz: shaping, metrics, fallback by script, subsetting for embedding.
 * What:   faces are loaded once a process. Text is split into runs by the first face of the chain
 *         that has the character (Noto Sans, Noto Sans CJK JP, Noto Sans Mono, symbols, further
 *         scripts of Debian's fonts-noto-core); what no face has is drawn as its code point. Runs
 *         from right to left are drawn where the Unicode rules put them.
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
                        * (characters drawn as U+1F600) */
    struct font_glyph *glyphs; /* from left to right */
    size_t n_glyphs;
    double x, width; /* x: from the beginning of the line */
};

struct font_text {         /* a shaped line */
    struct font_run *runs; /* in the order of reading */
    size_t n_runs;
    double width;
    bool is_heaped; /* marks stand on each other, and may reach into other lines */
};

/* In front of a line: it runs from right to left as a whole. It is not drawn; texts of hosts never
 * hold it, as it is written visibly there (utf8_visible). */
#define FONT_LEFTWARD "\xe2\x80\x8f"

/* Finds and loads the base faces; extra directories first. Idempotent. */
int font_init(const struct str *dirs, size_t n_dirs, struct diag *d);
/* Shapes one line (no newline inside). Cached words are reused. */
struct font_text font_shape(enum font_style style, double size_pt, struct str s, struct arena *a);
/* Width of one line, from the same cache. */
double font_width(enum font_style style, double size_pt, struct str s);
/* True when the first letter of a text belongs to a script from right to left. */
bool font_reads_leftward(struct str s);

#endif
