/* The agents of a site three times: the first of them as rows, all of them as data of the script, and by name on pages for who has
 * none; fleet.c comes before, parts.c after. */
#include <assert.h>

#include "base/clock.h"
#include "base/json_put.h"
#include "base/map.h"
#include "base/utf8.h"
#include "render/portal/parts.h"

enum {
    CHUNK = 100,    /* rows that a browser lays out together, when they come into sight */
    LABEL_MAX = 28, /* bytes of a name in what leads to a page by name */
    NOTHING = -1
};

/* What a row says: the script has the same texts as the markup. */
struct row {
    struct str name, group, os, score, change, failed, fresh, day, heard, state;
    const char *change_class;                   /* NULL = as text */
    int64_t score_units, change_units, percent; /* of the score: NOTHING = there is none */
};

static void
make_row(const struct portal_page *p, const struct portal_agent *g, struct row *ret)
{
    const struct lang *l = p->site->lang;
    bool is_heard = g->last_contact != CLOCK_NONE && g->last_contact > g->last_scan;
    *ret = (struct row){.name = utf8_name(p->a, g->name),
                        .group =
                            utf8_name(p->a, g->group.len ? g->group : portal_lang(p, "group.none")),
                        .os = utf8_name(p->a, g->os),
                        .score = portal_score(p, g->score),
                        .failed = portal_int(p, g->tally.failed),
                        .day = portal_day(p, g->last_scan),
                        .state = portal_state_text(p, g),
                        .score_units = portal_score_units(g->score),
                        .percent = g->score.of ? g->score.n * 100 / g->score.of : NOTHING};
    ret->change = portal_change(p, g->score, g->before, &ret->change_class);
    if (g->score.of && g->before.of)
        ret->change_units = ret->score_units - portal_score_units(g->before);
    if (g->n_worse)
        ret->fresh = LANG(l, p->a, "portal.new", {"n", portal_int(p, g->n_worse)});
    if (is_heard)
        ret->heard = LANG(l, p->a, "portal.heard", {"day", portal_day(p, g->last_contact)});
}

/* ---- rows ---- */

static void
put_small(const struct portal_page *p, struct str text)
{
    if (text.len)
        portal_element(p, "small", NULL, text);
}

/* Roles are written out: rows are laid out as a grid, and some browsers forget then that it is a table. The bar
 * of the score is a background, whose width the classes t and u say, tens and units of the percentage. */
static void
put_row(const struct portal_page *p, const struct portal_agent *g)
{
    struct row r;
    make_row(p, g, &r);
    portal_raw(p, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
    portal_link(p, g->path, ".html", r.name);
    put_small(p,
              r.os.len ? arena_fmt(p->a, "%.*s · %.*s", STR_ARG(r.group), STR_ARG(r.os)) : r.group);
    portal_raw(p, "</th><td role=\"cell\" class=\"r score");
    if (r.percent != NOTHING)
        buf_fmt(p->out, " bar t%d u%d", (int)(r.percent / 10), (int)(r.percent % 10));
    portal_raw(p, "\">");
    portal_text(p, r.score);
    buf_fmt(p->out, "</td><td role=\"cell\" class=\"r wide%s%s\">", r.change_class ? " " : "",
            r.change_class ? r.change_class : "");
    portal_text(p, r.change);
    portal_raw(p, "</td><td role=\"cell\" class=\"r wide\">");
    portal_text(p, r.failed);
    put_small(p, r.fresh);
    portal_raw(p, "</td><td role=\"cell\" class=\"day\">");
    portal_text(p, r.day);
    put_small(p, r.heard);
    buf_fmt(p->out, "</td><td role=\"cell\" class=\"state %s\">", portal_state_word(g->state));
    portal_text(p, r.state);
    portal_raw(p, "</td></tr>\n");
}

static void
put_head(const struct portal_page *p, bool is_by_score)
{
    static const struct {
        const char *key, *cls;
    } columns[] = {{"portal.column.agent", ""},        {"portal.column.score", "r score"},
                   {"portal.column.change", "r wide"}, {"portal.column.failed", "r wide"},
                   {"portal.column.scan", "day"},      {"portal.column.state", "state"}};
    portal_raw(p, "<table class=\"agents\" role=\"table\"><caption class=\"hidden\">");
    portal_text(p, portal_lang(p, "portal.agents"));
    portal_raw(p, "</caption><thead role=\"rowgroup\"><tr role=\"row\">");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        buf_fmt(p->out, "<th role=\"columnheader\" scope=\"col\" class=\"%s\"%s>", columns[i].cls,
                i == 1 && is_by_score ? " aria-sort=\"ascending\"" : "");
        portal_text(
            p, LANG(p->site->lang, p->a, columns[i].key, {"days", portal_int(p, PORTAL_DAYS)}));
        portal_raw(p, "</th>");
    }
    portal_raw(p, "</tr></thead>\n");
}

