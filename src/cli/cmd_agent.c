/* assay agent …: changes of the list of agents that may report, and passwords of groups; it is printed by
 * cmd_agent_list.c. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json_put.h"
#include "cli/commands.h"
#include "intake/agent.h"
#include "intake/duty.h"
#include "intake/enrol.h"
#include "model/period.h"

enum { MAX_LINE = 4096 };

static struct opt_list aliases;
static bool add_seen, take_away;
static const char *group, *from, *reason;

static const struct opt add_opts[] = {
    {OPT_LIST, "alias", 'a', &aliases, "NAME", "another name the one agent reports under"},
    {OPT_SWITCH, "seen", 0, &add_seen, NULL, "add every agent that ever reported"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt alias_opts[] = {
    {OPT_SWITCH, "remove", 'r', &take_away, NULL, "take the aliases away"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt move_opts[] = {
    {OPT_VALUE, "group", 'g', &group, "GROUP", "the group they belong to from now on"},
    {OPT_VALUE, "from", 0, &from, "DATE", "they belonged to it since that day, e.g. 2026-11-01"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt duty_opts[] = {
    {OPT_VALUE, "from", 0, &from, "DATE", "the first day, e.g. 2026-11-01"},
    {OPT_VALUE, "reason", 0, &reason, "TEXT", "why; it is recorded and printed"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

/* Arguments as a list of str, one longer than n so that a list of none has an address, too. */
static struct str *
to_strs(struct cli *c, const char *const *v, size_t n)
{
    assert(v || n == 0);
    struct str *list = ARENA_ARRAY(c->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = str_c(v[i]);
    return list;
}

static int
say_changed(struct cli *c, size_t n)
{
    if (!c->json) {
        cli_note(c, "%s%zu agents changed", c->dry_run ? "would be: " : "", n);
        return 0;
    }
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_int(&j, "changed", (int64_t)n);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
}

/* Opens the database and makes one change. */
static int
make_change(struct cli *c, const struct agent_change *change)
{
    assert(change->n_names > 0);
    size_t n;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (agent_change(c->act, change, &n, &c->diag) != 0)
        return cli_fail(c);
    return say_changed(c, n);
}

/* ---- verbs ---- */

/* Named agents, the first with aliases; or, with --seen, all that ever reported. */
static int
run_add(struct cli *c)
{
    size_t n;
    if (!add_seen == !c->n_args || (aliases.n && c->n_args != 1))
        return cli_misuse(c, "name agents, one when --alias is given, or give --seen");
    if (!add_seen) {
        struct agent_change add = {.act = AGENT_ADD,
                                   .names = to_strs(c, c->args, c->n_args),
                                   .n_names = c->n_args,
                                   .aliases = to_strs(c, aliases.v, aliases.n),
                                   .n_aliases = aliases.n};
        return make_change(c, &add);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    if (agent_add_seen(c->act, &n, &c->diag) != 0)
        return cli_fail(c);
    cli_warnings(&c->diag);
    return say_changed(c, n);
}

/* The first argument is the agent, the others are aliases. */
static int
run_alias(struct cli *c)
{
    if (c->n_args < 2)
        return cli_misuse(c, "name the agent and at least one alias");
    struct str *names = to_strs(c, c->args, c->n_args);
    struct agent_change alias = {.act = take_away ? AGENT_UNALIAS : AGENT_ALIAS,
                                 .names = names,
                                 .n_names = 1,
                                 .aliases = names + 1,
                                 .n_aliases = c->n_args - 1};
    return make_change(c, &alias);
}

/* One act on every agent that is named. */
static int
run_on_all(struct cli *c, enum agent_act act)
{
    if (!c->n_args)
        return cli_misuse(c, "name at least one agent");
    struct agent_change all = {
        .act = act, .names = to_strs(c, c->args, c->n_args), .n_names = c->n_args};
    return make_change(c, &all);
}

static int
run_freeze(struct cli *c)
{
    return run_on_all(c, AGENT_FREEZE);
}

static int
run_unfreeze(struct cli *c)
{
    return run_on_all(c, AGENT_UNFREEZE);
}

static int
run_remove(struct cli *c)
{
    return run_on_all(c, AGENT_REMOVE);
}

static int
run_move(struct cli *c)
{
    struct period day = {.from = CLOCK_NONE};
    size_t n;
    if (!c->n_args || !group)
        return cli_misuse(c, "name at least one agent, and give --group");
    int status = cli_open(c, true);
    if (status)
        return status;
    if (from && (!period_parse(str_c(from), 0, &day) || day.kind != PERIOD_DAY))
        return cli_misuse(c, "--from wants a day like 2026-11-01");
    return agent_move(c->act, to_strs(c, c->args, c->n_args), c->n_args, str_c(group), day.from, &n,
                      &c->diag) == 0
               ? say_changed(c, n)
               : cli_fail(c);
}

static int
run_duty(struct cli *c, bool is_retired)
{
    struct period day;
    size_t n;
    if (!c->n_args || !from || !reason)
        return cli_misuse(c, "name at least one agent, and give --from DATE and --reason TEXT");
    int status = cli_open(c, true);
    if (status)
        return status;
    if (!period_parse(str_c(from), 0, &day) || day.kind != PERIOD_DAY)
        return cli_misuse(c, "--from wants a day like 2026-11-01");
    struct duty what = {.is_retired = is_retired, .from = day.from, .reason = str_c(reason)};
    return duty_decide(c->act, to_strs(c, c->args, c->n_args), c->n_args, &what, &n, &c->diag) == 0
               ? say_changed(c, n)
               : cli_fail(c);
}

static int
run_retire(struct cli *c)
{
    return run_duty(c, true);
}

static int
run_return(struct cli *c)
{
    return run_duty(c, false);
}

/* ---- password ---- */

/* Prints a line for assay.conf. The password itself is wiped as soon as the line is made. */
static int
run_password(struct cli *c)
{
    char line[MAX_LINE];
    struct str text = STR("");
    if (c->n_args != 1)
        return cli_misuse(c, "name the group; the password is read from standard input");
    if (!cli_read_secret("password: ", line, sizeof line))
        return cli_misuse(c, "standard input holds no password");
    struct str secret = str_n(line, strcspn(line, "\r\n"));
    int rc = enrol_password_line(str_c(c->args[0]), secret, c->arena, &text, &c->diag);
    explicit_bzero(line, sizeof line);
    return rc == 0 && cli_print(c, text) == 0 ? 0 : cli_fail(c);
}

const struct command cmd_agent_add = {
    .name = "agent add",
    .args = "NAME...",
    .summary = "put agents on the list of those that may report",
    .example = "assay agent add web01 --alias web01.old.example.net",
    .opts = add_opts,
    .run = run_add,
};

const struct command cmd_agent_alias = {
    .name = "agent alias",
    .args = "NAME ALIAS...",
    .summary = "take what is reported under an alias for the agent's",
    .example = "assay agent alias web01 web01-new",
    .opts = alias_opts,
    .run = run_alias,
};

const struct command cmd_agent_freeze = {
    .name = "agent freeze",
    .args = "NAME...",
    .summary = "take no new policies from agents, and keep group, alias and system",
    .example = "assay agent freeze web01",
    .run = run_freeze,
};

const struct command cmd_agent_unfreeze = {
    .name = "agent unfreeze",
    .args = "NAME...",
    .summary = "undo a freeze",
    .example = "assay agent unfreeze web01",
    .run = run_unfreeze,
};

const struct command cmd_agent_move = {
    .name = "agent move",
    .args = "NAME...",
    .summary = "put agents that have reported into another group",
    .example = "assay agent move web01 --group Servers",
    .opts = move_opts,
    .run = run_move,
};

const struct command cmd_agent_retire = {
    .name = "agent retire",
    .args = "NAME...",
    .summary = "expect no reports of agents from a day on; their history stays",
    .example = "assay agent retire web01 --from 2026-11-01 --reason \"replaced by web02\"",
    .opts = duty_opts,
    .run = run_retire,
};

const struct command cmd_agent_return = {
    .name = "agent return",
    .args = "NAME...",
    .summary = "expect retired agents again from a day on",
    .example = "assay agent return web01 --from 2026-12-01 --reason \"in service again\"",
    .opts = duty_opts,
    .run = run_return,
};

const struct command cmd_agent_remove = {
    .name = "agent remove",
    .args = "NAME...",
    .summary = "take agents and their aliases off the list; their scans stay",
    .example = "assay agent remove web01",
    .run = run_remove,
};

const struct command cmd_agent_password = {
    .name = "agent password",
    .args = "GROUP",
    .summary = "print the setting for a group's password, read from standard input",
    .example = "assay agent password Servers >>/etc/assay/assay.conf",
    .run = run_password,
};
