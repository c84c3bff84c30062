/* Readiness to parse without a file system.
 * What:   libraries of this room open files when they are first used (encodings, random seeds,
 *         settings). ingest_warm() makes them do it now, so that a process can give up its right to
 *         open files afterwards and still read every format. The converters of encodings are two
 *         dozen libraries, which make a process dear to fork: they are loaded on their own, for who
 *         needs them.
 * Owner:  what is loaded stays until the process ends.
 * Units:  none.   Errors: none; an encoding that is missing is missing later, too.
 * See:    confine/parser.c */
#ifndef INGEST_WARM_H
#define INGEST_WARM_H

/* Loads everything but converters; a second call does nothing. */
void ingest_warm(void);
/* Loads the converters of all encodings; a second call does nothing. */
void ingest_warm_encodings(void);
/* The process is about to give up its right to open files: a file whose encoding needs a converter
 * that was not loaded fails with DIAG_RETRY. */
void ingest_close_files(void);

#endif
