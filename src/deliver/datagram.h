/* Syslog over UDP: a message a datagram, and no word of what became of it.
 * What:   what is longer than DATAGRAM_MAX is cut at a character. A datagram counts as delivered
 *         when it has left and nobody has said that there is no one: that is all that can be known.
 *         Between datagrams is a pause, so that a receiver's buffer takes them.
 * Owner, Units, Errors: those of deliver/outlet.h.
 * See:    RFC 5426 §3.2 (sizes: 480 must be taken, 2048 should) */
#ifndef DELIVER_DATAGRAM_H
#define DELIVER_DATAGRAM_H

#include "deliver/outlet.h"

enum { DATAGRAM_MAX = 2048 };

extern const struct outlet udp_outlet;

#endif
