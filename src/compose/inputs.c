/* Section "inputs": the evidence annex. What was received in the period as one table that adds up to what
 * the audit log says, and every file with its hash as data. */
#include "compose/sections.h"

#include <string.h>

#include "base/buf.h"
#include "compose/words.h"

/* Stable words for programs; texts are "receipt.<word>" and "verdict.<word>". */
static const char *const words[RECEIPT__COUNT] = {
    [RECEIPT_STORED] = "stored", [RECEIPT_LATE] = "late",         [RECEIPT_REVISED] = "revised",
    [RECEIPT_KNOWN] = "known",   [RECEIPT_REJECTED] = "rejected", [RECEIPT_OUTSIDE] = "outside"};

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

/* ---- what was received: one table ---- */

static void
add_receipts(struct part *p, struct report_table *t, const char *word, int64_t n)
{
    struct report_row *r = report_add_row(p->arena, t);
    r->cells[0] = cell_text(part_text(p, arena_fmt(p->arena, "receipt.%s", word).s));
    r->cells[0].aside = str_c(word);
    r->cells[1] = cell_int(n);
}

/* Each file is in exactly one row, by the time of its record in the log. */
static void
add_summary(struct part *p)
{
    int64_t n[RECEIPT__COUNT] = {0}, scans = 0;
    const struct fleet_received *r = &p->fleet->received;
    for (size_t i = 0; i < p->fleet->inputs.n; i++) {
        const struct fleet_input *in = &p->fleet->inputs.v[i];
        n[in->kind]++;
        scans += in->kind == RECEIPT_OUTSIDE ? 0 : in->n_scans;
    }
    struct report_table *t = part_table(p, "evidence", STR(""));
    part_column(p, t, "receipt", CELL_TEXT, 4);
    t->columns.v[0].aside_key = "key";
    part_column(p, t, "files", CELL_INT, 0);
    int64_t sum = r->nothing + r->unchanged + r->elsewhere;
    for (int k = 0; k < RECEIPT_OUTSIDE; k++) {
        add_receipts(p, t, words[k], n[k]);
        sum += n[k];
    }
    add_receipts(p, t, "nothing", r->nothing);
    add_receipts(p, t, "unchanged", r->unchanged);
    if (r->elsewhere)
        add_receipts(p, t, "elsewhere", r->elsewhere);
    add_receipts(p, t, "received", sum);
    t->rows.v[t->rows.n - 1].is_total = true;
    part_note_count(p, t, "inputs.scans", (size_t)scans);
    if (n[RECEIPT_OUTSIDE])
        part_note_count(p, t, "inputs.outside", (size_t)n[RECEIPT_OUTSIDE]);
    if (r->pruned)
        part_note_count(p, t, "inputs.pruned", (size_t)r->pruned);
}

/* ---- every file ---- */

/* Where the program keeps files is nobody's business: of an absolute path the last name stays. */
static struct str
without_folders(struct arena *a, struct str reason)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < reason.len;) {
        bool begins = reason.s[i] == '/' && (i == 0 || strchr(" \"'(:=", reason.s[i - 1]));
        size_t end = i, last = i;
        while (begins && end < reason.len && !strchr(" \"'():,;", reason.s[end]))
            if (reason.s[end++] == '/')
                last = end;
        if (begins && last > i + 1) /* at least one folder */
            i = last;
        else
            buf_putc(&out, reason.s[i++]);
    }
    return arena_str(a, buf_view(&out));
}

static void
add_file(struct part *p, struct report_table *t, const struct fleet_input *in)
{
    struct report_row *r = report_add_row(p->arena, t);
    struct report_cell *c = r->cells;
    *c++ = cell_name(in->name);
    *c = cell_text(part_text(p, arena_fmt(p->arena, "verdict.%s", words[in->kind]).s));
    c++->aside = str_c(words[in->kind]);
    *c++ = cell_text(in->format);
    *c++ = cell_int(in->n_scans);
    *c++ = cell_int(in->size);
    *c++ = cell_time(in->received);
    *c++ = cell_name(in->host);
    *c++ = cell_name(custody_word(p, in->custody));
    struct str hex = sha256_hex(p->arena, &in->sha256);
    struct str reason = in->reason.len ? without_folders(p->arena, in->reason) : STR("");
    if (!p->def->with_files) {
        *c++ = cell_text(reason);
        *c++ = cell_hash(hex);
        return;
    }
    *VEC_PUSH(p->arena, &r->notes) =
        (struct report_note){.key = "sha256", .label = part_text(p, "column.sha256"), .text = hex};
    if (reason.len)
        *VEC_PUSH(p->arena, &r->notes) = (struct report_note){
            .key = "reason", .label = part_text(p, "note.reason"), .text = reason};
}

/* On pages only when the definition asks for it: then each hash stands on a line of its own. */
static void
add_files(struct part *p)
{
    struct report_table *t = part_table(p, "inputs", STR(""));
    t->is_data = !p->def->with_files;
    t->page_rows = p->def->with_files ? 0 : t->page_rows;
    part_column(p, t, "file", CELL_TEXT, 2);
    part_column(p, t, "verdict", CELL_TEXT, 0);
    t->columns.v[1].aside_key = "receipt";
    part_column(p, t, "format", CELL_TEXT, 0.8);
    part_column(p, t, "scans", CELL_INT, 0);
    part_column(p, t, "bytes", CELL_INT, 0);
    part_column(p, t, "received", CELL_TIME, 0);
    part_column(p, t, "host", CELL_TEXT, 1);
    part_column(p, t, "custody", CELL_TEXT, 1);
    if (!p->def->with_files) {
        part_column(p, t, "reason", CELL_TEXT, 2);
        part_column(p, t, "sha256", CELL_HASH, 2);
    }
    part_empty(p, t, "empty.no-inputs");
    for (size_t i = 0; i < p->fleet->inputs.n; i++)
        add_file(p, t, &p->fleet->inputs.v[i]);
}

void
inputs_build(struct part *p)
{
    part_add(p, BLOCK_TEXT, "inputs.text");
    add_summary(p);
    part_add(p, BLOCK_HEADING, "heading.files");
    add_files(p);
}
