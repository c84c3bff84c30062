/* Readiness to parse without a file system.
 * What:   libraries of this room open files when they are first used (encodings, random seeds,
 *         settings). ingest_warm() makes them do it now, so that a process can give up its right to
 *         open files afterwards and still read every format.
 * Owner:  what is loaded stays until the process ends.
 * Units:  none.   Errors: none; an encoding that is missing is missing later, too.
 * See:    confine/parser.c */
#ifndef INGEST_WARM_H
#define INGEST_WARM_H

#include "base/arena.h"

/* Loads everything; a second call does nothing. */
void ingest_warm(void);
/* True for an encoding that can be read after that: one of the loaded, or one that needs nothing.
 */
bool ingest_knows_encoding(struct str name);
/* "UTF-8, UTF-16, …" for messages. */
struct str ingest_encodings(struct arena *a);

#endif
