/* A site out of what was gathered; portal.c comes before, render/portal and portal_place.c after. */
#include "job/portal_site.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/map.h"
#include "engine/bands.h"
#include "engine/category.h"
#include "render/number.h"
#include "render/render.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { DAY = 86400, MOST_CHANGES = 1000, MOST_CATEGORIES = 8, MAX_STATE = 16 << 20 };

struct making {
    const struct portal_making *all;
    const struct portal_site *site;
    const struct portal_data *data;
    struct str folder;
    size_t group;
    struct arena *a;
    struct pick *pick; /* of the site's agents */
    struct score *score;
    VEC(const struct portal_agent *) agents; /* as the first page has them */
    const struct portal_agent **by_name;     /* the same */
    struct portal_check *checks;             /* with the counts of the site */
    VEC(const struct portal_check *) shown;  /* that an agent of the site was checked by */
    struct map *names;                       /* of its agents */
    struct portal_changes changes;
    VEC(struct portal_drawing) drawings;
};

struct str
portal_site_of_group(struct arena *a, struct str group)
{
    return arena_fmt(a, "groups/%.*s", STR_ARG(portal_slug(a, group)));
}

static struct str
path_of(const struct making *m, struct str name, const char *suffix, struct arena *a)
{
    return arena_fmt(a, "%.*s/%.*s%s", STR_ARG(m->folder), STR_ARG(name), suffix);
}

static int
put(const struct making *m, struct str name, const char *suffix, struct str bytes, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    return portal_place_put(m->all->place, path_of(m, name, suffix, a), bytes, d);
}

/* ---- who and what it is about ---- */

/* The worst score first, those without one last. */
static int
by_score(const void *x, const void *y)
{
    const struct portal_agent *a = *(const struct portal_agent *const *)x,
                              *b = *(const struct portal_agent *const *)y;
    if (!a->score.of != !b->score.of)
        return a->score.of ? -1 : 1;
    int64_t left = a->score.n * b->score.of, right = b->score.n * a->score.of;
    return left != right ? (left < right ? -1 : 1) : str_cmp(a->name, b->name);
}

static size_t
digits_of(struct str s)
{
    size_t n = 0;
    while (n < s.len && isdigit((unsigned char)s.s[n]))
        n++;
    return n;
}

/* web2 before web10, and Web3 between them: where somebody looks for it. The longer number is the larger one, also
 * by zeros in front. */
static int
by_name(const void *x, const void *y)
{
    const struct portal_agent *a = *(const struct portal_agent *const *)x,
                              *b = *(const struct portal_agent *const *)y;
    struct str s = a->name, t = b->name;
    while (s.len && t.len) {
        size_t n = digits_of(s), m = digits_of(t);
        int left = tolower((unsigned char)*s.s), right = tolower((unsigned char)*t.s);
        if (n && m && n != m)
            return n < m ? -1 : 1;
        if (left != right)
            return left < right ? -1 : 1;
        s = str_n(s.s + 1, s.len - 1);
        t = str_n(t.s + 1, t.len - 1);
    }
    return s.len != t.len ? (s.len < t.len ? -1 : 1) : str_cmp(a->name, b->name);
}

static void
list_agents(struct making *m)
{
    const struct portal_data *v = m->data;
    for (size_t i = 0; i < v->fleet.agents.n; i++) {
        if (!m->pick->agents[i])
            continue;
        *VEC_PUSH(m->a, &m->agents) = &v->agents[i];
        map_put(m->names, v->agents[i].name, &v->agents[i]);
    }
    if (m->agents.n)
        qsort(m->agents.v, m->agents.n, sizeof *m->agents.v, by_score);
    m->by_name = ARENA_ARRAY(m->a, const struct portal_agent *, m->agents.n + 1);
    for (size_t i = 0; i < m->agents.n; i++)
        m->by_name[i] = m->agents.v[i];
    qsort(m->by_name, m->agents.n, sizeof *m->by_name, by_name);
}

static int64_t
find_newest(const struct making *m)
{
    int64_t newest = CLOCK_NONE;
    for (size_t i = 0; i < m->agents.n; i++)
        if (m->agents.v[i]->last_scan > newest) /* CLOCK_NONE is before all times */
            newest = m->agents.v[i]->last_scan;
    return newest;
}

