/* Messages on their way: messages.c -> attempt.c -> cursor.c, as decision.c says. Called by export.c
 * and follow.c. */
#include "export/courier.h"

#include <assert.h>

#include "base/auto.h"
#include "base/fault.h"
#include "export/decision.h"
#include "export/letter.h"
#include "export/proof.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    WINDOW = 128,       /* what comes twice when we are killed now */
    MUTE_WINDOW = 2048, /* of peers that are asked by ending the connection: that costs a new one */
    FILE_WINDOW = 500,
    GROWTH = 4
};

struct load { /* a batch on its way */
    struct courier *k;
    struct message_batch b;
    size_t at;       /* the first message that has not arrived */
    size_t window;   /* how many go together: fewer when one of them was refused */
    bool is_careful; /* one goes alone, then more and more: one of them may be deadly */
};

struct trial { /* what one message, or some together, went through within this attempt */
    enum decision_step sent; /* last */
    int n_sent;              /* so often something was sent */
    struct diag own;  /* the last failure of the message itself, in whichever form it was sent */
    struct diag last; /* the last one, also of what was sent in its place */
};

struct courier
courier_new(struct target *t, struct cursor *c)
{
    return (struct courier){.attempt = {.target = t, .cursor = c}, .last_arrived = -1};
}

void
courier_close(struct courier *k)
{
    target_close(k->attempt.target);
    messages_forget(&k->walk);
    posted_forget(&k->posted);
}

int64_t
courier_next(const struct courier *k)
{
    return k->posted.is_ahead ? k->posted.behind.seq : k->attempt.cursor->at.seq;
}

/* ---- one step of the way ---- */

static size_t
courier_window(const struct target *t)
{
    return !t->outlet->scheme ? FILE_WINDOW : posted_suits(t) ? MUTE_WINDOW : WINDOW;
}

static size_t
courier_first_window(const struct load *l)
{
    return l->is_careful ? 1 : courier_window(l->k->attempt.target);
}

/* How many go together: up to one of which there is nothing to send, or that one. */
static size_t
courier_count(const struct load *l)
{
    size_t n = 0, left = l->b.m.n - l->at;
    while (n < left && n < l->window && !l->b.marks.v[l->at + n].unreadable.len)
        n++;
    return n ? n : 1;
}

/* A file refuses nothing: it is full. What is repeated by hand is no reason to pass anything over. */
static struct decision_case
courier_case(const struct load *l, size_t n)
{
    const struct cursor *c = l->k->attempt.cursor;
    return (struct decision_case){.is_plain = !c->fence || !l->k->attempt.target->outlet->scheme,
                                  .is_unreadable =
                                      l->at < l->b.m.n && l->b.marks.v[l->at].unreadable.len > 0,
                                  .n = n,
                                  .attempts = c->at.attempts,
                                  .deaths = c->at.deaths};
}

/* The cursor behind the first message that has not arrived now. */
static int
courier_settle(struct load *l, size_t n_arrived, struct diag *d)
{
    struct cursor_step s = {.is_news = l->b.is_news, .arrived = n_arrived > 0};
    l->at += n_arrived;
    assert(l->at <= l->b.m.n);
    l->k->n_delivered += (int64_t)n_arrived;
    if (n_arrived > 0) {
        s.last = messages_mark(&l->b.marks.v[l->at - 1]);
        l->k->last_arrived = s.last.seq;
    }
    s.to = l->at == l->b.m.n ? l->b.end : l->b.marks.v[l->at - 1].behind;
    fault_point("after_ack");
    int rc = cursor_move(l->k->attempt.cursor, &s, d);
    fault_point("after_cursor");
    return rc;
}

/* Sends what the step says. What arrived of the messages themselves is settled. */
static enum attempt_answer
courier_send(struct load *l, enum decision_step step, bool is_first, size_t n, struct diag *d)
{
    struct attempt *t = &l->k->attempt;
    const struct message_mark *mark = &l->b.marks.v[l->at];
    const struct outlet_message *m = &l->b.m.v[l->at];
    enum attempt_answer said;
    size_t n_arrived = 0;
    switch (decision_form(step)) {
    case FORM_ANOTHER:
        return proof_ask(t, mark, l->k->last_arrived, d);
    case FORM_REDUCED: /* the parts of a record have no shorter form */
        return messages_is_record(mark->piece) ? attempt_record(t, mark->stored, true, d->arena, d)
                                               : ATTEMPT_NOTHING;
    default:
        break;
    }
    if (is_first) {
        said = attempt_send(t, m, n, &n_arrived, d);
    } else {
        said = attempt_one(t, m, d);
        n_arrived = said == ATTEMPT_TAKEN;
    }
    /* What arrived before a failure is settled by itself: no transaction begins with a failure. */
    struct diag books = diag_init(d->arena);
    if (n_arrived == 0 || courier_settle(l, n_arrived, &books) == 0)
        return said;
    diag_clear(d);
    diag_pass_on(d, &books);
    return ATTEMPT_FAILED;
}

/* ---- how it ends ---- */

