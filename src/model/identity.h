/* What a report is: a definition, over a scope, in a language, about a period, in a version.
 * What:   settled once a report, before anything is loaded for it. The names of its files and of its
 *         folder, the row of its run, its audit records, the document control and the manifest take
 *         their words from here and spell none of them again.
 * Owner:  the arena; the groups of the scope stay where they are.
 * Units:  see model/period.h.
 * Errors: none.   See: doc/reports/definitions.md */
#ifndef MODEL_IDENTITY_H
#define MODEL_IDENTITY_H

#include "model/filter.h"
#include "model/period.h"

/* Whose scans it is about. */
struct report_scope {
    const struct str *groups;
    size_t n_groups;                    /* 0 = all */
    const char *agent;                  /* NULL = all */
    const struct report_filter *filter; /* NULL = nothing else is left out */
};

struct report_identity {
    struct str definition; /* its name */
    struct report_scope scope;
    struct str language; /* "en" */
    struct period period;
    struct str version; /* "1", "2" …; empty until report_identity_number() */

    /* what follows from them */
    struct str period_key;  /* "2026-11" */
    struct str spelled;     /* definition, agent, filter and period, dashes between */
    struct str id;          /* the same as a name of a file: what may not stand there is a dash */
    struct str version_key; /* under which the newest version is remembered */
};

/* The identity of a report that has no version yet. */
struct report_identity report_identity_make(struct arena *a, struct str definition,
                                            struct report_scope scope, struct str language,
                                            struct period period);
/* Gives it the version after the newest that was recorded; empty = there was none. */
void report_identity_number(struct report_identity *id, struct arena *a, struct str newest);

#endif