static int
by_failures(const void *x, const void *y)
{
    const struct portal_check *a = *(const struct portal_check *const *)x,
                              *b = *(const struct portal_check *const *)y;
    if (a->n_failed != b->n_failed)
        return a->n_failed > b->n_failed ? -1 : 1;
    int order = str_cmp(a->title, b->title);
    return order ? order : str_cmp(a->path, b->path);
}

static void
count_checks(struct making *m)
{
    const struct portal_data *v = m->data;
    m->checks = ARENA_ARRAY(m->a, struct portal_check, v->checks.n + 1);
    memcpy(m->checks, v->checks.v, v->checks.n * sizeof *m->checks);
    for (size_t i = 0; i < m->pick->n_scans; i++) {
        const struct fleet_scan *s = &v->fleet.scans.v[m->pick->scans[i]];
        for (size_t pos = 0; pos < s->n_vec && pos < v->fleet.policies.v[s->policy].checks.n; pos++) {
            struct portal_check *c = &m->checks[v->check_at[s->policy][pos]];
            enum status_class class = status_class(fleet_status(s, pos));
            c->n_passed += class == CLASS_PASSED;
            c->n_failed += class == CLASS_FAILED;
            c->n_agents += class != CLASS_NONE;
        }
    }
    for (size_t i = 0; i < v->checks.n; i++)
        if (m->checks[i].n_agents)
            *VEC_PUSH(m->a, &m->shown) = &m->checks[i];
    if (m->shown.n)
        qsort(m->shown.v, m->shown.n, sizeof *m->shown.v, by_failures);
}

/* ---- changes ---- */

static int
by_newest(const void *x, const void *y)
{
    const struct portal_change *a = x, *b = y;
    if (a->at != b->at)
        return a->at > b->at ? -1 : 1;
    int order = str_cmp(a->agent->name, b->agent->name);
    return order ? order : str_cmp(a->check->path, b->check->path);
}

static void
list_changes(struct making *m)
{
    const struct portal_data *v = m->data;
    struct portal_change *list = ARENA_ARRAY(m->a, struct portal_change, v->moves.n + 1);
    for (size_t i = 0; i < v->moves.n; i++) {
        const struct portal_moved *x = &v->moves.v[i];
        if (!m->pick->agents[x->agent])
            continue;
        bool worse = status_class(x->is) == CLASS_FAILED && status_class(x->was) != CLASS_FAILED;
        bool fixed = status_class(x->is) == CLASS_PASSED && status_class(x->was) == CLASS_FAILED;
        bool is_new = x->at >= v->now - (int64_t)PORTAL_WEEK * DAY;
        list[m->changes.n++] = (struct portal_change){.at = x->at,
                                                      .agent = &v->agents[x->agent],
                                                      .check = &m->checks[x->check],
                                                      .was = x->was,
                                                      .is = x->is};
        m->changes.n_worse += worse;
        m->changes.n_fixed += fixed;
        m->changes.n_week_worse += worse && is_new;
        m->changes.n_week_fixed += fixed && is_new;
    }
    qsort(list, m->changes.n, sizeof *list, by_newest);
    m->changes.v = list;
}

static int
put_changes(const struct making *m, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    if (put(m, STR("changes"), ".json", portal_changes_json(m->site, &m->changes, a), d) != 0 ||
        put(m, STR("changes"), ".csv", portal_changes_csv(&m->changes, a), d) != 0)
        return -1;
    return put(m, STR("changes"), ".html", portal_changes_html(m->site, &m->changes, MOST_CHANGES, a),
               d);
}

/* ---- pages of checks ---- */

static int
by_since(const void *x, const void *y)
{
    const struct portal_failure *a = x, *b = y;
    if (a->since != b->since)
        return a->since < b->since ? -1 : 1;
    return str_cmp(a->agent->name, b->agent->name);
}

