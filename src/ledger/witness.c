/* Asks witnesses for cosignatures, and checks those that are there. Called by checkpoint.c before a
 * checkpoint is kept, by verify_log.c and by the doctor. */
#include "ledger/witness.h"

#include <assert.h>
#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "ledger/exchange.h"
#include "ledger/log_tree.h"
#include "ledger/outage.h"

enum { CHUNK = 50000 };

#define REFUSED "refused: "

struct showing { /* one checkpoint, shown to all */
    struct act *act;
    const struct audit_checkpoint *cp;
    struct str note;
    VEC(struct audit_vkey) keys;
};

static int
load_keys(struct showing *s, struct diag *d)
{
    const struct config *c = &s->act->config;
    struct audit_vkey k;
    for (size_t i = 0; i < c->witnesses.n; i++) {
        if (audit_vkey_parse_witness(c->witnesses.v[i], d->arena, &k, d) != 0)
            return diag_context(d, "audit-witness");
        *VEC_PUSH(d->arena, &s->keys) = k;
    }
    return 0;
}

/* ---- what a witness wants to see ---- */

/* The root of the first n leaves, from the leaves. */
static int
load_root(struct act *act, int64_t n, struct sha256_digest *ret, struct diag *d)
{
    assert(n >= 0);
    struct audit_tree t = audit_tree_start();
    struct sha256_digest *v = ARENA_ARRAY(d->arena, struct sha256_digest, CHUNK);
    while ((int64_t)t.size < n) {
        int64_t left = n - (int64_t)t.size;
        size_t some = (size_t)(left < CHUNK ? left : CHUNK);
        if (store_load_leaves(act->store, (int64_t)t.size, some, v, d) != 0)
            return -1;
        for (size_t i = 0; i < some; i++)
            audit_tree_add(&t, &v[i]);
    }
    *ret = audit_tree_root(&t);
    return 0;
}

/* The request with a proof from old_size on, where there is anything between. */
static int
make_request(struct showing *s, int64_t old_size, struct str *ret, struct diag *d)
{
    assert(old_size >= 0);
    struct audit_request q = {.old_size = old_size, .note = s->note};
    struct audit_checkpoint old = {.size = old_size};
    if (old_size > 0 && old_size < s->cp->size &&
        (load_root(s->act, old_size, &old.root, d) != 0 ||
         log_tree_prove_extension(s->act, s->cp, &old, d->arena, &q.proof, d) != 0))
        return -1;
    *ret = audit_request_text(&q, d->arena);
    return 0;
}

/* The size up to which all witnesses have signed, as far as the note that is kept shows. */
static int64_t
likely_size(const struct showing *s, struct str kept, struct diag *d)
{
    struct audit_checkpoint cp;
    struct diag one = diag_init(d->arena);
    int64_t at;
    if (!kept.len || audit_checkpoint_read(kept, d->arena, &cp, &one) != 0 || cp.size > s->cp->size)
        return 0;
    for (size_t i = 0; i < s->keys.n; i++)
        if (audit_cosigned(kept, &s->keys.v[i], d->arena, &at, &one) != AUDIT_COSIGNED)
            return 0;
    return s->keys.n ? cp.size : 0;
}

/* ---- what it answers ---- */

/* Adds the lines of the answer that are of witnesses of the settings and hold, and says how many; the
 * others are passed over. */
static int
add_cosignatures(struct showing *s, struct str answer, struct diag *d)
{
    int n = 0;
    int64_t at;
    while (answer.len) {
        struct str cut = str_cut(&answer, '\n');
        struct str line = arena_fmt(d->arena, "%.*s\n", STR_ARG(cut));
        struct str with = audit_note_with(s->note, line, d->arena);
        /* held against the log's own lines: what another witness added before cannot stand in */
        struct str alone = audit_note_with(audit_note_alone(s->note, d->arena), line, d->arena);
        for (size_t i = 0; i < s->keys.n; i++) {
            struct diag one = diag_init(d->arena);
            if (audit_cosigned(alone, &s->keys.v[i], d->arena, &at, &one) != AUDIT_COSIGNED)
                continue;
            s->note = with;
            n++;
        }
    }
    return n;
}

