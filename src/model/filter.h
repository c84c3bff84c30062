/* What a report leaves out, beside groups and agent: a part of its scope.
 * What:   agents by operating system and score, scans by policy; and which checks its lists of checks
 *         have, by status, severity and category. Numbers of a report are about the agents that are
 *         left; lists of checks narrow no number.
 * Owner:  the arena of the report.
 * Units:  scores in hundredths of a percent.
 * Errors: none.   See: doc/reports/definitions.md, settings/filters.h */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include "base/vec.h"
#include "model/status.h"

/* Beside the numbers 1..18 of CIS Controls v8. */
enum { CATEGORY_ALL = 0, CATEGORY_EACH = -1, CATEGORY_WITHOUT = -2 };

struct report_filter {
    VEC(struct str) os;          /* patterns, without case; none = all */
    struct str policy;           /* id; empty = all */
    int score_from, score_below; /* from <= score < below; -1 = not asked for */
    unsigned statuses;           /* bits 1 << enum status_class; 0 = as the definition says */
    unsigned severities;         /* bits 1 << enum severity; 0 = as the definition says */
    VEC(struct str) tags;        /* patterns of tags (engine/tag.h); none = as the definition says */
    int category;                /* CATEGORY_ALL = as the definition says */
    struct str words; /* all but the policy, always spelled alike: "os=Debian*;severity=high"; empty = nothing */
};

#endif
