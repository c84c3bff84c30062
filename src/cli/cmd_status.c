/* assay status: how the fleet and its groups are now. */
#include "base/json_put.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "cli/watched.h"

static struct opt_list groups;
static const char *policy;

static const struct opt opts[] = {
    {OPT_LIST, "group", 'g', &groups, "GROUP", "only this group (repeatable)"},
    {OPT_VALUE, "policy", 'p', &policy, "ID", "only scans of the policy of that id"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct table_column columns[] = {
    {"GROUP", false},      {"AGENTS", true}, {"SCANNED", true}, {"SCORE", true},  {"FAILED", true},
    {"NOT APPLIED", true}, {"PASSED", true}, {"SILENT", true},  {"OVERDUE", true}};

static void
put_row(struct table *t, struct str name, const struct watch_sum *s)
{
    table_add(t, name);
    table_add_int(t, s->n_agents);
    table_add_int(t, s->n_scanned);
    table_add(t, watched_score(s->score, t->arena));
    table_add_int(t, s->failed);
    table_add_int(t, s->skipped);
    table_add_int(t, s->passed);
    table_add_int(t, s->n_silent);
    table_add_int(t, s->n_overdue);
}

static void
put_text(struct cli *c, const struct watch *w, struct buf *out)
{
    struct table t = table_new(c->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < w->groups.n; i++) {
        struct str name = w->groups.v[i].name;
        put_row(&t, name.len ? name : STR("(without a group)"), &w->groups.v[i].sum);
    }
    put_row(&t, STR("all"), &w->all);
    table_print(&t, out);
}

static void
put_sum(struct json_put *j, const struct watch_sum *s, struct arena *a)
{
    json_put_member_int(j, "agents", s->n_agents);
    json_put_member_int(j, "scanned", s->n_scanned);
    json_put_member_int(j, "silent", s->n_silent);
    json_put_member_int(j, "overdue", s->n_overdue);
    json_put_key(j, "score");
    watched_put_score(j, s->score, a);
    json_put_member_int(j, "failed", s->failed);
    json_put_member_int(j, "not_applied", s->skipped);
    json_put_member_int(j, "passed", s->passed);
}

static void
put_json(struct cli *c, const struct watch *w, struct buf *out)
{
    struct json_put j = json_put_init(out);
    json_put_open(&j, '{');
    json_put_member(&j, "now", clock_iso(c->arena, w->now));
    json_put_member(&j, "from", clock_iso(c->arena, w->overview.from));
    json_put_member_int(&j, "overdue_days", c->config.overdue_days);
    put_sum(&j, &w->all, c->arena);
    json_put_key(&j, "groups");
    json_put_open(&j, '[');
    for (size_t i = 0; i < w->groups.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "group", w->groups.v[i].name);
        put_sum(&j, &w->groups.v[i].sum, c->arena);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
}

static int
run_status(struct cli *c)
{
    struct watch w;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    int status = cli_open(c, true);
    if (status)
        return status;
    struct watch_query q = watched_query(c, &groups, NULL, policy);
    if (watch_load(c->act, &q, c->arena, &w, &c->diag) != 0)
        return cli_fail(c);
    (c->json ? put_json : put_text)(c, &w, &out);
    return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
}

const struct command cmd_status = {
    .name = "status",
    .args = "",
    .summary = "print how the fleet and its groups are now",
    .example = "assay status --group Servers",
    .opts = opts,
    .run = run_status,
};
