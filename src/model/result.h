/* What a scan brought, as an event for a log manager: its summary, and each check that changed.
 * What:   one list of fields, so that no encoder can forget one. Every value is a text; a number is
 *         written as one, a list with "; " between. A summary has no fields of a check; an empty value says nothing.
 * Owner:  texts live in the caller's arena; they come from hosts and are hostile.
 * Units:  times ISO 8601 in UTC; score in percent; severity 0 to 10 as in events.
 * Errors: none.   See: doc/results.md */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include "base/str.h"

enum result_kind { RESULT_SCAN, RESULT_NEW, RESULT_CHANGED, RESULT_FIXED };

/* X(identifier, name, type) */
#define RESULT_FIELDS(X)                                                                           \
    X(EVENT, "event", WORDS)                                                                       \
    X(UID, "uid", WORDS)                                                                           \
    X(ORIGIN, "origin", WORDS)                                                                     \
    X(SEQ, "seq", INTEGER)                                                                         \
    X(LEAF, "leaf", WORDS)                                                                         \
    X(FINDING_UID, "finding_uid", WORDS)                                                           \
    X(AGENT, "agent", WORDS)                                                                       \
    X(ALIAS, "alias", WORDS)                                                                       \
    X(GROUP, "agent_group", WORDS)                                                                 \
    X(OS, "os", WORDS)                                                                             \
    X(ADDRESS, "address", WORDS)                                                                   \
    X(POLICY, "policy", WORDS)                                                                     \
    X(POLICY_VERSION, "policy_version", WORDS)                                                     \
    X(POLICY_TITLE, "policy_title", WORDS)                                                         \
    X(PROFILE, "profile", WORDS)                                                                   \
    X(ENGINE, "engine", WORDS)                                                                     \
    X(FORMAT, "format", WORDS)                                                                     \
    X(SCANNED, "scanned_at", WORDS)                                                                \
    X(STARTED, "started_at", WORDS)                                                                \
    X(INGESTED, "ingested_at", WORDS)                                                              \
    X(MARKS, "marks", WORDS)                                                                       \
    X(FILE, "file_sha256", WORDS)                                                                  \
    X(N_PASS, "n_pass", INTEGER)                                                                   \
    X(N_FIXED, "n_fixed", INTEGER)                                                                 \
    X(N_FAIL, "n_fail", INTEGER)                                                                   \
    X(N_ERROR, "n_error", INTEGER)                                                                 \
    X(N_UNKNOWN, "n_unknown", INTEGER)                                                             \
    X(N_NOTCHECKED, "n_notchecked", INTEGER)                                                       \
    X(N_NOTAPPLICABLE, "n_notapplicable", INTEGER)                                                 \
    X(N_INFORMATIONAL, "n_informational", INTEGER)                                                 \
    X(N_NOTSELECTED, "n_notselected", INTEGER)                                                     \
    X(N_WAIVED, "n_waived", INTEGER)                                                               \
    X(SCORE, "score", DECIMAL)                                                                     \
    X(REPORTED, "reported_score", DECIMAL)                                                         \
    X(N_EVENTS, "n_events", INTEGER)                                                               \
    X(CHECK, "check_id", WORDS)                                                                    \
    X(CHECK_KEY, "check_key", WORDS)                                                               \
    X(TITLE, "title", WORDS)                                                                       \
    X(CATEGORY, "category", WORDS)                                                                 \
    X(SEVERITY, "finding_severity", WORDS)                                                         \
    X(OLD, "old_status", WORDS)                                                                    \
    X(STATUS, "status", WORDS)                                                                     \
    X(NATIVE, "native", WORDS)                                                                     \
    X(SINCE, "since", WORDS)                                                                       \
    X(FIRST_SEEN, "first_seen", WORDS)                                                             \
    X(WAIVER, "waiver", WORDS)                                                                     \
    X(EVIDENCE, "evidence", WORDS)                                                                 \
    X(REMEDIATION, "remediation", WORDS)                                                           \
    X(MAPPINGS, "mappings", LIST)

#define RESULT_NAME_OF_(id, name, type) RESULT_##id##_FIELD,
enum result_field { RESULT_FIELDS(RESULT_NAME_OF_) RESULT_FIELD__COUNT };
#undef RESULT_NAME_OF_

/* What a field holds: always the same, so that no receiver finds two types under one name. */
enum result_type {
    RESULT_WORDS,
    RESULT_INTEGER,
    RESULT_DECIMAL, /* written with a fraction, also where that is zero */
    RESULT_LIST     /* texts, parted by "; ": an array in formats that have such */
};

/* The text of a field, e.g. RESULT_TEXT(v, AGENT). */
#define RESULT_TEXT(v, id) ((v)->text[RESULT_##id##_FIELD])

struct result_event {
    enum result_kind kind;
    int severity; /* 0 to 10 */
    int weight;   /* what min-severity asks: of result.fixed the severity of what is fixed */
    struct str text[RESULT_FIELD__COUNT];
};

/* The name of a field, lower case with underscores, as every format has it. */
const char *result_field_name(enum result_field f);
/* What it holds. */
enum result_type result_field_type(enum result_field f);
/* "result.scan", "result.new", "result.changed" or "result.fixed". */
const char *result_event_name(enum result_kind k);

#endif
