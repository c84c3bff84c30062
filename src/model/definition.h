/* A report definition: templates/reports/<name>.json, read and validated by settings/definition.c.
 * What:   which sections with which options, over which agents and period, in which outputs.
 * Owner:  the arena it was read into.
 * Units:  n = rows.   Errors: none here.   See: doc/reports/definitions.md */
#ifndef MODEL_DEFINITION_H
#define MODEL_DEFINITION_H

#include "base/vec.h"
#include "model/period.h"
#include "model/status.h"

enum section_kind {
    SECTION_DASHBOARD,      /* totals, average by group, time line, categories, bands */
    SECTION_TOP_AGENTS,     /* Top-N agents with the worst score */
    SECTION_TOP_CHECKS,     /* Top-N most frequent failed checks */
    SECTION_TOP_CATEGORIES, /* Top-N failed checks by category */
    SECTION_CATEGORY_PIE,   /* vulnerabilities by category */
    SECTION_CHECKS,         /* list of security checks */
    SECTION_SCORING,        /* latest score of each agent in the period */
    SECTION_EVOLUTION,
    SECTION_SCOPE,   /* scope and completeness */
    SECTION_METHOD,  /* status model, formula, limits */
    SECTION_QUALITY, /* data quality: warnings, assumed zones, partial scans */
    SECTION_INPUTS,  /* evidence annex: files with their hashes */
    SECTION_VERIFY,  /* how to verify this report */
    SECTION_GLOSSARY,
    SECTION__COUNT
};

struct definition_section {
    enum section_kind kind;
    struct str title;       /* empty = the standard one */
    int n;                  /* Top-N; 0 = all */
    VEC(struct str) groups; /* none = those of the report */
    struct str agent, policy;
    int category;      /* CIS Controls v8 number, 0 = all; -1 = every category that has checks */
    unsigned statuses; /* bits 1 << enum status_class; 0 = all */
    bool with_skipped; /* pies: show skipped (ignore_skipped = false) */
    bool with_evidence, with_remediation;
};

struct definition {
    struct str name; /* file name without .json; stable */
    struct str title, organisation, classification;
    struct str language; /* "en", "ja" */
    enum period_kind period;
    bool scheduled;         /* `assay run` makes it when its period has closed */
    struct str paper;       /* "a4", "letter" */
    VEC(struct str) groups; /* none = all */
    VEC(struct definition_section) sections;
    VEC(struct str) outputs; /* names of renderers; one that stands twice counts once */
};

/* The JSON word of a section kind, e.g. "top-agents". */
const char *definition_section_word(enum section_kind k);
/* Whether the definition asks for the output of that name. */
bool definition_wants_output(const struct definition *def, const char *name);

#endif
