/* Named points at which a test can end the process, as a crash would, or leave a precaution out.
 * What:   ASSAY_FAULT=NAME[:N] sends SIGKILL to the process when it comes to that point for the Nth
 *         time; where the name is that of a precaution, the process goes on without it, so that a
 *         test of what it is for can fail. Unset, a point costs a look at a variable. The points are in the program that ships:
 *         what is tested is what runs, and who sets the environment of a process may end it anyway.
 * Owner:  none.   Units:  passes, from 1.   Errors: none.
 * See:    doc/decisions/0009-delivery.md; tests/e2e/export/faults.sh */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

/* Ends the process here when the environment says so. */
void fault_point(const char *name);
/* Whether the environment says that the precaution of this name is to be left out. */
bool fault_omits(const char *name);

#endif
