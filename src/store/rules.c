/* What a row can be. Called by all that read rows: load.c, stored.c, results.c, policy.c, verify.c. */
#include "store/rules.h"

#include <assert.h>

#include "model/fleet.h"
#include "model/tally.h"
#include "store/detail.h"
#include "store/scan_row.h"

/* More results than a file may bring (ingest/limits.h), and the state that a delta is merged into. */
enum { MOST_RESULTS = 2000000 };

#define LAST_TIME 253402300799 /* of a DATETIME */

int
rules_place(struct str agent, struct str policy, struct str profile, int64_t at, struct diag *d)
{
    struct str when = at >= 0 && at <= LAST_TIME ? clock_iso(d->arena, at) : STR("no time");
    return diag_at(d, "scan of %.*s under %.*s%s%.*s%s, %.*s", STR_ARG(agent), STR_ARG(policy),
                   profile.len ? " (" : "", STR_ARG(profile), profile.len ? ")" : "",
                   STR_ARG(when));
}

/* ---- counts and score ---- */

static int
check_score(const int64_t counts[STATUS__COUNT], bool has_score, int64_t score, struct diag *d)
{
    struct tally t = tally_of(counts);
    int64_t want = tally_score_rounded(t.passed, t.failed, 2);
    if (has_score == (want >= 0) && (!has_score || score == want))
        return 0;
    return diag_fail(d, DIAG_BAD_DATA, "score says %lld, the counts give %lld (1/100 %%)",
                     has_score ? (long long)score : -1LL, (long long)want);
}

int
rules_counts(const int64_t counts[STATUS__COUNT], bool has_score, int64_t score, unsigned flags,
             struct diag *d)
{
    int64_t sum = 0;
    bool is_summary = flags & FLAG_SCORE_ONLY; /* the numbers of the scanner itself */
    for (int i = 0; i < SCAN_ROW_COUNTS; i++) {
        int64_t n = counts[scan_row_statuses[i]];
        int64_t most = is_summary ? INT32_MAX : MOST_RESULTS;
        if (n < 0 || n > most)
            return diag_fail(d, DIAG_BAD_DATA, "n_%s says %lld, at most %lld are possible",
                             status_word(scan_row_statuses[i]), (long long)n, (long long)most);
        sum += scan_row_statuses[i] == STATUS_NOTSELECTED ? 0 : n;
    }
    if (!is_summary && sum > MOST_RESULTS)
        return diag_fail(d, DIAG_BAD_DATA,
                         "n_pass and its like add up to %lld results, at most %d "
                         "are possible",
                         (long long)sum, MOST_RESULTS);
    if (flags & ~(unsigned)FLAG__ALL)
        return diag_fail(d, DIAG_BAD_DATA, "flags says %u: that has bits without a meaning", flags);
    return check_score(counts, has_score, score, d);
}

/* ---- vectors ---- */

/* How many checks have each status. */
static int
count_vector(struct str vec, size_t n_vec, size_t n_checks, int64_t seen[16], struct diag *d)
{
    if (n_vec > n_checks)
        return diag_fail(d, DIAG_BAD_DATA, "n_vec says %zu, the policy has %zu checks", n_vec,
                         n_checks);
    if (vec.len != (n_vec + 1) / 2)
        return diag_fail(d, DIAG_BAD_DATA, "vec has %zu bytes, the %zu checks of n_vec take %zu",
                         vec.len, n_vec, (n_vec + 1) / 2);
    for (size_t i = 0; i < vec.len; i++) {
        unsigned char b = (unsigned char)vec.s[i];
        seen[b & 15]++;
        seen[b >> 4]++;
    }
    if (n_vec % 2) {
        if ((unsigned char)vec.s[vec.len - 1] >> 4)
            return diag_fail(d, DIAG_BAD_DATA, "vec has a status behind its last check");
        seen[0]--;
    }
    for (int s = 0; s < 16; s++)
        if (seen[s] && (s >= STATUS__COUNT || s == STATUS_NOTSELECTED))
            return diag_fail(d, DIAG_BAD_DATA,
                             "vec has %lld times the status %d, which is never "
                             "stored",
                             (long long)seen[s], s);
    return 0;
}

