/* Months, rows and digests of what is closed; month_close.c writes it, load_months.c and check_facts.c read it. */
#include "store/month.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/ids.h"
#include "store/stmt.h"

enum { CHUNK_BITS = 59 /* of 63, behind those that say the chunk */ };

/* ---- months and chunks ---- */

int
month_of(int64_t t)
{
    struct clock_civil c = clock_civil(t);
    int month = c.year * 100 + c.month;
    return month < MONTH_FIRST ? MONTH_FIRST : month;
}

int64_t
month_start(int month)
{
    int64_t t = INT64_C(-62135596800); /* year 1 */
    struct clock_civil c = {.year = month / 100, .month = month % 100, .day = 1};
    if (month > MONTH_FIRST && !clock_from_civil(c, &t))
        assert(false);
    return t;
}

int
month_after(int month)
{
    return month % 100 == 12 ? month + 89 : month + 1;
}

int
month_before(int month)
{
    return month % 100 == 1 ? month - 89 : month - 1;
}

int
month_chunk(uint64_t agent_id)
{
    return (int)(agent_id >> CHUNK_BITS & (MONTH_CHUNKS - 1));
}

void
month_agents(int chunk, uint64_t *ret_first, uint64_t *ret_last)
{
    *ret_first = (uint64_t)chunk << CHUNK_BITS;
    *ret_last = *ret_first + ((UINT64_C(1) << CHUNK_BITS) - 1);
}

/* ---- facts ---- */

struct fact_key
month_key(int month, int chunk)
{
    struct fact_key k = {.n = 5};
    for (int i = 0; i < 4; i++)
        k.b[i] = (unsigned char)((unsigned)month >> (24 - 8 * i));
    k.b[4] = (unsigned char)chunk;
    return k;
}

static void
add_number(struct sha256 *h, uint64_t v)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)(v >> (56 - 8 * i));
    sha256_add(h, b, sizeof b);
}

struct sha256_digest
month_digest(const struct month_close *c)
{
    struct sha256 *h = sha256_new();
    sha256_add_field(h, STR("month"));
    add_number(h, 1); /* version */
    add_number(h, (uint64_t)c->month);
    add_number(h, (uint64_t)c->chunk);
    add_number(h, (uint64_t)c->n_states);
    sha256_add(h, c->states.b, SHA256_SIZE);
    add_number(h, (uint64_t)c->n_scans);
    sha256_add(h, c->points.b, SHA256_SIZE);
    return sha256_final(h);
}

struct str
month_text(int month, int chunk, struct arena *a)
{
    return arena_fmt(a, "%04d-%02d chunk %d", month / 100, month % 100, chunk);
}

int
month_not_as_told(const char *table, int month, int chunk, const struct fact_entry *e,
                  enum diag_code code, struct diag *d)
{
    return diag_fail(d, code,
                     "month_%s: %s is not what record %lld of the audit log says of it (assay "
                     "rebuild --months)",
                     table, month_text(month, chunk, d->arena).s, e ? (long long)e->seq : -1LL);
}

int
month_load_close(struct store *st, int month, int chunk, struct month_close *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_close_at", d);
    if (!s)
        return STMT_FAILED;
    stmt_int(s, month);
    stmt_int(s, chunk);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    *ret = (struct month_close){.month = month,
                                .chunk = chunk,
                                .n_states = stmt_col_int(s, 0),
                                .n_scans = stmt_col_int(s, 2)};
    stmt_col_bytes(s, 1, ret->states.b, SHA256_SIZE);
    stmt_col_bytes(s, 3, ret->points.b, SHA256_SIZE);
    return STMT_ROW;
}

/* ---- states ---- */

struct sha256 *
month_states_begin(void)
{
    struct sha256 *h = sha256_new();
    sha256_add_field(h, STR("month states"));
    return h;
}

