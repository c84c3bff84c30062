/* Inputs, report runs, the audit log and settings: small rows, one function each. */
#include <assert.h>
#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "store/bulk.h"
#include "store/ids.h"
#include "store/session.h"
#include "store/stmt.h"
#include "store/unsent.h"

enum { MANY = 40 }; /* parameters of input_many */

/* ---- inputs ---- */

static int
put_input(struct bulk *b, const struct store_input *in, struct diag *d)
{
    bulk_row(b);
    bulk_bytes(b, in->sha256.b, SHA256_SIZE);
    bulk_str(b, utf8_fit(d->arena, in->name, 1020));
    bulk_str(b, in->format);
    bulk_str(b, in->verdict);
    bulk_str(b, utf8_fit(d->arena, in->reason, 4090));
    bulk_str(b, utf8_fit(d->arena, in->host, 255));
    bulk_int(b, in->size);
    bulk_time(b, in->received);
    bulk_int(b, in->n_scans);
    bulk_str(b, utf8_fit(d->arena, in->custody, 1020));
    return bulk_row_end(b, d);
}

int
store_put_inputs(struct store *st, const struct store_input *const *in, size_t n, struct diag *d)
{
    if (unsent_send(st, d) != 0) /* before the audit log is locked, which all ingesters share */
        return -1;
    struct bulk b = bulk_begin(st, "bulk_input");
    for (size_t i = 0; i < n && !diag_failed(d); i++)
        put_input(&b, in[i], d);
    return bulk_end(&b, d);
}

