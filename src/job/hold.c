/* Holds as rows of the settings: "WORD VALUE" a line. Called by cli, job/prune.c and job/report.c. */
#include "job/hold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "job/known.h"
#include "sign/manifest.h"
#include "store/ids.h"

enum { MAX_MANIFEST = 16 << 20, ID_DIGITS = 8 };

#define FOR_EVER INT64_MAX

/* ---- rows ---- */

struct line { /* of the row of a hold */
    const char *word;
    struct str *text; /* or */
    int64_t *time;
};

enum { LINES = 13 };

static void
list_lines(struct hold *h, struct line ret[LINES])
{
    const struct line all[LINES] = {{"agent", &h->agent, NULL},
                                    {"group", &h->group, NULL},
                                    {"policy", &h->policy, NULL},
                                    {"period", &h->period, NULL},
                                    {"report", &h->report, NULL},
                                    {"from", NULL, &h->from},
                                    {"to", NULL, &h->to},
                                    {"bound", NULL, &h->bound},
                                    {"made", NULL, &h->made},
                                    {"by", &h->by, NULL},
                                    {"reason", &h->reason, NULL},
                                    {"released", NULL, &h->released},
                                    {"released-by", &h->released_by, NULL}};
    memcpy(ret, all, sizeof all);
}

static struct str
write_hold(const struct hold *h, struct arena *a)
{
    struct hold copy = *h;
    struct line lines[LINES];
    AUTO_BUF b = buf_init(1 << 20);
    list_lines(&copy, lines);
    for (size_t i = 0; i < LINES; i++) {
        if (lines[i].text && lines[i].text->len)
            buf_fmt(&b, "%s %.*s\n", lines[i].word, STR_ARG(*lines[i].text));
        else if (lines[i].time && *lines[i].time != CLOCK_NONE && *lines[i].time != FOR_EVER)
            buf_fmt(&b, "%s %s\n", lines[i].word, clock_iso(a, *lines[i].time).s);
    }
    if (h->released_reason.len)
        buf_fmt(&b, "released-reason %.*s\n", STR_ARG(h->released_reason));
    assert(!buf_bad(&b));
    return arena_str(a, buf_view(&b));
}

static void
read_line(struct hold *h, struct str word, struct str value)
{
    struct line lines[LINES];
    struct clock_time t;
    list_lines(h, lines);
    for (size_t i = 0; i < LINES; i++) {
        if (!str_eqc(word, lines[i].word))
            continue;
        if (lines[i].text)
            *lines[i].text = value;
        else if (clock_parse(value, 0, &t))
            *lines[i].time = t.t;
    }
    if (str_eqc(word, "released-reason"))
        h->released_reason = value;
}

static struct hold
read_hold(struct str name, struct str value)
{
    static const size_t prefix = sizeof "hold:" - 1;
    struct hold h = {.from = CLOCK_NONE,
                     .to = FOR_EVER,
                     .bound = CLOCK_NONE,
                     .made = CLOCK_NONE,
                     .released = CLOCK_NONE};
    h.id = str_n(name.s + prefix, name.len - prefix);
    while (value.len) {
        struct str line = str_cut(&value, '\n'), word = str_cut(&line, ' ');
        read_line(&h, word, line);
    }
    return h;
}

static int
by_time(const void *a, const void *b)
{
    const struct hold *p = a, *q = b;
    return p->made != q->made ? (p->made < q->made ? -1 : 1) : strcmp(p->id.s, q->id.s);
}

