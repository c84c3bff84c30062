/* Asking other programs: what they say comes back whole, and nothing that they do holds us up. */
#include "ledger/exchange.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static int
asks(const char *whom, struct str question, struct str *ret, int *ret_status, struct diag *d)
{
    return exchange(str_c(whom), question, ret, ret_status, d);
}

static void
test_answers(struct arena *a)
{
    struct diag d = diag_init(a);
    struct str got;
    int status;
    CHECK(asks("cat", STR("one\ntwo\n"), &got, &status, &d) == 0 && status == 0);
    CHECK_STR(got, "one\ntwo\n");
    CHECK(asks("  echo  3   x ", STR("nobody reads this"), &got, &status, &d) == 0 && status == 0);
    CHECK_STR(got, "3 x\n");
    CHECK(asks("false", STR("x"), &got, &status, &d) == 0 && status == 1 && got.len == 0);
    /* More than a socket holds, to one that does not read, and to one that does. */
    size_t n = 4 << 20;
    char *many = arena_alloc(a, n);
    memset(many, 'x', n);
    CHECK(asks("true", str_n(many, n), &got, &status, &d) == 0 && got.len == 0);
    CHECK(asks("wc -c", str_n(many, n), &got, &status, &d) == 0);
    CHECK(str_eqc(str_trim(got), "4194304"));
}

static void
test_failures(struct arena *a)
{
    static const char *const bad[] = {"/nonexistent/program", "", "   ", "unix:/nonexistent/socket",
                                      "unix:"};
    struct str got;
    int status;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct diag d = diag_init(a);
        CHECK(asks(bad[i], STR("x"), &got, &status, &d) == -1);
        CHECK(d.first.code == DIAG_UNAVAILABLE);
    }
    struct diag d = diag_init(a);
    CHECK(asks("yes", STR("x"), &got, &status, &d) == -1 && d.first.code == DIAG_TOO_BIG);
    char path[300] = "unix:";
    memset(path + 5, 'a', sizeof path - 6);
    path[sizeof path - 1] = '\0';
    d = diag_init(a);
    CHECK(asks(path, STR("x"), &got, &status, &d) == -1 && d.first.code == DIAG_UNAVAILABLE);
}

/* It says all, hangs up and goes on: nobody waits for that. It is killed, as its status says, long
 * before it would end by itself. */
static void
test_lingers(struct arena *a)
{
    struct diag d = diag_init(a);
    struct str got;
    char path[] = "/tmp/assay-unit-XXXXXX";
    int status, fd = mkstemp(path);
    static const char script[] = "echo 7; exec <&- >&-; exec sleep 3600";
    CHECK(fd >= 0 && write(fd, script, sizeof script - 1) == (ssize_t)sizeof script - 1);
    close(fd);
    CHECK(asks(arena_fmt(a, "sh %s", path).s, STR("x"), &got, &status, &d) == 0);
    CHECK_STR(got, "7\n");
    CHECK(status == 128 + SIGKILL);
    unlink(path);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_answers(a);
    test_failures(a);
    test_lingers(a);
    arena_free(a);
    return CHECK_DONE();
}
