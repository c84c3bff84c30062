/* assay portal build. */
#include <stdio.h>

#include "base/json_put.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "job/portal.h"

static int
print_json(struct cli *c, const struct portal_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member(&j, "path", c->config.portal_dir);
    json_put_member_bool(&j, "dry_run", c->dry_run);
    json_put_member_int(&j, "agents", (int64_t)s->n_agents);
    json_put_member_int(&j, "groups", (int64_t)s->n_groups);
    json_put_member_int(&j, "checks", (int64_t)s->n_checks);
    json_put_member_int(&j, "reports", (int64_t)s->n_reports);
    json_put_member_int(&j, "files", s->n_files);
    json_put_member_int(&j, "written", s->n_written);
    json_put_member_int(&j, "removed", s->n_removed);
    json_put_member(&j, "manifest", s->manifest_hex);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static int
run_build(struct cli *c)
{
    struct portal_summary s;
    int status = cli_open(c, true);
    if (status)
        return status;
    int rc = portal_build(c->act, &s, &c->diag);
    message_progress_end();
    cli_warnings(&c->diag);
    if (rc != 0)
        return cli_fail(c);
    if (c->json)
        return print_json(c, &s) == 0 ? 0 : cli_fail(c);
    cli_note(c, "%s: %zu agents in %zu groups; %lld files, %lld written, %lld removed",
             c->dry_run ? "would be made" : "made", s.n_agents, s.n_groups, (long long)s.n_files,
             (long long)s.n_written, (long long)s.n_removed);
    return 0;
}

static const struct opt opts[] = {{OPT_END, NULL, 0, NULL, NULL, NULL}};

const struct command cmd_portal_build = {
    .name = "portal build",
    .args = "",
    .summary = "make the site of files in portal-dir as of now; only what changed is written",
    .example = "assay portal build",
    .opts = opts,
    .run = run_build,
};
