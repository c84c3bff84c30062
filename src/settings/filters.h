/* The words of filters, on the command line as in a definition.
 * What:   each reads one value into bits or numbers; a word that is none of the known ones is an error
 *         that names the nearest, or all of them.
 * Owner:  texts stay where they are.
 * Units:  scores in hundredths of a percent.
 * Errors: the code given, "no severity "hihg"; the nearest is "high"".
 * See:    model/filter.h, doc/reports/definitions.md */
#ifndef SETTINGS_FILTERS_H
#define SETTINGS_FILTERS_H

#include "base/diag.h"
#include "model/filter.h"

/* Adds the bit of passed, failed, skipped or waived. */
int filters_status(struct str word, enum diag_code code, unsigned *bits, struct diag *d);
/* Adds the bit of a severity. */
int filters_severity(struct str word, enum diag_code code, unsigned *bits, struct diag *d);
/* 1..18, a name of CIS Controls v8 without case, "uncategorised" or "all". */
int filters_category(struct str word, enum diag_code code, int *ret, struct diag *d);
/* A percentage of 0 to 100 with at most two decimals. */
int filters_score(struct str word, enum diag_code code, int *ret, struct diag *d);
/* Spells the filter but for the policy, which the scope names; empty when it leaves out nothing. */
struct str filters_spell(const struct report_filter *f, struct arena *a);
/* The names of the status classes, by enum status_class; NULL for CLASS_NONE. */
const char *filters_status_word(enum status_class class);

#endif
