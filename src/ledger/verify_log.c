/* Verification of the audit log, and proofs from it: records of the database and files of others go
 * through the checks of src/audit. Called by cmd_audit.c and before anything is pruned. */
#include "ledger/verify_log.h"

#include <assert.h>

#include "audit/chain.h"
#include "audit/prune.h"
#include "base/auto.h"
#include "ledger/checkpoint.h"
#include "ledger/checkpoint_age.h"
#include "ledger/export_books.h"
#include "ledger/log_tree.h"
#include "ledger/statements.h"
#include "ledger/verify_facts.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { CHUNK = 500 };

struct walk {
    struct audit_chain chain;
    struct log_tree_check tree;
    struct statements said;
    struct verify_facts facts;
    struct export_books books;
    int64_t minimum;    /* below it texts may be gone: signed, and below a checkpoint */
    struct str refused; /* why the last permission to prune is none */
};

/* ---- pruned records ---- */

/* A record audit.prune permits that texts are gone when it is signed, and when a checkpoint covers it: a
 * record that somebody appended with the database alone has neither. */
static void
read_permission(struct walk *w, struct str rec, struct arena *a)
{
    struct audit_record r;
    struct diag d = diag_init(a);
    int64_t minimum;
    if (audit_record_parse(rec, a, &r, &d) != 0)
        return;
    if (r.seq >= w->said.newest)
        diag_fail(&d, DIAG_VERIFY, "no checkpoint covers record %lld, which permits it",
                  (long long)r.seq);
    else if (audit_prune_read(&r, &w->said.keys, a, &minimum, &d) == 0)
        w->minimum = minimum > w->minimum ? minimum : w->minimum;
    if (diag_failed(&d))
        w->refused = arena_str(w->said.a, d.first.text);
}

/* ---- walking ---- */

/* One record through all that can be compared on the way: the chain, the tree with its tiles, and what
 * was said about the log when it had this many records. */
static int
walk_record(struct walk *w, const struct store_record *r, struct arena *a, struct diag *d)
{
    struct audit_columns cols = {.seq = r->seq,
                                 .ts_us = r->ts_us,
                                 .event = r->event,
                                 .object_type = r->object_type,
                                 .object_id = r->object_id,
                                 .outcome = r->outcome,
                                 .leaf = r->leaf};
    int rc = r->is_pruned ? audit_chain_pruned(&w->chain, &cols, d)
                          : audit_chain_next(&w->chain, &cols, r->rec, a, d);
    if (rc != 0)
        return -1;
    if (r->is_pruned)
        verify_facts_pruned(&w->facts);
    else if (verify_facts_record(&w->facts, r, d) != 0)
        return -1;
    if (!r->is_pruned && str_eqc(r->event, AUDIT_PRUNE_EVENT))
        read_permission(w, r->rec, a);
    export_books_add(&w->books, r, a);
    /* the chain has moved on: its prev is the leaf of this record */
    if (log_tree_check_add(&w->tree, &w->chain.prev, d) != 0)
        return -1;
    return statements_compare(&w->said, &w->tree.edge, &w->chain.prev, d);
}

/* What can be said only when all records were seen: how many there are, that nothing was said about
 * more of them, and that every text that is gone was permitted to go. The tiles come last, because
 * their failure says that all else holds. */
static int
check_end(struct walk *w, int64_t size, const struct sha256_digest *last, struct diag *d)
{
    if (audit_chain_end(&w->chain, size, last, d) != 0 || statements_end(&w->said, size, d) != 0)
        return -1;
    if (w->chain.n_pruned > w->minimum) {
        diag_fail(d, DIAG_VERIFY, "the text is gone, and nothing that is signed permits it%s%.*s",
                  w->refused.len ? ": " : "", STR_ARG(w->refused));
        return diag_at(d, "record %lld", (long long)w->minimum);
    }
    return log_tree_check_end(&w->tree, d);
}

/* The size is read first: records that arrive meanwhile are not looked at this time. */
static int
walk_log(struct act *act, struct walk *w, struct diag *d)
{
    int64_t size;
    struct sha256_digest last;
    if (store_audit_size(act->store, &size, &last, d) != 0)
        return -1;
    int rc = statements_compare(&w->said, &w->tree.edge, NULL, d);
    for (size_t n = 1; rc == 0 && n > 0 && w->chain.next_seq < size;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct store_record *r;
        int64_t left = size - w->chain.next_seq;
        rc = store_load_records(act->store, w->chain.next_seq, left < CHUNK ? (size_t)left : CHUNK,
                                a, &r, &n, d);
        for (size_t i = 0; rc == 0 && i < n; i++)
            rc = walk_record(w, &r[i], a, d);
        if (act->progress)
            act->progress("verify", (size_t)w->chain.next_seq, (size_t)size);
    }
    return rc == 0 ? check_end(w, size, &last, d) : -1;
}

