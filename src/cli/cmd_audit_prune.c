/* assay audit prune. */
#include <assert.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "ledger/prune.h"

static const char *keep, *before;
static bool force;

static const struct opt opts[] = {
    {OPT_VALUE, "keep", 0, &keep, "MONTHS",
     "keep the records of so many months (default: audit-keep-months)"},
    {OPT_VALUE, "before", 0, &before, "DATE",
     "keep what is not older than this day, YYYY-MM-DD, UTC"},
    {OPT_SWITCH, "force", 0, &force, NULL,
     "younger than 12 months, or not exported yet: the log says so"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

/* How much to keep: months, a day, or as the settings say. */
static int
read_options(struct cli *c, struct prune_request *q)
{
    struct clock_time t = {.t = CLOCK_NONE};
    *q = (struct prune_request){.keep_months = -1, .before = CLOCK_NONE, .force = force};
    if (keep && before)
        return diag_fail(&c->diag, DIAG_USAGE, "--keep or --before, not both");
    if (keep &&
        (!str_to_i64(str_c(keep), &q->keep_months) || q->keep_months < 0 || q->keep_months > 1200))
        return diag_fail(&c->diag, DIAG_USAGE, "--keep wants a number of months");
    if (before && !clock_parse(str_c(before), 0, &t))
        return diag_fail(&c->diag, DIAG_USAGE, "--before wants a day, YYYY-MM-DD");
    q->before = t.t;
    return 0;
}

static void
say_pruned(struct cli *c, const struct prune_summary *s)
{
    assert(s->first <= s->minimum);
    struct str forced = utf8_one_line(c->arena, s->forced);
    if (s->minimum == s->first)
        cli_note(c, "nothing to prune: 256 records at a time, and %lld are pruned already",
                 (long long)s->first);
    else
        cli_say(c, "%s %lld to %lld", c->dry_run ? "would be pruned: records" : "pruned: records",
                (long long)s->first, (long long)s->minimum - 1);
    if (forced.len)
        cli_say(c, "forced: %.*s", STR_ARG(forced));
}

static int
run_prune(struct cli *c)
{
    struct prune_request q;
    struct prune_summary s;
    if (read_options(c, &q) != 0)
        return cli_fail(c);
    int status = cli_open(c, true);
    if (status)
        return status;
    if (prune_run(c->act, &q, &s, &c->diag) != 0)
        return cli_fail(c);
    say_pruned(c, &s);
    return 0;
}

const struct command cmd_audit_prune = {
    .name = "audit prune",
    .args = "",
    .summary = "take the text of old records out of the audit log; their hashes stay",
    .example = "assay audit prune --keep 24 --dry-run",
    .opts = opts,
    .run = run_prune,
};
