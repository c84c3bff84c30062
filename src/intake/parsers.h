/* The parser processes as the settings want them.
 * What:   the job room's use of confine/. Helpers are the program assay-parser, found beside assay
 *         (in a build folder) or in the libexec folder of the same installation.
 * Owner:  parsers_close ends the processes.
 * Units:  none.
 * Errors: those of confine/confine.h. */
#ifndef INTAKE_PARSERS_H
#define INTAKE_PARSERS_H

#include "ingest/ingest.h"
#include "settings/config.h"

struct confine;

/* Makes number parsers ready. A site's mapping tables are checked here, where messages can be
 * given. */
int parsers_open(const struct config *c, unsigned number, struct confine **ret, struct diag *d);
/* confine_close(), for the command line, which does not know that room. */
void parsers_close(struct confine *p);
/* confine_parse() by the first parser, for the command line. */
int parsers_parse(struct confine *p, const struct ingest_context *ctx, struct arena *a,
                  struct scan_file *ret, struct diag *d);

#endif
