/* A walk over rows that are compared with their facts, or taken as they are: one row, what differs, what is missing.
 * What:   check_facts.c walks over the kinds; this is what it does with each row.
 * Owner:  whoever walks.
 * Units:  seconds UTC.
 * Errors: DIAG_VERIFY: a difference, which names what it is of and the record; as store.h. */
#ifndef STORE_CHECKING_H
#define STORE_CHECKING_H

#include "store/check_facts.h"
#include "store/fact_state.h"
#include "store/session.h"

struct day_list {
    VEC(int64_t) v; /* since 1970, in any order */
};

struct adopting {
    struct fact_pile pile;
    struct fact_buckets buckets;
};

/* A walk over rows, with the names that they do not have themselves. */
struct checking {
    struct store *st;
    struct arena *a;
    const struct roster *roster;
    struct map *policies; /* bytes of an id -> struct sha256_digest */
    struct fact_index facts;
    struct stmt *rows; /* whose rows are being fetched; NULL = none */
    const bool *scope; /* which agents of the roster count; NULL = all */
    bool is_of_one;    /* the rows of one agent are read, of agent_id */
    uint64_t agent_id;
    int64_t from, to;            /* days that count, in seconds */
    struct day_list *input_days; /* on which scans came in; NULL = nobody asks */
    struct map *files; /* hashes of those whose inputs are compared; NULL = all of their days */
    int64_t last_day;  /* noted last */
    int64_t known;     /* the last record of the time that is asked for; INT64_MAX = the newest */
    const struct fleet_query *q; /* of the report; NULL = everything is looked at */
    int64_t n_changed;           /* its scans that were told of by then, and again since */
    struct map *stood; /* bytes of the keys of those that are shown as they stood; NULL = none */
    struct adopting *adopting; /* rows are taken as they are; NULL = they are compared */
    struct facts_checked *ret;
    void (*progress)(const char *what, size_t done, size_t total);
    struct diag *d;
};

/* The statement, running; NULL with the diag set. Nothing else can be asked while its rows are being fetched. */
struct stmt *checking_run(struct checking *c, struct stmt *s);
/* Ends that, and what was said of rows before. */
void checking_stop(struct checking *c);
/* The agent is one of those that count. */
bool checking_has_agent(const struct checking *c, uint64_t agent_id);
/* So is whose fact it is, when it is of a scan, or of an input and only those of some files are compared. */
bool checking_has_fact(const struct checking *c, const struct fact_entry *e);
/* The time in the key of a scan. */
int64_t checking_time(const struct fact_entry *e);
/* The name of an agent, empty = there is none of that id. */
struct str checking_name(const struct checking *c, uint64_t agent_id);
/* Reads the facts of a bucket of a kind that has one. */
int checking_read(struct checking *c, enum fact_kind kind);
/* The row's digest against its fact; text says what it is when no fact does. */
int checking_row(struct checking *c, enum fact_kind kind, const struct fact_key *key,
                 const struct sha256_digest *digest, struct str text);
/* What the record says of the key, for people; the key itself when its text is gone. */
struct str checking_text(struct checking *c, const struct fact_entry *e);
/* Fails: the row is another one. */
int checking_differs(struct checking *c, const struct fact_entry *e);
/* Fails: there is no row. */
int checking_misses(struct checking *c, const struct fact_entry *e);
/* Closed months: rows, states and points (check_months.c). */
int check_months(struct checking *c);
/* Behind the rows of a kind, or of a part of it: facts that no row has. */
int checking_end(struct checking *c);

#endif
