/* assay-parser, the program that reads what hosts send: it is linked with the rooms base, model,
 * ingest and confine and with no library that talks to a network or a database, holds keys or draws.
 * intake/parsers.c starts it: assay-parser VERSION TEMPLATES-DIR, requests on standard input. One of
 * another version, put in its place while `assay ingest --watch` runs, ends without an answer: the run ends,
 * and no file is refused for that. */
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "confine/confine.h"
#include "ingest/tables.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { EX_USAGE_STATUS = 64 };

int
main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("assay-parser is started by assay(1), not by people\n", stderr);
        return EX_USAGE_STATUS;
    }
    if (strcmp(argv[1], ASSAY_VERSION) != 0) {
        fprintf(stderr, "assay-parser %s was started by assay %s: start that again\n",
                ASSAY_VERSION, argv[1]);
        return EX_USAGE_STATUS;
    }
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (tables_load(argv[2], &d) != 0)
        return diag_exit_status(d.first.code);
    return confine_serve(ingest_fd);
}
