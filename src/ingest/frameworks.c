/* Normalising of framework mappings; called by the Wazuh and Pandora readers while they build a
 * check, before the scan goes to store. */
#include "ingest/frameworks.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/tables.h"

enum { MAX_MAPPINGS = 2000, MAX_KEY = 64 }; /* real checks have up to 132 mappings */

/* The key in lower case with '_' for blank, '-' and '/'; empty when it is too long. */
static struct str
fold_key(struct str key, char room[MAX_KEY])
{
    key = str_trim(key);
    if (key.len >= MAX_KEY)
        return STR("");
    assert(key.len < MAX_KEY);
    for (size_t i = 0; i < key.len; i++) {
        char c = key.s[i];
        room[i] = c == ' ' || c == '-' || c == '/' ? '_' : (char)tolower((unsigned char)c);
    }
    room[key.len] = 0;
    return str_n(room, key.len);
}

/* The rows of the table by their key, made anew when another table was loaded. */
static struct {
    unsigned version;
    struct arena *a;
    struct map *rows;
} table;

static void
make_index(void)
{
    struct str rest = tables_get(TABLE_FRAMEWORKS);
    arena_free(table.a);
    table.version = tables_version();
    table.a = arena_new();
    table.rows = map_new(table.a);
    while (rest.len) {
        struct str line = str_cut(&rest, '\n'), key = str_cut(&line, '\t');
        if (map_get(table.rows, key))
            continue; /* a site's own row stands before the built-in one */
        struct framework *f = ARENA_NEW(table.a, struct framework);
        f->name = str_cut(&line, '\t');
        f->edition = str_cut(&line, '\t');
        f->rewriting = line;
        map_put(table.rows, key, f);
    }
}

static bool
find_row(struct str key, struct framework *ret)
{
    if (!table.a || table.version != tables_version())
        make_index();
    const struct framework *f = map_get(table.rows, key);
    if (f)
        *ret = *f;
    return f != NULL;
}

void
frameworks_warm(void)
{
    struct framework ignored;
    find_row(STR("cis"), &ignored);
}

/* A key that the table does not know: its base may be listed, else it is a framework of its own. */
static struct framework
unlisted(struct arena *a, struct str key)
{
    struct framework f;
    size_t n = key.len; /* without a trailing _v<digits and dots> */
    while (n > 0 && (isdigit((unsigned char)key.s[n - 1]) || key.s[n - 1] == '.'))
        n--;
    bool has = n >= 3 && n < key.len && key.s[n - 1] == 'v' && key.s[n - 2] == '_';
    n = has ? n - 2 : key.len;
    if (!find_row(str_n(key.s, n), &f))
        f = (struct framework){arena_str(a, str_n(key.s, n)), STR(""), STR("")};
    if (n < key.len) {
        size_t skip = f.name.len && str_eqc(f.name, "cis_csc") ? n + 1 : n + 2;
        f.edition = arena_str(a, str_n(key.s + skip, key.len - skip));
    }
    return f;
}

/* The next control of a list: cut at a comma or semicolon outside brackets. */
static struct str
next_control(struct str *rest)
{
    int depth = 0;
    size_t i = 0;
    for (; i < rest->len; i++) {
        char c = rest->s[i];
        depth += c == '(' || c == '[' || c == '{';
        depth -= depth > 0 && (c == ')' || c == ']' || c == '}');
        if (depth == 0 && (c == ',' || c == ';'))
            break;
    }
    struct str piece = str_n(rest->s, i);
    size_t used = i < rest->len ? i + 1 : i;
    assert(depth >= 0 && used <= rest->len);
    *rest = str_n(rest->s + used, rest->len - used);
    return str_trim(piece);
}

