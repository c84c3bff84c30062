/* The dataset of a report: agents, policies and packed results, as store loads and engine reads.
 * What:   one struct in memory for a whole fleet (100,000 agents x 250 checks = some 15 MB).
 *         Vectors hold 4 bits a check in the order of the policy's checks.
 * Owner:  everything lives in the arena of the report.
 * Units:  times in seconds UTC; indexes are positions in the arrays of the same struct fleet.
 * Errors: none. */
#ifndef MODEL_FLEET_H
#define MODEL_FLEET_H

#include <assert.h>

#include "base/diag.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "model/scan.h"
#include "model/standing.h"
#include "model/status.h"

#define FLEET_NONE SIZE_MAX

struct fleet_group {
    struct str name; /* "" = agents without a group */
};

/* How an agent and another could be taken for each other. */
enum fleet_namesake {
    NAMESAKE_NONE,
    NAMESAKE_ALIAS_IS_NAME, /* it gives itself the other's name as its alias */
    NAMESAKE_NAME_IS_ALIAS, /* the other gives itself its name */
    NAMESAKE_ALIAS_SHARED   /* both give themselves the same */
};

struct fleet_agent {
    struct str name, alias, os,
        address; /* alias: as it calls itself; no identity, and not matched */
    enum fleet_namesake namesake;
    struct str other;              /* the name of the namesake, of the filter or not */
    size_t group;                  /* index into groups */
    int64_t first_seen, last_seen; /* times of its first and newest scan at all, any period */
    bool is_unexpected; /* it counts only where it has a scan */
};

/* One policy version; its checks never change order once used. */
struct fleet_policy {
    struct str id, version, title;
    VEC(struct scan_check) checks;
    struct str
        category_tables; /* which tables their categories come from; empty = not known of all */
};

/* What is known of one check of a scan beside its status. */
struct fleet_detail {
    struct str native, waiver; /* the scanner's own word; empty = our status's, no waiver */
    enum severity severity;    /* SEVERITY_UNKNOWN = as the check says */
    int64_t
        since; /* failed: from when on without a break, as far as is known; CLOCK_NONE = is not */
};

/* One scan, with its results packed. */
struct fleet_scan {
    size_t agent, policy;
    struct str profile, format, engine;
    int64_t end;
    int64_t counts[STATUS__COUNT];
    const unsigned char *vec; /* (n_checks + 1) / 2 bytes, NULL = score only */
    size_t n_vec;             /* checks the vector covers (may be fewer than the policy has now) */
    bool partial, score_only, zone_assumed, end_assumed;
    bool stripped; /* its evidence and details were pruned */
    bool ahead; /* dated ahead of the clock of who received it, by more than that goes wrong */
    int64_t received;
    double reported_score; /* NaN = none */
    struct sha256_digest file_sha256;
    struct str *evidence;         /* by check position; NULL unless asked for */
    struct fleet_detail *details; /* the same */
};

/* One of several scans of an agent, policy, profile and second that say different things: those that
 * count and those that do not (doc/revisions.md). */
struct fleet_revision {
    size_t agent;
    struct str policy_id, policy_title, profile;
    int64_t end;
    unsigned number;
    enum standing standing;
    int64_t passed, failed, skipped;
    struct str file; /* the name of what it came in */
};

/* A scan's counts without its results: what evolution needs. Sorted by end, then agent. */
struct fleet_point { /* small: three years of a large fleet are millions */
    uint32_t agent, policy;
    int64_t end;
    int64_t passed, failed;
};

/* What became of a file that was received. Each counts once: a file that is late and brought another
 * result for a second that has one is RECEIPT_REVISED. */
enum fleet_receipt {
    RECEIPT_STORED,
    RECEIPT_LATE,    /* stored, with a scan dated before the period */
    RECEIPT_REVISED, /* stored, with another result for a second that had one */
    RECEIPT_KNOWN,   /* the same bytes were stored before */
    RECEIPT_REJECTED,
    RECEIPT_OUTSIDE, /* not received in the period, but holds scans of it */
    RECEIPT__COUNT
};

/* A file for the evidence annex, as often as it was received. */
struct fleet_input {
    enum fleet_receipt kind;
    struct str name, format, reason, host;
    struct str custody; /* how the file was authenticated; empty = it was not accepted */
    struct sha256_digest sha256;
    int64_t size, received;
    int64_t n_scans;
};

/* An agent that was taken out of what is expected. */
struct fleet_retired {
    struct str name, group, reason;
    int64_t from;
};

/* Files of the period of which the log has a number only, and those that are not listed. */
struct fleet_received {
    int64_t nothing;   /* valid, with nothing to store */
    int64_t unchanged; /* given again and not read */
    int64_t elsewhere; /* of agents that the query does not want */
    int64_t pruned;    /* records whose text was taken from the log: told by what is kept of the file */
};

struct fleet {
    VEC(struct fleet_group) groups;
    VEC(struct fleet_agent) agents; /* of the filter, also those without a scan in the period */
    VEC(struct fleet_retired) retired; /* of the filter, at the end of the period; they are not in agents */
    VEC(struct fleet_policy) policies;
    VEC(struct fleet_scan) scans;   /* newest of each (agent, policy) inside the period */
    VEC(struct fleet_point) points; /* scans of the window, and of each line the newest before it */
    VEC(struct fleet_revision) revisions; /* by agent, policy, time and number */
    VEC(struct fleet_input) inputs; /* files received in the period, when asked for; those outside last */
    struct fleet_received received;
    VEC(struct diag_note) warnings; /* findings stored with the scans above */
    int64_t n_changed_since; /* scans of the period that were known as of the query's time, and changed since */
};

/* What to load. */
struct fleet_query {
    int64_t from, to;         /* [from, to) by the time of the scan */
    int64_t as_of;            /* only what the log had told by then; 0 = all */
    const struct str *groups; /* names; n_groups 0 = all */
    size_t n_groups;
    struct str policy; /* policy id; empty = all */
    struct str agent;  /* name; empty = all */
    /* who is expected, as of `to`: who is on the list, and, unless only these may report, who was seen within the
     * window before */
    bool only_listed;
    int64_t window_s; /* 0 = at any time */
    const struct str *configured; /* on the list by the settings */
    size_t n_configured;
    bool compare; /* with what the audit log says: a difference is a failure */
    bool by_months; /* points are those of closed months, whose scans may be gone; else DIAG_REFUSED */
    bool with_points, with_texts, with_inputs, with_warnings;
    bool with_evidence; /* and the other details of each check */
};

/* Status of the check at position pos of a packed vector (low nibble first). */
static inline enum status
fleet_status(const struct fleet_scan *s, size_t pos)
{
    if (!s->vec || pos >= s->n_vec)
        return STATUS_NONE;
    unsigned v = s->vec[pos / 2];
    v = pos % 2 ? v >> 4 : v & 15;
    return v < STATUS__COUNT ? (enum status)v : STATUS_UNKNOWN;
}

/* Writes a status into a packed vector. */
static inline void
fleet_pack(unsigned char *vec, size_t pos, enum status st)
{
    assert(st < STATUS__COUNT);
    unsigned char *v = &vec[pos / 2];
    *v = pos % 2 ? (unsigned char)((*v & 0x0f) | (unsigned)st << 4)
                 : (unsigned char)((*v & 0xf0) | (unsigned)st);
}

#endif
