/* Cells of tables: how they look, how wide they are, where their lines break. columns.c and
 * table.c ask; wrap.c breaks the lines. */
#include "render/layout/cell.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "render/renderers.h"

enum {
    KEPT_BYTES = 6 * 1024 * 1024,
    WIDTHS = 2,      /* of a column, from one table of a kind to the next */
    LOOK_AT = 300,   /* bytes of a text that are measured: wider than any column */
    HASH_CHARS = 22, /* a SHA-256 takes three lines at most */
};

#define HASH_LEAST_PT 40.0
#define WORD_LEAST_PT 56.0
#define WORDS_PT      46.0

struct layout_cell {
    struct arena *arena; /* it stands in, its lines too */
    enum cell_type type;
    bool null;
    struct layout_style style;
    struct str text;
    bool is_measured;
    struct layout_extent extent;
    struct broken { /* the widths asked for last, the newest first; 0 = none */
        double width;
        struct layout_lines lines;
    } broken[WIDTHS];
};

/* By the text of the report, or the word of a status. The type tells the look. */
struct layout_cells {
    struct arena *arena;
    struct map *texts, *hashes, *statuses;
};

/* ---- look ---- */

static struct layout_style
style_of(const struct report_row *row, const struct report_cell *c)
{
    struct layout_style s = row->is_total ? layout_bold : layout_body;
    s.is_foreign = c->type == CELL_TEXT;
    if (c->type == CELL_STATUS && !c->null) {
        s = layout_bold;
        s.size = 7.8;
        s.colour = palette_status(c->status);
    } else if (c->type == CELL_SCORE && !c->null) {
        s = layout_bold;
    } else if (c->type == CELL_HASH) {
        s = layout_code;
        s.size = 7.4;
        s.leading = layout_body.leading;
        s.colour = PALETTE_SOFT;
    } else if (c->type == CELL_TIME || c->type == CELL_DATE || c->null) {
        s.colour = PALETTE_SOFT;
    }
    return s;
}

struct layout_style
layout_cell_style(const struct layout_cell *c)
{
    return c->style;
}

/* ---- cells that return ---- */

void
layout_cell_forget(struct layout *l)
{
    if (l->cells)
        arena_free(l->cells->arena);
    l->cells = NULL;
}

void
layout_cell_tidy(struct layout *l)
{
    if (l->cells && arena_used(l->cells->arena) > KEPT_BYTES)
        layout_cell_forget(l);
}

/* Where a cell is kept and under what; NULL: it is not one that may return. */
static struct map *
place_of(struct layout_cells *all, const struct report_row *row, const struct report_cell *c,
         struct str *ret_key)
{
    bool is_text = c->type == CELL_TEXT || c->type == CELL_HASH;
    *ret_key = is_text                  ? c->text
               : c->type == CELL_STATUS ? str_c(status_word(c->status))
                                        : STR("");
    if (row->is_total || c->null || ret_key->len == 0)
        return NULL;
    return c->type == CELL_TEXT     ? all->texts
           : c->type == CELL_HASH   ? all->hashes
           : c->type == CELL_STATUS ? all->statuses
                                    : NULL;
}

static struct layout_cell *
make(const struct layout *l, const struct report_row *row, const struct report_cell *c,
     struct arena *a)
{
    struct layout_cell *cell = ARENA_NEW(a, struct layout_cell);
    cell->arena = a;
    cell->type = c->type;
    cell->null = c->null;
    cell->style = style_of(row, c);
    cell->text = render_cell_text(l->r, c, a);
    return cell;
}

struct layout_cell *
layout_cell_of(struct layout *l, const struct report_row *row, size_t col, struct arena *a)
{
    if (!l->cells) {
        struct arena *own = arena_new();
        l->cells = ARENA_NEW(own, struct layout_cells);
        *l->cells = (struct layout_cells){
            .arena = own, .texts = map_new(own), .hashes = map_new(own), .statuses = map_new(own)};
    }
    struct layout_cells *all = l->cells;
    struct str key;
    struct map *place = place_of(all, row, &row->cells[col], &key);
    if (!place)
        return make(l, row, &row->cells[col], a);
    struct layout_cell *cell = map_get(place, key);
    if (!cell) {
        cell = make(l, row, &row->cells[col], all->arena);
        map_put(place, key, cell);
    }
    return cell;
}

/* ---- extent ---- */

static struct layout_extent
measure(const struct layout_cell *c)
{
    const struct layout_style *s = &c->style;
    struct str text = utf8_cut(c->text, LOOK_AT);
    double natural = 0; /* of the widest line */
    for (struct str rest = text; rest.len;)
        natural = fmax(natural, layout_width(s, str_cut(&rest, '\n')));
    if (c->type == CELL_HASH)
        return (struct layout_extent){HASH_LEAST_PT, fmin(natural, HASH_CHARS * s->size * 0.6),
                                      natural};
    if (c->null) /* words instead of a number may wrap */
        return (struct layout_extent){WORDS_PT, layout_word_width(s, text),
                                      fmin(natural, WORDS_PT)};
    if (c->type == CELL_TEXT)
        return (struct layout_extent){WORD_LEAST_PT, fmin(natural, layout_word_width(s, text)),
                                      natural};
    if (c->type == CELL_TIME) /* the time may stand below the date */
        return (struct layout_extent){layout_word_width(s, text), natural, natural};
    return (struct layout_extent){natural, natural, natural};
}

struct layout_extent
layout_cell_extent(struct layout_cell *c)
{
    if (!c->is_measured)
        c->extent = measure(c);
    c->is_measured = true;
    return c->extent;
}

/* ---- lines ---- */

struct layout_lines
layout_cell_lines(struct layout_cell *c, double width)
{
    assert(width > 0);
    for (int i = 0; i < WIDTHS; i++)
        if (c->broken[i].width == width)
            return c->broken[i].lines;
    memmove(c->broken + 1, c->broken, sizeof c->broken - sizeof *c->broken);
    c->broken[0] = (struct broken){width, layout_wrap(c->arena, &c->style, c->text, width)};
    return c->broken[0].lines;
}
