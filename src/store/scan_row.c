/* Columns of scans that scans.c and late.c write and load.c reads. */
#include "store/scan_row.h"

#include <assert.h>

#include "base/auto.h"
#include "base/env.h"
#include "model/tally.h"
#include "store/bulk.h"
#include "store/detail_base.h"
#include "store/seen.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { DAY_S = 86400 };

const enum status scan_row_statuses[SCAN_ROW_COUNTS] = {
    STATUS_PASS,        STATUS_FIXED,      STATUS_FAIL,          STATUS_ERROR,
    STATUS_UNKNOWN,     STATUS_NOTCHECKED, STATUS_NOTAPPLICABLE, STATUS_INFORMATIONAL,
    STATUS_NOTSELECTED, STATUS_WAIVED};

void
scan_row_read_counts(const struct stmt *s, int first_col, int64_t counts[STATUS__COUNT])
{
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        counts[scan_row_statuses[i]] = stmt_col_int(s, first_col + i);
}

/* A report of the month that the scan is of may have been made before it came. */
static bool
is_late(int64_t end, int64_t received)
{
    struct clock_civil c = clock_civil(end);
    int64_t next = clock_days(c.year, c.month, 1) + clock_month_days(c.year, c.month);
    return received >= next * DAY_S;
}

int64_t
scan_row_seen(int64_t end)
{
    int64_t now = env_wall_us() / 1000000;
    return end > now ? now : end;
}

unsigned
scan_row_flags(const struct scan *s, int64_t received)
{
    return (s->partial ? FLAG_PARTIAL : 0u) | (s->score_only ? FLAG_SCORE_ONLY : 0u) |
           (s->zone_assumed ? FLAG_ZONE : 0u) | (s->end_assumed ? FLAG_END : 0u) |
           (s->delta ? FLAG_DELTA : 0u) | (is_late(s->end, received) ? FLAG_LATE : 0u) |
           (s->end > received + SCAN_ROW_AHEAD_S ? FLAG_AHEAD : 0u);
}

int64_t
scan_row_score(const struct scan *s)
{
    struct tally t = tally_of(s->counts);
    return tally_score_rounded(t.passed, t.failed, 2);
}

static int
put_evidence(struct store *st, const struct detail_form *set, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_evidence");
    for (size_t i = 0; i < set->n_pos && !diag_failed(d); i++) {
        const struct detail_text *t = set->at[i];
        if (!t || t->kind != DETAIL_NAMED)
            continue;
        bulk_row(&b);
        bulk_bytes(&b, t->hash.b, sizeof t->hash.b);
        bulk_str(&b, t->evidence);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

int
scan_row_put_details(struct store *st, const struct fold *f, struct diag *d)
{
    assert(st->in_transaction);
    struct seen_key key = seen_key_hash(SEEN_DETAILS, &f->details.hash);
    if (!f->details.records.len || seen_has(st, &key))
        return 0;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const struct detail_base *fresh;
    struct detail_form set;
    struct detail_row row;
    detail_spell_fold(f, a, &set);
    if (detail_base_pack(st, f->policy->policy_id, &f->details, &set, false, a, &row, &fresh, d) !=
            0 ||
        put_evidence(st, &set, d) != 0)
        return -1;
    struct bulk b = bulk_begin(st, "bulk_detail_set");
    detail_row_put(&b, &row);
    bulk_row_end(&b, d);
    return bulk_end(&b, d);
}