/* Says in our words why a witness did not cosign. */
static int
fail_refused(const struct showing *s, int64_t seen, struct str whom, struct str why, struct diag *d)
{
    if (seen > s->cp->size)
        diag_fail(d, DIAG_VERIFY,
                  "a witness has seen %lld records of the audit log, the checkpoint has %lld: the "
                  "log was cut off, or database and state directory are older ones",
                  (long long)seen, (long long)s->cp->size);
    else if (str_starts(why, REFUSED))
        diag_fail(d, DIAG_VERIFY, "a witness refuses the checkpoint of %lld records: %.*s",
                  (long long)s->cp->size,
                  STR_ARG(utf8_one_line(d->arena, utf8_cut(str_n(why.s + sizeof REFUSED - 1,
                                                                 why.len - (sizeof REFUSED - 1)),
                                                           1000))));
    else
        diag_fail(d, DIAG_VERIFY,
                  "a witness says that the first %lld records of the audit log are others: it was "
                  "written anew",
                  (long long)s->cp->size);
    return diag_at(d, "%.*s", STR_ARG(whom));
}

enum asked {
    ASKED_FAILED = -1,
    ASKED_AGAIN, /* the proof has to begin at another size, which it has said */
    ASKED_COSIGNED
};

/* Asks with a proof from *size on. */
static enum asked
ask_once(struct showing *s, struct str whom, int64_t *size, struct diag *d)
{
    struct str request, answer;
    int status;
    int64_t seen;
    if (make_request(s, *size, &request, d) != 0 ||
        exchange(whom, request, &answer, &status, d) != 0)
        return ASKED_FAILED;
    if (add_cosignatures(s, answer, d) > 0)
        return ASKED_COSIGNED;
    /* 409 of c2sp.org/tlog-witness: a number is what it has seen; ask again from there */
    bool is_size = str_to_i64(str_trim(answer), &seen) && seen >= 0;
    if (is_size && seen != *size && seen <= s->cp->size) {
        *size = seen;
        return ASKED_AGAIN;
    }
    if (is_size || str_starts(answer, REFUSED))
        fail_refused(s, is_size && seen != *size ? seen : 0, whom, answer, d);
    else
        diag_fail(d, DIAG_UNAVAILABLE,
                  "%.*s: it answers without a cosignature of a witness of the settings (status %d)",
                  STR_ARG(whom), status);
    return ASKED_FAILED;
}

/* Another process of ours may get its checkpoint cosigned between our two questions, and then the size
 * is another one again: three tries. */
static int
ask_one(struct showing *s, struct str whom, int64_t size, struct diag *d)
{
    for (int try = 0; try < 3; try++) {
        enum asked asked = ask_once(s, whom, &size, d);
        if (asked != ASKED_AGAIN)
            return asked == ASKED_COSIGNED ? 0 : -1;
    }
    return diag_fail(d, DIAG_UNAVAILABLE, "%.*s: others ask it at the same time", STR_ARG(whom));
}

/* ---- cosigning ---- */

/* A witness that refuses has seen another log: that is a failure. One that does not answer, or not
 * rightly, is a warning. */
static int
cosign_by(struct showing *s, struct str whom, struct str kept, struct diag *d)
{
    struct diag one = diag_init(d->arena);
    int rc = ask_one(s, whom, likely_size(s, kept, d), &one);
    outage_note(s->act, "audit.witness", "witness", whom, &one);
    if (rc == 0)
        return 0;
    if (one.first.code == DIAG_VERIFY)
        return diag_pass_on(d, &one);
    diag_warn(d, DIAG_WARN_ABSENT, STR("witness"), "%.*s; the next checkpoint asks again",
              STR_ARG(one.first.text));
    return 0;
}

int
witness_cosign(struct act *act, const struct audit_checkpoint *cp, struct str kept,
               struct str *note, struct diag *d)
{
    struct showing s = {.act = act, .cp = cp, .note = *note};
    if (load_keys(&s, d) != 0)
        return -1;
    for (size_t i = 0; i < act->config.witness_asks.n; i++)
        if (cosign_by(&s, act->config.witness_asks.v[i], kept, d) != 0)
            return -1;
    *note = s.note;
    return 0;
}

/* ---- verifying ---- */