/* One pass over all results, then one over the checks. */
static void
list_failures(const struct making *m, struct portal_check_page *pages, struct arena *a)
{
    const struct portal_data *v = m->data;
    for (size_t i = 0; i < v->checks.n; i++)
        pages[i].check = &m->checks[i];
    for (size_t i = 0; i < m->pick->n_scans; i++) {
        size_t at = m->pick->scans[i];
        const struct fleet_scan *s = &v->fleet.scans.v[at];
        for (size_t pos = 0; pos < s->n_vec && pos < v->fleet.policies.v[s->policy].checks.n; pos++)
            if (status_class(fleet_status(s, pos)) == CLASS_FAILED)
                *VEC_PUSH_SOLE(a, &pages[v->check_at[s->policy][pos]].failures) =
                    (struct portal_failure){.agent = &v->agents[s->agent],
                                            .since = v->since[at] ? v->since[at][pos] : CLOCK_NONE};
    }
}

static int
put_checks(const struct making *m, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct portal_check_page *pages = ARENA_ARRAY(a, struct portal_check_page, m->data->checks.n + 1);
    list_failures(m, pages, a);
    for (size_t i = 0; i < m->data->checks.n; i++) {
        AUTO(arena_free_auto) struct arena *one = arena_new();
        struct portal_check_page *p = &pages[i];
        if (!p->check->n_agents)
            continue;
        if (p->failures.n)
            qsort(p->failures.v, p->failures.n, sizeof *p->failures.v, by_since);
        if (put(m, p->check->path, ".html", portal_check_html(m->site, p, one), d) != 0 ||
            put(m, p->check->path, ".json", portal_check_json(m->site, p, one), d) != 0)
            return -1;
    }
    if (put(m, STR("checks"), ".json", portal_checks_json(m->site, m->shown.v, m->shown.n, a), d) != 0)
        return -1;
    return put(m, STR("checks"), ".html", portal_checks_html(m->site, m->shown.v, m->shown.n, a), d);
}

/* ---- drawings ---- */

static struct report_chart *
add_drawing(struct making *m, enum chart_kind kind, const char *key, const char *title,
            const char *series, enum chart_role role, size_t n)
{
    struct report_chart *ch = ARENA_NEW(m->a, struct report_chart);
    const struct lang *l = m->site->lang;
    struct str days = arena_fmt(m->a, "%d", PORTAL_HISTORY_DAYS);
    *ch = (struct report_chart){.kind = kind, .key = key, .title = LANG(l, m->a, title, {"days", days})};
    *VEC_PUSH(m->a, &ch->series) = (struct chart_series){.key = key,
                                                         .label = lang_get(l, series),
                                                         .role = role,
                                                         .values = ARENA_ARRAY(m->a, double, n + 1)};
    *VEC_PUSH(m->a, &m->drawings) =
        (struct portal_drawing){.chart = ch, .path = arena_fmt(m->a, "charts/%s", key)};
    return ch;
}

/* From the first day on of which there is a score. */
static void
draw_score(struct making *m)
{
    const struct portal_past *p =
        &m->data->past[m->group == FLEET_NONE ? m->data->fleet.groups.n : m->group];
    const struct lang *l = m->site->lang;
    size_t first = 0;
    while (first < PORTAL_HISTORY_DAYS && !p->n[first])
        first++;
    size_t n = PORTAL_HISTORY_DAYS - first;
    if (n < 2)
        return;
    struct report_chart *ch = add_drawing(m, CHART_LINES, "score", "portal.chart.score",
                                          "portal.key.score", ROLE_ACCENT, n);
    struct rounded *digits = ARENA_ARRAY(m->a, struct rounded, n);
    ch->percent = true;
    ch->n_points = n;
    ch->times = ARENA_ARRAY(m->a, int64_t, n);
    ch->series.v[0].digits = digits;
    for (size_t i = 0; i < n; i++) {
        int64_t t = m->data->days[first + i] - 1;
        t += clock_local_offset(t);
        ch->times[i] = t - t % DAY;
        digits[i] = exact_ratio(p->sum[first + i], p->n[first + i] * 10000, 1);
        ch->series.v[0].values[i] = p->n[first + i] ? digits[i].value : NAN;
    }
    ch->alt = LANG(l, m->a, "portal.chart.score.alt",
                   {"days", arena_fmt(m->a, "%zu", n - 1)},
                   {"first", number_point(l, m->a, ch, &ch->series.v[0], 0)},
                   {"last", number_point(l, m->a, ch, &ch->series.v[0], n - 1)});
}

