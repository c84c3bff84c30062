/* What follows from what is stored, made anew: categories, and the form of detail sets.
 * What:   every check of every policy version is asked again (ingest/category), with what is stored of it;
 *         categories that change are written in one transaction with the record category.rebuild. Texts,
 *         policy versions and scans stay as they are. Databases of schema 13 or older have no sections: what
 *         policy and id of a check say serves, and what was derived then is told from the input's own
 *         word by deriving it once more as it did.
 * Owner:  texts live in the arena of the diag.
 * Units:  checks, each counted once however many policy versions have it.
 * Errors: those of store.h; DIAG_CONFIG (a table of the site).
 * See:    doc/categories.md */
#ifndef INTAKE_REBUILD_H
#define INTAKE_REBUILD_H

#include "act/act.h"
#include "base/vec.h"

struct rebuild_move { /* checks that went from one category to another; empty = none */
    struct str from, to;
    int64_t n;
};

struct rebuild_summary {
    struct str tables;              /* the tables that are in force now */
    int64_t n_checks;               /* looked at */
    int64_t n_stale;                /* of them those that other tables or none had answered for */
    int64_t n_changed;              /* of them those with another category now, of which so many */
    int64_t n_gained, n_lost;       /* had none before, and have none any more */
    VEC(struct rebuild_move) moves; /* most checks first */
};

/* Derives all; with act->dry_run it says what would change. */
int rebuild_categories(struct act *act, struct rebuild_summary *ret, struct diag *d);
struct rebuild_details {
    int64_t n_large, bytes_large;              /* sets in the large form when it began */
    int64_t n_sets, bytes_before, bytes_after; /* made small */
};

/* Writes detail sets of before schema 023 in the small form, in transactions of some hundred scans, each with a
 * record details.rebuild; with act->dry_run it counts them. What sets say, and their names, stay. */
int rebuild_details(struct act *act, struct rebuild_details *ret, struct diag *d);
/* Fails with DIAG_BAD_DATA, naming policy and check, when a stored category is not what the tables give that
 * it says it comes from. Of the policies of n_ids ids; ids NULL = of all. Categories of other tables than
 * today's cannot be looked at: rebuild_count_stale() counts them. */
int rebuild_check(struct act *act, const struct str *ids, size_t n_ids, struct diag *d);
/* How many checks have categories that the tables in force now did not give. */
int rebuild_count_stale(struct act *act, int64_t *ret, struct diag *d);

#endif
