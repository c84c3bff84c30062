/* Syslog over TCP and TLS, with octet counting: "LENGTH MESSAGE", nothing behind it; and, for
 * receivers that know nothing else, with a newline behind each message.
 * What:   the protocol has no answers. A batch counts as delivered when the receiver has ended the
 *         connection after we did, without an error: then it has read everything; and, a tenth of a
 *         second later, has taken part in another connection: then it lived on to write it. What it
 *         does with it is its own affair; who wants that confirmed takes RELP.
 * Owner, Units, Errors: those of deliver/outlet.h.
 * See:    RFC 5425 §4.3, RFC 6587 §3.4.1 and §3.4.2 */
#ifndef DELIVER_SYSLOG_H
#define DELIVER_SYSLOG_H

#include "deliver/outlet.h"

extern const struct outlet syslog_outlet, syslogs_outlet; /* over TCP, over TLS */
extern const struct outlet newline_outlet;                /* over TCP, ended by newlines */

#endif
