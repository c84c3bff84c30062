/* The first page: a sentence, key figures, charts, and the agents with their state; agents.c and parts.c come after. */
#include <assert.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "render/number.h"
#include "render/portal/parts.h"

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

/* ---- the page ---- */

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
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "", .head = HEAD_NOW};
    portal_begin(&p, TAB_FLEET, portal_lang(&p, "portal.tab.fleet"));
    put_lead(&p, f);
    put_figures(&p, f);
    put_filters(&p);
    portal_put_agents(&p, f);
    put_drawings(&p, f);
    return portal_end(&p, STR("fleet"), true);
}
