/* The first page: a sentence, key figures, charts, and every agent with its state; parts.c comes after. */
#include <assert.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "render/number.h"
#include "render/portal/parts.h"

enum { CHUNK = 100 }; /* rows that a browser lays out together, when they come into sight */

/* ---- the sentence ---- */

static void
put_lead(const struct portal_page *p, const struct portal_fleet *f)
{
    const struct portal_site *s = p->site;
    int64_t more = (int64_t)f->n_bad - (int64_t)f->n_bad_before;
    const char *trend = more > 0 ? "portal.lead.more" : more < 0 ? "portal.lead.fewer" : "portal.lead.same";
    struct str below = portal_int(p, s->bad_below);
    portal_raw(p, "<p class=\"lead\">");
    portal_text(p, LANG(s->lang, p->a, "portal.lead.heard", {"n", portal_int(p, (int64_t)f->n_heard)},
                        {"of", portal_int(p, (int64_t)f->n)},
                        {"days", portal_int(p, s->silent_days)}));
    if (f->n_evaluated) {
        portal_text(p, portal_lang(p, "portal.lead.joint"));
        portal_text(p, LANG(s->lang, p->a, f->n_bad ? "portal.lead.below" : "portal.lead.none-below",
                            {"n", portal_int(p, (int64_t)f->n_bad)}, {"below", below}));
        portal_text(p, LANG(s->lang, p->a, trend,
                            {"n", portal_int(p, more < 0 ? -more : more)},
                            {"days", portal_int(p, PORTAL_DAYS)}));
        portal_text(p, LANG(s->lang, p->a, "portal.lead.lowest",
                            {"agent", utf8_name(p->a, f->agents[0]->name)},
                            {"score", portal_score(p, f->agents[0]->score)}));
    }
    portal_raw(p, "</p>\n");
}

/* ---- key figures ---- */

static void
put_figure(const struct portal_page *p, struct str value, struct str text)
{
    portal_raw(p, "<div>");
    portal_element(p, "strong", NULL, value);
    portal_element(p, "span", NULL, text);
    portal_raw(p, "</div>");
}

static void
put_mean(const struct portal_page *p, const struct portal_fleet *f)
{
    struct str value = portal_lang(p, "score.none"), days = portal_int(p, PORTAL_DAYS);
    struct str text = portal_lang(p, "portal.key.score");
    int direction = 0;
    if (f->mean.divisor) {
        struct rounded pct = exact_mean_percent(&f->mean, 1, p->a);
        value = number_percent(p->site->lang, p->a, &pct);
    }
    if (f->mean.divisor && f->mean_before.divisor) {
        struct rounded r = exact_change(&f->mean, &f->mean_before, 1, &direction, p->a);
        const char *const keys[] = {"portal.key.score.down", "portal.key.score.same",
                                    "portal.key.score.up"};
        text = LANG(p->site->lang, p->a, keys[direction + 1], {"change", exact_text(p->a, &r)},
                    {"days", days});
    }
    put_figure(p, value, text);
}

static void
put_silence(const struct portal_page *p, const struct portal_fleet *f)
{
    const struct portal_agent *g = f->silent;
    struct str n = portal_int(p, (int64_t)f->n_silent);
    if (!g) {
        put_figure(p, n, portal_lang(p, "portal.key.silent.none"));
        return;
    }
    int64_t heard = g->last_contact > g->last_scan ? g->last_contact : g->last_scan;
    put_figure(p, n,
               LANG(p->site->lang, p->a,
                    heard == CLOCK_NONE ? "portal.key.silent.never" : "portal.key.silent",
                    {"agent", utf8_name(p->a, g->name)},
                    {"days", portal_int(p, portal_days_since(p->site, heard))}, {"n", n}));
}

