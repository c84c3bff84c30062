/* Normalising of framework mappings; called by readers while they build a check. Spellings of single controls
 * are those of controls.c. */
#include "ingest/frameworks.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "ingest/controls.h"
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
    struct table_row row;
    arena_free(table.a);
    table.version = tables_version();
    table.a = arena_new();
    table.rows = map_new(table.a);
    while (tables_next_row(&rest, &row)) {
        if (map_get(table.rows, row.column[0]))
            continue; /* a site's own row stands before the built-in one */
        struct framework *f = ARENA_NEW(table.a, struct framework);
        *f = (struct framework){row.column[1], row.column[2], row.column[3]};
        map_put(table.rows, row.column[0], f);
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

/* Editions as the table spells them: v8 of the CIS Controls (the number behind a dot tells apart only 8 and
 * 8.1), r5 of what NIST revises, plain numbers of others. */
static struct str
normal_edition(struct arena *a, struct framework f, struct str edition)
{
    bool is_csc = str_eqc(f.name, "cis_csc");
    bool is_revised = str_eqc(f.rewriting, "nist") || str_eqc(f.name, "nist_800_171");
    struct str number = edition;
    while (number.len && !isdigit((unsigned char)number.s[0]))
        number = str_n(number.s + 1, number.len - 1);
    struct str word = str_trim(str_n(edition.s, edition.len - number.len)), rest = number;
    static const char *const words[] = {"", "v", "r", "rev", "rev.", "rev_", "revision", "version"};
    bool is_known = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is_known = is_known || str_ieqc(word, words[i]);
    struct str major = str_cut(&rest, '.');
    if (!number.len || !is_known || !(is_csc || is_revised))
        return edition;
    if (is_csc && !(str_eqc(major, "8") && str_eqc(rest, "1")))
        number = major;
    return arena_fmt(a, "%c%.*s", is_csc ? 'v' : 'r', STR_ARG(number));
}

/* Cuts "_revision_5", "_rev5", "_r4", "_v2.1" or "_2.0" off the end of a key; the number, or empty. */
static struct str
cut_edition(struct str *key, bool *ret_is_marked)
{
    static const char *const marks[] = {"_revision_", "_rev_", "_rev", "_r", "_v", "_"};
    size_t n = key->len;
    while (n > 0 && (isdigit((unsigned char)key->s[n - 1]) || key->s[n - 1] == '.'))
        n--;
    struct str number = str_n(key->s + n, key->len - n), head = str_n(key->s, n);
    for (size_t i = 0; number.len && i < sizeof marks / sizeof *marks; i++) {
        size_t len = strlen(marks[i]);
        if (!str_ends(head, marks[i]) || head.len == len)
            continue;
        *key = str_n(head.s, head.len - len);
        *ret_is_marked = str_eqc(STR("_v"), marks[i]);
        return number;
    }
    return STR("");
}

/* A number that can only be an edition: a year, or with a dot. */
static bool
is_edition(struct str number)
{
    bool is_year = number.len == 4 && (number.s[0] == '1' || number.s[0] == '2');
    return is_year || (memchr(number.s, '.', number.len) && number.s[0] != '.');
}

/* A key that the table does not know: without its edition it may be listed, else it is a framework of its
 * own. */
static struct framework
unlisted(struct arena *a, struct str key)
{
    struct framework f;
    struct str base = key;
    bool is_marked = false;
    struct str number = cut_edition(&base, &is_marked);
    if (number.len && find_row(base, &f)) {
        struct str edition = normal_edition(a, f, number);
        f.edition = f.edition.len ? arena_fmt(a, "%.*s %.*s", STR_ARG(f.edition), STR_ARG(edition))
                                  : edition;
        return f;
    }
    bool is_own = number.len && (is_marked || is_edition(number));
    return (struct framework){arena_str(a, is_own ? base : key),
                              is_own ? arena_str(a, number) : STR(""), STR("")};
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
    control = controls_rewrite(a, f.rewriting, utf8_repair(a, control));
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
    f.edition = edition.len ? arena_str(a, normal_edition(a, f, str_trim(edition)))
                            : arena_str(a, f.edition);
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