/* A host without a key signs nothing, so nothing of it can be too old. */
static int
verify_age(struct act *act, struct audit_verdict *ret, struct diag *d)
{
    struct checkpoint_age f;
    int64_t size;
    if (!ret->has_key)
        return 0;
    /* of the records that were walked: more may have come meanwhile */
    if (checkpoint_age_size(act, ret->n_records, &size, d) != 0 ||
        checkpoint_age_read(act, size, &f, d) != 0)
        return -1;
    ret->age_s = f.age_s;
    ret->is_old = f.is_old;
    return checkpoint_age_check(&act->config, &f, d);
}

static int
verify_witnesses(struct act *act, struct audit_verdict *ret, struct diag *d)
{
    struct str kept = STR("");
    if (ret->has_key && checkpoint_load_kept(&act->config, d->arena, &kept, d) != 0)
        return -1;
    return witness_verify(act, kept, &ret->witnesses, d);
}

int
verify_log_run(struct act *act, const struct expected *e, struct audit_verdict *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct walk w = {.chain = audit_chain_start(), .refused = STR("")};
    const struct statements *c = &w.said;
    log_tree_check_start(&w.tree, act);
    *ret = (struct audit_verdict){.age_s = -1};
    verify_facts_start(&w.facts, act);
    int rc = export_books_open(&w.books, act, a, d) == 0 &&
                     statements_gather(&w.said, act, e, d) == 0
                 ? walk_log(act, &w, d)
                 : -1;
    if (rc == 0 && (rc = verify_facts_end(&w.facts, &ret->facts, d)) != 0 &&
        d->first.code == DIAG_BAD_DATA)
        d->first.code = DIAG_VERIFY; /* a row that cannot be: the tables do not hold */
    verify_facts_free(&w.facts);
    if (rc != 0 ||
        export_books_compare(&w.books, act, w.chain.next_seq, &ret->n_cursors, d) != 0 ||
        export_books_gaps(&w.books, act, c->gaps.v, c->gaps.n, d) != 0)
        return -1;
    assert(w.chain.n_pruned <= w.chain.next_seq);
    ret->n_records = w.chain.next_seq;
    ret->last = w.chain.prev;
    ret->n_clock_steps = w.chain.n_clock_steps;
    ret->n_tiles = w.tree.n;
    ret->n_pruned = w.chain.n_pruned;
    ret->covered = c->newest > 0 ? c->newest : 0;
    ret->has_key = c->keys.v.n > 0;
    ret->n_signed = c->n_signed;
    ret->n_unsigned = c->n_unsigned;
    ret->n_expected = c->n_expected;
    ret->n_sent = c->n_sent;
    ret->n_stamped = c->n_stamped;
    ret->stamped_at = c->stamped_at;
    ret->n_unstamped = c->n_unstamped;
    return verify_witnesses(act, ret, d) == 0 ? verify_age(act, ret, d) : -1;
}

/* ---- proofs ---- */

int
verify_log_prove(struct act *act, int64_t seq, struct str *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct audit_checkpoint cp;
    struct audit_proof p;
    struct store_record *r;
    struct str note;
    size_t n;
    if (checkpoint_load_newest(&act->config, a, &note, &cp, d) != 0)
        return -1;
    if (seq < 0 || seq >= cp.size)
        return diag_fail(
            d, DIAG_USAGE,
            "record %lld is not covered: the newest checkpoint has %lld records (assay "
            "audit checkpoint makes another)",
            (long long)seq, (long long)cp.size);
    if (store_load_records(act->store, seq, 1, a, &r, &n, d) != 0)
        return -1;
    if (n != 1 || r->seq != seq)
        return diag_fail(d, DIAG_VERIFY, "record %lld is missing from the log", (long long)seq);
    if (r->is_pruned)
        return diag_fail(
            d, DIAG_USAGE,
            "record %lld was pruned: its hash is in the log, its text is gone; a proof "
            "that was made before still holds",
            (long long)seq);
    struct sha256_digest leaf = audit_record_leaf(r->rec);
    if (log_tree_prove(act, &cp, seq, &leaf, a, &p, d) != 0)
        return -1;
    *ret = audit_proof_text(seq, &p, r->rec, note, d->arena);
    return 0;
}
