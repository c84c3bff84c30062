/* Gathers what was ever said about the audit log; expected.c has read the files of others. verify_log.c
 * walks the records and compares. */
#include "ledger/statements.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "act/sent.h"
#include "base/clock.h"
#include "base/file.h"
#include "ledger/anchor.h"
#include "ledger/checkpoint.h"

/* ---- here: database, state directory, time stamps ---- */

static void
add_root(struct statements *c, const struct audit_checkpoint *cp, const char *who)
{
    struct str what = arena_fmt(c->a, "%s of %lld records", who, (long long)cp->size);
    *VEC_PUSH(c->a, &c->v) = (struct statement){.size = cp->size, .hash = cp->root, .what = what};
}

static void
add_leaf(struct statements *c, int64_t seq, const struct sha256_digest *leaf, struct str what)
{
    assert(seq >= 0);
    *VEC_PUSH(c->a, &c->v) = (struct statement){
        .size = seq < INT64_MAX ? seq + 1 : seq, .is_leaf = true, .hash = *leaf, .what = what};
}

/* A checkpoint of the database. Of one that another host signed only the root can be compared: its key
 * is not here. */
static int
add_one_stored(struct statements *c, const struct store_checkpoint *s, struct diag *d)
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
    add_root(c, &cp, "the checkpoint");
    return 0;
}

static int
add_stored(struct statements *c, struct diag *d)
{
    struct store_checkpoint *v;
    size_t n;
    if (store_load_checkpoints(c->act->store, c->a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (add_one_stored(c, &v[i], d) != 0)
            return -1;
    return 0;
}

/* The checkpoint that is kept outside was in the database first, and must still be there: of two that are made
 * at the same time it is the older one, as it was read before the database. */
static int
add_kept(struct statements *c, struct diag *d)
{
    struct str note = c->kept;
    struct audit_checkpoint cp;
    if (c->keys.v.n == 0)
        return 0;
    if (!note.len && checkpoint_load_kept(&c->act->config, c->a, &note, d) != 0)
        return -1; /* the first one, which is being made */
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
    add_root(c, &cp, "the checkpoint kept outside");
    return 0;
}

/* A time stamp: of the checkpoint in it size and root are compared like those of any other; whether
 * the authority really said so is checked when the settings name whom to trust. */
static int
add_stamp(struct statements *c, const struct anchor *one, struct diag *d)
{
    struct audit_checkpoint cp;
    struct sign_stamp s;
    const struct config *k = &c->act->config;
    if (audit_checkpoint_read(one->note, c->a, &cp, d) != 0)
        return -1;
    if (audit_keys_know(&c->keys, one->note, c->a) &&
        audit_keys_open(&c->keys, one->note, c->a, &cp, NULL, d) != 0)
        return -1;
    add_root(c, &cp, "the time-stamped checkpoint");
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
add_stamps(struct statements *c, struct diag *d)
{
    struct anchor *v;
    size_t n;
    if (anchor_load(c->act, c->a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (add_stamp(c, &v[i], d) != 0)
            return diag_at(d, "%.*s", STR_ARG(v[i].where));
    return 0;
}

/* What exporters remember: which record was sent, and how it was then. */
static int
add_sent(struct statements *c, struct diag *d)
{
    struct sent *v;
    size_t n;
    if (sent_list(&c->act->config, c->a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (v[i].last.seq < 0)
            continue;
        add_leaf(c, v[i].last.seq, &v[i].last.leaf,
                 arena_fmt(c->a, "record %lld that was sent to %.*s at %s",
                           (long long)v[i].last.seq, STR_ARG(v[i].target),
                           clock_iso(c->a, v[i].at).s));
        c->n_sent++;
    }
    return 0;
}

/* ---- elsewhere: files that somebody kept ---- */

static int
by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* What the records of a file, which are the statements from `from` on, leave out. They may stand in any
 * order, and some twice. */
static void
find_gaps(struct statements *c, size_t from, struct str path)
{
    size_t n = 0;
    int64_t *seqs = ARENA_ARRAY(c->a, int64_t, c->v.n - from + 1);
    for (size_t i = from; i < c->v.n; i++)
        if (c->v.v[i].is_leaf)
            seqs[n++] = c->v.v[i].size - 1;
    if (n)
        qsort(seqs, n, sizeof *seqs, by_number);
    for (size_t i = 1; i < n; i++)
        if (seqs[i] > seqs[i - 1] + 1)
            *VEC_PUSH(c->a, &c->gaps) = (struct statement_gap){path, seqs[i - 1] + 1, seqs[i]};
}

static void
add_file(struct statements *c, const struct expected_file *f)
{
    size_t before = c->v.n;
    for (size_t i = 0; i < f->said.n; i++) {
        const struct expected_one *one = &f->said.v[i];
        const struct audit_checkpoint cp = {.size = one->at, .root = one->hash};
        if (one->kind == EXPECTED_CHECKPOINT)
            add_root(c, &cp, "the expected checkpoint");
        else
            add_leaf(c, one->at, &one->hash,
                     arena_fmt(c->a,
                               one->kind == EXPECTED_EVENT ? "the exported record %lld"
                                                           : "record %lld that a report names",
                               (long long)one->at));
    }
    c->n_expected += (int64_t)f->said.n;
    find_gaps(c, before, f->path);
}

static int
add_expected(struct statements *c, const struct expected *e, struct diag *d)
{
    for (size_t i = 0; i < e->v.n; i++)
        add_file(c, &e->v.v[i]);
    return diag_failed(&e->why) ? diag_pass_on(d, &e->why) : 0;
}

/* ---- comparing ---- */

/* The walk meets them in this order, each once. */
static int
by_size(const void *a, const void *b)
{
    const struct statement *p = a, *q = b;
    return p->size < q->size ? -1 : p->size > q->size;
}

int
statements_compare(struct statements *c, const struct audit_edge *e,
                   const struct sha256_digest *leaf, struct diag *d)
{
    for (; c->next < c->v.n && c->v.v[c->next].size == (int64_t)e->size; c->next++) {
        const struct statement *k = &c->v.v[c->next];
        struct audit_tree t = audit_edge_tree(e);
        assert(leaf || !k->is_leaf); /* no record stands before the first */
        struct sha256_digest is = k->is_leaf ? *leaf : audit_tree_root(&t);
        if (memcmp(k->hash.b, is.b, SHA256_SIZE) != 0)
            return diag_fail(d, DIAG_VERIFY,
                             k->is_leaf ? "%.*s is not the one in the log: the log was rewritten"
                                        : "%.*s does not fit the records: the log was rewritten",
                             STR_ARG(k->what));
    }
    return 0;
}

int
statements_end(const struct statements *c, int64_t size, struct diag *d)
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

int
statements_gather(struct statements *c, struct act *act, const struct expected *e, struct diag *d)
{
    *c = (struct statements){.act = act, .a = d->arena, .newest = -1};
    if (log_keys_load_any(&act->config, c->a, &c->keys, d) != 0 ||
        checkpoint_load_kept(&act->config, c->a, &c->kept, d) != 0 || add_stored(c, d) != 0 ||
        add_kept(c, d) != 0 || add_stamps(c, d) != 0 || add_sent(c, d) != 0 ||
        (e && add_expected(c, e, d) != 0))
        return -1;
    if (c->v.n)
        qsort(c->v.v, c->v.n, sizeof *c->v.v, by_size);
    return 0;
}
