/* Score bands of the dashboard: bars beside their table. From engine/bands.c. */
#include "engine/bands.h"

#include <assert.h>

#include "compose/sections.h"
#include "compose/words.h"

static struct str
band_name(const struct part *p, const struct bands *b, size_t k)
{
    const char *key = k + 1 == BANDS_N ? "bands.last" : "bands.band";
    return LANG(p->lang, p->arena, key, {"from", arena_fmt(p->arena, "%d", b->from[k])},
                {"to", arena_fmt(p->arena, "%d", b->to[k])});
}

/* How many are below half is what somebody has to act on. */
static struct str
bands_finding(const struct part *p, const struct bands *b)
{
    struct str of = words_int(p->lang, p->arena, (int64_t)b->n_evaluated);
    if (b->n_evaluated == 0)
        return part_text(p, "finding.bands");
    if (b->n_below_half == 0)
        return LANG(p->lang, p->arena, "finding.bands.none", {"n", of}, {"of", of});
    return LANG(p->lang, p->arena, "finding.bands.below",
                {"n", words_int(p->lang, p->arena, (int64_t)b->n_below_half)}, {"of", of});
}

static void
add_bands_chart(struct part *p, const struct bands *b, struct str title)
{
    assert(b->n_below_half <= b->n_evaluated);
    struct report_chart *ch = part_chart(p, CHART_BARS, "bands", title);
    struct str parts[BANDS_N];
    ch->n_points = BANDS_N;
    ch->labels = ARENA_ARRAY(p->arena, struct str, BANDS_N);
    struct chart_series *s =
        part_series(p, ch, "agents", part_text(p, "column.agents"), ROLE_ACCENT);
    for (size_t k = 0; k < BANDS_N; k++) {
        ch->labels[k] = band_name(p, b, k);
        s->values[k] = (double)b->n[k];
        parts[k] = LANG(p->lang, p->arena, "bands.part", {"band", ch->labels[k]},
                        {"n", words_int(p->lang, p->arena, (int64_t)b->n[k])});
    }
    ch->alt = LANG(p->lang, p->arena, "bands.alt",
                   {"parts", words_list(p->lang, p->arena, parts, BANDS_N)});
}

void
bands_add(struct part *p)
{
    struct bands b = bands_count(p->score);
    struct report_section *whole = p->section;
    struct str title = bands_finding(p, &b);
    if (b.n_evaluated == 0) {
        part_add_str(p, BLOCK_HEADING, title);
        part_add(p, BLOCK_TEXT, "empty.nothing-evaluated");
        return;
    }
    struct report_block *columns = part_columns(p, 0.56);
    add_bands_chart(p, &b, title);
    part_right(p, columns);
    struct report_table *t = part_table(p, "bands", STR(""));
    part_column(p, t, "band", CELL_TEXT, 2);
    part_column(p, t, "agents", CELL_RATIO, 0);
    for (size_t k = 0; k < BANDS_N; k++) {
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_text(band_name(p, &b, k));
        c[1] = cell_ratio((int64_t)b.n[k], (int64_t)b.n_evaluated);
    }
    if (b.n_not_evaluated)
        part_note_count(p, t, "note.without-score", b.n_not_evaluated);
    part_whole(p, whole);
}
