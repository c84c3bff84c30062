/* Rows of detail sets, and the bases that their small form leans on.
 * What:   a base is a set of a policy version that stands for itself; others say how they differ from it.
 *         A version has a few: one more is made when a set has too little in common with those that
 *         are there. Bases never change and are named by their bytes.
 * Owner:  the bases have an arena of their own; what is read lives as long as both arenas.
 * Units:  none.
 * Errors: as store.h; DIAG_BAD_DATA for a row that is not what its hash says.
 * See:    doc/detail-sets.md; sql/schema/023-detail-bases.sql */
#ifndef STORE_DETAIL_BASE_H
#define STORE_DETAIL_BASE_H

#include "store/bulk.h"
#include "store/detail.h"
#include "store/stmt.h"

struct detail_bases; /* those that are known to be in the database */

struct detail_base {
    struct hash16 hash;
    uint64_t policy_id;
    struct str body;
    struct detail_form form;
};

struct detail_row { /* a row of detail_set */
    struct hash16 hash, base;
    bool has_base;             /* the column base is not NULL */
    struct str records, words; /* words empty: records is the small form */
};

/* None yet. */
struct detail_bases *detail_bases_new(void);
/* Gives their memory back; NULL is allowed. */
void detail_bases_free(struct detail_bases *b);
/* Makes what they say a part of the arena; they are gone. */
void detail_bases_give(struct detail_bases *b, struct arena *a);
/* The store forgets those that it keeps for writing: some may not be there. */
void detail_bases_forget(struct store *st);
/* The same when they take much memory. */
void detail_bases_make_room(struct store *st);

/* Columns hash, records, words and base of a row, copied into a. */
struct detail_row detail_row_read(const struct stmt *s, struct arena *a);
/* The row of a set for bulk_detail_set. */
void detail_row_put(struct bulk *b, const struct detail_row *r);
/* The row of a base for bulk_detail_base. */
void detail_base_put(struct bulk *b, const struct detail_base *base);

/* Makes sure that the base of a row is among b; nothing may be under way on the connection. */
int detail_base_need(struct store *st, struct detail_bases *b, const struct detail_row *r,
                     struct diag *d);
/* Reads every base; what is wrong with one is told to broken, which may be NULL. */
int detail_base_need_all(struct store *st, struct detail_bases *b,
                         void (*broken)(void *who, const struct diag *one), void *who,
                         struct diag *d);
/* What a row says, whichever form it is in: position by position in a, and in moment the bytes that
 * name it, unless ret_named is NULL. The row keeps the rules; whether it is named right, the caller asks. */
int detail_row_spell(const struct detail_row *r, const struct detail_bases *b, struct arena *a,
                     struct arena *moment, struct detail_form *ret, struct details *ret_named,
                     struct diag *d);

/* What the set of that name says, in a; it is not asked whether the name is right. */
int detail_set_load(struct store *st, const struct hash16 *hash, struct arena *a,
                    struct detail_form *ret, struct diag *d);
/* The evidence of a check, from the set or from its table; "" when there is none, and with the diag set. */
struct str detail_evidence(struct store *st, const struct detail_text *t, struct arena *a,
                           struct diag *d);

/* The row of a set of that policy version, as small as it gets; texts of form that come out as NAMED must be in the
 * table evidence. *ret_fresh: a base that must be written before it; NULL = none. Without may_add none is made. */
int detail_base_pack(struct store *st, uint64_t policy_id, const struct details *set,
                     struct detail_form *form, bool may_add, struct arena *a,
                     struct detail_row *ret, const struct detail_base **ret_fresh, struct diag *d);
#endif
