/* The page of an agent: its history, what fails and why, what changed, its scans; parts.c comes after. */
#include <assert.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "render/portal/parts.h"

static void
put_facts(const struct portal_page *p, const struct portal_agent *g)
{
    const struct portal_fact facts[] = {
        {"portal.column.state", portal_state_text(p, g)},
        {"portal.column.group", g->group.len ? g->group : portal_lang(p, "group.none")},
        {"portal.column.os", g->os},
        {"portal.column.address", g->address},
        {"portal.column.scan", portal_minute(p, g->last_scan)},
        {"portal.column.contact", portal_minute(p, g->last_contact)}};
    portal_facts(p, facts, sizeof facts / sizeof *facts);
}

static void
put_figures(const struct portal_page *p, const struct portal_agent *g)
{
    const int64_t counts[] = {g->tally.failed, g->tally.passed, g->tally.skipped};
    static const char *const keys[] = {"class.failed", "class.passed", "class.skipped"};
    portal_raw(p, "<div class=\"keys\"><div>");
    portal_element(p, "strong", NULL, portal_score(p, g->score));
    portal_raw(p, "<span>");
    portal_text(p, portal_lang(p, "portal.column.score"));
    if (g->score.of && g->before.of) {
        portal_raw(p, " · ");
        portal_put_change(p, g->score, g->before);
        portal_text(
            p, LANG(p->site->lang, p->a, "portal.key.since", {"days", portal_int(p, PORTAL_DAYS)}));
    }
    portal_raw(p, "</span></div>");
    for (size_t i = 0; i < 3; i++) {
        portal_raw(p, "<div>");
        portal_element(p, "strong", NULL, portal_int(p, counts[i]));
        portal_say(p, "span", NULL, keys[i]);
        portal_raw(p, "</div>");
    }
    portal_raw(p, "</div>\n");
}

static struct str
title_of(const struct portal_page *p, const struct portal_check *k)
{
    return utf8_one_line(p->a, k->title.len ? k->title : k->id);
}

/* ---- results ---- */

static void
put_note(const struct portal_page *p, const char *key, struct str text)
{
    if (!text.len)
        return;
    portal_raw(p, "<dt>");
    portal_text(p, portal_lang(p, key));
    portal_raw(p, "</dt><dd>");
    portal_text(p, text);
    portal_raw(p, "</dd>");
}

static void
put_result(const struct portal_page *p, const struct portal_result *r)
{
    struct str severity = arena_fmt(p->a, "severity.%s", severity_word(r->severity));
    portal_raw(p, "<tr><td class=\"n\">");
    portal_put_status(p, r->status);
    portal_raw(p, "</td><th scope=\"row\">");
    portal_link(p, r->check->path, ".html", title_of(p, r->check));
    if (r->evidence.len || r->waiver.len) {
        portal_raw(p, "<dl class=\"notes\">");
        put_note(p, "portal.evidence", r->evidence);
        put_note(p, "portal.waiver", r->waiver);
        portal_raw(p, "</dl>");
    }
    portal_raw(p, "</th><td class=\"wide\">");
    portal_text(p, r->check->category.len ? r->check->category
                                          : portal_lang(p, "portal.uncategorised"));
    portal_raw(p, "</td><td class=\"wide\">");
    if (r->severity != SEVERITY_UNKNOWN)
        portal_text(p, portal_lang(p, severity.s));
    portal_raw(p, "</td><td class=\"n wide\">");
    portal_text(p, portal_day(p, r->since));
    portal_raw(p, "</td></tr>\n");
}

static void
put_results_table(const struct portal_page *p, const struct portal_agent_page *v, size_t from,
                  size_t to)
{
    static const char *const keys[] = {"portal.column.result", "portal.column.check",
                                       "portal.column.category", "portal.column.severity",
                                       "portal.column.since"};
    static const char *const cls[] = {NULL, NULL, "wide", "wide", "wide"};
    portal_table(p, "results", "portal.results", keys, cls, 5);
    portal_raw(p, "<tbody>\n");
    for (size_t i = from; i < to; i++)
        put_result(p, &v->results.v[i]);
    portal_raw(p, "</tbody></table></div>\n");
}

