/* Verification of the audit log and proofs from it: store and files -> audit room. */
#include "job/audit.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "audit/chain.h"
#include "audit/recall.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/utf8.h"
#include "job/checkpoint.h"
#include "job/tree.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(json_t *, json_decref)

enum { CHUNK = 500 };
#define MAX_EXPECTED ((size_t)1 << 30)

/* Somebody said: the log has this root at that size, or that its last record is this one then. */
struct claim {
    int64_t size;
    bool is_leaf;
    struct sha256_digest hash;
    struct str what; /* who said so */
};

struct claims {
    struct job *job;
    struct arena *a;
    struct audit_vkey key;
    VEC(struct claim) v;
    int64_t newest; /* size of the newest checkpoint of this host in the database, -1 = none */
    struct audit_verdict *verdict;
};

/* ---- what was said ---- */

static void
claim_root(struct claims *c, const struct audit_checkpoint *cp, const char *who)
{
    struct str what = arena_fmt(c->a, "%s of %lld records", who, (long long)cp->size);
    *VEC_PUSH(c->a, &c->v) = (struct claim){.size = cp->size, .hash = cp->root, .what = what};
}

static void
claim_leaf(struct claims *c, int64_t seq, const struct sha256_digest *leaf, struct str what)
{
    *VEC_PUSH(c->a, &c->v) =
        (struct claim){.size = seq + 1, .is_leaf = true, .hash = *leaf, .what = what};
}

/* The signatures of other hosts are theirs to check: their keys are not here. */
static int
claim_stored(struct claims *c, const struct store_checkpoint *s, struct diag *d)
{
    struct audit_checkpoint cp;
    bool is_mine = c->verdict->has_key && str_eq(s->origin, audit_vkey_id(&c->key, c->a));
    int rc = is_mine ? audit_checkpoint_open(s->note, &c->key, c->a, &cp, d)
                     : audit_checkpoint_read(s->note, c->a, &cp, d);
    if (rc == 0 && cp.size != s->size)
        rc = diag_fail(d, DIAG_VERIFY, "the column says %lld records", (long long)s->size);
    if (rc != 0)
        return diag_at(d, "checkpoint of %lld records in the database", (long long)s->size);
    if (is_mine && s->size > c->newest)
        c->newest = s->size;
    c->verdict->n_signed += is_mine;
    c->verdict->n_unsigned += !is_mine;
    claim_root(c, &cp, "the checkpoint");
    return 0;
}