void
month_states_add(struct sha256 *h, const struct month_state *s)
{
    enum { NUMBERS = 8 + SCAN_ROW_COUNTS };
    unsigned char b[NUMBERS * 8 + SHA256_SIZE];
    uint64_t v[NUMBERS] = {s->agent_id,
                           s->line_id,
                           (uint64_t)s->month,
                           (uint64_t)s->scanned_at,
                           s->policy_id,
                           (uint64_t)s->score,
                           (uint64_t)s->flags,
                           (uint64_t)s->n_scans};
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        v[8 + i] = (uint64_t)s->counts[i];
    for (int i = 0; i < NUMBERS; i++)
        for (int k = 0; k < 8; k++)
            b[8 * i + k] = (unsigned char)(v[i] >> (56 - 8 * k));
    memcpy(b + sizeof b - SHA256_SIZE, s->scan.b, SHA256_SIZE);
    sha256_add(h, b, sizeof b);
}

static void
read_state(const struct stmt *s, struct month_state *ret)
{
    enum { C_COUNTS = 5, C_SCORE = C_COUNTS + SCAN_ROW_COUNTS, C_FLAGS, C_SCANS, C_SCAN, C_NEXT };
    *ret =
        (struct month_state){.agent_id = stmt_col_uint(s, 0),
                             .line_id = stmt_col_uint(s, 1),
                             .month = (int)stmt_col_int(s, 2),
                             .scanned_at = stmt_col_time(s, 3),
                             .policy_id = stmt_col_uint(s, 4),
                             .score = stmt_col_is_null(s, C_SCORE) ? -1 : stmt_col_int(s, C_SCORE),
                             .flags = stmt_col_int(s, C_FLAGS),
                             .n_scans = stmt_col_int(s, C_SCANS),
                             .next_month = (int)stmt_col_int(s, C_NEXT)};
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        ret->counts[i] = stmt_col_int(s, C_COUNTS + i);
    stmt_col_bytes(s, C_SCAN, ret->scan.b, SHA256_SIZE);
}

int
month_read_states(struct store *st, int month, int chunk, month_each_fn *each, void *ctx,
                  struct month_close *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_states", d);
    struct month_state row;
    enum stmt_answer rc = STMT_FAILED;
    ret->n_states = 0;
    if (!s)
        return -1;
    stmt_int(s, chunk);
    stmt_int(s, month);
    stmt_int(s, month);
    if (stmt_stream(s, d) != 0)
        return -1;
    struct sha256 *h = month_states_begin();
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        read_state(s, &row);
        month_states_add(h, &row);
        ret->n_states++;
        if (each && each(ctx, &row, d) != 0)
            break;
    }
    ret->states = sha256_final(h);
    if (rc == STMT_ROW)
        stmt_stop(s);
    return rc == STMT_END ? 0 : -1;
}

/* ---- points ---- */

int
month_read_points(struct store *st, int month, int chunk, struct arena *a, struct str *ret,
                  struct sha256_digest *ret_digest, struct diag *d)
{
    struct stmt *s = stmt_get(st, "month_points_at", d);
    struct sha256 *h = sha256_new();
    enum stmt_answer rc = STMT_FAILED;
    AUTO_BUF all = buf_init(BUF_MAX_DEFAULT);
    if (s) {
        stmt_int(s, month);
        stmt_int(s, chunk);
        rc = stmt_run(s, d) == 0 ? STMT_ROW : STMT_FAILED;
    }
    while (rc == STMT_ROW && (rc = stmt_next(s, d)) == STMT_ROW) {
        struct str piece = stmt_col_view(s, 0);
        sha256_add(h, piece.s, piece.len);
        buf_str(&all, piece);
    }
    *ret_digest = sha256_final(h);
    if (rc == STMT_END && buf_bad(&all))
        diag_fail(d, DIAG_BAD_DATA, "month_points: %s has too many", month_text(month, chunk, d->arena).s);
    *ret = buf_give(&all, a);
    return rc == STMT_END && !diag_failed(d) ? 0 : -1;
}