static struct str
rewrite(struct arena *a, struct framework f, struct str c)
{
    if (c.len > 4 && str_ieqc(str_n(c.s, 4), "Req-"))
        c = str_trim(str_n(c.s + 4, c.len - 4));
    if (!str_eqc(f.rewriting, "nist"))
        return c;
    /* CM.1 -> CM-1: two letters, a dot and a digit at the start. */
    bool dotted = c.len >= 4 && isalpha((unsigned char)c.s[0]) && isalpha((unsigned char)c.s[1]) &&
                  c.s[2] == '.' && isdigit((unsigned char)c.s[3]);
    if (!dotted)
        return c;
    return arena_fmt(a, "%c%c-%.*s", toupper((unsigned char)c.s[0]), toupper((unsigned char)c.s[1]),
                     (int)c.len - 3, c.s + 3);
}

/* Adds one control; false = no more fit. */
static bool
add_control(struct arena *a, struct scan_check *c, struct framework f, struct str control,
            struct diag *d)
{
    if (control.len > LIMIT_CONTROL) {
        diag_warn(d, DIAG_WARN_DATA, c->id, "a control of %.*s is longer than %d bytes: left out",
                  STR_ARG(f.name), LIMIT_CONTROL);
        return true;
    }
    control = rewrite(a, f, utf8_repair(a, control));
    if (control.len == 0)
        return true;
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *known = &c->mappings.v[i];
        if (str_eq(known->control, control) && str_eq(known->framework, f.name) &&
            str_eq(known->edition, f.edition))
            return true;
    }
    if (c->mappings.n >= MAX_MAPPINGS) {
        diag_warn(d, DIAG_WARN_DATA, c->id, "more than %d framework controls: the rest left out",
                  MAX_MAPPINGS);
        return false;
    }
    struct scan_mapping *m = VEC_PUSH(a, &c->mappings);
    *m = (struct scan_mapping){f.name, f.edition, arena_str(a, control)};
    return true;
}

bool
frameworks_find(struct arena *a, struct str key, struct str edition, struct framework *ret)
{
    char room[MAX_KEY];
    struct framework f;
    struct str folded = fold_key(key, room);
    if (folded.len == 0)
        return false;
    folded = utf8_repair(a, folded);
    if (!find_row(folded, &f))
        f = unlisted(a, folded);
    assert(f.name.len);
    f.name = arena_str(a, f.name);
    f.edition = arena_str(a, edition.len ? edition : f.edition);
    *ret = f;
    return true;
}

void
frameworks_add_to(struct arena *a, struct scan_check *c, const struct framework *f,
                  struct str values, struct diag *d)
{
    struct str rest = values;
    while (rest.len)
        if (!add_control(a, c, *f, next_control(&rest), d))
            return;
}

void
frameworks_add_edition(struct arena *a, struct scan_check *c, struct str key, struct str edition,
                       struct str values, struct diag *d)
{
    struct framework f;
    if (frameworks_find(a, key, edition, &f))
        frameworks_add_to(a, c, &f, values, d);
    else
        diag_warn(d, DIAG_WARN_DATA, c->id, "a framework without a usable name: left out");
}

void
frameworks_add(struct arena *a, struct scan_check *c, struct str key, struct str values,
               struct diag *d)
{
    frameworks_add_edition(a, c, key, STR(""), values, d);
}

/* The v8 control that took the place of each v7 control (1..20). */
static const int v7_to_v8[] = {0,  1,  2, 7, 5,  4, 8,  9,  10, 4, 11,
                               12, 13, 3, 3, 12, 5, 14, 16, 17, 18};

/* The number before the first dot of the first cis_csc control of v8, or of an older edition. */
static int
csc_number(const struct scan_check *c, bool v8)
{
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        struct str rest = m->control;
        int64_t n;
        if (!str_eqc(m->framework, "cis_csc") || str_starts(m->edition, "v8") != v8)
            continue;
        bool ok = str_to_i64(str_cut(&rest, '.'), &n);
        if (ok && n >= 1 && n <= (v8 ? 18 : 20))
            return (int)n;
    }
    return 0;
}

void
frameworks_settle_category(struct scan_check *c)
{
    if (c->category.len == 0) {
        int n = csc_number(c, true);
        assert(n >= 0 && n <= 18);
        c->category = scan_category_name(n ? n : v7_to_v8[csc_number(c, false)]);
    }
    if (c->category.len)
        scan_settle_category(c);
}
