/* assay report: make reports of a period now. */
#include <assert.h>
#include <stdio.h>

#include "act/settings_acts.h"
#include "base/json_put.h"
#include "cli/commands.h"
#include "job/report.h"
#include "settings/definition.h"

static const char *period, *output, *language, *agent, *policy, *reason, *at;
static const char *score_from, *score_below, *severity, *status_words, *category;
static struct opt_words formats = {.word_at = report_format};
static struct opt_list groups, systems, tags;
static bool list, allow_empty, with_bom, deliver;

static const struct opt opts[] = {
    {OPT_VALUE, "period", 'p', &period, "PERIOD", "2026-11, 2026-W47, 2026-Q3, last-month, A..B"},
    {OPT_VALUE, "at", 0, &at, "TIME", "data as they were known then (ISO 8601)"},
    {OPT_LIST, "group", 'g', &groups, "NAME", "only this group (can be repeated)"},
    {OPT_VALUE, "agent", 'a', &agent, "NAME", "only this agent"},
    {OPT_VALUE, "policy", 0, &policy, "ID", "only this policy"},
    {OPT_VALUE, "reason", 0, &reason, "TEXT",
     "why a sealed report is made again: the next version"},
    {OPT_SWITCH, "allow-empty", 0, &allow_empty, NULL, "also of a scope without agents or scans"},
    {OPT_LIST, "os", 0, &systems, "PATTERN",
     "only agents whose operating system fits (repeatable)"},
    {OPT_VALUE, "score-from", 0, &score_from, "PERCENT", "only agents with at least this score"},
    {OPT_VALUE, "score-below", 0, &score_below, "PERCENT", "only agents with a lower score"},
    {OPT_VALUE, "status", 0, &status_words, "LIST",
     "of lists of checks: passed, failed, skipped, waived"},
    {OPT_VALUE, "severity", 0, &severity, "LIST",
     "of lists of checks: low, medium, high, critical …"},
    {OPT_LIST, "tag", 0, &tags, "TAG",
     "of lists of checks: framework[:control] or identifier (repeatable)"},
    {OPT_VALUE, "category", 0, &category, "CATEGORY",
     "of lists of checks: 1..18, name, uncategorised"},
    {OPT_WORDS, "format", 'f', &formats, "LIST", "instead of the definition's"},
    {OPT_VALUE, "language", 'l', &language, "CODE", "en or ja"},
    {OPT_VALUE, "output", 'o', &output, "DIR", "folder to write to (one manifest for all)"},
    {OPT_SWITCH, "deliver", 0, &deliver, NULL,
     "queue it for the recipients of the definition, as a scheduled run does"},
    {OPT_SWITCH, "bom", 0, &with_bom, NULL, "begin CSV files with a byte order mark"},
    {OPT_SWITCH, "list", 0, &list, NULL, "list the definitions there are"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

enum { MAX_REPORTS = 64 };

static int
print_json(struct cli *c, const struct report_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member(&j, "id", s->id);
    json_put_member(&j, "version", s->version);
    json_put_member(&j, "dataset", s->dataset_hex);
    json_put_member_bool(&j, "signed", s->is_signed);
    json_put_member(&j, "dir", s->dir);
    json_put_key(&j, "outputs");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->outputs.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "path", s->outputs.v[i].path);
        json_put_member(&j, "media_type", s->outputs.v[i].media_type);
        json_put_member_int(&j, "size", s->outputs.v[i].size);
        json_put_member(&j, "sha256", sha256_hex(c->arena, &s->outputs.v[i].sha256));
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_key(&j, "queued_for");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->destinations.n; i++)
        json_put_str(&j, s->destinations.v[i]);
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* The definitions there are, of the program and of templates-dir. */
static int
print_list(struct cli *c)
{
    struct str *names;
    size_t n;
    int status = cli_settle(c);
    if (status)
        return status;
    const char *overlay = c->config.templates_dir.len ? c->config.templates_dir.s : NULL;
    if (definition_list(overlay, c->arena, &names, &n, &c->diag) != 0)
        return cli_fail(c);
    for (size_t i = 0; i < n; i++)
        if (cli_print(c, names[i]) != 0)
            return cli_fail(c);
    return 0;
}

/* A change of the settings is recorded before anything is made by them. */
static int
make_reports(struct cli *c)
{
    assert(c->n_args > 0 && c->n_args <= MAX_REPORTS);
    struct report_request q[MAX_REPORTS];
    struct report_summary s = {0};
    for (size_t i = 0; i < c->n_args; i++)
        q[i] = (struct report_request){.definition = c->args[i],
                                       .period = period,
                                       .output_dir = output,
                                       .language = language,
                                       .agent = agent,
                                       .reason = reason,
                                       .allow_empty = allow_empty,
                                       .groups = groups.v,
                                       .n_groups = groups.n,
                                       .os = systems.v,
                                       .n_os = systems.n,
                                       .policy = policy,
                                       .score_from = score_from,
                                       .score_below = score_below,
                                       .status = status_words,
                                       .severity = severity,
                                       .tags = tags.v,
                                       .n_tags = tags.n,
                                       .category = category,
                                       .formats = formats.value,
                                       .deliver = deliver,
                                       .with_bom = with_bom};
    if (act_note_settings(c->act, &c->diag) != 0 ||
        report_run(c->act, q, c->n_args, &s, &c->diag) != 0)
        return -1;
    if (c->json)
        return print_json(c, &s);
    for (size_t i = 0; i < s.outputs.n; i++)
        cli_note(c, "%.*s", STR_ARG(s.outputs.v[i].path));
    for (size_t i = 0; i < s.destinations.n; i++)
        cli_note(c, "%s %.*s", c->dry_run ? "would be queued for" : "queued for",
                 STR_ARG(s.destinations.v[i]));
    return 0;
}

static int
run_report(struct cli *c)
{
    if (list)
        return print_list(c);
    if (!c->n_args || c->n_args > MAX_REPORTS) {
        diag_fail(&c->diag, DIAG_USAGE, "name 1 to %d definitions; --list shows them", MAX_REPORTS);
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    int rc = cli_as_of(c, at) == 0 ? make_reports(c) : -1;
    cli_warnings(&c->diag);
    return rc == 0 ? 0 : cli_fail(c);
}

const struct command cmd_report = {
    .name = "report",
    .args = "DEFINITION...",
    .summary = "make signed reports of a period",
    .example = "assay report hardening-monthly --period last-month",
    .opts = opts,
    .run = run_report,
};
