/* Sealed reports, verified, for the portal.
 * What:   every version below reports-dir that carries a signed manifest, with what `assay verify` says of it. A
 *         verdict is remembered for a week in <state-dir>/portal.verified, for as long as no file of the version,
 *         nor the trust, is another one.
 * Owner:  the given arena.
 * Units:  seconds UTC.
 * Errors: DIAG_CONFIG (trust), DIAG_CANNOT_WRITE. What is wrong with a report is its verdict.
 * See:    job/verify.h */
#ifndef JOB_PORTAL_REPORTS_H
#define JOB_PORTAL_REPORTS_H

#include "act/act.h"
#include "model/lang.h"
#include "render/portal/portal.h"
#include "sign/manifest.h"

struct portal_sealed {
    struct portal_report report;
    struct str dir; /* where it stands */
    struct manifest manifest;
};

struct portal_sealed_list {
    VEC(struct portal_sealed) v; /* the newest first */
};

/* Lists and verifies them. */
int portal_reports_load(struct act *act, const struct lang *lang, struct arena *a,
                        struct portal_sealed_list *ret, struct diag *d);
/* Whether all that a version reports is about this group as a whole, or about one agent of it: names of agents of
 * the group are the keys of the map. */
bool portal_reports_is_of(const struct portal_sealed *s, struct str group, const struct map *agents,
                          struct arena *a);

#endif
