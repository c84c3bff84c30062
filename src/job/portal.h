/* The portal: a site of files that any web server serves, made anew from what is stored.
 * What:   writes portal-dir: fleet/ about all agents, and groups/<slug>/ about each group, each a whole site of its
 *         own that names no agent of another group. Only what changed is written: all under temporary
 *         names first, then renamed in one go, first pages last; what is not part of the site any more is taken
 *         away at the end. Agents are loaded in portions. The act is an audit record (portal.build).
 * Owner:  texts of the summary live in the arena of the diag.
 * Units:  files, bytes.
 * Errors: DIAG_CONFIG: no portal-dir, or a folder that holds something else; DIAG_BUSY: another process is at it;
 *         DIAG_CANNOT_WRITE; those of the store and of the signer.
 * See:    doc/portal.md, doc/man/assay-portal.1, doc/decisions/0037-portal.md */
#ifndef JOB_PORTAL_H
#define JOB_PORTAL_H

#include "act/act.h"

struct portal_summary {
    size_t n_agents, n_groups, n_checks, n_reports;
    int64_t n_files, n_written, n_removed; /* dry run: that would be */
    struct str manifest_hex;               /* of the site about all agents */
};

/* Makes the portal as of now. */
int portal_build(struct act *act, struct portal_summary *ret, struct diag *d);

#endif
