/* Which files count as unchanged, and a list that comes back as it was written. */
#include "intake/unchanged.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

#define SECOND ((int64_t)1000000000)

static struct unchanged_state
state_of(uint64_t inode)
{
    return (struct unchanged_state){.device = 1,
                                    .inode = inode,
                                    .size = 10,
                                    .modified = 1000 * SECOND,
                                    .changed = 1001 * SECOND};
}

static void
test_rest(void)
{
    struct unchanged_state a = state_of(1), b = a;
    CHECK(unchanged_is_at_rest(&a, &b, 1003 * SECOND));
    CHECK(!unchanged_is_at_rest(&a, &b, 1003 * SECOND - 1));
    a.modified = b.modified = 1002 * SECOND;
    CHECK(!unchanged_is_at_rest(&a, &b, 1003 * SECOND));
    a.modified = b.modified = 5000 * SECOND; /* a clock that is off */
    CHECK(!unchanged_is_at_rest(&a, &b, 1003 * SECOND));
    a = b = state_of(1);
    b.changed++;
    CHECK(!unchanged_is_at_rest(&a, &b, 1003 * SECOND));
    b = a;
    b.size++;
    CHECK(!unchanged_is_at_rest(&a, &b, 1003 * SECOND));
}

static bool
finds(const struct unchanged *u, struct unchanged_state s, const char *bytes)
{
    const struct sha256_digest *got = unchanged_find(u, &s);
    struct sha256_digest want = sha256_of(str_c(bytes));
    return got && memcmp(got, &want, sizeof want) == 0;
}

static void
note(struct unchanged *u, uint64_t inode, const char *bytes)
{
    struct unchanged_state s = state_of(inode);
    struct sha256_digest sum = sha256_of(str_c(bytes));
    unchanged_note(u, &s, &sum);
}

static void
test_list(const char *dir)
{
    struct unchanged *u = unchanged_open(dir);
    CHECK(!finds(u, state_of(1), "one"));
    note(u, 1, "one");
    note(u, 2, "two");
    note(u, 1, "one again");
    unchanged_close(u);
    u = unchanged_open(dir);
    CHECK(finds(u, state_of(1), "one again") && finds(u, state_of(2), "two"));
    struct unchanged_state other = state_of(2);
    other.modified++;
    CHECK(!unchanged_find(u, &other));
    other = state_of(2);
    other.changed--;
    CHECK(!unchanged_find(u, &other));
    other = state_of(2);
    other.device = 9;
    CHECK(!unchanged_find(u, &other));
    unchanged_close(u);
}

/* The oldest go when there are too many. */
static void
test_many(const char *dir)
{
    struct unchanged *u = unchanged_open(dir);
    for (uint64_t i = 10; i < 10 + UNCHANGED_MAX; i++)
        note(u, i, "many");
    unchanged_close(u);
    u = unchanged_open(dir);
    CHECK(!unchanged_find(u, &(struct unchanged_state){.device = 1, .inode = 1}));
    CHECK(!finds(u, state_of(1), "one again") && finds(u, state_of(10), "many"));
    CHECK(finds(u, state_of(9 + UNCHANGED_MAX), "many"));
    unchanged_close(u);
}

int
main(void)
{
    char dir[] = "/tmp/assay-unit-XXXXXX", cmd[64];
    CHECK(mkdtemp(dir) != NULL);
    test_rest();
    test_list(dir);
    test_many(dir);
    snprintf(cmd, sizeof cmd, "rm -r %s", dir);
    CHECK(system(cmd) == 0);
    return CHECK_DONE();
}
