/* Paragraphs, which flow over pages: between wrap.c, which breaks their lines, pages.c, which begins a page,
 * and whoever has text to put. */
#include <assert.h>
#include <math.h>

#include "render/layout/layout.h"

/* Lines of the rest that go on this page: none shall stand alone below or above. */
static size_t
lines_here(struct layout *l, double leading, size_t left)
{
    if (l->dry || l->fixed)
        return left;
    size_t least = left < 2 ? left : 2;
    if (l->y + (double)least * leading > l->bottom)
        layout_break(l);
    size_t room = (size_t)fmax(floor((l->bottom - l->y + 0.01) / leading), 1);
    if (room >= left)
        return left;
    if (left - room > 1)
        return room;
    if (room > 2)
        return room - 1;
    layout_break(l); /* of three lines two would fit */
    return left;
}

static void
flow(struct layout *l, const struct layout_style *s, const struct layout_lines *lines)
{
    for (size_t i = 0, n; i < lines->v.n; i += n) {
        n = lines_here(l, s->leading, lines->v.n - i);
        assert(n > 0 && i + n <= lines->v.n);
        layout_mark(l);
        for (size_t k = i; k < i + n; k++, l->y += s->leading)
            layout_line(l, l->x, l->y, s, lines->v.v[k]);
        layout_unmark(l);
    }
}

void
layout_paragraph(struct layout *l, const struct layout_style *s, const char *type, struct str text,
                 double max_width, double gap)
{
    struct arena *a = arena_new();
    assert(l->w > 0 && max_width > 0);
    double width = fmin(max_width, l->w);
    const struct layout_lines lines =
        type[0] == 'H' ? layout_wrap_even(a, s, text, width) : layout_wrap(a, s, text, width);
    if (lines.v.n) {
        struct pdf_elem *outer = layout_open(l, type);
        flow(l, s, &lines);
        layout_close(l, outer);
        l->y += gap;
    }
    arena_free(a);
}

void
layout_paragraphs(struct layout *l, const struct layout_style *s, const char *type, struct str text,
                  double max_width, double gap)
{
    while (text.len) {
        long at = str_find(text, "\n\n");
        struct str one = at < 0 ? text : str_n(text.s, (size_t)at);
        size_t skip = at < 0 ? text.len : (size_t)at + 2;
        layout_paragraph(l, s, type, str_trim(one), max_width, gap);
        text = str_n(text.s + skip, text.len - skip);
    }
}
