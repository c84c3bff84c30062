/* Charts on a canvas that writes down what is drawn; the SVG canvas; the PNG edition. */
#include <stdlib.h>

#include "check.h"

#include "base/buf.h"
#include "fake_report.h"
#include "read_back.h"
#include "render/canvas/svg.h"
#include "render/chart/chart.h"
#include "render/chart/parts.h"
#include "render/font/font.h"
#include "render/palette.h"
#include "render/render.h"

/* ---- a canvas that remembers ---- */

enum { MAX_OPS = 2000 };

struct op {
    char kind; /* M L A Z paint P text T */
    double x, y, a0, a1;
    struct canvas_paint paint;
    struct str text;
    uint32_t colour;
};

struct memory {
    struct op ops[MAX_OPS];
    size_t n;
};

static struct op *
remember(struct canvas *c, struct op o)
{
    struct memory *m = c->ctx;
    CHECK(m->n < MAX_OPS);
    m->ops[m->n] = o;
    return &m->ops[m->n++];
}

static void
on_move(struct canvas *c, double x, double y)
{
    remember(c, (struct op){.kind = 'M', .x = x, .y = y});
}

static void
on_line(struct canvas *c, double x, double y)
{
    remember(c, (struct op){.kind = 'L', .x = x, .y = y});
}

static void
on_arc(struct canvas *c, double cx, double cy, double r, double a0, double a1)
{
    CHECK(r > 0);
    remember(c, (struct op){.kind = 'A', .x = cx, .y = cy, .a0 = a0, .a1 = a1});
}

static void
on_close(struct canvas *c)
{
    remember(c, (struct op){.kind = 'Z'});
}

static void
on_paint(struct canvas *c, struct canvas_paint p)
{
    remember(c, (struct op){.kind = 'P', .paint = p});
}

static double
on_width(struct canvas *c, double size_pt, bool bold, struct str s)
{
    (void)c;
    return font_width(bold ? FONT_BOLD : FONT_REGULAR, size_pt, s);
}

static void
on_text(struct canvas *c, double x, double y, double size_pt, bool bold, uint32_t colour,
        enum canvas_anchor anchor, struct str s)
{
    double w = on_width(c, size_pt, bold, s);
    double left = anchor == ANCHOR_END ? x - w : anchor == ANCHOR_MIDDLE ? x - w / 2 : x;
    CHECK(left > -1 && left + w < c->width + 12); /* dates may pass the last point by half */
    CHECK(y > 0 && y < c->height + 1);
    remember(c, (struct op){.kind = 'T', .x = left, .y = y, .a0 = w, .text = s, .colour = colour});
}

static struct memory *
draw(struct arena *a, const struct report_chart *ch, const char *lang, double width)
{
    struct memory *m = ARENA_NEW(a, struct memory);
    struct canvas c = {.width = width,
                       .height = chart_height(ch, width),
                       .arena = a,
                       .ctx = m,
                       .move_to = on_move,
                       .line_to = on_line,
                       .arc = on_arc,
                       .close = on_close,
                       .paint = on_paint,
                       .text = on_text,
                       .text_width = on_width};
    chart_draw(ch, fake_lang(a, lang), &c);
    return m;
}

static const struct op *
find_text(const struct memory *m, const char *text)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->ops[i].kind == 'T' && str_eqc(m->ops[i].text, text))
            return &m->ops[i];
    return NULL;
}

static size_t
count(const struct memory *m, char kind)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += m->ops[i].kind == kind;
    return n;
}

static struct report_chart *
first_chart(struct arena *a, void (*make)(struct arena *a, struct report_section *s))
{
    struct report_section *s = ARENA_NEW(a, struct report_section);
    make(a, s);
    return s->blocks.v[0].chart;
}

/* ---- lines ---- */

static size_t
strokes(const struct memory *m, uint32_t colour, bool dashed)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct canvas_paint *p = &m->ops[i].paint;
        n += m->ops[i].kind == 'P' && p->width_pt > 1 && p->stroke == colour && p->dashed == dashed;
    }
    return n;
}

