/* What strangers say, as people read it: who it was, and nothing that a terminal would obey. */
#include "deliver/spoken.h"

#include <string.h>

#include "check.h"

static struct arena *a;

static struct str
quote(const char *said, size_t n)
{
    return spoken_quote(str_n(said, n), a);
}

static void
test_who(void)
{
    static const struct {
        const char *said, *quoted;
    } rows[] = {
        {"HTTP/1.1 400 Bad Request\r\n",
         "\"HTTP/1.1 400 Bad Request\\r\\n\", as a server of HTTP does"},
        {"<!DOCTYPE HTML>", "\"<!DOCTYPE HTML>\", as a server of HTTP does"},
        {"SSH-2.0-x\r\n", "\"SSH-2.0-x\\r\\n\", as a server of SSH does"},
        {"220 mail ESMTP", "\"220 mail ESMTP\", as a server of mail or of FTP does"},
        {"0 serverclose 0\n", "\"0 serverclose 0\\n\", as a receiver of RELP does"},
        {"17 rsp 6 200 OK\n", "\"17 rsp 6 200 OK\\n\", as a receiver of RELP does"},
        {"\x15\x03\x03", "\"\\x15\\x03\\x03\", as a port with TLS does"},
        {"rsp 6", "\"rsp 6\""},
        {"17 rspx", "\"17 rspx\""},
        {"", "\"\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(quote(rows[i].said, strlen(rows[i].said)), rows[i].quoted);
}

/* Escapes of terminals, quotes, bytes that are no text; and no more than the beginning. */
static void
test_safe(void)
{
    static const char hostile[] = "a\"b\\\033[2J\0\x9b\xe2\x80\xae";
    char much[1000];
    CHECK_STR(quote(hostile, sizeof hostile - 1),
              "\"a\\\"b\\\\\\x1b[2J\\x00\\x9b\\xe2\\x80\\xae\"");
    memset(much, 7, sizeof much);
    struct str said = quote(much, sizeof much);
    CHECK(said.len == 2 + 4 * SPOKEN_SHOWN + strlen("…") && str_ends(said, "\\x07…\""));
}

static void
test_tls(void)
{
    static const char *const others[] = {"\x15\x03", "\x15\x05\x01", "\x18\x03\x01", "\x13\x03\x01",
                                         "\x15\x02\x01"};
    CHECK(spoken_is_tls(str_n("\x16\x03\x01", 3)) && spoken_is_tls(str_n("\x17\x03\x04\x00", 4)));
    CHECK(spoken_is_tls(str_n("\x15\x03\x00", 3)));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK(!spoken_is_tls(str_c(others[i])));
}

int
main(void)
{
    a = arena_new();
    test_who();
    test_safe();
    test_tls();
    arena_free(a);
    return CHECK_DONE();
}
