/* Readiness to parse without a file system.
 * What:   libraries of this room open files when they are first used (encodings, random seeds,
 *         settings). ingest_warm() makes them do it now, so that a process can give up its right to
 *         open files afterwards and still read every format.
 * Owner:  what is loaded stays until the process ends.
 * Units:  none.   Errors: none; an encoding that is missing is missing later, too.
 * See:    confine/parser.c */
#ifndef INGEST_WARM_H
#define INGEST_WARM_H

/* Loads everything; a second call does nothing. */
void ingest_warm(void);

#endif