static void
test_lines(struct arena *a)
{
    const struct report_chart *ch = first_chart(a, fake_lines);
    const struct memory *m = draw(a, ch, "en", 250);
    static const char *const ticks[] = {"0", "50", "100", "150", "200"};
    for (size_t i = 0; i < 5; i++)
        CHECK(find_text(m, ticks[i]));
    CHECK(!find_text(m, "250") && find_text(m, "0")->y > find_text(m, "200")->y);
    CHECK(find_text(m, "4 Jul") && find_text(m, "26 Sep"));
    CHECK(strokes(m, PALETTE_FAIL, true) == 1 && strokes(m, PALETTE_FAIL, false) == 0);
    CHECK(strokes(m, PALETTE_PASS, false) == 2); /* two stretches: a gap lies between */
    const struct op *failed = find_text(m, "failed 138"), *passed = find_text(m, "passed 118");
    CHECK(failed && passed && failed->y < passed->y && failed->x == passed->x);
    CHECK(failed->colour == PALETTE_FAIL);
    const struct memory *ja = draw(a, ch, "ja", 250);
    CHECK(find_text(ja, "7月4日") && find_text(ja, "9月26日"));
}

/* Six lines that end at the same value: their names may not touch. */
static void
test_collisions(struct arena *a)
{
    struct report_section *s = ARENA_NEW(a, struct report_section);
    struct report_chart *ch = fake_chart(a, s, CHART_LINES, "k", "T", "A");
    ch->n_points = 2;
    ch->percent = true;
    for (int i = 0; i < 6; i++)
        fake_series(a, ch, "k", arena_fmt(a, "group %d", i).s, ROLE_ACCENT,
                    fake_values(a, (double[]){50, 99 + i / 10.0}, 2));
    const struct memory *m = draw(a, ch, "en", 250);
    CHECK(find_text(m, "0\xc2\xa0%") && find_text(m, "25\xc2\xa0%"));
    CHECK(find_text(m, "100\xc2\xa0%") && find_text(m, "group 5 99.5\xc2\xa0%"));
    double last = -1;
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (m->ops[i].kind != 'T' || !str_starts(m->ops[i].text, "group"))
            continue;
        CHECK(last < 0 || m->ops[i].y - last > CHART_LINE_PT - 0.01);
        last = m->ops[i].y;
        n++;
    }
    CHECK(n == 6);
}

static void
test_odd_lines(struct arena *a)
{
    struct report_section *s = ARENA_NEW(a, struct report_section);
    struct report_chart *ch = fake_chart(a, s, CHART_LINES, "k", "T", "A");
    CHECK(find_text(draw(a, ch, "en", 200), "no data"));
    ch->n_points = 3;
    fake_series(a, ch, "k", "nothing", ROLE_PASSED, fake_values(a, (double[]){NAN, NAN, NAN}, 3));
    CHECK(find_text(draw(a, ch, "ja", 200), "データなし"));
    fake_series(a, ch, "k", "zero", ROLE_FAILED, fake_values(a, (double[]){0, NAN, 0}, 3));
    const struct memory *m = draw(a, ch, "en", 200);
    CHECK(find_text(m, "zero 0") && find_text(m, "1") && !find_text(m, "no data"));
    CHECK(count(m, 'A') == 3); /* two lone points, and the end */
    ch->series.n = 0;
    fake_series(a, ch, "k", "big", ROLE_FAILED, fake_values(a, (double[]){1e12, 3e12, 0}, 3));
    m = draw(a, ch, "en", 300);
    CHECK(find_text(m, "3,000,000,000,000") && find_text(m, "big 0"));
    char *word = arena_alloc(a, 1000001);
    memset(word, 'w', 1000000);
    ch->series.v[0].label = str_n(word, 1000000);
    m = draw(a, ch, "en", 300);
    for (size_t i = 0; i < m->n; i++)
        CHECK(m->ops[i].kind != 'T' || m->ops[i].text.len < 200);
}

/* ---- pies ---- */