int
hold_load(struct act *act, struct arena *a, hold_list *ret, struct diag *d)
{
    struct prune_setting *rows;
    size_t n;
    if (prune_load_settings(act->store, STR("hold:"), a, &rows, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(a, ret) = read_hold(rows[i].name, rows[i].value);
    if (ret->n)
        qsort(ret->v, ret->n, sizeof *ret->v, by_time);
    return 0;
}

struct str
hold_text(const struct hold *h, struct arena *a)
{
    const struct {
        const char *word;
        struct str value;
    } all[] = {{"agent", h->agent},
               {"group", h->group},
               {"policy", h->policy},
               {"period", h->period},
               {"report", h->report}};
    AUTO_BUF b = buf_init(1 << 16);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value.len)
            buf_fmt(&b, "%s%s %.*s", b.len ? ", " : "", all[i].word, STR_ARG(all[i].value));
    return arena_str(a, buf_view(&b));
}

/* ---- adding, releasing ---- */

struct change {
    struct hold *h;
    const char *event;
};

static int
put_hold(struct act *act, void *ctx, struct diag *d)
{
    const struct change *c = ctx;
    struct arena *a = d->arena;
    const struct hold *h = c->h;
    bool is_over = h->released != CLOCK_NONE;
    struct event_change changes[] = {{STR("what"), STR(""), hold_text(h, a), false},
                                     {STR("by"), STR(""), is_over ? h->released_by : h->by, false}};
    struct event e = {.name = c->event,
                      .severity = 6,
                      .object_type = STR("hold"),
                      .object_id = h->id,
                      .object_name = hold_text(h, a),
                      .reason = is_over ? h->released_reason : h->reason,
                      .changes = changes,
                      .n_changes = 2};
    struct str key = arena_fmt(a, "hold:%.*s", STR_ARG(h->id));
    return store_put_setting(act->store, key, write_hold(h, a), d) == 0 ? act_append(act, &e, 1, d)
                                                                        : -1;
}

/* The period that the newest version of a report is of. */
static int
find_report(struct act *act, struct str id, struct period *ret, struct diag *d)
{
    struct manifest m;
    struct str bytes;
    struct str path = arena_fmt(d->arena, "%.*s/%.*s/latest/manifest.json",
                                STR_ARG(act->config.reports_dir), STR_ARG(id));
    if (!manifest_is_plain_name(id) || !file_exists(path.s))
        return diag_fail(d, DIAG_USAGE, "there is no sealed report \"%.*s\" in %.*s", STR_ARG(id),
                         STR_ARG(act->config.reports_dir));
    if (file_slurp(path.s, MAX_MANIFEST, d->arena, &bytes, d) != 0 ||
        manifest_parse(bytes, d->arena, &m, d) != 0)
        return -1;
    return m.reports.n && period_parse(m.reports.v[0].period, env_now(), ret)
               ? 0
               : diag_fail(d, DIAG_BAD_DATA, "%.*s: its manifest names no period", STR_ARG(id));
}

/* A report compares its period with the one before: both are held. */
static int
settle_window(struct act *act, struct hold *h, struct diag *d)
{
    struct period p;
    h->from = CLOCK_NONE;
    h->to = FOR_EVER;
    if (!h->period.len && !h->report.len)
        return 0;
    if (h->period.len && !period_parse(h->period, env_now(), &p))
        return diag_fail(d, DIAG_USAGE, "\"%.*s\" is no period such as 2026-11",
                         STR_ARG(h->period));
    if (!h->period.len && find_report(act, h->report, &p, d) != 0)
        return -1;
    if (h->period.len)
        h->period = period_key(d->arena, p);
    h->from = period_previous(p).from;
    h->to = p.to;
    return 0;
}

static int
check_hold(struct act *act, const struct hold *h, struct diag *d)
{
    const struct report_scope scope = {.groups = &h->group,
                                       .n_groups = h->group.len > 0,
                                       .agent = h->agent.len ? h->agent.s : NULL,
                                       .policy = h->policy.len ? h->policy.s : NULL};
    if (!hold_text(h, d->arena).len)
        return diag_fail(d, DIAG_USAGE,
                         "name what is held: --agent, --group, --policy, --period or --report");
    if (h->report.len && (h->agent.len || h->group.len || h->policy.len || h->period.len))
        return diag_fail(d, DIAG_USAGE,
                         "--report stands alone: it holds the report and its period");
    if (!h->reason.len || !h->by.len)
        return diag_fail(d, DIAG_USAGE, "say why and who: --reason and --by");
    return known_check_scope(act, &scope, DIAG_USAGE, d);
}

int
hold_add(struct act *act, struct hold *h, struct diag *d)
{
    struct change c = {h, "hold.add"};
    h->by = utf8_one_line(d->arena, h->by);
    h->reason = utf8_one_line(d->arena, h->reason);
    h->released = CLOCK_NONE;
    h->made = env_wall_us() / 1000000;
    h->id = arena_fmt(d->arena, "%0*llx", ID_DIGITS,
                      (unsigned long long)(env_random_id() & 0xffffffffu));
    if (check_hold(act, h, d) != 0 || settle_window(act, h, d) != 0 ||
        prune_load_bound(act->store, "scans", &h->bound, d) != 0)
        return -1;
    return act->dry_run ? 0 : act_transact(act, put_hold, &c, d);
}

int
hold_release(struct act *act, struct str id, struct str by, struct str reason, struct diag *d)
{
    hold_list all = {0};
    if (!reason.len || !by.len)
        return diag_fail(d, DIAG_USAGE, "say why and who: --reason and --by");
    if (hold_load(act, d->arena, &all, d) != 0)
        return -1;
    for (size_t i = 0; i < all.n; i++) {
        struct hold *h = &all.v[i];
        struct change c = {h, "hold.release"};
        if (!str_eq(h->id, id) || h->released != CLOCK_NONE)
            continue;
        h->released = env_wall_us() / 1000000;
        h->released_by = utf8_one_line(d->arena, by);
        h->released_reason = utf8_one_line(d->arena, reason);
        return act->dry_run ? 0 : act_transact(act, put_hold, &c, d);
    }
    return diag_fail(d, DIAG_USAGE, "no hold \"%.*s\" is in force (assay hold list)", STR_ARG(id));
}

/* ---- what they keep ---- */

static int
resolve_policies(struct act *act, struct str id, struct arena *a, struct prune_hold *to,
                 struct diag *d)
{
    VEC(uint64_t) ids = {0};
    struct store_policy *v;
    size_t n;
    if (store_load_policies(act->store, a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].id, id))
            *VEC_PUSH(a, &ids) = v[i].policy_id;
    if (ids.n)
        prune_sort_ids(ids.v, ids.n);
    to->policies = ids.v;
    to->n_policies = ids.n;
    to->is_of_policies = true;
    return 0;
}

