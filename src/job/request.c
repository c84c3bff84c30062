/* The beginning of a report: definition, command line and settings become one definition and one
 * identity. After it: job/report.c loads what the definition needs. */
#include "job/request.h"

#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "compose/compose.h"
#include "render/render.h"
#include "settings/texts.h"

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
    if (choose_outputs(&def, q->formats, a, d) != 0 ||
        choose_period(&def, q->period, &period, d) != 0)
        return -1;
    if (q->n_groups)
        def.groups.n = 0;
    for (size_t i = 0; i < q->n_groups; i++)
        *VEC_PUSH(a, &def.groups) = str_c(q->groups[i]);
    struct report_scope scope = {
        .groups = def.groups.v, .n_groups = def.groups.n, .agent = q->agent, .policy = q->policy};
    *ret_identity = report_identity_make(a, def.name, scope, def.language, period);
    *ret_definition = def;
    return 0;
}