static void
test_pie(struct arena *a)
{
    const struct report_chart *ch = first_chart(a, fake_pie);
    const struct memory *m = draw(a, ch, "en", 270);
    double at = 0;
    size_t hatched = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct op *o = &m->ops[i];
        if (o->kind == 'A') {
            CHECK(fabs(o->a0 - at) < 1e-9 && o->a1 > o->a0);
            at = o->a1;
        }
        hatched += o->kind == 'P' && o->paint.hatched;
    }
    CHECK(count(m, 'A') == 3 && fabs(at - 2 * M_PI) < 1e-9);
    CHECK(hatched == 2); /* slice and swatch */
    CHECK(find_text(m, "92") && find_text(m, "66.2\xc2\xa0%") &&
          find_text(m, "✗\xc2\xa0"
                       "Failed"));
    CHECK(count(draw(a, ch, "en", 100), 'T') == 0); /* the disc alone */
}

/* Several pies: a disc each, with name and share; one legend; three a row, fewer where it is narrow. */
static void
test_pies(struct arena *a)
{
    struct report_section *s = ARENA_NEW(a, struct report_section);
    struct report_chart *ch = fake_chart(a, s, CHART_PIE, "k", "T", "A");
    ch->n_points = 4;
    ch->labels = ARENA_ARRAY(a, struct str, 4);
    for (int i = 0; i < 4; i++)
        ch->labels[i] = arena_fmt(a, "Name %d", i);
    fake_series(a, ch, "passed", "Passed", ROLE_PASSED, fake_values(a, (double[]){2, 1, 1999, 0}, 4));
    fake_series(a, ch, "failed", "Failed", ROLE_FAILED, fake_values(a, (double[]){0, 3, 1, 0}, 4));
    const struct memory *m = draw(a, ch, "en", 450);
    CHECK(find_text(m, "Name 0") && find_text(m, "Name 3") && find_text(m, "25\xc2\xa0%"));
    CHECK(find_text(m, "99.95\xc2\xa0%") || find_text(m, "99.9\xc2\xa0%")); /* one failed: never 100 */
    CHECK(find_text(m, "not evaluated"));
    CHECK(count(m, 'T') == 4 * 2 + 2 && count(m, 'A') == 1 + 2 + 2 + 1); /* the last is a ring */
    CHECK(chart_height(ch, 450) < chart_height(ch, 250) && chart_height(ch, 250) < 5 * 60 + 1);
}

static void
test_odd_pies(struct arena *a)
{
    struct report_section *s = ARENA_NEW(a, struct report_section);
    struct report_chart *ch = fake_chart(a, s, CHART_PIE, "k", "T", "A");
    ch->n_points = 1;
    fake_series(a, ch, "k", "only", ROLE_PASSED, fake_values(a, (double[]){0}, 1));
    CHECK(find_text(draw(a, ch, "en", 270), "no data"));
    ch->series.v[0].values[0] = 7;
    CHECK(count(draw(a, ch, "en", 270), 'A') == 1);
    for (int i = 0; i < 8; i++)
        fake_series(a, ch, "k", "more", ROLE_NEUTRAL, fake_values(a, (double[]){1}, 1));
    const struct memory *m = draw(a, ch, "en", 270);
    CHECK(count(m, 'A') == 6 && find_text(m, "Other") && find_text(m, "4"));
}

/* ---- bars ---- */

static void
test_bars(struct arena *a)
{
    struct report_chart *ch = first_chart(a, fake_bars);
    const struct memory *m = draw(a, ch, "en", 270);
    CHECK(find_text(m, "アカウント管理") && find_text(m, "193") && find_text(m, "Passed"));
    double tall = chart_height(ch, 270), wide = chart_height(ch, 600);
    CHECK(tall > wide && wide > 3 * 16); /* long labels take more lines when narrow */
    double longest = 0;
    for (size_t i = 0; i + 1 < m->n; i++)
        if (m->ops[i].kind == 'M' && m->ops[i + 1].kind == 'L')
            longest = fmax(longest, m->ops[i + 1].x);
    CHECK(longest < 270); /* bars end before their values */
    ch->labels[0] =
        STR("a very long name that goes on and on and on and on and on and on and on and "
            "on and on and on and on and on and on and on and on and on and on");
    m = draw(a, ch, "en", 270);
    bool cut = false;
    for (size_t i = 0; i < m->n; i++)
        cut = cut || (m->ops[i].kind == 'T' && str_ends(m->ops[i].text, "…"));
    CHECK(cut);
    ch->series.v[0].values[2] = NAN;
    CHECK(find_text(draw(a, ch, "en", 270), "–"));
}

