/* The door of the room: cover and control lines, then one section a line of the definition. After
 * the store has loaded the fleet, before the renderers. */
#include "compose/compose.h"

#include <assert.h>
#include <stdlib.h>

#include "base/map.h"
#include "compose/criteria.h"
#include "compose/brief.h"
#include "compose/lead.h"
#include "compose/part.h"
#include "compose/words.h"

/* What all sections of a report share. */
struct making {
    struct part whole; /* of the whole report, without a filter */
    struct map *section_keys;
};

/* ---- the filter of a section ---- */

/* Every number of a section is about what its filter leaves, and so is what it is compared with. */
static void
narrow(struct part *p, const struct definition_section *def)
{
    struct pick_filter f = {.groups = def->groups.v,
                            .n_groups = def->groups.n,
                            .agent = def->agent,
                            .policy = def->policy};
    struct pick *pick = pick_make(p->fleet, &f, p->arena);
    p->pick = pick;
    p->score = score_make(pick, p->arena);
    p->before = NULL;
    p->score_before = NULL;
    if (!p->in->previous)
        return;
    struct pick *before = pick_make(p->in->previous, &f, p->arena);
    p->before = before;
    p->score_before = score_make(before, p->arena);
}

/* ---- cover ---- */

/* An agent as it was asked for, with what it calls itself when it is known. */
static struct str
asked_agent(const struct part *p, struct str name)
{
    for (size_t i = 0; i < p->fleet->agents.n; i++)
        if (str_eq(p->fleet->agents.v[i].name, name))
            return words_agent(p->lang, p->arena, &p->fleet->agents.v[i]);
    return words_name(p->arena, name);
}

static struct str
with_filter(const struct part *p, struct str line, struct str more)
{
    return arena_fmt(p->arena, "%.*s · %.*s", STR_ARG(line), STR_ARG(more));
}

/* Which checks the lists have, where that is asked for of the report. */
static struct str
add_lists(const struct part *p, struct str line, const struct report_filter *f)
{
    static const char *const classes[CLASS__COUNT] = {[CLASS_PASSED] = "class.passed",
                                                      [CLASS_FAILED] = "class.failed",
                                                      [CLASS_SKIPPED] = "class.skipped",
                                                      [CLASS_WAIVED] = "class.waived"};
    struct str words[CLASS__COUNT + SEVERITY__COUNT + 2];
    size_t n = 0;
    for (int i = CLASS_PASSED; i < CLASS__COUNT; i++)
        if (f->statuses & 1u << i)
            words[n++] = part_text(p, classes[i]);
    for (int i = 0; i < SEVERITY__COUNT; i++)
        if (f->severities & 1u << i)
            words[n++] = LANG(
                p->lang, p->arena, "checks.severity",
                {"severity",
                 part_text(p,
                           arena_fmt(p->arena, "severity.%s", severity_word((enum severity)i)).s)});
    if (f->tags.n)
        words[n++] = LANG(p->lang, p->arena, "scope.tags",
                          {"tags", words_list(p->lang, p->arena, f->tags.v, f->tags.n)});
    if (f->category != CATEGORY_ALL)
        words[n++] = part_category(p, STR(""), f->category > 0 ? f->category : 0);
    if (n == 0)
        return line;
    return with_filter(
        p, line,
        LANG(p->lang, p->arena, "scope.lists", {"what", words_list(p->lang, p->arena, words, n)}));
}

/* The scope says what else was left out. */
static struct str
add_filter(const struct part *p, struct str line, const struct report_filter *f)
{
    struct arena *a = p->arena;
    if (!f)
        return line;
    if (f->os.n)
        line = with_filter(
            p, line,
            LANG(p->lang, a, "scope.os", {"os", words_list(p->lang, a, f->os.v, f->os.n)}));
    for (int below = 0; below < 2; below++) {
        int score = below ? f->score_below : f->score_from;
        if (score >= 0)
            line = with_filter(p, line,
                               LANG(p->lang, a, below ? "scope.score-below" : "scope.score-from",
                                    {"score", words_pct(p->lang, a, exact_ratio(score, 100, 2))}));
    }
    return add_lists(p, line, f);
}

