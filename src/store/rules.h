/* What a row can be: the rules that every row kept as it was written, whoever reads it.
 * What:   one function a table. A row that breaks a rule was changed behind the program's back, or
 *         the disk was: it is an error that names the row, and never a number in a report. What is
 *         possible is not yet true: that a row is the one that was stored, the audit log says.
 * Owner:  nothing is kept; texts of failures live in the arena of the diag.
 * Units:  times in seconds UTC; score in 1/100 of a percent; positions in the policy's order.
 * Errors: DIAG_BAD_DATA: the text begins with the column. The reader sets the place: rules_place().
 * See:    doc/database.md, "What is checked" */
#ifndef STORE_RULES_H
#define STORE_RULES_H

#include "store/ids.h"

struct detail_form;

enum { RULES_MOST_CHECKS = 200000 }; /* of a policy version: twice what a file may bring */

/* One row of scan. */
struct rules_scan {
    int64_t end, start, ingested; /* start: CLOCK_NONE = NULL */
    const int64_t *counts;        /* STATUS__COUNT of them */
    bool has_score;
    int64_t score;
    unsigned flags;
    size_t n_checks;    /* of its policy */
    size_t n_vec;       /* the column */
    struct str vec;     /* the column */
    bool has_said;      /* the column is not NULL */
    struct str said;    /* the column */
    bool is_all_loaded; /* false: start, ingested and said were not asked for */
};

/* The counts alone, of a scan whose vector was not loaded. */
int rules_counts(const int64_t counts[STATUS__COUNT], bool has_score, int64_t score, unsigned flags,
                 struct diag *d);
/* A row of scan: counts, score, flags, vector and times, each alone and against the others. */
int rules_scan(const struct rules_scan *r, struct diag *d);
/* The vector of a scan alone, for readers that want no more: as long as n_vec says, of a policy with
 * n_checks checks, with words that are stored. */
int rules_vector(struct str vec, size_t n_vec, size_t n_checks, struct diag *d);
/* A row of detail_set as it was written before schema 023: whole records of ascending positions, words that follow each other to the end,
 * and records that point at them. */
int rules_details(struct str records, struct str words, struct diag *d);
/* What is said of a scan with n_vec checks is said of these. */
int rules_details_of(const struct detail_form *set, size_t n_vec, struct diag *d);
/* Row number n of policy_check, of n_checks. */
int rules_order(int64_t pos, size_t n, size_t n_checks, struct diag *d);
/* check_text.severity. */
int rules_severity(int64_t severity, struct diag *d);
/* Sets the place of a failure: "scan of AGENT under POLICY (PROFILE), TIME". Always returns -1. */
int rules_place(struct str agent, struct str policy, struct str profile, int64_t at,
                struct diag *d);

#endif
