/* The test macro: CHECK counts and says where; CHECK_DONE() ends main. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static int check_passed, check_failed;

#define CHECK(cond)                                                                                \
    ((cond) ? (void)check_passed++                                                                 \
            : (void)(check_failed++,                                                               \
                     fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #cond)))

/* A str against a C string, both printed when they differ. */
#define CHECK_STR(got, want) check_str(__FILE__, __LINE__, #got, (got), (want))

static inline void
check_str(const char *file, int line, const char *expr, struct str got, const char *want)
{
    if (str_eqc(got, want)) {
        check_passed++;
        return;
    }
    check_failed++;
    fprintf(stderr, "%s:%d: %s is \"%.*s\", want \"%s\"\n", file, line, expr, STR_ARG(got), want);
}

#define CHECK_DONE()                                                                               \
    (printf("%d passed, %d failed\n", check_passed, check_failed), check_failed ? 1 : 0)

#endif
