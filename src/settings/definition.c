/* The reader of report definitions: one table of members for the report, one for sections. Before
 * it: a file or a built-in; after it: job/report.c asks the store for what the definition needs. */
#include "settings/definition.h"

#include <assert.h>
#include <dirent.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/utf8.h"
#include "settings/filters.h"
#include "settings/texts.h"
#include "settings/zone.h"

enum { MAX_BYTES = 1 << 20, MAX_SECTIONS = 100, MAX_N = 1000, MAX_CATEGORY = 18 };

AUTO_DEFINE(json_t *, json_decref)
AUTO_DEFINE(DIR *, closedir)

/* One reading: where we are, for messages. */
struct reading {
    struct arena *arena;
    struct diag *diag;
    struct str place; /* "" or "sections[2]." */
    const struct definition_choices *choices;
};

/* "got "ten"": the value as JSON, short. */
static int
wrong(struct reading *r, const char *member, const char *want, const json_t *got)
{
    assert(member && want);
    char *text = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);
    struct str shown = utf8_cut(str_c(text ? text : "nothing"), 60);
    diag_fail(r->diag, DIAG_CONFIG, "%.*s%s: want %s, got %.*s", STR_ARG(r->place), member, want,
              STR_ARG(shown));
    free(text);
    return -1;
}

static int
unknown_member(struct reading *r, const char *name, const struct str *known, size_t n)
{
    struct str near = str_nearest(str_c(name), known, n);
    return diag_fail(r->diag, DIAG_CONFIG, "%.*s%s: unknown member%s%.*s%s", STR_ARG(r->place),
                     name, near.len ? "; the nearest is \"" : "", STR_ARG(near),
                     near.len ? "\"" : "");
}

static struct str
text_of(struct reading *r, const json_t *v)
{
    return arena_str(r->arena, str_n(json_string_value(v), json_string_length(v)));
}

static int
read_text(struct reading *r, const char *member, const json_t *v, struct str *ret)
{
    if (!json_is_string(v))
        return wrong(r, member, "a text", v);
    *ret = text_of(r, v);
    return 0;
}

static int
read_bool(struct reading *r, const char *member, const json_t *v, bool *ret)
{
    if (!json_is_boolean(v))
        return wrong(r, member, "true or false", v);
    *ret = json_is_true(v);
    return 0;
}

/* An array of texts; each is given to add. */
typedef int add_fn(struct reading *r, const json_t *v, void *to);

static int
read_list(struct reading *r, const char *member, const json_t *v, const char *want, add_fn *add,
          void *to)
{
    size_t i;
    const json_t *item;
    if (!json_is_array(v))
        return wrong(r, member, want, v);
    json_array_foreach(v, i, item)
    {
        const char *place = arena_fmt(r->arena, "%s[%zu]", member, i).s;
        if (json_is_string(item) && add(r, item, to) == 0)
            continue;
        return diag_failed(r->diag) ? diag_context(r->diag, "%.*s%s", STR_ARG(r->place), place)
                                    : wrong(r, place, want, item);
    }
    return 0;
}

struct names {
    struct str *v;
    size_t n, cap;
};

static int
add_name(struct reading *r, const json_t *v, void *to)
{
    struct names *names = to;
    *VEC_PUSH(r->arena, names) = text_of(r, v);
    return 0;
}

static int
read_names(struct reading *r, const char *member, const json_t *v, struct names *ret)
{
    return read_list(r, member, v, "a list of names", add_name, ret);
}

/* ---- sections ---- */

typedef int section_fn(struct reading *r, const char *member, const json_t *v,
                       struct definition_section *s);

static int
section_n(struct reading *r, const char *member, const json_t *v, struct definition_section *s)
{
    if (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > MAX_N)
        return wrong(r, member, "1..1000", v);
    s->n = (int)json_integer_value(v);
    return 0;
}

static int
section_groups(struct reading *r, const char *member, const json_t *v, struct definition_section *s)
{
    struct names names = {0};
    if (read_names(r, member, v, &names) != 0)
        return -1;
    for (size_t i = 0; i < names.n; i++)
        *VEC_PUSH(r->arena, &s->groups) = names.v[i];
    return 0;
}

