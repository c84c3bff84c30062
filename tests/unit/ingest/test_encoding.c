/* Encodings of hosts: bytes made by iconv come back as the text they were made of, whatever the
 * size of the chunks; what is not of its encoding is refused, guessed or read again. */
#include <iconv.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/env.h"
#include "check.h"
#include "ingest/encoding.h"
#include "ingest/ingest.h"

static struct arena *arena;
static struct diag diag;
static struct buf got;

static int
collect(void *self, struct str chunk)
{
    buf_str(self, chunk);
    return 0;
}

/* Decodes in pieces of step into got. */
static int
decode(struct str bytes, size_t step, const char *forced, bool *ret_not_utf8)
{
    diag = diag_init(arena);
    buf_cut(&got, 0);
    struct encoding *e = encoding_new(str_c(forced), *forced != 0, collect, &got, &diag);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < bytes.len; i += step)
        rc = encoding_push(e, str_n(bytes.s + i, bytes.len - i < step ? bytes.len - i : step));
    if (rc == 0)
        rc = encoding_end(e);
    *ret_not_utf8 = encoding_not_utf8(e);
    encoding_free(e);
    return rc;
}

/* Text as iconv(3) writes it in the encoding, behind a mark. */
static struct str
encoded(const char *name, const char *mark, size_t n_mark, const char *text)
{
    size_t left = strlen(text), room = 4 * left + 16;
    char *in = arena_alloc(arena, left + 1), *out = arena_alloc(arena, room + n_mark), *to = out;
    memcpy(in, text, left + 1);
    memcpy(to, mark, n_mark);
    to += n_mark;
    iconv_t cd = iconv_open(name, "UTF-8");
    CHECK(cd != (iconv_t)-1 && iconv(cd, &in, &left, &to, &room) == 0 && left == 0);
    iconv(cd, NULL, NULL, &to, &room);
    iconv_close(cd);
    return str_n(out, (size_t)(to - out));
}

static bool
warned(const char *words)
{
    for (size_t i = 0; i < diag.warnings.n; i++)
        if (str_find(diag.warnings.v[i].text, words) >= 0)
            return true;
    return false;
}

static const size_t steps[] = {1, 2, 3, 5, 64, 1 << 20};

enum { N_STEPS = sizeof steps / sizeof *steps };

#define WESTERN "B\xc3\xbcro \xc2\xbf\xc3\xa9\xc3\xb1\xc3\x9f"
#define EURO    "\xe2\x82\xac 5 \xe2\x80\x93 \xe2\x80\x9c\xc5\xb8\xe2\x80\x9d\xe2\x80\xa6"
/* a host's name, wave dash, minus, a circled one, a family name of Windows, half-width kana */
#define JAPANESE                                                                                   \
    "\xe6\x9c\xac\xe7\xa4\xbe\xe3\x82\xb5\xe3\x83\xbc\xe3\x83\x90\xe3\x80\x9c" /* 本社サーバ */

