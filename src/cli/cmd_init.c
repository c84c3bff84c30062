/* assay init: folders, schema, signing key. */
#include <stdio.h>

#include "base/json_put.h"
#include "cli/commands.h"
#include "job/init.h"
#include "job/system.h"

static bool grants, of_system;

static const struct opt opts[] = {
    {OPT_SWITCH, "grants", 0, &grants, NULL,
     "print SQL for roles of accounts on your own server, and do nothing else"},
    {OPT_SWITCH, "system", 0, &of_system, NULL,
     "as root: make the account " SYSTEM_ACCOUNT " and its folders first, and go on as it"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_json(struct cli *c, const struct init_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member(&j, "state_dir", c->config.state_dir);
    json_put_member(&j, "server", act_server(c->act, c->arena));
    json_put_member_int(&j, "schema_from", s->schema_from);
    json_put_member_int(&j, "schema_to", s->schema_to);
    json_put_member_int(&j, "categories_stale", s->n_stale);
    json_put_member_bool(&j, "made_key", s->made_key);
    json_put_member(&j, "log_vkey", s->log_vkey);
    json_put_member(&j, "signer", s->certificate.subject);
    json_put_member(&j, "fingerprint", s->certificate.sha256_hex);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* The self-signed key is said aloud once, with what it is worth. */
static void
print_text(struct cli *c, const struct init_summary *s)
{
    struct str server = act_server(c->act, c->arena);
    if (s->schema_from == s->schema_to)
        cli_note(c, "schema %d is up to date (%.*s)", s->schema_to, STR_ARG(server));
    else
        cli_note(c, "schema %d -> %d (%.*s)", s->schema_from, s->schema_to, STR_ARG(server));
    if (s->made_log_key)
        cli_note(c, "made the key of the audit log; what verifies its checkpoints: %.*s/audit.vkey",
                 STR_ARG(c->config.state_dir));
    for (size_t i = 0; i < s->advice.texts.n; i++)
        cli_say(c, "database server: %.*s", STR_ARG(s->advice.texts.v[i]));
    if (s->n_stale)
        cli_say(c,
                "%lld stored checks have categories by other tables or an older version; "
                "assay rebuild --categories derives them anew",
                (long long)s->n_stale);
    if (!s->made_key)
        return;
    cli_say(c, "made a self-signed signing key: %.*s", STR_ARG(c->config.sign_key));
    cli_say(c, "  it shows that reports were not changed after they were made; it proves nothing "
               "about who made them");
    cli_say(c, "  SHA-256 %.*s", STR_ARG(s->certificate.sha256_hex));
}

/* What root makes here is for the account that will work with it. */
static int
become_account(struct cli *c)
{
    struct str name;
    if (of_system)
        return system_settle(&c->config, &c->diag);
    if (system_become_owner(&c->config, &name, &c->diag) != 0)
        return -1;
    if (name.len)
        cli_note(c, "as %.*s, whose state folder it is", STR_ARG(name));
    return 0;
}

static int
run_init(struct cli *c)
{
    struct init_summary s = {0};
    int status = cli_settle(c);
    if (status)
        return status;
    if (grants)
        return cli_print(c, init_grants(&c->config, c->arena)) == 0 ? 0 : cli_fail(c);
    if (become_account(c) != 0 || init_folders(&c->config, &c->diag) != 0)
        return cli_fail(c);
    status = cli_open(c, false);
    if (status)
        return status;
    if (init_run(c->act, &s, &c->diag) != 0)
        return cli_fail(c);
    if (c->json)
        return print_json(c, &s) == 0 ? 0 : cli_fail(c);
    print_text(c, &s);
    return 0;
}

const struct command cmd_init = {
    .name = "init",
    .args = "",
    .summary = "create or upgrade schema, folders and signing key (safe to repeat)",
    .example = "assay init",
    .opts = opts,
    .run = run_init,
};