static int
section_category(struct reading *r, const char *member, const json_t *v,
                 struct definition_section *s)
{
    const char *word = json_string_value(v);
    bool knows_each = s->type->options & TAKES_EACH_CATEGORY;
    bool knows_none = s->type->options & TAKES_SEVERITIES;
    if (json_is_integer(v) && json_integer_value(v) >= 1 && json_integer_value(v) <= MAX_CATEGORY)
        s->category = (int)json_integer_value(v);
    else if (word && strcmp(word, "all") == 0)
        s->category = 0;
    else if (word && strcmp(word, "each") == 0 && knows_each)
        s->category = CATEGORY_EACH;
    else if (word && strcmp(word, "uncategorised") == 0 && knows_none)
        s->category = CATEGORY_WITHOUT;
    else
        return wrong(r, member,
                     knows_each   ? "1..18, \"all\" or \"each\""
                     : knows_none ? "1..18, \"uncategorised\" or \"all\""
                                  : "1..18 or \"all\"",
                     v);
    return 0;
}

static int
add_status(struct reading *r, const json_t *v, void *to)
{
    return filters_status(text_of(r, v), DIAG_CONFIG, to, r->diag);
}

static int
add_severity(struct reading *r, const json_t *v, void *to)
{
    return filters_severity(text_of(r, v), DIAG_CONFIG, to, r->diag);
}

static int
section_severities(struct reading *r, const char *member, const json_t *v,
                   struct definition_section *s)
{
    return read_list(r, member, v, "unknown, informational, low, medium, high or critical",
                     add_severity, &s->severities);
}

static int
section_tags(struct reading *r, const char *member, const json_t *v, struct definition_section *s)
{
    struct names names = {0};
    if (read_list(r, member, v, "a list of tags", add_name, &names) != 0)
        return -1;
    for (size_t i = 0; i < names.n; i++)
        *VEC_PUSH(r->arena, &s->tags) = names.v[i];
    return 0;
}

static int
section_statuses(struct reading *r, const char *member, const json_t *v,
                 struct definition_section *s)
{
    return read_list(r, member, v, "passed, failed, skipped or waived", add_status, &s->statuses);
}

static int
section_ignore_skipped(struct reading *r, const char *member, const json_t *v,
                       struct definition_section *s)
{
    bool ignore = true;
    if (read_bool(r, member, v, &ignore) != 0)
        return -1;
    s->with_skipped = !ignore;
    return 0;
}

static int
section_evidence(struct reading *r, const char *member, const json_t *v,
                 struct definition_section *s)
{
    return read_bool(r, member, v, &s->with_evidence);
}

static int
section_remediation(struct reading *r, const char *member, const json_t *v,
                    struct definition_section *s)
{
    return read_bool(r, member, v, &s->with_remediation);
}

static int
section_files(struct reading *r, const char *member, const json_t *v, struct definition_section *s)
{
    return read_bool(r, member, v, &s->with_files);
}

static int
section_texts(struct reading *r, const char *member, const json_t *v, struct definition_section *s)
{
    return read_bool(r, member, v, &s->with_texts);
}

static const struct {
    const char *name;
    unsigned takes;   /* bit of the sections that know it; 0 = all do */
    section_fn *read; /* NULL = a text */
    size_t text_at;   /* where that stands in struct definition_section */
} options[] = {
    {"title", 0, NULL, offsetof(struct definition_section, title)},
    {"n", TAKES_N, section_n, 0},
    {"groups", TAKES_FILTER, section_groups, 0},
    {"agent", TAKES_FILTER, NULL, offsetof(struct definition_section, agent)},
    {"policy", TAKES_FILTER, NULL, offsetof(struct definition_section, policy)},
    {"category", TAKES_CATEGORY, section_category, 0},
    {"statuses", TAKES_STATUSES, section_statuses, 0},
    {"severities", TAKES_SEVERITIES, section_severities, 0},
    {"tags", TAKES_SEVERITIES, section_tags, 0},
    {"ignore_skipped", TAKES_SKIPPED, section_ignore_skipped, 0},
    {"evidence", TAKES_EVIDENCE, section_evidence, 0},
    {"remediation", TAKES_REMEDIATION, section_remediation, 0},
    {"files", TAKES_FILES, section_files, 0},
    {"texts", TAKES_TEXTS, section_texts, 0},
};

/* An option that a section does not have is an error: a misspelt one is never ignored. */
static int
read_option(struct reading *r, const char *name, const json_t *v, struct definition_section *s)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strcmp(name, options[i].name) != 0)
            continue;
        if (options[i].takes && !(s->type->options & options[i].takes))
            return diag_fail(r->diag, DIAG_CONFIG, "%.*s%s: a \"%s\" section has no such option",
                             STR_ARG(r->place), name, s->type->word);
        if (options[i].read)
            return options[i].read(r, name, v, s);
        return read_text(r, name, v, (struct str *)(void *)((char *)s + options[i].text_at));
    }
    struct str known[sizeof options / sizeof *options];
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        known[i] = str_c(options[i].name);
    return unknown_member(r, name, known, sizeof options / sizeof *options);
}

