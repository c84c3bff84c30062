/* One site of the portal: about all agents, or about a group.
 * What:   puts all its pages but those of single agents: pages of checks, data, drawings, reports, lists, the first
 *         page last, and the signed state over all of them.
 * Owner:  the given arena.
 * Units:  none.
 * Errors: as portal.h. */
#ifndef JOB_PORTAL_SITE_H
#define JOB_PORTAL_SITE_H

#include "job/portal_data.h"
#include "job/portal_place.h"
#include "job/portal_reports.h"
#include "sign/sign.h"

struct portal_making { /* what all sites are made with */
    struct portal_data *data;
    struct portal_place *place;
    struct portal_sealed_list *reports;
    const struct sign_signer *signer; /* NULL = the state is not signed */
    struct str checkpoint;            /* of the audit log; empty = none */
    struct str audit_hash_hex;
};

/* The folder of a group's site, below the portal. */
struct str portal_site_of_group(struct arena *a, struct str group);
/* Puts the site into its folder. group: position in the fleet, FLEET_NONE = all agents. *ret_manifest_hex: the hash
 * of its manifest. */
int portal_site_put(const struct portal_making *m, const struct portal_site *site, struct str folder,
                    size_t group, struct arena *a, struct str *ret_manifest_hex, struct diag *d);

#endif
