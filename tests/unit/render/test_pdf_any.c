/* Any report becomes a sound PDF: blocks, texts and sizes by chance, read back by qpdf.
 * With arguments (first seed, number, folder) the files are left in the folder. */
#include "check.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "fake_report.h"
#include "render/renderers.h"

static uint32_t state;

static uint32_t
any(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return n ? state % n : 0;
}

static struct str
any_text(struct arena *a, uint32_t most)
{
    static const char *const pieces[] = {
        "word ",
        "configuration ",
        "/etc/ssh/sshd_config ",
        "日本語の説明、",
        "「括弧」",
        "é",
        "e\u0301 ",
        "office fi ffi ",
        "\u05e9\u05dc\u05d5\u05dd ",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 ",
        "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22 ",
        "\u0939\u093f\u0928\u094d\u0926\u0940 ",
        "😀",
        "✓ ✗ ⏸ ",
        "\u202e",
        "\xff\xfe",
        "\n",
        "\t",
        "\r\n",
        "\xc2\xa0",
        "\u200b",
        "\u200d",
        "x",
        "0123456789abcdef0123456789abcdef",
        "∑√∞ ",
        "\ue000",
        "\U000e0041",
        "\x01",
        "\uffff",
        "( ) \\ <> [] ",
        "한국어 ",
        "ﷺ ",
        "\u0301",
        "A\u0301\u0323\u0302 ",
    };
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (uint32_t n = any(most); n > 0; n--)
        buf_puts(&b, pieces[any(sizeof pieces / sizeof *pieces)]);
    return arena_str(a, buf_view(&b));
}

static struct report_cell
any_cell(struct arena *a, enum cell_type type)
{
    int64_t n = (int64_t)any(2000) - 3;
    struct report_cell c = {.type = type};
    if (type == CELL_TEXT)
        c = cell_text(any_text(a, any(40) ? 12 : 3000));
    else if (type == CELL_INT)
        c = cell_int(any(9) ? n : INT64_MIN + 1);
    else if (type == CELL_NUMBER)
        c = cell_number(exact_ratio(n < 0 ? -n : n, 7, 2));
    else if (type == CELL_SCORE)
        c = cell_score(any(4) ? exact_percent((struct share){any(500), 500}, 2) : exact_percent((struct share){0, 0}, 2));
    else if (type == CELL_STATUS)
        c = cell_status((enum status)any(STATUS__COUNT));
    else if (type == CELL_TIME || type == CELL_DATE)
        c = type == CELL_TIME ? cell_time(FAKE_SCANNED + n) : cell_date(any(3) ? n : INT64_MIN);
    else if (type == CELL_RATIO)
        c = cell_ratio(n, 2000);
    else if (type == CELL_BAR)
        c = cell_bar(any(3), any(3));
    else if (type == CELL_HASH)
        c = cell_hash(any_text(a, 4));
    return c;
}

static void
any_table(struct arena *a, struct report_section *s)
{
    struct report_table *t = report_add_table(a, s, "t", any_text(a, 4));
    uint32_t columns = 1 + any(any(8) ? 9 : 40), rows = any(any(8) ? 12 : 300);
    for (uint32_t i = 0; i < columns; i++)
        report_add_column(a, t, "c", any_text(a, 4), (enum cell_type)any(CELL_HASH + 1),
                          any(2) ? ALIGN_LEFT : ALIGN_RIGHT, any(2) ? 0 : any(4));
    for (uint32_t i = 0; i < rows; i++) {
        struct report_row *row = report_add_row(a, t);
        for (uint32_t k = 0; k < columns; k++)
            row->cells[k] = any_cell(a, t->columns.v[k].type);
        row->is_total = i + 1 == rows && any(2);
        for (uint32_t n = any(4) ? 0 : any(4); n > 0; n--)
            fake_note(a, row, "n", any(3) ? "Evidence" : "", any_text(a, any(30) ? 20 : 2000));
    }
    t->empty = any_text(a, 5);
    for (uint32_t n = any(3); n > 0; n--)
        *VEC_PUSH(a, &t->notes) = any_text(a, 20);
}

static void
any_chart(struct arena *a, struct report_section *s)
{
    enum chart_kind kind = (enum chart_kind)any(CHART_BARS + 1);
    struct report_chart *ch = fake_chart(a, s, kind, "c", any_text(a, 6).s, any_text(a, 30).s);
    ch->n_points = kind == CHART_PIE ? 1 : 1 + any(12);
    ch->labels = ARENA_ARRAY(a, struct str, ch->n_points);
    for (size_t i = 0; i < ch->n_points; i++)
        ch->labels[i] = any_text(a, 6);
    for (uint32_t n = 1 + any(4); n > 0; n--) {
        double *v = ARENA_ARRAY(a, double, ch->n_points);
        for (size_t i = 0; i < ch->n_points; i++)
            v[i] = kind == CHART_LINES && !any(5) ? NAN : any(any(3) ? 100 : 1000000);
        fake_series(a, ch, "s", any_text(a, 3).s, (enum chart_role)any(ROLE_NEUTRAL + 1), v);
    }
}

