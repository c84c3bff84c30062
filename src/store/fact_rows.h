/* Rows as facts: read from the tables, digested.
 * What:   reads the rows of items that are about to change, or have changed; the readers of columns are
 *         shared with whoever compares whole tables with the log (load_facts.c, check_facts.c).
 * Owner:  the given arena.
 * Units:  seconds UTC.
 * Errors: as store.h.
 * See:    store/digest.h; sql/query/fact_*.sql */
#ifndef STORE_FACT_ROWS_H
#define STORE_FACT_ROWS_H

#include "store/digest.h"
#include "store/facts.h"
#include "store/stored.h"

struct stmt;

/* Columns of a scan, as fact_scans_at.sql and its like select them. */
enum fact_scan_column {
    FS_AGENT,
    FS_LINE,
    FS_END,
    FS_POLICY,
    FS_PROFILE,
    FS_FORMAT,
    FS_ENGINE,
    FS_STARTED,
    FS_INGESTED,
    FS_COUNTS,
    FS_SCORE = FS_COUNTS + SCAN_ROW_COUNTS,
    FS_REPORTED,
    FS_FLAGS,
    FS_FILE,
    FS_CONTENT,
    FS_DETAILS,
    FS_N_VEC,
    FS_VEC,
    FS_SAID,
    FS_REVISION,
    FS_STANDING,
    FS_NAME /* of the agent, where it is selected */
};

/* The row at hand as a digest wants it, but for the name of the agent and the policy's digest; texts are
 * valid until the next row. */
void fact_rows_scan(const struct stmt *s, struct digest_scan *ret);
/* Its key, as the scan that counts or as a revision that does not. */
struct fact_key fact_rows_scan_key(enum fact_kind kind, uint64_t agent_id,
                                   const struct digest_scan *s);
/* The digest of the policy version of a scan; of one that is not there, zeros. */
int fact_rows_policy(struct store *st, uint64_t policy_id, struct sha256_digest *ret,
                     struct diag *d);
/* All policy versions there are, and the digest of each by the bytes of its id. */
int fact_rows_policies(struct store *st, struct arena *a, struct map *to, uint64_t **ret,
                       size_t *ret_n, struct diag *d);
/* The input at hand, but for its warnings: columns as in fact_inputs_at.sql from `first` on. */
void fact_rows_input(const struct stmt *s, struct store_input *ret);

/* Reads the rows of n items, all but agents, and adds what they are to the list. */
int fact_rows_read(struct store *st, const struct fact_item *const *items, size_t n,
                   struct arena *a, fact_list *ret, struct diag *d);
/* Touches a scan and its revisions, and reads what they are, unless there is none yet. */
int fact_rows_touch_scan(struct store *st, const struct scan_place *at, bool is_new,
                         struct diag *d);
/* Reads what the touched rows are before they change. */
int facts_look(struct store *st, struct diag *d);

#endif
