/* assay rebuild --categories, --months, --details. */
#include "base/json_put.h"
#include "cli/commands.h"
#include "intake/months.h"
#include "intake/rebuild.h"

static bool categories, months, details;

static const struct opt opts[] = {
    {OPT_SWITCH, "categories", 0, &categories, NULL,
     "the category of every stored check, by the tables in force now"},
    {OPT_SWITCH, "months", 0, &months, NULL,
     "what lines were at the end of each month, from the scans"},
    {OPT_SWITCH, "details", 0, &details, NULL,
     "detail sets of before schema 023, in the form that takes less room"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static int
print_json(struct cli *c, const struct rebuild_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member(&j, "tables", s->tables);
    json_put_member_bool(&j, "dry_run", c->dry_run);
    json_put_member_int(&j, "checks", s->n_checks);
    json_put_member_int(&j, "stale", s->n_stale);
    json_put_member_int(&j, "changed", s->n_changed);
    json_put_member_int(&j, "gained", s->n_gained);
    json_put_member_int(&j, "lost", s->n_lost);
    json_put_key(&j, "moves");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->moves.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "from", s->moves.v[i].from);
        json_put_member(&j, "to", s->moves.v[i].to);
        json_put_member_int(&j, "checks", s->moves.v[i].n);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* What would change is what is asked for with --dry-run, so it is printed. */
static int
print_moves(struct cli *c, const struct rebuild_summary *s)
{
    for (size_t i = 0; i < s->moves.n; i++) {
        const struct rebuild_move *m = &s->moves.v[i];
        struct str from = m->from.len ? m->from : STR("(none)"),
                   to = m->to.len ? m->to : STR("(none)");
        if (cli_print(c, arena_fmt(c->arena, "%lld\t%.*s\t%.*s", (long long)m->n, STR_ARG(from),
                                   STR_ARG(to))) != 0)
            return -1;
    }
    return 0;
}

static int
run_categories(struct cli *c)
{
    struct rebuild_summary s;
    if (rebuild_categories(c->act, &s, &c->diag) != 0)
        return cli_fail(c);
    if (c->json)
        return print_json(c, &s) == 0 ? 0 : cli_fail(c);
    if (c->dry_run && print_moves(c, &s) != 0)
        return cli_fail(c);
    cli_say(c, "%s: %lld of %lld checks have another category (%lld had none, %lld have none now)",
            c->dry_run ? "would be changed" : "changed", (long long)s.n_changed,
            (long long)s.n_checks, (long long)s.n_gained, (long long)s.n_lost);
    return 0;
}

static int
run_months(struct cli *c)
{
    struct months_summary s;
    if (months_make(c->act, &s, &c->diag) != 0)
        return cli_fail(c);
    if (c->json) {
        AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
        struct json_put j = json_put_init(&out);
        json_put_open(&j, '{');
        json_put_member_bool(&j, "dry_run", c->dry_run);
        json_put_member_int(&j, "months", s.n_months);
        json_put_member_int(&j, "scans", s.n_scans);
        json_put_close(&j, '}');
        return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
    }
    if (c->dry_run)
        cli_say(c, "all months that are over would be closed, from their scans");
    else
        cli_say(c, "%lld months are closed, with %lld scans", (long long)s.n_months,
                (long long)s.n_scans);
    return 0;
}

static int
run_details(struct cli *c)
{
    struct rebuild_details s;
    if (rebuild_details(c->act, &s, &c->diag) != 0)
        return cli_fail(c);
    if (c->json) {
        AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
        struct json_put j = json_put_init(&out);
        json_put_open(&j, '{');
        json_put_member_bool(&j, "dry_run", c->dry_run);
        json_put_member_int(&j, "large_sets", s.n_large);
        json_put_member_int(&j, "large_bytes", s.bytes_large);
        json_put_member_int(&j, "sets", s.n_sets);
        json_put_member_int(&j, "bytes_before", s.bytes_before);
        json_put_member_int(&j, "bytes_after", s.bytes_after);
        json_put_close(&j, '}');
        return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
    }
    if (c->dry_run)
        cli_say(c, "would be looked at: %lld detail sets of before schema 023, %lld bytes",
                (long long)s.n_large, (long long)s.bytes_large);
    else
        cli_say(c, "made small: %lld of %lld detail sets, %lld bytes became %lld",
                (long long)s.n_sets, (long long)s.n_large, (long long)s.bytes_before,
                (long long)s.bytes_after);
    return 0;
}

static int
run_rebuild(struct cli *c)
{
    if (categories + months + details != 1)
        return cli_misuse(c, "say what is to be made anew: --categories, --months or --details");
    int status = cli_open(c, true);
    if (status)
        return status;
    return categories ? run_categories(c) : months ? run_months(c) : run_details(c);
}

const struct command cmd_rebuild = {
    .name = "rebuild",
    .args = "",
    .summary = "derive anew what follows from what is stored",
    .example = "assay rebuild --categories --dry-run",
    .opts = opts,
    .run = run_rebuild,
};