/* "0–25 %: 3, 25–50 %: 4": what bars say in a sentence. */
static void
describe_bars(struct making *m, struct report_chart *ch, const char *key)
{
    const struct lang *l = m->site->lang;
    struct str list = STR("");
    for (size_t i = 0; i < ch->n_points; i++)
        list = arena_fmt(m->a, "%.*s%s%.*s: %.*s", STR_ARG(list), i ? ", " : "",
                         STR_ARG(ch->labels[i]),
                         STR_ARG(number_point(l, m->a, ch, &ch->series.v[0], i)));
    ch->alt = LANG(l, m->a, key, {"list", list});
}

static void
draw_bands(struct making *m)
{
    struct bands b = bands_count(m->score);
    if (!b.n_evaluated)
        return;
    struct report_chart *ch = add_drawing(m, CHART_BARS, "bands", "portal.chart.bands",
                                          "portal.chart.bands.series", ROLE_ACCENT, BANDS_N);
    ch->n_points = BANDS_N;
    ch->labels = ARENA_ARRAY(m->a, struct str, BANDS_N);
    for (size_t i = 0; i < BANDS_N; i++) {
        ch->labels[i] = LANG(m->site->lang, m->a, "portal.chart.band",
                             {"from", arena_fmt(m->a, "%d", b.from[i])},
                             {"to", arena_fmt(m->a, "%d", b.to[i])});
        ch->series.v[0].values[i] = (double)b.n[i];
    }
    describe_bars(m, ch, "portal.chart.bands.alt");
}

static void
draw_categories(struct making *m)
{
    struct category_table t = category_count(m->pick, m->a);
    size_t n = 0;
    while (n < t.n && n < MOST_CATEGORIES && t.v[n].counts.failed)
        n++;
    if (!n)
        return;
    struct report_chart *ch = add_drawing(m, CHART_BARS, "categories", "portal.chart.categories",
                                          "portal.chart.categories.series", ROLE_FAILED, n);
    ch->n_points = n;
    ch->labels = ARENA_ARRAY(m->a, struct str, n);
    for (size_t i = 0; i < n; i++) {
        ch->labels[i] = t.v[i].name.len ? t.v[i].name
                                        : lang_get(m->site->lang, "portal.uncategorised");
        ch->series.v[0].values[i] = (double)t.v[i].counts.failed;
    }
    describe_bars(m, ch, "portal.chart.categories.alt");
}

/* As files for other pages: SVG by the portal, PNG by the renderer of pictures. */
static int
put_drawings(struct making *m, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const struct lang *l = m->site->lang;
    struct report r = {.lang = l,
                       .subtitle = m->site->group.len ? LANG(l, a, "portal.scope.group",
                                                             {"group", m->site->group})
                                                      : lang_get(l, "portal.scope.all")};
    struct report_section *s = report_add_section(a, &r, "charts", STR(""));
    struct render_files files = {0};
    const struct render_options o = {.file_stem = STR("chart")};
    for (size_t i = 0; i < m->drawings.n; i++)
        report_add(a, s, BLOCK_CHART)->chart = (struct report_chart *)m->drawings.v[i].chart;
    const struct renderer *png = render_find(STR("png"));
    assert(png);
    if (m->drawings.n && png->write(&r, &o, a, &files, d) != 0)
        return -1;
    assert(files.files.n == m->drawings.n);
    for (size_t i = 0; i < m->drawings.n; i++) {
        struct str svg;
        if (portal_chart_svg(m->site, m->drawings.v[i].chart, a, &svg, d) != 0 ||
            put(m, m->drawings.v[i].path, ".svg", svg, d) != 0 ||
            put(m, m->drawings.v[i].path, ".png", files.files.v[i].bytes, d) != 0)
            return -1;
    }
    return 0;
}

/* ---- reports ---- */

