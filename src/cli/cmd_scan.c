/* assay scan …: the scans that are stored, and decisions about several of one second. */
#include <stdio.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "intake/revise.h"
#include "model/period.h"

static const char *agent, *policy, *profile, *period, *from, *to, *reason;
static bool contested;

static const struct opt list_opts[] = {
    {OPT_VALUE, "agent", 'a', &agent, "NAME", "only this agent"},
    {OPT_VALUE, "policy", 0, &policy, "ID", "only this policy"},
    {OPT_VALUE, "period", 'p', &period, "PERIOD", "2026-11, 2026-W47, 2026-Q3, last-month, A..B"},
    {OPT_VALUE, "from", 0, &from, "TIME", "scanned then or later"},
    {OPT_VALUE, "to", 0, &to, "TIME", "scanned before"},
    {OPT_SWITCH, "contested", 0, &contested, NULL,
     "only those of a second that an officer has not decided about"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt decide_opts[] = {
    {OPT_VALUE, "reason", 'r', &reason, "TEXT", "why: it goes into the audit log (required)"},
    {OPT_VALUE, "policy", 0, &policy, "ID", "of several policies at that second, this one"},
    {OPT_VALUE, "profile", 0, &profile, "NAME", "of several profiles, this one"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

/* A time as the list prints it; without a zone it is UTC. */
static int
read_time(struct cli *c, const char *text, int64_t *ret)
{
    struct clock_time t;
    if (!clock_parse(str_c(text), 0, &t))
        return diag_fail(&c->diag, DIAG_USAGE, "\"%s\" is no time such as 2026-11-01T10:00:00Z",
                         text);
    *ret = t.t;
    return 0;
}

/* ---- list ---- */

/* What is odd about a scan, in the words of the JSON. */
static size_t
flags_of(const struct store_listed *v, const char *ret[7])
{
    const struct {
        bool is;
        const char *word;
    } all[] = {{v->partial, "partial"},
               {v->score_only, "score-only"},
               {v->zone_assumed, "zone-assumed"},
               {v->end_assumed, "end-assumed"},
               {v->delta, "delta"},
               {v->late, "late"},
               {v->ahead, "ahead"}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].is)
            ret[n++] = all[i].word;
    return n;
}

static void
put_json(struct buf *out, const struct store_listed *v, struct arena *a)
{
    const char *flags[7];
    struct json_put j = json_put_init(out);
    size_t n = flags_of(v, flags);
    json_put_open(&j, '{');
    json_put_member(&j, "agent", v->agent);
    json_put_member(&j, "policy", v->policy);
    json_put_member(&j, "profile", v->profile);
    json_put_member(&j, "time", clock_iso(a, v->end));
    json_put_member_int(&j, "revision", v->revision);
    json_put_member_bool(&j, "counts", standing_counts(v->standing));
    json_put_member_c(&j, "standing", standing_word(v->standing));
    json_put_member_int(&j, "passed", v->tally.passed);
    json_put_member_int(&j, "failed", v->tally.failed);
    json_put_member_int(&j, "skipped", v->tally.skipped);
    json_put_member_int(&j, "waived", v->tally.waived);
    json_put_member(&j, "received", clock_iso(a, v->received));
    json_put_member(&j, "file", v->file);
    json_put_member(&j, "sha256", sha256_hex(a, &v->sha256));
    json_put_member(&j, "format", v->format);
    json_put_key(&j, "flags");
    json_put_open(&j, '[');
    for (size_t i = 0; i < n; i++)
        json_put_str(&j, str_c(flags[i]));
    json_put_close(&j, ']');
    json_put_close(&j, '}');
}

static void
put_text(struct buf *out, const struct store_listed *v, struct arena *a)
{
    const char *flags[7];
    struct str shown[] = {utf8_one_line(a, v->agent), utf8_one_line(a, v->policy),
                          utf8_one_line(a, v->profile), utf8_one_line(a, v->file)};
    struct str time = clock_iso(a, v->end);
    size_t n = flags_of(v, flags);
    buf_fmt(out, "%.*s  %.*s%s%.*s  %.*s  %u  ", STR_ARG(shown[0]), STR_ARG(shown[1]),
            shown[2].len ? "/" : "", STR_ARG(shown[2]), STR_ARG(time), v->revision);
    buf_fmt(out, "%s%s  %lld passed, %lld failed, %lld skipped  %.*s",
            standing_counts(v->standing) ? "counts: " : "", standing_word(v->standing),
            (long long)v->tally.passed, (long long)v->tally.failed, (long long)v->tally.skipped,
            STR_ARG(shown[3]));
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, "%s%s", i ? ", " : "  ", flags[i]);
}

static int
print_listed(void *ctx, const struct store_listed *v, struct diag *d)
{
    struct cli *c = ctx;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct arena *a = arena_new();
    (void)d; /* the one of c */
    if (c->json)
        put_json(&out, v, a);
    else
        put_text(&out, v, a);
    int rc = cli_print(c, buf_view(&out));
    arena_free(a);
    return rc;
}

/* The times of the query; all there are when none is given. */
static int
read_window(struct cli *c, struct store_list_query *q)
{
    struct period p;
    q->from = 0;
    q->to = 253402300799; /* the last second of a DATETIME */
    if (period && (from || to))
        return diag_fail(&c->diag, DIAG_USAGE, "give --period, or --from and --to");
    if (period && !period_parse(str_c(period), env_now(), &p))
        return diag_fail(&c->diag, DIAG_USAGE, "\"%s\" is no period such as 2026-11", period);
    if (period) {
        q->from = p.from;
        q->to = p.to;
    }
    if ((from && read_time(c, from, &q->from) != 0) || (to && read_time(c, to, &q->to) != 0))
        return -1;
    return q->from <= q->to ? 0 : diag_fail(&c->diag, DIAG_USAGE, "--from is behind --to");
}

static int
run_list(struct cli *c)
{
    struct store_list_query q = {.agent = str_c(agent ? agent : ""),
                                 .policy = str_c(policy ? policy : ""),
                                 .contested = contested};
    int status = cli_open(c, true);
    if (status)
        return status;
    if (read_window(c, &q) != 0 || revise_list(c->act, &q, print_listed, c, &c->diag) != 0)
        return cli_fail(c);
    return 0;
}

/* ---- accept, revoke ---- */

static int
say_decided(struct cli *c, const struct store_decided *r)
{
    if (c->json) {
        AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
        struct json_put j = json_put_init(&out);
        json_put_open(&j, '{');
        json_put_member_bool(&j, "changed", r->is_change);
        json_put_member_int(&j, "counted", r->counted);
        json_put_member_int(&j, "counts", r->counts);
        json_put_close(&j, '}');
        return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
    }
    if (c->dry_run)
        cli_note(c, "the scan is there");
    else if (!r->is_change)
        cli_note(c, "it was so already");
    else if (r->counts)
        cli_note(c, "revision %u counts", r->counts);
    else
        cli_note(c, "no scan of that second counts any more");
    return 0;
}

static int
decide(struct cli *c, bool accepts)
{
    int64_t n;
    struct str named = str_c(profile ? profile : "");
    struct store_decided r;
    struct revise_request q = {.accepts = accepts,
                               .policy = str_c(policy ? policy : ""),
                               .profile = profile ? &named : NULL};
    if (c->n_args != 3 || !reason)
        return cli_misuse(c, "name agent, time and number of the revision, and give --reason");
    q.agent = str_c(c->args[0]);
    q.reason = str_c(reason);
    if (read_time(c, c->args[1], &q.end) != 0)
        return cli_fail(c);
    if (!str_to_i64(str_c(c->args[2]), &n) || n < 1 || n > UINT32_MAX)
        return cli_misuse(c, "the number of a revision is 1 or more");
    q.revision = (unsigned)n;
    int status = cli_open(c, true);
    if (status)
        return status;
    return revise_decide(c->act, &q, &r, &c->diag) == 0 ? say_decided(c, &r) : cli_fail(c);
}

static int
run_accept(struct cli *c)
{
    return decide(c, true);
}

static int
run_revoke(struct cli *c)
{
    return decide(c, false);
}

const struct command cmd_scan_list = {
    .name = "scan list",
    .args = "",
    .summary = "list stored scans, which of a second counts, and why",
    .example = "assay scan list --contested",
    .opts = list_opts,
    .run = run_list,
};

const struct command cmd_scan_accept = {
    .name = "scan accept",
    .args = "AGENT TIME REVISION",
    .summary = "let this one of several scans of a second count",
    .example = "assay scan accept web01 2026-11-01T10:00:00Z 2 --reason 'ticket 4711'",
    .opts = decide_opts,
    .run = run_accept,
};

const struct command cmd_scan_revoke = {
    .name = "scan revoke",
    .args = "AGENT TIME REVISION",
    .summary = "let a scan count no more; it is kept",
    .example = "assay scan revoke web01 2026-11-01T10:00:00Z 1 --reason 'wrong host'",
    .opts = decide_opts,
    .run = run_revoke,
};
