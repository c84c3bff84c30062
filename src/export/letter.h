/* The cursor moved behind a message that did not arrive as it is, and the books of that.
 * What:   the cursor's move, the letter that deadletter.h sends again and the record in the log are
 *         one transaction: no message is passed over without being told.
 * Owner:  none.   Units: none.
 * Errors: those of cursor.h.
 * See:    doc/audit-events.md, export.deadletter and export.reduce */
#ifndef EXPORT_LETTER_H
#define EXPORT_LETTER_H

#include "export/cursor.h"

enum letter_kind {
    LETTER_REFUSED,   /* nothing of it arrived */
    LETTER_REDUCED,   /* its reduced form did */
    LETTER_UNREADABLE /* there is nothing to send */
};

/* Moves the cursor behind the message and writes why it did not arrive. */
int letter_put(struct cursor *c, const struct message_mark *m, enum letter_kind kind,
               struct str reason, struct diag *d);

#endif
