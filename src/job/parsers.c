/* Settings -> confine/; used by intake.c and, through the job room, by the inspect command. */
#include "job/parsers.h"

#include "base/auto.h"
#include "confine/confine.h"
#include "ingest/tables.h"

AUTO_DEFINE(struct arena *, arena_free)

#define ANSWER_BYTES ((int64_t)512 << 20) /* of one file, in the parent's memory */

int
parsers_open(const struct config *c, unsigned number, struct confine **ret, struct diag *d)
{
    struct confine_options o = {.program = "/proc/self/exe",
                                .argv = {"assay", PARSERS_WORD, c->templates_dir.s},
                                .jobs = number,
                                .memory = c->parser_memory_mib << 20,
                                .seconds = (int)c->parser_seconds,
                                .answer = ANSWER_BYTES,
                                .is_free = !c->confine};
    if (tables_load(c->templates_dir.s, d) != 0)
        return -1;
    *ret = confine_open(&o);
    return 0;
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

int
parsers_serve(const char *templates_dir)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (tables_load(templates_dir, &d) != 0)
        return diag_exit_status(d.first.code);
    return confine_serve(ingest_fd);
}
