/* Requests and answers of Splunk's HTTP Event Collector.
 * What:   events are JSON objects one behind the other. An answer of 200 says that they look well;
 *         its ackId is asked for until the indexer has them, and only "true" says so. Answers may
 *         be any bytes.
 * Owner:  appends to the caller's buf; texts of answers live in the arena.
 * Units:  bytes, messages.
 * Errors: those of deliver/outlet.h.
 * See:    Splunk, "Troubleshoot HTTP Event Collector" (codes) and "HTTP Event Collector indexer
 *         acknowledgment"; doc/siem/splunk.md */
#ifndef DELIVER_HEC_ANSWER_H
#define DELIVER_HEC_ANSWER_H

#include "base/buf.h"
#include "deliver/outlet.h"

enum { HEC_MAX_ANSWER = 1 << 16 };

struct hec_answer {
    int64_t code;    /* of Splunk, 0 = success; -1 = the answer is none of Splunk's */
    struct str text; /* one line; empty when a secret stands in it */
    int64_t ack_id;  /* -1 = none */
    int64_t invalid; /* the first event that is not taken, from 0; -1 = it does not say */
};

/* Appends one event: with the time and the id of the message, and the message itself, as an object
 * when it is JSON, else as a text. host is where it is from. */
void hec_put(struct buf *out, const struct outlet_message *m, struct str host);
/* Reads the answer to events, or to a question for acknowledgements that was refused. */
void hec_read(struct str answer, struct str secret, struct arena *a, struct hec_answer *ret);
/* 0 when the events look well; else what Splunk has against them. */
int hec_verdict(long status, const struct hec_answer *h, struct diag *d);
/* The question whether the events of that acknowledgement are indexed. */
void hec_put_question(struct buf *out, int64_t ack_id);
/* Its answer: true when they are; false also for whatever is no such answer. */
bool hec_is_indexed(struct str answer, int64_t ack_id);

#endif
