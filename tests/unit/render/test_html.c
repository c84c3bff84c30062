/* The HTML edition: exact bytes of a table, the page's policy, hostile texts, unique ids.
 * With arguments (file, language, flags) it writes the page, for tests/e2e/report/html-page.sh. */
#include <stdlib.h>

#include "check.h"

#include "base/file.h"
#include "base/utf8.h"
#include "fake_report.h"
#include "read_back.h"
#include "render/escape.h"
#include "render/html/parts.h"
#include "render/renderers.h"

static struct str
page(struct arena *a, const char *lang, unsigned flags)
{
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {.file_stem = STR("r"),
                               .html_part_bytes = flags & FAKE_MANY ? (size_t)1 << 30 : 0};
    CHECK(html_renderer.write(fake_report(a, lang, flags), &o, a, &f, &d) == 0);
    CHECK(!diag_failed(&d) && f.files.n == 1);
    CHECK_STR(f.files.v[0].name, "r.html");
    return f.files.v[0].bytes;
}

/* The page without the places to break in long words. */
static struct str
without_breaks(struct arena *a, struct str html)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (long at; (at = str_find(html, "<wbr>")) >= 0;) {
        buf_add(&b, html.s, (size_t)at);
        html = str_n(html.s + at + 5, html.len - (size_t)at - 5);
    }
    buf_str(&b, html);
    return arena_str(a, buf_view(&b));
}

static struct str
broken(struct arena *a, const char *text)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    struct html_job j = {.a = a, .out = &b};
    html_parts_text(&j, str_c(text));
    return arena_str(a, buf_view(&b));
}

/* Words longer than a column get places to break, others none; nothing comes between a letter and
 * its marks, and what is escaped or repaired stays whole. */
static void
test_long_words(struct arena *a)
{
    CHECK_STR(broken(a, "net.ipv4.conf.all.sd other"), "net.ipv4.conf.all.sd other");
    CHECK_STR(broken(a, "aaaaaaaaaaaaaaaaaaaaaaaaa bb"), "aaaaaaaaaaaaaaaaaaaa<wbr>aaaaa bb");
    CHECK_STR(broken(a, "aaaaaaaaaa-aaaaaaaaaaaaaaaaa"), "aaaaaaaaaa-aaaaaaaaaaaaaaaaa");
    CHECK_STR(broken(a, "aaaaaaaaaaaaaaaaaaaa\xcc\x81\xcc\x82zz"),
              "aaaaaaaaaaaaaaaaaaaa\xcc\x81\xcc\x82<wbr>zz");
    CHECK_STR(broken(a, "<<<<<<<<<<<<<<<<<<<<<"), "&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;"
                                                  "&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;<wbr>&lt;");
    CHECK_STR(broken(a, "ああああああああああああああああああああああああ"),
              "ああああああああああああああああああああああああ");
    CHECK_STR(broken(a, "\xff\xff\xff"), "\xef\xbf\xbd");
}

static struct str
escaped(struct arena *a, struct str s, void (*put)(struct buf *, struct str))
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    put(&b, s);
    return arena_str(a, buf_view(&b));
}

static void
test_escape(struct arena *a)
{
    CHECK_STR(escaped(a, STR("<a href='x' b=\"y\">&"), html_escape_put),
              "&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;");
    CHECK_STR(escaped(a,
                      STR("a\xff\xfe"
                          "b\0c\x1b\r\nd\re"),
                      html_escape_put),
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd"
              "c⟨U+001B⟩\nd⟨U+000D⟩e");
    CHECK_STR(escaped(a, STR("日本\xe2\x80\xae\xef\xbf\xbf"), html_escape_put),
              "日本⟨U+202E⟩⟨U+FFFF⟩");
    CHECK_STR(escaped(a,
                      STR("a b\"<>'&日\xe2\x80\xae\xff"
                          "z"),
                      html_escape_id),
              "a-b-----日--z");
    CHECK_STR(escaped(a, STR(""), html_escape_id), "-");
}

/* Any bytes at all: what comes out is UTF-8 without markup or controls, and
 * an id is one word. */
