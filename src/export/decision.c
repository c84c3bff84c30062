/* The table of decisions. Between attempt.c, whose answers it reads, and courier.c, which does what
 * it says. */
#include "export/decision.h"

#include <assert.h>

enum {
    PATIENCE = 2,    /* so many attempts fail in a row before the message itself is suspected */
    MOST_DEATHS = 4, /* so many, each behind something that arrived, are no accident any more */
    FIRST_TURN = 8   /* every so many attempts a target's first record goes reduced first */
};

/* ---- the beginning ---- */

/* The first row that fits. Numbers are what is there at least; most: so many messages at most. */
static const struct begin {
    bool is_unreadable, is_plain;
    int64_t attempts, deaths;
    size_t most;
    enum decision_step step;
} begins[] = {
    {.is_unreadable = true, .step = STEP_UNREADABLE},
    {.is_plain = true, .step = STEP_PLAIN},
    {.attempts = PATIENCE, .deaths = 1, .step = STEP_OTHER},
    {.attempts = PATIENCE, .most = 1, .step = STEP_SUSPECT},
    {.most = 1, .step = STEP_ALONE},
    {.step = STEP_SEVERAL},
};

bool
decision_is_careful(const struct decision_case *c)
{
    return !c->is_plain && c->attempts >= PATIENCE;
}

enum decision_step
decision_begin(const struct decision_case *c)
{
    const struct begin *b = begins;
    assert(c->n > 0);
    while ((b->is_unreadable && !c->is_unreadable) || (b->is_plain && !c->is_plain) ||
           c->attempts < b->attempts || c->deaths < b->deaths || (b->most && c->n > b->most))
        b++;
    assert(b < begins + sizeof begins / sizeof *begins);
    return b->step;
}

/* ---- what follows ---- */

enum condition {
    ALWAYS,
    ONE_LEFT, /* all others of those that went together have arrived */
    DEADLY,   /* it was gone as often as no accident explains */
    IN_TURN   /* it is the turn of the reduced form to be first */
};

/* The first row that fits; where none does, the attempt failed and is made again later. */
static const struct row {
    enum decision_step sent;
    enum attempt_answer said;
    enum condition when;
    enum decision_step next;
    enum decision_deaths deaths;
} rows[] = {
    {STEP_PLAIN, ATTEMPT_TAKEN, ALWAYS, STEP_GO_ON, DEATHS_KEPT},

    /* Nothing is known against any of them. */
    {STEP_SEVERAL, ATTEMPT_TAKEN, ALWAYS, STEP_GO_ON, DEATHS_KEPT},
    {STEP_SEVERAL, ATTEMPT_REFUSED, ONE_LEFT, STEP_REDUCED, DEATHS_KEPT},
    {STEP_SEVERAL, ATTEMPT_REFUSED, ALWAYS, STEP_HALVE, DEATHS_KEPT},
    {STEP_ALONE, ATTEMPT_TAKEN, ALWAYS, STEP_GO_ON, DEATHS_KEPT},
    {STEP_ALONE, ATTEMPT_REFUSED, ALWAYS, STEP_REDUCED, DEATHS_KEPT},

    /* It is refused: reduced, and when that is refused as well, with proof that others are taken. */
    {STEP_REDUCED, ATTEMPT_TAKEN, ALWAYS, STEP_SHORTENED, DEATHS_KEPT},
    {STEP_REDUCED, ATTEMPT_NOTHING, ALWAYS, STEP_PROOF, DEATHS_KEPT},
    {STEP_REDUCED, ATTEMPT_REFUSED, ALWAYS, STEP_PROOF, DEATHS_KEPT},
    {STEP_PROOF, ATTEMPT_TAKEN, ALWAYS, STEP_DEAD_LETTER, DEATHS_KEPT},
    {STEP_PROOF, ATTEMPT_NOTHING, ALWAYS, STEP_TAKES_NOTHING, DEATHS_KEPT},
    {STEP_PROOF, ATTEMPT_REFUSED, ALWAYS, STEP_TAKES_NOTHING, DEATHS_KEPT},

    /* The receiver may be dying of it. It is gone, takes something else, is gone when the message
     * comes again, takes something else: four times, and it is the message. */
    {STEP_SUSPECT, ATTEMPT_TAKEN, ALWAYS, STEP_GO_ON, DEATHS_KEPT},
    {STEP_SUSPECT, ATTEMPT_REFUSED, ALWAYS, STEP_REDUCED, DEATHS_KEPT},
    {STEP_SUSPECT, ATTEMPT_LOST, ALWAYS, STEP_OTHER_NOW, DEATHS_ONE_MORE},
    {STEP_OTHER_NOW, ATTEMPT_TAKEN, DEADLY, STEP_LAST, DEATHS_KEPT},
    {STEP_OTHER_NOW, ATTEMPT_TAKEN, ALWAYS, STEP_AGAIN_NOW, DEATHS_KEPT},
    {STEP_AGAIN_NOW, ATTEMPT_TAKEN, ALWAYS, STEP_GO_ON, DEATHS_KEPT},
    {STEP_AGAIN_NOW, ATTEMPT_REFUSED, ALWAYS, STEP_REDUCED, DEATHS_KEPT},
    {STEP_AGAIN_NOW, ATTEMPT_LOST, ALWAYS, STEP_OTHER_NOW, DEATHS_ONE_MORE},

    /* A receiver that has to be started again was not there to take something else: it is asked at
     * a later attempt, before the message comes. Who then says that he is busy is alive, and what
     * came directly before may be what keeps him busy: that is held against no message. */
    {STEP_OTHER, ATTEMPT_TAKEN, DEADLY, STEP_LAST, DEATHS_KEPT},
    {STEP_OTHER, ATTEMPT_TAKEN, ALWAYS, STEP_AGAIN, DEATHS_KEPT},
    {STEP_OTHER, ATTEMPT_REFUSED, ALWAYS, STEP_TAKES_NOTHING, DEATHS_KEPT},
    {STEP_AGAIN, ATTEMPT_TAKEN, ALWAYS, STEP_GO_ON, DEATHS_KEPT},
    {STEP_AGAIN, ATTEMPT_REFUSED, ALWAYS, STEP_REDUCED, DEATHS_KEPT},
    {STEP_AGAIN, ATTEMPT_LOST, ALWAYS, STEP_WAIT, DEATHS_ONE_MORE},
    {STEP_AGAIN, ATTEMPT_LATER, ALWAYS, STEP_WAIT, DEATHS_NONE},

    /* A target that has nothing yet takes nothing else before its first record: now and then that
     * goes reduced before it goes whole. */
    {STEP_OTHER, ATTEMPT_NOTHING, IN_TURN, STEP_FIRST, DEATHS_KEPT},
    {STEP_OTHER, ATTEMPT_NOTHING, ALWAYS, STEP_ALONE, DEATHS_KEPT},
    {STEP_FIRST, ATTEMPT_TAKEN, ALWAYS, STEP_BEHIND, DEATHS_KEPT},
    {STEP_BEHIND, ATTEMPT_TAKEN, ALWAYS, STEP_GO_ON, DEATHS_KEPT},
    {STEP_BEHIND, ATTEMPT_REFUSED, ALWAYS, STEP_REDUCED, DEATHS_KEPT},
    {STEP_BEHIND, ATTEMPT_LOST, ALWAYS, STEP_SHORTENED, DEATHS_KEPT},

    /* It is what the receiver dies of. */
    {STEP_LAST, ATTEMPT_TAKEN, ALWAYS, STEP_SHORTENED, DEATHS_KEPT},
    {STEP_LAST, ATTEMPT_NOTHING, ALWAYS, STEP_DEAD_LETTER, DEATHS_KEPT},
    {STEP_LAST, ATTEMPT_REFUSED, ALWAYS, STEP_DEAD_LETTER, DEATHS_KEPT},
    {STEP_LAST, ATTEMPT_LOST, ALWAYS, STEP_DEAD_LETTER, DEATHS_KEPT},
};

