/* Rule metadata of a Benchmark: what the same for every host scanned with it. xccdf.c calls this
 * for each Rule; result.c joins results to it. */
#include "ingest/readers/xccdf/xccdf.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "ingest/frameworks.h"
#include "ingest/limits.h"
#include "ingest/tables.h"
#include "ingest/take.h"

/* What an href stands for, by templates/mappings/references.tsv. */
struct xccdf_framework {
    bool is_known;
    struct framework framework;
};

enum { MAX_PARTS = 64, MAX_EDITION = 16, MAX_IDENTS = 1000, MAX_SECTION = 500 };

/* The row whose substring stands in the href. */
static struct xccdf_framework
look_up(struct arena *a, struct str href)
{
    struct str rest = tables_get(TABLE_REFERENCES);
    struct xccdf_framework found = {.is_known = false};
    struct table_row row;
    while (tables_next_row(&rest, &row))
        if (row.column[0].len && str_find(href, arena_str(a, row.column[0]).s) >= 0) {
            found.is_known = frameworks_find(a, row.column[1], row.column[2], &found.framework);
            break;
        }
    return found;
}

/* A benchmark repeats some twenty hrefs thousands of times. */
static const struct xccdf_framework *
framework_of(const struct xccdf_env *e, struct str href)
{
    struct xccdf_framework *known = map_get(e->framework_of, href);
    if (known)
        return known;
    known = ARENA_NEW(e->a, struct xccdf_framework);
    *known = look_up(e->a, href);
    map_put(e->framework_of, arena_str(e->a, href), known);
    return known;
}

struct scan_check *
xccdf_rule_start(struct xccdf_benchmark *b, struct xml_attrs attrs, const struct xccdf_env *e)
{
    struct str id = take_id(e->a, xml_attr(attrs, "id"), e->d);
    if (map_get_index(b->index, id) >= 0) {
        diag_warn(e->d, DIAG_WARN_DATA, utf8_cut(id, 80), "a second rule of this id: left out");
        return NULL;
    }
    if (b->checks.n >= LIMIT_CHECKS) {
        diag_fail(e->d, DIAG_TOO_BIG, "more than %d rules in a benchmark", LIMIT_CHECKS);
        return NULL;
    }
    assert(b->tallies.n == b->checks.n);
    map_put_index(b->index, id, b->checks.n);
    struct str role = xml_attr(attrs, "role"); /* of those that change how a result counts */
    VEC_PUSH(e->a, &b->tallies)->role = str_eqc(role, "unscored")    ? STR("unscored")
                                        : str_eqc(role, "unchecked") ? STR("unchecked")
                                                                     : STR("");
    struct scan_check *c = VEC_PUSH(e->a, &b->checks);
    *c = scan_check_new(id);
    c->severity = severity_from_word(xml_attr(attrs, "severity"));
    return c;
}

static void
add_reference(struct scan_check *c, struct str href, struct str text, const struct xccdf_env *e)
{
    /* Requirements of DISA for other kinds of systems stand without an href. */
    bool is_srg = !href.len && str_starts(text, "SRG-");
    const struct xccdf_framework *f = framework_of(e, is_srg ? STR("general-purpose-os") : href);
    if (!text.len)
        text = href;
    if (f->is_known)
        frameworks_add_to(e->a, c, &f->framework, text, e->d);
    else if (text.len)
        *VEC_PUSH(e->a, &c->references) =
            href.len && !str_eq(href, text)
                ? arena_fmt(e->a, "%.*s (%.*s)", STR_ARG(text), STR_ARG(href))
                : text;
}

