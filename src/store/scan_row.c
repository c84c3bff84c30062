/* Columns of scans that scans.c and late.c write and load.c reads. */
#include "store/scan_row.h"

#include <assert.h>

#include "model/tally.h"
#include "store/bulk.h"
#include "store/seen.h"

const enum status scan_row_statuses[SCAN_ROW_COUNTS] = {
    STATUS_PASS,        STATUS_FIXED,      STATUS_FAIL,          STATUS_ERROR,
    STATUS_UNKNOWN,     STATUS_NOTCHECKED, STATUS_NOTAPPLICABLE, STATUS_INFORMATIONAL,
    STATUS_NOTSELECTED, STATUS_WAIVED};

unsigned
scan_row_flags(const struct scan *s)
{
    return (s->partial ? FLAG_PARTIAL : 0u) | (s->score_only ? FLAG_SCORE_ONLY : 0u) |
           (s->zone_assumed ? FLAG_ZONE : 0u) | (s->end_assumed ? FLAG_END : 0u) |
           (s->delta ? FLAG_DELTA : 0u);
}

int64_t
scan_row_score(const struct scan *s)
{
    struct tally t = tally_of(s->counts);
    return tally_score_rounded(t.passed, t.failed, 2);
}

int
scan_row_put_details(struct store *st, const struct fold *f, struct diag *d)
{
    assert(st->in_transaction);
    struct seen_key key = seen_key_hash(SEEN_DETAILS, &f->details.hash);
    if (!f->details.records.len || seen_has(st, &key))
        return 0;
    struct bulk b = bulk_begin(st, "bulk_detail_set");
    detail_row(&b, &f->details);
    bulk_row_end(&b, d);
    return bulk_end(&b, d);
}