static void
put_table(const struct portal_page *p, const struct portal_agent *const *v, size_t n,
          bool is_by_score)
{
    put_head(p, is_by_score);
    for (size_t i = 0; i < n; i++) {
        if (i % CHUNK == 0)
            buf_fmt(p->out, "%s<tbody role=\"rowgroup\">\n", i ? "</tbody>\n" : "");
        put_row(p, v[i]);
    }
    portal_raw(p, n ? "</tbody></table>\n" : "</table>\n");
}

/* ---- by name ---- */

size_t
portal_names_pages(const struct portal_fleet *f)
{
    return f->n > PORTAL_ROWS ? (f->n + PORTAL_ROWS - 1) / PORTAL_ROWS : 0;
}

/* The first and the last name of each page, as in a dictionary; page NOTHING = it is none of them. */
static void
put_names(const struct portal_page *p, const struct portal_fleet *f, long page)
{
    size_t n = portal_names_pages(f);
    if (!n)
        return;
    portal_raw(p, "<nav id=\"names\"");
    portal_attr(p, "aria-label", portal_lang(p, "portal.names"));
    portal_raw(p, ">");
    if (page == NOTHING)
        portal_say(p, "h2", NULL, "portal.names");
    portal_raw(p, "<ol>\n");
    for (size_t i = 0; i < n; i++) {
        size_t last = (i + 1) * PORTAL_ROWS < f->n ? (i + 1) * PORTAL_ROWS - 1 : f->n - 1;
        buf_fmt(p->out, "<li><a href=\"%snames/%zu.html\"", p->up, i + 1);
        if ((long)i == page)
            portal_attr(p, "aria-current", STR("page"));
        portal_raw(p, ">");
        portal_text(p,
                    utf8_fit(p->a, utf8_name(p->a, f->by_name[i * PORTAL_ROWS]->name), LABEL_MAX));
        portal_raw(p, " – ");
        portal_text(p, utf8_fit(p->a, utf8_name(p->a, f->by_name[last]->name), LABEL_MAX));
        portal_raw(p, "</a></li>\n");
    }
    portal_raw(p, "</ol></nav>\n");
}

struct str
portal_names_html(const struct portal_site *s, const struct portal_fleet *f, size_t page,
                  struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &out, .up = "../", .head = HEAD_WHOSE};
    size_t first = page * PORTAL_ROWS, rest = f->n - first;
    assert(page < portal_names_pages(f));
    portal_begin(&p, TAB_FLEET, portal_lang(&p, "portal.names"));
    put_names(&p, f, (long)page);
    put_table(&p, f->by_name + first, rest < PORTAL_ROWS ? rest : PORTAL_ROWS, false);
    return portal_end(&p, STR("fleet"), true);
}

/* ---- the first page ---- */

