/* The parser processes as the settings want them.
 * What:   the use of confine/ by this room. Helpers are the program assay-parser, found beside assay
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
/* What the transport knows of a file, from its name and the settings. agent names the hosts of files
 * that carry no name of one ("<agent>@…"); NULL = nobody. */
struct ingest_context parsers_context(const struct config *c, const char *path, struct str name,
                                      const char *agent, int64_t mtime, struct arena *a);
/* Fails with DIAG_USAGE when agent (NULL = not given) names no host (ingest/identity.h). */
int parsers_check_agent(const char *agent, struct diag *d);
/* confine_close(), for the command line, which may not include that room. */
void parsers_close(struct confine *p);
/* confine_parse() by the first parser, for the command line. */
int parsers_parse(struct confine *p, const struct ingest_context *ctx, struct arena *a,
                  struct scan_file *ret, struct diag *d);

#endif
