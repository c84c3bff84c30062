/* Taking old rows out of the database, within what keeps them.
 * What:   scans (with their revisions and drift), what they say of single checks, and files received; a part of them
 *         at a time, each part inside of a transaction of the caller, who records it. What is taken out stands as
 *         gone in the facts of the act. Texts that nothing names any more are swept behind it.
 * Owner:  the caller's arena.
 * Units:  seconds UTC, bytes.
 * Errors: as store.h.
 * See:    doc/retention.md, doc/decisions/0032-retention.md */
#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include "store/store.h"

/* What becomes of a scan before the bound. */
enum prune_why {
    PRUNE_GOES,
    PRUNE_NEWEST,   /* the newest of its line before the bound: what was current then, and deltas build on */
    PRUNE_FIRST,    /* the first of its line: since when a finding is there */
    PRUNE_HELD,     /* by a legal hold */
    PRUNE_EXPORTED, /* received behind what every exporter has delivered */
    PRUNE_WHY__COUNT
};

/* A legal hold. An empty list of ids means all. */
struct prune_hold {
    const uint64_t *agents, *policies; /* ids in ascending order */
    size_t n_agents, n_policies;
    bool is_of_agents, is_of_policies; /* only those of the list */
    int64_t from, to;                  /* [from, to) by the time of the scan */
};

/* Puts ids into the order that holds want. */
void prune_sort_ids(uint64_t *ids, size_t n);

struct prune_order {
    int64_t before;    /* what lies before it may go */
    int64_t delivered; /* of that, what was received before this */
    const struct prune_hold *holds;
    size_t n_holds;
    bool strips; /* takes only evidence and details from the scans, */
    int64_t from; /* and of those only from this time on: before it months are closed for ever */
    bool is_dry; /* only counts */
};

struct prune_line { /* with scans before a bound */
    uint64_t agent_id, line_id;
};

struct prune_count {
    int64_t n;              /* scans, files */
    int64_t n_more;         /* revisions beside them */
    int64_t n_bytes;        /* about */
    int64_t oldest, newest; /* of them; CLOCK_NONE = none */
    int64_t kept[PRUNE_WHY__COUNT];
};

/* Adds what was counted to a sum. */
void prune_count_add(struct prune_count *sum, const struct prune_count *v);

/* Lines that have more than one scan before the bound, and one at `since` or later. */
int prune_list_lines(struct store *st, int64_t since, int64_t before, struct arena *a,
                     struct prune_line **ret, size_t *ret_n, struct diag *d);

enum { PRUNE_PART = 500 }; /* rows of an act, about */

/* Takes scans of the lines out, or only their details, until PRUNE_PART of them are gone; *ret_done is the number of
 * lines that need no further look. Inside a transaction unless it only counts. */
int prune_scans(struct store *st, const struct prune_order *o, const struct prune_line *lines,
                size_t n, struct prune_count *ret, size_t *ret_done, struct diag *d);
/* Takes files received before the bound out of the list of inputs, those that no scan names, behind *at (begin with
 * zeros), until PRUNE_PART were looked at; *at.received is CLOCK_NONE when there are no more. */
struct prune_place {
    int64_t received;
    struct sha256_digest sha256;
};
int prune_inputs(struct store *st, const struct prune_order *o, struct prune_place *at,
                 struct prune_count *ret, struct diag *d);
/* True when a scan that a hold protects came in the file of that hash. */
int prune_is_file_held(struct store *st, const struct prune_order *o,
                       const struct sha256_digest *file, bool *ret, struct diag *d);

/* ---- sweeping: detail sets and evidence that nothing names any more ---- */

struct prune_sweep {
    char kind;                /* 'd' detail sets that no scan names, 'e' evidence that no set names */
    unsigned char behind[16]; /* the hash that was looked at last; begin with zeros */
    bool is_over;             /* the table is at its end */
    int64_t seq;              /* records of the log when it was looked */
    size_t n, at;             /* rows that nothing names, and how many of them are done */
    unsigned char *hashes;    /* theirs, and behind them a byte each: it is named after all */
};

/* Looks at the next some hundred thousand rows, in a snapshot. Outside of a transaction. */
int prune_find_garbage(struct store *st, struct prune_sweep *s, struct arena *a, struct diag *d);
/* Removes PRUNE_PART of them from s->at on, but for those that a scan names which was stored since. Inside a transaction;
 * locks the log. Who calls moves s->at on behind COMMIT. */
int prune_drop_garbage(struct store *st, struct prune_sweep *s, struct prune_count *ret,
                       struct diag *d);

/* ---- what was pruned ---- */

/* Rows of a class ("scans", "evidence", "inputs") before this time are gone, but for those that are kept;
 * CLOCK_NONE = none are. */
int prune_load_bound(struct store *st, const char *class, int64_t *ret, struct diag *d);
/* Scans before this time are not stored any more, and nothing is decided about them: of their months nothing is left but
 * what was written down when these were closed. CLOCK_NONE = there are no such months. */
int prune_load_closed(struct store *st, int64_t *ret, struct diag *d);
/* The last time from which on a month is not closed, before `until`; else until. */
int prune_find_open_month(struct store *st, int64_t until, int64_t *ret, struct diag *d);

/* ---- what keeps scans ---- */

/* When the first record was written that a target has not got, of all targets that got something since that time, or
 * never did; CLOCK_NONE = all have everything. *ret_target: whose it is. */
int prune_find_undelivered(struct store *st, int64_t since, struct arena *a, struct str *ret_target,
                           int64_t *ret_at, struct diag *d);
/* Ids of agents that are, or ever were, in a group. */
int prune_group_agents(struct store *st, struct str group, struct arena *a, uint64_t **ret,
                       size_t *ret_n, struct diag *d);
/* Settings whose names begin with a prefix that ends with ':', by name. */
struct prune_setting {
    struct str name, value;
};
int prune_load_settings(struct store *st, struct str prefix, struct arena *a,
                        struct prune_setting **ret, size_t *ret_n, struct diag *d);
/* The number of the record that told of a setting's value; -1 = none. */
int prune_find_record(struct store *st, struct str setting, int64_t *ret, struct diag *d);

#endif
