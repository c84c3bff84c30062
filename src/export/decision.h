/* What is done next when a target has answered: all decisions of delivery, as one table.
 * What:   a step is either what is sent to the target, or how the delivery of a message ends. Which
 *         step follows depends on what was sent, on the answer, and on three counts: how many
 *         messages it is about, how many attempts failed in a row, and how often the receiver was
 *         gone when this message came. Nothing is sent here. The table in the decision below says
 *         the same for people; a test holds the two together.
 * Owner:  none.
 * Units:  messages, attempts.
 * Errors: none.
 * See:    doc/decisions/0009-delivery.md, "Every answer and what follows" */
#ifndef EXPORT_DECISION_H
#define EXPORT_DECISION_H

#include "export/attempt.h"

enum decision_step {
    /* Sent, whole: */
    STEP_PLAIN,     /* messages to a file, or once more by hand: a failure decides nothing */
    STEP_SEVERAL,   /* messages together */
    STEP_ALONE,     /* the message alone */
    STEP_SUSPECT,   /* alone, when so much failed that the receiver may be dying of it */
    STEP_AGAIN_NOW, /* alone, directly behind what STEP_OTHER_NOW brought there */
    STEP_AGAIN,     /* alone, directly behind what STEP_OTHER brought there */
    STEP_BEHIND,    /* alone, directly behind its own reduced form */
    /* Sent in place of it: */
    STEP_OTHER_NOW, /* what the target has already: the receiver was gone a moment ago */
    STEP_OTHER,     /* what the target has already: the receiver was gone at an earlier attempt */
    STEP_PROOF,     /* what the target has already: it refuses the message in every form */
    STEP_FIRST,     /* the reduced form, as the first that the target ever gets */
    STEP_REDUCED,   /* the reduced form: the whole message was refused */
    STEP_LAST,      /* the reduced form: the receiver was gone too often */
    STEP__SENT,     /* those above send something; those below end the matter */

    STEP_GO_ON = STEP__SENT, /* what arrived is behind the cursor: the next ones */
    STEP_HALVE,              /* half as many together */
    STEP_SHORTENED, /* its reduced form arrived: the cursor goes behind it, and a letter says so */
    STEP_DEAD_LETTER,   /* it does not arrive: the cursor goes behind it, and a letter says so */
    STEP_UNREADABLE,    /* there is nothing to send: the cursor goes behind it, with a letter */
    STEP_WAIT,          /* the attempt failed; the next one is due later */
    STEP_TAKES_NOTHING, /* the attempt failed: whatever the target is sent, it refuses */
    STEP__COUNT
};

enum decision_form { /* what a step sends */
                     FORM_WHOLE,
                     FORM_REDUCED, /* who is who, and no text that came from elsewhere */
                     FORM_ANOTHER  /* something that the target has already */
};

struct decision_case {  /* what a decision depends on, beside the step and the answer */
    bool is_plain;      /* a file, or a cursor that nobody holds */
    bool is_unreadable; /* there is nothing to send of the message */
    size_t n;           /* messages that go together, or those of them that have not arrived */
    int64_t attempts;   /* that failed in a row before this one */
    int64_t deaths;     /* how often the receiver was gone when this message came alone */
};

enum decision_deaths {
    DEATHS_KEPT,
    DEATHS_ONE_MORE,
    DEATHS_NONE /* none is counted any more */
};

struct decision {
    enum decision_step next;
    enum decision_deaths deaths;
};

/* Whether so much failed that a batch begins with one message, and goes on with more from there. */
bool decision_is_careful(const struct decision_case *c);
/* What the delivery of the next messages begins with. */
enum decision_step decision_begin(const struct decision_case *c);
/* What follows when `sent` was answered so. */
struct decision decision_next(enum decision_step sent, enum attempt_answer said,
                              const struct decision_case *c);
/* What a step sends. */
enum decision_form decision_form(enum decision_step sent);
/* The word of the document for a step. */
const char *decision_word(enum decision_step s);
/* The word of the document for an answer. */
const char *decision_answer_word(enum attempt_answer said);

#endif
