/* Buckets and blocks out of the database. The tables of facts are an index that anybody with the
 * database can write: what they hold counts only as far as it fits the log. */
#include "store/fact_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "store/bulk.h"
#include "store/session.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { BLOCKS = 200, CHUNK = 500 };

/* ---- what the log says ---- */

/* In canonical JSON this stands nowhere else: within a text the quotes would be escaped. */
bool
fact_state_said(struct str rec, struct str *ret)
{
    static const char mark[] = "{\"f\":\"facts\",\"new\":\"";
    const char *p = memmem(rec.s, rec.len, mark, sizeof mark - 1);
    if (!p)
        return false;
    p += sizeof mark - 1;
    const char *end = memchr(p, '"', (size_t)(rec.s + rec.len - p));
    *ret = str_n(p, end ? (size_t)(end - p) : 0);
    return true;
}

/* The newest state in a log of size records: of the last one, as every act says it there. A log that was
 * written by programs which know nothing of facts says none: then there are none. */
static int
read_said(struct store *st, int64_t size, struct arena *a, struct str *ret, int64_t *ret_seq,
          struct diag *d)
{
    *ret = STR("");
    *ret_seq = -1;
    for (int64_t end = size, n_wanted = 1; end > 0; n_wanted = CHUNK) {
        AUTO(arena_free_auto) struct arena *chunk = arena_new();
        struct store_record *r;
        size_t n;
        int64_t from = end > n_wanted ? end - n_wanted : 0;
        if (store_load_records(st, from, (size_t)(end - from), chunk, &r, &n, d) != 0)
            return -1;
        if (n != (size_t)(end - from) || r[0].seq != from)
            return diag_fail(d, DIAG_VERIFY,
                             "a record is missing from the audit log behind record %lld",
                             (long long)from - 1);
        for (; n; n--) {
            if (r[n - 1].is_pruned)
                return 0;
            if (!fact_state_said(r[n - 1].rec, ret))
                continue;
            *ret = arena_str(a, *ret);
            *ret_seq = r[n - 1].seq;
            return 0;
        }
        end = from;
    }
    return 0;
}

int
fact_state_none_said(struct store *st, int64_t size, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct str said;
    int64_t seq;
    if (read_said(st, size, a, &said, &seq, d) != 0)
        return -1;
    return seq < 0
               ? 0
               : diag_fail(d, DIAG_VERIFY,
                           "the table fact_bucket was emptied: record %lld of the audit log says "
                           "that there were facts",
                           (long long)seq);
}

/* ---- buckets ---- */

static int
read_buckets(struct store *st, struct fact_buckets *ret, bool *ret_adopted, struct diag *d)
{
    struct stmt *s = stmt_get(st, "fact_buckets", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    *ret_adopted = false;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        uint64_t id = stmt_col_uint(s, 0);
        *ret_adopted |= id == 0;
        if (id == 0) /* says no more than that facts were adopted */
            continue;
        struct fact_bucket *b = fact_buckets_at(ret, id);
        b->n = stmt_col_uint(s, 1);
        stmt_col_bytes(s, 2, b->head.b, SHA256_SIZE);
    }
    return rc;
}

static int
compare_state(struct store *st, const struct fact_buckets *b, int64_t size, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const struct fact_buckets none = {0};
    struct str said, is = fact_buckets_text(b, a);
    int64_t seq;
    if (read_said(st, size, a, &said, &seq, d) != 0)
        return -1;
    if (!said.len)
        said = fact_buckets_text(&none, a);
    if (str_eq(said, is))
        return 0;
    return diag_fail(d, DIAG_VERIFY,
                     "the table fact_bucket was changed: it has the facts %.*s, record %lld of the "
                     "audit log says %.*s",
                     STR_ARG(is), (long long)seq, STR_ARG(said));
}

static struct fact_state *
state_of(struct store *st)
{
    if (!st->fact_state) {
        st->fact_state = mem_alloc(sizeof *st->fact_state);
        *st->fact_state = (struct fact_state){0};
    }
    return st->fact_state;
}

int
fact_state_load(struct store *st, int64_t size, const struct sha256_digest *last, struct diag *d)
{
    struct fact_state *f = state_of(st);
    bool adopted;
    if (f->is_valid && f->size == size && memcmp(f->last.b, last->b, SHA256_SIZE) == 0)
        return 0;
    f->is_valid = false;
    f->buckets.n = 0;
    if (read_buckets(st, &f->buckets, &adopted, d) != 0)
        return -1;
    if (compare_state(st, &f->buckets, size, d) != 0)
        return -1;
    if (!adopted)
        return diag_fail(d, DIAG_SCHEMA,
                         "what the tables hold is not in the audit log yet: run "
                         "assay init");
    f->is_valid = true;
    store_facts_moved(st, size, last);
    return 0;
}

int
fact_state_put_block(struct bulk *b, const struct fact_bucket *to, const struct fact_block *block,
                     struct diag *d)
{
    bulk_row(b);
    bulk_uint(b, to->id);
    bulk_uint(b, block->first);
    bulk_uint(b, block->n);
    bulk_int(b, block->seq);
    bulk_bytes(b, block->entries.s, block->entries.len);
    return bulk_row_end(b, d);
}