int
store_put_warnings(struct store *st, const struct scan_file *f, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_input_warning");
    for (size_t i = 0; i < f->warnings.n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_bytes(&b, f->sha256.b, SHA256_SIZE);
        bulk_int(&b, (int64_t)i);
        bulk_str(&b, str_c(diag_word(f->warnings.v[i].code)));
        bulk_str(&b, utf8_fit(d->arena, f->warnings.v[i].place, 1020));
        bulk_str(&b, utf8_fit(d->arena, f->warnings.v[i].text, 2040));
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

int
store_find_input(struct store *st, const struct sha256_digest *sha256, struct arena *a,
                 struct store_input *ret, struct diag *d)
{
    struct store_input in = {.sha256 = *sha256, .received = CLOCK_NONE};
    in.name = in.format = in.verdict = in.reason = in.host = in.custody = STR("");
    struct stmt *s = stmt_get(st, "input_find", d);
    if (!s)
        return -1;
    stmt_bytes(s, sha256->b, SHA256_SIZE);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    if (rc == 1) {
        in.name = stmt_col_str(s, 0, a);
        in.format = stmt_col_str(s, 1, a);
        in.verdict = stmt_col_str(s, 2, a);
        in.reason = stmt_col_str(s, 3, a);
        in.received = stmt_col_time(s, 4);
        in.n_scans = stmt_col_int(s, 5);
        in.custody = stmt_col_str(s, 6, a);
    }
    *ret = in;
    return rc < 0 ? -1 : 0;
}

/* Runs a statement whose parameters are the hashes of up to MANY files. */
static struct stmt *
run_hashes(struct store *st, const char *name, const struct store_bytes *files, size_t n,
           struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    if (!s)
        return NULL;
    for (size_t i = 0; i < MANY; i++)
        stmt_bytes(s, files[i < n ? i : 0].sha256->b, SHA256_SIZE);
    return stmt_run(s, d) == 0 ? s : NULL;
}

static bool
is_hash(const struct store_bytes *f, const struct sha256_digest *hash)
{
    return memcmp(f->sha256->b, hash->b, SHA256_SIZE) == 0;
}

/* Files whose transport names an agent are known only as files of that agent. */
static int
ask_whose(struct store *st, const struct store_bytes *files, size_t n, bool *ret, struct diag *d)
{
    bool is_his[MANY] = {false}, asks = false;
    for (size_t i = 0; i < n; i++)
        asks = asks || (ret[i] && files[i].agent.len);
    struct stmt *s = asks ? run_hashes(st, "input_agents", files, n, d) : NULL;
    int rc = asks && !s ? -1 : 0;
    while (s && (rc = stmt_next(s, d)) == 1) {
        struct sha256_digest hash;
        uint64_t agent_id = stmt_col_uint(s, 1);
        stmt_col_bytes(s, 0, hash.b, SHA256_SIZE);
        for (size_t i = 0; i < n; i++)
            is_his[i] = is_his[i] || (is_hash(&files[i], &hash) && files[i].agent.len &&
                                      ids_agent(files[i].agent) == agent_id);
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = ret[i] && (!files[i].agent.len || is_his[i]);
    return rc;
}

static int
find_some(struct store *st, const struct store_bytes *files, size_t n, bool *ret, struct diag *d)
{
    struct stmt *s = run_hashes(st, "input_many", files, n, d);
    if (!s)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1) {
        struct sha256_digest hash;
        stmt_col_bytes(s, 0, hash.b, SHA256_SIZE);
        for (size_t i = 0; i < n; i++)
            ret[i] = ret[i] || is_hash(&files[i], &hash);
    }
    return rc == 0 ? ask_whose(st, files, n, ret, d) : -1;
}

int
store_find_stored(struct store *st, const struct store_bytes *files, size_t n, bool *ret,
                  struct diag *d)
{
    memset(ret, 0, n * sizeof *ret);
    for (size_t i = 0; i < n; i += MANY)
        if (find_some(st, files + i, n - i < MANY ? n - i : MANY, ret + i, d) != 0)
            return -1;
    return 0;
}

/* ---- report runs ---- */

static int
try_claim(struct store *st, const char *name, struct str definition, struct str period_key,
          int lease_s, uint64_t token, bool *ret_won, struct diag *d)
{
    bool insert = strcmp(name, "run_insert") == 0;
    struct stmt *s = stmt_get(st, name, d);
    if (!s)
        return -1;
    if (insert) {
        stmt_str(s, definition);
        stmt_str(s, period_key);
    }
    stmt_uint(s, token);
    stmt_int(s, lease_s);
    stmt_str(s, str_c(env_host()));
    if (!insert) {
        stmt_str(s, definition);
        stmt_str(s, period_key);
    }
    if (stmt_run(s, d) != 0)
        return -1;
    *ret_won = stmt_affected(s) == 1;
    return 0;
}

int
store_claim_run(struct store *st, struct str definition, struct str period_key, int lease_s,
                uint64_t *ret_token, struct diag *d)
{
    uint64_t token = env_random_id();
    bool won = false;
    assert(!st->in_transaction);
    if (try_claim(st, "run_insert", definition, period_key, lease_s, token, &won, d) != 0)
        return -1;
    if (!won &&
        try_claim(st, "run_take_over", definition, period_key, lease_s, token, &won, d) != 0)
        return -1;
    *ret_token = won ? token : 0;
    return 0;
}

int
store_finish_run(struct store *st, uint64_t token, const struct store_run *run, struct diag *d)
{
    struct stmt *s = stmt_get(st, "run_finish", d);
    if (!s)
        return -1;
    stmt_str(s, run->state);
    stmt_str(s, run->report_id);
    stmt_str(s, run->dataset_hex);
    stmt_str(s, run->manifest_hex);
    stmt_time(s, run->changed);
    stmt_str(s, run->definition);
    stmt_str(s, run->period_key);
    stmt_uint(s, token);
    if (stmt_run(s, d) != 0)
        return -1;
    if (stmt_affected(s) == 1)
        return 0;
    return diag_fail(d, DIAG_BUSY, "another host took over %.*s %.*s", STR_ARG(run->definition),
                     STR_ARG(run->period_key));
}

int
store_load_runs(struct store *st, struct str definition, struct arena *a, struct store_run **ret,
                size_t *ret_n, struct diag *d)
{
    VEC(struct store_run) runs = {0};
    struct stmt *s = stmt_get(st, "run_list", d);
    if (!s)
        return -1;
    stmt_str(s, definition);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1)
        *VEC_PUSH(a, &runs) = (struct store_run){.definition = definition,
                                                 .period_key = stmt_col_str(s, 0, a),
                                                 .state = stmt_col_str(s, 1, a),
                                                 .host = stmt_col_str(s, 2, a),
                                                 .report_id = stmt_col_str(s, 3, a),
                                                 .dataset_hex = stmt_col_str(s, 4, a),
                                                 .manifest_hex = stmt_col_str(s, 5, a),
                                                 .changed = stmt_col_time(s, 6)};
    *ret = runs.v;
    *ret_n = runs.n;
    return rc;
}

int
store_first_scan(struct store *st, int64_t *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "first_scan", d);
    if (!s || stmt_run(s, d) != 0 || stmt_next(s, d) != 1)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to first_scan");
    *ret = stmt_col_time(s, 0);
    return 0;
}

