/* assay config check: every mistake of the settings and of report definitions, without a database. */
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "job/request.h"
#include "settings/config_check.h"
#include "settings/recipients.h"

static void
check_definitions(const struct config *c, struct arena *a, config_mistakes *mistakes)
{
    const char *overlay = c->templates_dir.len ? c->templates_dir.s : NULL;
    struct diag d = diag_init(a);
    struct str *names = NULL;
    size_t n = 0;
    if (definition_list(overlay, a, &names, &n, &d) != 0)
        *VEC_PUSH(a, mistakes) = d.first;
    for (size_t i = 0; i < n; i++) {
        struct diag one = diag_init(a);
        struct definition def;
        if (definition_load(names[i].s, overlay, &request_choices, a, &def, &one) != 0 ||
            recipient_check(c, &def, &one) != 0)
            *VEC_PUSH(a, mistakes) = one.first;
    }
}

static int
print_json(struct cli *c, const config_mistakes *mistakes)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_bool(&j, "ok", mistakes->n == 0);
    json_put_key(&j, "files");
    json_put_open(&j, '[');
    for (size_t i = 0; i < c->config.files.n; i++)
        json_put_str(&j, c->config.files.v[i]);
    json_put_close(&j, ']');
    json_put_key(&j, "mistakes");
    json_put_open(&j, '[');
    for (size_t i = 0; i < mistakes->n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "place", mistakes->v[i].place);
        json_put_member(&j, "text", mistakes->v[i].text);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static int
run_config_check(struct cli *c)
{
    config_mistakes mistakes = {0};
    if (c->config_path && !c->config_path[0])
        return cli_misuse(c, "--config wants the path of a file, not an empty text");
    config_check(c->config_path, c->state_dir, c->arena, &c->config, &mistakes);
    check_definitions(&c->config, c->arena, &mistakes);
    for (size_t i = 0; i < mistakes.n && !c->json; i++) {
        struct diag one = diag_init(c->arena);
        one.first = mistakes.v[i];
        message_fail(&one);
    }
    if (c->json && print_json(c, &mistakes) != 0)
        return cli_fail(c);
    if (mistakes.n == 0)
        cli_note(c, "%zu files of settings are right", c->config.files.n);
    return mistakes.n ? diag_exit_status(DIAG_CONFIG) : 0;
}

const struct command cmd_config_check = {
    .name = "config check",
    .args = "",
    .summary = "name every mistake of the settings, without a database",
    .example = "assay config check",
    .run = run_config_check,
};
