/* assay spool retry. */
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "intake/shelf.h"

static const char *rule;
static bool all;

static const struct opt opts[] = {
    {OPT_SWITCH, "all", 0, &all, NULL, "all rejected files"},
    {OPT_VALUE, "rule", 0, &rule, "RULE",
     "those whose reason has this text: a word such as too-big, a setting such as quota-checks"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_file(struct cli *c, const struct shelf_file *f, bool is_back)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    if (!c->json)
        return cli_print(c, arena_fmt(c->arena, "%.*s\t%.*s", STR_ARG(utf8_name(c->arena, f->name)),
                                      STR_ARG(is_back ? utf8_one_line(c->arena, f->reason)
                                                      : STR("taken by somebody else meanwhile"))));
    json_put_open(&j, '{');
    json_put_member(&j, "file", utf8_repair(c->arena, f->name));
    json_put_member(&j, "sha256", sha256_hex(c->arena, &f->sha256));
    json_put_member_int(&j, "size", f->size);
    json_put_member(&j, "reason", f->reason);
    json_put_member_bool(&j, "back", is_back);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

static int
run_retry(struct cli *c)
{
    struct shelf_retried r;
    const struct shelf_retry q = {.names = c->args, .n_names = c->n_args, .all = all, .rule = rule};
    if (all ? c->n_args || rule : !c->n_args && !rule) {
        diag_fail(&c->diag, DIAG_USAGE, "name rejected files, or give --rule or --all");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    if (shelf_retry(c->act, &q, &r, &c->diag) != 0)
        return cli_fail(c);
    for (size_t i = 0; i < r.back.n; i++)
        if (print_file(c, &r.back.v[i], true) != 0)
            return cli_fail(c);
    for (size_t i = 0; i < r.left.n; i++)
        if (print_file(c, &r.left.v[i], false) != 0)
            return cli_fail(c);
    cli_note(c, "%zu files %s into the spool: the next run takes them", r.back.n,
             c->dry_run ? "would go back" : "went back");
    return 0;
}

const struct command cmd_spool_retry = {
    .name = "spool retry",
    .args = "[FILE...]",
    .summary = "put rejected files back into the spool, after an upgrade or a mended setting",
    .example = "assay spool retry --rule quota-checks --dry-run",
    .opts = opts,
    .run = run_retry,
};