static int
put_report(const struct making *m, const struct portal_sealed *s, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    for (size_t i = 0; i < s->report.files.n; i++) {
        struct str name = s->report.files.v[i], from = file_join(a, s->dir.s, arena_str(a, name).s);
        struct sha256_digest sha256;
        int64_t size;
        if (i < s->manifest.outputs.n)
            sha256 = s->manifest.outputs.v[i].sha256;
        else if (sha256_of_file(from.s, &size, &sha256) != 0)
            return diag_fail(d, DIAG_RETRY, "%s is gone", from.s);
        if (portal_place_copy(m->all->place,
                              arena_fmt(a, "%.*s/%.*s/%.*s", STR_ARG(m->folder),
                                        STR_ARG(s->report.path), STR_ARG(name)),
                              from.s, &sha256, d) != 0)
            return -1;
    }
    return 0;
}

static int
put_reports(const struct making *m, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    VEC(struct portal_report) list = {0};
    for (size_t i = 0; i < m->all->reports->v.n; i++) {
        const struct portal_sealed *s = &m->all->reports->v.v[i];
        if (m->group != FLEET_NONE && !portal_reports_is_of(s, m->site->group, m->names, a))
            continue;
        *VEC_PUSH(a, &list) = s->report;
        if (put_report(m, s, d) != 0)
            return -1;
    }
    if (put(m, STR("reports"), ".json", portal_reports_json(m->site, list.v, list.n, a), d) != 0)
        return -1;
    return put(m, STR("reports"), ".html", portal_reports_html(m->site, list.v, list.n, a), d);
}

/* ---- the first page ---- */

static bool
is_longer_silent(const struct portal_agent *a, const struct portal_agent *b)
{
    int64_t x = a->last_scan > a->last_contact ? a->last_scan : a->last_contact;
    int64_t y = b->last_scan > b->last_contact ? b->last_scan : b->last_contact;
    return x != y ? x < y : str_cmp(a->name, b->name) < 0;
}

static void
count_fleet(const struct making *m, struct portal_fleet *f, struct arena *a)
{
    struct share *before = ARENA_ARRAY(a, struct share, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        const struct portal_agent *g = f->agents[i];
        bool is_silent = g->state == PORTAL_SILENT;
        f->n_silent += is_silent;
        f->n_evaluated += g->score.of > 0;
        f->n_bad += g->score.of > 0 && 100 * g->score.n < m->site->bad_below * g->score.of;
        f->n_bad_before += g->before.of > 0 && 100 * g->before.n < m->site->bad_below * g->before.of;
        before[i] = g->before;
        tally_add(&f->tally, &g->tally);
        if (is_silent && (!f->silent || is_longer_silent(g, f->silent)))
            f->silent = g;
    }
    f->n_heard = f->n - f->n_silent;
    f->mean = m->score->mean;
    f->mean_before = exact_mean(before, f->n, a);
}

static int
put_fleet(const struct making *m, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct portal_fleet f = {.agents = m->agents.v,
                             .by_name = m->by_name,
                             .n = m->agents.n,
                             .changes = &m->changes,
                             .drawings = m->drawings.v,
                             .n_drawings = m->drawings.n};
    count_fleet(m, &f, a);
    if (put(m, STR("fleet"), ".json", portal_fleet_json(m->site, &f, a), d) != 0 ||
        put(m, STR("fleet"), ".csv", portal_fleet_csv(&f, a), d) != 0 ||
        put(m, STR("fleet"), ".js", portal_fleet_script(m->site, &f, a), d) != 0)
        return -1;
    for (size_t i = 0; i < portal_names_pages(&f); i++) {
        AUTO(arena_free_auto) struct arena *one = arena_new();
        if (put(m, arena_fmt(one, "names/%zu", i + 1), ".html",
                portal_names_html(m->site, &f, i, one), d) != 0)
            return -1;
    }
    return put(m, STR("index"), ".html", portal_fleet_html(m->site, &f, a), d);
}

/* ---- the state ---- */