/* Of an agent and a group both: only when it is, or was, of that group. */
static int
resolve_agents(struct act *act, const struct hold *h, struct arena *a, struct prune_hold *to,
               struct diag *d)
{
    uint64_t *ids = NULL, agent = ids_agent(h->agent);
    size_t n = 0, is_in = !h->group.len;
    if (h->group.len && prune_group_agents(act->store, h->group, a, &ids, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        is_in = is_in || ids[i] == agent;
    if (h->agent.len) {
        ids = ARENA_NEW(a, uint64_t);
        *ids = agent;
        n = is_in;
    }
    to->agents = ids;
    to->n_agents = n;
    to->is_of_agents = true;
    return 0;
}

int
hold_resolve(struct act *act, const hold_list *l, struct arena *a, struct prune_hold **ret,
             size_t *ret_n, struct diag *d)
{
    VEC(struct prune_hold) list = {0};
    for (size_t i = 0; i < l->n; i++) {
        const struct hold *h = &l->v[i];
        if (h->released != CLOCK_NONE)
            continue;
        struct prune_hold *to = VEC_PUSH(a, &list);
        *to = (struct prune_hold){.from = h->from == CLOCK_NONE ? INT64_MIN : h->from, .to = h->to};
        if ((h->policy.len && resolve_policies(act, h->policy, a, to, d) != 0) ||
            ((h->agent.len || h->group.len) && resolve_agents(act, h, a, to, d) != 0))
            return -1;
    }
    *ret = list.v;
    *ret_n = list.n;
    return 0;
}

bool
hold_keeps_report(const hold_list *l, struct str report_id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].released == CLOCK_NONE && str_eq(l->v[i].report, report_id))
            return true;
    return false;
}

/* ---- what was pruned ---- */

