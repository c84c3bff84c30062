/* Several scans of one agent, policy line and second: told when they come in, and decided by a person.
 * What:   what store_put_scan() said, as a record of the audit log and as a line for people.
 * Owner:  texts live in the given arena.
 * Units:  seconds UTC.
 * Errors: none.
 * See:    doc/revisions.md, doc/audit-events.md */
#ifndef INTAKE_REVISE_H
#define INTAKE_REVISE_H

#include "act/act.h"

/* The record scan.revise: the scan s of the file came beside another one. */
struct event revise_event(const struct scan *s, const struct sha256_digest *file,
                          const struct store_outcome *o, struct arena *a);
/* The same in a line: whose, which one counts, what to do. */
struct str revise_text(const struct scan *s, const struct store_outcome *o, struct arena *a);

#endif
