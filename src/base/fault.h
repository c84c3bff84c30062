/* Named points at which a test can end the process, as a crash would.
 * What:   ASSAY_FAULT=NAME[:N] sends SIGKILL to the process when it comes to that point for the Nth
 *         time. Unset, a point costs a look at a variable. The points are in the program that ships:
 *         what is tested is what runs, and who sets the environment of a process may end it anyway.
 * Owner:  none.   Units:  passes, from 1.   Errors: none.
 * See:    doc/decisions/0009-delivery.md; tests/e2e/export/faults.sh */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

/* Ends the process here when the environment says so. */
void fault_point(const char *name);

#endif
