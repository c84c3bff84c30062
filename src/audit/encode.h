/* One record as one line (or frame) for a log manager.
 * What:   the one shape of an encoder: a const struct at the end of its .c, listed in encoders[].
 *         Every encoder carries every field of the record, with seq, prev and leaf, so that the
 *         receiver can find a gap by itself.
 * Owner:  appends to the caller's buf; no trailing newline.
 * Units:  bytes; max = largest message: texts of longer ones are cut before anything is counted,
 *         and say so; seq and hashes never are. JSON carries the stored bytes and is never cut.
 * Errors: none: every record can be encoded.
 * See:    RFC 5424; CEF Implementation Standard v27 (CEF:0); doc/siem/ */
#ifndef AUDIT_ENCODE_H
#define AUDIT_ENCODE_H

#include "audit/record.h"
#include "base/buf.h"
#include "model/result.h"

/* A receiver of syslog takes at least this (RFC 5424 §6.1); a smaller maximum is not served. */
enum { ENCODE_LEAST_MAX = 2048, ENCODE_DEFAULT_MAX = 8192 };

struct audit_encode_options {
    int facility;            /* syslog facility, 13 = log audit */
    struct str sd_id;        /* RFC 5424 SD-ID of records; empty = assay@32473 */
    struct str result_sd_id; /* and of results; empty = result@32473 */
    size_t max;              /* bytes of one message; 0 = 8192 */
    bool bom;                /* RFC 5424: BOM before MSG */
};

struct audit_encoder {
    const char *name;  /* "rfc5424", "cef", "ecs" … */
    const char *title; /* for --help */
    bool is_json;      /* an object with texts as they are: never cut */
    void (*encode)(const struct audit_record *r, const struct audit_encode_options *o,
                   struct arena *a, struct buf *out);
    /* What a scan brought; r is the record that says so, and lends time, host and hash. */
    void (*encode_result)(const struct audit_record *r, const struct result_event *v,
                          const struct audit_encode_options *o, struct arena *a, struct buf *out);
};

/* The header that a syslog message has in front of what another encoder writes: priority, time,
 * host, program, run, event, no structured data, and a blank. At most AUDIT_SYSLOG_HEADER bytes. */
void audit_syslog_header(const struct audit_record *r, const struct audit_encode_options *o,
                         struct buf *out);

enum { AUDIT_SYSLOG_HEADER = 600 };

/* The same in front of an event of results. */
void audit_syslog_result_header(const struct audit_record *r, const struct result_event *v,
                                const struct audit_encode_options *o, struct arena *a,
                                struct buf *out);
/* What names a record at a receiver: "ORIGIN:SEQ:LEAF", the first 16 hexadecimal digits of its hash, so that
 * a record of another history has another name; of one with has_short_uid "ORIGIN:SEQ". */
struct str audit_record_uid(const struct audit_record *r, struct arena *a);
/* All encoders, ended by NULL. */
extern const struct audit_encoder *const audit_encoders[];
/* The encoder of that name, or NULL. */
const struct audit_encoder *audit_encoder_find(struct str name);

#endif
