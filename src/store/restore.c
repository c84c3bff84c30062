/* What is named by a hash, and is not what the name says, is taken out, so that the rows that prepare.c
 * puts take its place. Called for `assay ingest --restore`; scans.c puts the scans back. */
#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "store/detail_base.h"
#include "store/fold.h"
#include "store/policy.h"
#include "store/seen.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct detail_bases *, detail_bases_free)

enum { MAX_NAME = 255 };

/* *n: rows that were taken out or mended so far. */
static int
drop_hash(struct store *st, const char *query, const struct hash16 *hash, int64_t *n,
          struct diag *d)
{
    struct stmt *s = stmt_get(st, query, d);
    if (!s)
        return -1;
    stmt_bytes(s, hash->b, sizeof hash->b);
    if (stmt_run(s, d) != 0)
        return -1;
    *n += stmt_affected(s);
    return 0;
}

static int
mend_name(struct store *st, const char *query, uint64_t id, struct str name, int64_t *n,
          struct diag *d)
{
    struct stmt *s = stmt_get(st, query, d);
    if (!s)
        return -1;
    stmt_str(s, name);
    stmt_uint(s, id);
    stmt_str(s, name);
    if (stmt_run(s, d) != 0)
        return -1;
    *n += stmt_affected(s);
    return 0;
}

/* A row that is gone is made as the scan says; it was first and last seen when its scans say. */
static int
put_agent(struct store *st, const struct scan *s, uint64_t group_id, struct arena *a, int64_t *n,
          struct diag *d)
{
    const struct scan_asset *as = &s->asset;
    struct str address = as->addresses.n ? as->addresses.v[0] : STR("");
    struct stmt *q = stmt_get(st, "restore_agent_put", d);
    if (!q)
        return -1;
    stmt_uint(q, ids_agent(as->name));
    stmt_str(q, as->name);
    stmt_str(q, utf8_fit(a, as->alias, MAX_NAME));
    stmt_str(q, utf8_fit(a, as->os, MAX_NAME));
    stmt_str(q, utf8_fit(a, address, MAX_NAME));
    stmt_uint(q, group_id);
    stmt_time(q, s->end);
    stmt_time(q, s->end);
    if (stmt_run(q, d) != 0)
        return -1;
    if (stmt_affected(q) != 1)
        return 0;
    ++*n;
    if (!(q = stmt_get(st, "restore_agent_seen", d)))
        return -1;
    stmt_uint(q, ids_agent(as->name));
    return stmt_run(q, d);
}

/* An agent or a group under another name than that of its id gets it back; the rest of the row stays. */
static int
mend_names(struct store *st, const struct scan *s, struct arena *a, int64_t *n, struct diag *d)
{
    struct str group = utf8_fit(a, s->asset.group, MAX_NAME);
    if (mend_name(st, "restore_agent_name", ids_agent(s->asset.name), s->asset.name, n, d) != 0 ||
        mend_name(st, "restore_group_name", ids_group(group), group, n, d) != 0)
        return -1;
    return put_agent(st, s, ids_group(group), a, n, d);
}

static int
drop_evidence(struct store *st, const struct fold_check *c, struct arena *a, int64_t *n,
              struct diag *d)
{
    struct stmt *s = stmt_get(st, "evidence_load", d);
    if (!s)
        return -1;
    stmt_bytes(s, c->evidence_hash.b, sizeof c->evidence_hash.b);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW || str_eq(stmt_col_str(s, 0, a), c->evidence))
        return rc == STMT_FAILED ? -1 : 0;
    return drop_hash(st, "restore_drop_evidence", &c->evidence_hash, n, d);
}

/* A base that was changed is taken out, so that nothing leans on it any more. */
static int
drop_base(struct store *st, const struct detail_row *row, struct detail_bases *bases,
          struct arena *a, int64_t *n, struct diag *d)
{
    struct diag one = diag_init(a);
    if (detail_base_need(st, bases, row, &one) == 0)
        return 0;
    if (one.first.code != DIAG_BAD_DATA)
        return diag_pass_on(d, &one);
    return drop_hash(st, "restore_drop_base", &row->base, n, d);
}

static int
drop_details(struct store *st, const struct fold *f, struct arena *a, int64_t *n, struct diag *d)
{
    AUTO(detail_bases_free_auto) struct detail_bases *bases = detail_bases_new();
    const struct details *v = &f->details;
    struct stmt *s = stmt_get(st, "detail_set_load", d);
    if (!s)
        return -1;
    stmt_bytes(s, v->hash.b, sizeof v->hash.b);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc == STMT_FAILED ? -1 : 0;
    struct diag one = diag_init(a);
    struct detail_row row = detail_row_read(s, a);
    struct detail_form set;
    struct details is;
    if (drop_base(st, &row, bases, a, n, d) != 0)
        return -1;
    if (detail_row_spell(&row, bases, a, a, &set, &is, &one) == 0 &&
        str_eq(is.records, v->records) && str_eq(is.words, v->words))
        return 0;
    return drop_hash(st, "restore_drop_details", &v->hash, n, d);
}

/* Behind the policies, which say where each check stands. */
static int
drop_texts_of(struct store *st, const struct scan *s, int64_t *n, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const struct policy_match *m = policy_of(st, s, d);
    struct fold f;
    if (!m)
        return -1;
    fold_scan(s, m, a, &f);
    for (size_t i = 0; i < f.policy->n; i++)
        if (f.checks[i].has_evidence && drop_evidence(st, &f.checks[i], a, n, d) != 0)
            return -1;
    if (f.details.records.len && drop_details(st, &f, a, n, d) != 0)
        return -1;
    return mend_names(st, s, a, n, d);
}

static int
drop_policies(struct store *st, const struct scan_file *f, int64_t *n, struct diag *d)
{
    if (store_begin(st, d) != 0)
        return -1;
    for (size_t i = 0; i < f->scans.n; i++) {
        bool taken;
        if (policy_take_out(st, &f->scans.v[i], &taken, d) != 0)
            return -1;
        *n += taken;
    }
    return store_commit(st, d);
}

static int
drop_texts(struct store *st, const struct scan_file *f, int64_t *n, struct diag *d)
{
    if (store_begin(st, d) != 0)
        return -1;
    for (size_t i = 0; i < f->scans.n; i++)
        if (drop_texts_of(st, &f->scans.v[i], n, d) != 0)
            return -1;
    return store_commit(st, d);
}

static int
drop_all(struct store *st, const struct scan_file *f, int64_t *n, struct diag *d)
{
    if (drop_policies(st, f, n, d) != 0)
        return -1;
    for (size_t i = 0; i < f->scans.n; i++)
        if (!policy_put(st, &f->scans.v[i], d))
            return -1;
    return drop_texts(st, f, n, d);
}

int
store_restore_named(struct store *st, const struct scan_file *f, int64_t *ret_n, struct diag *d)
{
    enum { TRIES = 8 };
    assert(!st->in_transaction);
    *ret_n = 0;
    for (int i = 1; drop_all(st, f, ret_n, d) != 0; i++) {
        store_rollback(st);
        if (!diag_may_pass(d) || i == TRIES)
            return -1;
        diag_clear(d);
    }
    seen_forget(st); /* it may be gone */
    detail_bases_forget(st);
    return 0;
}
