/* Rows that are known to be in the database, so that they are not sent again.
 * What:   rows that never change once they are there (evidence, detail sets, groups, agents with
 *         their line), as far as this connection has put or found them. prepare.c adds to it what was
 *         committed.
 * Owner:  the store.
 * Units:  none.
 * Errors: none: memory is bounded, see seen_add(). Who finds that a row is missing after all forgets everything (lock.c) and prepares
 *         anew. */
#ifndef STORE_SEEN_H
#define STORE_SEEN_H

#include "store/ids.h"
#include "store/session.h"

struct seen_set;

enum { SEEN_HALF = 65536 }; /* rows: 8 MB */

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
/* That row is there. The newest SEEN_HALF rows are kept, and at most as many before them; an older one is
 * only sent once more. */
void seen_add(struct store *st, const struct seen_key *key);
/* Forgets all. */
void seen_forget(struct store *st);
/* Texts were swept so often, says the head of the log, which is locked. More often than was known: what was seen, and
 * prepared, may be gone, and DIAG_RETRY. */
int seen_check_swept(struct store *st, uint64_t swept, struct diag *d);
/* An empty set in the arena, to be given back with seen_free(). */
struct seen_set *seen_new(struct arena *a);
/* Gives its memory back. */
void seen_free(struct seen_set *s);

#endif
