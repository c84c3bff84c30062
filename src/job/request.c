/* The beginning of a report: definition, command line and settings become one definition and one
 * identity. After it: job/report.c loads what the definition needs. */
#include "job/request.h"

#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "compose/compose.h"
#include "render/render.h"
#include "settings/filters.h"
#include "settings/texts.h"
#include "settings/zone.h"

const struct definition_choices request_choices = {.sections = section_types,
                                                   .output_at = render_name};

const char *
report_format(size_t i)
{
    return request_choices.output_at(i);
}

static int
unknown_format(struct str word, struct diag *d)
{
    VEC(struct str) known = {0};
    for (size_t i = 0; report_format(i); i++)
        *VEC_PUSH(d->arena, &known) = str_c(report_format(i));
    return diag_unknown(d, DIAG_USAGE, "output format", word, known.v, known.n);
}

/* Formats of the command line stand instead of the definition's. */
static int
choose_outputs(struct definition *def, const char *formats, struct arena *a, struct diag *d)
{
    if (!formats)
        return 0;
    def->outputs.n = 0;
    for (struct str rest = str_c(formats); rest.len;) {
        struct str word = str_trim(str_cut(&rest, ','));
        if (!render_find(word))
            return unknown_format(word, d);
        *VEC_PUSH(a, &def->outputs) = word;
    }
    return 0;
}

/* The newest period that has closed when none is asked for. */
static int
choose_period(const struct definition *def, const char *wanted, struct period *ret, struct diag *d)
{
    int64_t now = env_today();
    if (!wanted)
        *ret = period_closed(def->period == PERIOD_CUSTOM ? PERIOD_MONTH : def->period, now);
    else if (!period_parse(str_c(wanted), now, ret))
        return diag_fail(d, DIAG_USAGE,
                         "period \"%s\": want e.g. last-month, 2026-11, 2026-W47, 2026-Q3 or "
                         "2026-11-01..2026-11-15",
                         wanted);
    if (ret->from > now)
        return diag_fail(d, DIAG_USAGE, "period \"%s\" has not begun: nothing can be said of it",
                         wanted);
    return 0;
}

/* It is printed on the report and stays in the log. */
static int
check_reason(struct str reason, struct diag *d)
{
    enum { MAX_REASON = 500 };
    if (str_trim(reason).len && reason.len <= MAX_REASON && utf8_valid(reason) &&
        !memchr(reason.s, '\n', reason.len))
        return 0;
    return diag_fail(d, DIAG_USAGE, "--reason wants a text of one line and at most %d bytes",
                     MAX_REASON);
}

/* What the definition leaves open, the settings say. */
static void
fill_from_settings(struct definition *def, const struct config *c)
{
    if (!def->organisation.len)
        def->organisation = c->organisation;
    if (!def->classification.len)
        def->classification = c->classification;
    if (!def->language.len)
        def->language = c->language;
    if (!def->paper.len)
        def->paper = c->paper;
}

/* Words between commas, each for the given reader. */
static int
read_words(const char *option, const char *words,
           int (*read)(struct str word, enum diag_code code, unsigned *bits, struct diag *d),
           unsigned *bits, struct diag *d)
{
    for (struct str rest = str_c(words ? words : ""); rest.len;)
        if (read(str_trim(str_cut(&rest, ',')), DIAG_USAGE, bits, d) != 0)
            return diag_context(d, "%s", option);
    return 0;
}

