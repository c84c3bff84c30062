/* assay check: one line for a monitoring system, or a gate for a pipeline. Its exit status is that of monitoring plugins,
 * and of no other command. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json_put.h"
#include "cli/commands.h"
#include "cli/watched.h"
#include "job/probes.h"

static struct opt_list groups, only;
static const char *agent, *policy, *min_score, *overdue;
static bool new_failures_only;
static const char *warnings[PROBE__COUNT], *criticals[PROBE__COUNT];

static const struct opt opts[] = {
    {OPT_LIST, "group", 'g', &groups, "GROUP", "only agents of this group (repeatable)"},
    {OPT_VALUE, "agent", 'a', &agent, "NAME", "only this agent"},
    {OPT_VALUE, "policy", 'p', &policy, "ID", "only scans of the policy of that id"},
    {OPT_VALUE, "min-score", 0, &min_score, "PERCENT",
     "a gate: only the score, critical below this"},
    {OPT_SWITCH, "new-failures-only", 0, &new_failures_only, NULL,
     "a gate: critical when a check fails that did not fail in the scan before"},
    {OPT_LIST, "only", 0, &only, "VALUE", "look at this value alone (repeatable)"},
    {OPT_VALUE, "overdue-days", 0, &overdue, "DAYS", "instead of the setting overdue-days"},
#define PROBE(id, name, scope, unit, warning, critical, read, help)                                \
    {OPT_VALUE, "warn-" name, 0, &warnings[PROBE_AT_##id], "RANGE", "warning: " help},             \
        {OPT_VALUE, "crit-" name, 0, &criticals[PROBE_AT_##id], "RANGE", "critical: " help},
#include "job/probes_list.h"
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

struct checked { /* a probe that was looked at */
    const struct probe *probe;
    struct range warning, critical;
    struct probe_value value;
    enum probe_state state;
    struct str error; /* why there is no value */
};

struct checking {
    struct checked v[PROBE__COUNT];
    size_t n;
    enum probe_state state; /* the worst: critical, unknown, warning, ok */
};

static int
answer_unknown(struct cli *c)
{
    struct str text = probe_text(c->arena, diag_text(&c->diag));
    printf("UNKNOWN - %.*s\n", STR_ARG(text));
    return PROBE_UNKNOWN;
}

static bool
is_gate(void)
{
    return min_score || new_failures_only;
}

static bool
is_named(const char *name)
{
    for (size_t i = 0; i < only.n; i++)
        if (str_eqc(str_c(only.v[i]), name))
            return true;
    return false;
}

/* A gate looks at what it names, a group or an agent is not the installation. */
static bool
is_wanted(const struct probe *p, size_t i)
{
    bool is_asked = warnings[i] || criticals[i];
    if (only.n)
        return is_named(p->name);
    if (is_gate())
        return is_asked || (min_score && i == PROBE_AT_SCORE) ||
               (new_failures_only && i == PROBE_AT_NEW_FAILURES);
    return is_asked || p->scope == PROBE_FLEET ||
           (p->scope == PROBE_SITE && !groups.n && !agent && !policy);
}

static int
read_ranges(struct cli *c, size_t i, struct checked *ret)
{
    const struct probe *p = probe_at(i);
    const char *critical = criticals[i] ? criticals[i] : p->critical;
    if (min_score && i == PROBE_AT_SCORE)
        critical = arena_fmt(c->arena, "%s:", min_score).s;
    ret->probe = p;
    if (range_parse(str_c(warnings[i] ? warnings[i] : p->warning), &ret->warning, &c->diag) != 0)
        return diag_context(&c->diag, "--warn-%s", p->name);
    if (range_parse(str_c(critical), &ret->critical, &c->diag) != 0)
        return diag_context(&c->diag, "--crit-%s", p->name);
    return 0;
}