/* What a section has depends on its kind, so that is read first. */
static int
read_section(struct reading *r, json_t *v, struct definition_section *s)
{
    const char *name;
    json_t *value, *type = json_object_get(v, "type");
    if (!json_is_object(v))
        return wrong(r, "type", "a section, an object", v);
    s->type =
        json_is_string(type) ? section_find(r->choices->sections, json_string_value(type)) : NULL;
    if (!s->type)
        return wrong(r, "type", "a kind of section, e.g. \"top-agents\"", type);
    s->n = s->type->n;
    s->title = s->agent = s->policy = STR("");
    json_object_foreach(v, name, value) if (strcmp(name, "type") != 0 &&
                                            read_option(r, name, value, s) != 0) return -1;
    return 0;
}

/* ---- the report ---- */

typedef int report_fn(struct reading *r, const char *member, json_t *v, struct definition *def);

static int
report_scheduled(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    return read_bool(r, member, v, &def->scheduled);
}

static int
report_period(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    if (!json_is_string(v) || !period_kind_from_word(text_of(r, v), &def->period))
        return wrong(r, member, "day, week, month, quarter or year", v);
    return 0;
}

/* The zone behind an expression is that of all of the report: one of its own stands for it. */
static int
report_schedule(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    const char *why;
    struct str zone;
    if (read_text(r, member, v, &def->schedule) != 0)
        return -1;
    if (!calendar_parse(def->schedule, &def->calendar, &zone, &why))
        return diag_fail(r->diag, DIAG_CONFIG, "%s: \"%.*s\" is no calendar expression: %s", member,
                         STR_ARG(def->schedule), why);
    if (zone.len)
        return diag_fail(r->diag, DIAG_CONFIG,
                         "%s: the zone stands in a member of its own: \"zone\": \"%.*s\"", member,
                         STR_ARG(zone));
    if (calendar_next(&def->calendar, 0) == CLOCK_NONE)
        return diag_fail(r->diag, DIAG_CONFIG, "%s: \"%.*s\" never comes", member,
                         STR_ARG(def->schedule));
    return 0;
}

static int
report_zone(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    if (read_text(r, member, v, &def->zone) != 0)
        return -1;
    return def->zone.len && zone_check(def->zone, r->diag) != 0
               ? diag_context(r->diag, "%s", member)
               : 0;
}

static int
report_latest_only(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    return read_bool(r, member, v, &def->latest_only);
}

static int
report_needs_agent(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    return read_bool(r, member, v, &def->needs_agent);
}

int
definition_check_paper(struct str word, struct diag *d)
{
    static const struct str papers[] = {STR("a4"), STR("letter")};
    if (str_eq(word, papers[0]) || str_eq(word, papers[1]))
        return 0;
    return diag_unknown(d, DIAG_CONFIG, "paper", word, papers, 2);
}

static int
report_paper(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    if (read_text(r, member, v, &def->paper) != 0)
        return -1;
    return definition_check_paper(def->paper, r->diag) == 0 ? 0
                                                            : diag_context(r->diag, "%s", member);
}

static int
report_groups(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    struct names names = {0};
    if (read_names(r, member, v, &names) != 0)
        return -1;
    for (size_t i = 0; i < names.n; i++)
        *VEC_PUSH(r->arena, &def->groups) = names.v[i];
    return 0;
}

static int
report_recipients(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    struct names names = {0};
    if (read_names(r, member, v, &names) != 0)
        return -1;
    for (size_t i = 0; i < names.n; i++)
        *VEC_PUSH(r->arena, &def->recipients) = names.v[i];
    return 0;
}

static int
report_os(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    struct names names = {0};
    if (read_list(r, member, v, "a list of patterns", add_name, &names) != 0)
        return -1;
    for (size_t i = 0; i < names.n; i++)
        *VEC_PUSH(r->arena, &def->filter.os) = names.v[i];
    return 0;
}