int
rules_vector(struct str vec, size_t n_vec, size_t n_checks, struct diag *d)
{
    int64_t seen[16] = {0};
    return count_vector(vec, n_vec, n_checks, seen, d);
}

/* The counts are of all results, the vector has the worst of each check. So a status that the vector
 * has n times was counted n times at least; and of what was counted the worst must have won at its
 * check, so that nothing counted is worse than all that the vector has. */
static int
compare_counts(const int64_t counts[STATUS__COUNT], const int64_t seen[16], struct diag *d)
{
    enum status counted = STATUS_NONE, won = STATUS_NONE;
    for (int i = 0; i < SCAN_ROW_COUNTS; i++) {
        enum status s = scan_row_statuses[i];
        if (counts[s] < seen[s])
            return diag_fail(d, DIAG_BAD_DATA, "n_%s says %lld, vec has %lld such checks",
                             status_word(s), (long long)counts[s], (long long)seen[s]);
        if (s != STATUS_NOTSELECTED && counts[s])
            counted = status_worse(counted, s);
        if (seen[s])
            won = status_worse(won, s);
    }
    if (counted == won)
        return 0;
    return diag_fail(d, DIAG_BAD_DATA,
                     "n_%s says %lld, vec has no such check and none that is "
                     "worse",
                     status_word(counted), (long long)counts[counted]);
}

/* ---- a scan ---- */

static int
check_times(const struct rules_scan *r, struct diag *d)
{
    if (r->end < 0 || r->end > LAST_TIME)
        return diag_fail(d, DIAG_BAD_DATA, "scanned_at is no time");
    if (!r->is_all_loaded)
        return 0;
    if (r->ingested < 0 || r->ingested > LAST_TIME)
        return diag_fail(d, DIAG_BAD_DATA, "ingested_at is no time");
    if (r->start != CLOCK_NONE && (r->start < 0 || r->start > r->end))
        return diag_fail(d, DIAG_BAD_DATA, "started_at is behind scanned_at, or no time");
    return 0;
}

/* What a delta spoke of itself: a bit a check. */
static int
check_said(const struct rules_scan *r, struct diag *d)
{
    if (!r->is_all_loaded || !r->has_said)
        return 0;
    if (!(r->flags & FLAG_DELTA))
        return diag_fail(d, DIAG_BAD_DATA, "said is of deltas only, flags says %u", r->flags);
    if (r->said.len != (r->n_checks + 7) / 8)
        return diag_fail(d, DIAG_BAD_DATA, "said has %zu bytes, %zu checks take %zu", r->said.len,
                         r->n_checks, (r->n_checks + 7) / 8);
    return 0;
}

int
rules_scan(const struct rules_scan *r, struct diag *d)
{
    int64_t seen[16] = {0};
    assert(r->counts);
    if (check_times(r, d) != 0 ||
        rules_counts(r->counts, r->has_score, r->score, r->flags, d) != 0 ||
        count_vector(r->vec, r->n_vec, r->n_checks, seen, d) != 0)
        return -1;
    if (r->flags & FLAG_SCORE_ONLY)
        return r->n_vec == 0 ? check_said(r, d)
                             : diag_fail(d, DIAG_BAD_DATA,
                                         "n_vec says %zu, flags that there are "
                                         "no single results",
                                         r->n_vec);
    if (r->n_vec != r->n_checks)
        return diag_fail(d, DIAG_BAD_DATA, "n_vec says %zu, the policy has %zu checks", r->n_vec,
                         r->n_checks);
    return compare_counts(r->counts, seen, d) == 0 ? check_said(r, d) : -1;
}