static int
settle(struct cli *c, struct watch_query *q, struct checking *ret)
{
    double score;
    *q = watched_query(c, &groups, agent, policy);
    if (overdue && (!str_to_i64(str_c(overdue), &q->overdue_days) || q->overdue_days < 1 ||
                    q->overdue_days > 36500))
        return diag_fail(&c->diag, DIAG_USAGE, "--overdue-days wants a number from 1 to 36500");
    if (min_score && (!str_to_double(str_c(min_score), &score) || !(score >= 0 && score <= 100)))
        return diag_fail(&c->diag, DIAG_USAGE, "--min-score wants a number from 0 to 100");
    for (size_t i = 0; i < PROBE__COUNT; i++)
        if (is_wanted(probe_at(i), i) && read_ranges(c, i, &ret->v[ret->n++]) != 0)
            return -1;
    for (size_t i = 0, k; i < only.n; i++) {
        for (k = 0; k < PROBE__COUNT && !str_eqc(str_c(only.v[i]), probe_at(k)->name);)
            k++;
        if (k == PROBE__COUNT)
            return diag_fail(&c->diag, DIAG_USAGE, "--only: no value \"%s\"", only.v[i]);
    }
    return 0;
}

/* ---- the line ---- */

static void
put_number(struct buf *out, double value, int decimals)
{
    if (isfinite(value))
        buf_fmt(out, "%.*f", decimals, value);
    else
        buf_puts(out, "never");
}

static void
put_value(struct buf *out, const struct checked *v)
{
    buf_fmt(out, "%s ", v->probe->name);
    if (v->error.len) {
        buf_fmt(out, "unknown (%.*s)", STR_ARG(v->error));
        return;
    }
    if (v->value.is_none) {
        buf_puts(out, "none");
        return;
    }
    put_number(out, v->value.value, v->value.decimals);
    buf_puts(out, isfinite(v->value.value) ? v->probe->unit : "");
    if (v->value.most > 0 && v->probe->unit[0] != '%')
        buf_fmt(out, "/%.0f", v->value.most);
    const struct range *r = v->state == PROBE_CRITICAL ? &v->critical : &v->warning;
    if (v->state != PROBE_OK)
        buf_fmt(out, " (want %.*s)", STR_ARG(r->text));
}

static void
put_performance(struct buf *out, const struct checked *v)
{
    if (v->error.len || v->value.is_none || !isfinite(v->value.value))
        return;
    buf_fmt(out, " '%s'=%.*f%s;%.*s;%.*s;0", v->probe->name, v->value.decimals, v->value.value,
            v->probe->unit, STR_ARG(v->warning.text), STR_ARG(v->critical.text));
    if (v->value.most > 0)
        buf_fmt(out, ";%.0f", v->value.most);
}

/* What is wrong, else what is measured first: the score and how many agents it is of. */
static bool
is_in_summary(const struct checking *k, const struct checked *v)
{
    if (k->state != PROBE_OK)
        return v->state != PROBE_OK;
    return k->n <= 2 || v->probe == probe_at(PROBE_AT_SCORE) ||
           v->probe == probe_at(PROBE_AT_AGENTS);
}

static void
put_line(const struct checking *k, struct buf *out)
{
    const char *between = " - ";
    buf_puts(out, probe_state_word(k->state));
    for (size_t i = 0; i < k->n; i++) {
        if (!is_in_summary(k, &k->v[i]))
            continue;
        buf_puts(out, between);
        put_value(out, &k->v[i]);
        between = k->state == PROBE_OK ? " " : ", ";
    }
    between = " |";
    for (size_t i = 0; i < k->n; i++) {
        size_t was = out->len;
        buf_puts(out, between);
        put_performance(out, &k->v[i]);
        if (out->len == was + strlen(between))
            buf_cut(out, was);
        else
            between = "";
    }
    for (size_t i = 0; i < k->n; i++)
        if (k->v[i].state != PROBE_OK && k->v[i].value.detail.len)
            buf_fmt(out, "\n%s:%.*s", k->v[i].probe->name, STR_ARG(k->v[i].value.detail));
}