static const struct {
    const char *declared, *written, *mark;
    size_t n_mark;
    const char *text;
} whole[] = {
    {"ISO-8859-1", "ISO-8859-1", "", 0, WESTERN},
    {"windows-1252", "CP1252", "", 0, WESTERN EURO},
    {"ISO-8859-15", "ISO-8859-15", "", 0, WESTERN "\xe2\x82\xac"},
    {"windows-1250", "CP1250", "", 0, "P\xc5\x99\xc3\xadli\xc5\xa1 \xc5\xbelu\xc5\xa5"},
    {"windows-1251", "CP1251", "", 0, "\xd0\xa1\xd0\xb5\xd1\x80\xd0\xb2\xd0\xb5\xd1\x80 \xd0\x81"},
    {"windows-1253", "CP1253", "", 0, "\xce\x95\xce\xbb\xce\xbb\xce\xac\xce\xb4\xce\xb1"},
    {"windows-1254", "CP1254", "", 0, "\xc4\xb0stanbul \xc5\x9f"},
    {"windows-1255", "CP1255", "", 0, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
    {"windows-1256", "CP1256", "", 0, "\xd8\xae\xd8\xa7\xd8\xaf\xd9\x85"},
    {"windows-1257", "CP1257", "", 0, "R\xc4\xabga \xc5\xbe"},
    {"windows-1258", "CP1258", "", 0, "H\xc3\xa0 N\xc3\xb4i"},
    {"Shift_JIS", "CP932", "", 0,
     "\xe6\x9c\xac\xe7\xa4\xbe\xe8\xa1\xa8 C:\\win ~ "
     "\xef\xbd\x9e\xef\xbc\x8d\xe2\x91\xa0\xe9\xab\x99"
     "\xef\xbd\xb1\xef\xbf\xa5"},
    {"windows-31J", "CP932", "", 0, "\xe8\xa1\xa8\xe7\xa4\xba \\ \xe3\x88\xb1\xef\xbd\x9e"},
    {"EUC-JP", "EUC-JP-MS", "", 0,
     "\xe6\x9c\xac\xe7\xa4\xbe \\ ~ \xef\xbd\x9e\xe2\x91\xa0\xef\xbd\xb1\xe9\xab\x99"},
    {"ISO-2022-JP", "ISO-2022-JP", "", 0, "\xe6\x9c\xac\xe7\xa4\xbe web \xe6\x9c\xac"},
    {"EUC-KR", "UHC", "", 0, "\xec\x84\x9c\xeb\xb2\x84 \xeb\x98\xa0"},
    {"GB2312", "GB18030", "", 0, "\xe6\x9c\x8d\xe5\x8a\xa1\xe5\x99\xa8 \xf0\x9f\x98\x80"},
    {"Big5", "BIG5", "", 0, "\xe4\xbc\xba\xe6\x9c\x8d\xe5\x99\xa8"},
    {"UTF-16", "UTF-16LE", "\xff\xfe", 2, WESTERN EURO "\xf0\x9f\x98\x80"},
    {"UTF-16", "UTF-16BE", "\xfe\xff", 2, WESTERN EURO "\xf0\x9f\x98\x80"},
    {"UTF-16", "UTF-16LE", "", 0, JAPANESE},
    {"UTF-16", "UTF-16BE", "", 0, JAPANESE},
    {"UTF-8", "UTF-16LE", "\xff\xfe", 2, JAPANESE}, /* as PowerShell saves what says UTF-8 */
    {"UTF-8", "UTF-8", "", 0, JAPANESE WESTERN "\xf0\x9f\x98\x80"},
    {"UTF-8", "UTF-8", "\xef\xbb\xbf", 3, JAPANESE},
};

/* The document around a text, as an agent writes it; the declaration goes unless it is UTF-8. */
static const char *
document(const char *declared, const char *text, bool blanked)
{
    struct str decl = arena_fmt(arena, "encoding=\"%s\"", declared);
    char *words = arena_alloc(arena, decl.len + 1);
    memcpy(words, decl.s, decl.len);
    words[decl.len] = '\0';
    if (blanked)
        memset(words, ' ', decl.len);
    return arena_fmt(arena, "<?xml version=\"1.0\" %s ?>\r\n<a n=\"%s\">%s</a>\n", words, text,
                     text)
        .s;
}

static void
test_whole(void)
{
    bool not_utf8;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        const char *in = document(whole[i].declared, whole[i].text, false);
        const char *want =
            document(whole[i].declared, whole[i].text, strcmp(whole[i].declared, "UTF-8") != 0);
        struct str bytes = encoded(whole[i].written, whole[i].mark, whole[i].n_mark, in);
        for (size_t k = 0; k < N_STEPS; k++) {
            int rc = decode(bytes, steps[k], "", &not_utf8);
            bool same = rc == 0 && str_eqc(buf_view(&got), want);
            if (!same)
                fprintf(stderr, "%s, %zu: %s, %s\n", whole[i].declared, steps[k],
                        diag_text(&diag).s, got.data);
            CHECK(same && !not_utf8 && diag.warnings.n == 0);
        }
    }
}

