/* What an exported event that somebody kept says about the log: the number of its record, and the
 * record's hash.
 * What:   reads one line of any encoder (audit/encode.h), of a record or of results, alone or behind
 *         a header of syslog. The formats that carry the stored bytes are asked for those.
 * Owner:  nothing is kept.
 * Units:  records from 0.
 * Errors: DIAG_BAD_DATA: the line is no exported event.
 * See:    doc/audit-record.md, "Exports"; ledger/verify_log.h (--expect) */
#ifndef AUDIT_RECALL_H
#define AUDIT_RECALL_H

#include "audit/record.h"

struct audit_recalled {
    int64_t seq;
    struct sha256_digest leaf;
};

/* Reads the line; texts of failures live in the arena of d. */
int audit_recall(struct str line, struct arena *a, struct audit_recalled *ret, struct diag *d);

#endif
