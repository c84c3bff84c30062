/* Where a report stands: each version in a folder of its own, and none over another.
 * What:   below reports-dir a version is <id>/v<version>, a further language of it <id>/v<version>.<language>, and
 *         <id>/latest is a link to the newest sealed one. A folder that was named by hand is that of one version.
 * Owner:  the given arena.
 * Units:  none.
 * Errors: DIAG_CANNOT_WRITE.
 * See:    doc/reports/versions.md */
#ifndef JOB_REPORT_PLACE_H
#define JOB_REPORT_PLACE_H

#include "base/diag.h"
#include "model/identity.h"

/* The folder of a version below reports-dir. */
struct str report_place_of(const char *reports_dir, const struct report_identity *id,
                           struct arena *a);
/* Fails when a report stands in that folder already, and says which. */
int report_place_check_free(const char *dir, struct diag *d);
/* Makes sure that nothing stands at the folder of a version that is about to be made: what is there was left by a
 * run that was killed before it recorded it, and is moved aside; of a draft, which no number tells from another,
 * *dir becomes the next name that is free. */
int report_place_make_free(struct str *dir, bool is_draft, struct arena *a, struct diag *d);
/* Turns "latest" beside that folder to it. */
int report_place_set_latest(const char *dir, struct arena *a, struct diag *d);

#endif