static bool
condition_holds(enum condition when, const struct decision_case *c)
{
    switch (when) {
    case ONE_LEFT:
        return c->n == 1;
    case DEADLY:
        return c->deaths >= MOST_DEATHS;
    case IN_TURN:
        return c->attempts % FIRST_TURN == 0;
    default:
        return true;
    }
}

struct decision
decision_next(enum decision_step sent, enum attempt_answer said, const struct decision_case *c)
{
    assert(sent < STEP__SENT && said < ATTEMPT__ANSWERS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].sent == sent && rows[i].said == said && condition_holds(rows[i].when, c))
            return (struct decision){.next = rows[i].next, .deaths = rows[i].deaths};
    return (struct decision){.next = STEP_WAIT, .deaths = DEATHS_KEPT};
}

/* ---- what a step is ---- */

enum decision_form
decision_form(enum decision_step sent)
{
    static const enum decision_form forms[STEP__SENT] = {
        [STEP_OTHER_NOW] = FORM_ANOTHER, [STEP_OTHER] = FORM_ANOTHER,   [STEP_PROOF] = FORM_ANOTHER,
        [STEP_FIRST] = FORM_REDUCED,     [STEP_REDUCED] = FORM_REDUCED, [STEP_LAST] = FORM_REDUCED,
    };
    assert(sent < STEP__SENT);
    return forms[sent];
}

const char *
decision_word(enum decision_step s)
{
    static const char *const words[] = {
        [STEP_PLAIN] = "plain",
        [STEP_SEVERAL] = "several",
        [STEP_ALONE] = "alone",
        [STEP_SUSPECT] = "suspect",
        [STEP_AGAIN_NOW] = "again, now",
        [STEP_AGAIN] = "again",
        [STEP_BEHIND] = "behind its reduced form",
        [STEP_OTHER_NOW] = "another, now",
        [STEP_OTHER] = "another",
        [STEP_PROOF] = "another as proof",
        [STEP_FIRST] = "reduced first",
        [STEP_REDUCED] = "reduced",
        [STEP_LAST] = "reduced at last",
        [STEP_GO_ON] = "go on",
        [STEP_HALVE] = "halve",
        [STEP_SHORTENED] = "shortened",
        [STEP_DEAD_LETTER] = "dead letter",
        [STEP_UNREADABLE] = "unreadable",
        [STEP_WAIT] = "wait",
        [STEP_TAKES_NOTHING] = "takes nothing",
    };
    _Static_assert(sizeof words / sizeof *words == STEP__COUNT, "every step has a word");
    assert(s < STEP__COUNT);
    return words[s];
}

const char *
decision_answer_word(enum attempt_answer said)
{
    static const char *const words[] = {
        [ATTEMPT_TAKEN] = "taken",     [ATTEMPT_NOTHING] = "nothing to send",
        [ATTEMPT_REFUSED] = "refused", [ATTEMPT_LOST] = "lost",
        [ATTEMPT_LATER] = "later",     [ATTEMPT_ABSENT] = "absent",
    };
    _Static_assert(sizeof words / sizeof *words == ATTEMPT__ANSWERS, "every answer has a word");
    assert(said < ATTEMPT__ANSWERS);
    return words[said];
}
