/* Words of mail: what hostile texts become in headers, parameters and bodies. */
#include "base/mime.h"

#include "check.h"

static struct arena *a;

/* Every line is ASCII, ends with CRLF and is short; a header goes on with a blank. */
static void
check_lines(struct str s, bool is_header)
{
    for (size_t n = 0; s.len; n++) {
        struct str line = str_cut(&s, '\n');
        CHECK(line.len > 0 && line.s[line.len - 1] == '\r');
        CHECK(line.len <= 79);
        for (size_t i = 0; i + 1 < line.len; i++)
            CHECK((unsigned char)line.s[i] >= 32 && (unsigned char)line.s[i] < 127);
        if (is_header && n)
            CHECK(line.s[0] == ' ');
    }
}

static struct str
header(const char *text)
{
    AUTO_BUF out = buf_init(1 << 20);
    mime_put_text(&out, "Subject", str_c(text));
    check_lines(buf_view(&out), true);
    return arena_str(a, buf_view(&out));
}

static void
test_text(void)
{
    CHECK_STR(header("Report of November"), "Subject: Report of November\r\n");
    CHECK_STR(header("a\r\nBcc: x@evil.test\r\n\r\nbody"), "Subject: a  Bcc: x@evil.test    body\r\n");
    CHECK_STR(header("=?UTF-8?Q?not_ours?="), "Subject: =?UTF-8?B?PT9VVEYtOD9RP25vdF9vdXJzPz0=?=\r\n");
    CHECK_STR(header("月次"), "Subject: =?UTF-8?B?5pyI5qyh?=\r\n");
    CHECK(str_find(header("one two three four five six seven eight nine ten eleven twelve thirteen"), "\r\n ") > 0);
    /* words are cut between characters, and what is no text is repaired first */
    struct str many = header("要塞化コンプライアンスレポート月次報告要塞化コンプライアンスレポート");
    CHECK(str_find(many, "?=\r\n =?UTF-8?B?") > 0);
    header("\xff\xfe broken \x80");
    char big[4000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = 0;
    header(big);
}

static void
test_mailbox(void)
{
    AUTO_BUF out = buf_init(1 << 20);
    mime_put_mailbox(&out, "From", STR("Hardening Reports"), STR("r@example.test"));
    CHECK_STR(buf_view(&out), "From: Hardening Reports\r\n <r@example.test>\r\n");
    buf_cut(&out, 0);
    mime_put_mailbox(&out, "From", STR("x>, <evil@evil.test"), STR("r@example.test"));
    CHECK(str_find(buf_view(&out), "evil.test") < 0);
    check_lines(buf_view(&out), true);
    buf_cut(&out, 0);
    mime_put_mailbox(&out, "To", STR(""), STR("a@b.test"));
    CHECK_STR(buf_view(&out), "To: a@b.test\r\n");
}

static void
test_parameter(void)
{
    static const char *const names[] = {"月次.pdf", "a\"b.pdf", "a\r\nX: y", "%00.pdf",
                                        "0123456789012345678901234567890123456789012345678901234567890.pdf"};
    AUTO_BUF out = buf_init(1 << 20);
    mime_put_parameter(&out, "filename", STR("report.pdf"));
    CHECK_STR(buf_view(&out), ";\r\n filename=\"report.pdf\"");
    buf_cut(&out, 0);
    mime_put_parameter(&out, "filename", STR("月.pdf"));
    CHECK_STR(buf_view(&out), ";\r\n filename*0*=UTF-8''%E6%9C%88.pdf");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        buf_cut(&out, 0);
        buf_puts(&out, "X: y");
        mime_put_parameter(&out, "filename", str_c(names[i]));
        buf_puts(&out, "\r\n");
        check_lines(buf_view(&out), true);
        CHECK(!memchr(buf_view(&out).s, '"', buf_view(&out).len) || strlen(names[i]) < 60);
    }
}

static void
test_bodies(void)
{
    AUTO_BUF out = buf_init(1 << 20);
    mime_put_quoted(&out, STR("a=b\n.\nend \n\tÄ\r\nFrom x\n"));
    CHECK_STR(buf_view(&out), "a=3Db\r\n=2E\r\nend=20\r\n=09=C3=84\r\nFrom x\r\n");
    buf_cut(&out, 0);
    char big[1000];
    memset(big, '.', sizeof big - 1);
    big[sizeof big - 1] = 0;
    mime_put_quoted(&out, str_c(big));
    check_lines(buf_view(&out), false);
    CHECK(str_find(buf_view(&out), "\r\n.") < 0);
    buf_cut(&out, 0);
    mime_put_base64(&out, str_c(big));
    check_lines(buf_view(&out), false);
    CHECK_STR(mime_date(a, 1796101801), "Tue, 01 Dec 2026 05:10:01 +0000");
    CHECK(!str_eq(mime_boundary(a, "x", STR("1")), mime_boundary(a, "x", STR("2"))));
}

static void
test_addresses(void)
{
    static const char *const good[] = {"a@b", "first.last+tag@mail.example.net", "o'neil@x-y.test"};
    static const char *const bad[] = {"",        "a",          "@b",          "a@",        "a b@c",      "a@b c",
                                      "a@b\nBcc: x", "a@b>",   "<a@b>",       "a@b,c@d",   "a..b@c",     ".a@b",
                                      "a@b.",    "a@-b",       "月@b.test",   "a@b\r",     "\"a b\"@c",  "a@b@c"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(mime_is_address(str_c(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!mime_is_address(str_c(bad[i])));
    CHECK(!mime_is_address(str_n("a\0@b", 4)));
}

int
main(void)
{
    a = arena_new();
    test_text();
    test_mailbox();
    test_parameter();
    test_bodies();
    test_addresses();
    arena_free(a);
    return CHECK_DONE();
}
