/* The renderers there are, and what they share.
 * What:   every output has one const struct renderer at the end of its own .c, and one line in
 *         RENDERERS. The furniture of the cover and foot is made here once, so that PDF and HTML say the same.
 * Owner:  texts live in the given arena.
 * Units:  none.   Errors: none.   See: render/render.h, templates/lang/<code>/render.json */
#ifndef RENDER_RENDERERS_H
#define RENDER_RENDERERS_H

#include "render/render.h"

/* The one list: declares each renderer here and names it in renderers[]. */
#define RENDERERS(ROW)                                                                             \
    ROW(pdf_renderer)                                                                              \
    ROW(html_renderer)                                                                             \
    ROW(csv_renderer)                                                                              \
    ROW(json_renderer)                                                                             \
    ROW(png_renderer)

#define RENDERER_DECLARE(name) extern const struct renderer name;
/* A declaration a row. */
RENDERERS(RENDERER_DECLARE)
#undef RENDERER_DECLARE

/* Appends a file of that renderer: "<stem><part>.<suffix>"; part is empty for an output that is one
 * file. The bytes are the arena's. */
void render_add_file(struct render_files *ret, const struct renderer *rn,
                     const struct render_options *o, struct str part, struct str bytes,
                     struct arena *a);

/* Adds the CSV file of a table, unless it is there already. *ret_bytes live as long as the file. */
int csv_put_table(const struct report_table *t, const struct render_options *o, struct arena *a,
                  struct render_files *files, struct str *ret_name, struct str *ret_bytes,
                  struct diag *d);

/* How many of the options' folders of fonts are said. */
size_t render_n_font_dirs(const struct render_options *o);

/* The lines of the cover in two columns. */
struct render_cover {
    VEC(struct report_pair) left, right;
};

/* Period, scope, classification on the left; id, time, seal, dataset on the right. */
struct render_cover render_cover_pairs(const struct report *r, struct arena *a);
/* "HR-2026-10 v1 · Internal": the left of every foot. */
struct str render_foot_id(const struct report *r, struct arena *a);
/* "dataset 7f3a 91c2 0b5e": the middle of every foot (the whole hash stands on the cover). */
struct str render_foot_dataset(const struct report *r, struct arena *a);
/* What a bar says to those who do not see it: "89 passed, 176 failed"; empty when null. */
struct str render_bar_text(const struct report *r, const struct report_cell *c, struct arena *a);
/* The word of a status in the report's language, without its sign. */
struct str render_status_word(const struct report *r, enum status s);
/* Host text as readers may see it: repaired, controls visible, lines kept. */
struct str render_text(struct str s, struct arena *a);

/* Length of "▲ 3.0 " in front of a key figure's detail: the part that carries the direction. */
size_t render_sign_length(struct str detail);

#endif
