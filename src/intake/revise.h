/* Several scans of one agent, policy line and second: told when they come in, and decided by a person.
 * What:   what store_put_scan() said, as a record of the audit log and as a line for people; and
 *         what an officer says, in one transaction with its record.
 * Owner:  texts live in the given arena.
 * Units:  seconds UTC.
 * Errors: DIAG_USAGE (no such scan, or several), those of the store.
 * See:    doc/revisions.md, doc/audit-events.md, doc/man/assay-scan.1 */
#ifndef INTAKE_REVISE_H
#define INTAKE_REVISE_H

#include "act/act.h"

/* The record scan.revise: the scan s of the file came beside another one. */
struct event revise_event(const struct scan *s, const struct sha256_digest *file,
                          const struct store_outcome *o, struct arena *a);
/* The same in a line: whose, which one counts, what to do. */
struct str revise_text(const struct scan *s, const struct store_outcome *o, struct arena *a);

struct revise_request { /* a decision about one scan */
    bool accepts;       /* else it is revoked */
    struct str agent;
    int64_t end;
    unsigned revision;
    struct str policy;         /* id; empty = the agent has one policy at that second only */
    const struct str *profile; /* NULL = it has one profile only */
    struct str reason;
};

/* Decides, repairs what derives from the scan that counts, and records it. What is so already is no
 * change and leaves no record: ret->is_change. With dry_run the scan is looked for, and no more. */
int revise_decide(struct act *act, const struct revise_request *q, struct store_decided *ret,
                  struct diag *d);
/* store_list_scans(), for the command line. */
int revise_list(struct act *act, const struct store_list_query *q, store_listed_fn *each, void *ctx,
                struct diag *d);

#endif
