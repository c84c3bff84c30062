/* Messages as lines of JSON to anything that takes them by POST.
 * What:   one request a batch, Content-Type application/x-ndjson. Idempotency-Key is the same
 *         whenever the same lines come again; X-Assay-First, X-Assay-Last and X-Assay-Count say
 *         which they are. A status of 2xx says that all of them are there.
 * Owner, Units, Errors: those of deliver/outlet.h; a 4xx about the lines does not say which of them.
 * See:    doc/siem/webhook.md; draft-ietf-httpapi-idempotency-key-header */
#ifndef DELIVER_WEBHOOK_H
#define DELIVER_WEBHOOK_H

#include "deliver/outlet.h"

extern const struct outlet webhook_outlet, webhook_plain_outlet; /* over TLS, without */

#endif
