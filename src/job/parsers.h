/* The parser processes as the settings want them.
 * What:   the job room's use of confine/: the program itself is the helper, by a word of the
 *         command line that people never type.
 * Owner:  parsers_close ends the processes.
 * Units:  none.
 * Errors: those of confine/confine.h. */
#ifndef JOB_PARSERS_H
#define JOB_PARSERS_H

#include "ingest/ingest.h"
#include "job/config.h"

#define PARSERS_WORD "--parser"

struct confine;

/* Makes number parsers ready. A site's mapping tables are checked here, where messages can be
 * given. */
int parsers_open(const struct config *c, unsigned number, struct confine **ret, struct diag *d);
/* confine_close(), for the command line, which does not know that room. */
void parsers_close(struct confine *p);
/* confine_parse() by the first parser, for the command line. */
int parsers_parse(struct confine *p, const struct ingest_context *ctx, struct arena *a,
                  struct scan_file *ret, struct diag *d);
/* The main function of "assay --parser TEMPLATES-DIR"; returns an exit status. */
int parsers_serve(const char *templates_dir);

#endif