/* Those that passed are many and say little: they are folded. */
static void
put_results(const struct portal_page *p, const struct portal_agent_page *v)
{
    size_t n = 0;
    while (n < v->results.n && status_class(v->results.v[n].status) != CLASS_PASSED)
        n++;
    portal_say(p, "h2", NULL, "portal.results");
    if (n)
        put_results_table(p, v, 0, n);
    else
        portal_say(p, "p", "empty",
                   v->results.n ? "portal.results.all-passed" : "portal.results.none");
    if (n == v->results.n)
        return;
    portal_raw(p, "<details><summary>");
    portal_text(p, LANG(p->site->lang, p->a, "portal.results.passed",
                        {"n", portal_int(p, (int64_t)(v->results.n - n))}));
    portal_raw(p, "</summary>");
    put_results_table(p, v, n, v->results.n);
    portal_raw(p, "</details>\n");
}

/* ---- changes and scans ---- */

static void
put_changes(const struct portal_page *p, const struct portal_agent_page *v)
{
    static const char *const keys[] = {"portal.column.day", "portal.column.check",
                                       "portal.column.was", "portal.column.is"};
    portal_element(
        p, "h2", NULL,
        LANG(p->site->lang, p->a, "portal.changes.agent", {"days", portal_int(p, PORTAL_DAYS)}));
    if (!v->changes.n) {
        portal_say(p, "p", "empty", "portal.changes.none");
        return;
    }
    portal_table(p, "changes", "portal.tab.changes", keys, NULL, 4);
    portal_raw(p, "<tbody>\n");
    for (size_t i = 0; i < v->changes.n; i++) {
        const struct portal_change *c = &v->changes.v[i];
        portal_raw(p, "<tr><td class=\"n\">");
        portal_text(p, portal_day(p, c->at));
        portal_raw(p, "</td><th scope=\"row\">");
        portal_link(p, c->check->path, ".html", title_of(p, c->check));
        portal_raw(p, "</th><td class=\"n\">");
        portal_put_status(p, c->was);
        portal_raw(p, "</td><td class=\"n\">");
        portal_put_status(p, c->is);
        portal_raw(p, "</td></tr>\n");
    }
    portal_raw(p, "</tbody></table></div>\n");
}

static void
put_scan(const struct portal_page *p, const struct portal_scan *s)
{
    portal_raw(p, "<tr><td class=\"n\">");
    portal_text(p, portal_minute(p, s->end));
    portal_raw(p, "</td><th scope=\"row\">");
    portal_name(p, s->title.len ? s->title : s->policy);
    portal_raw(p, "<small>");
    portal_name(p, s->profile.len
                       ? arena_fmt(p->a, "%.*s · %.*s", STR_ARG(s->version), STR_ARG(s->profile))
                       : s->version);
    portal_raw(p, "</small></th><td class=\"r\">");
    portal_text(
        p, portal_score(p, (struct share){s->tally.passed, s->tally.passed + s->tally.failed}));
    portal_raw(p, "</td><td class=\"r\">");
    portal_text(p, portal_int(p, s->tally.passed));
    portal_raw(p, "</td><td class=\"r\">");
    portal_text(p, portal_int(p, s->tally.failed));
    portal_raw(p, "</td></tr>\n");
}

static void
put_scans(const struct portal_page *p, const struct portal_agent_page *v)
{
    static const char *const keys[] = {"portal.column.scanned", "portal.column.policy",
                                       "portal.column.score", "class.passed", "class.failed"};
    static const char *const cls[] = {NULL, NULL, "r", "r", "r"};
    portal_say(p, "h2", NULL, "portal.scans");
    if (!v->scans.n) {
        portal_say(p, "p", "empty", "portal.scans.none");
        return;
    }
    portal_table(p, "scans", "portal.scans", keys, cls, 5);
    portal_raw(p, "<tbody>\n");
    for (size_t i = 0; i < v->scans.n; i++)
        put_scan(p, &v->scans.v[i]);
    portal_raw(p, "</tbody></table></div>\n");
    if (v->n_scans > v->scans.n)
        portal_element(p, "p", "note",
                       LANG(p->site->lang, p->a, "portal.scans.more",
                            {"n", portal_int(p, (int64_t)v->scans.n)},
                            {"of", portal_int(p, (int64_t)v->n_scans)},
                            {"days", portal_int(p, PORTAL_HISTORY_DAYS)}));
}

struct str
portal_agent_html(const struct portal_site *s, const struct portal_agent_page *v, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "../"};
    portal_begin(&p, -1, utf8_name(a, v->agent->name));
    put_facts(&p, v->agent);
    put_figures(&p, v->agent);
    if (v->history) {
        portal_raw(&p, "<figure>");
        portal_element(&p, "h2", NULL, v->history->title);
        portal_chart(&p, v->history, "history");
        portal_raw(&p, "</figure>\n");
    }
    put_results(&p, v);
    put_changes(&p, v);
    put_scans(&p, v);
    return portal_end(&p, v->agent->path, false);
}
