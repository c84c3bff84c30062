/* Records that somebody read the audit log: verified it, proved a record, copied it once more.
 * What:   who looks at the log leaves a trace in it (PCI DSS 10.2.1.3). The act comes first, its
 *         record after it, in a transaction of its own. `export` that moves a cursor has records of
 *         its own (export/cursor.h); a checkpoint holds no record, only their number and root.
 * Owner:  nothing is kept.
 * Units:  records.
 * Errors: those of act_record. Callers tell of them and go on: what was found out about a log that
 *         takes no more records is worth more than the record.
 * See:    doc/audit-events.md */
#ifndef JOB_ACCESS_H
#define JOB_ACCESS_H

#include "export/export.h"
#include "ledger/publish.h"
#include "ledger/verify_log.h"

/* "audit.verify"; why: empty = all holds, else the first thing that does not hold. */
int access_note_verify(struct act *act, const struct audit_verdict *v, struct str why,
                       struct diag *d);
/* "audit.prove": the proof of a record was given away. */
int access_note_prove(struct act *act, int64_t seq, struct diag *d);
/* "audit.repeat": records were sent again, without a cursor; why: as above, of the target. */
int access_note_repeat(struct act *act, const struct config_export *e,
                       const struct export_summary *s, struct str why, struct diag *d);
/* "audit.publish": records were written into a folder; nothing written is not noted. */
int access_note_publish(struct act *act, const char *dir, const struct publish_summary *s,
                        struct diag *d);

#endif