/* ---- the back ends ---- */

static void
test_svg(struct arena *a)
{
    const struct report_chart *ch = first_chart(a, fake_pie);
    struct canvas *c = canvas_svg_new(a, 270, chart_height(ch, 270), STR("c 1\""),
                                      STR("a < b & \"c\""), STR("alt\xe2\x80\xae"));
    chart_draw(ch, fake_lang(a, "en"), c);
    struct str svg = canvas_svg_done(c);
    CHECK(str_starts(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" "
                          "aria-labelledby=\"c-1--t c-1--d\" viewBox=\"0 0 270 "));
    CHECK(str_find(svg, "<title id=\"c-1--t\">a &lt; b &amp; &quot;c&quot;</title>") > 0);
    CHECK(str_find(svg, "<desc id=\"c-1--d\">alt⟨U+202E⟩</desc>") > 0);
    CHECK(read_count(svg, "<pattern id=\"c-1--h\"") == 1);
    CHECK(read_count(svg, "url(#c-1--h)") == 2);
    CHECK(str_find(svg, "class=\"f-pass s-paper\" fill=\"#006b4f\"") > 0);
    CHECK(str_find(svg, "textLength=\"") > 0 && str_find(svg, ">66.2\xc2\xa0%</text>") > 0);
    CHECK(read_count(svg, "style=") == 0 && str_ends(svg, "</svg>"));
    c = canvas_svg_new(a, 10, 10, STR("x"), STR(""), STR(""));
    c->arc(c, 5, 5, 2, 0, 2 * M_PI);
    c->close(c);
    c->paint(c, (struct canvas_paint){.stroke = 0x123456, .width_pt = 0.5, .dashed = true});
    svg = canvas_svg_done(c);
    CHECK(str_find(svg, "<path d=\"M5 3A2 2 0 0 1 5 7A2 2 0 0 1 5 3Z\" fill=\"none\" "
                        "stroke=\"#123456\" stroke-width=\"0.5\"") > 0);
}

static const struct renderer *
png(void)
{
    return render_find(STR("png"));
}

