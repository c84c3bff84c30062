/* Built-in tables and a site's own; below frameworks.c, identity.c, category/index.c, xccdf/rules.c and
 * lynis/titles.c. */
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

/* The columns that a row must have, a letter each: t text, c a CIS Control, r a rank, n a number. */
static const struct {
    const char *name, *columns;
} kinds[TABLE__COUNT] = {
    [TABLE_FRAMEWORKS] = {"frameworks.tsv", "tt"},
    [TABLE_REFERENCES] = {"references.tsv", "tt"},
    [TABLE_LYNIS_TITLES] = {"lynis-titles.tsv", "tt"},
    [TABLE_NO_NAMES] = {"no-names.tsv", "ttt"},
    [TABLE_CATEGORY_RULES] = {"category-rules.tsv", "tc"},
    [TABLE_CATEGORY_GROUPS] = {"category-groups.tsv", "tc"},
    [TABLE_CATEGORY_SECTIONS] = {"category-sections.tsv", "ttc"},
    [TABLE_CATEGORY_CONTROLS] = {"category-controls.tsv", "tcr"},
    [TABLE_CATEGORY_CCI] = {"category-cci.tsv", "nnt"},
    [TABLE_CATEGORY_TITLES] = {"category-titles.tsv", "tc"},
};

/* What the letters of numbers allow. */
static const struct {
    char letter;
    int64_t least, most;
    const char *what;
} numbers[] = {{'c', 1, 18, "a CIS Control"}, {'r', 1, 9, "a rank"}, {'n', 1, 99999, "a number"}};

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

/* The first column that is not what its letter wants. */
static int
check_row(const char *columns, struct str line, int number, struct diag *d)
{
    int n_columns = 0, n_wanted = (int)strlen(columns);
    for (struct str rest = line; rest.len;)
        n_columns += str_trim(str_cut(&rest, '\t')).len > 0;
    if (n_columns < n_wanted)
        return diag_fail(d, DIAG_CONFIG, "line %d: want %d columns separated by tabs", number,
                         n_wanted);
    for (int at = 0; at < n_wanted; at++) {
        struct str column = str_trim(str_cut(&line, '\t'));
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            int64_t n;
            if (columns[at] == numbers[i].letter &&
                (!str_to_i64(column, &n) || n < numbers[i].least || n > numbers[i].most))
                return diag_fail(d, DIAG_CONFIG, "line %d: column %d: want %s, %d to %d", number,
                                 at + 1, numbers[i].what, (int)numbers[i].least,
                                 (int)numbers[i].most);
        }
    }
    return 0;
}

static int
check_rows(enum table t, struct str text, struct diag *d)
{
    if (!utf8_valid(text))
        return diag_fail(d, DIAG_CONFIG, "the table is not UTF-8");
    for (int number = 1; text.len; number++) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (line.len && line.s[0] != '#' && check_row(kinds[t].columns, line, number, d) != 0)
            return -1;
    }
    return 0;
}

bool
tables_next_row(struct str *rest, struct table_row *ret)
{
    while (rest->len) {
        struct str line = str_cut(rest, '\n');
        if (!str_trim(line).len || line.s[0] == '#')
            continue;
        for (size_t i = 0; i < TABLE_COLUMNS; i++)
            ret->column[i] = str_trim(str_cut(&line, '\t'));
        return true;
    }
    return false;
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
