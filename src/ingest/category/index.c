/* The tables of templates/mappings, made ready to be asked; behind every step. */
#include <assert.h>
#include <string.h>

#include "ingest/category/category.h"
#include "ingest/category/steps.h"
#include "ingest/controls.h"
#include "ingest/tables.h"

static struct {
    unsigned version;
    struct arena *a;
    struct category_index index;
} kept;

static int
number_of(struct str column)
{
    int64_t n = 0;
    bool ok = str_to_i64(column, &n);
    assert(ok && n > 0 && n <= MAX_CCI); /* tables.c has seen to it */
    return ok ? (int)n : 0;
}

static void
read_rules(struct arena *a, struct category_index *x)
{
    struct str rest = tables_get(TABLE_CATEGORY_RULES);
    struct table_row row;
    while (tables_next_row(&rest, &row))
        *VEC_PUSH(a, &x->rules) =
            (struct category_key){.key = row.column[0], .number = number_of(row.column[1])};
}

static void
read_groups(struct arena *a, struct category_index *x)
{
    struct str rest = tables_get(TABLE_CATEGORY_GROUPS);
    struct table_row row;
    x->groups = map_new(a);
    while (tables_next_row(&rest, &row))
        if (map_get_index(x->groups, row.column[0]) < 0)
            map_put_index(x->groups, row.column[0], (size_t)number_of(row.column[1]));
}

static struct category_scheme *
scheme_of(struct arena *a, struct category_index *x, struct str name)
{
    for (size_t i = 0; i < x->schemes.n; i++)
        if (str_eq(x->schemes.v[i]->name, name))
            return x->schemes.v[i];
    struct category_scheme *s = ARENA_NEW(a, struct category_scheme);
    s->name = name;
    s->by_key = map_new(a);
    *VEC_PUSH(a, &x->schemes) = s;
    return s;
}

static void
read_sections(struct arena *a, struct category_index *x)
{
    struct str rest = tables_get(TABLE_CATEGORY_SECTIONS);
    struct table_row row;
    while (tables_next_row(&rest, &row)) {
        struct category_scheme *s = scheme_of(a, x, row.column[0]);
        if (map_get_index(s->by_key, row.column[1]) < 0)
            map_put_index(s->by_key, row.column[1], s->rows.n);
        *VEC_PUSH(a, &s->rows) =
            (struct category_key){.key = row.column[1],
                                  .number = number_of(row.column[2]),
                                  .mode = row.column[3].len ? row.column[3].s[0] : 'a'};
    }
}

static void
read_controls(struct arena *a, struct category_index *x)
{
    struct str rest = tables_get(TABLE_CATEGORY_CONTROLS);
    struct table_row row;
    x->controls = map_new(a);
    while (tables_next_row(&rest, &row)) {
        struct str key = controls_rewrite(a, STR("nist"), row.column[0]);
        if (map_get(x->controls, key))
            continue;
        struct category_control *c = ARENA_NEW(a, struct category_control);
        *c = (struct category_control){number_of(row.column[1]), number_of(row.column[2])};
        map_put(x->controls, key, c);
    }
}

static void
read_cci(struct arena *a, struct category_index *x)
{
    struct str rest = tables_get(TABLE_CATEGORY_CCI);
    struct table_row row;
    x->n_cci = MAX_CCI + 1;
    x->cci = ARENA_ARRAY(a, const struct str *, x->n_cci);
    while (tables_next_row(&rest, &row)) {
        struct str *control = ARENA_NEW(a, struct str);
        *control = controls_rewrite(a, STR("nist"), row.column[2]);
        for (int i = number_of(row.column[0]), last = number_of(row.column[1]); i <= last; i++)
            if (!x->cci[i])
                x->cci[i] = control;
    }
}

static void
read_titles(struct arena *a, struct category_index *x)
{
    struct str rest = tables_get(TABLE_CATEGORY_TITLES);
    struct table_row row;
    for (int n = 0; tables_next_row(&rest, &row); n++)
        for (struct str list = row.column[0]; list.len;) {
            struct str text = category_fold(a, str_trim(str_cut(&list, ',')));
            bool is_open = str_ends(text, "*");
            text.len -= is_open;
            if (text.len >= 2)
                *VEC_PUSH(a, &x->phrases[category_bucket(text.s[0], text.s[1])]) =
                    (struct category_phrase){text, is_open, n, number_of(row.column[1])};
        }
}

static void
take_digest(struct category_index *x)
{
    static const char hex[] = "0123456789abcdef";
    struct sha256 *h = sha256_new();
    sha256_add_field(h, STR("steps 1")); /* another number when the steps themselves change */
    for (int t = TABLE_CATEGORY_RULES; t < TABLE__COUNT; t++)
        sha256_add_field(h, tables_get((enum table)t));
    struct sha256_digest d = sha256_final(h);
    for (size_t i = 0; i + 1 < sizeof x->tables; i++)
        x->tables[i] = hex[i % 2 ? d.b[i / 2] & 15 : d.b[i / 2] >> 4];
}

const struct category_index *
category_index(void)
{
    struct category_index *x = &kept.index;
    if (kept.a && kept.version == tables_version())
        return x;
    arena_free(kept.a);
    kept.a = arena_new();
    kept.version = tables_version();
    *x = (struct category_index){.groups = NULL};
    read_rules(kept.a, x);
    read_groups(kept.a, x);
    read_sections(kept.a, x);
    read_controls(kept.a, x);
    read_cci(kept.a, x);
    read_titles(kept.a, x);
    take_digest(x);
    return x;
}

const struct category_scheme *
category_scheme(struct str name)
{
    const struct category_index *x = category_index();
    for (size_t i = 0; i < x->schemes.n; i++)
        if (str_eq(x->schemes.v[i]->name, name))
            return x->schemes.v[i];
    return NULL;
}

void
category_warm(void)
{
    category_index();
}

struct str
category_tables(void)
{
    return str_c(category_index()->tables);
}
