/* Messages as documents of Elasticsearch, by _bulk.
 * What:   a target is "HOST[:PORT]/INDEX", an index or a data stream. Documents are created under
 *         the ids of their messages: one that comes again is there once. What became of each of
 *         them stands in the answer (deliver/elastic_bulk.h).
 * Owner, Units, Errors: those of deliver/outlet.h; the failure is that of the first message that
 *         was not confirmed, and begins with its id.
 * See:    doc/siem/elastic.md */
#ifndef DELIVER_ELASTIC_H
#define DELIVER_ELASTIC_H

#include "deliver/outlet.h"

extern const struct outlet elastic_outlet, elastic_plain_outlet; /* over TLS, without */

#endif
