/* The content of a report as pieces between which a file may end: a heading with what stands below it,
 * or some rows of a table that is longer than a file. html.c comes before and lays them into files. */
#include <assert.h>

#include "render/html/parts.h"

/* The end of the piece that begins at a block: up to the next heading. */
static size_t
piece_end(const struct report_section *s, size_t first)
{
    size_t i = first + 1;
    while (i < s->blocks.n && s->blocks.v[i].type != BLOCK_HEADING)
        i++;
    return i;
}

/* Whether the piece is the list of one agent: such a piece is found and hidden as a whole. */
static bool
is_of_agent(const struct report_section *s, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (s->blocks.v[i].type == BLOCK_TABLE && s->blocks.v[i].table->subject)
            return s->blocks.v[first].type == BLOCK_HEADING;
    return false;
}

static void
add_piece(struct html_job *j, size_t section, size_t first, size_t end, struct html_rows rows,
          html_units *ret)
{
    const struct report_section *s = &j->r->sections.v[section];
    AUTO_BUF piece = buf_init(BUF_MAX_DEFAULT);
    struct buf *page = j->out;
    bool of_agent = is_of_agent(s, first, end);
    j->out = &piece;
    j->unit = ret->n;
    html_parts_raw(j, of_agent ? "<div class=\"of\">" : "");
    html_blocks_put_some(j, s, first, end, rows);
    html_parts_raw(j, of_agent ? "</div>\n" : "");
    j->out = page;
    if (buf_bad(&piece)) /* the page fails as the piece did */
        page->bad = true;
    *VEC_PUSH(j->a, ret) = (struct html_unit){section, buf_give(&piece, j->a)};
}

/* A piece that is too large, block by block, and its tables some rows at a time. What its rows take
 * is told by the whole: they are much alike. */
static void
add_parts(struct html_job *j, size_t section, size_t first, size_t end, size_t size, size_t most,
          html_units *ret)
{
    const struct report_section *s = &j->r->sections.v[section];
    size_t n_rows = 0;
    for (size_t i = first; i < end; i++)
        n_rows += s->blocks.v[i].type == BLOCK_TABLE ? s->blocks.v[i].table->rows.n : 0;
    size_t step = n_rows ? (size_t)((double)most / (double)size * (double)n_rows) + 1 : 1;
    for (size_t i = first; i < end; i++) {
        size_t n = s->blocks.v[i].type == BLOCK_TABLE ? s->blocks.v[i].table->rows.n : 0, from = 0;
        do {
            struct html_rows rows = {from, from + step < n ? from + step : SIZE_MAX};
            add_piece(j, section, i, i + 1, rows, ret);
            from += step;
        } while (from < n);
    }
}

void
html_units_make(struct html_job *j, size_t most, html_units *ret)
{
    const html_units *whole = j->whole;
    const struct html_rows all = {0, SIZE_MAX};
    size_t n = 0; /* pieces so far, as they are when nothing is cut */
    assert(!whole || most > 0);
    for (size_t k = 0; k < j->r->sections.n; k++) {
        const struct report_section *s = &j->r->sections.v[k];
        for (size_t i = 0, end; i < s->blocks.n; i = end, n++) {
            end = piece_end(s, i);
            if (whole && whole->v[n].markup.len > most)
                add_parts(j, k, i, end, whole->v[n].markup.len, most, ret);
            else
                add_piece(j, k, i, end, all, ret);
        }
        if (s->blocks.n == 0) {
            *VEC_PUSH(j->a, ret) = (struct html_unit){k, STR("")};
            n++;
        }
    }
}
