/* What is asked for when a report is made, and what it comes to.
 * What:   a definition, with what the command line says instead of it and what the settings say where
 *         it says nothing: outputs, language, groups, period; and so the identity of the report.
 * Owner:  the given arena; the request's texts stay where they are.
 * Units:  none.
 * Errors: DIAG_CONFIG (definition), DIAG_USAGE (no such format, language, period; one that has not begun; a
 *         definition that needs an agent without one).
 * See:    doc/man/assay-report.1 */
#ifndef JOB_REQUEST_H
#define JOB_REQUEST_H

#include "model/fleet.h"
#include "model/identity.h"
#include "settings/config.h"
#include "settings/definition.h"

struct report_request {
    const char *definition;    /* name or path */
    const char *period;        /* as period_parse takes it; NULL = the newest closed one */
    const char *output_dir;    /* NULL = <reports-dir>/<id> */
    const char *language;      /* NULL = the definition's, else the settings' */
    const char *agent;         /* narrows to one agent; NULL = all */
    const char *policy;        /* narrows to the policy of that id; NULL = the definition's */
    const char *const *groups; /* narrows; n_groups 0 = the definition's */
    size_t n_groups;
    const char *reason; /* why another version is made; NULL = none is given */
    bool allow_empty;   /* make a report of a scope that holds no agent or no scan */
    const char *const *os; /* patterns, instead of the definition's */
    size_t n_os;
    const char *score_from, *score_below; /* instead of the definition's; NULL = that */
    const char *status,
        *severity;        /* words between commas, of its lists of checks; NULL = as it says */
    const char *const *tags; /* likewise, patterns; n_tags 0 = as it says */
    size_t n_tags;
    const char *category; /* likewise, one */
    bool with_bom;        /* CSV begins with a byte order mark, whatever the settings say */
    const char *formats;  /* names of report_format(), between commas; NULL = the definition's */
    bool deliver; /* queue it for the recipients of the definition */
};

/* The sections and formats that a definition may name. */
extern const struct definition_choices request_choices;
/* The names of the formats there are, by number from 0; NULL behind the last. */
const char *report_format(size_t i);
/* Who is expected, by the settings: a query that says nothing else. */
struct fleet_query request_population(const struct config *c, struct arena *a);
/* Loads the definition and settles what the report will be. */
int request_settle(const struct report_request *q, const struct config *c, struct arena *a,
                   struct definition *ret_definition, struct report_identity *ret_identity,
                   struct diag *d);

#endif
