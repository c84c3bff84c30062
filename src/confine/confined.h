/* One piece of work on hostile bytes, in a process that can do nothing else.
 * What:   forks, closes every file but the pipe of the answer, enters the sandbox and calls the function,
 *         whose answer comes back as bytes. So a file that makes its reader crash, loop or turn hostile
 *         costs its own verdict. What the bytes are is mapped or read before; what libraries load on
 *         first use is loaded before.
 * Owner:  the answer lives in the given arena. It is the word of a process that hostile bytes may have
 *         taken over: the caller checks it as such.
 * Units:  bytes, seconds of processor time.
 * Errors: DIAG_BAD_DATA (crashed, or tried what it may not), DIAG_TOO_BIG (time, memory, answer),
 *         DIAG_INTERNAL (no process, no sandbox).
 * See:    doc/decisions/0007-confined-parsing.md */
#ifndef CONFINE_CONFINED_H
#define CONFINE_CONFINED_H

#include "base/buf.h"
#include "base/diag.h"

typedef void confined_fn(void *self, struct buf *answer);

struct confined_limits {
    int64_t memory; /* address space beyond what the process has; 0 = no limit */
    int seconds;
    size_t answer; /* longest answer */
    bool is_free;  /* a process, but no sandbox around it */
};

/* Calls fn(self, …) as said above. */
int confined_call(confined_fn *fn, void *self, const struct confined_limits *limits,
                  struct arena *a, struct str *ret, struct diag *d);

#endif
