/* Inside of the room: the connection and what is shared by its files.
 * What:   not for use outside src/store.
 * Owner:  store_open makes it, store_close frees it.
 * Units:  ids are the first 63 bits of a SHA-256 over what they name, so that no look-up is needed.
 * Errors: see store.h. */
#ifndef STORE_INNER_H
#define STORE_INNER_H

#include <mysql.h>

#include "base/buf.h"
#include "base/map.h"
#include "store/store.h"

struct hash16 { /* the first 16 bytes of a SHA-256 */
    unsigned char b[16];
};

/* A policy version as stored: the order of its checks never changes. */
struct store_policy {
    uint64_t policy_id;
    struct str id, version, title;
    struct hash16 *checks;     /* name of the check (hash of its key or id) by position */
    struct hash16 *texts;      /* its texts by position */
    enum severity *severities; /* what these say */
    size_t n;
    struct map *pos; /* bytes of the check's hash -> position */
    size_t *sorted;  /* the positions in the order of the hashes (fold_sort) */
};

/* Where the checks of a catalogue stand in the policy version that its scans are stored under. */
struct store_match {
    struct store_policy *policy;
    size_t *pos; /* by index of the scan's check */
    size_t n;
};

struct store {
    struct arena *arena;
    struct store_config config; /* copies, database never NULL */
    MYSQL *db;
    struct map *stmts;       /* name -> struct stmt * */
    struct stmt *first_stmt; /* list of all, for closing */
    struct map *policies;    /* bytes of policy_id -> struct store_policy * */
    struct map *by_content;  /* bytes of a content hash -> struct store_match * */
    struct arena *seen_arena;
    struct map *seen;    /* rows known to be there: see prepare.c */
    int users_fd;        /* of the embedded server, -1 = none */
    struct held *held;   /* rows of the transaction that were not sent yet; NULL = none */
    struct locks *locks; /* lines that the transaction has locked; NULL = none */
    bool in_transaction;
    bool has_late;  /* deltas may have to be merged again: see late.c */
    bool is_broken; /* the server rolled the transaction back: only rollback helps */
    bool is_lost;   /* the connection is gone: the next begin connects anew */
    unsigned
        error; /* the last one that the server or the library told; 0 = none since connecting */
    struct str transport;
};

/* The next statement of a file of sql/schema goes into sql, without its ';': lines that are comments
 * go, a statement ends with ';' at the end of a line. False = there is none; what is left then stands
 * in sql. */
bool store_next_statement(struct str *rest, struct buf *sql);
/* First 63 bits of the SHA-256 over the fields, never 0. */
uint64_t store_id(const struct str *fields, size_t n);
/* First 16 bytes of the SHA-256 of s. */
struct hash16 store_hash16(struct str s);
/* A str of the bytes of an object, for use as a key (copied into the arena). */
struct str store_key(struct arena *a, const void *p, size_t n);
/* The diag of what the server said; always -1. Remembers when the transaction or the connection
 * went with it. */
int store_fail(struct store *st, unsigned code, const char *text, const char *what, struct diag *d);
/* Before a statement: a connection that was lost comes back, but never in the middle of a
 * transaction, whose first half would be missing. */
int store_ready(struct store *st, struct diag *d);
/* s repaired and at most max bytes; a cut is shown by "…". */
struct str store_fit(struct arena *a, struct str s, size_t max);
/* True when the row of that kind and hash is known to be there (prepare.c). */
bool store_has_seen(const struct store *st, char kind, const struct hash16 *hash);
/* Forgets which rows are known to be there. */
void store_forget(struct store *st);
/* The agent's and the policy line's ids of a scan. */
uint64_t store_agent_id(struct str name);
/* (policy id, profile): what is current per agent. */
uint64_t store_line_id(const struct scan_policy *p);
/* Group id. */
uint64_t store_group_id(struct str name);
/* The policy version of a scan, after store_prepare; NULL with the diag set (DIAG_RETRY). */
const struct store_match *store_policy_of(struct store *st, const struct scan *s, struct diag *d);
/* Where each check of a scan, or of a part of one, stands in a policy version: by its id, else by the
 * name that it has across versions; SIZE_MAX = nowhere. */
size_t *store_positions(const struct store_policy *p, const struct scan *s, struct arena *a);
/* The policy version of that id, loaded when needed. */
struct store_policy *store_policy_load(struct store *st, uint64_t policy_id, struct diag *d);
/* Makes sure the policy version of a scan exists, and returns it; NULL with the diag set. Outside a
 * transaction. */
const struct store_match *store_put_policy(struct store *st, const struct scan *s, struct diag *d);
/* The checks of a policy version in its order, with their long texts and mappings if wanted. */
int store_policy_checks(struct store *st, uint64_t policy_id, bool with_texts, struct arena *a,
                        struct scan_check **ret, size_t *ret_n, struct diag *d);

#endif
