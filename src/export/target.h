/* A target of the audit log, ready to be sent to: encoder, outlet, options, filter.
 * What:   target_find settles what the settings say, target_open connects. Nothing is sent here.
 * Owner:  target_close ends the session; texts live in the arena given to target_find. The struct
 *         stays where it is while the session is open.
 * Units:  bytes of a message.
 * Errors: DIAG_CONFIG (format, target, options or the token), and those of deliver/outlet.h;
 *         the place is the target.
 * See:    doc/man/assay.conf.5 */
#ifndef EXPORT_TARGET_H
#define EXPORT_TARGET_H

#include "audit/encode.h"
#include "deliver/outlet.h"
#include "settings/config.h"

struct target {
    const struct config *config;
    const struct config_export *e;
    struct str key; /* of its cursor, and what it is called in messages */
    const struct audit_encoder *encoder;
    const struct outlet *outlet;
    struct outlet_options options; /* without the token: target_open() reads it */
    struct str peer;
    struct str sd_id, result_sd_id; /* with the number of the site's enterprise */
    void *session;                  /* NULL = not connected */
};

/* Looks everything up; c and e stay the caller's. */
int target_find(const struct config *c, const struct config_export *e, struct arena *a,
                struct target *ret, struct diag *d);
/* What "delivered" does not mean with this target, for people; NULL = it means what it says. */
const char *target_weakness(const struct config_export *e);
/* Connects, unless it is. */
int target_open(struct target *t, struct diag *d);
/* Ends the session, if there is one. */
void target_close(struct target *t);
/* For how long the peer wants to be left alone; 0 = it did not say. Before target_close. */
int64_t target_wait_s(const struct target *t);
/* Whether a record is for this target; a is for what is forgotten afterwards. */
bool target_wants(const struct target *t, const struct audit_record *r, struct arena *a);
/* Whether what a scan brought is for this target. */
bool target_wants_result(const struct target *t, const struct result_event *v, struct arena *a);
/* The event of results as the target takes it, appended to out; r is the record it comes with. */
void target_encode_result(const struct target *t, const struct audit_record *r,
                          const struct result_event *v, struct arena *a, struct buf *out);
/* The record as the target takes it, appended to out. */
void target_encode(const struct target *t, const struct audit_record *r, struct arena *a,
                   struct buf *out);

#endif
