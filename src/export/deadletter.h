/* Dead letters, sent again.
 * What:   what a target refused, or took only in its reduced form, is kept until somebody has seen
 *         to it: the receiver was given more room, or the mistake was ours and a newer program
 *         writes it better. The record itself never left the log.
 * Owner:  texts live in the given arena.   Units:  letters.
 * Errors: those of deliver/outlet.h: the first, once all were tried. A target that cannot be
 *         reached is not tried again.
 * See:    doc/man/assay-audit.1 */
#ifndef EXPORT_DEADLETTER_H
#define EXPORT_DEADLETTER_H

#include "act/act.h"

struct deadletters {
    struct store_letter *v;
    size_t n;
};

/* The letters of one target (empty key = of all), by record. */
int deadletter_load(struct act *act, struct str key, struct arena *a, struct deadletters *ret,
                    struct diag *d);
/* Sends the letters of one target again (empty key = of all targets of the settings), whole; those
 * that arrive are forgotten, with a record. *ret_n arrived; *ret_left stay. */
int deadletter_resend(struct act *act, struct str key, int64_t *ret_n, int64_t *ret_left,
                      struct diag *d);

#endif
