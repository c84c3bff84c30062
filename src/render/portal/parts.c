/* Head, foot and cells of the portal's pages; fleet.c, agent.c and the others come before, escape.c after. */
#include "render/portal/parts.h"

#include <assert.h>
#include <ctype.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/utf8.h"
#include "render/canvas/svg.h"
#include "render/chart/chart.h"
#include "render/escape.h"
#include "render/font/font.h"
#include "render/number.h"
#include "render/palette.h"

enum { SLUG_MAX = 40, SLUG_DIGITS = 16 };

#define CHART_WIDTH_PT 300.0

static struct str template(const char *name)
{
    const struct embed_file *f = embed_find(name);
    assert(f); /* built into the program */
    return str_n(f->data, f->len);
}

struct str
portal_style(void)
{
    return template("templates/portal/portal.css");
}

struct str
portal_script(void)
{
    return template("templates/portal/portal.js");
}

struct str
portal_slug(struct arena *a, struct str name)
{
    struct sha256_digest d = sha256_of(name);
    AUTO_BUF out = buf_init(SLUG_MAX + SLUG_DIGITS + 2);
    for (size_t i = 0; i < name.len && out.len < SLUG_MAX; i++) {
        unsigned char c = (unsigned char)name.s[i];
        bool plain = c < 0x80 && (isalnum(c) || (c == '.' && out.len));
        if (plain)
            buf_putc(&out, (char)tolower(c));
        else if (out.len && out.data[out.len - 1] != '-')
            buf_putc(&out, '-');
    }
    if (out.len && out.data[out.len - 1] != '-')
        buf_putc(&out, '-');
    buf_hex(&out, d.b, SLUG_DIGITS / 2);
    return arena_str(a, buf_view(&out));
}

/* ---- texts ---- */

void
portal_raw(const struct portal_page *p, const char *markup)
{
    buf_puts(p->out, markup);
}

void
portal_text(const struct portal_page *p, struct str text)
{
    html_escape_put(p->out, text);
}

void
portal_name(const struct portal_page *p, struct str name)
{
    html_escape_put(p->out, utf8_name(p->a, name));
}

void
portal_facts(const struct portal_page *p, const struct portal_fact *v, size_t n)
{
    portal_raw(p, "<dl class=\"facts\">");
    for (size_t i = 0; i < n; i++) {
        if (!v[i].value.len)
            continue;
        portal_raw(p, "<div>");
        portal_say(p, "dt", NULL, v[i].key);
        portal_raw(p, "<dd>");
        portal_name(p, v[i].value);
        portal_raw(p, "</dd></div>");
    }
    portal_raw(p, "</dl>\n");
}

void
portal_attr(const struct portal_page *p, const char *name, struct str value)
{
    buf_fmt(p->out, " %s=\"", name);
    html_escape_put(p->out, value);
    buf_putc(p->out, '"');
}

void
portal_element(const struct portal_page *p, const char *tag, const char *cls, struct str text)
{
    buf_fmt(p->out, "<%s", tag);
    if (cls)
        portal_attr(p, "class", str_c(cls));
    buf_putc(p->out, '>');
    html_escape_put(p->out, text);
    buf_fmt(p->out, "</%s>", tag);
}

void
portal_link(const struct portal_page *p, struct str path, const char *suffix, struct str text)
{
    buf_fmt(p->out, "<a href=\"%s", p->up);
    html_escape_put(p->out, path);
    buf_fmt(p->out, "%s\">", suffix);
    html_escape_put(p->out, text);
    buf_puts(p->out, "</a>");
}

struct str
portal_lang(const struct portal_page *p, const char *key)
{
    return lang_get(p->site->lang, key);
}

void
portal_say(const struct portal_page *p, const char *tag, const char *cls, const char *key)
{
    portal_element(p, tag, cls, portal_lang(p, key));
}

struct str
portal_int(const struct portal_page *p, int64_t n)
{
    return number_int(p->site->lang, p->a, n);
}

