/* Messages as events of Splunk's HTTP Event Collector.
 * What:   a status of 200 is no delivery there: it says that the events look well. They are sent
 *         under a channel of our own, and count as delivered when the indexer has acknowledged
 *         them; what it does not within options.ack_s is to be sent again. A token without
 *         acknowledgement is taken only with options.ack_less: then 200 has to do.
 * Owner, Units, Errors: those of deliver/outlet.h; Splunk names the event it refuses, and what was
 *         before it is sent again and confirmed first.
 * See:    doc/siem/splunk.md; deliver/hec_answer.h */
#ifndef DELIVER_HEC_H
#define DELIVER_HEC_H

#include "deliver/outlet.h"

extern const struct outlet splunk_outlet, splunk_plain_outlet; /* over TLS, without */

#endif
