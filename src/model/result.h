/* What a scan brought, as an event for a log manager: its summary, and each check that changed.
 * What:   one list of fields, so that no encoder can forget one. Every value is a text; a number is
 *         written as one. A summary has no fields of a check; an empty value says nothing.
 * Owner:  texts live in the caller's arena; they come from hosts and are hostile.
 * Units:  times ISO 8601 in UTC; score in percent; severity 0 to 10 as in events.
 * Errors: none.   See: doc/results.md */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include "base/str.h"

enum result_kind { RESULT_SCAN, RESULT_NEW, RESULT_CHANGED, RESULT_FIXED };

/* X(identifier, name, is it a number) */
#define RESULT_FIELDS(X)                                                                           \
    X(EVENT, "event", 0)                                                                           \
    X(UID, "uid", 0)                                                                               \
    X(ORIGIN, "origin", 0)                                                                         \
    X(SEQ, "seq", 1)                                                                               \
    X(LEAF, "leaf", 0)                                                                             \
    X(FINDING_UID, "finding_uid", 0)                                                               \
    X(AGENT, "agent", 0)                                                                           \
    X(ALIAS, "alias", 0)                                                                           \
    X(GROUP, "agent_group", 0)                                                                     \
    X(OS, "os", 0)                                                                                 \
    X(ADDRESS, "address", 0)                                                                       \
    X(POLICY, "policy", 0)                                                                         \
    X(POLICY_VERSION, "policy_version", 0)                                                         \
    X(POLICY_TITLE, "policy_title", 0)                                                             \
    X(PROFILE, "profile", 0)                                                                       \
    X(ENGINE, "engine", 0)                                                                         \
    X(FORMAT, "format", 0)                                                                         \
    X(SCANNED, "scanned_at", 0)                                                                    \
    X(STARTED, "started_at", 0)                                                                    \
    X(INGESTED, "ingested_at", 0)                                                                  \
    X(MARKS, "marks", 0)                                                                           \
    X(FILE, "file_sha256", 0)                                                                      \
    X(N_PASS, "n_pass", 1)                                                                         \
    X(N_FIXED, "n_fixed", 1)                                                                       \
    X(N_FAIL, "n_fail", 1)                                                                         \
    X(N_ERROR, "n_error", 1)                                                                       \
    X(N_UNKNOWN, "n_unknown", 1)                                                                   \
    X(N_NOTCHECKED, "n_notchecked", 1)                                                             \
    X(N_NOTAPPLICABLE, "n_notapplicable", 1)                                                       \
    X(N_INFORMATIONAL, "n_informational", 1)                                                       \
    X(N_NOTSELECTED, "n_notselected", 1)                                                           \
    X(N_WAIVED, "n_waived", 1)                                                                     \
    X(SCORE, "score", 1)                                                                           \
    X(REPORTED, "reported_score", 1)                                                               \
    X(CHECK, "check_id", 0)                                                                        \
    X(CHECK_KEY, "check_key", 0)                                                                   \
    X(TITLE, "title", 0)                                                                           \
    X(CATEGORY, "category", 0)                                                                     \
    X(SEVERITY, "finding_severity", 0)                                                             \
    X(OLD, "old_status", 0)                                                                        \
    X(STATUS, "status", 0)                                                                         \
    X(NATIVE, "native", 0)                                                                         \
    X(SINCE, "since", 0)                                                                           \
    X(WAIVER, "waiver", 0)                                                                         \
    X(EVIDENCE, "evidence", 0)                                                                     \
    X(REMEDIATION, "remediation", 0)                                                               \
    X(MAPPINGS, "mappings", 0)

#define RESULT_NAME_OF_(id, name, is_number) RESULT_##id##_FIELD,
enum result_field { RESULT_FIELDS(RESULT_NAME_OF_) RESULT_FIELD__COUNT };
#undef RESULT_NAME_OF_

/* The text of a field, e.g. RESULT_TEXT(v, AGENT). */
#define RESULT_TEXT(v, id) ((v)->text[RESULT_##id##_FIELD])

struct result_event {
    enum result_kind kind;
    int severity; /* 0 to 10 */
    struct str text[RESULT_FIELD__COUNT];
};

/* The name of a field, lower case with underscores, as every format has it. */
const char *result_field_name(enum result_field f);
/* Whether it is a number. */
bool result_field_is_number(enum result_field f);
/* "result.scan", "result.new", "result.changed" or "result.fixed". */
const char *result_event_name(enum result_kind k);

#endif
