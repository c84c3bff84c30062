/* One agent of the portal: behind store/portions.c. */
#include "job/portal_agent.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "render/number.h"

enum { DAY = 86400 };

/* What an agent's scans say at a time: of each policy the newest one. */
struct state {
    const struct portion_point **newest;
    size_t n;
};

static void
take_point(struct state *s, const struct portion_point *p)
{
    size_t i = 0;
    while (i < s->n && !str_eq(s->newest[i]->policy, p->policy))
        i++;
    s->newest[i] = p;
    s->n += i == s->n;
}

/* The score of those that are not too old to count. */
static struct share
score_of(const struct state *s, int64_t oldest)
{
    struct share sum = {0, 0};
    for (size_t i = 0; i < s->n; i++) {
        if (s->newest[i]->end < oldest)
            continue;
        sum.n += s->newest[i]->tally.passed;
        sum.of += s->newest[i]->tally.passed + s->newest[i]->tally.failed;
    }
    return sum;
}

/* The points of an agent stand together, by time. */
static const struct portion_point *
points_of(const struct portion *p, size_t agent, size_t *ret_n)
{
    size_t i = 0;
    while (i < p->points.n && p->points.v[i].agent != agent)
        i++;
    for (*ret_n = 0; i + *ret_n < p->points.n && p->points.v[i + *ret_n].agent == agent;)
        ++*ret_n;
    return p->points.v + i;
}

/* ---- the course of the score ---- */

static void
add_past(struct portal_past *p, size_t day, struct share score)
{
    if (!score.of)
        return;
    p->sum[day] += tally_score_rounded(score.n, score.of - score.n, 4);
    p->n[day]++;
}

/* The score at the end of each day, for the fleet; a score that is carried into a day is that of the last scan. */
static void
follow_days(struct portal_data *v, size_t agent, const struct portion_point *p, size_t n,
            struct arena *a)
{
    struct state s = {.newest = ARENA_ARRAY(a, const struct portion_point *, n + 1)};
    size_t group = v->fleet.agents.v[agent].group, at = 0;
    int64_t then = v->now - (int64_t)PORTAL_DAYS * DAY;
    for (size_t day = 0; day < PORTAL_HISTORY_DAYS; day++) {
        for (; at < n && p[at].end < v->days[day]; at++)
            take_point(&s, &p[at]);
        struct share score = score_of(&s, v->days[day] - v->window_s);
        add_past(&v->past[group], day, score);
        add_past(&v->past[v->fleet.groups.n], day, score);
    }
    s.n = 0;
    for (at = 0; at < n && p[at].end <= then; at++)
        take_point(&s, &p[at]);
    v->agents[agent].before = score_of(&s, then - v->window_s);
}

static struct str
percent_of(const struct portal_data *v, struct share s, struct arena *a)
{
    struct rounded r = exact_percent(s, 2);
    return number_percent(v->site->lang, a, &r);
}

/* A point a day with a scan, so that the drawing changes when there is a new one, and not every day. */
static const struct report_chart *
draw_history(const struct portal_data *v, const struct portion_point *p, size_t n, struct arena *a)
{
    const struct lang *l = v->site->lang;
    struct report_chart *ch = ARENA_NEW(a, struct report_chart);
    struct state s = {.newest = ARENA_ARRAY(a, const struct portion_point *, n + 1)};
    struct share first = {0, 0}, last = {0, 0};
    struct chart_series series = {.key = "score",
                                  .label = lang_get(l, "portal.history.series"),
                                  .role = ROLE_ACCENT,
                                  .values = ARENA_ARRAY(a, double, n + 1),
                                  .digits = ARENA_ARRAY(a, struct rounded, n + 1)};
    struct str days = arena_fmt(a, "%d", PORTAL_HISTORY_DAYS);
    *ch = (struct report_chart){.kind = CHART_LINES,
                                .key = "history",
                                .title = LANG(l, a, "portal.history", {"days", days}),
                                .times = ARENA_ARRAY(a, int64_t, n + 1),
                                .percent = true};
    for (size_t i = 0; i < n; i++) {
        int64_t t = p[i].end + clock_local_offset(p[i].end);
        take_point(&s, &p[i]);
        last = score_of(&s, p[i].end - v->window_s);
        if (p[i].end < v->days[0] || !last.of)
            continue;
        first = ch->n_points ? first : last;
        bool is_same_day = ch->n_points && ch->times[ch->n_points - 1] == t - t % DAY;
        size_t at = ch->n_points - is_same_day;
        ch->n_points = at + 1;
        ch->times[at] = t - t % DAY;
        series.digits[at] = exact_percent(last, 1);
        series.values[at] = series.digits[at].value;
    }
    if (ch->n_points < 2)
        return NULL;
    ch->alt = LANG(l, a, "portal.history.alt", {"first", percent_of(v, first, a)},
                   {"last", percent_of(v, last, a)});
    *VEC_PUSH(a, &ch->series) = series;
    return ch;
}