/* "http://cisecurity.org/20-cc/v8.0/control/4/subcontrol/8" is control 4.8 of edition 8. */
static void
add_cis_control(struct scan_check *c, struct str uri, const struct xccdf_env *e)
{
    struct str rest = uri;
    str_cut(&rest, '/'), str_cut(&rest, '/'), str_cut(&rest, '/'), str_cut(&rest, '/');
    struct str edition = str_cut(&rest, '/'), word = str_cut(&rest, '/');
    struct str control = str_cut(&rest, '/'), sub_word = str_cut(&rest, '/');
    bool is_sub = str_eqc(sub_word, "subcontrol") && rest.len;
    if (!str_eqc(word, "control") || !control.len || edition.len > MAX_EDITION) {
        diag_warn(e->d, DIAG_WARN_DATA, c->id, "an identifier of no CIS Control: left out");
        return;
    }
    frameworks_add(e->a, c, arena_fmt(e->a, "cis_csc_%.*s", STR_ARG(edition)),
                   is_sub ? arena_fmt(e->a, "%.*s.%.*s", STR_ARG(control), STR_ARG(rest)) : control,
                   e->d);
}

void
xccdf_add_ident(struct scan_check *c, struct str text, const struct xccdf_env *e)
{
    if (str_find(text, "cisecurity.org/20-cc/") >= 0) {
        add_cis_control(c, text, e);
        return;
    }
    if (!text.len || c->idents.n >= MAX_IDENTS)
        return;
    for (size_t i = 0; i < c->idents.n; i++)
        if (str_eq(c->idents.v[i], text))
            return;
    *VEC_PUSH(e->a, &c->idents) = text;
    if (str_starts(text, "CCI-"))
        frameworks_add(e->a, c, STR("cci"), text, e->d);
}

bool
xccdf_is_stig_id(struct str s)
{
    size_t n_digits = 0;
    bool has_letter = false, has_hyphen = false;
    for (size_t i = 0; i < s.len; i++) {
        bool digit = isdigit((unsigned char)s.s[i]);
        n_digits = digit ? n_digits + 1 : 0;
        has_letter = has_letter || isupper((unsigned char)s.s[i]);
        has_hyphen = has_hyphen || s.s[i] == '-';
        if (!digit && !isupper((unsigned char)s.s[i]) && s.s[i] != '-')
            return false;
    }
    return n_digits >= 4 && has_letter && has_hyphen && s.len <= LIMIT_ID;
}

struct str
xccdf_recommendation(struct str id)
{
    long at = str_find(id, "_rule_");
    struct str s = at < 0 ? STR("") : str_n(id.s + at + 6, id.len - (size_t)at - 6);
    size_t n = 0;
    while (n < s.len && (isdigit((unsigned char)s.s[n]) || s.s[n] == '.'))
        n++;
    bool is_one = n > 0 && isdigit((unsigned char)s.s[0]) && isdigit((unsigned char)s.s[n - 1]);
    return is_one && (n == s.len || s.s[n] == '_') ? str_n(s.s, n) : STR("");
}

struct str
xccdf_chapter(struct arena *a, struct str benchmark, struct str number)
{
    return number.len && benchmark.len
               ? arena_fmt(a, "cis:%.*s|%.*s", STR_ARG(utf8_cut(benchmark, MAX_SECTION / 2)),
                           STR_ARG(number))
               : STR("");
}

void
xccdf_add_recommendation(struct scan_check *c, struct str id, struct str benchmark,
                         const struct xccdf_env *e)
{
    if (!str_starts(id, "xccdf_org.cisecurity.benchmarks_rule_"))
        return;
    struct str number = xccdf_recommendation(id);
    frameworks_add(e->a, c, STR("cis"), number, e->d);
    c->section = xccdf_chapter(e->a, benchmark, number);
}

/* DISA has a group for each rule, V-230221. */
static bool
is_of_one_rule(struct str id)
{
    size_t n = 2;
    while (n < id.len && isdigit((unsigned char)id.s[n]))
        n++;
    return str_starts(id, "V-") && n == id.len;
}