static struct str
key_of(const char *class, struct arena *a)
{
    return arena_fmt(a, "pruned:%s", class);
}

/* A hold that was in force before anything of it went keeps all that such a report reads. */
static bool
is_kept(const hold_list *l, const struct report_scope *scope, int64_t from, int64_t to)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct hold *h = &l->v[i];
        bool fits = h->released == CLOCK_NONE && !h->group.len;
        fits = fits && (!h->agent.len || (scope->agent && str_eqc(h->agent, scope->agent)));
        fits = fits && (!h->policy.len || (scope->policy && str_eqc(h->policy, scope->policy)));
        if (fits && (h->from == CLOCK_NONE || from >= h->from) && to <= h->to &&
            (h->bound == CLOCK_NONE || from >= h->bound))
            return true;
    }
    return false;
}

int
hold_list_pruned(struct act *act, struct hold_pruned ret[HOLD_CLASSES], size_t *ret_n,
                 struct diag *d)
{
    static const char *const classes[HOLD_CLASSES] = {"scans", "evidence", "inputs"};
    *ret_n = 0;
    for (int i = 0; i < HOLD_CLASSES; i++) {
        struct hold_pruned p = {.class = classes[i]};
        if (prune_load_bound(act->store, p.class, &p.before, d) != 0)
            return -1;
        if (p.before == CLOCK_NONE)
            continue;
        if (prune_find_record(act->store, key_of(p.class, d->arena), &p.seq, d) != 0)
            return -1;
        ret[(*ret_n)++] = p;
    }
    return 0;
}

int
hold_check_report(struct act *act, const struct hold_reader *r, bool *ret_by_months, struct diag *d)
{
    struct hold_pruned v[HOLD_CLASSES];
    hold_list all = {0};
    size_t n;
    int64_t from = period_previous(r->period).from;
    *ret_by_months = false;
    if (hold_list_pruned(act, v, &n, d) != 0 || (n && hold_load(act, d->arena, &all, d) != 0)) {
        if (d->first.code == DIAG_VERIFY)
            d->first.code = DIAG_BAD_DATA; /* as of all rows that a report reads */
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        bool is_read = strcmp(v[i].class, "scans") == 0 ||
                       (strcmp(v[i].class, "inputs") == 0 && r->with_inputs);
        if (!is_read || from >= v[i].before || is_kept(&all, r->scope, from, r->period.to))
            continue;
        if (r->only_points && r->period.to > v[i].before) {
            *ret_by_months = r->period.from < v[i].before;
            continue;
        }
        return diag_fail(d, DIAG_REFUSED,
                         "%s before %s were pruned (record %lld of the audit log): a report of "
                         "this period, which is compared with the one before, would say less than "
                         "was there; its sealed versions stand",
                         v[i].class, clock_iso(d->arena, v[i].before).s, (long long)v[i].seq);
    }
    return 0;
}

int
hold_describe_sealed(struct act *act, const char *path, struct str *ret, struct diag *d)
{
    struct arena *a = d->arena;
    struct diag unread = diag_init(a);
    struct hold_pruned v[HOLD_CLASSES];
    struct manifest m;
    struct period p;
    struct str bytes, file = str_c(path);
    size_t n;
    *ret = STR("");
    if (!str_ends(file, ".json"))
        file = file_join(a, path, "manifest.json");
    if (file_slurp(file.s, MAX_MANIFEST, a, &bytes, &unread) != 0 ||
        manifest_parse(bytes, a, &m, &unread) != 0 || !m.reports.n ||
        !period_parse(m.reports.v[0].period, env_now(), &p))
        return 0;
    if (hold_list_pruned(act, v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n && !ret->len; i++)
        if (p.from < v[i].before)
            *ret =
                arena_fmt(a,
                          "%.*s: %s before %s were pruned since (record %lld of the audit log): it "
                          "stands, and cannot be made again from the database",
                          STR_ARG(m.report_id), v[i].class, clock_date(a, v[i].before).s,
                          (long long)v[i].seq);
    return 0;
}
