/* What the encoders share, and the encoders there are; listed in encode.c.
 * What:   one const struct a format, and the two ways of writing texts that no receiver mangles.
 * Owner:  texts live in the given arena.
 * Units:  bytes.   Errors: none.   See: doc/audit-record.md, "Exports" */
#ifndef AUDIT_ENCODERS_H
#define AUDIT_ENCODERS_H

#include "audit/encode.h"
#include "base/json_put.h"

extern const struct audit_encoder rfc5424_encoder, cef_encoder, leef_encoder, ecs_encoder,
    ocsf_encoder, gelf_encoder, jsonl_encoder;

/* The maximum that holds for these options. */
size_t encode_max(const struct audit_encode_options *o);
/* value with every character that a receiver could act on or drop written as ⟨U+000A⟩: controls,
 * tabs, direction marks, and ⟨ itself, so that it can be undone. keep_line_ends leaves CR and LF to
 * the caller's escapes, and makes blanks at the ends visible, which such formats would lose. */
struct str encode_visible(struct str value, bool keep_line_ends, struct arena *a);
/* All changes in one text: `field: "old" -> "new"; secret: (changed)`. Values are JSON strings, and
 * so are field names of anything but letters, digits and _.- : no value can pretend to be a change.
 */
struct str encode_changes(const struct audit_record *r, struct arena *a);
/* s, or its beginning and a mark, in at most max bytes; a cut is noted. */
struct str encode_cut(struct str s, size_t max, struct arena *a, bool *is_cut);
/* How many bytes the stored record has, also when this is what was left of it. */
size_t encode_full_size(const struct audit_record *r);
/* A member unless its value is empty. */
void encode_put_text(struct json_put *j, const char *key, struct str value);

struct encode_kind {                     /* what sort of act an event is */
    const char *event;                   /* NULL = any other */
    const char *ecs_category, *ecs_type; /* event.category, event.type of ECS */
    int ocsf_class, ocsf_activity;       /* class_uid, activity_id of OCSF */
};

/* The kind of an event. */
const struct encode_kind *encode_kind_of(struct str event);
/* The time of a record in milliseconds since 1970; false when it holds none. */
bool encode_time_ms(struct str ts, int64_t *ret);
/* The severity, 0 to 10. */
int encode_severity(const struct audit_record *r);
/* The same as RFC 5424 §6.2.1 counts: 2 critical, 3 error, 4 warning, 5 notice, 6 informational. */
int encode_syslog_level(const struct audit_record *r);
/* One sentence for people: "report.make: hardening-monthly-2026-10". */
struct str encode_message(const struct audit_record *r, struct arena *a);
/* The changes as an array: {"field", "old", "new"}, or {"field", "changed": true} of a secret. */
void encode_put_changes(struct json_put *j, const struct audit_record *r);

#endif
