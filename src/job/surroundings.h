/* What is around the program and can keep it from working: disks, permissions, files that lie about, the clock.
 * What:   findings for `assay doctor`, each with what to do. Nothing is changed.
 * Owner:  the given arena.
 * Units:  bytes, files, seconds.
 * Errors: none: what cannot be looked at is a finding.
 * See:    doc/man/assay-doctor.1 */
#ifndef JOB_SURROUNDINGS_H
#define JOB_SURROUNDINGS_H

#include "act/act.h"

struct surroundings_finding {
    const char *what; /* "disk", "rights", "rejected", "waiting", "clock" */
    bool is_wrong;    /* else it is worth knowing */
    struct str text;
};

typedef VEC(struct surroundings_finding) surroundings_findings;

/* Folders, keys and the spool of the settings. */
void surroundings_look(const struct config *c, struct arena *a, surroundings_findings *ret);
/* The clock of this host, against the newest record of the log and the database's clock. */
void surroundings_clock(struct act *act, struct arena *a, surroundings_findings *ret);

#endif
