/* Whether an agent is expected to report: taken out and put back by an officer, from days on; and when it stood on the
 * list before it was removed from it.
 * What:   the histories of an agent as they are kept, and what they say of a moment. Nothing in them is changed: a
 *         decision is added, and of several for one day the last counts.
 * Owner:  texts point into the kept text.
 * Units:  seconds UTC.
 * Errors: none; a text that is no history says that the agent is expected.
 * See:    doc/enrolment.md */
#ifndef MODEL_DUTY_H
#define MODEL_DUTY_H

#include <stdint.h>

#include "base/arena.h"

/* What is decided for the time from a day on. */
struct duty {
    bool is_retired;
    int64_t from;
    struct str reason;
};

/* The key under which the history of an agent is kept. */
struct str duty_key(struct str agent, struct arena *a);
/* Whose history it is; empty = it is none. */
struct str duty_agent(struct str kept);
/* What holds at a moment; not retired when nothing is decided for it. */
struct duty duty_at(struct str kept, int64_t t);
/* The history with one decision more; kept may be empty. */
struct str duty_add(struct str kept, struct str agent, const struct duty *d, struct arena *a);

/* The key under which is kept when an agent stood on the list. */
struct str listed_key(struct str agent, struct arena *a);
/* Whether it stood on it at a moment; not told of the time since it was put there anew. */
bool listed_at(struct str kept, int64_t t);
/* The history with one stay more, from..until; kept may be empty. Its agent is that of duty_agent(). */
struct str listed_add(struct str kept, struct str agent, int64_t from, int64_t until,
                      struct arena *a);

#endif
