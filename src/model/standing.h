/* Which of several scans of one agent, line and second counts, and why.
 * What:   the list of standings. Every scan that was stored has one: those that count stand in the
 *         table scan, the others in scan_revision. Which scan gets which is decided in
 *         store/revision.c.
 * Owner:  none.   Units: none.   Errors: none.
 * See:    doc/revisions.md */
#ifndef MODEL_STANDING_H
#define MODEL_STANDING_H

#include <stdbool.h>

/* The numbers stand in the database. */
enum standing {
    /* it counts: */
    STANDING_FIRST,    /* it came first, or alone */
    STANDING_WORST,    /* it is the worst of those that its file holds */
    STANDING_FULLER,   /* it repeats what came before, and says more */
    STANDING_ACCEPTED, /* an officer said so */
    /* it does not: */
    STANDING_SUPERSEDED, /* it says something else than the one that counts */
    STANDING_CONTAINED,  /* the one that counts repeats all of it */
    STANDING_DECLINED,   /* an officer accepted another one */
    STANDING_REVOKED,    /* an officer said that it is not to be used */
    STANDING__COUNT
};

/* True for the scan that reports are made of. */
static inline bool
standing_counts(enum standing s)
{
    return s <= STANDING_ACCEPTED;
}

/* Its name, as in "superseded": for lists, records and JSON. */
const char *standing_word(enum standing s);

#endif
