/* Files received, and what was odd about them. Called by intake; load_files.c reads them for reports. */
#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "store/bulk.h"
#include "store/fact_rows.h"
#include "store/ids.h"
#include "store/session.h"
#include "store/stmt.h"
#include "store/unsent.h"

enum { MANY = 40 }; /* parameters of input_many and input_agents */

int
store_put_inputs(struct store *st, const struct store_input *const *in, size_t n, struct diag *d)
{
    assert(st->in_transaction);
    if (unsent_send(st, d) != 0) /* before the audit log is locked, which all ingesters share */
        return -1;
    for (size_t i = 0; i < n; i++) {
        const struct fact_item item = {.kind = FACT_INPUT, .sha256 = in[i]->sha256};
        store_facts_for(st, in[i]->event);
        facts_touch(st, &item);
    }
    if (facts_look(st, d) != 0)
        return -1;
    struct bulk b = bulk_begin(st, "bulk_input");
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_bytes(&b, in[i]->sha256.b, SHA256_SIZE);
        bulk_str(&b, utf8_fit(d->arena, in[i]->name, 1020));
        bulk_str(&b, in[i]->format);
        bulk_str(&b, in[i]->verdict);
        bulk_str(&b, utf8_fit(d->arena, in[i]->reason, 4090));
        bulk_str(&b, utf8_fit(d->arena, in[i]->host, 255));
        bulk_int(&b, in[i]->size);
        bulk_time(&b, in[i]->received);
        bulk_int(&b, in[i]->n_scans);
        bulk_str(&b, utf8_fit(d->arena, in[i]->custody, 1020));
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}

int
store_put_warnings(struct store *st, const struct scan_file *f, struct diag *d)
{
    assert(st->in_transaction);
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

/* Runs a statement whose parameters are the hashes of up to MANY files. */
static struct stmt *
run_hashes(struct store *st, const char *name, const struct store_bytes *files, size_t n,
           struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    assert(n > 0 && n <= MANY);
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

/* Marks the files of which an agent that is named has a scan, by what a statement says. */
static int
mark_his(struct store *st, const char *name, const struct store_bytes *files, size_t n,
         bool *is_his, struct diag *d)
{
    struct stmt *s = run_hashes(st, name, files, n, d);
    enum stmt_answer rc = s ? STMT_END : STMT_FAILED;
    while (s && (rc = stmt_next(s, d)) == STMT_ROW) {
        struct sha256_digest hash;
        uint64_t agent_id = stmt_col_uint(s, 1);
        stmt_col_bytes(s, 0, hash.b, SHA256_SIZE);
        for (size_t i = 0; i < n; i++)
            is_his[i] = is_his[i] || (is_hash(&files[i], &hash) && files[i].agent.len &&
                                      ids_agent(files[i].agent) == agent_id);
    }
    return rc;
}

/* Files whose transport names an agent are known only as files of that agent; also those of which no
 * scan counts. */
static int
ask_whose(struct store *st, const struct store_bytes *files, size_t n, bool *ret, struct diag *d)
{
    bool is_his[MANY] = {false}, asks = false;
    for (size_t i = 0; i < n; i++)
        asks = asks || (ret[i] && files[i].agent.len);
    if (asks && (mark_his(st, "input_agents", files, n, is_his, d) != 0 ||
                 mark_his(st, "revision_agents", files, n, is_his, d) != 0))
        return -1;
    for (size_t i = 0; i < n; i++)
        ret[i] = ret[i] && (!files[i].agent.len || is_his[i]);
    return 0;
}

static int
find_some_files(struct store *st, const struct store_bytes *files, size_t n, bool *ret,
                struct diag *d)
{
    struct stmt *s = run_hashes(st, "input_many", files, n, d);
    if (!s)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
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
        if (find_some_files(st, files + i, n - i < MANY ? n - i : MANY, ret + i, d) != 0)
            return -1;
    return 0;
}
