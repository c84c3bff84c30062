/* Verification of the chain, record by record; ledger/verify_log.c feeds it what the store reads. Every record
 * is re-hashed: nothing the database says of itself is taken for granted. */
#include "audit/chain.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"

struct audit_chain
audit_chain_start(void)
{
    return (struct audit_chain){.last_ts_us = INT64_MIN};
}

static bool
same(const struct sha256_digest *a, const struct sha256_digest *b)
{
    return memcmp(a->b, b->b, SHA256_SIZE) == 0;
}

/* The column has what the record says; nearly always the same bytes. */
static bool
is_text(struct str said, struct str column, struct arena *a)
{
    return str_eq(said, column) || str_eq(said, audit_record_text(column, a));
}

/* Views and indexes read the columns: one that says something else than the record would mislead
 * whoever asks by SQL. */
static int
check_columns(const struct audit_columns *c, const struct audit_record *r, struct arena *a,
              struct diag *d)
{
    struct clock_time t;
    int64_t us;
    int outcome = str_eqc(r->outcome, "success") ? 0 : 1;
    if (r->seq != c->seq)
        return diag_fail(d, DIAG_VERIFY, "the record says it is number %lld", (long long)r->seq);
    /* "2026-11-21T19:52:55.123456Z" in microseconds */
    if (r->ts.len != 27 || r->ts.s[19] != '.' || r->ts.s[26] != 'Z' || !clock_parse(r->ts, 0, &t) ||
        !str_to_i64(str_n(r->ts.s + 20, 6), &us) || t.t * 1000000 + us != c->ts_us)
        return diag_fail(d, DIAG_VERIFY, "column ts is not the time in the record");
    if (!is_text(r->event, c->event, a))
        return diag_fail(d, DIAG_VERIFY, "column event is not the event in the record");
    if (!is_text(r->object_type, c->object_type, a) || !is_text(r->object_id, c->object_id, a))
        return diag_fail(d, DIAG_VERIFY, "columns object_type, object_id are not the record's");
    if (outcome != c->outcome)
        return diag_fail(d, DIAG_VERIFY, "column outcome is not the outcome in the record");
    return 0;
}

static int
check_seq(const struct audit_chain *c, const struct audit_columns *cols, struct diag *d)
{
    if (cols->seq == c->next_seq)
        return 0;
    return diag_fail(d, DIAG_VERIFY, "record %lld is missing: the next one is %lld",
                     (long long)c->next_seq, (long long)cols->seq);
}

static int
check_links(const struct audit_chain *c, const struct audit_columns *cols,
            const struct audit_record *r, const struct sha256_digest *leaf, struct diag *d)
{
    struct sha256_digest prev;
    if (check_seq(c, cols, d) != 0)
        return -1;
    if (!same(leaf, &cols->leaf))
        return diag_fail(d, DIAG_VERIFY,
                         "the bytes do not have the stored hash: the record was changed");
    if (!sha256_from_hex(r->prev_hex, &prev) || !same(&prev, &c->prev))
        return diag_fail(
            d, DIAG_VERIFY,
            "prev is not the hash of the record before: one was changed, put in, taken "
            "out or moved");
    return 0;
}

static void
count_record(struct audit_chain *c, const struct audit_columns *cols,
             const struct sha256_digest *leaf)
{
    if (cols->ts_us < c->last_ts_us)
        c->n_clock_steps++;
    assert(c->next_seq < INT64_MAX);
    c->last_ts_us = cols->ts_us; /* a clock may be set back: that is counted, not refused */
    c->prev = *leaf;
    c->next_seq++;
}

int
audit_chain_next(struct audit_chain *c, const struct audit_columns *cols, struct str rec,
                 struct arena *a, struct diag *d)
{
    struct audit_record r;
    struct sha256_digest leaf = audit_record_leaf(rec);
    if ((!audit_record_skim(rec, &r) && audit_record_parse(rec, a, &r, d) != 0) ||
        check_links(c, cols, &r, &leaf, d) != 0 ||
        check_columns(cols, &r, a, d) != 0) {
        d->first.code = DIAG_VERIFY;
        return diag_at(d, "record %lld", (long long)cols->seq);
    }
    count_record(c, cols, &leaf);
    return 0;
}

/* The text is gone, so the hash is taken from the database. That it is the right one follows from the
 * record behind it, which has it in "prev", and from the checkpoints. */
int
audit_chain_pruned(struct audit_chain *c, const struct audit_columns *cols, struct diag *d)
{
    if (check_seq(c, cols, d) == 0 && c->n_pruned != c->next_seq)
        diag_fail(d, DIAG_VERIFY, "the text is gone, and older records have theirs");
    if (diag_failed(d))
        return diag_at(d, "record %lld", (long long)cols->seq);
    c->n_pruned++;
    count_record(c, cols, &cols->leaf);
    return 0;
}

int
audit_chain_end(const struct audit_chain *c, int64_t head_size,
                const struct sha256_digest *head_last, struct diag *d)
{
    if (c->next_seq != head_size)
        return diag_fail(d, DIAG_VERIFY,
                         "the head speaks of %lld records, %lld are there: the end was "
                         "cut off",
                         (long long)head_size, (long long)c->next_seq);
    if (!same(&c->prev, head_last))
        return diag_fail(d, DIAG_VERIFY, "the head does not have the hash of the last record");
    return 0;
}
