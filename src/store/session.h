/* An open database: what all files of this room work on.
 * What:   not for use outside src/store.
 * Owner:  store_open makes it, store_close frees it.
 * Units:  none.
 * Errors: see store.h. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include "base/map.h"
#include "store/client.h"
#include "store/store.h"

struct store {
    struct arena *arena;
    struct store_config config; /* copies, database never NULL */
    MYSQL *db;
    unsigned n_connections;        /* made so far: prepared statements belong to one of them */
    struct map *stmts;             /* name -> struct stmt * */
    struct stmt *first_stmt;       /* list of all, for closing */
    struct arena *policy_arena;    /* policy.c */
    struct map *policies;          /* bytes of policy_id -> struct policy_version * */
    struct map *by_content;        /* bytes of a content hash -> struct policy_match * */
    struct seen_set *seen;         /* seen.c */
    struct detail_bases *bases;    /* that sets are written against: detail_base.c */
    int users_fd;                  /* of the embedded server, -1 = none */
    struct unsent *unsent;         /* rows of the transaction that were not sent yet; NULL = none */
    struct locks *locks;           /* lines that the transaction has locked; NULL = none */
    struct facts *facts;           /* what the transaction has touched; NULL = nothing */
    size_t facts_of;               /* the event that tells what is touched now */
    struct fact_state *fact_state; /* what the log says of the tables; NULL = not asked yet */
    uint64_t swept;                /* how often texts were swept, as far as this connection knows */
    bool knows_swept;
    bool is_unprepared; /* what was prepared may have been swept: store_prepare() */
    bool in_transaction;
    bool in_snapshot; /* of snapshot.c */
    bool is_patient;  /* long statements run */
    bool has_late;    /* deltas may have to be merged again: see late.c */
    bool is_in_doubt; /* the last COMMIT was sent, and no answer said that it is done */
    bool is_broken;   /* the server rolled the transaction back: only rollback helps */
    bool is_lost; /* the connection is gone: the next statement outside of both reconnects */
    size_t packet;  /* the largest statement that the server takes */
    unsigned error; /* the last one that server or library told; 0 = none since connecting */
    struct str transport;
};

/* Runs sql/query/NAME.sql as plain text: what governs sessions and transactions, which not every
 * server takes as a prepared statement. No parameters, no rows. */
int session_run(struct store *st, const char *name, struct diag *d);
/* Sets a new connection up: a collation that all servers know, UTC, READ COMMITTED, strict mode, long lists. */
int session_settle(struct store *st, struct diag *d);

#endif