static int
put_manifest(const struct making *m, struct str sums, struct str *ret_hex, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest of = sha256_of(sums);
    struct str slug = file_base_name(m->folder), bytes, cms;
    struct manifest man = {.report_id = arena_fmt(a, "portal-%.*s", STR_ARG(slug)),
                           .dataset_hex = sha256_hex(a, &of),
                           .audit_hash_hex = m->all->audit_hash_hex,
                           .audit_seq = m->site->audit_seq,
                           .audit_checkpoint = m->all->checkpoint,
                           .tool = m->site->tool,
                           .created = m->site->now};
    manifest_add_libraries(&man, a);
    *VEC_PUSH(a, &man.outputs) =
        (struct manifest_output){.name = STR("SHA256SUMS"),
                                 .media_type = STR("text/plain; charset=utf-8"),
                                 .size = (int64_t)sums.len,
                                 .sha256 = of};
    manifest_write(&man, a, &bytes);
    of = sha256_of(bytes);
    *ret_hex = sha256_hex(m->a, &of);
    if (put(m, STR("state/manifest"), ".json", bytes, d) != 0)
        return -1;
    struct diag own = diag_init(a);
    if (!m->all->signer)
        return 0;
    if (sign_cms(m->all->signer, bytes, a, &cms, &own) != 0)
        return diag_pass_on(d, &own);
    return put(m, STR("state/manifest"), ".json.p7s", cms, d);
}

/* A state that is what it was keeps its manifest: there is nothing new to sign. */
static int
put_state(const struct making *m, const char *portal_dir, struct str *ret_hex, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag unread = diag_init(a);
    struct str sums = portal_place_sums(m->all->place, m->folder, a), was;
    struct str manifest = path_of(m, STR("state/manifest"), ".json", a);
    struct str seal = path_of(m, STR("state/manifest"), ".json.p7s", a);
    struct str list = path_of(m, STR("state/SHA256SUMS"), "", a);
    bool same = file_slurp(file_join(a, portal_dir, list.s).s, BUF_MAX_DEFAULT, a, &was, &unread) == 0 &&
                str_eq(sums, was) && file_exists(file_join(a, portal_dir, manifest.s).s) &&
                file_exists(file_join(a, portal_dir, seal.s).s) == (m->all->signer != NULL);
    if (put(m, STR("state/SHA256SUMS"), "", sums, d) != 0)
        return -1;
    if (!same)
        return put_manifest(m, sums, ret_hex, d);
    int64_t size;
    struct sha256_digest of;
    if (!portal_place_keep(m->all->place, manifest) ||
        (m->all->signer && !portal_place_keep(m->all->place, seal)) ||
        sha256_of_file(file_join(a, portal_dir, manifest.s).s, &size, &of) != 0)
        return diag_fail(d, DIAG_RETRY, "the state of the portal was taken away meanwhile");
    *ret_hex = sha256_hex(m->a, &of);
    return 0;
}

int
portal_site_put(const struct portal_making *all, const struct portal_site *site, struct str folder,
                size_t group, struct arena *a, struct str *ret_manifest_hex, struct diag *d)
{
    struct portal_site own = *site;
    struct making m = {.all = all,
                       .site = &own,
                       .data = all->data,
                       .folder = folder,
                       .group = group,
                       .a = a,
                       .names = map_new(a)};
    struct pick_filter filter = {.agent = STR(""), .policy = STR("")};
    if (group != FLEET_NONE) {
        filter.groups = &all->data->fleet.groups.v[group].name;
        filter.n_groups = 1;
    }
    m.pick = pick_make(&all->data->fleet, &filter, a);
    m.score = score_make(m.pick, a);
    list_agents(&m);
    own.newest_scan = find_newest(&m);
    count_checks(&m);
    list_changes(&m);
    draw_score(&m);
    draw_bands(&m);
    draw_categories(&m);
    if (put(&m, STR("assets/portal"), ".css", portal_style(), d) != 0 ||
        put(&m, STR("assets/portal"), ".js", portal_script(), d) != 0 || put_checks(&m, d) != 0 ||
        put_drawings(&m, d) != 0 || put_reports(&m, d) != 0 || put_changes(&m, d) != 0 ||
        put_fleet(&m, d) != 0)
        return -1;
    return put_state(&m, all->data->act->config.portal_dir.s, ret_manifest_hex, d);
}
