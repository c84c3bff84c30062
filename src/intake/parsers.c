/* Settings -> confine/; called by batch.c, paths.c and the inspect command. */
#include "intake/parsers.h"

#include <limits.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "confine/confine.h"
#include "ingest/identity.h"
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

/* The time of a file serves as that of its scans when they have none. A sender's clock that is off
 * must not date a scan in the future: then it is now. */
static int64_t
usable_mtime(int64_t mtime)
{
    enum { DAY_S = 86400 };
    int64_t now = env_wall_us() / 1000000;
    return mtime < 0 || mtime > now + DAY_S ? now : mtime;
}

/* The agent's name as the transport gives it, "<agent>@<anything>"; a file that carries none, or
 * what is no name, is the agent's that was named on the command line. */
static struct str
given_name(struct str file, const char *agent, struct arena *a)
{
    struct str rest = file, name = str_cut(&rest, '@');
    name = name.len < file.len ? utf8_repair(a, arena_str(a, str_trim(name))) : STR("");
    return identity_why_none(name).len ? str_c(agent) : name;
}

int
parsers_check_agent(const char *agent, struct diag *d)
{
    struct str why = identity_why_none(str_c(agent));
    if (!agent || !why.len)
        return 0;
    return diag_fail(d, DIAG_USAGE, "--agent %s names no host: it is %.*s", agent, STR_ARG(why));
}

struct ingest_context
parsers_context(const struct config *c, const char *path, struct str name, const char *agent,
                int64_t mtime, struct arena *a)
{
    return (struct ingest_context){
        .path = path,
        .mtime = usable_mtime(mtime),
        .zone_offset_s = clock_local_offset(usable_mtime(mtime)),
        .asset_name = given_name(name, agent, a),
        .suggestion_informational = c->suggestion_informational,
        .fallback_encoding = c->fallback_encoding};
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
