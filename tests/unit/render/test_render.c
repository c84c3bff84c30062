/* The words and numbers every writer shares, and that the editions agree on them. */
#include <stdlib.h>

#include "check.h"

#include "fake_report.h"
#include "read_back.h"
#include "render/number.h"
#include "render/palette.h"
#include "render/renderers.h"

static struct str
shown(struct arena *a, const struct report *r, struct report_cell c)
{
    return render_cell_text(r, &c, a);
}

static void
test_cells(struct arena *a)
{
    const struct report *en = fake_report(a, "en", 0), *ja = fake_report(a, "ja", 0);
    CHECK_STR(shown(a, en, cell_int(1066)), "1,066");
    CHECK_STR(shown(a, en, cell_int(-1234567)), "-1,234,567");
    CHECK_STR(shown(a, en, cell_int(999)), "999");
    CHECK_STR(shown(a, en, cell_int(INT64_MIN)), "-9,223,372,036,854,775,808");
    CHECK_STR(shown(a, en, cell_number(exact_ratio(2469, 2, 2))), "1,234.50");
    CHECK_STR(shown(a, en, cell_number(exact_ratio(1, 0, 2))), "–");
    CHECK_STR(shown(a, en, cell_score(exact_percent((struct share){461, 1000}, 2))), "46.1\xc2\xa0%");
    CHECK_STR(shown(a, ja, cell_score(exact_percent((struct share){461, 1000}, 2))), "46.1%");
    CHECK_STR(shown(a, en, cell_score(exact_percent((struct share){0, 0}, 2))), "not evaluated");
    CHECK_STR(shown(a, ja, cell_score(exact_percent((struct share){0, 0}, 2))), "評価なし");
    CHECK_STR(shown(a, en, cell_status(STATUS_FAIL)), "✗\xc2\xa0"
                                                      "Fail");
    CHECK_STR(shown(a, ja, cell_status(STATUS_WAIVED)), "⏸\xc2\xa0例外承認");
    CHECK_STR(shown(a, en, cell_status(STATUS_NONE)), "–");
    CHECK_STR(shown(a, en, cell_time(FAKE_SCANNED)), "2023-09-21 09:25");
    CHECK_STR(shown(a, en, cell_date(FAKE_SCANNED)), "2023-09-21");
    CHECK_STR(shown(a, en, cell_time(INT64_MIN)), "–");
    CHECK_STR(shown(a, en, cell_ratio(5, 6000)), "5 of 6,000");
    CHECK_STR(shown(a, ja, cell_ratio(5, 6)), "5/6");
    CHECK_STR(shown(a, en,
                    cell_text(STR("a\xe2\x80\xae"
                                  "b\xff\nc"))),
              "a⟨U+202E⟩b\xef\xbf\xbd\nc");
    CHECK_STR(shown(a, en, (struct report_cell){0}), "");
    CHECK_STR(shown(a, en, cell_bar(3, 4)), "");
    struct report_cell bar = cell_bar(1000, 4);
    CHECK_STR(render_bar_text(en, &bar, a), "1,000 passed, 4 failed");
    CHECK_STR(number_tick(en->lang, a, 2.5), "2.5");
    CHECK_STR(number_tick(en->lang, a, 1500), "1,500");
}

static void
test_find(void)
{
    static const char *const names[] = {"pdf", "html", "csv", "json", "png"};
    for (size_t i = 0; i < 5; i++) {
        const struct renderer *r = render_find(str_c(names[i]));
        CHECK(r && r == renderers[i] && strcmp(render_name(i), names[i]) == 0);
        CHECK(r && *r->suffix && strchr(r->media_type, '/'));
    }
    CHECK(render_find(STR("docx")) == NULL && render_find(STR("")) == NULL);
    CHECK(renderers[5] == NULL && render_name(5) == NULL && render_name(6) == NULL);
}

static void
test_cover(struct arena *a)
{
    struct report *r = fake_report(a, "en", 0);
    struct render_cover c = render_cover_pairs(r, a);
    CHECK(c.left.n == 3 && c.right.n == 4);
    CHECK_STR(c.right.v[0].value, "HR-2023-09, version 1");
    CHECK_STR(c.right.v[1].value, "2023-10-01 02:00 UTC, assay 1.0.0");
    CHECK(c.right.v[3].value.len == 64 && c.right.v[3].mono);
    CHECK_STR(render_foot_id(r, a), "HR-2023-09 v1 · Internal");
    CHECK_STR(render_foot_dataset(r, a), "dataset b5d5 4c39 e666");
    r->classification = r->signer = STR("");
    c = render_cover_pairs(r, a);
    CHECK(c.left.n == 2);
    CHECK_STR(c.right.v[2].value, "not sealed");
}