/* As a number or, to be exact to the hundredth, as a text. */
static int
report_score(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    bool is_from = strcmp(member, "score_from") == 0;
    int *to = is_from ? &def->filter.score_from : &def->filter.score_below;
    struct diag d = diag_init(r->arena);
    struct str word = json_is_integer(v)
                          ? arena_fmt(r->arena, "%lld", (long long)json_integer_value(v))
                      : json_is_string(v) ? text_of(r, v)
                                          : STR("");
    if (filters_score(word, DIAG_CONFIG, to, &d) != 0)
        return wrong(r, member, "a percentage, 0..100 or a text such as \"49.5\"", v);
    return 0;
}

static int
add_output(struct reading *r, const json_t *v, void *to)
{
    struct definition *def = to;
    const char *name;
    for (size_t i = 0; (name = r->choices->output_at(i)); i++) {
        if (strcmp(json_string_value(v), name) != 0)
            continue;
        *VEC_PUSH(r->arena, &def->outputs) = str_c(name);
        return 0;
    }
    return -1;
}

static int
report_outputs(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    struct str want = arena_fmt(r->arena, "a list of %s", r->choices->output_at(0));
    for (size_t i = 1; r->choices->output_at(i); i++)
        want = arena_fmt(r->arena, "%.*s, %s", STR_ARG(want), r->choices->output_at(i));
    if (json_array_size(v) == 0)
        return wrong(r, member, want.s, v);
    return read_list(r, member, v, want.s, add_output, def);
}

static int
report_sections(struct reading *r, const char *member, json_t *v, struct definition *def)
{
    size_t i;
    json_t *item;
    if (json_array_size(v) < 1 || json_array_size(v) > MAX_SECTIONS)
        return wrong(r, member, "a list of 1..100 sections", v);
    json_array_foreach(v, i, item)
    {
        r->place = arena_fmt(r->arena, "%s[%zu].", member, i);
        if (read_section(r, item, VEC_PUSH(r->arena, &def->sections)) != 0)
            return -1;
    }
    r->place = STR("");
    return 0;
}

static const struct {
    const char *name;
    report_fn *read; /* NULL = a text */
    size_t text_at;  /* where that stands in struct definition */
} members[] = {
    {"title", NULL, offsetof(struct definition, title)},
    {"organisation", NULL, offsetof(struct definition, organisation)},
    {"classification", NULL, offsetof(struct definition, classification)},
    {"language", NULL, offsetof(struct definition, language)},
    {"period", report_period, 0},
    {"scheduled", report_scheduled, 0},
    {"schedule", report_schedule, 0},
    {"zone", report_zone, 0},
    {"latest_only", report_latest_only, 0},
    {"needs_agent", report_needs_agent, 0},
    {"paper", report_paper, 0},
    {"groups", report_groups, 0},
    {"os", report_os, 0},
    {"policy", NULL, offsetof(struct definition, filter.policy)},
    {"score_from", report_score, 0},
    {"score_below", report_score, 0},
    {"outputs", report_outputs, 0},
    {"recipients", report_recipients, 0},
    {"sections", report_sections, 0},
};

static int
read_member(struct reading *r, const char *name, json_t *v, struct definition *def)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(name, members[i].name) != 0)
            continue;
        if (members[i].read)
            return members[i].read(r, name, v, def);
        return read_text(r, name, v, (struct str *)(void *)((char *)def + members[i].text_at));
    }
    struct str known[sizeof members / sizeof *members];
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        known[i] = str_c(members[i].name);
    return unknown_member(r, name, known, sizeof members / sizeof *members);
}

static int
read_report(struct reading *r, json_t *root, struct definition *def)
{
    const char *name;
    json_t *value;
    if (!json_is_object(root))
        return diag_fail(r->diag, DIAG_CONFIG, "want one object");
    json_object_foreach(root, name, value) if (read_member(r, name, value, def) != 0) return -1;
    if (def->sections.n == 0)
        return diag_fail(r->diag, DIAG_CONFIG, "sections: missing");
    if (def->schedule.len && !json_object_get(root, "scheduled"))
        def->scheduled = true;
    if (def->scheduled && def->needs_agent)
        return diag_fail(r->diag, DIAG_CONFIG,
                         "scheduled: a report that needs an agent is made by who names one");
    return 0;
}

