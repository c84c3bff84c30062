/* assay secret set, list, rm: secrets that are sealed in the state folder. */
#include <stdio.h>
#include <string.h>

#include "act/settings_acts.h"
#include "base/json_put.h"
#include "cli/commands.h"
#include "job/system.h"
#include "settings/secret.h"

/* Root does it as the account that is to read them. */
static int
settle_named(struct cli *c)
{
    struct str account;
    if (c->n_args != 1)
        return cli_misuse(c, "give the name of one secret; what it is is read from standard input");
    int status = cli_settle(c);
    if (status)
        return status;
    return system_become_owner(&c->config, &account, &c->diag) == 0 ? 0 : cli_fail(c);
}

/* The file is changed first: a record of a secret that is not there would be worse than none of one that is. The
 * database is not needed: its own password may be what is set. */
static int
note(struct cli *c, const char *event, struct str name)
{
    struct diag d = diag_init(c->arena);
    struct config now = c->config;
    now.database_wait_s = 0;
    if (act_open(&now, true, &c->act, &d) == 0 && act_note_secret(c->act, event, name, &d) == 0)
        return 0;
    if (act_put_off_secret(&c->config, event, name, &c->diag) != 0)
        return cli_fail(c);
    struct str why = diag_text(&d);
    cli_say(c, "the audit log is told by the next run that reaches the database (%.*s)",
            STR_ARG(why));
    return 0;
}

static int
run_set(struct cli *c)
{
    char line[SECRET_MAX];
    int status = settle_named(c);
    if (status)
        return status;
    if (c->dry_run)
        return 0;
    if (!cli_read_secret("secret: ", line, sizeof line) || !strcspn(line, "\r\n")) {
        diag_fail(&c->diag, DIAG_USAGE, "standard input holds no secret");
        return cli_fail(c);
    }
    struct str name = str_c(c->args[0]);
    int rc = secret_seal(&c->config, name, str_n(line, strcspn(line, "\r\n")), &c->diag);
    explicit_bzero(line, sizeof line);
    if (rc != 0)
        return cli_fail(c);
    cli_note(c, "sealed; settings name it as secret:%.*s", STR_ARG(name));
    return note(c, "secret.set", name);
}

static int
run_list(struct cli *c)
{
    secret_names names;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    int status = cli_settle(c);
    if (status)
        return status;
    if (secret_list(&c->config, c->arena, &names, &c->diag) != 0)
        return cli_fail(c);
    json_put_open(&j, '[');
    for (size_t i = 0; i < names.n; i++) {
        json_put_str(&j, names.v[i]);
        if (!c->json && cli_print(c, names.v[i]) != 0)
            return cli_fail(c);
    }
    json_put_close(&j, ']');
    return !c->json || cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
}

static int
run_rm(struct cli *c)
{
    int status = settle_named(c);
    if (status || c->dry_run)
        return status;
    struct str name = str_c(c->args[0]);
    if (secret_remove(&c->config, name, &c->diag) != 0)
        return cli_fail(c);
    return note(c, "secret.remove", name);
}

const struct command cmd_secret_set = {
    .name = "secret set",
    .args = "NAME",
    .summary = "seal a secret, read from standard input, for settings that name it secret:NAME",
    .example = "assay secret set mail",
    .opts = NULL,
    .run = run_set,
};

const struct command cmd_secret_list = {
    .name = "secret list",
    .args = "",
    .summary = "names of the secrets that are sealed",
    .example = "assay secret list",
    .opts = NULL,
    .run = run_list,
};

const struct command cmd_secret_rm = {
    .name = "secret rm",
    .args = "NAME",
    .summary = "take a sealed secret away",
    .example = "assay secret rm mail",
    .opts = NULL,
    .run = run_rm,
};
