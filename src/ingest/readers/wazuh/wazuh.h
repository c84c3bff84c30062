/* Inside of the Wazuh SCA reader: groups of documents that become one scan each.
 * What:   wazuh.c splits the input into JSON documents and hands each to the file of its shape
 *         (event, alert, api, state); these find the group with wazuh_scans_get() and add to it;
 *         wazuh_scans_finish() makes the scans. Not for use outside the reader.
 * Owner:  everything kept lives in the arena of the file; no json_t is kept.
 * Units:  times in seconds UTC.
 * Errors: the take functions return 0, or -1 with the diag set for what rejects the whole file.
 * See:    doc/formats/wazuh-sca.md */
#ifndef INGEST_READERS_WAZUH_WAZUH_H
#define INGEST_READERS_WAZUH_WAZUH_H

#include <jansson.h>

#include "base/buf.h"
#include "base/map.h"
#include "ingest/format.h"

enum wazuh_shape {
    WAZUH_EVENT, /* what an agent sends: full dumps and changes */
    WAZUH_ALERT, /* alerts.json: changes only */
    WAZUH_API,   /* a page of the manager's API: the current state */
    WAZUH_STATE  /* state documents of 5.x: the current state of single checks */
};

/* What a summary says; -1 = not said. */
struct wazuh_summary {
    bool seen;
    int64_t passed, failed, invalid, total;
    double score; /* < 0 = not said */
};

/* One scan in the making. */
struct wazuh_group {
    enum wazuh_shape shape;
    struct scan_asset asset;
    struct str agent_id, agent_version;
    struct str policy_id, policy_name, version, scan_id;
    int64_t start, end;
    bool zone_assumed;
    struct wazuh_summary summary;
    int64_t expected;  /* API: total_affected_items, -1 = not said */
    struct map *index; /* check id -> index into checks and results */
    VEC(struct scan_check) checks;
    VEC(struct scan_result) results; /* one a check, the last one said */
    size_t n_repeated;
};

/* The reader's working state. */
struct wazuh {
    const struct ingest_context *ctx;
    struct scan_file *file;
    struct arena *a;
    struct diag *d;
    struct map *by_key;   /* group key -> struct wazuh_group */
    struct map *texts;    /* equal texts and mappings of many agents are kept once */
    struct map *mappings; /* compliance as written -> struct scan_check that has it */
    VEC(struct wazuh_group *) groups;
    struct str place; /* "line 12", for warnings; in place_text */
    char place_text[40];
    size_t n_bad, n_other;
    size_t n_alien; /* of the others: nothing that Wazuh writes */
    bool truncated;
};

/* json.c: keeps a text (valid UTF-8), equal ones once; what names it in warnings. */
struct str wazuh_json_keep(struct wazuh *w, struct str s, size_t max, const char *what);
/* Fields of any type as text (numbers printed, arrays joined, else empty), kept. */
struct str wazuh_json_text(struct wazuh *w, const json_t *v, size_t max, const char *what);
/* The same for a member of an object. */
struct str wazuh_json_get(struct wazuh *w, const json_t *object, const char *name, size_t max);
/* A whole number written as number or as string; false = neither. */
bool wazuh_json_int(const json_t *object, const char *name, int64_t *ret);
/* The time in a member, whatever its form; CLOCK_NONE = missing, or no time (warned). */
int64_t wazuh_json_time(struct wazuh *w, const json_t *object, const char *name,
                        bool *zone_assumed);
/* A number written as number or as string; false = neither. */
bool wazuh_json_number(const json_t *object, const char *name, double *ret);

/* check.c: a check object as catalogue entry and result: 1 = made, 0 = left out (warned),
 * -1 = failure. */
int wazuh_check_build(struct wazuh *w, const json_t *check, struct scan_check *c,
                      struct scan_result *r);

/* scans.c: the group of (shape, agent, policy, scan), made when it is new; NULL = the
 * policy has no name (warned) or there are too many scans (diag set): wazuh_scans_none() tells.
 * agent may be NULL; policy is what tells policies apart in this shape. */
struct wazuh_group *wazuh_scans_get(struct wazuh *w, enum wazuh_shape shape, const json_t *agent,
                                    struct str policy, struct str scan_id);
/* What a shape returns when it got no group: 0 = left out, -1 = failure. */
int wazuh_scans_none(const struct wazuh *w);
/* Adds a check object's result at a time (CLOCK_NONE = the scan's); the last of an id counts. */
int wazuh_scans_add(struct wazuh *w, struct wazuh_group *g, const json_t *check, int64_t time);
/* Takes the counts of a summary: passed/failed/invalid or pass/fail/invalid, total_checks, score.
 */
void wazuh_scans_summary(struct wazuh *w, struct wazuh_group *g, const json_t *s);
/* Makes the scans of all groups. */
int wazuh_scans_finish(struct wazuh *w);

/* Takes an agent event. */
int wazuh_event_take(struct wazuh *w, const json_t *doc);
/* Takes a line of alerts.json. */
int wazuh_alert_take(struct wazuh *w, const json_t *doc);
/* Takes a page of the API. */
int wazuh_api_take(struct wazuh *w, const json_t *doc);
/* Takes a 5.x state document. */
int wazuh_state_take(struct wazuh *w, const json_t *doc);

#endif
