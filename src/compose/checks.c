/* Section "checks": the list of security checks of each agent, one table a scan. */
#include "compose/sections.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>

#include "base/buf.h"
#include "compose/words.h"
#include "engine/tag.h"
#include "engine/topn.h"

enum { KEY_MAX = 64 };

/* "checks-" and the name's harmless characters: a file name and an anchor. */
static struct str
table_key(struct arena *a, struct str name)
{
    struct str key =
        arena_fmt(a, "checks-%.*s", (int)(name.len < KEY_MAX ? name.len : KEY_MAX), name.s);
    char *s = (char *)key.s;
    for (size_t i = 0; i < key.len; i++)
        if (!isalnum((unsigned char)s[i]) || (unsigned char)s[i] >= 0x80)
            s[i] = '-';
    return key;
}

/* The severity that a result has: what it says itself, else what its check says. */
static enum severity
severity_of(const struct scan_check *c, const struct fleet_detail *v)
{
    return v && v->severity != SEVERITY_UNKNOWN ? v->severity : c->severity;
}

static bool
is_of_category(const struct scan_check *c, int category)
{
    if (category == CATEGORY_WITHOUT)
        return !c->category.len;
    return category <= 0 || scan_category_number(c->category) == category;
}

static bool
is_listed(const struct part *p, const struct scan_check *c, enum status st, enum severity severity)
{
    const struct definition_section *d = p->def;
    enum status_class class = status_class(st);
    if (class == CLASS_NONE || (d->statuses && !(d->statuses & 1u << class)))
        return false;
    if (d->severities && !(d->severities & 1u << severity))
        return false;
    return is_of_category(c, d->category) && tag_fits(c, d->tags.v, d->tags.n, p->arena);
}

/* No label without a text behind it. */
static void
add_row_note(const struct part *p, struct report_row *r, const char *key, struct str text)
{
    if (!text.len)
        return;
    *VEC_PUSH(p->arena, &r->notes) =
        (struct report_note){.key = key,
                             .label = lang_get(p->lang, arena_fmt(p->arena, "note.%s", key).s),
                             .text = text};
}

/* The controls that a check belongs to: framework, edition and number of each. */
static struct str
mappings(struct arena *a, const struct scan_check *c)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        buf_fmt(&out, "%s%.*s%s%.*s %.*s", i ? " · " : "", STR_ARG(words_framework(m->framework)),
                m->edition.len ? " " : "", STR_ARG(m->edition), STR_ARG(m->control));
    }
    return arena_str(a, buf_view(&out));
}

/* Texts of a list, a line each. */
static struct str
lines_of(struct arena *a, const struct str *v, size_t n)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < n; i++) {
        buf_puts(&out, i ? "\n" : "");
        buf_str(&out, v[i]);
    }
    return arena_str(a, buf_view(&out));
}

static void
add_fact(const struct part *p, struct report_row *r, const char *key, struct str text)
{
    *VEC_PUSH(p->arena, &r->facts) =
        (struct report_note){.key = key, .label = STR(""), .text = text};
}

/* Whole days from one time to another. */
static int64_t
days_between(int64_t from, int64_t to)
{
    return to > from ? (to - from) / 86400 : 0;
}

/* The same members in every row, so that programs find them where they look. */
static void
add_facts(const struct part *p, struct report_row *r, enum severity severity, enum status st,
          const struct fleet_scan *s, const struct fleet_detail *v)
{
    int64_t since = v ? v->since : CLOCK_NONE;
    bool is_known = since != CLOCK_NONE;
    add_fact(p, r, "severity", str_c(severity_word(severity)));
    add_fact(p, r, "native", v && v->native.len ? v->native : str_c(status_word(st)));
    add_fact(p, r, "since", is_known ? clock_iso(p->arena, since) : STR(""));
    add_fact(p, r, "age_days",
             is_known ? arena_fmt(p->arena, "%lld", (long long)days_between(since, s->end))
                      : STR(""));
}

/* "high · failed since 21 September 2023 (12 days)": what is known of it. */
static struct str
describe_failure(const struct part *p, enum severity severity, enum status st,
                 const struct fleet_scan *s, const struct fleet_detail *v)
{
    struct arena *a = p->arena;
    struct str text = STR("");
    if (severity != SEVERITY_UNKNOWN)
        text = LANG(
            p->lang, a, "checks.severity",
            {"severity", part_text(p, arena_fmt(a, "severity.%s", severity_word(severity)).s)});
    if (status_class(st) != CLASS_FAILED || !v || v->since == CLOCK_NONE)
        return text;
    struct str since = LANG(p->lang, a, "checks.since", {"day", words_day(p->lang, a, v->since)},
                            {"n", words_int(p->lang, a, days_between(v->since, s->end))});
    return text.len ? arena_fmt(a, "%.*s · %.*s", STR_ARG(text), STR_ARG(since)) : since;
}

