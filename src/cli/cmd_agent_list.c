/* assay agent list and show: who may report, and how agents are now. */
#include <stdlib.h>
#include <string.h>

#include "base/env.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "cli/watched.h"
#include "intake/agent.h"

static const char *
sort_word(size_t i)
{
    static const char *const words[] = {"name",    "group",   "score", "failed",
                                        "scanned", "contact", NULL};
    return words[i];
}

static struct opt_list groups;
static const char *policy, *min_score, *max_score, *silent, *limit;
static struct opt_words sort = {.word_at = sort_word};
static bool all, reverse;

static const struct opt list_opts[] = {
    {OPT_LIST, "group", 'g', &groups, "GROUP", "agents of this group (repeatable)"},
    {OPT_VALUE, "policy", 'p', &policy, "ID", "only scans of the policy of that id"},
    {OPT_VALUE, "min-score", 0, &min_score, "PERCENT", "agents with this score or a better one"},
    {OPT_VALUE, "max-score", 0, &max_score, "PERCENT", "agents with this score or a worse one"},
    {OPT_VALUE, "silent", 0, &silent, "DAYS", "agents that were not heard of for so many days"},
    {OPT_SWITCH, "all", 0, &all, NULL, "also agents without a scan"},
    {OPT_WORDS, "sort", 0, &sort, "KEY", "(by name unless given)"},
    {OPT_SWITCH, "reverse", 0, &reverse, NULL, "in the opposite order"},
    {OPT_VALUE, "limit", 0, &limit, "N", "only the first N of them"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

/* ---- who may report ---- */

static void
put_entry_json(struct buf *out, const struct agent_entry *r, struct arena *a)
{
    struct json_put j = json_put_init(out);
    json_put_open(&j, '{');
    json_put_member(&j, "name", r->name);
    json_put_member_bool(&j, "frozen", r->frozen);
    json_put_key(&j, "aliases");
    json_put_open(&j, '[');
    for (size_t i = 0; i < r->n_aliases; i++)
        json_put_str(&j, r->aliases[i]);
    json_put_close(&j, ']');
    json_put_member_c(&j, "source", r->of_settings ? "settings" : "database");
    json_put_member_time(&j, "last_contact", r->last_contact, a);
    json_put_close(&j, '}');
}

static void
put_entry(struct buf *out, const struct agent_entry *r, struct arena *a)
{
    struct str shown = utf8_name(a, r->name);
    buf_fmt(out, "%.*s", STR_ARG(shown));
    for (size_t i = 0; i < r->n_aliases; i++) {
        shown = utf8_name(a, r->aliases[i]);
        buf_fmt(out, "%s%.*s", i ? ", " : "  alias ", STR_ARG(shown));
    }
    buf_puts(out, r->frozen ? "  frozen" : "");
    buf_puts(out, r->of_settings ? "  (settings)" : "");
    if (r->last_contact != CLOCK_NONE)
        buf_fmt(out, "  last heard of %.*s", STR_ARG(clock_iso(a, r->last_contact)));
}

static int
list_entries(struct cli *c)
{
    struct agent_entry *list;
    size_t n;
    if (agent_list(c->act, c->arena, &list, &n, &c->diag) != 0)
        return cli_fail(c);
    for (size_t i = 0; i < n; i++) {
        AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
        (c->json ? put_entry_json : put_entry)(&out, &list[i], c->arena);
        if (cli_print(c, buf_view(&out)) != 0)
            return cli_fail(c);
    }
    if (n == 0)
        cli_note(c, "nobody is on the list; assay agent list --all shows who reports");
    return 0;
}

/* ---- how they are ---- */

struct filter {
    struct rounded min, max; /* none = any */
    int64_t heard_before;    /* CLOCK_NONE = at any time */
    int64_t limit;
};

static bool
read_percent(const char *text, struct rounded *ret)
{
    double value;
    *ret = (struct rounded){.none = true};
    if (!text)
        return true;
    if (!str_to_double(str_c(text), &value) || !(value >= 0 && value <= 100))
        return false;
    *ret = (struct rounded){.decimals = 2, .units = (int64_t)(value * 100 + 0.5)};
    return true;
}

static int
read_filter(struct cli *c, int64_t now, struct filter *ret)
{
    int64_t days = 0;
    *ret = (struct filter){.limit = INT64_MAX, .heard_before = CLOCK_NONE};
    if (!read_percent(min_score, &ret->min) || !read_percent(max_score, &ret->max))
        return diag_fail(&c->diag, DIAG_USAGE,
                         "--min-score and --max-score want a number from 0 to 100");
    if (silent && (!str_to_i64(str_c(silent), &days) || days < 1 || days > 36500))
        return diag_fail(&c->diag, DIAG_USAGE, "--silent wants a number of days from 1 to 36500");
    if (limit && (!str_to_i64(str_c(limit), &ret->limit) || ret->limit < 1))
        return diag_fail(&c->diag, DIAG_USAGE, "--limit wants a number from 1 on");
    for (size_t i = 0; sort.value && !str_eqc(str_c(sort_word(i)), sort.value); i++)
        if (!sort_word(i))
            return diag_fail(&c->diag, DIAG_USAGE, "--sort: no key \"%s\"", sort.value);
    if (silent)
        ret->heard_before = now - days * 86400;
    return 0;
}

/* Whoever asks who is silent means those without a scan, too. */
static bool
is_listed(const struct store_overview_agent *ag, const struct filter *f)
{
    struct rounded score = watch_score(&ag->counts);
    if (ag->scanned == CLOCK_NONE && !all && !silent)
        return false;
    if ((!f->min.none || !f->max.none) && score.none)
        return false;
    return (f->min.none || score.units >= f->min.units) &&
           (f->max.none || score.units <= f->max.units) &&
           (!silent || ag->contact < f->heard_before);
}

/* What is listed, for sorting and printing its rows. */
static const struct watch *watched;
static bool is_by_group;

static struct str
group_of(const struct store_overview_agent *ag)
{
    return watched->overview.groups[ag->group];
}

/* A row on its way to its place. */
struct place {
    int64_t key; /* of what is counted; 0 = by the texts alone */
    const struct store_overview_agent *agent;
};

static int64_t
key_of(const struct store_overview_agent *ag)
{
    struct str key = str_c(sort.value);
    return str_eqc(key, "failed")    ? ag->counts.failed
           : str_eqc(key, "scanned") ? ag->scanned
           : str_eqc(key, "contact") ? ag->contact
           : str_eqc(key, "score")   ? watch_score(&ag->counts).units
                                     : 0;
}

static int
by_key(const void *x, const void *y)
{
    const struct place *a = x, *b = y;
    int c = a->key < b->key ? -1 : a->key > b->key;
    if (!c && is_by_group)
        c = str_cmp(group_of(a->agent), group_of(b->agent));
    c = c ? c : str_cmp(a->agent->name, b->agent->name);
    return reverse ? -c : c;
}

/* The first `most` of n rows in their order, in front; which the others are, nobody asks: what is behind those that were
 * first so far is left out before it is sorted. */
static size_t
keep_first(struct place *v, size_t n, size_t most)
{
    size_t kept = 0;
    bool is_sorted = false;
    for (size_t i = 0; i < n; i++) {
        if (is_sorted && by_key(&v[i], &v[most - 1]) > 0)
            continue;
        v[kept++] = v[i];
        if (kept < 2 * most)
            continue;
        qsort(v, kept, sizeof *v, by_key);
        kept = most;
        is_sorted = true;
    }
    qsort(v, kept, sizeof *v, by_key);
    return kept < most ? kept : most;
}

static const struct table_column columns[] = {
    {"AGENT", false},   {"GROUP", false},        {"OS", false},         {"ADDRESS", false},
    {"SCORE", true},    {"FAILED", true},        {"NOT APPLIED", true}, {"PASSED", true},
    {"SCANNED", false}, {"LAST CONTACT", false}, {"LAST CHANGE", false}};

static struct str
minute_or_none(struct arena *a, int64_t t)
{
    return t == CLOCK_NONE ? STR("-") : clock_minute(a, t);
}

static void
add_row(struct table *t, const struct store_overview_agent *ag, int64_t changed)
{
    table_add(t, ag->name);
    table_add(t, group_of(ag).len ? group_of(ag) : STR("-"));
    table_add(t, ag->os.len ? ag->os : STR("-"));
    table_add(t, ag->address.len ? ag->address : STR("-"));
    table_add(t, watched_score(watch_score(&ag->counts), t->arena));
    table_add_int(t, ag->counts.failed);
    table_add_int(t, ag->counts.skipped);
    table_add_int(t, ag->counts.passed);
    table_add(t, minute_or_none(t->arena, ag->scanned));
    table_add(t, minute_or_none(t->arena, ag->contact));
    table_add(t, minute_or_none(t->arena, changed));
}

static void
put_agent_json(struct json_put *j, const struct store_overview_agent *ag, int64_t changed,
               struct arena *a)
{
    json_put_member(j, "name", ag->name);
    json_put_member(j, "alias", ag->alias.len ? ag->alias : ag->name);
    json_put_member(j, "group", group_of(ag));
    json_put_member(j, "os", ag->os);
    json_put_member(j, "address", ag->address);
    json_put_key(j, "score");
    watched_put_score(j, watch_score(&ag->counts), a);
    json_put_member_int(j, "failed", ag->counts.failed);
    json_put_member_int(j, "not_applied", ag->counts.skipped);
    json_put_member_int(j, "passed", ag->counts.passed);
    json_put_member_int(j, "waived", ag->counts.waived);
    json_put_member_time(j, "scanned", ag->scanned, a);
    json_put_member_time(j, "last_contact", ag->contact, a);
    json_put_member_time(j, "last_change", changed, a);
    json_put_member_bool(j, "expected", ag->is_expected);
    json_put_member_bool(j, "silent", ag->contact < watched->limit);
    json_put_member_bool(j, "overdue", ag->scanned < watched->limit);
}

static int
load_changes(struct cli *c, const struct place *v, size_t n, int64_t **ret)
{
    struct str *names = ARENA_ARRAY(c->arena, struct str, n + 1);
    *ret = ARENA_ARRAY(c->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = v[i].agent->name;
    return watch_find_changes(c->act, names, n, *ret, &c->diag);
}

static int
print_agents(struct cli *c, const struct place *v, size_t n)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct table t = table_new(c->arena, columns, sizeof columns / sizeof *columns);
    int64_t *changed;
    if (load_changes(c, v, n, &changed) != 0)
        return cli_fail(c);
    for (size_t i = 0; i < n; i++) {
        struct json_put j = json_put_init(&out);
        if (!c->json) {
            add_row(&t, v[i].agent, changed[i]);
            continue;
        }
        json_put_open(&j, '{');
        put_agent_json(&j, v[i].agent, changed[i], c->arena);
        json_put_close(&j, '}');
        if (i + 1 < n)
            buf_putc(&out, '\n');
    }
    if (!c->json)
        table_print(&t, &out);
    return (c->json && n == 0) || cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
}

static int
list_agents(struct cli *c)
{
    struct watch w;
    struct filter f;
    struct watch_query q = watched_query(c, &groups, NULL, policy);
    if (read_filter(c, env_now(), &f) != 0 || watch_load(c->act, &q, c->arena, &w, &c->diag) != 0)
        return cli_fail(c);
    watched = &w;
    is_by_group = sort.value && strcmp(sort.value, "group") == 0;
    struct place *v = ARENA_ARRAY(c->arena, struct place, w.overview.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < w.overview.n; i++)
        if (is_listed(&w.overview.agents[i], &f))
            v[n++] = (struct place){key_of(&w.overview.agents[i]), &w.overview.agents[i]};
    size_t shown = keep_first(v, n, (int64_t)n > f.limit ? (size_t)f.limit : n);
    int status = print_agents(c, v, shown);
    if (shown < n)
        cli_note(c, "%zu of %zu agents; --limit leaves out the others", shown, n);
    return status;
}

static int
run_list(struct cli *c)
{
    bool has_question = groups.n || policy || min_score || max_score || silent || all || reverse ||
                        limit || sort.value;
    int status = cli_open(c, true);
    if (status)
        return status;
    return has_question ? list_agents(c) : list_entries(c);
}

/* ---- one of them ---- */

static void
put_line_json(struct json_put *j, const struct store_overview_line *l, struct arena *a)
{
    json_put_open(j, '{');
    json_put_member(j, "policy", l->policy);
    json_put_member_time(j, "scanned", l->end, a);
    json_put_key(j, "score");
    watched_put_score(j, watch_score(&l->counts), a);
    json_put_member_int(j, "failed", l->counts.failed);
    json_put_member_int(j, "not_applied", l->counts.skipped);
    json_put_member_int(j, "passed", l->counts.passed);
    json_put_member_int(j, "waived", l->counts.waived);
    json_put_member_bool(j, "partial", l->is_partial);
    json_put_close(j, '}');
}

static void
put_shown_json(struct cli *c, const struct watch *w, int64_t changed, struct buf *out)
{
    struct json_put j = json_put_init(out);
    json_put_open(&j, '{');
    put_agent_json(&j, &w->overview.agents[0], changed, c->arena);
    json_put_key(&j, "policies");
    json_put_open(&j, '[');
    for (size_t i = 0; i < w->overview.lines.n; i++)
        put_line_json(&j, &w->overview.lines.v[i], c->arena);
    json_put_close(&j, ']');
    json_put_close(&j, '}');
}

static void
put_shown(struct cli *c, const struct watch *w, int64_t changed, struct buf *out)
{
    static const struct table_column of_lines[] = {{"POLICY", false}, {"SCORE", true},
                                                   {"FAILED", true},  {"NOT APPLIED", true},
                                                   {"PASSED", true},  {"SCANNED", false}};
    const struct store_overview_agent *ag = &w->overview.agents[0];
    const struct {
        const char *what;
        struct str text;
    } facts[] = {{"agent", ag->name},
                 {"alias", ag->alias.len ? ag->alias : ag->name},
                 {"group", group_of(ag)},
                 {"os", ag->os},
                 {"address", ag->address},
                 {"score", watched_score(watch_score(&ag->counts), c->arena)},
                 {"last contact", minute_or_none(c->arena, ag->contact)},
                 {"last change", minute_or_none(c->arena, changed)}};
    struct table t = table_new(c->arena, of_lines, sizeof of_lines / sizeof *of_lines);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        buf_fmt(out, "%-13s %.*s\n", facts[i].what, STR_ARG(utf8_name(c->arena, facts[i].text)));
    buf_fmt(out, "%-13s %s%s%s\n\n", "state", ag->is_expected ? "expected" : "not expected",
            ag->contact < watched->limit ? ", silent" : "",
            ag->scanned < watched->limit ? ", scan overdue" : "");
    for (size_t i = 0; i < w->overview.lines.n; i++) {
        const struct store_overview_line *l = &w->overview.lines.v[i];
        table_add(&t, l->policy);
        table_add(&t, watched_score(watch_score(&l->counts), c->arena));
        table_add_int(&t, l->counts.failed);
        table_add_int(&t, l->counts.skipped);
        table_add_int(&t, l->counts.passed);
        table_add(&t, clock_minute(c->arena, l->end));
    }
    table_print(&t, out);
}

static int
run_show(struct cli *c)
{
    struct watch w;
    struct opt_list none = {.n = 0};
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    int64_t changed;
    if (c->n_args != 1) {
        diag_fail(&c->diag, DIAG_USAGE, "name one agent");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    struct watch_query q = watched_query(c, &none, c->args[0], NULL);
    struct str name = str_c(c->args[0]);
    if (watch_load(c->act, &q, c->arena, &w, &c->diag) != 0 ||
        watch_find_changes(c->act, &name, 1, &changed, &c->diag) != 0)
        return cli_fail(c);
    if (w.overview.n == 0) {
        diag_fail(&c->diag, DIAG_USAGE,
                  "%.*s is not expected, and has no scan of the last %lld days", STR_ARG(name),
                  (long long)c->config.expect_days);
        return cli_fail(c);
    }
    watched = &w;
    (c->json ? put_shown_json : put_shown)(c, &w, changed, &out);
    return cli_print(c, buf_view(&out)) == 0 ? 0 : cli_fail(c);
}

const struct command cmd_agent_list = {
    .name = "agent list",
    .args = "",
    .summary = "print the list of agents, or with an option how they are now",
    .example = "assay agent list --group Servers --sort score --limit 20",
    .opts = list_opts,
    .run = run_list,
};

const struct command cmd_agent_show = {
    .name = "agent show",
    .args = "NAME",
    .summary = "print how one agent is now",
    .example = "assay agent show web01",
    .run = run_show,
};