/* ---- details ---- */

/* True when a word begins there: words follow each other from the first byte on. Records point at few
 * words, and mostly at the first: it is looked for among the beginnings, which ascend. */
static bool
is_beginning(const uint32_t *at, size_t n, size_t word)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (at[mid] == word)
            return true;
        if (at[mid] < word)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

/* Where the words begin; -1 when they do not fill the column to its end. */
static int
find_words(struct str words, struct arena *a, uint32_t **ret, size_t *ret_n, struct diag *d)
{
    VEC(uint32_t) at = {0};
    for (size_t i = 0; i < words.len;) {
        const unsigned char *w = (const unsigned char *)words.s + i;
        size_t left = words.len - i;
        if (left < 3 || ((size_t)w[0] << 16 | (size_t)w[1] << 8 | w[2]) > left - 3)
            return diag_fail(d, DIAG_BAD_DATA, "words ends in the middle of one");
        *VEC_PUSH(a, &at) = (uint32_t)i;
        i += 3 + ((size_t)w[0] << 16 | (size_t)w[1] << 8 | w[2]);
    }
    *ret = at.v;
    *ret_n = at.n;
    return words.len >= 3 ? 0 : diag_fail(d, DIAG_BAD_DATA, "words is empty");
}

static int
check_record(struct str records, size_t i, const uint32_t *words, size_t n, struct diag *d)
{
    struct detail v = detail_at(records, i);
    unsigned severity = (unsigned char)records.s[i * DETAIL_SIZE + 20]; /* as it is written */
    if (severity >= SEVERITY__COUNT)
        return diag_fail(d, DIAG_BAD_DATA, "records: record %zu has the severity %u", i, severity);
    if (v.n == 0)
        return diag_fail(d, DIAG_BAD_DATA, "records: record %zu is of no result", i);
    if (is_beginning(words, n, v.native) && is_beginning(words, n, v.waiver))
        return 0;
    return diag_fail(d, DIAG_BAD_DATA, "records: record %zu points where no word begins", i);
}

int
rules_details(struct str records, struct str words, struct diag *d)
{
    uint32_t *at;
    size_t n;
    if (records.len == 0 || records.len % DETAIL_SIZE)
        return diag_fail(d, DIAG_BAD_DATA, "records has %zu bytes, a record has %d", records.len,
                         DETAIL_SIZE);
    struct arena *a = arena_new();
    int rc = find_words(words, a, &at, &n, d);
    for (size_t i = 0, least = 0; rc == 0 && i < detail_count(records); i++) {
        struct detail v = detail_at(records, i);
        if (v.pos < least)
            rc = diag_fail(d, DIAG_BAD_DATA, "records: the positions do not ascend at %zu", i);
        else
            rc = check_record(records, i, at, n, d);
        least = v.pos + 1;
    }
    arena_free(a);
    return rc;
}

int
rules_details_of(const struct detail_form *set, size_t n_vec, struct diag *d)
{
    if (set->n_pos <= n_vec)
        return 0;
    return diag_fail(d, DIAG_BAD_DATA, "detail_set speaks of check %zu, the scan has %zu",
                     set->n_pos - 1, n_vec);
}

/* ---- policies ---- */

int
rules_order(int64_t pos, size_t n, size_t n_checks, struct diag *d)
{
    if (n < n_checks && pos >= 0 && (size_t)pos == n)
        return 0;
    return diag_fail(d, DIAG_BAD_DATA, "policy_check: pos %lld comes as number %zu of %zu checks",
                     (long long)pos, n, n_checks);
}

int
rules_severity(int64_t severity, struct diag *d)
{
    if (severity >= 0 && severity < SEVERITY__COUNT)
        return 0;
    return diag_fail(d, DIAG_BAD_DATA, "severity says %lld, the last one is %d",
                     (long long)severity, SEVERITY__COUNT - 1);
}