/* What the policy says of a check. */
static void
add_texts(const struct part *p, struct report_row *r, const struct scan_check *c)
{
    add_row_note(p, r, "description", c->description);
    add_row_note(p, r, "rationale", c->rationale);
    add_row_note(p, r, "impact", c->impact);
}

static void
add_check_row(struct part *p, struct report_table *t, const struct fleet_scan *s, size_t pos)
{
    assert(t->columns.n == 4 && pos < p->fleet->policies.v[s->policy].checks.n);
    const struct scan_check *c = &p->fleet->policies.v[s->policy].checks.v[pos];
    const struct fleet_detail *v = s->details && pos < s->n_vec ? &s->details[pos] : NULL;
    struct report_row *r = report_add_row(p->arena, t);
    enum status st = fleet_status(s, pos);
    enum severity severity = severity_of(c, v);
    bool is_failed = status_class(st) == CLASS_FAILED;
    r->cells[0] = cell_text(c->id);
    r->cells[1] = cell_text(c->title.len ? c->title : c->id);
    r->cells[2] = cell_text(part_category(p, c->category, scan_category_number(c->category)));
    r->cells[2].aside = c->category_source;
    r->cells[3] = cell_status(st);
    add_facts(p, r, severity, st, s, v);
    if (p->def->with_evidence || p->def->with_remediation || p->def->with_texts)
        add_row_note(p, r, "failure", describe_failure(p, severity, st, s, v));
    if (p->def->with_evidence && s->evidence && pos < s->n_vec)
        add_row_note(p, r, "evidence", s->evidence[pos]);
    if (v)
        add_row_note(p, r, "waiver", v->waiver);
    if (p->def->with_texts)
        add_texts(p, r, c);
    if (p->def->with_remediation && is_failed)
        add_row_note(p, r, "remediation", c->remediation);
    if (p->def->with_texts || (p->def->with_remediation && is_failed))
        add_row_note(p, r, "mappings", mappings(p->arena, c));
    if (!p->def->with_texts)
        return;
    add_row_note(p, r, "references", lines_of(p->arena, c->references.v, c->references.n));
    add_row_note(p, r, "idents", lines_of(p->arena, c->idents.v, c->idents.n));
}

/* Date, policy, counts and source of a scan in one line. */
static struct str
describe_scan(const struct part *p, const struct fleet_scan *s)
{
    struct arena *a = p->arena;
    const struct fleet_policy *policy = &p->fleet->policies.v[s->policy];
    struct tally c = tally_of(s->counts);
    struct str hash = sha256_hex(a, &s->file_sha256);
    return LANG(p->lang, a, "checks.scan", {"time", words_time(a, s->end)},
                {"policy", words_title(a, policy->title.len ? policy->title : policy->id)},
                {"version", words_name(a, policy->version)},
                {"passed", words_int(p->lang, a, c.passed)},
                {"failed", words_int(p->lang, a, c.failed)},
                {"skipped", words_int(p->lang, a, c.skipped)}, {"hash", str_n(hash.s, 16)});
}

/* Whose rows a list has. */
static const struct report_subject *
subject_of(const struct part *p, const struct fleet_scan *s)
{
    const struct fleet_agent *agent = part_agent(p, s->agent);
    const struct fleet_policy *policy = &p->fleet->policies.v[s->policy];
    struct report_subject *of = ARENA_NEW(p->arena, struct report_subject);
    *of = (struct report_subject){.agent = agent->name,
                                  .alias = words_alias(agent),
                                  .group = p->fleet->groups.v[agent->group].name,
                                  .os = agent->os,
                                  .policy = policy->id,
                                  .policy_title = policy->title,
                                  .policy_version = policy->version,
                                  .profile = s->profile,
                                  .time = s->end};
    return of;
}

/* A scan that came with counts only has no list; that is said in its place. */
static void
add_scan(struct part *p, const struct fleet_scan *s)
{
    struct arena *a = p->arena;
    const struct fleet_agent *agent = part_agent(p, s->agent);
    const struct fleet_policy *policy = &p->fleet->policies.v[s->policy];
    part_add_str(p, BLOCK_NOTE, describe_scan(p, s));
    if (s->partial)
        part_add(p, BLOCK_NOTE, "checks.partial");
    if (!s->vec) {
        part_add(p, BLOCK_TEXT, "checks.score-only");
        return;
    }
    struct str key = table_key(a, agent->name);
    struct report_table *t = report_add_table(
        a, p->section, part_key(p, key),
        LANG(p->lang, a, "table.checks", {"agent", words_agent(p->lang, a, agent)}));
    t->subject = subject_of(p, s);
    part_column(p, t, "id", CELL_TEXT, 0);
    part_column(p, t, "title", CELL_TEXT, 3);
    part_column(p, t, "category", CELL_TEXT, 2.4);
    t->columns.v[t->columns.n - 1].aside_key = "category_source";
    part_column(p, t, "status", CELL_STATUS, 0);
    part_empty(p, t, "empty.no-checks");
    size_t n_none = 0;
    for (size_t pos = 0; pos < policy->checks.n; pos++) {
        n_none += status_class(fleet_status(s, pos)) == CLASS_NONE;
        const struct scan_check *c = &policy->checks.v[pos];
        const struct fleet_detail *v = s->details && pos < s->n_vec ? &s->details[pos] : NULL;
        if (is_listed(p, c, fleet_status(s, pos), severity_of(c, v)))
            add_check_row(p, t, s, pos);
    }
    part_note(p, t,
              LANG(p->lang, a, "checks.shown", {"n", words_int(p->lang, a, (int64_t)t->rows.n)},
                   {"of", words_int(p->lang, a, (int64_t)(policy->checks.n - n_none))}));
    if (n_none)
        part_note_count(p, t, "checks.no-result", n_none);
}