struct str
portal_day(const struct portal_page *p, int64_t t)
{
    if (t == CLOCK_NONE)
        return STR("–");
    struct clock_civil c = clock_civil(t + clock_local_offset(t));
    char key[16] = "month.";
    assert(c.month >= 1 && c.month <= 12);
    key[6] = (char)(c.month < 10 ? '0' + c.month : '1');
    key[7] = (char)(c.month < 10 ? 0 : '0' + c.month - 10);
    return LANG(p->site->lang, p->a, "portal.day", {"day", arena_fmt(p->a, "%d", c.day)},
                {"month", portal_lang(p, key)}, {"year", arena_fmt(p->a, "%d", c.year)});
}

struct str
portal_minute(const struct portal_page *p, int64_t t)
{
    if (t == CLOCK_NONE)
        return STR("–");
    struct clock_civil c = clock_civil(t + clock_local_offset(t));
    return arena_fmt(p->a, "%.*s, %02d:%02d", STR_ARG(portal_day(p, t)), c.hour, c.minute);
}

int64_t
portal_days_since(const struct portal_site *s, int64_t t)
{
    return t == CLOCK_NONE || t > s->now ? 0 : (s->now - t) / 86400;
}

/* ---- cells ---- */

struct str
portal_score(const struct portal_page *p, struct share s)
{
    struct rounded r = exact_percent(s, 2);
    return r.none ? portal_lang(p, "score.none") : number_percent(p->site->lang, p->a, &r);
}

int64_t
portal_score_units(struct share s)
{
    return tally_score_rounded(s.n, s.of - s.n, 2);
}

struct str
portal_change(const struct portal_page *p, struct share now, struct share before,
              const char **ret_class)
{
    static const char *const cls[] = {"worse", NULL, "better"};
    static const char *const sign[] = {"▼ ", "", "▲ "};
    int direction;
    *ret_class = NULL;
    if (!now.of || !before.of)
        return STR("–");
    struct exact is = exact_mean(&now, 1, p->a), was = exact_mean(&before, 1, p->a);
    struct rounded r = exact_change(&is, &was, 1, &direction, p->a);
    *ret_class = cls[direction + 1];
    return arena_fmt(p->a, "%s%.*s", sign[direction + 1], STR_ARG(exact_text(p->a, &r)));
}

void
portal_put_change(const struct portal_page *p, struct share now, struct share before)
{
    const char *cls;
    struct str text = portal_change(p, now, before, &cls);
    portal_element(p, "span", cls, text);
}

const char *
portal_state_word(enum portal_state s)
{
    static const char *const words[PORTAL__COUNT] = {[PORTAL_GOOD] = "good",
                                                     [PORTAL_WATCH] = "watch",
                                                     [PORTAL_BAD] = "bad",
                                                     [PORTAL_SILENT] = "silent",
                                                     [PORTAL_EMPTY] = "empty"};
    assert(s < PORTAL__COUNT);
    return words[s];
}

struct str
portal_state_text(const struct portal_page *p, const struct portal_agent *g)
{
    const struct portal_site *s = p->site;
    bool is_mute = g->last_contact == CLOCK_NONE && g->last_scan == CLOCK_NONE;
    int64_t heard = g->last_contact > g->last_scan ? g->last_contact : g->last_scan;
    const int64_t n[PORTAL__COUNT] = {[PORTAL_WATCH] = s->watch_below,
                                      [PORTAL_BAD] = s->bad_below,
                                      [PORTAL_SILENT] = portal_days_since(s, heard)};
    struct str key = arena_fmt(p->a, "portal.state.%s", portal_state_word(g->state));
    return LANG(s->lang, p->a, is_mute ? "portal.state.never" : key.s,
                {"n", portal_int(p, n[g->state])});
}

void
portal_put_status(const struct portal_page *p, enum status s)
{
    static const char *const classes[CLASS__COUNT] = {"none", "passed", "failed", "skipped",
                                                      "waived"};
    struct str key = arena_fmt(p->a, "status.%s", s == STATUS_NONE ? "none" : status_word(s));
    buf_fmt(p->out, "<b class=\"st %s\"><span aria-hidden=\"true\">%s</span> ",
            classes[status_class(s)], palette_sign(s));
    html_escape_put(p->out, portal_lang(p, key.s));
    buf_puts(p->out, "</b>");
}

