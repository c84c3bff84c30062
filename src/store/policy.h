/* Policy versions as they are stored.
 * What:   a version is found by its content, or made with its checks and texts; the order of its
 *         checks never changes, and gives every packed vector its meaning.
 * Owner:  the store, until policy_make_room() or policy_forget().
 * Units:  positions of checks in a version.
 * Errors: as store.h; DIAG_RETRY when a scan was not prepared. */
#ifndef STORE_POLICY_H
#define STORE_POLICY_H

#include "store/ids.h"
#include "store/session.h"
#include "store/stmt.h"

enum { POLICY_MEMORY = 32 << 20 }; /* some hundred versions of 500 checks */

struct policy_version {
    uint64_t policy_id;
    struct str id, version, title;
    struct hash16 *checks;     /* name of the check (hash of its key or id) by position */
    struct hash16 *texts;      /* its texts by position */
    enum severity *severities; /* what these say */
    size_t n;
    struct map *pos;             /* bytes of the check's hash -> position */
    size_t *sorted;              /* the positions in the order of the hashes */
    struct sha256_digest digest; /* digest_policy() */
};

struct policy_head { /* the row of a version */
    uint64_t policy_id;
    struct str id, version, title;
    struct sha256_digest content;
    size_t n; /* checks */
};

/* Where the checks of a catalogue stand in the version that its scans are stored under. */
struct policy_match {
    struct policy_version *policy;
    size_t *pos; /* by index of the scan's check */
    size_t n;
};

/* Forgets every version that is kept in memory: what was returned for them is gone. */
void policy_forget(struct store *st);
/* The same when they take more than POLICY_MEMORY bytes. Outside a transaction, before scans are prepared. */
void policy_make_room(struct store *st);
/* Makes sure that the version of a scan exists, and returns it; NULL with the diag set. Outside a
 * transaction. */
const struct policy_match *policy_put(struct store *st, const struct scan *s, struct diag *d);
/* The version of a scan for which policy_put() was called; NULL with the diag set. */
const struct policy_match *policy_of(struct store *st, const struct scan *s, struct diag *d);
/* The row of a version, whose id must be that of what it says; STMT_END = there is none. */
enum stmt_answer policy_load_head(struct store *st, uint64_t policy_id, struct arena *a,
                                  struct policy_head *ret, struct diag *d);
/* The id of a version: of its id, version and content. */
uint64_t policy_id_of(struct str id, struct str version, const struct sha256_digest *content);
/* The version of that id, loaded when needed; NULL when there is none, or with the diag set. */
struct policy_version *policy_load(struct store *st, uint64_t policy_id, struct diag *d);
/* Its checks in its order, with their long texts and mappings if wanted. All are read and compared with
 * the hashes that they are named by: DIAG_BAD_DATA when one was changed. */
int policy_load_checks(struct store *st, uint64_t policy_id, bool with_texts, struct arena *a,
                       struct scan_check **ret, size_t *ret_n, struct diag *d);
/* Takes the version of a scan out, with texts under the names that it would have now, when it is not what
 * it is named by; *ret_taken: it was. Inside a transaction. */
int policy_take_out(struct store *st, const struct scan *s, bool *ret_taken, struct diag *d);
/* Where each check of a scan, or of a part of one, stands in a version: by its id, else by the name
 * that it has across versions; SIZE_MAX = nowhere. */
size_t *policy_positions(const struct policy_version *p, const struct scan *s, struct arena *a);
/* The positions of checks in the order of their hashes, which is the same in every version. */
size_t *policy_sort(const struct hash16 *checks, size_t n, struct arena *a);

#endif