/* The scope as it was asked for: how many agents it holds has no part in it. */
static struct str
scope_agents(const struct part *p)
{
    const struct report_scope *s = &p->in->identity.scope;
    struct str parts[3], line;
    size_t n = 0;
    if (s->agent)
        parts[n++] =
            LANG(p->lang, p->arena, "scope.agent", {"agent", asked_agent(p, str_c(s->agent))});
    if (s->n_groups)
        parts[n++] = LANG(p->lang, p->arena, "scope.groups",
                          {"groups", words_list(p->lang, p->arena, s->groups, s->n_groups)});
    if (s->policy)
        parts[n++] = LANG(p->lang, p->arena, "scope.policy",
                          {"policy", words_name(p->arena, str_c(s->policy))});
    if (n == 0)
        return part_text(p, "scope.all");
    line = parts[0];
    for (size_t i = 1; i < n; i++)
        line = LANG(p->lang, p->arena, "scope.joint", {"first", line}, {"second", parts[i]});
    return line;
}

/* What each narrowed section is about: the cover says only that there are some. */
static struct str
list_narrowed(const struct part *p)
{
    const struct definition *d = p->in->definition;
    VEC(struct str) names = {0};
    assert(p->report->sections.n == d->sections.n);
    for (size_t i = 0; i < d->sections.n; i++)
        if (definition_is_narrowed(&d->sections.v[i]))
            *VEC_PUSH(p->arena, &names) = p->report->sections.v[i].title;
    return words_list(p->lang, p->arena, names.v, names.n);
}

/* The scope in one line. */
static struct str
scope_line(const struct part *p)
{
    return add_filter(p, scope_agents(p), p->in->identity.scope.filter);
}

/* The definition's own title, else that of a built-in one in the reader's language. */
static struct str
report_title(const struct part *p)
{
    const struct definition *d = p->in->definition;
    if (d->title.len)
        return d->title;
    const char *key = arena_fmt(p->arena, "definition.%.*s", STR_ARG(d->name)).s;
    struct str t = part_text(p, key);
    return str_eq(t, arena_fmt(p->arena, "[%s]", key)) ? part_text(p, "report.title") : t;
}

/* A line that has nothing to say is left out. */
static void
add_control(struct part *p, const char *key, struct str value, bool mono)
{
    if (value.len)
        *VEC_PUSH(p->arena, &p->report->control) =
            (struct report_pair){.label = part_text(p, key), .value = value, .mono = mono};
}

/* What is set, or what it comes to when the period begins. */
static struct str
zone_name(const struct part *p)
{
    const struct compose_input *in = p->in;
    return in->zone.len ? in->zone : words_zone(p->arena, in->identity.period.from);
}

/* What is to be known of its times, where it is not as usual. */
static void
fill_clock(struct part *p)
{
    const struct compose_input *in = p->in;
    if (p->report->is_provisional)
        add_control(p, "control.provisional", part_text(p, "control.provisional.text"), false);
    if (in->as_of)
        add_control(p, "control.as-of", words_both_times(p->arena, in->as_of), false);
    if (llabs(in->clock_off) > COMPOSE_CLOCK_OFF)
        add_control(p, "control.clock",
                    LANG(p->lang, p->arena, "control.clock.text",
                         {"s", words_int(p->lang, p->arena, llabs(in->clock_off))}),
                    false);
}