void
portal_bar(const struct portal_page *p, struct share s)
{
    if (!s.of)
        return;
    buf_fmt(p->out,
            "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect class=\"f-track\" width=\"1000\" height=\"10\"/>"
            "<rect class=\"f-pass\" width=\"%d\" height=\"10\"/></svg>",
            (int)((double)s.n * 1000 / (double)s.of));
}

/* ---- tables and drawings ---- */

void
portal_table(const struct portal_page *p, const char *cls, const char *caption,
             const char *const *keys, const char *const *classes, size_t n)
{
    buf_fmt(p->out, "<div class=\"frame\"><table class=\"%s\"><caption class=\"hidden\">", cls);
    html_escape_put(p->out, portal_lang(p, caption));
    buf_puts(p->out, "</caption><thead><tr>");
    for (size_t i = 0; i < n; i++) {
        buf_puts(p->out, keys[i] ? "<th scope=\"col\"" : "<td");
        if (classes && classes[i])
            portal_attr(p, "class", str_c(classes[i]));
        buf_putc(p->out, '>');
        if (keys[i])
            html_escape_put(p->out, portal_lang(p, keys[i]));
        buf_puts(p->out, keys[i] ? "</th>" : "</td>");
    }
    buf_puts(p->out, "</tr></thead>\n");
}

void
portal_chart(const struct portal_page *p, const struct report_chart *ch, const char *id)
{
    struct canvas *c = canvas_svg_new(p->a, CHART_WIDTH_PT, chart_height(ch, CHART_WIDTH_PT),
                                      str_c(id), ch->title, ch->alt);
    chart_draw(ch, p->site->lang, c);
    buf_str(p->out, canvas_svg_done(c));
}

int
portal_begin_fonts(struct diag *d)
{
    static const struct str none[1];
    return font_init(none, 0, d);
}

int
portal_chart_svg(const struct portal_site *s, const struct report_chart *ch, struct arena *a,
                 struct str *ret, struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = ""};
    portal_chart(&p, ch, "chart");
    if (buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "a chart is larger than 4 GiB");
    *ret = arena_str(a, buf_view(&out));
    return 0;
}

/* ---- head and foot ---- */

static void
put_head(const struct portal_page *p, struct str title)
{
    portal_raw(p, "<!doctype html>\n<html");
    portal_attr(p, "lang", p->site->lang->code);
    portal_raw(p,
               ">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
               "content=\"default-src 'none'; style-src 'self'; script-src 'self'; img-src "
               "'self'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" "
               "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
               "content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
               "<meta name=\"generator\"");
    portal_attr(p, "content", p->site->tool);
    portal_raw(p, ">\n<title>");
    portal_text(p, title);
    if (p->site->organisation.len) {
        portal_raw(p, " · ");
        portal_text(p, p->site->organisation);
    }
    buf_fmt(p->out, "</title>\n<link rel=\"stylesheet\" href=\"%sassets/portal.css\">\n", p->up);
    if (p->head == HEAD_NOW)
        buf_fmt(p->out,
                "<script src=\"%sfleet.js\" defer></script>\n"
                "<script src=\"%sassets/portal.js\" defer></script>\n",
                p->up, p->up);
    portal_raw(p, "</head>\n");
}

static void
put_scope(const struct portal_page *p)
{
    const struct portal_site *s = p->site;
    struct str text = s->group.len ? LANG(s->lang, p->a, "portal.scope.group",
                                          {"group", utf8_name(p->a, s->group)})
                                   : portal_lang(p, "portal.scope.all");
    int64_t t = p->head == HEAD_NOW ? s->now : s->newest_scan;
    if (p->head >= HEAD_DATA && t != CLOCK_NONE)
        text = arena_fmt(
            p->a, "%.*s · %.*s", STR_ARG(text),
            STR_ARG(LANG(s->lang, p->a,
                         p->head == HEAD_NOW ? "portal.scope.state" : "portal.scope.newest",
                         {"time", portal_minute(p, t)}, {"zone", s->zone})));
    portal_element(p, "p", "scope", text);
}

