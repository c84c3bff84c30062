/* Gathers what was ever said about the audit log. verify_log.c walks the records and compares. */
#include "ledger/statements.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "act/sent.h"
#include "audit/recall.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "ledger/anchor.h"
#include "ledger/checkpoint.h"
#include "ledger/report_checkpoint.h"

AUTO_DEFINE(json_t *, json_decref)

#define MAX_EXPECTED ((size_t)1 << 30)

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
says_nothing(struct diag *d)
{
    return diag_fail(d, DIAG_BAD_DATA,
                     "it says nothing about the audit log: want a checkpoint, a manifest.json, a "
                     "report as PDF, HTML or JSON, or exported events, one a line");
}

/* Lines of any export: each says which record it is, and its hash. */
static int
read_events(struct statements *c, struct str text, struct diag *d)
{
    struct audit_recalled e;
    while (text.len) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (!line.len)
            continue;
        if (audit_recall(line, c->a, &e, d) != 0)
            return -1;
        add_leaf(c, e.seq, &e.leaf, arena_fmt(c->a, "the exported record %lld", (long long)e.seq));
    }
    return 0;
}

/* A note: with keys here, they must have signed it; without, its root can still be compared. */
static int
read_checkpoint(struct statements *c, struct str note, struct diag *d)
{
    struct audit_checkpoint cp;
    if (audit_checkpoint_read(note, c->a, &cp, d) != 0) {
        diag_clear(d);
        return says_nothing(d);
    }
    if (c->keys.v.n > 0 && audit_keys_open(&c->keys, note, c->a, &cp, NULL, d) != 0)
        return -1;
    add_root(c, &cp, "the expected checkpoint");
    return 0;
}

/* "audit": {"seq": N, "hash": HEX} of a manifest, "sha256" in a report. */
static int
read_audit_member(struct statements *c, const json_t *audit, struct diag *d)
{
    const json_t *seq = json_object_get(audit, "seq"), *hash = json_object_get(audit, "hash");
    struct sha256_digest leaf;
    if (!hash)
        hash = json_object_get(audit, "sha256");
    const char *note = json_string_value(json_object_get(audit, "checkpoint"));
    if (note && read_checkpoint(c, arena_str(c->a, str_c(note)), d) != 0)
        return -1;
    if (!json_is_integer(seq) || json_integer_value(seq) < 0 || !json_is_string(hash) ||
        !sha256_from_hex(str_c(json_string_value(hash)), &leaf))
        return says_nothing(d);
    add_leaf(
        c, json_integer_value(seq), &leaf,
        arena_fmt(c->a, "record %lld that a report names", (long long)json_integer_value(seq)));
    return 0;
}

/* What kind of file it is shows in its first bytes. */
static int
read_text(struct statements *c, struct str text, struct diag *d)
{
    struct str note;
    if (report_checkpoint_is_report(text))
        return report_checkpoint_read(text, c->a, &note, d) == 0 ? read_checkpoint(c, note, d) : -1;
    if (!str_starts(text, "{")) {
        bool is_note = str_find(text, "\n\n") >= 0 && str_find(text, "\n— ") >= 0;
        return is_note ? read_checkpoint(c, text, d) : read_events(c, text, d);
    }
    AUTO(json_decref_auto) json_t *v = json_loadb(text.s, text.len, 0, NULL);
    const json_t *audit = json_object_get(v, "audit");
    return json_is_object(audit) ? read_audit_member(c, audit, d) : read_events(c, text, d);
}

static int
by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* What the records of a file, which are the statements from `from` on, leave out. They may stand in any
 * order, and some twice. */
static void
find_gaps(struct statements *c, size_t from, const char *path)
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
            *VEC_PUSH(c->a, &c->gaps) =
                (struct statement_gap){str_c(path), seqs[i - 1] + 1, seqs[i]};
}

/* A file that says nothing fails: whoever names it expects that it was compared. */
static int
read_file(struct statements *c, const char *path, struct diag *d)
{
    struct str text;
    size_t before = c->v.n;
    if (file_slurp(path, MAX_EXPECTED, c->a, &text, d) != 0)
        return -1;
    if (read_text(c, text, d) != 0)
        return diag_at(d, "%s", path);
    c->n_expected += (int64_t)(c->v.n - before);
    find_gaps(c, before, arena_strdup(c->a, path));
    if (c->v.n > before)
        return 0;
    says_nothing(d);
    return diag_at(d, "%s", path);
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

/* The keys of this host. None at all is no failure; a key file that cannot be used is one. */
static int
load_keys(struct statements *c, struct diag *d)
{
    const struct config *f = &c->act->config;
    if (log_keys_load_all(f, c->a, &c->keys, d) == 0)
        return 0;
    if (d->first.code != DIAG_CONFIG ||
        file_exists(file_join(c->a, f->state_dir.s, "audit.vkey").s) ||
        file_exists(file_join(c->a, f->state_dir.s, "audit.vkeys").s))
        return -1;
    /* no key at all: the database of another host, or one that was made before there were keys */
    diag_clear(d);
    return 0;
}

int
statements_gather(struct statements *c, struct act *act, const char *const *files, size_t n,
                  struct diag *d)
{
    *c = (struct statements){.act = act, .a = d->arena, .newest = -1};
    if (load_keys(c, d) != 0 || checkpoint_load_kept(&act->config, c->a, &c->kept, d) != 0 ||
        add_stored(c, d) != 0 || add_kept(c, d) != 0 || add_stamps(c, d) != 0 || add_sent(c, d) != 0)
        return -1;
    assert(files || n == 0);
    for (size_t i = 0; i < n; i++)
        if (read_file(c, files[i], d) != 0)
            return -1;
    if (c->v.n)
        qsort(c->v.v, c->v.n, sizeof *c->v.v, by_size);
    return 0;
}