static void
put_figures(const struct portal_page *p, const struct portal_fleet *f)
{
    const struct lang *l = p->site->lang;
    portal_raw(p, "<div class=\"keys\">");
    put_mean(p, f);
    put_figure(p,
               LANG(l, p->a, "ratio", {"part", portal_int(p, (int64_t)f->n_bad)},
                    {"of", portal_int(p, (int64_t)f->n_evaluated)}),
               LANG(l, p->a, "portal.key.below", {"below", portal_int(p, p->site->bad_below)}));
    put_figure(p, portal_int(p, f->changes->n_week_worse),
               LANG(l, p->a, "portal.key.worse", {"days", portal_int(p, PORTAL_WEEK)},
                    {"fixed", portal_int(p, f->changes->n_week_fixed)}));
    put_figure(p, portal_int(p, f->tally.failed),
               LANG(l, p->a, "portal.key.failed",
                    {"of", portal_int(p, f->tally.failed + f->tally.passed)}));
    put_silence(p, f);
    portal_raw(p, "</div>\n");
}

/* ---- filters; the script shows them ---- */

static void
put_options(const struct portal_page *p)
{
    static const char *const states[] = {"bad", "watch", "good", "silent", "empty"};
    const int64_t n[] = {p->site->bad_below, p->site->watch_below, 0, p->site->silent_days, 0};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        buf_fmt(p->out, "<option value=\"%s\">", states[i]);
        portal_text(p, LANG(p->site->lang, p->a,
                            arena_fmt(p->a, "portal.filter.%s", states[i]).s,
                            {"n", portal_int(p, n[i])}));
        portal_raw(p, "</option>");
    }
}

static void
put_filters(const struct portal_page *p)
{
    portal_raw(p, "<div class=\"tools\" hidden><input type=\"search\" id=\"find\"");
    portal_attr(p, "aria-label", portal_lang(p, "portal.find"));
    portal_attr(p, "placeholder", portal_lang(p, "portal.find.what"));
    portal_raw(p, "><select id=\"group\"");
    portal_attr(p, "aria-label", portal_lang(p, "portal.column.group"));
    portal_raw(p, "><option value=\"\">");
    portal_text(p, portal_lang(p, "portal.filter.groups"));
    portal_raw(p, "</option></select><select id=\"os\"");
    portal_attr(p, "aria-label", portal_lang(p, "portal.column.os"));
    portal_raw(p, "><option value=\"\">");
    portal_text(p, portal_lang(p, "portal.filter.systems"));
    portal_raw(p, "</option></select><select id=\"state\"");
    portal_attr(p, "aria-label", portal_lang(p, "portal.column.state"));
    portal_raw(p, "><option value=\"\">");
    portal_text(p, portal_lang(p, "portal.filter.states"));
    portal_raw(p, "</option>");
    put_options(p);
    portal_raw(p, "</select><output id=\"shown\" aria-live=\"polite\"");
    portal_attr(p, "data-text", portal_lang(p, "portal.shown"));
    portal_raw(p, "></output></div>\n");
}

/* ---- the agents ---- */

/* Roles are written out: rows are laid out as a grid, and some browsers forget then that it is a table. */
static void
put_row(const struct portal_page *p, const struct portal_agent *g)
{
    portal_raw(p, "<tr role=\"row\"");
    if (g->address.len)
        portal_attr(p, "data-a", g->address);
    buf_fmt(p->out, " data-s=\"%lld\" data-c=\"%lld\"><th role=\"rowheader\" scope=\"row\">",
            (long long)portal_score_units(g->score),
            g->score.of && g->before.of ? (long long)(portal_score_units(g->score) -
                                                      portal_score_units(g->before))
                                        : 0);
    portal_link(p, g->path, ".html", utf8_name(p->a, g->name));
    portal_raw(p, "<small><span>");
    portal_name(p, g->group.len ? g->group : portal_lang(p, "group.none"));
    portal_raw(p, "</span>");
    if (g->os.len) {
        portal_raw(p, " · <span>");
        portal_name(p, g->os);
        portal_raw(p, "</span>");
    }
    portal_raw(p, "</small></th><td role=\"cell\" class=\"r score\">");
    portal_text(p, portal_score(p, g->score));
    portal_raw(p, "</td><td role=\"cell\" class=\"barcell\">");
    portal_bar(p, g->score);
    portal_raw(p, "</td><td role=\"cell\" class=\"r wide\">");
    portal_put_change(p, g->score, g->before);
    portal_raw(p, "</td><td role=\"cell\" class=\"r wide\">");
    portal_text(p, portal_int(p, g->tally.failed));
    if (g->n_worse)
        portal_element(p, "small", NULL,
                       LANG(p->site->lang, p->a, "portal.new", {"n", portal_int(p, g->n_worse)}));
    buf_fmt(p->out, "</td><td role=\"cell\" class=\"day\" data-t=\"%lld\">",
            g->last_scan == CLOCK_NONE ? 0LL : (long long)g->last_scan);
    portal_text(p, portal_day(p, g->last_scan));
    if (g->last_contact != CLOCK_NONE && g->last_contact > g->last_scan)
        portal_element(p, "small", NULL,
                       LANG(p->site->lang, p->a, "portal.heard",
                            {"day", portal_day(p, g->last_contact)}));
    buf_fmt(p->out, "</td><td role=\"cell\" class=\"state %s\">", portal_state_word(g->state));
    portal_text(p, portal_state_text(p, g));
    portal_raw(p, "</td></tr>\n");
}

