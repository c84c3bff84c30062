/* Section "inputs": the evidence annex, every file received in the period with its hash. */
#include "compose/sections.h"

#include <assert.h>

#include "compose/words.h"

/* The word of a verdict in the reader's language; a verdict we do not know stays as it is. */
static struct str
verdict_word(const struct part *p, struct str word)
{
    static const char *const known[] = {"stored", "rejected", "duplicate"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eqc(word, known[i]))
            return part_text(p, arena_fmt(p->arena, "verdict.%s", known[i]).s);
    return word;
}

/* How the sender was known; a refused file has none. */
static struct str
custody_word(const struct part *p, struct str word)
{
    static const char *const known[] = {"none", "listed", "password"};
    static const char signature[] = "signature:";
    if (!word.len)
        return STR("");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eqc(word, known[i]))
            return part_text(p, arena_fmt(p->arena, "custody.%s", known[i]).s);
    if (!str_starts(word, signature))
        return word;
    size_t n = sizeof signature - 1;
    return LANG(p->lang, p->arena, "custody.signature",
                {"subject", str_n(word.s + n, word.len - n)});
}

static void
add_input_row(struct part *p, struct report_table *t, const struct fleet_input *in)
{
    assert(t->columns.n == 9);
    struct report_row *r = report_add_row(p->arena, t);
    r->cells[0] = cell_name(in->name);
    r->cells[1] = cell_text(in->format);
    r->cells[2] = cell_text(verdict_word(p, in->verdict));
    r->cells[3] = cell_int(in->n_scans);
    r->cells[4] = cell_int(in->size);
    r->cells[5] = cell_time(in->received);
    r->cells[6] = cell_name(in->host);
    r->cells[7] = cell_name(custody_word(p, in->custody));
    r->cells[8] = cell_hash(sha256_hex(p->arena, &in->sha256));
    if (in->reason.len)
        *VEC_PUSH(p->arena, &r->notes) = (struct report_note){
            .key = "reason", .label = part_text(p, "note.reason"), .text = in->reason};
}

/* Counted by verdict: what was refused is told like what was stored. */
static struct str
input_totals(const struct part *p)
{
    size_t stored = 0, rejected = 0, duplicate = 0, n = p->fleet->inputs.n;
    int64_t scans = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fleet_input *in = &p->fleet->inputs.v[i];
        stored += str_eqc(in->verdict, "stored");
        rejected += str_eqc(in->verdict, "rejected");
        duplicate += str_eqc(in->verdict, "duplicate");
        scans += in->n_scans;
    }
    return LANG(p->lang, p->arena, "inputs.totals", {"n", words_int(p->lang, p->arena, (int64_t)n)},
                {"stored", words_int(p->lang, p->arena, (int64_t)stored)},
                {"rejected", words_int(p->lang, p->arena, (int64_t)rejected)},
                {"duplicate", words_int(p->lang, p->arena, (int64_t)duplicate)},
                {"scans", words_int(p->lang, p->arena, scans)});
}

void
inputs_build(struct part *p)
{
    part_add(p, BLOCK_TEXT, "inputs.text");
    struct report_table *t = part_table(p, "inputs", STR(""));
    part_column(p, t, "file", CELL_TEXT, 2);
    part_column(p, t, "format", CELL_TEXT, 0.8);
    part_column(p, t, "verdict", CELL_TEXT, 0);
    part_column(p, t, "scans", CELL_INT, 0);
    part_column(p, t, "bytes", CELL_INT, 0);
    part_column(p, t, "received", CELL_TIME, 0);
    part_column(p, t, "host", CELL_TEXT, 1);
    part_column(p, t, "custody", CELL_TEXT, 1);
    part_column(p, t, "sha256", CELL_HASH, 2);
    part_empty(p, t, "empty.no-inputs");
    for (size_t i = 0; i < p->fleet->inputs.n; i++)
        add_input_row(p, t, &p->fleet->inputs.v[i]);
    part_note(p, t, input_totals(p));
}
