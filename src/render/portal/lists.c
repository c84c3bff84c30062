/* The pages of changes and of reports; parts.c comes after. */
#include <assert.h>

#include "base/utf8.h"
#include "render/portal/parts.h"

/* ---- changes ---- */

static void
put_change(const struct portal_page *p, const struct portal_change *c)
{
    const struct portal_check *k = c->check;
    portal_raw(p, "<tr><td class=\"n\">");
    portal_text(p, portal_day(p, c->at));
    portal_raw(p, "</td><th scope=\"row\">");
    portal_link(p, c->agent->path, ".html", utf8_name(p->a, c->agent->name));
    portal_raw(p, "<small>");
    portal_link(p, c->check->path, ".html", utf8_one_line(p->a, k->title.len ? k->title : k->id));
    portal_raw(p, "</small></th><td class=\"n wide\">");
    portal_put_status(p, c->was);
    portal_raw(p, "</td><td class=\"n\">");
    portal_put_status(p, c->is);
    portal_raw(p, "</td></tr>\n");
}

struct str
portal_changes_html(const struct portal_site *s, const struct portal_changes *c, size_t most,
                    struct arena *a)
{
    static const char *const keys[] = {"portal.column.day", "portal.column.agent-check",
                                       "portal.column.was", "portal.column.is"};
    static const char *const cls[] = {NULL, NULL, "wide", NULL};
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "", .head = HEAD_DATA};
    size_t n = c->n < most ? c->n : most;
    portal_begin(&p, TAB_CHANGES, portal_lang(&p, "portal.tab.changes"));
    portal_element(&p, "p", "lead",
                   LANG(s->lang, a, "portal.changes.lead", {"worse", portal_int(&p, c->n_worse)},
                        {"fixed", portal_int(&p, c->n_fixed)},
                        {"days", portal_int(&p, PORTAL_DAYS)}));
    if (c->n > n)
        portal_element(&p, "p", "note",
                       LANG(s->lang, a, "portal.changes.cut", {"n", portal_int(&p, (int64_t)n)},
                            {"of", portal_int(&p, (int64_t)c->n)}));
    if (n) {
        portal_table(&p, "changes", "portal.tab.changes", keys, cls, 4);
        portal_raw(&p, "<tbody>\n");
        for (size_t i = 0; i < n; i++)
            put_change(&p, &c->v[i]);
        portal_raw(&p, "</tbody></table></div>\n");
    } else {
        portal_say(&p, "p", "empty", "portal.changes.none");
    }
    return portal_end(&p, STR("changes"), true);
}

/* ---- reports ---- */

/* A file is named by what kind it is where that says enough. */
static void
put_files(const struct portal_page *p, const struct portal_report *r)
{
    for (size_t i = 0; i < r->files.n; i++) {
        struct str name = r->files.v[i];
        portal_raw(p, i ? " · <a" : "<a");
        portal_attr(p, "href", arena_fmt(p->a, "%.*s/%.*s", STR_ARG(r->path), STR_ARG(name)));
        portal_attr(p, "hreflang", r->language);
        portal_raw(p, ">");
        portal_text(p, name);
        portal_raw(p, "</a>");
    }
}

static void
put_report(const struct portal_page *p, const struct portal_report *r)
{
    portal_raw(p, "<tr><th scope=\"row\">");
    portal_name(p, r->title);
    portal_element(p, "small", NULL,
                   LANG(p->site->lang, p->a, "portal.report.version", {"version", r->version},
                        {"language", r->language}));
    portal_raw(p, "<details><summary>");
    portal_text(p, LANG(p->site->lang, p->a, "portal.report.files",
                        {"n", portal_int(p, (int64_t)r->files.n)}));
    portal_raw(p, "</summary><p class=\"files\">");
    put_files(p, r);
    portal_raw(p, "</p></details></th><td class=\"n\">");
    portal_text(p, r->period);
    portal_raw(p, "</td><td class=\"wide\">");
    portal_name(p, r->scope);
    portal_raw(p, "</td><td class=\"n wide\">");
    portal_text(p, portal_day(p, r->created));
    portal_raw(p, r->is_good ? "</td><td class=\"state good\">✓ " : "</td><td class=\"state bad\">✗ ");
    portal_text(p, r->state);
    if (r->signer.len) {
        portal_raw(p, "<small>");
        portal_name(p, r->signer);
        portal_raw(p, "</small>");
    }
    portal_raw(p, "</td></tr>\n");
}

struct str
portal_reports_html(const struct portal_site *s, const struct portal_report *v, size_t n,
                    struct arena *a)
{
    static const char *const keys[] = {"portal.column.report", "portal.column.period",
                                       "portal.column.scope", "portal.column.made",
                                       "portal.column.verified"};
    static const char *const cls[] = {NULL, NULL, "wide", "wide", NULL};
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "", .head = HEAD_WHOSE};
    size_t n_good = 0;
    for (size_t i = 0; i < n; i++)
        n_good += v[i].is_good;
    portal_begin(&p, TAB_REPORTS, portal_lang(&p, "portal.tab.reports"));
    portal_element(&p, "p", "lead",
                   LANG(s->lang, a, n ? "portal.reports.lead" : "portal.reports.none",
                        {"n", portal_int(&p, (int64_t)n_good)}, {"of", portal_int(&p, (int64_t)n)}));
    if (n) {
        portal_table(&p, "reports", "portal.tab.reports", keys, cls, 5);
        portal_raw(&p, "<tbody>\n");
        for (size_t i = 0; i < n; i++)
            put_report(&p, &v[i]);
        portal_raw(&p, "</tbody></table></div>\n");
        portal_say(&p, "p", "note", "portal.reports.how");
    }
    return portal_end(&p, STR("reports"), false);
}
