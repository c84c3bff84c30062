/* A section under construction, and the small steps every section is made of.
 * What:   struct part carries what a section builder needs: the dataset narrowed to the section's
 *         filter, its scores, the texts, and where blocks go. Section builders are listed in
 *         compose/sections.h; words of numbers, names and dates in compose/words.h.
 * Owner:  everything lives in the arena of the report.
 * Units:  see model/report.h.   Errors: none. */
#ifndef COMPOSE_PART_H
#define COMPOSE_PART_H

#include "compose/compose.h"
#include "engine/score.h"

struct part {
    const struct compose_input *in;
    const struct definition_section *def; /* the options of this section */
    struct arena *arena;
    const struct lang *lang;
    const struct fleet *fleet;
    struct report *report;
    struct report_section *section; /* where blocks go; columns point it elsewhere for a while */
    struct map *keys;               /* table and chart keys taken so far in the report */
    const struct pick *pick;        /* the fleet narrowed to the section's filter */
    const struct score *score;
    const struct pick *before; /* the same of the previous period; NULL = no comparison */
    const struct score *score_before;
    bool says_counts_once; /* what came by counts only is told at the end, not below each table */
};

/* The text of a key as it stands. */
struct str part_text(const struct part *p, const char *key);
/* Adds the text of a key as a block (heading, lead, text or note). */
void part_add(struct part *p, enum block_type type, const char *key);
/* Adds a ready text as a block. */
void part_add_str(struct part *p, enum block_type type, struct str text);
/* Adds a line to a key-value list; mono = in the monospaced font. */
void part_pair(const struct part *p, struct report_block *b, const char *key, struct str value,
               bool mono);
/* A key made unique in the report: "x", "x-2", "x-3" … */
const char *part_key(struct part *p, struct str wanted);
/* Adds a table with a unique key and the caption of "table.<key>" (or of the title given). */
struct report_table *part_table(struct part *p, const char *key, struct str title);
/* Adds a column with the title of "column.<key>"; numbers, scores and ratios go to the right. */
void part_column(const struct part *p, struct report_table *t, const char *key, enum cell_type type,
                 double weight);
/* Adds a note below a table. */
void part_note(const struct part *p, struct report_table *t, struct str text);
/* Adds the note of a key that names a number, {n}. */
void part_note_count(const struct part *p, struct report_table *t, const char *key, size_t n);
/* Says below an agent's row that some scan behind it does not cover its policy. */
void part_note_partial(const struct part *p, struct report_row *r, const struct score_agent *s);
/* Sets what a table shows when it has no rows, from a key. */
void part_empty(const struct part *p, struct report_table *t, const char *key);
/* The same, but where there is no scan at all that is said instead: what holds of no scan is no good news. */
void part_empty_scans(const struct part *p, struct report_table *t, const char *key);
/* What a table of failures shows without rows: that none failed only where checks were evaluated one by
 * one. */
void part_empty_failures(const struct part *p, struct report_table *t);
/* Adds a chart with a unique key. */
struct report_chart *part_chart(struct part *p, enum chart_kind kind, const char *key,
                                struct str title);
/* Adds a line of a chart, n_points values to be filled in. */
struct chart_series *part_series(const struct part *p, struct report_chart *ch, const char *key,
                                 struct str label, enum chart_role role);
/* Adds two columns; blocks go to the left one until part_right, then part_whole. */
struct report_block *part_columns(struct part *p, double left_share);
/* Blocks go to the right column from here. */
void part_right(struct part *p, struct report_block *columns);
/* Blocks go below the columns from here. */
void part_whole(struct part *p, struct report_section *section);
/* An agent in a table: its name, and beside it what it calls itself. */
struct report_cell part_agent_cell(const struct part *p, size_t agent);
/* Adds the column of such cells. */
void part_agent_column(const struct part *p, struct report_table *t, double weight);
/* The agent of a score row. */
const struct fleet_agent *part_agent(const struct part *p, size_t agent);
/* The time that the data are of: what is behind it has not come yet. */
int64_t part_today(const struct part *p);
/* A period in which nothing was evaluated is nothing to compare, nor to compare with. */
bool part_has_before(const struct part *p);
/* The name of the agent's group, in words when it has none. */
struct str part_group(const struct part *p, size_t group);
/* The name of a category in the reader's language (CIS names are translated, others kept). */
struct str part_category(const struct part *p, struct str name, int number);
/* The note that names what the section was narrowed to, when it was. */
void part_add_filter(struct part *p);

#endif