static int
claim_database(struct claims *c, struct diag *d)
{
    struct store_checkpoint *v;
    size_t n;
    if (store_load_checkpoints(c->job->store, c->a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (claim_stored(c, &v[i], d) != 0)
            return -1;
    return 0;
}

/* What is kept outside was stored first: the database must still have it. */
static int
claim_kept(struct claims *c, struct diag *d)
{
    struct str note;
    struct audit_checkpoint cp;
    if (!c->verdict->has_key)
        return 0;
    if (job_load_kept(&c->job->config, c->a, &note, d) != 0)
        return -1;
    if (!note.len)
        return c->newest < 0
                   ? 0
                   : diag_fail(d, DIAG_VERIFY, "audit.checkpoint is gone from the state directory");
    if (audit_checkpoint_open(note, &c->key, c->a, &cp, d) != 0)
        return diag_at(d, "audit.checkpoint");
    if (cp.size > c->newest)
        return diag_fail(d, DIAG_VERIFY,
                         "a checkpoint of %lld records was made and is not in the database: it was "
                         "taken out, or the database is an older one",
                         (long long)cp.size);
    claim_root(c, &cp, "the checkpoint kept outside");
    return 0;
}

/* ---- files that somebody kept ---- */

static int
expect_nothing(struct diag *d)
{
    return diag_fail(d, DIAG_BAD_DATA,
                     "it says nothing about the audit log: want a checkpoint, a manifest.json, a "
                     "report as JSON, or exported events, one a line");
}

/* Lines of any export: each says which record it is, and its hash. */
static int
expect_events(struct claims *c, struct str text, struct diag *d)
{
    struct audit_recalled e;
    while (text.len) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (!line.len)
            continue;
        if (audit_recall(line, c->a, &e, d) != 0)
            return -1;
        claim_leaf(c, e.seq, &e.leaf,
                   arena_fmt(c->a, "the exported record %lld", (long long)e.seq));
    }
    return 0;
}

static int
expect_checkpoint(struct claims *c, struct str note, struct diag *d)
{
    struct audit_checkpoint cp;
    if (audit_checkpoint_read(note, c->a, &cp, d) != 0) {
        diag_clear(d);
        return expect_nothing(d);
    }
    if (c->verdict->has_key && audit_checkpoint_open(note, &c->key, c->a, &cp, d) != 0)
        return -1;
    claim_root(c, &cp, "the expected checkpoint");
    return 0;
}

/* "audit": {"seq": N, "hash": HEX} of a manifest, "sha256" in a report. */
static int
expect_head(struct claims *c, const json_t *audit, struct diag *d)
{
    const json_t *seq = json_object_get(audit, "seq"), *hash = json_object_get(audit, "hash");
    struct sha256_digest leaf;
    if (!hash)
        hash = json_object_get(audit, "sha256");
    const char *note = json_string_value(json_object_get(audit, "checkpoint"));
    if (note && expect_checkpoint(c, arena_str(c->a, str_c(note)), d) != 0)
        return -1;
    if (!json_is_integer(seq) || json_integer_value(seq) < 0 || !json_is_string(hash) ||
        !sha256_from_hex(str_c(json_string_value(hash)), &leaf))
        return expect_nothing(d);
    claim_leaf(
        c, json_integer_value(seq), &leaf,
        arena_fmt(c->a, "record %lld that a report names", (long long)json_integer_value(seq)));
    return 0;
}

static int
expect_text(struct claims *c, struct str text, struct diag *d)
{
    if (!str_starts(text, "{")) {
        bool is_note = str_find(text, "\n\n") >= 0 && str_find(text, "\n— ") >= 0;
        return is_note ? expect_checkpoint(c, text, d) : expect_events(c, text, d);
    }
    AUTO(json_decref_auto) json_t *v = json_loadb(text.s, text.len, 0, NULL);
    const json_t *audit = json_object_get(v, "audit");
    return json_is_object(audit) ? expect_head(c, audit, d) : expect_events(c, text, d);
}

static int
expect_file(struct claims *c, const char *path, struct diag *d)
{
    struct str text;
    size_t before = c->v.n;
    if (file_slurp(path, MAX_EXPECTED, c->a, &text, d) != 0)
        return -1;
    if (expect_text(c, text, d) != 0)
        return diag_at(d, "%s", path);
    c->verdict->n_expected += (int64_t)(c->v.n - before);
    if (c->v.n > before)
        return 0;
    expect_nothing(d);
    return diag_at(d, "%s", path);
}

/* ---- comparing ---- */

static int
by_size(const void *a, const void *b)
{
    const struct claim *p = a, *q = b;
    return p->size < q->size ? -1 : p->size > q->size;
}

static int
differs(const struct claim *c, struct diag *d)
{
    return diag_fail(d, DIAG_VERIFY,
                     c->is_leaf ? "%.*s is not the one in the log: the log was rewritten"
                                : "%.*s does not fit the records: the log was rewritten",
                     STR_ARG(c->what));
}

/* Compares the claims about the tree as it is now; leaf is the newest record's, NULL before any. */
static int
compare(struct claims *c, size_t *next, const struct audit_edge *e,
        const struct sha256_digest *leaf, struct diag *d)
{
    for (; *next < c->v.n && c->v.v[*next].size == (int64_t)e->size; ++*next) {
        const struct claim *k = &c->v.v[*next];
        struct audit_tree t = audit_edge_tree(e);
        struct sha256_digest is = k->is_leaf ? *leaf : audit_tree_root(&t);
        if (memcmp(k->hash.b, is.b, SHA256_SIZE) != 0)
            return differs(k, d);
    }
    return 0;
}

/* Claims about records that are not there. */
static int
compare_end(const struct claims *c, size_t next, int64_t size, struct diag *d)
{
    if (next == c->v.n)
        return 0;
    return diag_fail(d, DIAG_VERIFY,
                     "the log has %lld records; %.*s: its end was cut off, or the database is an "
                     "older one",
                     (long long)size, STR_ARG(c->v.v[next].what));
}

/* ---- walking ---- */

struct walk {
    struct audit_chain chain;
    struct tree_check tree;
    struct claims *claims;
    size_t next_claim;
};

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
    if (audit_chain_next(&w->chain, &cols, r->rec, a, d) != 0)
        return -1;
    if (tree_check_add(&w->tree, &w->chain.prev, d) != 0)
        return -1;
    return compare(w->claims, &w->next_claim, &w->tree.edge, &w->chain.prev, d);
}