/* A wave dash is the same character from every Japanese encoding; a path keeps its backslash. */
static void
test_wave_dash_and_yen(void)
{
    bool not_utf8;
    static const struct {
        const char *bytes, *want;
    } cases[] = {
        {"<?xml version='1.0' encoding='Shift_JIS'?><a>\x81\x60\\\x5c~</a>", "\xef\xbd\x9e\\\\~"},
        {"<?xml version='1.0' encoding='sjis'?><a>\x81\x60\x5c~</a>", "\xef\xbd\x9e\\~"},
        {"<?xml version='1.0' encoding='EUC-JP'?><a>\xa1\xc1\x5c~</a>", "\xef\xbd\x9e\\~"},
        /* the second byte of this kanji is a backslash */
        {"<?xml version='1.0' encoding='Shift_JIS'?><a>\x95\x5c</a>", "\xe8\xa1\xa8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < N_STEPS; k++) {
            CHECK(decode(str_c(cases[i].bytes), steps[k], "", &not_utf8) == 0);
            struct str want = arena_fmt(arena, "<a>%s</a>", cases[i].want);
            CHECK(str_ends(buf_view(&got), want.s));
        }
}

static void
test_windows_in_latin1(void)
{
    bool not_utf8;
    struct str bytes =
        STR("<?xml version='1.0' encoding='ISO-8859-1'?><a>\x80 \x93\x81\x94\xe9</a>");
    for (size_t k = 0; k < N_STEPS; k++) {
        CHECK(decode(bytes, steps[k], "", &not_utf8) == 0);
        CHECK(str_ends(buf_view(&got),
                       "<a>\xe2\x82\xac \xe2\x80\x9c\xc2\x81\xe2\x80\x9d\xc3\xa9</a>"));
        CHECK(diag.warnings.n == 1 && warned("says ISO-8859-1 but holds bytes 0x80 to 0x9f"));
    }
    CHECK(decode(STR("<?xml version='1.0' encoding='cp1252'?><a>\x80</a>"), 3, "", &not_utf8) == 0);
    CHECK(diag.warnings.n == 0);
}

static void
check_refused(struct str bytes, const char *why, bool may_help)
{
    bool not_utf8;
    for (size_t k = 0; k < N_STEPS; k++) {
        CHECK(decode(bytes, steps[k], "", &not_utf8) == -1 && not_utf8 == may_help);
        if (str_find(diag_text(&diag), why) < 0)
            fprintf(stderr, "want %s, got %s\n", why, diag_text(&diag).s);
        CHECK(str_find(diag_text(&diag), why) >= 0);
    }
}

static void
test_refused(void)
{
    check_refused(STR("<a>\xfcro</a>"), "byte 0xfc at offset 3 is not UTF-8", true);
    check_refused(STR("<a>\xc3\xbc\xe2\x82</a>"), "byte 0xe2 at offset 5 is not UTF-8", true);
    check_refused(STR("<a/>\xe2\x82"), "byte 0xe2 at offset 4 is not UTF-8", true);
    check_refused(STR("<a>\xed\xa0\x80</a>"), "byte 0xed at offset 3", true);
    check_refused(STR("<a>\xf4\x90\x80\x80</a>"), "byte 0xf4 at offset 3", true);
    check_refused(STR("<?xml version='1.0' encoding='utf-8'?><a>\xff</a>"), "0xff at offset 41",
                  true);
    check_refused(STR("<?xml version='1.0' encoding='EUC-JP'?><a>\xb7</a>"),
                  "byte 0xb7 at offset 42 is not EUC-JP, the encoding of the file", false);
    check_refused(STR("<?xml version='1.0' encoding='Shift_JIS'?><a>\xfd\xfe</a>"), "byte 0xfd",
                  false);
    check_refused(STR("<?xml version='1.0' encoding='Shift_JIS'?><a></a>\x95"),
                  "ends inside a character of Shift_JIS", false);
    check_refused(str_n("\xff\xfe<\0a\0>\0\0\xd8<\0", 12), "byte 0x00 at offset 8 is not UTF-16LE",
                  false);
    check_refused(str_n("<\0a\0/\0>\0\n", 9), "ends inside a character of UTF-16LE", false);
}

static void
test_forced(void)
{
    bool not_utf8;
    for (size_t k = 0; k < N_STEPS; k++) {
        CHECK(decode(STR("<a>B\xfcro</a>"), steps[k], "windows-1252", &not_utf8) == 0);
        CHECK_STR(buf_view(&got), "<a>B\xc3\xbcro</a>");
        CHECK(warned("read as windows-1252, the fallback-encoding") && diag.warnings.n == 1);
    }
    /* what says its encoding is not touched */
    CHECK(decode(STR("<?xml version='1.0' encoding='CP1251'?><a>\xd1</a>"), 9, "Shift_JIS",
                 &not_utf8) == 0);
    CHECK(str_ends(buf_view(&got), "<a>\xd0\xa1</a>") && diag.warnings.n == 0);
    CHECK(decode(STR("<a>\xfd\xff</a>"), 9, "Shift_JIS", &not_utf8) == -1);
    CHECK(str_find(diag_text(&diag), "not Shift_JIS, the encoding that fallback-encoding names") >=
          0);
    CHECK(decode(STR("<?xml version='1.0' encoding='utf-16'?><a>\xc3\xa9</a>"), 9, "", &not_utf8) ==
          0);
    CHECK(str_ends(buf_view(&got), "<a>\xc3\xa9</a>") && warned("says UTF-16 but is not"));
    CHECK(str_find(buf_view(&got), "utf-16") < 0);
}

/* What is no XML is not ours: it comes out as it went in, unless it is UTF-16. */
static void
test_other(void)
{
    bool not_utf8;
    static const char *const texts[] = {"",
                                        "<",
                                        "{\"a\":\"\xfc\"}",
                                        "report=\xfc\n",
                                        "<13>\xfc",
                                        "<html><p>\xfc</html>",
                                        "  \n ",
                                        "\xef\xbb\xbf{}",
                                        "<?xml version='1.0' encoding='KOI8-R'?><a>\xfc</a>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t k = 0; k < N_STEPS; k++) {
            CHECK(decode(str_c(texts[i]), steps[k], "", &not_utf8) == 0);
            CHECK_STR(buf_view(&got), texts[i]);
        }
    for (size_t k = 0; k < N_STEPS; k++) {
        struct str utf32 = str_n("\xff\xfe\0\0<\0\0\0", 8);
        CHECK(decode(utf32, steps[k], "", &not_utf8) == 0 && str_eq(buf_view(&got), utf32));
        CHECK(decode(encoded("UTF-16LE", "\xff\xfe", 2, "{\"a\": \"\xc3\xbc\"}"), steps[k], "",
                     &not_utf8) == 0);
        CHECK_STR(buf_view(&got), "{\"a\": \"\xc3\xbc\"}");
    }
}

#define AGENT                                                                                      \
    "<agent_data agent_name='B\xfcro' agent_alias='\x95\x5c'>"                                     \
    "<hardening policy_id='p'><check id='1' status='PASS'/></hardening></agent_data>"

static int
ingest(struct ingest_context *ctx, struct str bytes, struct scan_file *f)
{
    diag = diag_init(arena);
    diag_warn(&diag, DIAG_WARN_DATA, STR("before"), "kept");
    return ingest_bytes(ctx, bytes, arena, f, &diag);
}

/* The second reading starts afresh: no scan and no finding of the first one is left. */
static void
test_second_reading(void)
{
    struct ingest_context ctx = {.path = "t", .mtime = 1795291200, .asset_name = STR("")};
    struct scan_file f;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "<agent_data agent_name='B\xc3\xbcro' timezone_offset='x'>"
                 "<hardening policy_id='p'><check id='1' status='PASS'/></hardening>");
    for (int i = 0; i < 20000; i++)
        buf_puts(&b, "<module><name>n</name></module>\n");
    buf_puts(&b, "<x>\xfc</x></agent_data>");
    CHECK(ingest(&ctx, buf_view(&b), &f) == -1);
    CHECK(str_find(diag_text(&diag), "is not UTF-8, and the file names no other") >= 0);
    CHECK(ingest(&ctx, STR(AGENT), &f) == -1);
    CHECK(str_find(diag_text(&diag), "byte 0xfc") >= 0 &&
          str_find(diag_text(&diag), "without escaping") < 0);
    ctx.fallback_encoding = STR("windows-1252");
    CHECK(ingest(&ctx, buf_view(&b), &f) == 0 && f.scans.n == 1 && f.size == (int64_t)b.len);
    CHECK_STR(f.scans.v[0].asset.name, "B\xc3\x83\xc2\xbcro");
    CHECK(diag.warnings.n == 4 && warned("kept") && warned("read as windows-1252"));
    struct sha256_digest digest = sha256_of(buf_view(&b));
    CHECK(memcmp(&digest, &f.sha256, sizeof digest) == 0);
    CHECK(ingest(&ctx, STR(AGENT), &f) == 0);
    CHECK_STR(f.scans.v[0].asset.name, "B\xc3\xbcro");
    ctx.fallback_encoding = STR("EUC-JP");
    CHECK(ingest(&ctx, STR(AGENT), &f) == -1);
    CHECK(str_find(diag_text(&diag), "is not EUC-JP, the encoding that fallback") >= 0);
    ctx.fallback_encoding = STR("windows-1252");
    CHECK(ingest(&ctx, STR("<agent_data agent_name='a'b\xfc'>"), &f) == -1); /* ill-formed first */
    CHECK(diag_failed(&diag));
}