/* Its name is that of the file: a copy under another name is another report. */
static int
parse_definition(struct str file, struct str bytes, const struct definition_choices *choices,
                 struct arena *a, struct definition *ret, struct diag *d)
{
    json_error_t e;
    struct reading r = {.arena = a, .diag = d, .place = STR(""), .choices = choices};
    struct str base = file_base_name(file), none = STR("");
    struct definition def = {.title = none,
                             .organisation = none,
                             .classification = none,
                             .language = none,
                             .paper = none,
                             .schedule = none,
                             .zone = none,
                             .filter = {.policy = none, .score_from = -1, .score_below = -1},
                             .period = PERIOD_MONTH};
    AUTO(json_decref_auto)
    json_t *root = json_loadb(bytes.s, bytes.len, JSON_REJECT_DUPLICATES, &e);
    if (!root) {
        diag_fail(d, DIAG_CONFIG, "%s", e.text);
        return diag_at(d, "%.*s:%d:%d", STR_ARG(file), e.line, e.column);
    }
    def.name = arena_str(a, str_n(base.s, base.len - (str_ends(base, ".json") ? 5 : 0)));
    if (read_report(&r, root, &def) != 0)
        return diag_at(d, "%.*s", STR_ARG(file));
    if (def.outputs.n == 0)
        *VEC_PUSH(a, &def.outputs) = str_c(choices->output_at(0));
    def.filter.words = filters_spell(&def.filter, a);
    *ret = def;
    return 0;
}

/* ---- where definitions are ---- */

static int
load_file(const char *path, const struct definition_choices *choices, struct arena *a,
          struct definition *ret, struct diag *d)
{
    struct str bytes;
    if (file_slurp(path, MAX_BYTES, a, &bytes, d) != 0)
        return -1;
    return parse_definition(arena_str(a, str_c(path)), bytes, choices, a, ret, d);
}

static int
unknown_definition(struct str name, const char *overlay_dir, struct arena *a, struct diag *d)
{
    struct str *known;
    size_t n;
    return definition_list(overlay_dir, a, &known, &n, d) == 0
               ? diag_unknown(d, DIAG_CONFIG, "report definition", name, known, n)
               : -1;
}

static int
find_definition(const char *name, const char *overlay_dir, const struct definition_choices *choices,
                struct arena *a, struct definition *ret, struct diag *d)
{
    if (strchr(name, '/') || str_ends(str_c(name), ".json"))
        return load_file(name, choices, a, ret, d);
    if (overlay_dir) {
        struct str path = arena_fmt(a, "%s/reports/%s.json", overlay_dir, name);
        if (file_exists(path.s))
            return load_file(path.s, choices, a, ret, d);
    }
    const struct embed_file *f = embed_find(arena_fmt(a, "templates/reports/%s.json", name).s);
    if (!f)
        return unknown_definition(str_c(name), overlay_dir, a, d);
    return parse_definition(str_c(f->name), str_n(f->data, f->len), choices, a, ret, d);
}

int
definition_load(const char *name, const char *overlay_dir, const struct definition_choices *choices,
                struct arena *a, struct definition *ret, struct diag *d)
{
    struct definition def;
    assert(choices->sections && choices->output_at && choices->output_at(0));
    if (find_definition(name, overlay_dir, choices, a, &def, d) != 0)
        return -1;
    if (texts_check(def.language, overlay_dir, DIAG_CONFIG, d) != 0)
        return diag_at(d, "%s: language", name);
    *ret = def;
    return 0;
}

static void
add_definition(struct arena *a, struct names *names, struct str file)
{
    if (str_ends(file, ".json") && file.s[0] != '.')
        *VEC_PUSH(a, names) = arena_str(a, str_n(file.s, file.len - 5));
}

static int
by_name(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

int
definition_list(const char *overlay_dir, struct arena *a, struct str **ret, size_t *ret_n,
                struct diag *d)
{
    static const char prefix[] = "templates/reports/";
    struct names names = {0};
    (void)d;
    for (const struct embed_file *f = embed_next(prefix, NULL); f; f = embed_next(prefix, f))
        add_definition(a, &names, str_c(f->name + strlen(prefix)));
    const char *dir = overlay_dir ? arena_fmt(a, "%s/reports", overlay_dir).s : NULL;
    AUTO(closedir_auto) DIR *handle = dir ? opendir(dir) : NULL;
    for (struct dirent *e = handle ? readdir(handle) : NULL; e; e = readdir(handle))
        add_definition(a, &names, str_c(e->d_name));
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, by_name);
    size_t n = 0;
    for (size_t i = 0; i < names.n; i++)
        if (n == 0 || !str_eq(names.v[n - 1], names.v[i]))
            names.v[n++] = names.v[i];
    *ret = names.v;
    *ret_n = n;
    return 0;
}