/* The message stays behind: the cursor goes on with a letter. */
static int
courier_pass_over(struct load *l, enum decision_step end, const struct trial *t, struct diag *d)
{
    static const enum letter_kind kinds[STEP__COUNT] = {[STEP_SHORTENED] = LETTER_REDUCED,
                                                        [STEP_DEAD_LETTER] = LETTER_REFUSED,
                                                        [STEP_UNREADABLE] = LETTER_UNREADABLE};
    const struct message_mark *mark = &l->b.marks.v[l->at];
    struct str reason;
    if (end == STEP_UNREADABLE)
        reason = mark->unreadable;
    else if (t->sent == STEP_LAST)
        reason = arena_fmt(d->arena,
                           "the receiver takes others, and %lld times it was gone when this came",
                           (long long)l->k->attempt.cursor->at.deaths);
    else
        reason = diag_text(&t->own);
    l->k->n_delivered += end == STEP_SHORTENED;
    l->at++;
    if (end != STEP_UNREADABLE)
        l->window = courier_first_window(l);
    return letter_put(l->k->attempt.cursor, mark, kinds[end], reason, d);
}

/* Does what the last step says, which sends nothing; n have not arrived. */
static int
courier_end(struct load *l, enum decision_step end, size_t n, const struct trial *t, struct diag *d)
{
    switch (end) {
    case STEP_GO_ON:
        if (t->n_sent > 1) /* it had been suspected: carefully on */
            l->window = courier_first_window(l);
        else if (l->is_careful && l->window < courier_window(l->k->attempt.target))
            l->window *= GROWTH;
        return 0;
    case STEP_HALVE:
        l->window = n / 2;
        return 0;
    case STEP_SHORTENED:
    case STEP_DEAD_LETTER:
    case STEP_UNREADABLE:
        return courier_pass_over(l, end, t, d);
    case STEP_TAKES_NOTHING:
        return diag_fail(d, DIAG_CANNOT_WRITE,
                         "it refuses record %lld, and what it is sent for a test as well",
                         (long long)l->b.marks.v[l->at].stored->seq);
    default: /* what became of the message says more than what became of the test behind it */
        assert(end == STEP_WAIT);
        return diag_pass_on(d, t->sent == STEP_OTHER_NOW ? &t->own : &t->last);
    }
}

/* The next messages, from the first time they are sent until that is settled, or the attempt failed. */
static int
courier_step(struct load *l, struct diag *d)
{
    size_t n = courier_count(l), before = l->at;
    struct cursor *cursor = l->k->attempt.cursor;
    struct decision_case c = courier_case(l, n);
    enum decision_step step = decision_begin(&c);
    struct trial t = {.own = diag_init(d->arena)};
    for (; step < STEP__SENT; t.n_sent++) {
        t.sent = step;
        t.last = diag_init(d->arena);
        enum attempt_answer said = courier_send(l, step, t.n_sent == 0, n, &t.last);
        if (said == ATTEMPT_FAILED)
            return diag_pass_on(d, &t.last);
        if (diag_failed(&t.last) && decision_form(step) != FORM_ANOTHER)
            t.own = t.last;
        c = courier_case(l, n - (l->at - before));
        struct decision next = decision_next(step, said, &c);
        if (next.deaths != DEATHS_KEPT)
            cursor_note_deaths(cursor, next.deaths == DEATHS_NONE ? 0 : cursor->at.deaths + 1);
        step = next.next;
    }
    return courier_end(l, step, n - (l->at - before), &t, d);
}

static int
courier_run_batch(struct load *l, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    if (l->b.m.n == 0)
        return courier_settle(l, 0, d);
    struct decision_case c = courier_case(l, l->b.m.n);
    l->is_careful = decision_is_careful(&c);
    l->window = courier_first_window(l);
    while (l->at < l->b.m.n) {
        struct diag one = diag_init(a);
        if (courier_step(l, &one) != 0)
            return diag_pass_on(d, &one);
    }
    return 0;
}

/* ---- the door ---- */

int
courier_confirm(struct courier *k, struct diag *d)
{
    int64_t n;
    int rc = posted_confirm(&k->posted, &k->attempt, &n, d);
    k->n_delivered += n;
    return rc;
}

int
courier_run(struct courier *k, int64_t end, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct cursor *c = k->attempt.cursor;
    struct target *t = k->attempt.target;
    struct load l = {.k = k};
    struct message_place from =
        k->posted.is_ahead ? k->posted.behind
                           : (struct message_place){.seq = c->at.seq, .piece = c->at.piece};
    bool is_own = !k->posted.is_ahead || k->posted.is_own; /* what is on its way */
    from.piece = arena_str(a, from.piece); /* who has it now may forget it meanwhile */
    c->is_own = k->posted.is_ahead && is_own;
    if (from.seq > end && cursor_compare(c, d) != 0)
        return -1;
    if (from.seq >= end)
        return posted_is_due(&k->posted, t) ? courier_confirm(k, d) : 0;
    bool trails = k->may_trail && posted_suits(t) && c->at.attempts == 0;
    size_t window = trails ? POSTED_WINDOW : courier_window(t);
    if (cursor_compare(c, d) != 0 ||
        messages_load(c->act, t, from, end, window, &k->walk, a, &l.b, d) != 0)
        return -1;
    c->is_own = l.b.is_own && is_own;
    int rc = 0;
    if (trails && posted_can(&l.b)) {
        int64_t n;
        rc = posted_write(&k->posted, &k->attempt, &l.b, &n, d);
        k->n_delivered += n;
        if (rc == 0 && posted_is_due(&k->posted, t))
            rc = courier_confirm(k, d);
    } else {
        rc = k->posted.is_ahead ? courier_confirm(k, d) : courier_run_batch(&l, d);
    }
    if (rc != 0)
        messages_forget(&k->walk); /* the next batch begins elsewhere, and perhaps much later */
    return rc;
}