struct str
xccdf_group_section(struct arena *a, struct str id, struct str section)
{
    static const char mark[] = "_group_", scheme[] = "group:";
    long at = str_find(id, mark);
    if (at >= 0)
        id = str_n(id.s + at + sizeof mark - 1, id.len - (size_t)at - sizeof mark + 1);
    if (!id.len || is_of_one_rule(id))
        return section;
    struct str inner = utf8_cut(id, LIMIT_ID), outer = section;
    str_cut(&outer, ':');
    struct str all =
        arena_fmt(a, "%s%.*s%s%.*s", scheme, STR_ARG(inner), outer.len ? "/" : "", STR_ARG(outer));
    return all.len <= MAX_SECTION ? all : arena_fmt(a, "%s%.*s", scheme, STR_ARG(inner));
}

/* Joins what a rule says twice (two warnings, a fix in words and one as a script). Each part copies
 * what was there, hence their number is limited too. */
static struct str
join(struct str was, struct str more, struct xccdf_text *t, struct str id,
     const struct xccdf_env *e)
{
    if (!was.len || !more.len)
        return was.len ? was : more;
    if (was.len + more.len + 2 <= LIMIT_TEXT && t->n_parts++ < MAX_PARTS)
        return arena_fmt(e->a, "%.*s\n\n%.*s", STR_ARG(was), STR_ARG(more));
    diag_warn(e->d, DIAG_WARN_TEXT, id,
              "texts of a kind are more than %d bytes or %d: some left out", LIMIT_TEXT, MAX_PARTS);
    return was;
}

void
xccdf_rule_child(struct scan_check *c, struct str name, struct str href, struct xccdf_text *t,
                 const struct xccdf_env *e)
{
    bool is_title = str_eqc(name, "title");
    bool one_line = is_title || str_eqc(name, "reference") || str_eqc(name, "ident") ||
                    str_eqc(name, "version");
    struct str text = xccdf_text_take(t, e, is_title ? LIMIT_TITLE : LIMIT_TEXT, !one_line,
                                      one_line ? "reference" : "rule text");
    if (is_title)
        c->title = c->title.len ? c->title : text;
    else if (str_eqc(name, "description"))
        c->description = join(c->description, xccdf_text_disa(text, "VulnDiscussion"), t, c->id, e);
    else if (str_eqc(name, "rationale"))
        c->rationale = join(c->rationale, text, t, c->id, e);
    else if (str_eqc(name, "warning"))
        c->impact = join(c->impact, text, t, c->id, e);
    else if (str_eqc(name, "fixtext"))
        c->remediation = join(text, c->remediation, t, c->id, e);
    else if (str_eqc(name, "fix"))
        c->remediation = c->remediation.len ? c->remediation : text;
    else if (str_eqc(name, "reference"))
        add_reference(c, href, text, e);
    else if (str_eqc(name, "ident"))
        xccdf_add_ident(c, text.len ? text : href, e);
    else if (str_eqc(name, "version") && xccdf_is_stig_id(text)) /* DISA's id of the rule */
        xccdf_add_ident(c, text, e);
}

struct str
xccdf_stable_key(struct arena *a, struct str id)
{
    long at = str_find(id, "SV-");
    if (at < 0)
        return id;
    struct str rest = str_n(id.s + at, id.len - (size_t)at);
    size_t n = 3;
    while (n < rest.len && isdigit((unsigned char)rest.s[n]))
        n++;
    bool revision = n > 3 && n < rest.len && rest.s[n] == 'r';
    return revision ? arena_str(a, str_n(rest.s, n)) : id;
}

void
xccdf_rule_end(struct scan_check *c, const struct str *titles, size_t n, struct str benchmark,
               const struct xccdf_env *e)
{
    c->key = xccdf_stable_key(e->a, c->id);
    xccdf_add_recommendation(c, c->id, benchmark, e);
    for (size_t i = 0; i < n && !c->own_category.len; i++)
        c->own_category = scan_category_name(scan_category_number(titles[i]));
}