/* The head first: records that arrive meanwhile are behind it and are left for next time. */
static int
walk_log(struct job *j, struct walk *w, struct diag *d)
{
    int64_t size;
    struct sha256_digest last;
    if (store_audit_size(j->store, &size, &last, d) != 0)
        return -1;
    int rc = compare(w->claims, &w->next_claim, &w->tree.edge, NULL, d);
    for (size_t n = 1; rc == 0 && n > 0 && w->chain.next_seq < size;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct store_record *r;
        int64_t left = size - w->chain.next_seq;
        rc = store_load_records(j->store, w->chain.next_seq, left < CHUNK ? (size_t)left : CHUNK, a,
                                &r, &n, d);
        for (size_t i = 0; rc == 0 && i < n; i++)
            rc = walk_record(w, &r[i], a, d);
        if (j->progress)
            j->progress("verify", (size_t)w->chain.next_seq, (size_t)size);
    }
    if (rc != 0 || audit_chain_end(&w->chain, size, &last, d) != 0)
        return -1;
    if (compare_end(w->claims, w->next_claim, size, d) != 0)
        return -1;
    return tree_check_end(&w->tree, d); /* last: what it says is that all else holds */
}

static int
load_key(struct claims *c, struct diag *d)
{
    struct audit_vkey *k = &c->key;
    c->verdict->has_key = job_load_vkey(&c->job->config, c->a, k, d) == 0;
    if (c->verdict->has_key || d->first.code != DIAG_CONFIG ||
        file_exists(file_join(c->a, c->job->config.state_dir.s, "audit.vkey").s))
        return c->verdict->has_key ? 0 : -1;
    diag_clear(d); /* another host's database, or one that was made before there were checkpoints */
    return 0;
}

static int
gather(struct claims *c, const char *const *files, size_t n, struct diag *d)
{
    if (load_key(c, d) != 0 || claim_database(c, d) != 0 || claim_kept(c, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (expect_file(c, files[i], d) != 0)
            return -1;
    if (c->v.n)
        qsort(c->v.v, c->v.n, sizeof *c->v.v, by_size);
    return 0;
}

int
job_audit_verify(struct job *j, const char *const *files, size_t n, struct audit_verdict *ret,
                 struct diag *d)
{
    struct claims c = {.job = j, .a = d->arena, .newest = -1, .verdict = ret};
    struct walk w = {.chain = audit_chain_start(), .claims = &c};
    tree_check_start(&w.tree, j);
    *ret = (struct audit_verdict){.n_records = 0};
    if (gather(&c, files, n, d) != 0 || walk_log(j, &w, d) != 0)
        return -1;
    ret->n_records = w.chain.next_seq;
    ret->last = w.chain.prev;
    ret->n_clock_steps = w.chain.n_clock_steps;
    ret->n_tiles = w.tree.n;
    ret->covered = c.newest > 0 ? c.newest : 0;
    return 0;
}

/* ---- proofs ---- */

int
job_audit_prove(struct job *j, int64_t seq, struct str *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct audit_checkpoint cp;
    struct audit_proof p;
    struct store_record *r;
    struct str note;
    size_t n;
    if (job_load_newest(&j->config, a, &note, &cp, d) != 0)
        return -1;
    if (seq < 0 || seq >= cp.size)
        return diag_fail(
            d, DIAG_USAGE,
            "record %lld is not covered: the newest checkpoint has %lld records (assay "
            "audit checkpoint makes another)",
            (long long)seq, (long long)cp.size);
    if (store_load_records(j->store, seq, 1, a, &r, &n, d) != 0)
        return -1;
    if (n != 1 || r->seq != seq)
        return diag_fail(d, DIAG_VERIFY, "record %lld is missing from the log", (long long)seq);
    struct sha256_digest leaf = audit_record_leaf(r->rec);
    if (job_tree_prove(j, &cp, seq, &leaf, a, &p, d) != 0)
        return -1;
    *ret = audit_proof_text(seq, &p, r->rec, note, d->arena);
    return 0;
}
