/* The list of checks, and the page of one: what it asks for, who fails it and since when; parts.c comes after. */
#include <assert.h>

#include "base/utf8.h"
#include "render/portal/parts.h"

static struct str
title_of(const struct portal_page *p, const struct portal_check *k)
{
    return utf8_one_line(p->a, k->title.len ? k->title : k->id);
}

/* ---- all of them ---- */

static void
put_check(const struct portal_page *p, const struct portal_check *k)
{
    struct share failed = {k->n_failed, k->n_passed + k->n_failed};
    struct str severity = arena_fmt(p->a, "severity.%s", severity_word(k->severity));
    portal_raw(p, "<tr><th scope=\"row\">");
    portal_link(p, k->path, ".html", title_of(p, k));
    portal_raw(p, "<small>");
    portal_name(p, k->policy_title.len ? k->policy_title : k->policy);
    portal_raw(p, "</small></th><td class=\"r\">");
    portal_text(p, LANG(p->site->lang, p->a, "ratio", {"part", portal_int(p, failed.n)},
                        {"of", portal_int(p, failed.of)}));
    portal_raw(p, "</td><td class=\"barcell\">");
    portal_bar(p, (struct share){k->n_passed, failed.of});
    portal_raw(p, "</td><td class=\"wide\">");
    portal_text(p, k->category.len ? k->category : portal_lang(p, "portal.uncategorised"));
    portal_raw(p, "</td><td class=\"wide\">");
    if (k->severity != SEVERITY_UNKNOWN)
        portal_text(p, portal_lang(p, severity.s));
    portal_raw(p, "</td></tr>\n");
}

struct str
portal_checks_html(const struct portal_site *s, const struct portal_check *const *v, size_t n,
                   struct arena *a)
{
    static const char *const keys[] = {"portal.column.check", "portal.column.failing", NULL,
                                       "portal.column.category", "portal.column.severity"};
    static const char *const cls[] = {NULL, "r", "barcell", "wide", "wide"};
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "", .head = HEAD_DATA};
    size_t n_failing = 0;
    for (size_t i = 0; i < n; i++)
        n_failing += v[i]->n_failed > 0;
    portal_begin(&p, TAB_CHECKS, portal_lang(&p, "portal.tab.checks"));
    portal_element(&p, "p", "lead",
                   LANG(s->lang, a, "portal.checks.lead", {"n", portal_int(&p, (int64_t)n_failing)},
                        {"of", portal_int(&p, (int64_t)n)}));
    portal_table(&p, "checks", "portal.tab.checks", keys, cls, 5);
    portal_raw(&p, "<tbody>\n");
    for (size_t i = 0; i < n; i++)
        put_check(&p, v[i]);
    portal_raw(&p, "</tbody></table></div>\n");
    return portal_end(&p, STR("checks"), false);
}

/* ---- one ---- */

static void
put_text(const struct portal_page *p, const char *key, struct str text)
{
    if (!text.len)
        return;
    portal_say(p, "h2", NULL, key);
    portal_element(p, "p", "text", text);
}

static void
put_facts(const struct portal_page *p, const struct portal_check *k)
{
    struct str severity = arena_fmt(p->a, "severity.%s", severity_word(k->severity));
    const struct portal_fact facts[] = {
        {"portal.column.id", k->id},
        {"portal.column.policy", k->policy_title.len ? k->policy_title : k->policy},
        {"portal.column.category", k->category},
        {"portal.column.severity", portal_lang(p, severity.s)}};
    portal_facts(p, facts, sizeof facts / sizeof *facts);
}

static void
put_failures(const struct portal_page *p, const struct portal_check_page *v)
{
    static const char *const keys[] = {"portal.column.agent", "portal.column.since",
                                       "portal.column.score"};
    static const char *const cls[] = {NULL, NULL, "r"};
    portal_say(p, "h2", NULL, "portal.failures");
    if (!v->failures.n) {
        portal_say(p, "p", "empty", "portal.failures.none");
        return;
    }
    portal_table(p, "failures", "portal.failures", keys, cls, 3);
    portal_raw(p, "<tbody>\n");
    for (size_t i = 0; i < v->failures.n; i++) {
        const struct portal_failure *x = &v->failures.v[i];
        portal_raw(p, "<tr><th scope=\"row\">");
        portal_link(p, x->agent->path, ".html", utf8_name(p->a, x->agent->name));
        portal_raw(p, "<small>");
        portal_name(p, x->agent->group.len ? x->agent->group : portal_lang(p, "group.none"));
        portal_raw(p, "</small></th><td class=\"n\">");
        portal_text(p, portal_day(p, x->since));
        portal_raw(p, "</td><td class=\"r\">");
        portal_text(p, portal_score(p, x->agent->score));
        portal_raw(p, "</td></tr>\n");
    }
    portal_raw(p, "</tbody></table></div>\n");
}

struct str
portal_check_html(const struct portal_site *s, const struct portal_check_page *v, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "../"};
    const struct portal_check *c = v->check;
    portal_begin(&p, TAB_CHECKS, title_of(&p, v->check));
    portal_element(&p, "p", "lead",
                   LANG(s->lang, a,
                        v->check->n_failed ? "portal.check.lead" : "portal.check.passed",
                        {"n", portal_int(&p, v->check->n_failed)},
                        {"of", portal_int(&p, v->check->n_passed + v->check->n_failed)}));
    put_facts(&p, v->check);
    put_failures(&p, v);
    put_text(&p, "portal.description", c->description);
    put_text(&p, "portal.rationale", c->rationale);
    put_text(&p, "portal.remediation", c->remediation);
    return portal_end(&p, v->check->path, false);
}