/* Every text of one language exists in the other, with the same placeholders. */
static void
compare_texts(const struct lang *from, const struct lang *to, const char *file)
{
    const struct embed_file *f = embed_find(file);
    struct str rest = str_n(f->data, f->len);
    size_t n = 0;
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        struct str key = fake_quoted(&line);
        if (!key.len)
            continue;
        const struct str *mine = map_get(from->texts, key), *theirs = map_get(to->texts, key);
        n++;
        CHECK(mine && theirs && theirs->len);
        CHECK(!theirs || read_count(*mine, "{") == read_count(*theirs, "{"));
    }
    CHECK(n > 60);
}

static void
test_languages(struct arena *a)
{
    const struct lang *en = fake_lang(a, "en"), *ja = fake_lang(a, "ja");
    compare_texts(en, ja, "templates/lang/en/render.json");
    compare_texts(ja, en, "templates/lang/ja/render.json");
    for (int s = STATUS_NONE; s < STATUS__COUNT; s++) {
        const struct report r = {.lang = ja};
        CHECK(render_status_word(&r, (enum status)s).s[0] != '[');
        CHECK(*palette_sign((enum status)s));
        CHECK(palette_status((enum status)s) != PALETTE_SKIP); /* a fill is too pale for text */
    }
}

/* ---- the editions agree ---- */

static int64_t
number_of(struct arena *a, struct str s)
{
    AUTO_BUF b = buf_init(64);
    int64_t v = -1;
    for (size_t i = 0; i < s.len; i++)
        if (s.s[i] != ',')
            buf_putc(&b, s.s[i]);
    CHECK(str_to_i64(arena_str(a, buf_view(&b)), &v));
    return v;
}

static void
test_totals(struct arena *a)
{
    struct report *r = fake_report(a, "en", FAKE_LONG);
    struct render_options o = {.file_stem = STR("r"), .csv_formula_guard = true};
    struct render_files f = {0};
    struct diag d = diag_init(a);
    for (size_t i = 1; i < 4; i++)
        CHECK(renderers[i]->write(r, &o, a, &f, &d) == 0);
    struct str page = read_file_of(&f, "r.html"), json = read_file_of(&f, "r.json");
    size_t rows_of_tables = 0;
    for (const struct report_table *t = NULL; (t = report_next_table(r, t));) {
        struct str name = arena_fmt(a, "r.%s.csv", t->key), id = arena_fmt(a, "t-%s", t->key);
        CHECK(read_csv(a, read_file_of(&f, name.s)).n == t->rows.n + 1);
        CHECK(read_html_table(a, page, id.s).n == t->rows.n);
        rows_of_tables += t->rows.n;
    }
    CHECK(read_count(json, "{\"cells\":") == rows_of_tables && rows_of_tables == 81);

    read_rows csv = read_csv(a, read_file_of(&f, "r.top-agents.csv"));
    read_rows html = read_html_table(a, page, "t-top-agents");
    int64_t from_csv[2] = {0}, from_html[2] = {0};
    for (size_t i = 0; i < 8; i++)
        for (int k = 0; k < 2; k++) {
            int64_t sign = i == 7 ? -1 : 1; /* the total takes away what the rows gave */
            from_csv[k] += sign * number_of(a, csv.v[i + 1].v[4 + k]);
            from_html[k] += sign * number_of(a, html.v[i].v[4 + k]);
            struct str in_json = arena_fmt(a, "\"%s\":%.*s,", k ? "failed" : "passed",
                                           STR_ARG(csv.v[i + 1].v[4 + k]));
            CHECK(str_find(json, in_json.s) > 0);
        }
    CHECK(from_csv[0] == 0 && from_csv[1] == 0 && from_html[0] == 0 && from_html[1] == 0);
    for (size_t i = 0; i < 8; i++) {
        struct str score = csv.v[i + 1].v[6];
        struct str want =
            score.len ? arena_fmt(a, "%.*s\xc2\xa0%%", STR_ARG(score)) : STR("not evaluated");
        CHECK_STR(html.v[i].v[7], want.s);
    }
}

int
main(void)
{
    setenv("TZ", "UTC", 1);
    struct arena *a = arena_new();
    test_cells(a);
    test_find();
    test_cover(a);
    test_languages(a);
    test_totals(a);
    arena_free(a);
    return CHECK_DONE();
}
