/* Messages on standard error, and the progress of what takes long.
 * What:   a line "assay: TEXT", or with --log-format json an object a line that names the run; a line of a terminal
 *         that is written over, or, where there is none and progress is wanted all the same, a line now and then. No
 *         colours are used.
 * Owner:  of the process.
 * Units:  milliseconds of a clock that only goes forward.
 * Errors: none: there is nowhere to tell. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stdarg.h>

#include "base/diag.h"

enum message_level { MESSAGE_ERROR, MESSAGE_WARNING, MESSAGE_NOTICE, MESSAGE_PROGRESS };
enum message_progress { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

/* Before the first message: how they look, which command speaks, whether progress is shown. */
void message_setup(const char *command, bool json, enum message_progress when);
/* A message. */
void message_put(enum message_level level, struct str text);
/* The failure of d. */
void message_fail(const struct diag *d);
/* The same with a format. */
void message_vput(enum message_level level, const char *fmt, va_list ap);
/* Whether progress is shown at all. */
bool message_has_progress(void);
/* done of total (0 = unknown): shown when the command has run for two seconds, and not more often than is read. */
void message_progress(const char *what, size_t done, size_t total);
/* Takes the line of progress away. */
void message_progress_end(void);

#endif
