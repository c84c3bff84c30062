/* Asking another program: bytes there, bytes back, in a limited time.
 * What:   "unix:PATH" connects to a socket; anything else is a command, parted at blanks, which is
 *         started without a shell and has the question as standard input. Both end when the other
 *         side closes.
 * Owner:  the answer lives in the arena of the diag.
 * Units:  bytes; seconds.
 * Errors: DIAG_UNAVAILABLE (it does not start or answer, in time), DIAG_TOO_BIG.
 * See:    doc/audit-witness.md */
#ifndef LEDGER_EXCHANGE_H
#define LEDGER_EXCHANGE_H

#include "base/diag.h"

enum { EXCHANGE_SECONDS = 30, EXCHANGE_MAX_ANSWER = 1 << 16 };

/* Sends the question, reads the answer to its end. *ret_status: exit status of a command, 0 of a
 * socket. */
int exchange(struct str whom, struct str question, struct str *ret, int *ret_status,
             struct diag *d);

#endif
