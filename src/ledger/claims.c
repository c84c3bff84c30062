/* What was ever said about the audit log; audit.c walks the records and asks whether it is true. */
#include "ledger/claims.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "audit/recall.h"
#include "base/auto.h"
#include "base/file.h"
#include "ledger/anchor.h"
#include "ledger/carried.h"
#include "ledger/checkpoint.h"

AUTO_DEFINE(json_t *, json_decref)

#define MAX_EXPECTED ((size_t)1 << 30)

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
    assert(seq >= 0);
    *VEC_PUSH(c->a, &c->v) = (struct claim){
        .size = seq < INT64_MAX ? seq + 1 : seq, .is_leaf = true, .hash = *leaf, .what = what};
}

/* The signatures of other hosts are theirs to check: their keys are not here. */
static int
claim_stored(struct claims *c, const struct store_checkpoint *s, struct diag *d)
{
    struct audit_checkpoint cp;
    const struct audit_key_span *mine = audit_keys_find(&c->keys, s->origin, c->a);
    int rc = mine ? audit_key_open(mine, s->note, c->a, &cp, d)
                  : audit_checkpoint_read(s->note, c->a, &cp, d);
    if (rc == 0 && cp.size != s->size)
        rc = diag_fail(d, DIAG_VERIFY, "the column says %lld records", (long long)s->size);
    if (rc != 0)
        return diag_at(d, "checkpoint of %lld records in the database", (long long)s->size);
    if (mine && s->size > c->newest)
        c->newest = s->size;
    c->n_signed += mine != NULL;
    c->n_unsigned += !mine;
    claim_root(c, &cp, "the checkpoint");
    return 0;
}

static int
claim_database(struct claims *c, struct diag *d)
{
    struct store_checkpoint *v;
    size_t n;
    if (store_load_checkpoints(c->act->store, c->a, &v, &n, d) != 0)
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
    struct str note = c->kept;
    struct audit_checkpoint cp;
    if (c->keys.v.n == 0)
        return 0;
    if (!note.len && checkpoint_load_kept(&c->act->config, c->a, &note, d) != 0)
        return -1;
    if (!note.len)
        return c->newest < 0
                   ? 0
                   : diag_fail(d, DIAG_VERIFY, "audit.checkpoint is gone from the state directory");
    if (audit_keys_open(&c->keys, note, c->a, &cp, NULL, d) != 0)
        return diag_at(d, "audit.checkpoint");
    if (cp.size > c->newest)
        return diag_fail(d, DIAG_VERIFY,
                         "a checkpoint of %lld records was made and is not in the database: it was "
                         "taken out, or the database is an older one",
                         (long long)cp.size);
    claim_root(c, &cp, "the checkpoint kept outside");
    return 0;
}

/* A time stamp is of a checkpoint like any other; what it says of the time holds besides. */
static int
claim_anchor(struct claims *c, const struct anchor *one, struct diag *d)
{
    struct audit_checkpoint cp;
    struct sign_stamp s;
    const struct config *k = &c->act->config;
    if (audit_checkpoint_read(one->note, c->a, &cp, d) != 0)
        return -1;
    if (audit_keys_know(&c->keys, one->note, c->a) &&
        audit_keys_open(&c->keys, one->note, c->a, &cp, NULL, d) != 0)
        return -1;
    claim_root(c, &cp, "the time-stamped checkpoint");
    c->n_unstamped += !k->tsa_ca.len;
    if (!k->tsa_ca.len)
        return 0;
    if (timestamp_verify(one->tsr, one->note, k->tsa_ca.s, c->a, &s, d) != 0)
        return -1;
    c->n_stamped++;
    c->stamped_at = s.at > c->stamped_at ? s.at : c->stamped_at;
    return 0;
}

static int
claim_anchors(struct claims *c, struct diag *d)
{
    struct anchor *v;
    size_t n;
    if (anchor_load(c->act, c->a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (claim_anchor(c, &v[i], d) != 0)
            return diag_at(d, "%.*s", STR_ARG(v[i].where));
    return 0;
}

/* ---- files that somebody kept ---- */

static int
expect_nothing(struct diag *d)
{
    return diag_fail(d, DIAG_BAD_DATA,
                     "it says nothing about the audit log: want a checkpoint, a manifest.json, a "
                     "report as PDF, HTML or JSON, or exported events, one a line");
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
    if (c->keys.v.n > 0 && audit_keys_open(&c->keys, note, c->a, &cp, NULL, d) != 0)
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
expect_report(struct claims *c, struct str bytes, struct diag *d)
{
    struct str note;
    return carried_checkpoint(bytes, c->a, &note, d) == 0 ? expect_checkpoint(c, note, d) : -1;
}

static int
expect_text(struct claims *c, struct str text, struct diag *d)
{
    if (carried_is_report(text))
        return expect_report(c, text, d);
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
    c->n_expected += (int64_t)(c->v.n - before);
    if (c->v.n > before)
        return 0;
    expect_nothing(d);
    return diag_at(d, "%s", path);
}

/* ---- comparing ---- */

/* The walk meets them in this order, each once. */
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

int
claims_compare(struct claims *c, const struct audit_edge *e, const struct sha256_digest *leaf,
               struct diag *d)
{
    for (; c->next < c->v.n && c->v.v[c->next].size == (int64_t)e->size; c->next++) {
        const struct claim *k = &c->v.v[c->next];
        struct audit_tree t = audit_edge_tree(e);
        assert(leaf || !k->is_leaf); /* no record stands before the first */
        struct sha256_digest is = k->is_leaf ? *leaf : audit_tree_root(&t);
        if (memcmp(k->hash.b, is.b, SHA256_SIZE) != 0)
            return differs(k, d);
    }
    return 0;
}

int
claims_end(const struct claims *c, int64_t size, struct diag *d)
{
    assert(c->next <= c->v.n);
    if (c->next == c->v.n)
        return 0;
    return diag_fail(d, DIAG_VERIFY,
                     "the log has %lld records; %.*s: its end was cut off, or the database is an "
                     "older one",
                     (long long)size, STR_ARG(c->v.v[c->next].what));
}

/* ---- gathering ---- */

static int
load_keys(struct claims *c, struct diag *d)
{
    const struct config *f = &c->act->config;
    if (keys_load_all(f, c->a, &c->keys, d) == 0)
        return 0;
    if (d->first.code != DIAG_CONFIG ||
        file_exists(file_join(c->a, f->state_dir.s, "audit.vkey").s) ||
        file_exists(file_join(c->a, f->state_dir.s, "audit.vkeys").s))
        return -1;
    diag_clear(d); /* another host's database, or one that was made before there were checkpoints */
    return 0;
}

int
claims_gather(struct claims *c, struct act *act, const char *const *files, size_t n, struct diag *d)
{
    *c = (struct claims){.act = act, .a = d->arena, .newest = -1};
    if (load_keys(c, d) != 0 || claim_database(c, d) != 0 || claim_kept(c, d) != 0 ||
        claim_anchors(c, d) != 0)
        return -1;
    assert(files || n == 0);
    for (size_t i = 0; i < n; i++)
        if (expect_file(c, files[i], d) != 0)
            return -1;
    if (c->v.n)
        qsort(c->v.v, c->v.n, sizeof *c->v.v, by_size);
    return 0;
}
