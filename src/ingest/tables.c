/* Built-in tables and a site's own; below frameworks.c, identity.c, xccdf/rules.c and lynis/titles.c. */
#include "ingest/tables.h"

#include <assert.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MAX_BYTES = 1 << 20 };

static const struct {
    const char *name;
    int min_columns;
} kinds[TABLE__COUNT] = {
    [TABLE_FRAMEWORKS] = {"frameworks.tsv", 2},
    [TABLE_REFERENCES] = {"references.tsv", 2},
    [TABLE_LYNIS_TITLES] = {"lynis-titles.tsv", 2},
    [TABLE_NO_NAMES] = {"no-names.tsv", 3},
};

static struct str
    loaded[TABLE__COUNT]; /* a site's rows and the built-in ones; empty = those only */

static unsigned version;

static struct str
built_in(enum table t)
{
    static struct str found[TABLE__COUNT];
    if (found[t].len)
        return found[t];
    char name[64] = "templates/mappings/";
    strncat(name, kinds[t].name, sizeof name - strlen(name) - 1);
    const struct embed_file *f = embed_find(name);
    assert(f);
    return found[t] = str_n(f->data, f->len);
}

struct str
tables_get(enum table t)
{
    assert(t < TABLE__COUNT);
    return loaded[t].len ? loaded[t] : built_in(t);
}

static int
check_rows(enum table t, struct str text, struct diag *d)
{
    if (!utf8_valid(text))
        return diag_fail(d, DIAG_CONFIG, "the table is not UTF-8");
    for (int number = 1; text.len; number++) {
        struct str line = str_trim(str_cut(&text, '\n'));
        int n_columns = 0;
        for (struct str rest = line; rest.len;)
            n_columns += str_trim(str_cut(&rest, '\t')).len > 0;
        if (line.len && line.s[0] != '#' && n_columns < kinds[t].min_columns)
            return diag_fail(d, DIAG_CONFIG, "line %d: want %d columns separated by tabs", number,
                             kinds[t].min_columns);
    }
    return 0;
}

static int
load_one(enum table t, const char *dir, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct str own;
    const char *path = arena_fmt(a, "%s/mappings/%s", dir, kinds[t].name).s;
    if (!file_exists(path))
        return 0;
    if (file_slurp(path, MAX_BYTES, a, &own, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return -1;
    }
    if (check_rows(t, own, d) != 0)
        return diag_at(d, "%s", path);
    /* A site's rows, a line end, the built-in rows. */
    struct str rest = built_in(t);
    char *both = mem_alloc(own.len + 1 + rest.len + 1);
    memcpy(both, own.s, own.len);
    both[own.len] = '\n';
    memcpy(both + own.len + 1, rest.s, rest.len);
    loaded[t] = str_n(both, own.len + 1 + rest.len);
    return 0;
}

unsigned
tables_version(void)
{
    return version;
}

int
tables_load(const char *dir, struct diag *d)
{
    version++;
    for (int t = 0; t < TABLE__COUNT; t++) {
        if (loaded[t].len)
            free((void *)(uintptr_t)loaded[t].s);
        loaded[t] = STR("");
        if (dir && *dir && load_one((enum table)t, dir, d) != 0)
            return -1;
    }
    return 0;
}