/* ---- results ---- */

static int
rank(enum status s)
{
    static const int ranks[CLASS__COUNT] = {[CLASS_FAILED] = 0,
                                            [CLASS_SKIPPED] = 2,
                                            [CLASS_WAIVED] = 1,
                                            [CLASS_PASSED] = 3,
                                            [CLASS_NONE] = 4};
    return ranks[status_class(s)] * 16 + (s == STATUS_ERROR ? 0 : (int)s);
}

/* What fails first, the worst severity first. */
static int
by_weight(const void *x, const void *y)
{
    const struct portal_result *a = x, *b = y;
    if (rank(a->status) != rank(b->status))
        return rank(a->status) - rank(b->status);
    if (a->severity != b->severity)
        return (int)b->severity - (int)a->severity;
    int order = str_cmp(a->check->title, b->check->title);
    return order ? order : str_cmp(a->check->path, b->check->path);
}

static void
add_results(const struct portal_data *v, size_t agent, struct arena *a, struct portal_agent_page *ret)
{
    for (size_t k = v->pick->first[agent]; k < v->pick->first[agent + 1]; k++) {
        const struct fleet_scan *s = &v->fleet.scans.v[v->pick->scans[k]];
        for (size_t pos = 0; pos < s->n_vec && pos < v->fleet.policies.v[s->policy].checks.n; pos++) {
            enum status st = fleet_status(s, pos);
            if (status_class(st) == CLASS_NONE)
                continue;
            const struct portal_check *c = &v->checks.v[v->check_at[s->policy][pos]];
            const struct fleet_detail none = {STR(""), STR(""), SEVERITY_UNKNOWN, CLOCK_NONE},
                                      *x = s->details ? &s->details[pos] : &none;
            *VEC_PUSH(a, &ret->results) = (struct portal_result){
                .check = c,
                .status = st,
                .severity = x->severity != SEVERITY_UNKNOWN ? x->severity : c->severity,
                .evidence = s->evidence ? s->evidence[pos] : STR(""),
                .native = x->native,
                .waiver = x->waiver,
                .since = x->since};
        }
    }
    if (ret->results.n)
        qsort(ret->results.v, ret->results.n, sizeof *ret->results.v, by_weight);
}

/* ---- scans and changes ---- */

static void
add_scans(const struct portal_data *v, const struct portion_point *p, size_t n, struct arena *a,
          struct portal_agent_page *ret)
{
    for (size_t i = n; i-- > 0 && p[i].end >= v->days[0];) {
        ret->n_scans++;
        if (ret->scans.n < PORTAL_SCANS)
            *VEC_PUSH(a, &ret->scans) = (struct portal_scan){.policy = p[i].policy,
                                                             .title = p[i].title,
                                                             .version = p[i].version,
                                                             .profile = p[i].profile,
                                                             .end = p[i].end,
                                                             .tally = p[i].tally};
    }
}

static bool
fails(enum status s)
{
    return status_class(s) == CLASS_FAILED;
}

/* Of the days of the portal, the newest first; the row counts what fails since then, and what was fixed. */
static void
add_changes(struct portal_data *v, const struct portion *portion, size_t agent, struct arena *a,
            struct portal_agent_page *ret)
{
    struct portal_agent *g = &v->agents[agent];
    for (size_t i = portion->changes.n; i-- > 0;) {
        const struct portion_change *c = &portion->changes.v[i];
        const struct fleet_scan *s = &v->fleet.scans.v[c->scan];
        if (s->agent != agent || c->at < v->now - (int64_t)PORTAL_DAYS * DAY ||
            c->pos >= v->fleet.policies.v[s->policy].checks.n)
            continue;
        size_t check = v->check_at[s->policy][c->pos];
        bool stands = fails(c->is) == fails(fleet_status(s, c->pos));
        g->n_worse += fails(c->is) && !fails(c->was) && stands && s->details &&
                      s->details[c->pos].since == c->at;
        g->n_fixed += fails(c->was) && status_class(c->is) == CLASS_PASSED && stands;
        *VEC_PUSH(a, &ret->changes) = (struct portal_change){
            .at = c->at, .agent = g, .check = &v->checks.v[check], .was = c->was, .is = c->is};
        *VEC_PUSH_SOLE(v->a, &v->moves) = (struct portal_moved){
            .at = c->at, .agent = agent, .check = check, .was = c->was, .is = c->is};
    }
}

void
portal_agent_make(struct portal_data *v, const struct portion *portion, size_t agent, struct arena *a,
                  struct portal_agent_page *ret)
{
    size_t n;
    const struct portion_point *points = points_of(portion, agent, &n);
    *ret = (struct portal_agent_page){.agent = &v->agents[agent]};
    assert(v->pick->agents[agent]);
    follow_days(v, agent, points, n, a);
    add_changes(v, portion, agent, a, ret);
    add_results(v, agent, a, ret);
    add_scans(v, points, n, a, ret);
    ret->history = draw_history(v, points, n, a);
}