/* The filter of the command line over that of the definition. */
static int
choose_filter(const struct report_request *q, struct definition *def, struct arena *a,
              struct diag *d)
{
    struct report_filter *f = &def->filter;
    if (q->n_os)
        f->os.n = 0;
    for (size_t i = 0; i < q->n_os; i++)
        *VEC_PUSH(a, &f->os) = str_c(q->os[i]);
    if (q->policy)
        f->policy = str_c(q->policy);
    if (q->score_from && filters_score(str_c(q->score_from), DIAG_USAGE, &f->score_from, d) != 0)
        return diag_context(d, "--score-from");
    if (q->score_below && filters_score(str_c(q->score_below), DIAG_USAGE, &f->score_below, d) != 0)
        return diag_context(d, "--score-below");
    for (size_t i = 0; i < q->n_tags; i++)
        *VEC_PUSH(a, &f->tags) = str_c(q->tags[i]);
    if (q->category && filters_category(str_c(q->category), DIAG_USAGE, &f->category, d) != 0)
        return diag_context(d, "--category");
    if (read_words("--status", q->status, filters_status, &f->statuses, d) != 0 ||
        read_words("--severity", q->severity, filters_severity, &f->severities, d) != 0)
        return -1;
    f->words = filters_spell(f, a);
    return 0;
}

/* What is asked of lists of checks is told to each of them; a report without one cannot do it. */
static int
narrow_lists(struct definition *def, struct diag *d)
{
    const struct report_filter *f = &def->filter;
    size_t n = 0;
    if (!f->statuses && !f->severities && !f->tags.n && f->category == CATEGORY_ALL)
        return 0;
    for (size_t i = 0; i < def->sections.n; i++) {
        struct definition_section *s = &def->sections.v[i];
        if (!(s->type->options & TAKES_SEVERITIES))
            continue;
        n++;
        s->statuses = f->statuses ? f->statuses : s->statuses;
        s->severities = f->severities ? f->severities : s->severities;
        if (f->tags.n) {
            s->tags.v = f->tags.v;
            s->tags.n = s->tags.cap = f->tags.n;
        }
        s->category = f->category != CATEGORY_ALL ? f->category : s->category;
    }
    if (n)
        return 0;
    return diag_fail(
        d, DIAG_USAGE,
        "--status, --severity, --tag and --category choose rows of lists of checks: %.*s has none",
        STR_ARG(def->name));
}

int
request_settle(const struct report_request *q, const struct config *c, struct arena *a,
               struct definition *ret_definition, struct report_identity *ret_identity,
               struct diag *d)
{
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    struct definition def;
    struct period period;
    if (definition_load(q->definition, overlay, &request_choices, a, &def, d) != 0)
        return -1;
    fill_from_settings(&def, c);
    if (q->language)
        def.language = str_c(q->language);
    if (q->reason && check_reason(str_c(q->reason), d) != 0)
        return -1;
    if (def.needs_agent && !q->agent)
        return diag_fail(d, DIAG_USAGE, "%s is about one agent: name it (--agent NAME)",
                         q->definition);
    if (q->language && texts_check(def.language, overlay, DIAG_USAGE, d) != 0)
        return -1;
    AUTO(zone_leave) struct zone_before before = zone_enter(def.zone, a);
    if (choose_filter(q, &def, a, d) != 0 || narrow_lists(&def, d) != 0 ||
        choose_outputs(&def, q->formats, a, d) != 0 ||
        choose_period(&def, q->period, &period, d) != 0)
        return -1;
    if (q->n_groups)
        def.groups.n = 0;
    for (size_t i = 0; i < q->n_groups; i++)
        *VEC_PUSH(a, &def.groups) = str_c(q->groups[i]);
    struct definition *settled = ARENA_NEW(a, struct definition); /* the scope points into it */
    *settled = def;
    struct report_scope scope = report_scope_of(settled);
    scope.agent = q->agent;
    *ret_identity = report_identity_make(a, def.name, scope, def.language, period);
    *ret_definition = def;
    return 0;
}

struct fleet_query
request_population(const struct config *c, struct arena *a)
{
    struct str *configured = ARENA_ARRAY(a, struct str, c->agents.n + 1);
    for (size_t i = 0; i < c->agents.n; i++)
        configured[i] = c->agents.v[i].name;
    return (struct fleet_query){.configured = configured,
                                .n_configured = c->agents.n,
                                .only_listed = c->enrol == ENROL_LISTED,
                                .window_s = c->expect_days * 86400};
}
