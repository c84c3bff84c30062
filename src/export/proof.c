/* Proof that a target takes something: store room -> messages.c -> attempt.c. Called by courier.c. */
#include "export/proof.h"

#include <assert.h>

#include "base/auto.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    LOOK_BACK = 128, /* records at one look */
    MOST_LOOKS = 64,
    PROBES = 3 /* of a look, so many are tried */
};

struct proof {
    struct attempt *attempt;
    const struct message_mark *mark;
    int64_t last_arrived;
    struct arena *a; /* of what was read */
};

/* The target was asked and may be asked for something else. */
static bool
proof_goes_on(enum attempt_answer said)
{
    return said == ATTEMPT_NOTHING || said == ATTEMPT_REFUSED;
}

/* The result that arrived before this one. */
static enum attempt_answer
proof_last_result(const struct proof *p, struct diag *d)
{
    const struct cursor *c = p->attempt->cursor;
    struct outlet_message m;
    if (messages_is_record(p->mark->piece) || !c->at.piece.len || messages_is_record(c->at.piece))
        return ATTEMPT_NOTHING;
    switch (messages_again(c->act, p->attempt->target, c->at.seq, c->at.piece, p->a, &m, d)) {
    case MESSAGES_MADE:
        return attempt_one(p->attempt, &m, d);
    case MESSAGES_GONE:
        return ATTEMPT_NOTHING;
    default:
        return ATTEMPT_FAILED;
    }
}

static enum attempt_answer
proof_last_record(const struct proof *p, struct diag *d)
{
    struct store_record *v;
    size_t n;
    if (p->last_arrived < 0 || p->attempt->target->e->send == SEND_RESULTS)
        return ATTEMPT_NOTHING;
    if (store_load_records(p->attempt->cursor->act->store, p->last_arrived, 1, p->a, &v, &n, d) !=
        0)
        return ATTEMPT_FAILED;
    return n == 1 ? attempt_record(p->attempt, v, false, p->a, d) : ATTEMPT_NOTHING;
}

/* The newest of n records that are for this target, until it takes one or PROBES were tried. */
static enum attempt_answer
proof_newest_of(const struct proof *p, const struct store_record *v, size_t n, struct diag *d)
{
    enum attempt_answer said = ATTEMPT_NOTHING;
    for (int tried = 0; n > 0 && tried < PROBES && proof_goes_on(said); n--) {
        struct audit_record r;
        struct diag unreadable = diag_init(p->a);
        if (audit_record_parse(v[n - 1].rec, p->a, &r, &unreadable) != 0 ||
            !target_wants(p->attempt->target, &r, p->a))
            continue;
        tried++;
        diag_clear(d);
        said = attempt_record(p->attempt, &v[n - 1], false, p->a, d);
    }
    return said;
}

/* What is for this target may be rare: the look goes far back. */
static enum attempt_answer
proof_older(const struct proof *p, struct diag *d)
{
    struct store *st = p->attempt->cursor->act->store;
    int64_t at = p->attempt->target->e->send == SEND_RESULTS ? 0 : p->mark->stored->seq;
    enum attempt_answer said = ATTEMPT_NOTHING;
    for (int i = 0; i < MOST_LOOKS && at > 0 && said == ATTEMPT_NOTHING; i++) {
        int64_t from = at < LOOK_BACK ? 0 : at - LOOK_BACK;
        struct store_record *v;
        size_t n;
        if (store_load_records(st, from, (size_t)(at - from), p->a, &v, &n, d) != 0)
            return ATTEMPT_FAILED;
        said = proof_newest_of(p, v, n, d);
        at = from;
    }
    if (said == ATTEMPT_NOTHING && !messages_is_record(p->mark->piece))
        said = attempt_record(p->attempt, p->mark->stored, true, p->a, d);
    return said;
}

enum attempt_answer
proof_ask(struct attempt *t, const struct message_mark *mark, int64_t last_arrived, struct diag *d)
{
    static enum attempt_answer (*const ways[])(const struct proof *, struct diag *) = {
        proof_last_result, proof_last_record, proof_older};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const struct proof p = {.attempt = t, .mark = mark, .last_arrived = last_arrived, .a = a};
    enum attempt_answer said = ATTEMPT_NOTHING;
    bool was_refused = false;
    assert(mark->stored);
    for (size_t i = 0; i < sizeof ways / sizeof *ways && proof_goes_on(said); i++) {
        struct diag one = diag_init(d->arena);
        said = ways[i](&p, &one);
        was_refused |= said == ATTEMPT_REFUSED;
        if (said == ATTEMPT_TAKEN || diag_failed(&one))
            diag_clear(d); /* the last failure is told, of what was not taken */
        if (diag_failed(&one))
            diag_pass_on(d, &one);
    }
    return said == ATTEMPT_NOTHING && was_refused ? ATTEMPT_REFUSED : said;
}
