/* What a report is: a definition, over a scope, about a period, in a version. Its language is a rendering of it and
 * no part of what it is.
 * What:   settled once a report, before anything is loaded for it. The names of its files and of its
 *         folder, the row of its run, its audit records, the document control and the manifest take
 *         their words from here and spell none of them again.
 * Owner:  the arena; texts of the scope stay where they are.
 * Units:  see model/period.h.
 * Errors: none.   See: doc/reports/versions.md, doc/decisions/0016-report-versions.md */
#ifndef MODEL_IDENTITY_H
#define MODEL_IDENTITY_H

#include "model/filter.h"
#include "model/definition.h"
#include "model/period.h"

/* Whose scans it is about. */
struct report_scope {
    const struct str *groups;
    size_t n_groups;    /* 0 = all */
    const char *agent;  /* NULL = all */
    const char *policy; /* its id; NULL = all */
    const struct report_filter *filter; /* NULL = nothing else is left out */
};

struct report_identity {
    struct str definition;     /* its name */
    struct report_scope scope; /* groups sorted, each once: their order is no part of it */
    struct str language;       /* "en" */
    struct period period;

    /* what follows from them */
    struct str period_key;  /* "2026-11" */
    struct str scope_text;  /* for the log and the manifest: "group Servers, agent web01"; "all" */
    struct str spelled;     /* definition, scope and period with dashes between */
    struct str id;          /* the same as a name of a file, with a hash where that took something away */
    struct str version_key; /* under which the newest version is remembered */

    /* from report_identity_number() on; empty before */
    struct str version;    /* "1", "2" …; "3-draft" when it is not sealed */
    struct str supersedes; /* the version that it stands in the place of; empty = none */
    struct str reason;     /* why; empty = it was not asked for */
    struct str stem;       /* of its files: the id, with the language of a further rendering */
    bool is_draft, is_rendering;
};

/* The newest sealed version, as it is remembered. */
struct report_version {
    int64_t n;              /* 0 = there is none */
    struct str language;    /* that it was made in; empty = that is not known */
    struct str dataset_hex; /* in that language */
    bool is_provisional;    /* its period had not ended */
    struct str others;      /* languages that it was rendered in since, blanks between */
};

/* The scope that a definition names, which points into it. */
struct report_scope report_scope_of(const struct definition *def);
/* The identity of a report that has no version yet. */
struct report_identity report_identity_make(struct arena *a, struct str definition,
                                            struct report_scope scope, struct str language,
                                            struct period period);
/* Makes it a version of its own, the one after the newest; a report that is not sealed is a draft of it. reason: why
 * there is another one, empty = none is given. */
void report_identity_number(struct report_identity *id, struct arena *a, int64_t newest,
                            bool is_sealed, struct str reason);
/* Makes it another rendering of the newest version. */
void report_identity_render(struct report_identity *id, struct arena *a, int64_t newest);

/* What is remembered of a version: its number alone, as older programs wrote it, or all of it. */
struct report_version report_version_read(struct str remembered);
/* As it is remembered. */
struct str report_version_write(const struct report_version *v, struct arena *a);
/* Whether the version was made in that language. */
bool report_version_is_in(const struct report_version *v, struct str language);

#endif
