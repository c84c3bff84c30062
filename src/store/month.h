/* Months that are closed: what each line was at their end, proven by the audit log.
 * What:   month_state has a row for a line and a month in which it has scans: the newest of them, in numbers. Sixteen
 *         chunks of agents have a row of month_close for each month that is over and was closed: a digest of the
 *         states in force, and of the points of its scans. That row is a fact. month_close.c makes them and
 *         takes away what is not true any more; a report reads them here in the place of all older scans.
 * Owner:  the given arena.
 * Units:  months are year * 100 + month, of UTC; times are seconds UTC.
 * Errors: DIAG_VERIFY: what is there is not what the log says; as store.h.
 * See:    doc/decisions/0030-months.md, sql/schema/019-months.sql */
#ifndef STORE_MONTH_H
#define STORE_MONTH_H

#include "store/fact_index.h"
#include "store/facts.h"
#include "store/scan_row.h"

struct stmt;

enum {
    MONTH_CHUNKS = 16,
    MONTH_NONE = 999999, /* behind every month */
    MONTH_FIRST = 200001 /* all that is dated before it is of it */
};

struct month_state { /* a row of the table, without what places it */
    uint64_t agent_id, line_id, policy_id;
    int month, next_month;
    int64_t scanned_at;
    int64_t counts[SCAN_ROW_COUNTS]; /* in the order of the columns */
    int64_t score;                   /* -1 = NULL */
    int64_t flags;
    int64_t n_scans;
    struct sha256_digest scan;
};

struct month_close { /* of a chunk */
    int month, chunk;
    int64_t n_states, n_scans;
    struct sha256_digest states, points;
};

/* The month that t lies in; not before MONTH_FIRST. */
int month_of(int64_t t);
/* Where it begins; MONTH_FIRST begins before all times. */
int64_t month_start(int month);
/* The next one. */
int month_after(int month);
/* The one before. */
int month_before(int month);
/* The chunk of an agent. */
int month_chunk(uint64_t agent_id);
/* The ids of a chunk. */
void month_agents(int chunk, uint64_t *ret_first, uint64_t *ret_last);

/* Key of a fact: month 4 bytes, chunk 1. */
struct fact_key month_key(int month, int chunk);
/* What the log says of a chunk that is closed. */
struct sha256_digest month_digest(const struct month_close *c);
/* Reads the row of a chunk: STMT_ROW, or STMT_END when it is not closed. */
int month_load_close(struct store *st, int month, int chunk, struct month_close *ret,
                     struct diag *d);
/* "2026-10 chunk 3" */
struct str month_text(int month, int chunk, struct arena *a);

/* Fails with code: what a table says of a chunk is not what the log says of it, in e (NULL = nothing). */
int month_not_as_told(const char *table, int month, int chunk, const struct fact_entry *e,
                      enum diag_code code, struct diag *d);

/* Begins the digest over states. */
struct sha256 *month_states_begin(void);
/* Adds the next of them, in the order of agent and line. */
void month_states_add(struct sha256 *h, const struct month_state *s);

typedef int month_each_fn(void *ctx, const struct month_state *s, struct diag *d);
/* The states of a chunk that are in force at the end of a month: each is handed over in the order of agent and line.
 * *ret: digest and number. */
int month_read_states(struct store *st, int month, int chunk, month_each_fn *each, void *ctx,
                      struct month_close *ret, struct diag *d);
/* The packed points of a chunk, and their digest in *ret. */
int month_read_points(struct store *st, int month, int chunk, struct arena *a, struct str *ret,
                      struct sha256_digest *ret_digest, struct diag *d);

/* In store_settle_facts(), when it is known which scans have changed: closes that are not true any more are taken
 * away, and told. */
int month_drop_late(struct store *st, struct diag *d);

#endif
