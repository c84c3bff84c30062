/* Which scans of a line may go. */
#include "store/prune_rule.h"

#include "base/clock.h"
#include "check.h"

enum { DAY = 86400, BEFORE = 100 * DAY, N = 6 };

/* Six scans, ten days apart from day 10 on, each received when it ended. */
static void
fill(struct prune_row v[N])
{
    for (int i = 0; i < N; i++)
        v[i] = (struct prune_row){.end = (i + 1) * 10 * DAY,
                                  .received = (i + 1) * 10 * DAY,
                                  .policy_id = 7,
                                  .has_results = true,
                                  .has_details = true};
}

static void
judge(struct prune_row v[N], const struct prune_hold *holds, size_t n, int64_t delivered, bool strips)
{
    const struct prune_order o = {.before = BEFORE,
                                  .delivered = delivered,
                                  .holds = holds,
                                  .n_holds = n,
                                  .strips = strips};
    fill(v);
    prune_rule_judge(v, N, 42, &o);
}

static int
n_gone(const struct prune_row v[N])
{
    int n = 0;
    for (int i = 0; i < N; i++)
        n += v[i].why == PRUNE_GOES;
    return n;
}

static void
test_ends(void)
{
    struct prune_row v[N];
    judge(v, NULL, 0, INT64_MAX, false);
    CHECK(v[0].why == PRUNE_FIRST && v[N - 1].why == PRUNE_NEWEST && n_gone(v) == N - 2);
    judge(v, NULL, 0, INT64_MAX, true); /* details: the first needs none */
    CHECK(v[0].why == PRUNE_GOES && v[N - 1].why == PRUNE_NEWEST && n_gone(v) == N - 1);
}

/* The newest with results stays beside the newest: a delta builds on it. */
static void
test_results(void)
{
    struct prune_row v[N];
    const struct prune_order o = {.before = BEFORE, .delivered = INT64_MAX};
    fill(v);
    v[0].has_results = v[N - 1].has_results = v[N - 2].has_results = false;
    prune_rule_judge(v, N, 42, &o);
    CHECK(v[0].why == PRUNE_GOES && v[1].why == PRUNE_FIRST && v[2].why == PRUNE_GOES);
    CHECK(v[N - 3].why == PRUNE_NEWEST && v[N - 2].why == PRUNE_GOES &&
          v[N - 1].why == PRUNE_NEWEST);
    prune_rule_judge(v, 0, 42, &o);
    prune_rule_judge(v, 1, 42, &o);
    CHECK(v[0].why == PRUNE_NEWEST);
}

static void
test_delivered(void)
{
    struct prune_row v[N];
    judge(v, NULL, 0, 30 * DAY, false);
    CHECK(v[1].why == PRUNE_GOES && v[2].why == PRUNE_EXPORTED && v[3].why == PRUNE_EXPORTED);
    judge(v, NULL, 0, INT64_MIN, false);
    CHECK(n_gone(v) == 0);
}

static void
test_holds(void)
{
    struct prune_row v[N];
    uint64_t agents[] = {99, 42, 5}, others[] = {41, 43}, policies[] = {7};
    prune_sort_ids(agents, 3);
    CHECK(agents[0] == 5 && agents[2] == 99);
    struct prune_hold h = {.agents = agents,
                           .n_agents = 3,
                           .is_of_agents = true,
                           .from = INT64_MIN,
                           .to = INT64_MAX};
    judge(v, &h, 1, INT64_MAX, false);
    CHECK(n_gone(v) == 0 && v[2].why == PRUNE_HELD);
    h.agents = others;
    h.n_agents = 2;
    judge(v, &h, 1, INT64_MAX, false);
    CHECK(n_gone(v) == N - 2);
    h.n_agents = 0; /* a group without anybody holds nobody */
    judge(v, &h, 1, INT64_MAX, false);
    CHECK(n_gone(v) == N - 2);
    /* a period holds its scans, and what was current when it began */
    struct prune_hold p = {.from = 35 * DAY, .to = 45 * DAY};
    judge(v, &p, 1, INT64_MAX, false);
    CHECK(v[1].why == PRUNE_GOES && v[2].why == PRUNE_HELD && v[3].why == PRUNE_HELD &&
          v[4].why == PRUNE_GOES);
    p.is_of_policies = true;
    p.policies = policies;
    p.n_policies = 1;
    judge(v, &p, 1, INT64_MAX, false);
    CHECK(v[3].why == PRUNE_HELD);
    policies[0] = 8;
    judge(v, &p, 1, INT64_MAX, false);
    CHECK(v[3].why == PRUNE_GOES);
    CHECK(prune_rule_is_held(&h, 1, 1, 0) == false);
}

static void
test_sum(void)
{
    struct prune_count sum = {.oldest = CLOCK_NONE, .newest = CLOCK_NONE}, none = sum,
                       one = {.n = 1, .n_bytes = 5, .oldest = 3, .newest = 9};
    prune_count_add(&sum, &none);
    CHECK(sum.n == 0 && sum.oldest == CLOCK_NONE);
    prune_count_add(&sum, &one);
    one.oldest = one.newest = 1;
    prune_count_add(&sum, &one);
    CHECK(sum.n == 2 && sum.n_bytes == 10 && sum.oldest == 1 && sum.newest == 9);
}

int
main(void)
{
    test_ends();
    test_results();
    test_delivered();
    test_holds();
    test_sum();
    return CHECK_DONE();
}
