/* What tests of compose share: the built-in languages, a definition of all sections, looking
 * things up in a finished report. */
#ifndef TESTS_COMPOSE_FIXTURE_H
#define TESTS_COMPOSE_FIXTURE_H

#include <assert.h>
#include <jansson.h>
#include <time.h>

#include "base/embed.h"
#include "check.h"
#include "compose/compose.h"
#include "make_fleet.h"
#include "model/period.h"

static inline void
add_texts(struct lang *l, bool is_fallback, const char *code)
{
    const char *prefix = arena_fmt(l->arena, "templates/lang/%s/", code).s;
    for (const struct embed_file *f = embed_next(prefix, NULL); f; f = embed_next(prefix, f)) {
        json_t *root = json_loadb(f->data, f->len, 0, NULL), *value;
        const char *key;
        assert(root);
        json_object_foreach(root, key, value)
            lang_add(l, is_fallback, arena_str(l->arena, str_c(key)),
                     arena_str(l->arena, str_c(json_string_value(value))));
        json_decref(root);
    }
}

/* Without a fallback, so that a missing key shows as [key]. */
static inline struct lang *
load_lang(struct arena *a, const char *code)
{
    struct lang *l = lang_new(a, str_c(code));
    add_texts(l, false, code);
    return l;
}

static inline struct definition_section *
add_section(struct arena *a, struct definition *d, const char *word)
{
    struct definition_section *s = VEC_PUSH(a, &d->sections);
    s->type = section_find(section_types, word);
    assert(s->type);
    s->title = s->agent = s->policy = STR("");
    return s;
}

static inline struct definition
new_definition(void)
{
    struct str none = STR("");
    return (struct definition){.name = STR("test"),
                               .title = none,
                               .organisation = none,
                               .classification = none,
                               .language = none,
                               .paper = none};
}

/* Every kind of section once, every option on, and the checks and pies twice. */
static inline struct definition
all_sections(struct arena *a)
{
    struct definition d = new_definition();
    for (const struct section_type *t = section_types; t->word; t++) {
        struct definition_section *s = add_section(a, &d, t->word);
        s->with_evidence = t->options & TAKES_EVIDENCE;
        s->with_remediation = t->options & TAKES_REMEDIATION;
        s->with_skipped = t->options & TAKES_SKIPPED;
    }
    assert(d.sections.n == 14);
    add_section(a, &d, "category-pie")->category = -1;
    add_section(a, &d, "category-pie")->category = 3;
    struct definition_section *s = add_section(a, &d, "checks");
    s->statuses = 1u << CLASS_FAILED;
    s->n = 2;
    return d;
}

/* The first section of that kind. */
static inline struct definition_section *
section_of(struct definition *d, const char *word)
{
    for (size_t i = 0; i < d->sections.n; i++)
        if (strcmp(d->sections.v[i].type->word, word) == 0)
            return &d->sections.v[i];
    assert(!"section");
    return NULL;
}

static inline struct compose_input
new_input(const struct definition *d, const struct fleet *f, const struct lang *l)
{
    setenv("TZ", "UTC", 1);
    tzset();
    struct period p = period_around(PERIOD_MONTH, period_day_start(2023, 9, 15));
    return (struct compose_input){.definition = d,
                                  .fleet = f,
                                  .lang = l,
                                  .identity = {.definition = d->name,
                                               .period = p,
                                               .id = STR("HR-2023-09"),
                                               .version = STR("1")},
                                  .now = p.to + 7200,
                                  .generated_by = STR("root@host"),
                                  .tool = STR("assay 1.0.0"),
                                  .audit_seq = 41,
                                  .audit_hash_hex = STR("00ff"),
                                  .checkpoint = {.note = STR("note\n"),
                                                 .vkey = STR("log+00+AA="),
                                                 .origin = STR("log.example/one"),
                                                 .root = STR("BJUVhddVUta="),
                                                 .size = 42},
                                  .signer = STR("CN=Example"),
                                  .signer_fingerprint = STR("aabb")};
}

