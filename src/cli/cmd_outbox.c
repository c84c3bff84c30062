/* assay outbox list, show, send, retry, drop: reports on their way to recipients. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "job/outbox.h"

static bool all;
static const char *reason;

static const struct opt list_opts[] = {
    {OPT_SWITCH, "all", 0, &all, NULL, "also what was sent or dropped"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt turn_opts[] = {
    {OPT_VALUE, "reason", 0, &reason, "TEXT", "why, for the audit log"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static struct str
when(struct cli *c, int64_t t)
{
    return t == CLOCK_NONE ? STR("") : clock_iso(c->arena, t);
}

static void
put_json(struct cli *c, struct json_put *j, const struct store_outgoing *o)
{
    json_put_open(j, '{');
    json_put_member(j, "id", outbox_id(o, c->arena));
    json_put_member(j, "state", o->state);
    json_put_member(j, "recipient", o->recipient);
    json_put_member(j, "destination", o->destination);
    json_put_member(j, "report", o->report_id);
    json_put_member(j, "version", o->version);
    json_put_member(j, "language", o->language);
    json_put_member(j, "title", o->title);
    json_put_member(j, "dir", o->dir);
    json_put_member(j, "host", o->host);
    json_put_member(j, "manifest", o->manifest_hex);
    json_put_member(j, "queued", when(c, o->queued));
    json_put_member_int(j, "attempts", o->attempts);
    json_put_member(j, "retry_at", when(c, o->retry_at));
    json_put_member(j, "ended", when(c, o->ended));
    json_put_member_bool(j, "in_hand", o->is_leased);
    json_put_member(j, "error", o->error);
    json_put_member(j, "answer", o->answer);
    json_put_member(j, "sha256", o->sent_hex);
    json_put_close(j, '}');
}

static struct str
shown(struct cli *c, struct str s)
{
    return utf8_one_line(c->arena, s);
}

static int
run_list(struct cli *c)
{
    store_outbox list;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    int status = cli_open(c, true);
    if (status)
        return status;
    if (outbox_list(c->act, all, &list, &c->diag) != 0)
        return cli_fail(c);
    if (c->json)
        json_put_open(&j, '[');
    for (size_t i = 0; i < list.n; i++) {
        const struct store_outgoing *o = &list.v[i];
        struct str last = o->error.len ? o->error : o->answer;
        if (c->json)
            put_json(c, &j, o);
        else
            buf_fmt(&out, "%.*s  %-7.*s  %.*s  %.*s v%.*s  %lld attempts%s%.*s\n",
                    STR_ARG(outbox_id(o, c->arena)), STR_ARG(o->state),
                    STR_ARG(shown(c, o->destination)), STR_ARG(shown(c, o->report_id)),
                    STR_ARG(o->version), (long long)o->attempts, last.len ? ": " : "",
                    STR_ARG(shown(c, last)));
    }
    if (c->json)
        json_put_close(&j, ']');
    struct str text = buf_view(&out);
    if (!c->json && text.len)
        text.len--;
    return (!text.len || cli_print(c, text) == 0) ? 0 : cli_fail(c);
}

/* Opens the database and finds the one that is named. */
static int
find_named(struct cli *c, struct store_outgoing *ret)
{
    if (c->n_args != 1) {
        diag_fail(&c->diag, DIAG_USAGE,
                  "give the id of one report on its way; assay outbox list shows them");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    return outbox_get(c->act, c->args[0], ret, &c->diag) == 0 ? 0 : cli_fail(c);
}

static int
run_show(struct cli *c)
{
    struct store_outgoing o;
    int status = find_named(c, &o);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    if (status)
        return status;
    const struct str rows[][2] = {
        {STR("id"), outbox_id(&o, c->arena)},
        {STR("state"), o.state},
        {STR("recipient"), o.recipient},
        {STR("destination"), o.destination},
        {STR("report"), arena_fmt(c->arena, "%.*s, version %.*s, %.*s", STR_ARG(o.report_id),
                                  STR_ARG(o.version), STR_ARG(o.language))},
        {STR("title"), o.title},
        {STR("files"), arena_fmt(c->arena, "%.*s on %.*s", STR_ARG(o.dir), STR_ARG(o.host))},
        {STR("manifest"), o.manifest_hex},
        {STR("queued"), when(c, o.queued)},
        {STR("attempts"), arena_fmt(c->arena, "%lld", (long long)o.attempts)},
        {STR("next"), when(c, o.retry_at)},
        {STR("ended"), when(c, o.ended)},
        {STR("error"), o.error},
        {STR("answer"), o.answer},
        {STR("sha256"), o.sent_hex}};
    if (c->json) {
        put_json(c, &j, &o);
        return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i][1].len && cli_print(c, arena_fmt(c->arena, "%-12s %.*s", rows[i][0].s,
                                                     STR_ARG(shown(c, rows[i][1])))) != 0)
            return cli_fail(c);
    return 0;
}

