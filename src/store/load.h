/* Inside of the loading of a fleet: what its files share.
 * What:   load.c reads agents, scans, points and policies; load_evidence.c texts behind the scans;
 *         load_files.c inputs and findings about them; load_revisions.c scans that do not count.
 * Owner:  everything lives in the arena of the report.
 * Units:  none.
 * Errors: as store.h. */
#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include "store/check_facts.h"
#include "store/roster.h"
#include "store/session.h"

/* Evidence sets are named now and read when the statement is free again. */
struct load_pending {
    size_t scan;
    struct hash16 set;
    uint64_t agent_id, line_id;
    int64_t end;
    bool has_set;
};

typedef VEC(struct load_pending) load_pending_list;

struct load_version { /* a policy version of the database */
    struct str id;
    size_t n_checks;
    bool is_wanted;
};

struct load_line { /* the last line that was computed */
    const struct load_version *version;
    struct str profile;
    uint64_t id;
};

/* Files of scans of closed months, whose receipt is compared as that of the others. */
struct load_kept {
    VEC(struct check_file) v;
};

/* Where a row has what a point is made of. */
struct load_point_columns {
    int agent, policy, end, counts, score, flags;
};

enum load_whose { LOAD_WANTED, LOAD_OTHER, LOAD_BROKEN };

struct load_order { /* of a scan: by agent, policy and line */
    uint64_t agent_id, line_id;
    struct str policy;
    size_t scan;
};

/* A load under way: database ids -> positions in the fleet. */
struct loading {
    struct store *st;
    const struct fleet_query *q;
    struct arena *a;
    struct fleet *f;
    const struct roster *roster;
    long *places;       /* of the roster's agents in the fleet, -1 = nobody asked for it */
    struct map *groups; /* that are asked for */
    struct map *policies;
    VEC(uint64_t) ids;            /* of the fleet's policies */
    VEC(struct load_order) order; /* of the scans as they are read */
    struct loading *carries; /* whose points begin with the scans of this one; NULL = nobody's */
    struct map *wanted;      /* ids of the policies asked for */
    struct map *known;       /* ids of all -> versions */
    VEC(struct load_version) versions;
    struct load_line line;
    int month;         /* the closed one whose states stand for all older scans; 0 = none */
    struct map *lines; /* bytes of (agent id, line id): those of which a scan behind it was read */
    struct map *digests;      /* bytes of a policy's id -> its digest; with months only */
    int64_t n_of_months;      /* scans that were read of closed months */
    struct load_kept *kept;   /* their files; NULL = nobody asks */
    struct map *files;        /* hashes of the files asked for, NULL = all */
    struct map *known_agents; /* ids of those that had reported by then, NULL = all */
    struct diag *d;
};

/* What is kept of a file, by which its receipts are told. */
struct load_input {
    struct fleet_input input;
    int64_t first_scan; /* the oldest that counts, else the oldest of all; CLOCK_NONE = none */
    bool is_wanted;     /* holds a scan of the query, or of an agent of it */
    bool is_in_window;  /* may hold a scan of it */
    bool is_used;       /* was received in the window */
};

/* Position stored under an id, -1 = none. */
static inline long
load_find_id(const struct map *m, uint64_t id)
{
    return map_get_index(m, str_n((const char *)&id, sizeof id));
}

/* Position of an agent in the fleet; -1 = nobody asked for it, or there is none. */
static inline long
load_find_agent(const struct loading *l, uint64_t id)
{
    long at = roster_find_agent(l->roster, id);
    return at < 0 ? -1 : l->places[at];
}

/* Gives a statement the window of the query as its next parameters, n times. */
static inline void
load_give_window(const struct loading *l, struct stmt *s, int n)
{
    for (int i = 0; i < n; i++) {
        stmt_time(s, l->q->from);
        stmt_time(s, l->q->to);
    }
}

/* Gives it whether all agents are asked for, and which one when not, as its next parameters: (? OR agent_id = ?). The
 * server leaves out the half that says nothing: the rows of one agent are found by their key, those of all as if there
 * were no such condition. */
static inline void
load_give_agents(const struct loading *l, struct stmt *s)
{
    stmt_uint(s, l->q->agent.len == 0);
    stmt_uint(s, l->q->agent.len ? ids_agent(l->q->agent) : 0);
}

/* Gives it both, n times. */
static inline void
load_give_scope(const struct loading *l, struct stmt *s, int n)
{
    for (int i = 0; i < n; i++) {
        load_give_agents(l, s);
        load_give_window(l, s, 1);
    }
}

/* The statement of that name, or of the other one when only what was known at a time counts. */
static inline struct stmt *
load_stmt(const struct loading *l, const char *name, const char *known)
{
    return stmt_get(l->st, l->q->as_of ? known : name, l->d);
}

/* Gives a statement of what was known the time n times, when it is one. */
static inline void
load_give_known(const struct loading *l, struct stmt *s, int n)
{
    for (int i = 0; i < n && l->q->as_of; i++)
        stmt_time(s, l->q->as_of);
}

/* Whose scan a row is, and of which version. */
enum load_whose load_find_owner(struct loading *l, uint64_t agent_id, uint64_t policy_id,
                                size_t *ret_agent, const struct load_version **ret_version);
/* The position of a policy version in the fleet, added when it is new; its texts come later. */
size_t load_policy_at(struct loading *l, uint64_t id);
/* Sorts points by time, from that one on: those before it are older. A part at a time, sorting takes little memory. */
void load_sort_points(struct loading *l, size_t first);
/* Scans of one second that say different things. */
int load_revisions(struct loading *l);
/* Since when the failed checks of the scans in the list fail; behind load_evidence(). */
int load_since(struct loading *l, const load_pending_list *pending);
/* The evidence and the other details of the scans in the list. */
int load_evidence(struct loading *l, const load_pending_list *pending);
/* Which files hold a scan of the query, when it has a filter; before the two below. */
int load_files_list(struct loading *l);
/* Files received in the period. */
int load_files_inputs(struct loading *l);
/* The files of the window by the audit log; at: hash -> position in rows. */
int load_received(struct loading *l, struct load_input *rows, const struct map *at);
/* Findings about them. */
int load_files_warnings(struct loading *l);

/* What an agent is called, or its id where nobody knows it. */
struct str load_name_of(const struct loading *l, uint64_t agent_id);
/* The same of a policy. */
struct str load_policy_name_of(const struct loading *l, uint64_t policy_id);
/* As the statements of points have it. */
extern const struct load_point_columns load_point_row;
/* Adds a point of an agent and a policy by their places in the fleet. */
void load_put_point(struct loading *l, size_t agent, size_t policy, int64_t end, int64_t passed,
                    int64_t failed);
/* Adds the point of a row, which must be possible, unless nobody asked for it. */
int load_add_point(struct loading *l, const struct stmt *s, const struct load_point_columns *at);

#endif
