/* assay hold …: what nobody may prune. */
#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "job/hold.h"

static const char *agent, *group, *policy, *period, *report, *reason, *by;
static bool all;

#define WHY_AND_WHO                                                                                \
    {OPT_VALUE, "reason", 'r', &reason, "TEXT", "why: it goes into the audit log (required)"},     \
    {                                                                                              \
        OPT_VALUE, "by", 0, &by, "NAME", "who decided it (required)"                               \
    }

static const struct opt add_opts[] = {
    {OPT_VALUE, "agent", 'a', &agent, "NAME", "scans of this agent, and their files"},
    {OPT_VALUE, "group", 'g', &group, "NAME", "those of agents that are, or were, in this group"},
    {OPT_VALUE, "policy", 0, &policy, "ID", "those under this policy"},
    {OPT_VALUE, "period", 'p', &period, "PERIOD",
     "those of 2026-11, 2026-W47, 2026-Q3, A..B, and what its report is compared with"},
    {OPT_VALUE, "report", 0, &report, "ID", "a sealed report, all its versions and its period"},
    WHY_AND_WHO,
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt list_opts[] = {
    {OPT_SWITCH, "all", 0, &all, NULL, "also those that were released"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt release_opts[] = {
    WHY_AND_WHO,
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static struct str
given(const char *value)
{
    return str_c(value ? value : "");
}

static int
run_add(struct cli *c)
{
    struct hold h = {.agent = given(agent),
                     .group = given(group),
                     .policy = given(policy),
                     .period = given(period),
                     .report = given(report),
                     .by = given(by),
                     .reason = given(reason)};
    int status = cli_open(c, true);
    if (status)
        return status;
    if (hold_add(c->act, &h, &c->diag) != 0)
        return cli_fail(c);
    if (c->dry_run) {
        cli_note(c, "would be held: %.*s", STR_ARG(hold_text(&h, c->arena)));
        return 0;
    }
    return cli_print(c, h.id) == 0 ? 0 : cli_fail(c);
}

static int
print_hold(struct cli *c, const struct hold *h)
{
    struct arena *a = c->arena;
    struct str line =
        arena_fmt(a, "%.*s  since %s by %.*s: %.*s  (%.*s)", STR_ARG(h->id),
                  clock_iso(a, h->made).s, STR_ARG(utf8_one_line(a, h->by)),
                  STR_ARG(utf8_one_line(a, hold_text(h, a))), STR_ARG(utf8_one_line(a, h->reason)));
    if (h->released != CLOCK_NONE)
        line = arena_fmt(a, "%.*s  released %s by %.*s (%.*s)", STR_ARG(line),
                         clock_iso(a, h->released).s, STR_ARG(utf8_one_line(a, h->released_by)),
                         STR_ARG(utf8_one_line(a, h->released_reason)));
    return cli_print(c, line);
}

static int
print_json(struct cli *c, const struct hold *h)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    const struct {
        const char *key;
        struct str value;
    } texts[] = {{"agent", h->agent},
                 {"group", h->group},
                 {"policy", h->policy},
                 {"period", h->period},
                 {"report", h->report},
                 {"by", h->by},
                 {"reason", h->reason},
                 {"released_by", h->released_by},
                 {"released_reason", h->released_reason}};
    json_put_open(&j, '{');
    json_put_member(&j, "id", h->id);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].value.len)
            json_put_member(&j, texts[i].key, texts[i].value);
    json_put_member(&j, "made", clock_iso(c->arena, h->made));
    if (h->released != CLOCK_NONE)
        json_put_member(&j, "released", clock_iso(c->arena, h->released));
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static int
run_list(struct cli *c)
{
    hold_list holds = {0};
    int status = cli_open(c, true);
    if (status)
        return status;
    if (hold_load(c->act, c->arena, &holds, &c->diag) != 0)
        return cli_fail(c);
    for (size_t i = 0; i < holds.n; i++) {
        const struct hold *h = &holds.v[i];
        if (h->released != CLOCK_NONE && !all)
            continue;
        if ((c->json ? print_json(c, h) : print_hold(c, h)) != 0)
            return cli_fail(c);
    }
    return 0;
}

static int
run_release(struct cli *c)
{
    int status =
        c->n_args == 1 ? cli_open(c, true) : cli_misuse(c, "name one hold (assay hold list)");
    if (status)
        return status;
    return hold_release(c->act, str_c(c->args[0]), given(by), given(reason), &c->diag) == 0
               ? 0
               : cli_fail(c);
}

const struct command cmd_hold_add = {
    .name = "hold add",
    .args = "",
    .summary = "keep what a case needs, whatever its age, until somebody releases it",
    .example = "assay hold add --agent web01 --by 'J. Doe, legal' --reason 'case 4711'",
    .opts = add_opts,
    .run = run_add,
};

const struct command cmd_hold_list = {
    .name = "hold list",
    .args = "",
    .summary = "list what is held, by whom and why",
    .example = "assay hold list --all",
    .opts = list_opts,
    .run = run_list,
};

const struct command cmd_hold_release = {
    .name = "hold release",
    .args = "ID",
    .summary = "end a hold: what it kept goes with the next prune",
    .example = "assay hold release 1f2e3d4c --by 'J. Doe, legal' --reason 'case closed'",
    .opts = release_opts,
    .run = run_release,
};