static void
put_json(const struct checking *k, struct buf *out)
{
    struct json_put j = json_put_init(out);
    json_put_open(&j, '{');
    json_put_member_c(&j, "state", probe_state_word(k->state));
    json_put_key(&j, "values");
    json_put_open(&j, '[');
    for (size_t i = 0; i < k->n; i++) {
        const struct checked *v = &k->v[i];
        json_put_open(&j, '{');
        json_put_member_c(&j, "name", v->probe->name);
        json_put_key(&j, "value");
        json_put_num(&j,
                     v->error.len || v->value.is_none || !isfinite(v->value.value) ? NAN
                                                                                   : v->value.value,
                     v->value.decimals);
        json_put_member_c(&j, "unit", v->probe->unit);
        json_put_member(&j, "warning", v->warning.text);
        json_put_member(&j, "critical", v->critical.text);
        json_put_member_c(&j, "state", probe_module_word(v->state));
        if (v->error.len)
            json_put_member(&j, "error", v->error);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    json_put_close(&j, '}');
}

/* ---- looking ---- */

static enum probe_state
worse(enum probe_state a, enum probe_state b)
{
    static const int rank[] = {
        [PROBE_OK] = 0, [PROBE_WARNING] = 1, [PROBE_UNKNOWN] = 2, [PROBE_CRITICAL] = 3};
    return rank[a] > rank[b] ? a : b;
}

/* What a gate asks for and cannot be measured is no gate that was met. -1: what was asked for is not there. */
static int
look(struct cli *c, struct probe_site *site, struct checked *v)
{
    struct diag d = diag_init(c->arena);
    size_t at = 0;
    while (probe_at(at) != v->probe)
        at++;
    v->error = STR("");
    if (probe_read(site, at, &v->value, &d) != 0) {
        if (d.first.code == DIAG_USAGE)
            return diag_pass_on(&c->diag, &d);
        v->error = probe_text(c->arena, diag_text(&d));
    }
    if (!v->error.len && v->value.is_none && (is_gate() || criticals[at]))
        v->error = STR("there is nothing to measure");
    v->state = v->error.len ? PROBE_UNKNOWN : probe_judge(&v->value, &v->warning, &v->critical);
    return 0;
}

/* A monitoring system asks again by itself: nothing is waited for. */
static int
answer_no_database(struct cli *c)
{
    bool is_away = c->diag.first.code == DIAG_UNAVAILABLE || c->diag.first.code == DIAG_LOST;
    struct str text = probe_text(c->arena, diag_text(&c->diag));
    if (!is_away || is_gate())
        return answer_unknown(c);
    printf("CRITICAL - database: %.*s\n", STR_ARG(text));
    return PROBE_CRITICAL;
}

static int
run_check(struct cli *c)
{
    struct checking k = {.state = PROBE_OK};
    struct watch_query q;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    if (cli_settle(c) != 0 || settle(c, &q, &k) != 0)
        return answer_unknown(c);
    struct config now = c->config;
    now.database_wait_s = 0;
    if (act_open(&now, true, &c->act, &c->diag) != 0)
        return answer_no_database(c);
    struct probe_site site = {.act = c->act, .arena = c->arena, .query = q};
    for (size_t i = 0; i < k.n; i++) {
        if (look(c, &site, &k.v[i]) != 0)
            return answer_unknown(c);
        k.state = worse(k.state, k.v[i].state);
    }
    (c->json ? put_json : put_line)(&k, &out);
    return cli_print(c, buf_view(&out)) == 0 ? (int)k.state : answer_unknown(c);
}

const struct command cmd_check = {
    .name = "check",
    .args = "",
    .summary = "judge the fleet by thresholds, as a monitoring plugin or as a gate",
    .example = "assay check --warn-score 80: --crit-score 70: --group Servers",
    .opts = opts,
    .is_plugin = true,
    .run = run_check,
};
