/* The layout of the PDF: where lines break, how wide columns are, what stays together on a page. */
#include "check.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "fake_report.h"
#include "render/layout/cell.h"
#include "render/layout/layout.h"

/* ---- lines ---- */

/* Every line but its trailing space fits, and all lines together are the text without newlines. */
static void
check_lines(struct arena *a, struct str text, double width, double slack)
{
    const struct layout_lines lines = layout_wrap(a, &layout_body, text, width);
    size_t bytes = 0, newlines = 0;
    for (size_t i = 0; i < lines.v.n; i++) {
        struct str line = lines.v.v[i];
        while (line.len && line.s[line.len - 1] == ' ')
            line.len--;
        CHECK(layout_width(&layout_body, line) <= width + slack);
        bytes += lines.v.v[i].len;
    }
    for (size_t i = 0; i < text.len; i++)
        newlines += text.s[i] == '\n';
    CHECK(bytes + newlines == text.len);
}

static void
test_words(struct arena *a)
{
    double wide = layout_width(&layout_body, STR("alpha beta")) + 1;
    struct layout_lines l = layout_wrap(a, &layout_body, STR("alpha beta gamma"), wide);
    CHECK(l.v.n == 2);
    CHECK_STR(l.v.v[0], "alpha beta ");
    CHECK_STR(l.v.v[1], "gamma");
    l = layout_wrap(a, &layout_body, STR("one\n\ntwo\tthree"), 500);
    CHECK(l.v.n == 3);
    CHECK_STR(l.v.v[1], "");
    CHECK_STR(l.v.v[2], "two three");
    CHECK(layout_wrap(a, &layout_body, STR(""), 100).v.n == 0);
    /* a no-break space holds a number and its unit */
    l = layout_wrap(a, &layout_body, STR("the score is 46.1\xc2\xa0%"),
                    layout_width(&layout_body, STR("the score is 46.1")) + 1);
    CHECK(l.v.n == 2);
    CHECK_STR(l.v.v[1], "46.1\xc2\xa0%");
}

static void
test_long_words(struct arena *a)
{
    struct str path = STR("/usr/share/some-directory/with-a-long-name/file.conf");
    struct layout_lines l = layout_wrap(a, &layout_body, path, 90);
    CHECK(l.v.n > 2);
    for (size_t i = 0; i + 1 < l.v.n; i++) { /* behind what divides a path */
        struct str line = l.v.v[i];
        CHECK(line.s[line.len - 1] == '/' || line.s[line.len - 1] == '-');
    }
    check_lines(a, path, 90, 1);
    char *big = arena_alloc(a, 100001);
    memset(big, 'x', 100000);
    check_lines(a, str_n(big, 100000), 120, 1);
    l = layout_wrap(a, &layout_body, STR("WW"), 0.5); /* a letter a line, for ever narrower */
    CHECK(l.v.n == 2);
}

static void
test_japanese(struct arena *a)
{
    struct str text =
        STR("6台のエージェントのうち5台で同じ4項目が不合格でした。スコアは合格数を、合計で割った値"
            "です。(適用外の項目は「含みません」。)");
    static const char *const forbidden[] = {"、", "。", "ー", "ェ", "ッ", "」", ")"};
    for (double width = 40; width < 200; width += 7) {
        const struct layout_lines l = layout_wrap(a, &layout_body, text, width);
        for (size_t i = 1; i < l.v.n; i++)
            for (size_t k = 0; k < sizeof forbidden / sizeof *forbidden; k++)
                CHECK(!str_starts(l.v.v[i], forbidden[k]));
        for (size_t i = 0; i + 1 < l.v.n; i++)
            CHECK(!str_ends(l.v.v[i], "「") && !str_ends(l.v.v[i], "("));
        check_lines(a, text, width, 1);
    }
}

/* Where the lines of a text end at a width of so many ideographs. */
static struct str
broken(struct arena *a, const char *text, double ideographs, bool even)
{
    struct layout_style s = layout_body;
    double width = ideographs * s.size + 0.5;
    const struct layout_lines l =
        even ? layout_wrap_even(a, &s, str_c(text), width) : layout_wrap(a, &s, str_c(text), width);
    struct str out = STR("");
    for (size_t i = 0; i < l.v.n; i++)
        out = arena_fmt(a, "%.*s%s%.*s", STR_ARG(out), i ? "|" : "", STR_ARG(l.v.v[i]));
    return out;
}