int
fact_state_set(struct store *st, int64_t size, const struct sha256_digest *last,
               const struct fact_buckets *b)
{
    struct fact_state *f = state_of(st);
    fact_state_forget(st);
    f->buckets.n = 0;
    for (size_t i = 0; i < b->n; i++)
        *fact_buckets_at(&f->buckets, b->v[i].id) = b->v[i];
    f->is_valid = true;
    f->size = size;
    f->last = *last;
    return 0;
}

int
store_has_adopted(struct store *st, bool *ret, struct diag *d)
{
    struct fact_buckets ignored = {0};
    int rc = read_buckets(st, &ignored, ret, d);
    fact_buckets_free(&ignored);
    return rc;
}

void
store_facts_moved(struct store *st, int64_t size, const struct sha256_digest *last)
{
    struct fact_state *f = st->fact_state;
    if (!f || !f->is_valid)
        return;
    f->size = size;
    f->last = *last;
}

void
fact_state_forget(struct store *st)
{
    struct fact_state *f = st->fact_state;
    if (!f)
        return;
    f->is_valid = false;
    f->held.n = 0;
    fact_index_clear(&f->index);
}

void
fact_state_free(struct store *st)
{
    struct fact_state *f = st->fact_state;
    if (!f)
        return;
    fact_buckets_free(&f->buckets);
    fact_buckets_free(&f->held);
    fact_index_free(&f->index);
    free(f);
    st->fact_state = NULL;
}

/* ---- blocks ---- */

static int
bad_block(const struct fact_bucket *b, const char *what, struct diag *d)
{
    return diag_fail(
        d, DIAG_VERIFY, "the table fact was changed: bucket %llu %s behind %llu facts of kind %s",
        (unsigned long long)b->id, what, (unsigned long long)b->n,
        fact_word((enum fact_kind)(b->id >> 32)) ? fact_word((enum fact_kind)(b->id >> 32))
                                                 : "unknown");
}

static int
take_block(struct fact_bucket *at, const struct fact_block *block, struct fact_index *to,
           struct diag *d)
{
    enum fact_kind kind = (enum fact_kind)(at->id >> 32);
    struct str rest = block->entries;
    struct fact_key key;
    struct sha256_digest digest;
    uint32_t back, n = 0;
    if (block->first != at->n || block->n == 0)
        return bad_block(at, "has a gap", d);
    for (; fact_block_next(&rest, &key, &digest, &back); n++)
        if (fact_index_wants(to, kind, &key))
            fact_index_put(to, kind, &key, &digest,
                           block->seq < 0 ? FACT_ADOPTED : block->seq - back);
    if (rest.len || n != block->n)
        return bad_block(at, "is damaged", d);
    fact_bucket_move(at, block);
    return 0;
}

/* Reads the next blocks behind *at, as far as `end`; *ret_n 0 = there are no more. */
static int
read_some(struct store *st, struct fact_bucket *at, const struct fact_bucket *end,
          struct fact_index *to, size_t *ret_n, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct stmt *s = stmt_get(st, "fact_blocks", d);
    *ret_n = 0;
    if (!s)
        return -1;
    stmt_uint(s, at->id);
    stmt_uint(s, at->n);
    stmt_int(s, BLOCKS);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc = STMT_END;
    while (at->n < end->n && (rc = stmt_next(s, d)) == STMT_ROW) {
        struct fact_block block = {.first = stmt_col_uint(s, 0),
                                   .n = (uint32_t)stmt_col_uint(s, 1),
                                   .seq = stmt_col_int(s, 2),
                                   .entries = stmt_col_str(s, 3, a)};
        ++*ret_n;
        if (take_block(at, &block, to, d) != 0)
            return -1;
    }
    return rc == STMT_FAILED ? -1 : 0;
}

static int
read_on(struct store *st, struct fact_bucket *at, const struct fact_bucket *end,
        struct fact_index *to, struct diag *d)
{
    for (size_t n = 1; n && at->n < end->n;)
        if (read_some(st, at, end, to, &n, d) != 0)
            return -1;
    if (at->n != end->n || memcmp(at->head.b, end->head.b, SHA256_SIZE) != 0)
        return bad_block(at, "does not hold what the log says", d);
    return 0;
}

int
fact_state_read(struct store *st, uint64_t bucket, struct fact_index *to, struct diag *d)
{
    assert(st->fact_state && st->fact_state->is_valid);
    struct fact_bucket end = *fact_buckets_at(&st->fact_state->buckets, bucket),
                       at = {.id = bucket};
    return read_on(st, &at, &end, to, d);
}

int
fact_state_newest(struct store *st, enum fact_kind kind, const struct fact_key *key,
                  const struct fact_entry **ret, struct diag *d)
{
    struct fact_state *f = st->fact_state;
    assert(f && f->is_valid);
    uint64_t id = fact_bucket_of(kind, key);
    struct fact_bucket end = *fact_buckets_at(&f->buckets, id),
                       *held = fact_buckets_at(&f->held, id), at = *held;
    if (read_on(st, &at, &end, &f->index, d) != 0) {
        fact_state_forget(st);
        return -1;
    }
    *fact_buckets_at(&f->held, id) = at;
    *ret = fact_index_find(&f->index, kind, key);
    return 0;
}