/* Width and height as the head of a PNG has them. */
static unsigned
png_number(struct str png_bytes, size_t at)
{
    const unsigned char *b = (const unsigned char *)png_bytes.s + at;
    CHECK(png_bytes.len > at + 4);
    return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

static void
test_pictures(struct arena *a)
{
    static const char *const names[] = {"hr-01-evolution.png", "hr-02-categories.png",
                                        "hr-03-access-control.png"};
    const struct report *r = fake_report(a, "en", 0);
    const struct render_options o = {.file_stem = STR("hr")};
    struct render_files one = {0}, two = {0};
    struct diag d = diag_init(a);
    CHECK(png()->write(r, &o, a, &one, &d) == 0 && png()->write(r, &o, a, &two, &d) == 0);
    CHECK(one.files.n == 3 && two.files.n == 3);
    for (size_t i = 0; i < one.files.n && i < 3; i++) {
        struct str bytes = one.files.v[i].bytes;
        CHECK_STR(one.files.v[i].name, names[i]);
        CHECK_STR(one.files.v[i].media_type, "image/png");
        CHECK(bytes.len > 4000 && memcmp(bytes.s, "\x89PNG\r\n\x1a\n", 8) == 0);
        CHECK(str_eq(bytes, two.files.v[i].bytes));
        CHECK(png_number(bytes, 16) == 1280 && png_number(bytes, 20) > 300);
    }
}

/* Names of files come from keys, whatever these are; a picture too high for cairo is painted smaller. */
static void
test_odd_pictures(struct arena *a)
{
    struct report *r = ARENA_NEW(a, struct report);
    r->lang = fake_lang(a, "ja");
    r->subtitle = STR("すべてのグループ・2026年10月");
    const struct render_options o = {.file_stem = STR("x")};
    struct render_files none = {0}, f = {0};
    struct diag d = diag_init(a);
    CHECK(png()->write(r, &o, a, &none, &d) == 0 && none.files.n == 0);
    struct report_section *s = report_add_section(a, r, "top ../Agents", STR("S"));
    fake_chart(a, s, CHART_PIE, "../../etc/Pass wd--", "T", "A");
    fake_chart(a, s, CHART_LINES, "円グラフ", "日本語の見出し", "A");
    fake_chart(a, s, CHART_LINES, "chart-", "T", "A");
    char *word = arena_alloc(a, 301);
    memset(word, 'w', 300);
    fake_chart(a, s, CHART_LINES, word, "", "A");
    struct report_chart *high = fake_chart(a, s, CHART_BARS, "chart-evolution-2", "T", "A");
    high->n_points = 1000;
    high->labels = ARENA_ARRAY(a, struct str, 1000);
    for (size_t i = 0; i < 1000; i++)
        high->labels[i] = STR("bar");
    fake_series(a, high, "k", "many", ROLE_ACCENT, ARENA_ARRAY(a, double, 1000));
    CHECK(png()->write(r, &o, a, &f, &d) == 0 && f.files.n == 5);
    CHECK_STR(f.files.v[0].name, "x-01-etc-pass-wd.png");
    CHECK_STR(f.files.v[1].name, "x-02-top-agents.png");
    CHECK_STR(f.files.v[2].name, "x-03-top-agents.png");
    CHECK(f.files.v[3].name.len == strlen("x-04-.png") + 60);
    CHECK_STR(f.files.v[4].name, "x-05-evolution-2.png");
    CHECK(png_number(f.files.v[4].bytes, 20) == 16000 && png_number(f.files.v[4].bytes, 16) < 400);
}

/* What a host may send stands in titles, scopes and labels: a picture it must give, and a small one. */
static void
test_hostile_pictures(struct arena *a)
{
    struct report *r = ARENA_NEW(a, struct report);
    const struct render_options o = {.file_stem = STR("h")};
    struct render_files f = {0};
    struct diag d = diag_init(a);
    char *big = arena_alloc(a, 1000001);
    memset(big, 'x', 1000000);
    r->lang = fake_lang(a, "en");
    r->subtitle = str_n(big, 1000000);
    struct report_section *s = report_add_section(a, r, "hostile", STR("S"));
    for (size_t i = 0; i < FAKE_HOSTILE_TEXTS; i++) {
        const char *text = fake_hostile_texts[i];
        struct report_chart *ch =
            fake_chart(a, s, i % 2 ? CHART_PIE : CHART_LINES, text, text, "A");
        ch->n_points = 1;
        fake_series(a, ch, "k", text, ROLE_FAILED, fake_values(a, (double[]){3}, 1));
    }
    CHECK(png()->write(r, &o, a, &f, &d) == 0 && f.files.n == FAKE_HOSTILE_TEXTS);
    for (size_t i = 0; i < f.files.n; i++) {
        struct str name = f.files.v[i].name;
        CHECK(png_number(f.files.v[i].bytes, 20) < 1000 && name.len < 80);
        for (size_t k = 0; k < name.len; k++)
            CHECK(strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", name.s[k]));
    }
}

int
main(void)
{
    setenv("TZ", "UTC", 1);
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (font_init(NULL, 0, &d) != 0) {
        printf("skipped: %s\n", diag_text(&d).s);
        return 77;
    }
    test_lines(a);
    test_collisions(a);
    test_odd_lines(a);
    test_pie(a);
    test_pies(a);
    test_odd_pies(a);
    test_bars(a);
    test_svg(a);
    test_pictures(a);
    test_odd_pictures(a);
    test_hostile_pictures(a);
    arena_free(a);
    return CHECK_DONE();
}