struct named {
    struct str name;
    size_t agent;
};

/* Two agents can go by one name: their order in the fleet decides then, so that equal data give
 * equal bytes. */
static int
by_agent_name(const void *x, const void *y)
{
    const struct named *a = x, *b = y;
    int c = str_cmp(a->name, b->name);
    return c ? c : (a->agent > b->agent) - (a->agent < b->agent);
}

/* Assessed agents in order of their names; with n > 0 those with the n worst scores. */
static struct named *
list_agents(struct part *p, size_t *ret_n)
{
    assert(p->score->n == p->fleet->agents.n);
    struct named *v = ARENA_ARRAY(p->arena, struct named, p->score->n + 1);
    size_t n = 0;
    if (p->def->n > 0) {
        struct topn_agents top = topn_agents(p->fleet, p->score, (size_t)p->def->n, p->arena);
        for (size_t i = 0; i < top.n; i++)
            v[n++].agent = top.v[i]->agent;
    } else {
        for (size_t i = 0; i < p->score->n; i++)
            if (p->score->agents[i].is_assessed)
                v[n++].agent = i;
    }
    for (size_t i = 0; i < n; i++)
        v[i].name = part_agent(p, v[i].agent)->name;
    qsort(v, n, sizeof *v, by_agent_name);
    *ret_n = n;
    return v;
}

static void
add_severity_filter(struct part *p)
{
    struct str names[SEVERITY__COUNT];
    size_t n = 0;
    for (int s = 0; s < SEVERITY__COUNT; s++)
        if (p->def->severities & 1u << s)
            names[n++] =
                part_text(p, arena_fmt(p->arena, "severity.%s", severity_word((enum severity)s)).s);
    if (n)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, p->arena, "filter.severities",
                          {"severities", words_list(p->lang, p->arena, names, n)}));
}

static void
add_filters(struct part *p)
{
    static const char *const keys[CLASS__COUNT] = {[CLASS_PASSED] = "class.passed",
                                                   [CLASS_FAILED] = "class.failed",
                                                   [CLASS_SKIPPED] = "class.skipped",
                                                   [CLASS_WAIVED] = "class.waived"};
    struct str names[CLASS__COUNT];
    size_t n = 0;
    part_add_filter(p);
    for (int class = CLASS_PASSED; class < CLASS__COUNT; class ++)
        if (p->def->statuses & 1u << class)
            names[n++] = part_text(p, keys[class]);
    if (p->def->statuses)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, p->arena, "filter.statuses",
                          {"statuses", words_list(p->lang, p->arena, names, n)}));
    add_severity_filter(p);
    if (p->def->tags.n)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, p->arena, "filter.tags",
                          {"tags", words_list(p->lang, p->arena, p->def->tags.v, p->def->tags.n)}));
    if (p->def->category == CATEGORY_WITHOUT)
        part_add(p, BLOCK_NOTE, "filter.uncategorised");
    if (p->def->category > 0)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, p->arena, "filter.category",
                          {"category", part_category(p, STR(""), p->def->category)}));
}

void
checks_build(struct part *p)
{
    size_t n;
    struct named *agents = list_agents(p, &n);
    add_filters(p);
    if (n < p->score->n_assessed)
        part_add_str(p, BLOCK_NOTE,
                     LANG(p->lang, p->arena, "checks.agents-shown",
                          {"n", words_int(p->lang, p->arena, (int64_t)n)},
                          {"of", words_int(p->lang, p->arena, (int64_t)p->score->n_assessed)}));
    if (n == 0)
        part_add(p, BLOCK_TEXT, "empty.no-scans");
    for (size_t i = 0; i < n; i++) {
        part_add_str(p, BLOCK_HEADING,
                     words_agent(p->lang, p->arena, part_agent(p, agents[i].agent)));
        for (size_t k = p->pick->first[agents[i].agent]; k < p->pick->first[agents[i].agent + 1];
             k++)
            add_scan(p, &p->fleet->scans.v[p->pick->scans[k]]);
    }
    assert(n <= p->fleet->agents.n);
}
