/* A report definition: templates/reports/<name>.json, read and validated by settings/definition.c.
 * What:   which sections with which options, over which agents and period, in which outputs.
 * Owner:  the arena it was read into.
 * Units:  n = rows.   Errors: none here.   See: doc/reports/definitions.md */
#ifndef MODEL_DEFINITION_H
#define MODEL_DEFINITION_H

#include "base/vec.h"
#include "model/calendar.h"
#include "model/filter.h"
#include "model/period.h"

/* What a section may be told beside its title. */
enum section_option {
    TAKES_N = 1 << 0,             /* n: how many rows */
    TAKES_FILTER = 1 << 1,        /* groups, agent, policy: whose scans it is about */
    TAKES_CATEGORY = 1 << 2,      /* category: one, or all */
    TAKES_EACH_CATEGORY = 1 << 3, /* category: every one in turn, too */
    TAKES_STATUSES = 1 << 4,      /* statuses */
    TAKES_SKIPPED = 1 << 5,       /* ignore_skipped */
    TAKES_EVIDENCE = 1 << 6,      /* evidence */
    TAKES_REMEDIATION = 1 << 7,   /* remediation */
    TAKES_TEXTS = 1 << 8,         /* texts */
    TAKES_SEVERITIES = 1 << 9,    /* severities, tags, and category: "uncategorised" */
    TAKES_FILES = 1 << 10         /* files: every file received on pages, too */
};

/* What a report costs beyond the scans and their checks: loaded only when a section needs it. */
enum section_need {
    NEEDS_POINTS = 1 << 0, /* passed and failed day by day */
    NEEDS_INPUTS = 1 << 1, /* the files that were received */
    NEEDS_EVIDENCE =
        1 << 2, /* what was observed under each check, in the scanner's words, since when */
    NEEDS_WARNINGS = 1 << 3 /* what was odd about the files */
};

struct part; /* a section that is being built: compose/part.h */
typedef void section_build_fn(struct part *p);

/* A kind of section. All that there are stand in one table, compose/sections.c. */
struct section_type {
    const char *word;        /* in definitions, keys and names of texts; stable */
    section_build_fn *build; /* fills a section whose title is there and whose filter is settled */
    unsigned options;        /* bits of enum section_option */
    unsigned needs;          /* bits of enum section_need */
    int n;                   /* rows when the definition does not say; 0 = all */
    bool begins_page;
    bool
        is_free_of_scans; /* it reads points of time lines, or nothing: it can be made when the scans are pruned */
    bool is_about_making; /* who signed and when: it does not count for the dataset's hash */
};

struct definition_section {
    const struct section_type *type;
    struct str title;       /* empty = the standard one */
    int n;                  /* Top-N; 0 = all */
    VEC(struct str) groups; /* none = those of the report */
    struct str agent, policy;
    int category;         /* CIS Controls v8 number, or CATEGORY_ALL, _EACH, _WITHOUT */
    unsigned statuses;    /* bits 1 << enum status_class; 0 = all */
    unsigned severities;  /* bits 1 << enum severity; 0 = all */
    VEC(struct str) tags; /* patterns of tags (engine/tag.h), one of which must fit; none = all */
    bool with_skipped;    /* pies: show skipped (ignore_skipped = false) */
    bool with_evidence, with_remediation, with_texts, with_files;
};

struct definition {
    struct str name; /* file name without .json; stable */
    struct str title, organisation, classification;
    struct str language; /* "en", "ja" */
    enum period_kind period;
    bool scheduled;              /* `assay run` makes it when its period has closed */
    struct str schedule;         /* not before a moment of that; empty = as soon as it has closed */
    struct calendar calendar;    /* the schedule, when there is one */
    bool latest_only;            /* of several missed periods the newest alone is made */
    struct str zone;             /* of its periods, times and schedule; empty = the process's */
    bool needs_agent;            /* about one agent, which whoever makes it names */
    struct str paper;            /* "a4", "letter" */
    VEC(struct str) groups;      /* none = all */
    struct report_filter filter; /* of agents and policy; that of checks stands in the sections */
    VEC(struct definition_section) sections;
    VEC(struct str) outputs;    /* names of renderers; one that stands twice counts once */
    VEC(struct str) recipients; /* names of the settings; who else gets it, they say themselves */
};

/* The kind of section of that word in a table that ends with a NULL word; NULL = there is none. */
const struct section_type *section_find(const struct section_type *types, const char *word);
/* What the sections need together: bits of enum section_need. */
unsigned definition_needs(const struct definition *def);
/* Whether a section sees only a part of what the report is about. */
bool definition_is_narrowed(const struct definition_section *s);
/* Whether the definition asks for the output of that name. */
bool definition_wants_output(const struct definition *def, const char *name);

#endif
