/* Where its content puts a check: the name of its rule, the groups around it, test ids, numbers and titles of
 * sections, services. Asked by category.c. */
#include <ctype.h>

#include "ingest/category/steps.h"

/* What stands behind the scheme of a section; false = it is of another one. */
static bool
section_of(const struct scan_check *c, const char *scheme, struct str *ret)
{
    struct str rest = c->section;
    struct str name = str_cut(&rest, ':');
    *ret = rest;
    return rest.len && str_eqc(name, scheme);
}

static struct category_answer
answer(struct arena *a, int number, const char *kind, struct str what)
{
    return (struct category_answer){number, arena_fmt(a, "%s:%.*s", kind, STR_ARG(what))};
}

static struct category_answer
no_answer(void)
{
    return (struct category_answer){0, STR("")};
}

/* ---- rules ---- */

/* The name behind "_rule_"; in XCCDF 1.1 the id itself. Rules of CIS begin with their number and are told by
 * their chapter. */
static struct str
rule_name(const struct scan_check *c)
{
    struct str groups, name = c->id;
    long at = str_find(c->id, "_rule_");
    if (at >= 0)
        name = str_n(c->id.s + at + 6, c->id.len - (size_t)at - 6);
    else if (!section_of(c, "group", &groups))
        return STR("");
    return name.len && !isdigit((unsigned char)name.s[0]) ? name : STR("");
}

struct category_answer
category_by_rule(struct arena *a, const struct scan_check *c)
{
    const struct category_index *x = category_index();
    struct str name = rule_name(c);
    for (size_t i = 0; name.len && i < x->rules.n; i++) {
        const struct category_key *r = &x->rules.v[i];
        bool may_fit = r->key.s[0] == '*' || r->key.s[0] == name.s[0];
        if (may_fit && str_glob(name, r->key, false))
            return answer(a, r->number, "rule", r->key);
    }
    return no_answer();
}

/* ---- groups: "group:nearest/…/farthest" ---- */

struct category_answer
category_by_group(struct arena *a, const struct scan_check *c)
{
    const struct category_index *x = category_index();
    struct str rest;
    if (!section_of(c, "group", &rest))
        return no_answer();
    while (rest.len) {
        struct str id = str_cut(&rest, '/'), above = rest;
        struct str parent = str_cut(&above, '/');
        struct str both = arena_fmt(a, "%.*s/%.*s", STR_ARG(parent), STR_ARG(id));
        const struct str keys[] = {both, id};
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            long number = map_get_index(x->groups, keys[i]);
            if (number > 0)
                return answer(a, (int)number, "group", keys[i]);
        }
    }
    return no_answer();
}

/* ---- keys that grow longer ---- */

/* The key itself, else what stands before its last separator, and so on. */
static const struct category_key *
longest_key(const struct category_scheme *s, struct str key, char separator)
{
    while (s && key.len) {
        long at = map_get_index(s->by_key, key);
        if (at >= 0)
            return &s->rows.v[at];
        while (key.len && key.s[key.len - 1] != separator)
            key.len--;
        key.len -= key.len > 0;
    }
    return NULL;
}

static struct category_answer
by_longest_key(struct arena *a, const struct scan_check *c, const char *scheme, char separator)
{
    struct str key;
    if (!section_of(c, scheme, &key))
        return no_answer();
    const struct category_key *k = longest_key(category_scheme(str_c(scheme)), key, separator);
    return k ? answer(a, k->number, "section", k->key) : no_answer();
}

/* ---- CIS benchmarks: "cis:BENCHMARK|CHAPTER" ---- */

/* Whether the words of a scheme, "microsoft_windows", stand in the id or title of a benchmark. */
static bool
is_of_benchmark(struct arena *a, struct str words, struct str benchmark)
{
    char *folded = arena_strdup(a, arena_str(a, benchmark).s);
    for (char *p = folded; *p; p++)
        *p = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '_';
    return str_find(str_c(folded), arena_str(a, words).s) >= 0;
}

struct category_answer
category_chapter(struct arena *a, struct str section, char mode)
{
    const struct category_index *x = category_index();
    struct str rest = section;
    if (!str_eqc(str_cut(&rest, ':'), "cis"))
        return no_answer();
    struct str benchmark = str_cut(&rest, '|');
    for (size_t i = 0; i < x->schemes.n; i++) {
        struct str words = x->schemes.v[i]->name;
        if (!str_eqc(str_cut(&words, ':'), "cis") || !is_of_benchmark(a, words, benchmark))
            continue;
        const struct category_key *k = longest_key(x->schemes.v[i], rest, '.');
        return k && k->mode == mode ? answer(a, k->number, "section", k->key) : no_answer();
    }
    return no_answer();
}

/* ---- kube-bench: "kube-bench:SECTION|CHAPTER" ---- */

static bool
holds_without_case(struct str text, struct str words)
{
    for (size_t i = 0; i + words.len <= text.len; i++)
        if (str_ieqc(str_n(text.s + i, words.len), words.s))
            return true;
    return false;
}

/* The first row whose words stand in the title. */
static struct category_answer
by_words_of_section(struct arena *a, struct str title)
{
    const struct category_scheme *s = category_scheme(STR("kube-bench"));
    for (size_t i = 0; s && i < s->rows.n; i++)
        if (holds_without_case(title, arena_str(a, s->rows.v[i].key)))
            return answer(a, s->rows.v[i].number, "section", s->rows.v[i].key);
    return no_answer();
}

/* A section such as "API Server" holds a bit of everything; titles that speak of files, roles or logs say
 * more. */
static struct category_answer
by_kubernetes(struct arena *a, const struct scan_check *c)
{
    struct str chapter;
    if (!section_of(c, "kube-bench", &chapter))
        return no_answer();
    struct str title = str_cut(&chapter, '|');
    struct category_answer words = category_title_words(a, c->title);
    if (words.number == 3 || words.number == 6 || words.number == 8)
        return words;
    struct category_answer found = by_words_of_section(a, title);
    return found.number ? found : by_words_of_section(a, chapter);
}

/* ---- Prowler: "prowler:SERVICE|CATEGORY,CATEGORY" ---- */

static bool
has_part(struct str list, char separator, struct str wanted)
{
    while (list.len)
        if (str_eq(str_cut(&list, separator), wanted))
            return true;
    return false;
}

/* The first row of a scheme that is one of the parts of a text. */
static struct category_answer
by_parts(struct arena *a, const char *scheme, struct str text, char separator)
{
    const struct category_scheme *s = category_scheme(str_c(scheme));
    for (size_t i = 0; s && i < s->rows.n; i++)
        if (has_part(text, separator, s->rows.v[i].key))
            return answer(a, s->rows.v[i].number, "section", s->rows.v[i].key);
    return no_answer();
}

static struct category_answer
by_cloud(struct arena *a, const struct scan_check *c)
{
    struct str categories;
    if (!section_of(c, "prowler", &categories))
        return no_answer();
    struct str service = str_cut(&categories, '|');
    struct category_answer found = by_parts(a, "prowler-word", c->id, '_');
    if (!found.number)
        found = by_parts(a, "prowler-service", service, '|');
    return found.number ? found : by_parts(a, "prowler-category", categories, ',');
}

struct category_answer
category_by_section(struct arena *a, const struct scan_check *c)
{
    struct category_answer found = by_longest_key(a, c, "lynis", '-');
    if (!found.number)
        found = by_longest_key(a, c, "docker-bench", '.');
    if (!found.number)
        found = category_chapter(a, c->section, 'a');
    if (!found.number)
        found = by_kubernetes(a, c);
    return found.number ? found : by_cloud(a, c);
}