static void
put_agents(const struct portal_page *p, const struct portal_fleet *f)
{
    static const struct {
        const char *key, *cls;
    } columns[] = {{"portal.column.agent", ""},      {"portal.column.score", "r score"},
                   {NULL, "barcell"},                {"portal.column.change", "r wide"},
                   {"portal.column.failed", "r wide"}, {"portal.column.scan", "day"},
                   {"portal.column.state", "state"}};
    portal_raw(p, "<table class=\"agents\" role=\"table\"><caption class=\"hidden\">");
    portal_text(p, portal_lang(p, "portal.agents"));
    portal_raw(p, "</caption><thead role=\"rowgroup\"><tr role=\"row\">");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (!columns[i].key) {
            buf_fmt(p->out, "<td role=\"cell\" class=\"%s\"></td>", columns[i].cls);
            continue;
        }
        buf_fmt(p->out, "<th role=\"columnheader\" scope=\"col\" class=\"%s\"%s>", columns[i].cls,
                i == 1 ? " aria-sort=\"ascending\"" : "");
        portal_text(p, LANG(p->site->lang, p->a, columns[i].key,
                            {"days", portal_int(p, PORTAL_DAYS)}));
        portal_raw(p, "</th>");
    }
    portal_raw(p, "</tr></thead>\n");
    for (size_t i = 0; i < f->n; i++) {
        if (i % CHUNK == 0)
            buf_fmt(p->out, "%s<tbody role=\"rowgroup\">\n", i ? "</tbody>\n" : "");
        put_row(p, f->agents[i]);
    }
    portal_raw(p, f->n ? "</tbody></table>\n" : "</table>\n");
    if (!f->n)
        portal_say(p, "p", "empty", "portal.agents.none");
}

static void
put_drawings(const struct portal_page *p, const struct portal_fleet *f)
{
    portal_raw(p, "<div class=\"charts\">");
    for (size_t i = 0; i < f->n_drawings; i++) {
        const struct portal_drawing *w = &f->drawings[i];
        portal_raw(p, "<figure>");
        portal_element(p, "h2", NULL, w->chart->title);
        portal_chart(p, w->chart, arena_fmt(p->a, "chart-%zu", i + 1).s);
        portal_raw(p, "<figcaption>");
        portal_link(p, w->path, ".svg", STR("SVG"));
        portal_raw(p, " · ");
        portal_link(p, w->path, ".png", STR("PNG"));
        portal_raw(p, "</figcaption></figure>\n");
    }
    portal_raw(p, "</div>\n");
}

struct str
portal_fleet_html(const struct portal_site *s, const struct portal_fleet *f, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "", .is_index = true};
    portal_begin(&p, TAB_FLEET, portal_lang(&p, "portal.tab.fleet"));
    put_lead(&p, f);
    put_figures(&p, f);
    put_filters(&p);
    put_agents(&p, f);
    put_drawings(&p, f);
    return portal_end(&p, STR("fleet"), true);
}