static void
test_words_without_spaces(struct arena *a)
{
    /* a word of two letters is not torn where another place is near */
    CHECK_STR(broken(a, "監査ログを保存する期間", 6, false), "監査ログを|保存する期間");
    CHECK_STR(broken(a, "監査記録保存期間", 5, false), "監査記録|保存期間");
    /* nor a number from what it counts */
    CHECK_STR(broken(a, "不合格の60台を", 7, false), "不合格の|60台を");
    /* a comma ends a line well */
    CHECK_STR(broken(a, "合格は減り、不合格は増えた", 9, false), "合格は減り、|不合格は増えた");
    /* no letter stands alone, and headings have even lines */
    CHECK_STR(broken(a, "カテゴリー別の合格率", 9, false), "カテゴリー別の|合格率");
    CHECK_STR(broken(a, "エージェントごとの合格率", 11, true), "エージェントごとの|合格率");
    CHECK_STR(broken(a, "Passed checks rise, failed checks fall", 14, true),
              "Passed checks rise, |failed checks fall");
    /* but all is broken when it must be */
    CHECK_STR(broken(a, "監査", 1.2, false), "監|査");
    CHECK_STR(broken(a, "\xef\xbf\xbf監査\xef\xbf\xbf", 40, false), "\xef\xbf\xbf監査\xef\xbf\xbf");
    /* no run of one script takes long */
    char *many = arena_alloc(a, 300001);
    for (size_t i = 0; i < 300000; i += 3)
        memcpy(many + i, "監", 3);
    CHECK(layout_wrap(a, &layout_body, str_n(many, 300000), 300).v.n > 3000);
}

/* Texts of hosts run as their first letter says, all others from left to right. */
static void
test_leftward(struct arena *a)
{
    struct layout_style foreign = layout_body;
    foreign.is_foreign = true;
    const struct layout_lines l = layout_wrap(a, &foreign, STR("של root\nabc של"), 200);
    CHECK(l.v.n == 2);
    CHECK_STR(l.v.v[0], FONT_LEFTWARD "של root");
    CHECK_STR(l.v.v[1], "abc של");
    CHECK_STR(layout_wrap(a, &layout_body, STR("של root"), 200).v.v[0], "של root");
}

/* Any bytes: repaired, not lost, and it ends. */
static void
test_any_bytes(struct arena *a)
{
    uint32_t x = 2463534242u;
    static const char *const pieces[] = {"a", " ",    "\n", "/", "W",  "日",           "。",
                                         "́",  "\xff", "ﬁ",  "😀", "\t", "longer-words", "  "};
    for (int round = 0; round < 200; round++) {
        AUTO_BUF b = buf_init(1 << 16);
        for (int i = 0; i < 60; i++) {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            buf_puts(&b, pieces[x % (sizeof pieces / sizeof *pieces)]);
        }
        struct str repaired = utf8_repair(a, arena_str(a, buf_view(&b)));
        const struct layout_lines l = layout_wrap(a, &layout_body, buf_view(&b), 30 + x % 90);
        size_t bytes = 0, newlines = 0;
        for (size_t i = 0; i < l.v.n; i++) {
            CHECK(utf8_valid(l.v.v[i]));
            bytes += l.v.v[i].len;
        }
        for (size_t i = 0; i < repaired.len; i++)
            newlines += repaired.s[i] == '\n';
        CHECK(bytes <= repaired.len - newlines);
        size_t dropped = repaired.len - newlines - bytes; /* only spaces beyond the first */
        size_t spaces = 0;
        for (size_t i = 0; i < repaired.len; i++)
            spaces += repaired.s[i] == ' ' || repaired.s[i] == '\t';
        CHECK(dropped <= spaces);
    }
}

/* ---- columns ---- */

static void
check_sum(const double *w, size_t n, double width)
{
    double sum = LAYOUT_COLUMN_GAP * (double)(n - 1);
    for (size_t i = 0; i < n; i++) {
        CHECK(w[i] > 0);
        sum += w[i];
    }
    CHECK(fabs(sum - width) < 0.6);
}