/* ---- the audit log ---- */

static int
read_head(struct store *st, const char *name, int64_t *ret_size, struct sha256_digest *ret_last,
          struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    if (rc == 0)
        return diag_fail(d, DIAG_VERIFY, "the head of the audit log is missing");
    if (rc < 0)
        return -1;
    *ret_size = stmt_col_int(s, 0);
    stmt_col_bytes(s, 1, ret_last->b, SHA256_SIZE);
    return 0;
}

int
store_lock_audit_head(struct store *st, int64_t *ret_seq, struct sha256_digest *ret_prev,
                      struct diag *d)
{
    assert(st->in_transaction);
    return read_head(st, "audit_head_lock", ret_seq, ret_prev, d);
}

int
store_audit_size(struct store *st, int64_t *ret_size, struct sha256_digest *ret_last,
                 struct diag *d)
{
    return read_head(st, "audit_head", ret_size, ret_last, d);
}

static int
insert_records(struct store *st, const struct store_record *r, size_t n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_audit");
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        assert(r[i].seq == r[0].seq + (int64_t)i);
        bulk_row(&b);
        bulk_int(&b, r[i].seq);
        bulk_time_us(&b, r[i].ts_us);
        bulk_str(&b, r[i].event);
        bulk_str(&b, r[i].object_type);
        bulk_str(&b, utf8_repair(d->arena, r[i].object_id)); /* often a path: any bytes */
        bulk_int(&b, r[i].outcome);
        bulk_bytes(&b, r[i].leaf.b, SHA256_SIZE);
        bulk_bytes(&b, r[i].rec.s, r[i].rec.len);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

int
store_put_records(struct store *st, const struct store_record *r, size_t n, struct diag *d)
{
    assert(st->in_transaction);
    if (n == 0)
        return 0;
    if (insert_records(st, r, n, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "audit_head_move", d);
    if (!s)
        return -1;
    stmt_int(s, r[0].seq + (int64_t)n);
    stmt_bytes(s, r[n - 1].leaf.b, SHA256_SIZE);
    stmt_int(s, r[0].seq);
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1
               ? 0
               : diag_fail(d, DIAG_VERIFY, "the head of the audit log is not at record %lld",
                           (long long)r[0].seq);
}

int
store_load_records(struct store *st, int64_t from_seq, size_t max, struct arena *a,
                   struct store_record **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct store_record) list = {0};
    struct stmt *s = stmt_get(st, "audit_load", d);
    if (!s)
        return -1;
    stmt_int(s, from_seq);
    stmt_int(s, (int64_t)max);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1) {
        struct store_record *r = VEC_PUSH(a, &list);
        r->seq = stmt_col_int(s, 0);
        r->ts_us = stmt_col_int(s, 1);
        r->event = stmt_col_str(s, 2, a);
        r->object_type = stmt_col_str(s, 3, a);
        r->object_id = stmt_col_str(s, 4, a);
        r->outcome = (int)stmt_col_int(s, 5);
        stmt_col_bytes(s, 6, r->leaf.b, SHA256_SIZE);
        r->rec = stmt_col_str(s, 7, a);
        r->is_pruned = stmt_col_is_null(s, 7);
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

/* ---- settings ---- */

int
store_load_setting(struct store *st, struct str key, struct arena *a, struct str *ret,
                   struct diag *d)
{
    struct stmt *s = stmt_get(st, "setting_load", d);
    if (!s)
        return -1;
    stmt_str(s, key);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    *ret = rc == 1 ? stmt_col_str(s, 0, a) : STR("");
    return rc < 0 ? -1 : 0;
}

int
store_put_setting(struct store *st, struct str key, struct str value, struct diag *d)
{
    struct stmt *s = stmt_get(st, "setting_put", d);
    if (!s)
        return -1;
    stmt_str(s, key);
    stmt_str(s, utf8_repair(d->arena, value));
    return stmt_run(s, d);
}
