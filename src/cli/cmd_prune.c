/* assay prune. */
#include <stdio.h>

#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "job/prune.h"

static struct opt_list chosen;
static const char *before;
static bool force;

static const struct opt opts[] = {
    {OPT_LIST, "class", 0, &chosen, "CLASS",
     "only this one: scans, evidence, inputs, done, rejected, reports, exports; may be repeated"},
    {OPT_VALUE, "before", 0, &before, "DATE",
     "what is older than this day, YYYY-MM-DD, in the place of the setting"},
    {OPT_SWITCH, "force", 0, &force, NULL,
     "also what an exporter has not delivered: the log says so"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static void
put_time(struct json_put *j, const char *key, int64_t t, struct arena *a)
{
    if (t != CLOCK_NONE)
        json_put_member(j, key, clock_iso(a, t));
}

static void
put_class(struct json_put *j, const struct prune_result *r, struct arena *a)
{
    json_put_open(j, '{');
    json_put_member_c(j, "class", r->class);
    put_time(j, "before", r->before, a);
    json_put_member_int(j, "n", r->count.n);
    json_put_member_int(j, "revisions", r->count.n_more);
    json_put_member_int(j, "bytes", r->count.n_bytes);
    put_time(j, "oldest", r->count.oldest, a);
    put_time(j, "newest", r->count.newest, a);
    json_put_member_int(j, "texts", r->n_texts);
    json_put_member_int(j, "text_bytes", r->n_text_bytes);
    json_put_key(j, "kept");
    json_put_open(j, '{');
    for (int i = PRUNE_GOES + 1; i < PRUNE_WHY__COUNT; i++)
        json_put_member_int(j, prune_why_word((enum prune_why)i), r->count.kept[i]);
    json_put_close(j, '}');
    if (r->waits.len)
        json_put_member(j, "waits", r->waits);
    if (r->first_seq >= 0) {
        json_put_member_int(j, "first_record", r->first_seq);
        json_put_member_int(j, "last_record", r->last_seq);
    }
    json_put_close(j, '}');
}

static int
print_json(struct cli *c, const struct prune_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_bool(&j, "dry_run", c->dry_run);
    json_put_key(&j, "classes");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->v.n; i++)
        put_class(&j, &s->v.v[i], c->arena);
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* What keeps old scans, in one line; empty = nothing does. */
static struct str
kept_text(const struct prune_result *r, struct arena *a)
{
    static const char *const texts[PRUNE_WHY__COUNT] = {[PRUNE_NEWEST] = "the newest of their line",
                                                        [PRUNE_FIRST] = "the first of their line",
                                                        [PRUNE_HELD] = "held",
                                                        [PRUNE_EXPORTED] =
                                                            "not delivered to an exporter"};
    AUTO_BUF b = buf_init(4096);
    for (int i = PRUNE_GOES + 1; i < PRUNE_WHY__COUNT; i++)
        if (r->count.kept[i])
            buf_fmt(&b, "%s%lld %s", b.len ? ", " : "", (long long)r->count.kept[i], texts[i]);
    return arena_str(a, buf_view(&b));
}

static int
print_class(struct cli *c, const struct prune_result *r)
{
    struct arena *a = c->arena;
    const struct prune_count *n = &r->count;
    struct str kept = kept_text(r, a), waits = utf8_one_line(a, r->waits);
    if (r->before == CLOCK_NONE)
        return cli_print(c, arena_fmt(a, "%-9s kept for ever", r->class));
    struct str line = arena_fmt(
        a, "%-9s before %s: %lld %s, %lld kB", r->class, clock_date(a, r->before).s,
        (long long)n->n, c->dry_run ? "would go" : "gone", (long long)(n->n_bytes + 999) / 1000);
    if (n->oldest != CLOCK_NONE)
        line = arena_fmt(a, "%.*s, from %s to %s", STR_ARG(line), clock_date(a, n->oldest).s,
                         clock_date(a, n->newest).s);
    if (r->n_texts)
        line = arena_fmt(a, "%.*s; %lld texts, %lld kB swept", STR_ARG(line), (long long)r->n_texts,
                         (long long)(r->n_text_bytes + 999) / 1000);
    if (r->first_seq >= 0)
        line = arena_fmt(a, "%.*s; records %lld to %lld", STR_ARG(line), (long long)r->first_seq,
                         (long long)r->last_seq);
    if (cli_print(c, line) != 0 ||
        (kept.len && cli_print(c, arena_fmt(a, "          kept: %.*s", STR_ARG(kept))) != 0))
        return -1;
    return waits.len ? cli_print(c, arena_fmt(a, "          waits: %.*s", STR_ARG(waits))) : 0;
}

static int
run_prune(struct cli *c)
{
    struct prune_summary s;
    struct clock_time t = {.t = CLOCK_NONE};
    if (before && !clock_parse(str_c(before), 0, &t))
        return cli_misuse(c, "--before wants a day, YYYY-MM-DD");
    const struct prune_request q = {
        .classes = chosen.v, .n_classes = chosen.n, .before = t.t, .force = force};
    int status = cli_open(c, true);
    if (status)
        return status;
    int rc = prune_job_run(c->act, &q, &s, &c->diag);
    message_progress_end();
    if (rc == 0 && c->json)
        rc = print_json(c, &s);
    for (size_t i = 0; rc == 0 && !c->json && !c->quiet && i < s.v.n; i++)
        rc = print_class(c, &s.v.v[i]);
    return rc == 0 ? 0 : cli_fail(c);
}

const struct command cmd_prune = {
    .name = "prune",
    .args = "",
    .summary = "take away what is older than the settings keep; nothing that waits or is held",
    .example = "assay prune --dry-run",
    .opts = opts,
    .run = run_prune,
};
