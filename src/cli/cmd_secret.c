/* assay secret set, list, rm: secrets that are sealed in the state folder. */
#include <stdio.h>
#include <string.h>

#include "base/json_put.h"
#include "cli/commands.h"
#include "settings/secret.h"

/* The file is changed first: a record of a secret that is not there would be worse than none of one that is. */
static int
note(struct cli *c, const char *event, struct str name)
{
    struct event e = {.name = event,
                      .severity = 6,
                      .object_type = STR("secret"),
                      .object_id = name,
                      .object_name = name,
                      .reason = STR("")};
    return act_record(c->act, &e, 1, &c->diag) == 0 ? 0 : cli_fail(c);
}

static int
open_named(struct cli *c)
{
    if (c->n_args == 1)
        return cli_open(c, true);
    diag_fail(&c->diag, DIAG_USAGE,
              "give the name of one secret; what it is is read from standard input");
    return cli_fail(c);
}

static int
run_set(struct cli *c)
{
    char line[SECRET_MAX];
    int status = open_named(c);
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
    int status = open_named(c);
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
