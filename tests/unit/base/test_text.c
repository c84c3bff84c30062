/* base/str, buf, utf8, json_put: text in, text out. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "check.h"

static void
test_str(void)
{
    struct str rest = STR("a=b=c");
    CHECK_STR(str_cut(&rest, '='), "a");
    CHECK_STR(rest, "b=c");
    CHECK_STR(str_cut(&rest, '|'), "b=c");
    CHECK(rest.len == 0 && rest.s);
    CHECK_STR(str_trim(STR(" \t x y \n")), "x y");
    CHECK(str_glob(STR("sshd_x_y"), STR("sshd_*y"), false) && str_glob(STR(""), STR("**"), false));
    static const struct str known[] = {STR("Servers"), STR("Network"), STR("サーバ1"), STR("ja")};
    CHECK(str_eqc(str_nearest(STR("servres"), known, 4), "Servers"));
    CHECK(str_eqc(str_nearest(STR("Netwrk"), known, 4), "Network"));
    CHECK(str_eqc(str_nearest(STR("サーバ2"), known, 4), "サーバ1"));
    const struct str levels[] = {STR("low"), STR("high"), STR("light")};
    CHECK(str_eqc(str_nearest(STR("hihg"), levels, 3), "high")); /* a swap is one mistake */
    CHECK(str_eqc(str_nearest(STR("lwo"), levels, 3), "low") && str_eqc(str_nearest(STR("ilght"), levels, 3), "light"));
    CHECK(!str_nearest(STR("ihgh"), levels, 1).len);
    CHECK(!str_nearest(STR("xx"), known, 4).len && !str_nearest(STR("x"), NULL, 0).len);
    CHECK(!str_nearest(STR(""), known, 4).len);
    const struct str hosts[] = {STR("db01"), STR("web01")};
    CHECK(str_eqc(str_nearest(STR("wbe01"), hosts, 2), "web01")); /* two letters swapped are one slip */
    CHECK(str_glob(STR("aXbXc"), STR("a*xc"), true) && !str_glob(STR("aXbXc"), STR("a*xc"), false));
    CHECK(!str_glob(STR("abc"), STR("ab"), true) && !str_glob(STR("ab"), STR("abc*"), true));
    CHECK(str_ieqc(STR("PASS"), "pass") && !str_ieqc(STR("PASSED"), "pass"));
    CHECK(str_starts(STR("abc"), "ab") && !str_starts(STR("a"), "ab"));
    CHECK(str_ends(STR("x.tmp"), ".tmp") && !str_ends(STR("tmp"), ".tmp"));
    CHECK(str_find(STR("a..b"), "..") == 1 && str_find(STR("ab"), "..") == -1);
    CHECK(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0);
    CHECK(str_eq((struct str){0}, STR("")));
}

static void
test_numbers(void)
{
    int64_t i = 7;
    double x = 7;
    CHECK(str_to_i64(STR("-42"), &i) && i == -42);
    CHECK(!str_to_i64(STR("42x"), &i) && !str_to_i64(STR(""), &i) && !str_to_i64(STR(" 1"), &i));
    CHECK(!str_to_i64(STR("99999999999999999999"), &i) && i == -42);
    CHECK(str_to_double(STR("82.02"), &x) && x > 82.0199 && x < 82.0201);
    CHECK(!str_to_double(STR("0x10"), &x) && !str_to_double(STR("nan"), &x));
    CHECK(!str_to_double(STR("1 "), &x));
}

static void
test_buf(void)
{
    AUTO_BUF b = buf_init(8);
    buf_puts(&b, "12345678");
    CHECK(!buf_bad(&b) && b.len == 8);
    buf_putc(&b, '9');
    CHECK(buf_bad(&b) && b.len == 8);
    buf_puts(&b, "more");
    CHECK_STR(buf_view(&b), "12345678");
    AUTO_BUF h = buf_init(100);
    buf_hex(&h, "\x00\xff\x1a", 3);
    buf_fmt(&h, " %d", 5);
    CHECK_STR(buf_view(&h), "00ff1a 5");
    AUTO_BUF digits = buf_init(64);
    buf_num(&digits, 0);
    buf_putc(&digits, ' ');
    buf_num(&digits, UINT64_MAX);
    buf_putc(&digits, ' ');
    buf_num(&digits, 1000);
    CHECK_STR(buf_view(&digits), "0 18446744073709551615 1000");
}

static void
test_utf8(struct arena *a)
{
    static const char *const bad[] = {"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80",
                                      "\xe3\x81"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!utf8_valid(str_c(bad[i])));
        CHECK(utf8_valid(utf8_repair(a, str_c(bad[i]))));
    }
    CHECK(utf8_valid(STR("\xf0\x9f\x98\x80 日本")));
    CHECK_STR(utf8_repair(a, str_n("a\0b", 3)), "a\xef\xbf\xbd"
                                                "b");
    CHECK_STR(utf8_cut(STR("日本"), 4), "日");
    CHECK_STR(utf8_cut(STR("日本"), 6), "日本");
    CHECK_STR(utf8_visible(a, STR("a\xe2\x80\xae"
                                  "b\x1b[0m")),
              "a⟨U+202E⟩b⟨U+001B⟩[0m");
    CHECK_STR(utf8_visible(a, STR("a\r\nb")), "a\nb");
    CHECK_STR(utf8_one_line(a, STR("a\nb\tc")), "a b c");
    for (uint32_t cp = 1; cp < 0x110000; cp += 97) {
        char out[4];
        uint32_t back = 0;
        if (cp >= 0xd800 && cp < 0xe000)
            continue;
        int n = utf8_put(out, cp);
        if (utf8_next(out, (size_t)n, &back) != n || back != cp) {
            CHECK(cp == back);
            return;
        }
    }
}

static void
test_json(void)
{
    AUTO_BUF b = buf_init(1000);
    struct json_put j = json_put_init(&b);
    json_put_open(&j, '{');
    json_put_member_c(&j, "a", "q\"\\\n\x01\x7f");
    json_put_key(&j, "b");
    json_put_open(&j, '[');
    json_put_int(&j, -3);
    json_put_num(&j, 17.060, 2);
    json_put_num(&j, 100, 2);
    json_put_null(&j);
    json_put_bool(&j, true);
    json_put_open(&j, '{');
    json_put_close(&j, '}');
    json_put_close(&j, ']');
    json_put_member(&j, "bad", str_n("\xff", 1));
    json_put_close(&j, '}');
    CHECK_STR(buf_view(&b), "{\"a\":\"q\\\"\\\\\\n\\u0001\x7f\",\"b\":[-3,17.06,100,null,true,{}],"
                            "\"bad\":\"\xef\xbf\xbd\"}");
}

int
main(void)
{
    struct arena *a = arena_new();
    test_str();
    test_numbers();
    test_buf();
    test_utf8(a);
    test_json();
    arena_free(a);
    return CHECK_DONE();
}
