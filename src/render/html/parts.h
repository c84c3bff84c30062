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

struct html_job {
    const struct report *r;
    struct arena *a;
    struct buf *out;
    struct map *ids;    /* every id given so far */
    double width_pt;    /* of the column that is being filled */
    bool after_heading; /* a heading stands above: captions need not repeat it */
};

/* Appends literal markup. */
void html_parts_raw(struct html_job *j, const char *markup);
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
/* One table with caption and notes (table.c). */
void html_table_put(struct html_job *j, const struct report_table *t);

#endif
