/* Who holds a lease: this process, written so that another on the same host can see that it died.
 * What:   "HOST PID START PLACE": the process and when it started, and which kernel and space of
 *         process numbers that is. Elsewhere nothing can be seen, and the lease has to run out.
 * Owner:  texts live in the given arena.   Units:  none.   Errors: none.
 * See:    proc(5) */
#ifndef ACT_OWNER_H
#define ACT_OWNER_H

#include <stdbool.h>

#include "base/arena.h"

/* This process. */
struct str owner_self(struct arena *a);
/* True when it ran here and does not any more; false when that cannot be known. */
bool owner_is_dead(struct str owner);

#endif
