/* What a peer said that should not have: quoted for people, and who says such things.
 * What:   the words of a stranger reach a terminal, a log and a report: what is not printable ASCII
 *         is written as \xNN, and only the beginning is shown.
 * Owner:  texts live in the given arena.
 * Units:  bytes.
 * Errors: none.
 * See:    RFC 8446 §6 (alerts), RFC 9112 §4, RFC 4253 §4.2; relp.md of librelp */
#ifndef DELIVER_SPOKEN_H
#define DELIVER_SPOKEN_H

#include "base/arena.h"

enum { SPOKEN_SHOWN = 64 }; /* bytes of what was said */

/* `"SSH-2.0-OpenSSH_9.2\r\n", as a server of SSH does`, or the quote alone. */
struct str spoken_quote(struct str said, struct arena *a);
/* Whether it is the beginning of a record of TLS 1.0 to 1.3. */
bool spoken_is_tls(struct str said);

#endif
