/* RELP, the Reliable Event Logging Protocol: syslog messages, each confirmed by the receiver.
 * What:   frames "TXNR COMMAND LENGTH[ DATA]\n"; the receiver answers every one, in order. At most
 *         RELP_WINDOW messages wait for their answer.
 * Owner, Units, Errors: those of deliver/outlet.h.
 * See:    the protocol's description, relp.md of librelp */
#ifndef DELIVER_RELP_H
#define DELIVER_RELP_H

#include "deliver/outlet.h"

enum { RELP_WINDOW = 128 };

extern const struct outlet relp_outlet, relps_outlet; /* over TCP, over TLS */

#endif
