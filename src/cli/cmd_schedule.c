/* assay schedule: how it stands with the reports that `assay run` makes. */
#include <stdio.h>

#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "job/due.h"

static const char *at;

static const struct opt opts[] = {
    {OPT_VALUE, "at", 0, &at, "TIME", "how it stood then"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static void
put_json(struct json_put *j, const struct due_state *s, struct arena *a)
{
    json_put_open(j, '{');
    json_put_member(j, "definition", s->definition);
    json_put_member_c(j, "state", due_word(s->word));
    json_put_member(j, "reason", s->reason);
    if (s->word != DUE_FAULTY) {
        json_put_member_c(j, "period", period_kind_word(s->def.period));
        json_put_member(j, "schedule", s->def.schedule);
        json_put_member(j, "zone", s->def.zone);
        json_put_member_bool(j, "latest_only", s->def.latest_only);
        json_put_member_int(j, "due", (int64_t)s->n_due);
        json_put_member(j, "next_period", s->next_key);
        json_put_member_time(j, "next", s->next_at, a);
    }
    if (s->last.state.len) {
        json_put_key(j, "last");
        json_put_open(j, '{');
        json_put_member(j, "period", s->last.period_key);
        json_put_member(j, "state", s->last.state);
        json_put_member(j, "host", s->last.host);
        json_put_member(j, "report", s->last.report_id);
        json_put_member_time(j, "changed", s->last.changed, a);
        json_put_close(j, '}');
    }
    json_put_close(j, '}');
}

static void
put_text(struct buf *out, const struct due_state *s, struct arena *a)
{
    struct str host = utf8_one_line(a, s->last.host), reason = utf8_one_line(a, s->reason);
    buf_fmt(out, "%-28.*s %-8s", STR_ARG(utf8_one_line(a, s->definition)), due_word(s->word));
    if (s->word != DUE_FAULTY && s->next_at != CLOCK_NONE)
        buf_fmt(out, " next %.*s at %.*s", STR_ARG(s->next_key), STR_ARG(clock_iso(a, s->next_at)));
    else if (s->word != DUE_FAULTY)
        buf_fmt(out, " never again");
    if (s->n_due > 1)
        buf_fmt(out, ", %zu are due", s->n_due);
    if (s->last.state.len)
        buf_fmt(out, "; last %.*s %.*s at %.*s on %.*s", STR_ARG(s->last.period_key),
                STR_ARG(s->last.state), STR_ARG(clock_iso(a, s->last.changed)), STR_ARG(host));
    if (reason.len)
        buf_fmt(out, "%s%.*s", s->word == DUE_FAULTY ? " " : ": ", STR_ARG(reason));
    buf_add(out, "\n", 1);
}

static int
run_schedule(struct cli *c)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    struct due_state *v;
    size_t n;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (cli_as_of(c, at) != 0 || due_states(c->act, c->arena, &v, &n, &c->diag) != 0)
        return cli_fail(c);
    if (c->json)
        json_put_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        if (c->json)
            put_json(&j, &v[i], c->arena);
        else
            put_text(&out, &v[i], c->arena);
    }
    if (c->json)
        json_put_close(&j, ']');
    struct str all = buf_view(&out);
    if (!c->json && all.len)
        all.len--; /* cli_print ends the last line */
    return !all.len || cli_print(c, all) == 0 ? 0 : cli_fail(c);
}

const struct command cmd_schedule = {
    .name = "schedule",
    .args = "",
    .summary = "list the reports that run makes: when the next is due, what became of the last",
    .example = "assay schedule --json",
    .opts = opts,
    .run = run_schedule,
};
