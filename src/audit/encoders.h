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

/* Results in each format; lines are cut where a record's are, JSON never. */
#define ENCODE_RESULT(format)                                                                      \
    void encode_result_##format(const struct audit_record *r, const struct result_event *v,        \
                                const struct audit_encode_options *o, struct arena *a,             \
                                struct buf *out)
ENCODE_RESULT(rfc5424); /* [result@32473 …] (result_text.c) */
ENCODE_RESULT(cef);   /* cat=compliance, what has no key of its own as assay_NAME (result_text.c) */
ENCODE_RESULT(leef);  /* attributes by the names of model/result.h (result_text.c) */
ENCODE_RESULT(ecs);   /* event.kind state, all of it below assay.result (result_json.c) */
ENCODE_RESULT(ocsf);  /* Compliance Finding (2003), all of it below unmapped (result_ocsf.c) */
ENCODE_RESULT(gelf);  /* members with an underscore in front (result_json.c) */
ENCODE_RESULT(jsonl); /* members by the names of model/result.h (result_json.c) */

struct encode_person { /* who acted: who logged in when that is known, else the account */
    struct str name;
    int64_t id;
    bool is_login;   /* the account is somebody else's to name */
    struct str peer; /* address of the SSH peer; empty = none, or it is no address */
    int64_t port;
};

/* Who acted, for the fields that receivers look for a person in. */
struct encode_person encode_person_of(const struct audit_record *r);
/* A record that stands for an event of results: its name, its severity, and as its time the end of the
 * scan, for that is when it was so; where the scan has none, the record's own. */
struct audit_record encode_result_record(const struct audit_record *r, const struct result_event *v,
                                         struct arena *a);
/* A field of an event of results as a member, by its type; nothing when it is empty. */
void encode_result_put(struct json_put *j, const struct result_event *v, enum result_field f,
                       const char *key);
/* All of them by their names, and "sev". */
void encode_result_put_all(struct json_put *j, const struct result_event *v);
/* 4 or 6 when s is an address of that version of IP, else 0. */
int encode_ip_version(struct str s);
/* A member with an array of these texts, those that are not empty; nothing when all are. */
void encode_put_array(struct json_put *j, const char *key, const struct str *v, size_t n);
/* One sentence for people: "result.new: fail SSH-7408 Disable root login on srv01". */
struct str encode_result_message(const struct result_event *v, struct arena *a);
/* Priority, version, time, host, program, run and event of RFC 5424. */
void encode_syslog_start(struct buf *out, const struct audit_record *r,
                         const struct audit_encode_options *o);
/* A blank, an opening bracket and the SD-ID. */
void encode_sd_id(struct buf *out, struct str id);
/* One parameter of structured data, unless it is empty; true when it was cut to max bytes. */
bool encode_sd_param(struct buf *out, const char *name, struct str value, size_t max,
                     struct arena *a);
/* The value of an extension of CEF, escaped. */
void encode_cef_value(struct buf *out, struct str v);
/* The value of an attribute of LEEF. The delimiter was chosen to stand in no value; where each one
 * stands in some, the chosen one is written by its number. */
void encode_leef_value(struct buf *out, struct str v, char delimiter);
/* s, cut where it has more characters than ECS finds in a keyword. */
struct str encode_keyword(struct str s, struct arena *a);
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
/* A member that is an array of one text. */
void encode_put_one(struct json_put *j, const char *key, struct str value);

/* Of the schemas that kinds, and the fields of both encoders, are of. */
#define ENCODE_ECS_VERSION  "9.4.0"
#define ENCODE_OCSF_VERSION "1.8.0"

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
