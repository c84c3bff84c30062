/* A log file that messages are appended to, one a line.
 * What:   a batch counts as delivered when it is synced. A line that a crash cut in half goes
 *         first: it was never confirmed, and comes again whole. One writer a file (flock). A file
 *         that grew over options.rotate_bytes is renamed to FILE-YYYYMMDDTHHMMSSZ before the next
 *         batch, and only the newest options.rotate_keep of those stay; one that somebody else
 *         renamed or removed (logrotate) is begun anew. "-" is standard output.
 * Owner, Units: those of deliver/outlet.h.
 * Errors: DIAG_CANNOT_WRITE, DIAG_BUSY (another export writes this file); the place is the file.
 * See:    doc/man/assay.conf.5, export */
#ifndef DELIVER_LOGFILE_H
#define DELIVER_LOGFILE_H

#include "deliver/outlet.h"

extern const struct outlet logfile_outlet; /* the outlet of a target without a scheme */

#endif