static inline const struct report_table *
find_table(const struct report *r, const char *key)
{
    for (const struct report_table *t = report_next_table(r, NULL); t; t = report_next_table(r, t))
        if (strcmp(t->key, key) == 0)
            return t;
    fprintf(stderr, "no table \"%s\"\n", key);
    assert(!"table");
    return NULL;
}

static inline const struct report_cell *
find_cell(const struct report_table *t, size_t row, const char *column)
{
    assert(row < t->rows.n);
    for (size_t i = 0; i < t->columns.n; i++)
        if (strcmp(t->columns.v[i].key, column) == 0)
            return &t->rows.v[row].cells[i];
    fprintf(stderr, "no column \"%s\" in \"%s\"\n", column, t->key);
    assert(!"column");
    return NULL;
}

/* Calls fn with every text of the report. */
typedef void text_fn(struct str s, void *ctx);

static inline void
walk_table(const struct report_table *t, text_fn *fn, void *ctx)
{
    fn(t->title, ctx);
    fn(t->empty, ctx);
    for (size_t i = 0; i < t->columns.n; i++)
        fn(t->columns.v[i].title, ctx);
    for (size_t i = 0; i < t->notes.n; i++)
        fn(t->notes.v[i], ctx);
    for (size_t i = 0; i < t->rows.n; i++) {
        for (size_t k = 0; k < t->columns.n; k++)
            if (t->rows.v[i].cells[k].type == CELL_TEXT || t->rows.v[i].cells[k].type == CELL_HASH)
                fn(t->rows.v[i].cells[k].text, ctx);
        for (size_t k = 0; k < t->rows.v[i].notes.n; k++) {
            fn(t->rows.v[i].notes.v[k].label, ctx);
            fn(t->rows.v[i].notes.v[k].text, ctx);
        }
    }
}

static inline void
walk_section(const struct report_section *s, text_fn *fn, void *ctx)
{
    fn(s->title, ctx);
    for (size_t i = 0; i < s->blocks.n; i++) {
        const struct report_block *b = &s->blocks.v[i];
        fn(b->text, ctx);
        for (size_t k = 0; k < b->figures.n; k++) {
            fn(b->figures.v[k].value, ctx);
            fn(b->figures.v[k].label, ctx);
            fn(b->figures.v[k].detail, ctx);
        }
        for (size_t k = 0; k < b->pairs.n; k++) {
            fn(b->pairs.v[k].label, ctx);
            fn(b->pairs.v[k].value, ctx);
        }
        if (b->type == BLOCK_TABLE)
            walk_table(b->table, fn, ctx);
        if (b->type == BLOCK_CHART) {
            fn(b->chart->title, ctx);
            fn(b->chart->alt, ctx);
            for (size_t k = 0; k < b->chart->series.n; k++)
                fn(b->chart->series.v[k].label, ctx);
            for (size_t k = 0; b->chart->labels && k < b->chart->n_points; k++)
                fn(b->chart->labels[k], ctx);
        }
        if (b->type == BLOCK_COLUMNS) {
            walk_section(b->left, fn, ctx);
            walk_section(b->right, fn, ctx);
        }
    }
}

static inline void
walk_report(const struct report *r, text_fn *fn, void *ctx)
{
    const struct str cover[] = {r->title, r->subtitle, r->lead, r->scope, r->period_text};
    for (size_t i = 0; i < sizeof cover / sizeof *cover; i++)
        fn(cover[i], ctx);
    for (size_t i = 0; i < r->control.n; i++) {
        fn(r->control.v[i].label, ctx);
        fn(r->control.v[i].value, ctx);
    }
    for (size_t i = 0; i < r->sections.n; i++)
        walk_section(&r->sections.v[i], fn, ctx);
}

struct search {
    const char *needle;
    size_t n;
};

static inline void
search_text(struct str s, void *ctx)
{
    struct search *q = ctx;
    q->n += s.len && str_find(s, q->needle) >= 0;
}

/* How many texts of the report hold needle. */
static inline size_t
count_texts(const struct report *r, const char *needle)
{
    struct search q = {.needle = needle};
    walk_report(r, search_text, &q);
    return q.n;
}

#endif
