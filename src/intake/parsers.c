/* Settings -> confine/; used by intake.c and, through the job room, by the inspect command. */
#include "intake/parsers.h"

#include <limits.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "confine/confine.h"
#include "ingest/tables.h"

#define ANSWER_BYTES ((int64_t)512 << 20) /* of one file, in the parent's memory */

/* Of the same installation as the running program, wherever that was moved to; ASSAY_PARSER is the
 * way from its folder (CMakeLists.txt). */
static struct str
parser_program(struct arena *a)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    struct str dir = str_n(self, n > 0 ? (size_t)n : 0);
    while (dir.len && dir.s[dir.len - 1] != '/')
        dir.len--;
    struct str beside = arena_fmt(a, "%.*sassay-parser", STR_ARG(dir));
    return file_exists(beside.s) ? beside : arena_fmt(a, "%.*s" ASSAY_PARSER, STR_ARG(dir));
}

int
parsers_open(const struct config *c, unsigned number, struct confine **ret, struct diag *d)
{
    struct confine_options o = {.program = parser_program(d->arena).s,
                                .argv = {"assay-parser", ASSAY_VERSION, c->templates_dir.s},
                                .jobs = number,
                                .memory = c->parser_memory_mib << 20,
                                .seconds = (int)c->parser_seconds,
                                .answer = ANSWER_BYTES,
                                .is_free = !c->confine};
    if (tables_load(c->templates_dir.s, d) != 0)
        return -1;
    return confine_open(&o, ret, d);
}

void
parsers_close(struct confine *p)
{
    confine_close(p);
}

int
parsers_parse(struct confine *p, const struct ingest_context *ctx, struct arena *a,
              struct scan_file *ret, struct diag *d)
{
    AUTO_FD fd = ingest_open(ctx->path, d);
    return fd < 0 ? -1 : confine_parse(p, 0, ctx, fd, a, ret, d);
}
