/* A message that a target does not take.
 * What:   first its reduced form is sent: who is who, and no text that came from elsewhere. When
 *         even that is refused, a dead letter is kept and the cursor goes on, with a record that
 *         says so. A message that the connection dies of ends in the same way; the cursor's row
 *         counts that, for whoever tries next. All need proof that the target takes anything at all: a target that refuses
 *         everything is a failure like others, and loses nobody a record.
 * Owner:  none.   Units:  none.
 * Errors: as courier.h: the target cannot be reached any more, or it takes nothing.
 * See:    doc/decisions/0009-delivery.md, "What is refused" */
#ifndef EXPORT_REFUSED_H
#define EXPORT_REFUSED_H

#include "export/courier.h"

struct refused {
    struct courier *courier;
    const struct message_mark *mark;
    const struct outlet_message *message;
};

/* It was refused, alone: why. 0 = the cursor is behind it. */
int refused_alone(const struct refused *r, const struct diag *why, struct diag *d);
/* It failed, alone, and so did what was tried before: why. Is it the message? 0 = the cursor is
 * behind it, 1 = nobody knows yet. */
int refused_suspect(const struct refused *r, const struct diag *why, struct diag *d);
/* The connection died of it before: with something else first, then with it, and after some deaths
 * without it. 0 = the cursor is behind it. */
int refused_known(const struct refused *r, struct diag *d);
/* The record itself cannot be read. */
int refused_unreadable(const struct refused *r, struct diag *d);

#endif
