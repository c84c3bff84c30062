/* Takes from the process everything that reading bytes and computing do not need.
 * What:   no file may be opened, no socket made, no program started, no memory made executable, no
 *         other process signalled; memory, processor time and output are limited. There is no way
 *         back. A forbidden call kills the process with SIGSYS.
 * Owner:  none.   Units:  bytes, seconds.
 * Errors: DIAG_INTERNAL when the kernel refuses the filter.
 * See:    seccomp(2), setrlimit(2), doc/decisions/0007-confined-parsing.md */
#ifndef CONFINE_SANDBOX_H
#define CONFINE_SANDBOX_H

#include "base/diag.h"

struct sandbox_limits {
    int64_t memory; /* address space; 0 = as it is */
    int seconds;    /* of processor time */
};

/* Makes the filter that sandbox_enter() loads, which makes it itself otherwise: once for all the
 * processes that are forked afterwards. */
int sandbox_prepare(struct diag *d);
/* What the process has open stays open; nothing new can be. */
int sandbox_enter(const struct sandbox_limits *limits, struct diag *d);

#endif
