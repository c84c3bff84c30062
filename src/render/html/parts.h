/* What the pieces of the HTML writer share.
 * What:   inside of the room only: the job, text out, ids that are unique in the page.
 * Owner:  texts live in the job's arena, the page grows in its buf.
 * Units:  width in points of the printed scale.   Errors: the buf's sticky failure.
 * See:    doc/reports/html.md, templates/html/ */
#ifndef RENDER_HTML_PARTS_H
#define RENDER_HTML_PARTS_H

#include "base/buf.h"
#include "base/map.h"
#include "model/report.h"

/* Rows of a table that a part of the page has: all of them, or some of a table that is too long for
 * one file. */
struct html_rows {
    size_t from, to; /* to = SIZE_MAX: to the end */
};

/* A table of one agent's rows, or some rows of it, as it stands in a file. */
struct html_list {
    const struct report_table *table;
    struct html_rows rows;
    struct str id; /* of the table in its file */
    size_t unit;   /* the piece that has it */
};

typedef VEC(struct html_list) html_lists;
typedef VEC(struct str) html_texts;

/* A piece of the sections' content that no file boundary may cut (units.c). */
struct html_unit {
    size_t section;
    struct str markup;
};

typedef VEC(struct html_unit) html_units;

/* Where the rows of a table stand in its piece: they are copied from there when the table is cut. */
struct html_written {
    size_t unit;
    struct {
        size_t at, len; /* len 0: it has an id, which another file may number otherwise */
    } * rows;
};

struct html_files;

struct html_job {
    const struct report *r;
    struct arena *a;   /* of the edition */
    struct arena *row; /* of the row at hand */
    struct buf *out;
    struct map *ids;                /* every id given so far */
    double width_pt;                /* of the column that is being filled */
    bool after_heading;             /* a heading stands above: captions need not repeat it */
    const struct html_files *files; /* which file has what (html.c) */
    size_t part;                    /* the one that is being written; 0 = the one with the cover */
    html_lists *lists;              /* those put so far; NULL = nobody asks */
    size_t unit;                    /* the piece that is being made */
    struct map *written;            /* tables -> struct html_written; NULL = nobody asks */
    const html_units *whole;        /* what that gave; NULL = nothing is cut */
};

/* Appends literal markup. */
void html_parts_raw(struct html_job *j, const char *markup);
/* Appends text, escaped, with places to break in words that no line could hold. */
void html_parts_text(struct html_job *j, struct str text);
/* Appends <tag class>text</tag>, escaped; cls NULL = none. */
void html_parts_element(struct html_job *j, const char *tag, const char *cls, struct str text);
/* Appends  name="value" (a space in front), escaped. */
void html_parts_attr(struct html_job *j, const char *name, struct str value);
/* A new id made of prefix and key; numbered when it was taken. */
struct str html_parts_id(struct html_job *j, const char *prefix, struct str key);
/* Paragraphs of a text: cut at empty lines. */
void html_parts_paragraphs(struct html_job *j, const char *cls, struct str text);
/* A text of the program. */
struct str html_parts_lang(const struct html_job *j, const char *key);
/* A list of label and value. */
void html_parts_pairs(struct html_job *j, const char *cls, const struct report_pair *v, size_t n);

/* All blocks of a section (blocks.c). */
void html_blocks_put(struct html_job *j, const struct report_section *s);
/* Those from first up to end; of a table that stands alone only the rows given. */
void html_blocks_put_some(struct html_job *j, const struct report_section *s, size_t first,
                          size_t end, struct html_rows rows);
/* One table with caption and notes (table.c); totals and notes stand behind its last row. */
void html_table_put(struct html_job *j, const struct report_table *t, struct html_rows rows);

/* The content of all sections, piece by piece. Of a whole that was made before what is larger than most is
 * cut. */
void html_units_make(struct html_job *j, size_t most, html_units *ret);

/* The rows of all lists as data of the first file, for the filter over all files (find.c): file_of says
 * of each piece in which of the n files it is, files are their addresses. Nothing when there is no list, or
 * so many rows that no browser could hold them twice. */
void html_find_put(struct html_job *j, const size_t *file_of, const struct str *files,
                   size_t n_files);

#endif
