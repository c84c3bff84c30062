/* A finished report before any format: what compose makes and render writes.
 * What:   sections of blocks; tables with typed cells (so that CSV and JSON get numbers), charts
 *         with their data, texts already in the reader's language. Keys are stable English words
 *         whatever the language. Texts from hosts are hostile: every renderer escapes.
 * Owner:  everything lives in the arena of the report.
 * Units:  percentages 0..100; times in seconds UTC.
 * Errors: none.   See: doc/reports/ */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/sha256.h"
#include "base/vec.h"
#include "model/exact.h"
#include "model/lang.h"
#include "model/period.h"
#include "model/status.h"

/* ---- cells and tables ---- */

enum cell_type {
    CELL_NONE,   /* empty */
    CELL_TEXT,   /* text */
    CELL_INT,    /* n */
    CELL_NUMBER, /* value */
    CELL_SCORE,  /* value in percent; null = nothing evaluated, shown as a word */
    CELL_STATUS, /* status: sign, word and colour */
    CELL_TIME,   /* n = seconds UTC, to the minute */
    CELL_DATE,   /* n = seconds UTC, the day */
    CELL_RATIO,  /* n of `of`, "5 of 6" */
    CELL_BAR,    /* num 0..1 of a bar: passed (n) against failed (of); CSV and JSON leave it out */
    CELL_HASH    /* text in the monospaced font, may break anywhere */
};

/* What it holds goes by its type; the rest of it is zero. */
struct report_cell {
    enum cell_type type;
    bool null;         /* no value: "–" (or the word for "not evaluated" in a score) */
    bool is_name;      /* text is the name of something: nothing in it may stay unseen */
    bool failed_first; /* of a bar: the numbers beside it count what failed */
    union {
        struct {              /* text, hash */
            struct str text;
            struct str alias; /* of an agent, stands beside its name; empty = none */
        };
        struct { /* integer, time, date, ratio, bar */
            int64_t n, of;
            double num; /* of a bar */
        };
        struct rounded value; /* number, score */
        enum status status;
    };
    struct str aside; /* of a column with an aside_key */
};

enum report_align { ALIGN_LEFT, ALIGN_RIGHT };

struct report_column {
    const char *key;  /* stable English name: CSV head, JSON member */
    struct str title; /* in the reader's language; may be empty (bars) */
    enum cell_type type;
    enum report_align align;
    double weight;          /* share of the free width; 0 = as wide as its content needs */
    struct str alias_title; /* of agents: title of a column of their aliases, in data only */
    /* Name of a text that stands with each cell and is for programs only: CSV and JSON have it behind
     * the cell, pages do not show it. NULL = none. */
    const char *aside_key;
};

/* Text under a row: evidence, remediation, waiver. As a fact of a row: for programs, without a label. */
struct report_note {
    const char *key;
    struct str label, text;
};

struct report_row {
    struct report_cell *cells; /* one a column */
    VEC(struct report_note) notes;
    VEC(struct report_note) facts; /* columns of CSV and members of JSON that pages do not show */
    bool is_total;                 /* bold, last */
    const char *anchor;            /* unique id in the report for links, or NULL */
};

/* Whose rows a table has when they are those of one scan: HTML filters by it, and CSV has all such
 * tables of a section in one file. */
struct report_subject {
    struct str agent, alias, group, os;
    struct str policy, policy_title, policy_version, profile;
    int64_t time; /* of the scan */
};

struct report_table {
    const char *key;                      /* stable, unique in the report: file name of the CSV */
    const struct report_subject *subject; /* NULL = rows of several agents */
    struct str title;                     /* accessible caption */
    VEC(struct report_column) columns;
    VEC(struct report_row) rows;
    VEC(struct str) notes; /* small text below: formula, ties, denominators */
    struct str empty;      /* shown instead when there are no rows */
    size_t page_rows;      /* pages show so many at most and say where the rest is; 0 = all */
    bool is_data;          /* a list for programs: CSV and JSON have it, pages say where it is */
};

/* ---- charts ---- */

enum chart_kind { CHART_PIE, CHART_LINES, CHART_BARS };

/* What a colour means; renderers own the palette. */
enum chart_role { ROLE_PASSED, ROLE_FAILED, ROLE_SKIPPED, ROLE_WAIVED, ROLE_ACCENT, ROLE_NEUTRAL };

struct chart_series {
    const char *key;
    struct str label;
    enum chart_role role; /* failed is dashed (lines) or hatched (pies) as well as coloured */
    double *values;       /* one a point; NaN = gap */
    /* The same as they are written beside the drawing; NULL = the values are whole numbers. */
    struct rounded *digits;
};

struct report_chart {
    enum chart_kind kind;
    const char *key;
    struct str title; /* the message, e.g. "Passed checks rise, failed fall" */
    struct str alt;   /* alternative text: the numbers in one or two sentences */
    size_t n_points;
    struct str *labels; /* of the x axis, bars or pies, one a point; NULL = one pie, its only point */
    int64_t *times;     /* lines over time: seconds UTC of each point; NULL = categories */
    VEC(struct chart_series) series;
    bool percent; /* values are percent: axis 0..100 */
};

/* ---- blocks ---- */

struct report_figure {               /* a key figure */
    struct str value, label, detail; /* "46.1 %", "score", "▲ 3.0 since August" */
    int direction; /* > 0 better, < 0 worse, 0 neutral: colour of the detail's sign */
};

