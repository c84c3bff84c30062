/* A site's rows before the built-in ones; what is no table is refused with its line. */
#include "ingest/tables.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "ingest/frameworks.h"
#include "ingest/readers/lynis/titles.h"

static const char *dir;

static void
write_table(const char *name, struct str text)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    CHECK(file_mkdirs(arena_fmt(a, "%s/mappings", dir).s, 0700, &d) == 0);
    CHECK(file_write_atomic(arena_fmt(a, "%s/mappings/%s", dir, name).s, text, 0600, &d) == 0);
    arena_free(a);
}

static void
check_failure(struct str text, const char *want)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    write_table("frameworks.tsv", text);
    CHECK(tables_load(dir, &d) == -1);
    CHECK(d.first.code == DIAG_CONFIG);
    CHECK(str_find(diag_text(&d), want) >= 0);
    arena_free(a);
}

static void
test_own_rows(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct framework f;
    write_table("frameworks.tsv", STR("# ours\nacme_policy\tacme\t2026\ncis_csc\tours\n"));
    write_table("lynis-titles.tsv", STR("ACCT-9628\tWe audit")); /* no line end */
    CHECK(tables_load(dir, &d) == 0);
    CHECK(frameworks_find(a, STR("ACME policy"), STR(""), &f));
    CHECK_STR(f.name, "acme");
    CHECK_STR(f.edition, "2026");
    CHECK(frameworks_find(a, STR("cis_csc"), STR(""), &f));
    CHECK_STR(f.name, "ours");
    CHECK(frameworks_find(a, STR("cis_csc_v7"), STR(""), &f));
    CHECK_STR(f.name, "cis_csc");
    CHECK_STR(lynis_titles_find(STR("ACCT-9628")), "We audit");
    CHECK(lynis_titles_find(STR("ACCT-9630")).len > 0);
    CHECK(tables_load(NULL, &d) == 0);
    CHECK(frameworks_find(a, STR("cis_csc"), STR(""), &f));
    CHECK_STR(f.name, "cis_csc");
    arena_free(a);
}

int
main(void)
{
    char room[] = "/tmp/assay-tables-XXXXXX";
    dir = mkdtemp(room);
    test_own_rows();
    check_failure(STR("good\trow\nnone\n"), "line 2: want 2 columns");
    check_failure(STR("bad\xff\trow\n"), "not UTF-8");
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    CHECK(tables_load("/nowhere", &d) == 0);
    unlink(arena_fmt(a, "%s/mappings/frameworks.tsv", dir).s);
    unlink(arena_fmt(a, "%s/mappings/lynis-titles.tsv", dir).s);
    rmdir(arena_fmt(a, "%s/mappings", dir).s);
    rmdir(dir);
    arena_free(a);
    return CHECK_DONE();
}
