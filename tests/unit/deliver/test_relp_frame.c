/* Frames of RELP: whole, in pieces, and everything that is none. */
#include "deliver/relp_frame.h"

#include <string.h>

#include "check.h"

static const struct {
    const char *bytes;
    long n; /* length of the first frame; 0 = it is not whole yet, -1 = it is none */
    long txnr;
    const char *command, *data;
} cases[] = {
    {"1 rsp 6 200 OK\n", 15, 1, "rsp", "200 OK"},
    {"1 rsp 6 200 OK\n2 rsp", 15, 1, "rsp", "200 OK"},
    {"0 serverclose 0\n", 16, 0, "serverclose", ""},
    {"999999999 rsp 0\n", 16, 999999999, "rsp", ""},
    {"7 rsp 3 a\nb\n", 12, 7, "rsp", "a\nb"},
    {"7 rsp 3 a\nbc", -1, 0, "", ""},
    {"", 0, 0, "", ""},
    {"1", 0, 0, "", ""},
    {"1 ", 0, 0, "", ""},
    {"1 rs", 0, 0, "", ""},
    {"1 rsp ", 0, 0, "", ""},
    {"1 rsp 6", 0, 0, "", ""},
    {"1 rsp 6 200 O", 0, 0, "", ""},
    {"x rsp 0\n", -1, 0, "", ""},
    {"-1 rsp 0\n", -1, 0, "", ""},
    {"1\n", -1, 0, "", ""},
    {"1  rsp 0\n", -1, 0, "", ""},
    {"1 r$p 0\n", -1, 0, "", ""},
    {"1 rsp x\n", -1, 0, "", ""},
    {"1 rsp 99999999999\n", -1, 0, "", ""},
    {"1 rsp 200000 a", -1, 0, "", ""},
    {"HTTP/1.1 400 Bad Request\r\n", -1, 0, "", ""},
};

int
main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct relp_frame f = {.txnr = -1};
        enum relp_read want = cases[i].n > 0    ? RELP_READ_FRAME
                              : cases[i].n == 0 ? RELP_READ_PART
                                                : RELP_READ_GARBAGE;
        enum relp_read got = relp_read_frame(str_c(cases[i].bytes), &f);
        CHECK(got == want);
        if (got != want)
            fprintf(stderr, "  %s: %d\n", cases[i].bytes, (int)got);
        if (got != RELP_READ_FRAME)
            continue;
        CHECK(f.len == (size_t)cases[i].n);
        CHECK(f.txnr == cases[i].txnr);
        CHECK_STR(f.command, cases[i].command);
        CHECK_STR(f.data, cases[i].data);
    }
    return CHECK_DONE();
}
