/* Whether a target takes anything at all, asked when it does not take one message.
 * What:   sends something that the target has already, which comes twice then, as it may: the result
 *         before this one, the record that arrived last, or one of the newest older records that are
 *         for this target. Where a result has none of them before it, the reduced form of its record
 *         has to do; a record has nothing then, because the whole one would stand beside its own
 *         reduced form, should that arrive after all.
 * Owner:  none.
 * Units:  records.
 * Errors: those of export/attempt.h.
 * See:    doc/decisions/0009-delivery.md, "What is refused" */
#ifndef EXPORT_PROOF_H
#define EXPORT_PROOF_H

#include "export/attempt.h"

/* Asks. mark is of the message in question; last_arrived the record that the target took last, -1 =
 * not known. ATTEMPT_NOTHING: there is nothing that it has already. */
enum attempt_answer proof_ask(struct attempt *t, const struct message_mark *mark,
                              int64_t last_arrived, struct diag *d);

#endif
