/* First use: state folder, schema, signing key; and the state of all of it, for doctor.
 * What:   safe to repeat; makes only what is missing. The key it makes is self-signed: it shows
 *         that files were not changed, and proves nothing about who made them.
 * Owner:  texts live in the arena of the diag.
 * Units:  days (validity of the key).
 * Errors: DIAG_SCHEMA, DIAG_UNAVAILABLE, DIAG_CONFIG, DIAG_CANNOT_WRITE.
 * See:    doc/man/assay-init.1 */
#ifndef JOB_INIT_H
#define JOB_INIT_H

#include "act/act.h"
#include "job/signer.h"

struct init_summary {
    int schema_from, schema_to;
    bool made_key;
    struct sign_certificate certificate;
    bool made_log_key;   /* of the audit log's checkpoints */
    struct str log_vkey; /* what verifies them */
    struct store_advice advice; /* about the settings of the server */
    int64_t n_stale; /* checks whose categories other tables gave than those in force */
};

/* SQL that makes the roles of accounts on a server of the site's own; asks no database. */
struct str init_grants(const struct config *c, struct arena *a);
/* Makes the folders below the state directory (before the database can be opened). */
int init_folders(const struct config *c, struct diag *d);
/* Creates or upgrades the schema, makes the keys that are missing, records all of it. */
int init_run(struct act *act, struct init_summary *ret, struct diag *d);

#endif
