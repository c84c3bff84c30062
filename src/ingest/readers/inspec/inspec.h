/* InSpec results in the making; shared by inspec.c, control.c and
 * tags.c.
 * What:   a control can stand in several profiles of a file: an overlay changes its impact and
 *         tags, the profile it is built on holds the results. Each appearance is kept until all
 *         profiles are known, then they become one check.
 * Owner:  everything lives in the arena of the file.
 * Units:  impact 0 to 1.
 * Errors: those of build.h.
 * See:    doc/formats/inspec.md; the rules are those of MITRE's Heimdall Data Format */
#ifndef INGEST_READERS_INSPEC_INSPEC_H
#define INGEST_READERS_INSPEC_INSPEC_H

#include "ingest/build.h"
#include "ingest/json_reader.h"

/* A control as one profile has it. */
struct inspec_control {
    struct str id;
    size_t profile; /* its position in the file */
    double impact;  /* negative = not said */
    struct scan_check check;
    struct str evidence; /* of the results, one a line */
    size_t n_results, n_errors, n_failed, n_passed, n_odd;
    struct str odd; /* the first status that is no word of InSpec, when n_odd */
    bool is_waived;
    struct str waiver;
    int64_t first, last; /* times of the results */
    bool zone_assumed;
};

/* Texts, severity, tags and references of a control; check->id is set, impact as above. */
void inspec_tags_take(struct ingest_reader *r, const json_t *v, double impact,
                      struct scan_check *check);
/* Takes what is needed of a control. */
void inspec_control_take(struct ingest_reader *r, const json_t *v, struct inspec_control *ret);
/* What the appearances of a control (n > 0, the outermost profile first) amount to: the check, and
 * its one result. */
int inspec_control_add(struct build *b, struct inspec_control *const *all, size_t n);

#endif
