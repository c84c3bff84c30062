/* Legal holds: what nobody may take away until somebody releases it.
 * What:   a hold names an agent, a group, a policy, a period, a report, or several of these together; it stands in a
 *         row of the settings (hold:ID), which the audit log tells of, and stays there when it is released.
 * Owner:  the given arena.
 * Units:  seconds UTC.
 * Errors: DIAG_USAGE (nothing is named, or what nobody knows), those of store.h.
 * See:    doc/retention.md */
#ifndef JOB_HOLD_H
#define JOB_HOLD_H

#include "act/act.h"
#include "model/identity.h"
#include "store/prune.h"

struct hold {
    struct str id;
    struct str agent, group, policy, period, report; /* empty = any */
    int64_t from, to;                                /* of its scans: the period, and the one before */
    int64_t bound;                                   /* scans before it were gone when it was made */
    int64_t made, released;                          /* CLOCK_NONE = it is in force */
    struct str by, reason, released_by, released_reason;
};

typedef VEC(struct hold) hold_list;

/* All holds, the oldest first. */
int hold_load(struct act *act, struct arena *a, hold_list *ret, struct diag *d);
/* Puts h in force; its id, times and bound are set. reason and by are wanted. */
int hold_add(struct act *act, struct hold *h, struct diag *d);
/* Ends one. DIAG_USAGE: there is none of that id in force. */
int hold_release(struct act *act, struct str id, struct str by, struct str reason, struct diag *d);
/* Those in force, as the store wants them. */
int hold_resolve(struct act *act, const hold_list *l, struct arena *a, struct prune_hold **ret,
                 size_t *ret_n, struct diag *d);
/* True when the report of that id is held. */
bool hold_keeps_report(const hold_list *l, struct str report_id);
/* What it is about, for people: "agent web01, period 2026-10". */
struct str hold_text(const struct hold *h, struct arena *a);

struct hold_reader { /* what a report reads */
    const struct report_scope *scope;
    struct period period;
    bool with_inputs;
    bool only_points; /* no section but evolution: months that are closed have them */
};

/* Fails when a report would not find the scans that were there (DIAG_REFUSED, naming the record that tells of it): what
 * was pruned is never left out in silence. *ret_by_months: it has to be made of closed months. */
int hold_check_report(struct act *act, const struct hold_reader *r, bool *ret_by_months,
                      struct diag *d);

enum { HOLD_CLASSES = 3 };

struct hold_pruned { /* a class of which something was pruned */
    const char *class;
    int64_t before;
    int64_t seq; /* the last record that tells of it */
};

/* Those of scans, evidence and inputs, *ret_n of them. */
int hold_list_pruned(struct act *act, struct hold_pruned ret[HOLD_CLASSES], size_t *ret_n,
                     struct diag *d);
/* What to say of a sealed report, its folder or its manifest, whose scans were pruned since; empty = nothing. */
int hold_describe_sealed(struct act *act, const char *path, struct str *ret, struct diag *d);

#endif