void
portal_begin(const struct portal_page *p, int tab, struct str title)
{
    static const struct {
        const char *key, *href;
    } tabs[TAB__COUNT] = {[TAB_FLEET] = {"portal.tab.fleet", "index.html"},
                          [TAB_CHECKS] = {"portal.tab.checks", "checks.html"},
                          [TAB_CHANGES] = {"portal.tab.changes", "changes.html"},
                          [TAB_REPORTS] = {"portal.tab.reports", "reports.html"}};
    struct str what = portal_lang(p, "portal.title"), org = p->site->organisation;
    put_head(p, title);
    portal_raw(p, "<body>\n<a class=\"skip\" href=\"#main\">");
    portal_text(p, portal_lang(p, "html.skip"));
    portal_raw(p, "</a>\n<header><p class=\"org\">");
    portal_text(p, org.len ? arena_fmt(p->a, "%.*s · %.*s", STR_ARG(org), STR_ARG(what)) : what);
    portal_raw(p, "</p><nav");
    portal_attr(p, "aria-label", portal_lang(p, "portal.nav"));
    portal_raw(p, ">");
    for (int i = 0; i < TAB__COUNT; i++) {
        buf_fmt(p->out, "<a href=\"%s%s\"", p->up, tabs[i].href);
        if (i == tab)
            portal_attr(p, "aria-current", str_c(*p->up ? "true" : "page"));
        portal_raw(p, ">");
        portal_text(p, portal_lang(p, tabs[i].key));
        portal_raw(p, "</a>");
    }
    portal_raw(p, "</nav>");
    if (p->head != HEAD_PLAIN)
        put_scope(p);
    portal_raw(p, "</header>\n<main id=\"main\">\n<h1>");
    portal_name(p, title);
    portal_raw(p, "</h1>\n");
}

/* What the page rests on. */
static void
put_evidence(const struct portal_page *p)
{
    const struct portal_site *s = p->site;
    if (p->head == HEAD_NOW && s->checkpoint_size)
        portal_text(p, LANG(s->lang, p->a, "portal.foot.checkpoint", {"tool", s->tool},
                            {"n", portal_int(p, s->audit_seq + 1)},
                            {"size", portal_int(p, s->checkpoint_size)},
                            {"root", s->checkpoint_root}));
    else if (p->head == HEAD_NOW)
        portal_text(p, LANG(s->lang, p->a, "portal.foot.made", {"tool", s->tool},
                            {"n", portal_int(p, s->audit_seq + 1)}));
    portal_raw(p, p->head == HEAD_NOW ? " " : "");
    portal_text(p, portal_lang(p, s->is_signed ? "portal.foot.manifest" : "portal.foot.unsigned"));
    portal_raw(p, " ");
    portal_link(p, STR("state/manifest.json"), "", STR("manifest.json"));
    portal_raw(p, " · ");
    portal_link(p, STR("state/SHA256SUMS"), "", STR("SHA256SUMS"));
}

struct str
portal_end(const struct portal_page *p, struct str data, bool with_csv)
{
    portal_raw(p, "</main>\n<footer><p>");
    put_evidence(p);
    portal_raw(p, "</p><p>");
    portal_text(p, portal_lang(p, "portal.foot.data"));
    portal_raw(p, " ");
    struct str name = data;
    for (size_t i = 0; i < data.len; i++) /* the last part of the path */
        if (data.s[i] == '/')
            name = str_n(data.s + i + 1, data.len - i - 1);
    portal_link(p, data, ".json", arena_fmt(p->a, "%.*s.json", STR_ARG(name)));
    if (with_csv) {
        portal_raw(p, " · ");
        portal_link(p, data, ".csv", arena_fmt(p->a, "%.*s.csv", STR_ARG(name)));
    }
    portal_raw(p, "</p></footer>\n</body>\n</html>\n");
    assert(!buf_bad(p->out));
    return buf_give(p->out, p->a);
}
