/* What the transport says of a file, and settings that no parser can work with. */
#include "intake/parsers.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "check.h"

static struct arena *a;

static struct ingest_context
context(const char *name, int64_t mtime)
{
    struct config c = {.suggestion_informational = true, .fallback_encoding = STR("CP932")};
    return parsers_context(&c, "/spool/x", str_c(name), NULL, mtime, a);
}

static void
test_context(void)
{
    CHECK_STR(context("web01@report.xml", 1).asset_name, "web01");
    CHECK_STR(context("web01@a@b", 1).asset_name, "web01");
    CHECK_STR(context("web01", 1).asset_name, "");
    CHECK_STR(context("@report", 1).asset_name, "");
    CHECK_STR(context("w\xff@report", 1).asset_name, "w\xef\xbf\xbd"); /* bytes become UTF-8 */
    struct ingest_context c = context("x", 1790000000);
    CHECK(c.mtime == 1790000000 && c.suggestion_informational);
    CHECK_STR(c.fallback_encoding, "CP932");
    CHECK_STR(str_c(c.path), "/spool/x");
}

/* A clock of a sender that is off must not date a scan into the future. */
static void
test_time(void)
{
    int64_t now = env_wall_us() / 1000000;
    CHECK(context("x", now + 3600).mtime == now + 3600);
    CHECK(context("x", now + 2 * 86400).mtime - now < 60);
    CHECK(context("x", -1).mtime - now < 60 && context("x", -1).mtime >= now);
    CHECK(context("x", 0).mtime == 0);
}

/* A site's tables are read here, where somebody sees what is wrong with them. */
static void
test_tables(void)
{
    char dir[] = "/tmp/assay-unit-XXXXXX";
    struct confine *p = NULL;
    struct diag d = diag_init(a);
    struct config c = {.parser_memory_mib = 256, .parser_seconds = 10};
    if (!mkdtemp(dir))
        exit(1);
    c.templates_dir = str_c(dir);
    struct str sub = file_join(a, dir, "mappings"), table = file_join(a, sub.s, "frameworks.tsv");
    CHECK(mkdir(sub.s, 0700) == 0);
    CHECK(file_write_atomic(table.s, STR("# fine\none column\n"), 0600, &d) == 0);
    CHECK(parsers_open(&c, 1, &p, &d) == -1 && d.first.code == DIAG_CONFIG && !p);
    CHECK_STR(d.first.place, table.s);
    CHECK(str_starts(d.first.text, "line 2: want "));
    CHECK(unlink(table.s) == 0 && rmdir(sub.s) == 0 && rmdir(dir) == 0);
}

int
main(void)
{
    a = arena_new();
    test_context();
    test_time();
    test_tables();
    arena_free(a);
    return CHECK_DONE();
}
