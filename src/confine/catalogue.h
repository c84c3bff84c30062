/* The lists of checks that parsers told before, so that the next ones need not tell them again.
 * What:   thousands of files hold the same checks with the same texts. A parser is told with its
 *         request the hashes of lists that are known, and names a list by its hash. A list is kept
 *         under the hash that its reader took of the very bytes that it was read from: who names
 *         it gets what these bytes say, and nothing that another file could have made of them.
 * Owner:  catalogues_free() frees all lists: scans that name one must be gone by then.
 * Units:  bytes.   Errors: none; a list that has no room is not kept.
 * Safe from several threads.
 * See:    doc/decisions/0007-confined-parsing.md */
#ifndef CONFINE_CATALOGUE_H
#define CONFINE_CATALOGUE_H

#include "model/scan.h"

enum { CATALOGUE_MAX = 64, CATALOGUE_BYTES = 4 << 20 /* of a list, as bytes of an answer */ };

struct catalogues;

/* Hashes of lists. */
struct catalogue_keys {
    struct sha256_digest v[CATALOGUE_MAX];
    size_t n;
};

struct catalogue {
    struct sha256_digest key;
    struct arena *arena;
    struct scan_check *checks;
    size_t n, size; /* checks; bytes that say so in an answer */
    /* What scan_catalogue_hash() says of it, for the policy it was first asked for. */
    bool has_content;
    struct str policy_id, policy_version;
    struct sha256_digest content;
};

/* No lists. */
struct catalogues *catalogues_new(void);
/* Frees them; NULL is allowed. */
void catalogues_free(struct catalogues *c);
/* Hashes of all lists. */
void catalogues_keys(struct catalogues *c, struct catalogue_keys *ret);
/* The list with that hash, or NULL. */
struct catalogue *catalogues_find(struct catalogues *c, const struct sha256_digest *key);
/* Keeps the list, which lives in the given arena, and owns the arena from now on; the list that is
 * kept under its hash, or NULL when there is no room: the arena stays the caller's then. */
struct catalogue *catalogues_keep(struct catalogues *c, const struct catalogue *list);
/* Gives the scan, whose checks are those of the list, the hash of its catalogue. */
void catalogues_settle(struct catalogues *c, struct catalogue *list, struct scan *s);

#endif