/* The page behind the cover: what was made, by whom, and what it can be checked against. */
static void
fill_control(struct part *p)
{
    const struct compose_input *in = p->in;
    struct report *r = p->report;
    struct arena *a = p->arena;
    add_control(p, "control.report",
                LANG(p->lang, a, "control.version", {"id", r->id}, {"version", r->version}), false);
    if (in->identity.supersedes.len)
        add_control(p, "control.supersedes",
                    LANG(p->lang, a, "control.supersedes.text",
                         {"version", in->identity.supersedes},
                         {"reason", words_name(a, in->identity.reason)}),
                    false);
    if (in->identity.is_draft)
        add_control(p, "control.state", part_text(p, "control.draft"), false);
    add_control(p, "control.period", words_range(p->lang, a, in->identity.period), false);
    add_control(p, "control.scope", r->scope, false);
    add_control(p, "control.narrowed", list_narrowed(p), false);
    add_control(p, "control.criteria", criteria_line(p), false);
    add_control(p, "control.classification", r->classification, false);
    add_control(p, "control.generated", words_both_times(a, in->now), false);
    fill_clock(p);
    add_control(p, "control.by", in->generated_by, false);
    add_control(p, "control.tool", in->tool, false);
    add_control(p, "control.signer", in->signer.len ? in->signer : part_text(p, "control.unsigned"),
                false);
    add_control(p, "control.fingerprint", in->signer_fingerprint, true);
    add_control(p, "control.dataset", sha256_hex(a, &r->dataset), true);
    if (in->audit_seq >= 0)
        add_control(p, "control.audit",
                    LANG(p->lang, a, "control.record",
                         {"seq", arena_fmt(a, "%lld", (long long)in->audit_seq)},
                         {"hash", in->audit_hash_hex}),
                    true);
    if (in->checkpoint.note.len)
        add_control(p, "control.checkpoint",
                    LANG(p->lang, a, "control.checkpoint.text",
                         {"size", words_int(p->lang, a, in->checkpoint.size)},
                         {"origin", words_name(a, in->checkpoint.origin)},
                         {"root", in->checkpoint.root}),
                    true);
}

static void
fill_cover(struct part *p)
{
    const struct compose_input *in = p->in;
    struct report *r = p->report;
    r->lang = in->lang;
    r->id = in->identity.id;
    r->version = in->identity.version;
    r->title = report_title(p);
    r->organisation = in->definition->organisation;
    r->classification = in->definition->classification;
    r->scope = scope_line(p);
    r->period_text = words_period(p->lang, p->arena, in->identity.period);
    r->is_provisional = in->identity.period.to > part_today(p);
    r->as_of = in->as_of;
    r->zone = zone_name(p);
    r->subtitle = LANG(p->lang, p->arena,
                       r->is_provisional ? "report.subtitle.provisional" : "report.subtitle",
                       {"scope", r->scope}, {"period", r->period_text});
    r->lead = lead_cover(p);
    r->period = in->identity.period;
    r->generated_at = in->now;
    r->generated_by = in->generated_by;
    r->tool = in->tool;
    r->audit_seq = in->audit_seq;
    r->audit_hash_hex = in->audit_hash_hex;
    r->checkpoint = in->checkpoint;
    r->signer = in->signer;
    r->signer_fingerprint = in->signer_fingerprint;
}

/* ---- sections ---- */

static void
add_section(struct making *m, const struct definition_section *def)
{
    struct part p = m->whole; /* a copy: what narrows it ends with the section */
    struct part keys = {.arena = p.arena, .keys = m->section_keys};
    assert(def->type && def->type->build);
    const char *key = part_key(&keys, str_c(def->type->word));
    p.def = def;
    if (definition_is_narrowed(def))
        narrow(&p, def);
    struct str title = def->title;
    if (!title.len) { /* the standard one; a list of failed checks only is named as such */
        const char *end = def->statuses == 1u << CLASS_FAILED ? ".failed" : "";
        title = part_text(&p, arena_fmt(p.arena, "section.%s%s", def->type->word, end).s);
    }
    p.section = report_add_section(p.arena, p.report, key, title);
    p.section->new_page = def->type->begins_page;
    p.section->is_about_making = def->type->is_about_making;
    def->type->build(&p);
}

void
compose_report(const struct compose_input *in, struct arena *a, struct report *ret)
{
    static const struct definition_section nothing;
    assert(in->definition && in->fleet && in->lang &&
           in->identity.period.to > in->identity.period.from);
    *ret = (struct report){0};
    struct making m = {.whole = {.in = in,
                                 .def = &nothing,
                                 .arena = a,
                                 .lang = in->lang,
                                 .fleet = in->fleet,
                                 .report = ret,
                                 .keys = map_new(a)},
                       .section_keys = map_new(a)};
    narrow(&m.whole, &nothing);
    fill_cover(&m.whole);
    if (in->with_brief)
        brief_fill(&m.whole, &ret->brief);
    for (size_t i = 0; i < in->definition->sections.n; i++)
        add_section(&m, &in->definition->sections.v[i]);
    /* the control lines are about the making: they name the hash and are not in it */
    ret->dataset = compose_dataset_hash(ret);
    fill_control(&m.whole);
    assert(ret->sections.n == in->definition->sections.n);
}