static int
print_sent(struct cli *c, const struct outbox_summary *s)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_int(&j, "sent", s->n_sent);
    json_put_member_int(&j, "refused", s->n_refused);
    json_put_member_int(&j, "failed", s->n_failed);
    json_put_key(&j, "attempts");
    json_put_open(&j, '[');
    for (size_t i = 0; i < s->ends.n; i++) {
        const struct outbox_end *e = &s->ends.v[i];
        json_put_open(&j, '{');
        json_put_member(&j, "id", outbox_id(&e->what, c->arena));
        json_put_member(&j, "destination", e->what.destination);
        json_put_member(&j, "state", e->what.state);
        json_put_member(&j, "text", e->text);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* What failed is always said, what went well only to who wants it. */
static int
run_send(struct cli *c)
{
    struct outbox_summary s = {0};
    store_outbox due;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (c->dry_run) {
        if (outbox_due(c->act, &due, &c->diag) != 0)
            return cli_fail(c);
        for (size_t i = 0; i < due.n; i++)
            cli_say(c, "would be sent: %.*s to %.*s", STR_ARG(due.v[i].report_id),
                    STR_ARG(due.v[i].destination));
        return 0;
    }
    int rc = outbox_send(c->act, &s, &c->diag);
    for (size_t i = 0; i < s.ends.n; i++) {
        const struct outbox_end *e = &s.ends.v[i];
        struct str text =
            arena_fmt(c->arena, "%.*s to %.*s: %s%.*s", STR_ARG(shown(c, e->what.report_id)),
                      STR_ARG(shown(c, e->what.destination)),
                      e->is_sent      ? "sent: "
                      : e->is_refused ? "not tried again: "
                                      : "tried again later: ",
                      STR_ARG(shown(c, e->text)));
        if (e->is_sent)
            cli_note(c, "%.*s", STR_ARG(text));
        else
            cli_say(c, "%.*s", STR_ARG(text));
    }
    if (c->json && print_sent(c, &s) != 0)
        rc = -1;
    if (rc != 0)
        return s.ends.n ? diag_exit_status(c->diag.first.code) : cli_fail(c);
    return 0;
}

static int
turn_one(struct cli *c, bool drop)
{
    struct store_outgoing o;
    int status = find_named(c, &o);
    if (status)
        return status;
    if (c->dry_run) {
        cli_say(c, "would be %s: %.*s to %.*s", drop ? "dropped" : "tried again",
                STR_ARG(shown(c, o.report_id)), STR_ARG(shown(c, o.destination)));
        return 0;
    }
    if (outbox_turn(c->act, &o, drop, str_c(reason), &c->diag) != 0)
        return cli_fail(c);
    cli_note(c, "%s: %.*s to %.*s", drop ? "dropped" : "is due", STR_ARG(shown(c, o.report_id)),
             STR_ARG(shown(c, o.destination)));
    return 0;
}

static int
run_retry(struct cli *c)
{
    return turn_one(c, false);
}

static int
run_drop(struct cli *c)
{
    return turn_one(c, true);
}

const struct command cmd_outbox_list = {
    .name = "outbox list",
    .args = "",
    .summary = "reports that wait to be sent, or were refused",
    .example = "assay outbox list --all",
    .opts = list_opts,
    .run = run_list,
};

const struct command cmd_outbox_show = {
    .name = "outbox show",
    .args = "ID",
    .summary = "all that is known of one of them",
    .example = "assay outbox show 3f2a",
    .opts = NULL,
    .run = run_show,
};

const struct command cmd_outbox_send = {
    .name = "outbox send",
    .args = "",
    .summary = "send what is due, as assay run does",
    .example = "assay outbox send            (every five minutes, from cron or a timer)",
    .opts = NULL,
    .run = run_send,
};

const struct command cmd_outbox_retry = {
    .name = "outbox retry",
    .args = "ID",
    .summary = "make one due at once, also one that was refused or dropped",
    .example = "assay outbox retry 3f2a --reason 'the address was corrected'",
    .opts = turn_opts,
    .run = run_retry,
};

const struct command cmd_outbox_drop = {
    .name = "outbox drop",
    .args = "ID",
    .summary = "take one out: it is not sent any more",
    .example = "assay outbox drop 3f2a --reason 'the officer has left'",
    .opts = turn_opts,
    .run = run_drop,
};