struct report_pair { /* one line of a key-value list */
    struct str label, value;
    bool mono;
};

enum block_type {
    BLOCK_HEADING, /* text: h2 inside a section */
    BLOCK_LEAD,    /* text: first sentence, larger */
    BLOCK_TEXT,
    BLOCK_NOTE,    /* small */
    BLOCK_CODE,    /* monospaced lines: commands */
    BLOCK_FIGURES, /* up to four key figures side by side */
    BLOCK_PAIRS,   /* key-value list */
    BLOCK_TABLE,
    BLOCK_CHART,
    BLOCK_COLUMNS /* two lists of blocks side by side, stacked when narrow */
};

struct report_block {
    enum block_type type;
    struct str text;
    struct report_table *table;
    struct report_chart *chart;
    VEC(struct report_figure) figures;
    VEC(struct report_pair) pairs;
    struct report_section *left, *right; /* BLOCK_COLUMNS: sections used as lists of blocks */
    double left_share;                   /* 0..1 of the width */
};

struct report_section {
    const char *key;
    struct str title; /* h1; enters the table of contents */
    VEC(struct report_block) blocks;
    bool new_page;
    bool is_about_making; /* who signed and when: not about the data */
};

/* ---- the report ---- */

/* The newest checkpoint of the audit log when the report was made. */
struct report_checkpoint {
    struct str note; /* signed; empty = there is none */
    struct str vkey; /* what verifies it */
    struct str origin, root;
    int64_t size; /* records */
};

/* Name of the file that carries it inside a PDF, and id of the element in HTML. */
#define REPORT_CHECKPOINT_FILE "audit.checkpoint"
#define REPORT_CHECKPOINT_ID   "audit-checkpoint"

/* What a mail says of a report behind its first sentence: whole sentences, names in them made visible. */
struct report_brief {
    VEC(struct str) worse;   /* checks that fail on more agents than before, or that there are none */
    VEC(struct str) missing; /* who was expected and not assessed, or that nobody is missing */
};

struct report {
    const struct lang *lang;
    struct str id, version;     /* "HR-2026-10", "1" */
    struct str title, subtitle; /* "Hardening compliance report", "All groups · October 2026" */
    struct str organisation, classification;
    struct str lead;               /* one sentence a manager can repeat: on the cover */
    struct str scope, period_text; /* running head, right side */
    struct period period;
    bool is_provisional; /* the period had not ended when the data were looked at */
    int64_t as_of;       /* data as they were known then; 0 = when the report was made */
    struct str zone;     /* of the times that it prints: "Europe/Madrid", "UTC" */
    int64_t generated_at;
    struct str generated_by, tool; /* "root@host", "assay 1.0.0" */
    struct sha256_digest dataset;  /* hash of every number and text below (compose computes it) */
    int64_t audit_seq;             /* newest audit record when made; -1 = none */
    struct str audit_hash_hex;
    struct report_checkpoint checkpoint;
    struct str signer, signer_fingerprint; /* empty = will not be signed */
    VEC(struct report_pair) control;       /* document control lines on the page behind the cover */
    VEC(struct report_section) sections;
    struct report_brief brief; /* only when it was asked for; it repeats what tables say */
};

/* Adds an empty block of a type to a section. */
struct report_block *report_add(struct arena *a, struct report_section *s, enum block_type type);
/* Adds a block of text. */
void report_add_text(struct arena *a, struct report_section *s, enum block_type type,
                     struct str text);
/* Adds an empty section. */
struct report_section *report_add_section(struct arena *a, struct report *r, const char *key,
                                          struct str title);
/* Adds a table block; columns are to be pushed next. */
struct report_table *report_add_table(struct arena *a, struct report_section *s, const char *key,
                                      struct str title);
/* Adds a column. */
void report_add_column(struct arena *a, struct report_table *t, const char *key, struct str title,
                       enum cell_type type, enum report_align align, double weight);
/* Adds a row of CELL_NONE cells; all columns must be there. */
struct report_row *report_add_row(struct arena *a, struct report_table *t);
/* Cells. */
struct report_cell cell_text(struct str s);
/* The name of a host, a group, a file: what does not show in it is made visible. */
struct report_cell cell_name(struct str s);
/* An integer. */
struct report_cell cell_int(int64_t n);
/* A score or share in percent; none = nothing evaluated. */
struct report_cell cell_score(struct rounded pct);
/* A status. */
struct report_cell cell_status(enum status s);
/* A time; CLOCK_NONE = null. */
struct report_cell cell_time(int64_t t);
/* A day. */
struct report_cell cell_date(int64_t t);
/* n of `of`. */
struct report_cell cell_ratio(int64_t n, int64_t of);
/* A bar of passed against failed. */
struct report_cell cell_bar(int64_t passed, int64_t failed);
/* The same, beginning with what failed. */
struct report_cell cell_bar_of_failed(int64_t passed, int64_t failed);
/* A number. */
struct report_cell cell_number(struct rounded v);
/* A hash or path in the monospaced font. */
struct report_cell cell_hash(struct str s);
/* Every table of the report in reading order (also inside columns), prev NULL = first. */
const struct report_table *report_next_table(const struct report *r,
                                             const struct report_table *prev);

#endif