/* What the script turns pages with; it shows this when there is more than one. */
static void
put_turning(const struct portal_page *p)
{
    static const char *const ids[] = {"previous", "next", "whole"};
    portal_raw(p, "<div class=\"pages\" hidden><output id=\"where\"");
    portal_attr(p, "data-text", portal_lang(p, "portal.pages.where"));
    portal_raw(p, "></output>");
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        buf_fmt(p->out, "<button type=\"button\" id=\"%s\">", ids[i]);
        portal_text(p, portal_lang(p, arena_fmt(p->a, "portal.pages.%s", ids[i]).s));
        portal_raw(p, "</button>");
    }
    portal_raw(p, "</div>\n");
}

void
portal_put_agents(const struct portal_page *p, const struct portal_fleet *f)
{
    put_table(p, f->agents, f->n < PORTAL_ROWS ? f->n : PORTAL_ROWS, true);
    if (!f->n)
        portal_say(p, "p", "empty", "portal.agents.none");
    put_turning(p);
    put_names(p, f, NOTHING);
}

/* ---- data of the script ---- */

struct texts { /* those that many rows share, each once */
    struct map *at;
    VEC(struct str) v;
};

static size_t
text_index(struct texts *t, struct str text, struct arena *a)
{
    long at = map_get_index(t->at, text);
    if (at >= 0)
        return (size_t)at;
    map_put_index(t->at, text, t->v.n);
    *VEC_PUSH_SOLE(a, &t->v) = text;
    return t->v.n - 1;
}

/* The order of the values is that in which templates/portal/portal.js takes them. */
static void
put_data(const struct portal_page *p, struct json_put *j, const struct portal_agent *g,
         struct texts *t)
{
    struct row r;
    make_row(p, g, &r);
    const struct str shared[] = {r.group,
                                 r.os,
                                 str_c(portal_state_word(g->state)),
                                 r.state,
                                 r.score,
                                 r.change,
                                 str_c(r.change_class ? r.change_class : ""),
                                 r.failed,
                                 r.fresh,
                                 r.day,
                                 r.heard};
    const int64_t numbers[] = {r.score_units, r.percent, r.change_units, g->tally.failed,
                               g->last_scan == CLOCK_NONE ? 0 : g->last_scan};
    json_put_open(j, '[');
    json_put_str(j, r.name);
    json_put_str(j, g->path);
    json_put_str(j, g->address);
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        json_put_int(j, (int64_t)text_index(t, shared[i], p->a));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        json_put_int(j, numbers[i]);
    json_put_close(j, ']');
}

/* JSON as a script: no text in it ends a script, opens a comment of HTML, or ends a line. All three stand
 * inside of strings only. */
static void
put_as_script(struct buf *out, struct str json)
{
    for (size_t i = 0; i < json.len; i++) {
        const char *s = json.s + i;
        bool is_line =
            i + 2 < json.len && memcmp(s, "\xe2\x80", 2) == 0 && (s[2] == '\xa8' || s[2] == '\xa9');
        if (*s == '<')
            buf_puts(out, "\\u003c");
        else if (is_line)
            buf_puts(out, s[2] == '\xa8' ? "\\u2028" : "\\u2029");
        else
            buf_putc(out, *s);
        i += is_line ? 2 : 0;
    }
}

struct str
portal_fleet_script(const struct portal_site *s, const struct portal_fleet *f, struct arena *a)
{
    AUTO_BUF json = buf_init(BUF_MAX_DEFAULT);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct portal_page p = {.site = s, .a = a, .out = &json, .up = ""};
    struct json_put j = json_put_init(&json);
    struct texts texts = {.at = map_new(a)};
    json_put_open(&j, '{');
    json_put_key(&j, "agents");
    json_put_open(&j, '[');
    for (size_t i = 0; i < f->n; i++)
        put_data(&p, &j, f->agents[i], &texts);
    json_put_close(&j, ']');
    json_put_key(&j, "texts");
    json_put_open(&j, '[');
    for (size_t i = 0; i < texts.v.n; i++)
        json_put_str(&j, texts.v.v[i]);
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    buf_puts(&out, "self.assayFleet = ");
    put_as_script(&out, buf_view(&json));
    buf_puts(&out, ";\n");
    assert(!buf_bad(&json) && !buf_bad(&out));
    return buf_give(&out, a);
}
