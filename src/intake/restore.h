/* Facts put back from the file that they came from.
 * What:   of a file of which the audit log says that it was stored, every scan is compared with its row; a
 *         row that is missing or another one is written anew, under the same agent, time and hour of
 *         receipt, with the texts, evidence and names that belong to it. The act has a record.
 * Owner:  texts of refusals live in the arena of the diag.
 * Units:  counts of files and scans.
 * Errors: as intake/intake.h. Refused (rejected in the summary): a file that the log does not know, one with
 *         deltas, and a scan of which the log cannot tell whether it was stored.
 * See:    doc/database.md, "What is checked"; doc/man/assay-ingest.1 */
#ifndef INTAKE_RESTORE_H
#define INTAKE_RESTORE_H

#include "intake/batch.h"
#include "intake/intake.h"

/* Puts back what the parsed files of a batch say. */
int restore_batch(struct act *act, struct batch *b, struct intake_summary *sum, struct diag *d);

#endif
