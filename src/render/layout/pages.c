/* Pages: where one ends and the next begins, with running head and foot. Whatever fills a column calls it;
 * only draw.c stands below. */
#include <assert.h>

#include "base/utf8.h"
#include "render/layout/layout.h"
#include "render/renderers.h"

enum { ENOUGH = 1 << 20 }; /* bytes of scratch, then it is emptied */

struct str
layout_text(const struct layout *l, const char *key)
{
    return lang_get(l->r->lang, key);
}

/* The beginning of a line that fits, with "…" where it was cut: for furniture only, which repeats
 * what is written out elsewhere. */
static struct str
fit(const struct layout_style *s, struct str text, double width, struct arena *a)
{
    enum { LONGEST = 400 };
    struct str line = utf8_one_line(a, utf8_cut(text, LONGEST));
    if (text.len <= LONGEST && layout_width(s, line) <= width)
        return line;
    double used = layout_width(s, STR("…"));
    size_t end = 0;
    while (end < line.len) {
        uint32_t cp = 0;
        int n = utf8_next(line.s + end, line.len - end, &cp);
        assert(n > 0);
        used += layout_width(s, str_n(line.s + end, (size_t)n));
        if (used > width)
            break;
        end += (size_t)n;
    }
    return arena_fmt(a, "%.*s…", (int)end, line.s);
}

/* ---- head and foot ---- */

void
layout_running_head(struct layout *l)
{
    const struct layout_style *s = &layout_furniture;
    struct arena *a = arena_new();
    double y = 11 * LAYOUT_MM, gap = 6 * LAYOUT_MM;
    struct str scope = utf8_cut(l->r->scope, 400), period = utf8_cut(l->r->period_text, 400);
    struct str right =
        arena_fmt(a, "%.*s%s%.*s", STR_ARG(scope), scope.len ? " · " : "", STR_ARG(period));
    right = fit(s, right, l->width * 0.6, a);
    struct str left = fit(s, l->r->title, l->width - layout_width(s, right) - gap, a);
    layout_artifact(l, "Pagination");
    layout_line(l, l->left, y, s, left);
    layout_line_right(l, l->left + l->width, y, s, right);
    layout_unmark(l);
    arena_free(a);
}

void
layout_foot(struct layout *l, struct pdf_page *page, size_t all)
{
    const struct layout_style *s = &layout_furniture;
    struct pdf_page *before = l->page;
    struct arena *a = arena_new();
    size_t n = pdf_page_number(page);
    double y = l->page_height - 10 * LAYOUT_MM - s->leading, rule = y - 2 * LAYOUT_MM;
    struct str middle = n == 1 ? layout_text(l, "pdf.verify") : render_foot_dataset(l->r, a);
    struct str right = n == 1 ? STR("")
                              : LANG(l->r->lang, a, "page", {"page", arena_fmt(a, "%zu", n)},
                                     {"pages", arena_fmt(a, "%zu", all)});
    assert(n >= 1 && n <= all && !l->dry);
    middle = fit(s, middle, l->width * 0.45, a);
    double at = l->left + (l->width - layout_width(s, middle)) / 2;
    l->page = page;
    layout_rule(l, l->left, rule, l->width, 0.5, PALETTE_HAIRLINE);
    layout_artifact(l, "Pagination");
    layout_line(l, l->left, y, s, fit(s, render_foot_id(l->r, a), at - l->left - 12, a));
    layout_line(l, at, y, s, middle);
    layout_line_right(l, l->left + l->width, y, s, right);
    layout_unmark(l);
    l->page = before;
    arena_free(a);
}

/* ---- the next page ---- */

void
layout_break(struct layout *l)
{
    assert(!l->dry && !l->fixed);
    if (l->page)
        pdf_page_end(l->page);
    if (arena_used(l->scratch) > ENOUGH) {
        arena_free(l->scratch);
        l->scratch = arena_new();
    }
    l->page = pdf_page_new(l->doc);
    layout_running_head(l);
    l->y = l->start = l->top;
}

void
layout_need(struct layout *l, double height)
{
    if (l->dry || l->fixed || l->y <= l->top)
        return;
    if (l->y + height > l->bottom + 0.01)
        layout_break(l);
}