static struct layout
column_of(struct arena *a, const struct report *r, double width)
{
    return (struct layout){.r = r,
                           .a = a,
                           .scratch = arena_new(),
                           .w = width,
                           .width = width,
                           .top = 68,
                           .bottom = 785,
                           .y = 68,
                           .dry = true};
}

static void
column_drop(struct layout *l)
{
    layout_cell_forget(l);
    arena_free(l->scratch);
}

static struct report_table *
input_table(struct arena *a, struct report_section *s)
{
    struct report_table *t = report_add_table(a, s, "inputs", STR("Inputs"));
    report_add_column(a, t, "file", STR("File"), CELL_TEXT, ALIGN_LEFT, 2);
    report_add_column(a, t, "format", STR("Format"), CELL_TEXT, ALIGN_LEFT, 0);
    report_add_column(a, t, "verdict", STR("Verdict"), CELL_TEXT, ALIGN_LEFT, 0);
    report_add_column(a, t, "bytes", STR("Bytes"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "received", STR("Received (UTC)"), CELL_TIME, ALIGN_LEFT, 0);
    report_add_column(a, t, "sha256", STR("SHA-256"), CELL_HASH, ALIGN_LEFT, 3);
    for (int i = 0; i < 5; i++) {
        struct report_row *row = report_add_row(a, t);
        row->cells[0] = cell_text(STR("app02.example.net@1792157686.xccdf.xml"));
        row->cells[1] = cell_text(STR("xccdf-1.2"));
        row->cells[2] = cell_text(STR("stored"));
        row->cells[3] = cell_int(20854);
        row->cells[4] = cell_time(FAKE_SCANNED);
        row->cells[5] =
            cell_hash(STR("b5d54c39e66671c9731b9f471e585d8262cd4f54963f0c93082d8dcf334d4c78"));
    }
    return t;
}

static void
test_columns(struct arena *a)
{
    struct report *r = fake_report(a, "en", 0);
    const struct report_table *t = input_table(a, report_add_section(a, r, "i", STR("Inputs")));
    double w[6], number = layout_width(&layout_body, STR("20,854"));
    for (double width = 300; width <= 700; width += 40) {
        struct layout l = column_of(a, r, width);
        layout_columns(&l, t, w);
        check_sum(w, 6, width);
        if (width >= 340)
            CHECK(w[3] >= number - 0.01); /* a number is never broken */
        if (width >= 420)
            CHECK(w[2] >= layout_width(&layout_body, STR("stored")) - 0.01);
        column_drop(&l);
    }
    struct layout l = column_of(a, r, 20); /* too narrow for anything: still a layout */
    layout_columns(&l, t, w);
    for (size_t i = 0; i < 6; i++)
        CHECK(w[i] > 0 && isfinite(w[i]));
    column_drop(&l);
}

/* ---- heights ---- */

static void
test_heights(struct arena *a)
{
    struct report *r = fake_report(a, "en", FAKE_LONG);
    struct layout l = column_of(a, r, 482);
    const struct report_section *s = &r->sections.v[r->sections.n - 1];
    const struct report_table *t = s->blocks.v[0].table;
    double lead = layout_table_lead(&l, t);
    CHECK(lead > 60 && lead < 140); /* head and three rows */
    double y = l.y;
    layout_table(&l, t);
    CHECK(l.y - y > 60 * 20 &&
          l.y - y < 60 * 23); /* 60 rows of one line, drawn dry: nothing ends */
    struct layout narrow = column_of(a, r, 60);
    layout_table(&narrow, t);
    CHECK(narrow.y - 68 > l.y - y);        /* wrapped, not clipped */
    CHECK(layout_blocks_lead(&l, s) > 60); /* its title stands above: no caption */
    column_drop(&l);
    column_drop(&narrow);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (font_init(NULL, 0, &d) != 0) {
        printf("skipped: %s\n", diag_text(&d).s);
        return 77;
    }
    test_words(a);
    test_long_words(a);
    test_japanese(a);
    test_words_without_spaces(a);
    test_leftward(a);
    test_any_bytes(a);
    test_columns(a);
    test_heights(a);
    arena_free(a);
    return CHECK_DONE();
}
