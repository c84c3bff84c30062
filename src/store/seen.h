/* Rows that are known to be in the database, so that they are not sent again.
 * What:   rows that never change once they are there (evidence, detail sets, groups, agents with
 *         their line), as far as this connection has put or found them. prepare.c adds to it what was
 *         committed.
 * Owner:  the store.
 * Units:  none.
 * Errors: none. Who finds that a row is missing after all forgets everything (lock.c) and prepares
 *         anew. */
#ifndef STORE_SEEN_H
#define STORE_SEEN_H

#include "store/ids.h"
#include "store/session.h"

/* What kind of row: part of its key. */
enum seen_kind { SEEN_EVIDENCE = 'e', SEEN_DETAILS = 'd', SEEN_GROUP = 'g', SEEN_AGENT = 'a' };

struct seen_key { /* the kind, then the hash or two ids of the row */
    unsigned char b[17];
};

/* Key of a row that is named by a hash. */
struct seen_key seen_key_hash(enum seen_kind kind, const struct hash16 *hash);
/* Key of a row that is named by one id or two (else 0). */
struct seen_key seen_key_ids(enum seen_kind kind, uint64_t id, uint64_t second);
/* True when that row is known to be there. */
bool seen_has(const struct store *st, const struct seen_key *key);
/* Makes room before rows are added: when there are too many, all are forgotten. */
void seen_make_room(struct store *st);
/* That row is there. */
void seen_add(struct store *st, const struct seen_key *key);
/* Forgets all. */
void seen_forget(struct store *st);

#endif