/* A pipe cannot be read again, and a file's reading begins where it was. */
static void
test_pipe(void)
{
    struct ingest_context ctx = {.path = "t",
                                 .mtime = 1795291200,
                                 .asset_name = STR(""),
                                 .fallback_encoding = STR("windows-1252")};
    struct scan_file f;
    int ends[2];
    CHECK(pipe(ends) == 0 && write(ends[1], AGENT, sizeof AGENT - 1) == sizeof AGENT - 1);
    close(ends[1]);
    diag = diag_init(arena);
    CHECK(ingest_fd(&ctx, ends[0], arena, &f, &diag) == -1);
    CHECK(str_find(diag_text(&diag), "through a pipe cannot be read again as windows-1252") >= 0);
    close(ends[0]);
    FILE *t = tmpfile();
    CHECK(t && fputs("skip" AGENT, t) >= 0 && fflush(t) == 0 && lseek(fileno(t), 4, SEEK_SET) == 4);
    diag = diag_init(arena);
    CHECK(ingest_fd(&ctx, fileno(t), arena, &f, &diag) == 0 && f.size == sizeof AGENT - 1);
    CHECK_STR(f.scans.v[0].asset.name, "B\xc3\xbcro");
    fclose(t);
}

static void
test_names(void)
{
    CHECK(charset_may_be_forced(STR("cp1252")) && charset_may_be_forced(STR("sjis")));
    CHECK(!charset_may_be_forced(STR("UTF-16")) && !charset_may_be_forced(STR("UTF-8")));
    CHECK(!charset_may_be_forced(STR("")) && !charset_converter(STR("UTF-7")));
    CHECK_STR(encoding_declared(STR("<?xml version='1.0' encoding = \"x\"?>")), "x");
    CHECK_STR(encoding_declared(STR("<?xml version='1.0'?><a encoding='x'/>")), "");
    CHECK(str_starts(charset_list(arena, false), "UTF-8, UTF-16, "));
    CHECK(str_starts(charset_list(arena, true), "ISO-8859-1, "));
}

int
main(void)
{
    arena = arena_new();
    got = buf_init(BUF_MAX_DEFAULT);
    env_set_now(1795900000);
    test_whole();
    test_wave_dash_and_yen();
    test_windows_in_latin1();
    test_refused();
    test_forced();
    test_other();
    test_second_reading();
    test_pipe();
    test_names();
    buf_done(&got);
    arena_free(arena);
    return CHECK_DONE();
}