/* Counts the cosignatures of one checkpoint, and whether a witness of the settings is missing. */
static int
check_note(const struct showing *s, struct str note, struct witness_verdict *ret, struct diag *d)
{
    bool lacks = false;
    for (size_t i = 0; i < s->keys.n; i++) {
        int64_t at;
        enum audit_cosigned is = audit_cosigned(note, &s->keys.v[i], d->arena, &at, d);
        if (is == AUDIT_COSIGNED_WRONGLY)
            return -1;
        ret->n_held += is == AUDIT_COSIGNED;
        lacks = lacks || is == AUDIT_COSIGNED_NOT;
        if (is == AUDIT_COSIGNED && at > ret->newest_at)
            ret->newest_at = at;
    }
    ret->n_lacking += lacks;
    return 0;
}

static bool
is_retired(const struct config *c, struct str id, struct arena *a)
{
    for (size_t i = 0; i < c->witnesses_retired.n; i++) {
        struct str v = c->witnesses_retired.v[i];
        if (str_starts(v, arena_str(a, id).s) && (v.len == id.len || v.s[id.len] == '+'))
            return true;
    }
    return false;
}

/* Looks for cosignatures of witnesses that the settings do not name: a log that was shown to somebody once is
 * not to be verified as if it never was. */
static void
find_forgotten(const struct showing *s, struct str note, struct str log,
               struct witness_verdict *ret, struct arena *a)
{
    struct str text, lines;
    struct audit_line l;
    if (!audit_note_part(note, &text, &lines))
        return;
    while (lines.len && !ret->forgotten.len) {
        if (!audit_note_line(&lines, a, &l) || str_eq(l.name, log))
            continue;
        struct audit_vkey k = {.name = l.name};
        memcpy(k.id, l.sig.s, AUDIT_KEY_ID);
        struct str id = audit_vkey_id(&k, a);
        bool is_known = is_retired(&s->act->config, id, a);
        for (size_t i = 0; i < s->keys.n; i++)
            is_known |= audit_line_is(&l, &s->keys.v[i]);
        if (!is_known)
            ret->forgotten = id;
    }
}

/* All checkpoints of this log in the database; those of other logs have witnesses of their own. */
static int
check_stored(const struct showing *s, struct str name, struct witness_verdict *ret, struct diag *d)
{
    struct store_checkpoint *v;
    struct audit_checkpoint cp;
    size_t n;
    if (store_load_checkpoints(s->act->store, d->arena, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (audit_checkpoint_read(v[i].note, d->arena, &cp, d) != 0)
            return -1;
        if (!str_eq(cp.origin, name))
            continue;
        find_forgotten(s, v[i].note, name, ret, d->arena);
        if (check_note(s, v[i].note, ret, d) != 0)
            return diag_at(d, "checkpoint of %lld records in the database", (long long)v[i].size);
    }
    return 0;
}

/* A witness that does not answer is no failure of the log. */
static int
ask_whether_more(struct showing *s, struct str whom, struct witness_verdict *ret, struct diag *d)
{
    struct diag one = diag_init(d->arena);
    if (ask_one(s, whom, s->cp->size, &one) == 0) {
        ret->n_asked++;
        return 0;
    }
    if (one.first.code == DIAG_VERIFY)
        return diag_pass_on(d, &one);
    diag_warn(d, DIAG_WARN_ABSENT, STR("witness"), "%.*s", STR_ARG(one.first.text));
    return 0;
}

int
witness_verify(struct act *act, struct str kept, struct witness_verdict *ret, struct diag *d)
{
    struct audit_checkpoint cp;
    struct showing s = {.act = act, .cp = &cp, .note = kept};
    *ret = (struct witness_verdict){.n_witnesses = (int64_t)act->config.witnesses.n,
                                    .forgotten = STR("")};
    if (load_keys(&s, d) != 0 || !kept.len)
        return diag_failed(d) ? -1 : 0;
    if (audit_checkpoint_read(kept, d->arena, &cp, d) != 0)
        return -1;
    find_forgotten(&s, kept, cp.origin, ret, d->arena);
    if (check_stored(&s, cp.origin, ret, d) != 0)
        return -1;
    for (size_t i = 0; i < act->config.witness_asks.n; i++)
        if (ask_whether_more(&s, act->config.witness_asks.v[i], ret, d) != 0)
            return -1;
    return 0;
}