static void any_blocks(struct arena *a, struct report_section *s, uint32_t n, int depth);

static void
any_lists(struct arena *a, struct report_section *s, enum block_type type, int depth)
{
    struct report_block *b = report_add(a, s, type);
    for (uint32_t n = any(6); n > 0 && type == BLOCK_FIGURES; n--)
        *VEC_PUSH(a, &b->figures) = (struct report_figure){.value = any_text(a, 3),
                                                           .label = any_text(a, 5),
                                                           .detail = any_text(a, 5),
                                                           .direction = (int)any(3) - 1};
    for (uint32_t n = any(8); n > 0 && type == BLOCK_PAIRS; n--)
        *VEC_PUSH(a, &b->pairs) = (struct report_pair){
            .label = any_text(a, 4), .value = any_text(a, any(9) ? 9 : 900), .mono = any(2)};
    if (type == BLOCK_COLUMNS) {
        b->left = ARENA_NEW(a, struct report_section);
        b->right = ARENA_NEW(a, struct report_section);
        b->left_share = any(11) / 10.0;
        struct report_section *left = b->left, *right = b->right;
        any_blocks(a, left, any(4), depth + 1);
        any_blocks(a, right, any(4), depth + 1);
    }
}

static void
any_blocks(struct arena *a, struct report_section *s, uint32_t n, int depth)
{
    for (; n > 0; n--) {
        enum block_type type = (enum block_type)any(BLOCK_COLUMNS + 1);
        if (type == BLOCK_TABLE)
            any_table(a, s);
        else if (type == BLOCK_CHART)
            any_chart(a, s);
        else if (type == BLOCK_COLUMNS && depth > 1)
            continue;
        else if (type == BLOCK_FIGURES || type == BLOCK_PAIRS || type == BLOCK_COLUMNS)
            any_lists(a, s, type, depth);
        else
            report_add_text(a, s, type, any_text(a, any(9) ? 30 : 3000));
    }
}

static struct report *
any_report(struct arena *a)
{
    struct report *r = fake_report(a, any(2) ? "en" : "ja", 0);
    r->sections.n = 0;
    if (any(3) == 0) {
        r->title = any_text(a, 20);
        r->subtitle = any_text(a, 20);
        r->lead = any_text(a, 60);
        r->organisation = any_text(a, 20);
        r->classification = any_text(a, 4);
        r->scope = any_text(a, 20);
        r->signer = any_text(a, 8);
    }
    for (uint32_t n = any(any(9) ? 6 : 90); n > 0; n--) {
        struct report_section *s = report_add_section(a, r, "s", any_text(a, 6));
        s->new_page = any(2);
        any_blocks(a, s, any(7), 0);
    }
    return r;
}

static void
try_one(uint32_t seed, const char *folder)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct render_files f = {0};
    state = seed * 2654435761u + 1;
    struct render_options o = {.file_stem = STR("any"),
                               .paper = any(2) ? STR("a4") : STR("letter")};
    const struct report *r = any_report(a);
    int rc = pdf_renderer.write(r, &o, a, &f, &d);
    CHECK(rc == 0 && f.files.n == 1);
    if (rc != 0) {
        fprintf(stderr, "seed %u: %s\n", seed, diag_text(&d).s);
    } else {
        struct str path = arena_fmt(a, "%s/any-%u.pdf", folder, seed);
        struct str check = arena_fmt(a, "qpdf --check '%s' >/dev/null 2>&1", path.s);
        CHECK(file_write_atomic(path.s, f.files.v[0].bytes, 0600, &d) == 0);
        int status = system(check.s);
        CHECK(status == 0);
        if (status != 0)
            fprintf(stderr, "seed %u: qpdf says %d\n", seed, status);
    }
    arena_free(a);
}

int
main(int argc, char **argv)
{
    char folder[] = "/tmp/assay-any-XXXXXX";
    enum { SEEDS = 40 };
    if (argc == 4) {
        for (uint32_t s = (uint32_t)atoi(argv[1]), end = s + (uint32_t)atoi(argv[2]); s < end; s++)
            try_one(s, argv[3]);
        return CHECK_DONE();
    }
    if (system("command -v qpdf >/dev/null") != 0) {
        puts("skipped: no qpdf");
        return 77;
    }
    if (!mkdtemp(folder))
        return 1;
    for (uint32_t s = 1; s <= SEEDS; s++)
        try_one(s, folder);
    char clean[64];
    snprintf(clean, sizeof clean, "rm -r %s", folder);
    CHECK(system(clean) == 0);
    return CHECK_DONE();
}
