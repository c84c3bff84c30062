/* Frames of RELP: whole, in pieces, and everything that is none. */
#include "deliver/relp_frame.h"

#include <string.h>

#include "check.h"

static const struct {
    const char *bytes;
    long n; /* length of the first frame */
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
        long n = relp_read_frame(str_c(cases[i].bytes), &f);
        CHECK(n == cases[i].n);
        if (n != cases[i].n)
            fprintf(stderr, "  %s: %ld\n", cases[i].bytes, n);
        if (n <= 0)
            continue;
        CHECK(f.txnr == cases[i].txnr);
        CHECK_STR(f.command, cases[i].command);
        CHECK_STR(f.data, cases[i].data);
    }
    return CHECK_DONE();
}
