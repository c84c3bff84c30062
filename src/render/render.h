/* struct report -> bytes. The door of the room.
 * What:   the one shape of a renderer: a const struct at the end of its .c, listed in renderers.h.
 *         A renderer may give several files (CSV: one a table). Same report, same bytes. What an
 *         output is called in definitions, on the command line and at the end of a file's name is
 *         what its renderer says; nobody else keeps a list of them.
 * Owner:  files live in the arena.
 * Units:  bytes.
 * Errors: DIAG_CONFIG (fonts missing), DIAG_TOO_BIG, DIAG_INTERNAL.
 * See:    doc/decisions/0003-pdf.md, doc/reports/ */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/diag.h"
#include "model/report.h"

/* More than this a browser opens slowly: the HTML edition goes on in another file. */
#define HTML_PART_BYTES ((size_t)10 * 1000 * 1000)

struct render_options {
    struct str paper;        /* "a4" (default) or "letter" */
    struct str file_stem;    /* "hardening-monthly-2026-10": names of files begin with it */
    struct str font_dirs[4]; /* searched first; empty = Debian's places */
    bool csv_formula_guard;  /* on by default: cells that begin with = + - @ TAB CR get a ' */
    bool csv_bom;
    char csv_separator; /* 0 = a comma */
    size_t html_part_bytes; /* of content in one HTML file; 0 = HTML_PART_BYTES */
};

struct render_file {
    struct str name;       /* e.g. "<stem>.pdf", "<stem>.top-agents.csv" */
    struct str media_type; /* "application/pdf" … */
    struct str bytes;
};

struct render_files {
    VEC(struct render_file) files;
};

struct renderer {
    const char *name;       /* the word of definitions and of --format */
    const char *suffix;     /* behind the last point of every file it gives */
    const char *media_type; /* of every file it gives */
    /* Appends its files to ret; what of a report it cannot show it leaves out. */
    int (*write)(const struct report *r, const struct render_options *o, struct arena *a,
                 struct render_files *ret, struct diag *d);
};

/* All renderers, ended by NULL, in the order in which a run writes its outputs. */
extern const struct renderer *const renderers[];
/* The renderer of that name, or NULL. */
const struct renderer *render_find(struct str name);
/* The name of the i-th renderer, NULL behind the last. */
const char *render_name(size_t i);
/* Name of the empty signature field every PDF carries. */
#define RENDER_SIGNATURE_FIELD "AssaySeal"

/* The text of a cell as people read it, in the report's language: PDF and HTML share it. */
struct str render_cell_text(const struct report *r, const struct report_cell *c, struct arena *a);

#endif