static void
test_any_bytes(struct arena *a)
{
    uint32_t seed = 20231001;
    for (int round = 0; round < 2000; round++) {
        char bytes[48];
        size_t len = seed % sizeof bytes;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            /* Mostly bytes that begin or continue characters, and markup. */
            char special = "<>&\"'\0\xe2\x80"[seed >> 29];
            bytes[i] = seed >> 24 & 1 ? special : (char)(seed >> 16);
        }
        seed = seed * 1664525u + 1013904223u;
        struct str out = escaped(a, str_n(bytes, len), html_escape_put);
        bool clean = utf8_valid(out) && !strpbrk(out.s, "<>\"'\x1b\r") && strlen(out.s) == out.len;
        CHECK(clean);
        struct str id = escaped(a, str_n(bytes, len), html_escape_id);
        bool word = id.len && utf8_valid(id) && !strpbrk(id.s, "<>\"'& \t\n\x1b");
        CHECK(word);
    }
}

static void
test_table(struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    const struct report *r = fake_report(a, "en", 0);
    struct html_job j = {.r = r,
                         .a = a,
                         .row = arena_new(),
                         .out = &out,
                         .ids = map_new(a),
                         .width_pt = 300};
    struct report_section s = {0};
    struct report_table *t = report_add_table(a, &s, "k", STR("A <table>"));
    report_add_column(a, t, "name", STR("Name"), CELL_TEXT, ALIGN_LEFT, 1);
    report_add_column(a, t, "failed", STR("Failed"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "status", STR("Status"), CELL_STATUS, ALIGN_LEFT, 0);
    struct report_row *row = report_add_row(a, t);
    row->cells[0] = cell_text(STR("host & co"));
    row->cells[1] = cell_int(1066);
    row->cells[2] = cell_status(STATUS_FAIL);
    row->anchor = "r 1";
    fake_note(a, row, "evidence", "Evidence", STR("x = 1"));
    row = report_add_row(a, t);
    row->cells[1] = cell_int(1066);
    row->is_total = true;
    *VEC_PUSH(a, &t->notes) = STR("a note");
    html_table_put(&j, t, (struct html_rows){0, SIZE_MAX});
    CHECK_STR(buf_view(&out),
              "<div class=\"frame\"><table id=\"t-k\" class=\"data\">"
              "<caption>A &lt;table&gt;</caption><thead><tr><th scope=\"col\">Name</th>"
              "<th scope=\"col\" class=\"r\" data-num>Failed</th>"
              "<th scope=\"col\" data-num>Status</th></tr></thead>\n"
              "<tbody>\n<tr id=\"r-1\"><th scope=\"row\"><span class=\"t\">host &amp; co</span>"
              "<dl class=\"notes\"><dt>Evidence</dt><dd>x = 1</dd></dl></th>"
              "<td class=\"n r\" data-v=\"1066\">1,066</td>"
              "<td class=\"n\" data-v=\"3\"><span class=\"st failed\"><span "
              "aria-hidden=\"true\">✗</span> "
              "Fail</span></td></tr>\n</tbody>\n"
              "<tfoot>\n<tr><th scope=\"row\"></th><td class=\"n r\" data-v=\"1066\">1,066</td>"
              "<td></td></tr>\n</tfoot>\n</table></div>\n<p class=\"note\">a note</p>");
    arena_free(j.row);
}

/* The policy names the hashes of exactly what stands between the tags. */
static void
check_hash(struct arena *a, struct str html, const char *tag)
{
    struct str rest = html;
    struct str from = arena_fmt(a, "<%s>", tag), to = arena_fmt(a, "</%s>", tag);
    struct sha256_digest want = sha256_of(read_between(&rest, from.s, to.s));
    rest = html;
    struct str directive = arena_fmt(a, "%s-src 'sha256-", tag);
    struct str base64 = read_between(&rest, directive.s, "'");
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, n = 0, at = 0;
    CHECK(base64.len == 44 && base64.s[43] == '=');
    for (size_t i = 0; i < 43 && base64.len == 44; i++) {
        bits = bits << 6 | (unsigned)(strchr(digits, base64.s[i]) - digits);
        if ((n += 6) >= 8) {
            n -= 8;
            CHECK(want.b[at++] == (bits >> n & 255));
        }
    }
    CHECK(at == SHA256_SIZE);
}

static void
test_page(struct arena *a)
{
    struct str html = page(a, "en", FAKE_LONG);
    CHECK(str_starts(html, "<!doctype html>\n<html lang=\"en\">"));
    check_hash(a, html, "style");
    check_hash(a, html, "script");
    CHECK(str_find(html, "content=\"default-src 'none'; style-src 'sha256-") > 0);
    CHECK(str_find(html, "=' 'sha256-") > 0);
    CHECK(str_find(html, "='; script-src 'sha256-") > 0);
    CHECK(str_find(html, "='; img-src data:; base-uri 'none'; form-action 'none'\">") > 0);
    CHECK(str_find(html, "<a class=\"skip\" href=\"#main\">Skip to the content</a>") > 0);
    CHECK(str_find(html, "<li><a href=\"#s-results\">Results</a></li>") > 0);
    CHECK(str_find(html, "<section id=\"s-results\" class=\"new\"><h2>Results</h2>") > 0);
    CHECK(str_find(html, "<p class=\"empty\">No check appeared in this period.</p>") > 0);
    CHECK(read_count(html, "<details class=\"more\" open>") == 1); /* long notes only */
    CHECK(read_count(html, "class=\"data long\"") == 1);
    CHECK(read_count(html, "<svg ") == 3 + 7); /* charts, and bars of rows that have one */
    CHECK(read_count(html, " style=") == 0 && read_count(html, "{{") == 0);
    CHECK(read_count(html, "http") == read_count(html, "http://www.w3.org/2000/svg") + 1);
    CHECK(read_count(html, "▲ 3.0</b> since August") == 1);
    struct str rest = html;
    for (struct str to; (to = read_between(&rest, "href=\"#", "\"")).len;)
        CHECK(str_find(html, arena_fmt(a, " id=\"%.*s\"", STR_ARG(to)).s) > 0);
    CHECK(str_eq(html, page(a, "en", FAKE_LONG)));
    struct str ja = page(a, "ja", 0);
    CHECK(str_find(ja, "<html lang=\"ja\">") > 0 && str_find(ja, ">目次</h2>") > 0);
    CHECK(str_find(ja, "不合格</span>") > 0 && str_find(ja, "[html.") < 0);
}

static void
test_hostile(struct arena *a)
{
    struct str html = without_breaks(a, page(a, "en", FAKE_HOSTILE | FAKE_MEGABYTE));
    CHECK(read_count(html, "<script>") == 1 && read_count(html, "<img") == 0);
    CHECK(read_count(html, "\xe2\x80\xae") == 0 && read_count(html, "\x1b") == 0);
    CHECK(str_find(html, "safe⟨U+202E⟩fdp.exe") > 0);
    CHECK(str_find(html, "END-OF-IT.") > 0);
    CHECK(str_find(html, "]]&gt; --&gt; &lt;/style&gt; &lt;/title&gt; &amp;amp; {{title}} {n}") >
          0);
    CHECK(utf8_valid(html));
    struct map *ids = map_new(a);
    struct str rest = html;
    size_t n = 0;
    for (struct str id; (id = read_between(&rest, " id=\"", "\"")).len; n++) {
        CHECK(map_get_index(ids, id) < 0);
        CHECK(!memchr(id.s, ' ', id.len));
        map_put_index(ids, id, n);
    }
    CHECK(n > 30);
}

/* All rows of an edition as they stand in its files, one behind the other. */
static struct str
rows_of(struct arena *a, size_t part_bytes, size_t *ret_n)
{
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {.file_stem = STR("r"), .html_part_bytes = part_bytes};
    AUTO_BUF rows = buf_init(BUF_MAX_DEFAULT);
    CHECK(html_renderer.write(fake_report(a, "en", FAKE_LISTS), &o, a, &f, &d) == 0);
    for (size_t i = 0; i < f.files.n; i++)
        for (struct str some, html = f.files.v[i].bytes;
             (some = read_between(&html, "<tbody>", "</tbody>")).len;)
            buf_add(&rows, some.s + 1, some.len - 1); /* without the line end behind the tag */
    *ret_n = f.files.n;
    return buf_give(&rows, a);
}

/* Rows are the same wherever a file ends. */
static void
test_cut_rows(struct arena *a)
{
    size_t n = 0;
    struct str whole = rows_of(a, (size_t)1 << 30, &n);
    CHECK(n == 1 && whole.len > 100000);
    for (size_t bytes = 20000; bytes < 200000; bytes *= 2) {
        struct str cut = rows_of(a, bytes, &n);
        CHECK(n > 1 && str_eq(cut, whole));
    }
}

/* What one file cannot hold goes on in others: each is a whole page, together they have every row
 * once, ids are unique and the contents lead to the right file. */
static void
test_parts(struct arena *a)
{
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {.file_stem = STR("HR 年"), .html_part_bytes = 60000};
    CHECK(html_renderer.write(fake_report(a, "en", FAKE_LISTS), &o, a, &f, &d) == 0);
    CHECK(f.files.n > 3);
    size_t n_rows = 0, n_lists = 0;
    struct map *ids = map_new(a);
    struct str index = f.files.v[0].bytes; /* of all rows, and the others have none */
    index = read_between(&index, "<script type=\"application/json\" id=\"find\">", "</script>");
    CHECK(index.len > 0 && index.len < 80000 && !memchr(index.s, '<', index.len));
    for (size_t i = 0; i < f.files.n; i++) {
        struct str html = f.files.v[i].bytes;
        CHECK_STR(f.files.v[i].name,
                  i ? arena_fmt(a, "HR 年.part-%zu.html", i + 1).s : "HR 年.html");
        CHECK(str_starts(html, "<!doctype html>") && str_find(html, "</html>") > 0);
        CHECK(read_count(html, arena_fmt(a, "Part %zu of %zu<", i + 1, f.files.n).s) == 1);
        CHECK(str_find(html, arena_fmt(a, "This report has %zu files", f.files.n).s) > 0);
        CHECK(read_count(html, "<section") == read_count(html, "</section>"));
        CHECK(read_count(html, " href=\"HR%20%E5%B9%B4.part-2.html") >= 1);
        CHECK(html.len - (i ? 0 : index.len) < 60000 + 60000);
        n_rows += read_count(html, ">Ensure setting ");
        check_hash(a, html, "style");
        CHECK(read_count(html, "application/json") == (i == 0));
        CHECK(read_count(html, ">Filter over all parts<") == (i > 0));
        if (i > 0)
            for (struct str list, rest = index; (list = read_between(&rest, arena_fmt(a, "\"file\":%zu,\"id\":\"", i).s, "\"")).len; n_lists++)
                CHECK(read_count(html, arena_fmt(a, " id=\"%.*s\"", STR_ARG(list)).s) == 1);
        for (struct str id; (id = read_between(&html, " id=\"t-", "\"")).len;) {
            CHECK(map_get_index(ids, id) < 0);
            map_put_index(ids, id, 0);
        }
    }
    CHECK(n_rows == FAKE_AGENTS * FAKE_AGENT_CHECKS);
    CHECK(n_lists + read_count(index, "\"file\":0,") == read_count(index, "\"agent\":") && n_lists >= FAKE_AGENTS - 1);
    CHECK(read_count(index, "Ensure setting 7 of") == 1); /* each text once */
    CHECK(read_count(f.files.v[0].bytes, "audit-checkpoint") == 1);
    CHECK(read_count(f.files.v[1].bytes, "audit-checkpoint") == 0);
}

/* The foot of paper is CSS: no text ends its string or its element. */
static void
test_foot(struct arena *a)
{
    struct report *r = fake_report(a, "en", 0);
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {.file_stem = STR("r")};
    r->classification = STR("</style><script>\"}*{} \\");
    CHECK(html_renderer.write(r, &o, a, &f, &d) == 0);
    struct str html = f.files.v[0].bytes;
    CHECK(read_count(html, "</style>") == 2 && read_count(html, "<script>") == 1);
    CHECK(str_find(html, "@bottom-right { content: \"Page \" counter(page) \" of \" "
                         "counter(pages) ; }") > 0);
    CHECK(str_find(html, "\\00003c\\00002fstyle\\00003e") > 0);
}

/* All files of a report that takes several, for tests with a browser. */
static int
write_parts(struct arena *a, const char *dir, const char *language, unsigned flags)
{
    struct diag d = diag_init(a);
    struct render_files f = {0};
    struct render_options o = {.file_stem = STR("many"), .html_part_bytes = 2 << 20};
    if (html_renderer.write(fake_report(a, language, flags), &o, a, &f, &d) != 0)
        return 1;
    for (size_t i = 0; i < f.files.n; i++)
        if (file_write_atomic(file_join(a, dir, f.files.v[i].name.s).s, f.files.v[i].bytes, 0644, &d) != 0)
            return 1;
    return 0;
}

int
main(int argc, char **argv)
{
    setenv("TZ", "UTC", 1);
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (argc == 5) /* FOLDER LANGUAGE FLAGS parts */
        return write_parts(a, argv[1], argv[2], (unsigned)atoi(argv[3]));
    if (argc == 4) { /* FILE LANGUAGE FLAGS */
        struct str html = page(a, argv[2], (unsigned)atoi(argv[3]));
        int rc = file_write_atomic(argv[1], html, 0644, &d) == 0 ? 0 : 1;
        arena_free(a);
        return rc;
    }
    test_escape(a);
    test_any_bytes(a);
    test_long_words(a);
    test_table(a);
    test_page(a);
    test_parts(a);
    test_cut_rows(a);
    test_foot(a);
    test_hostile(a);
    arena_free(a);
    return CHECK_DONE();
}
