/* C and SQL say the same of the same counts, digit by digit. */
#include "db.h"
#include "model/tally.h"

enum { N = 5000, FIRST = 1700000000 };

static uint64_t seed = 20261130;

static int64_t
any_below(int64_t end)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 33) % (uint64_t)end);
}

/* Small and huge ones, halves of the last digit (sums that 32 or 4000 divide), and nothing at all. */
static void
set_counts(int64_t counts[STATUS__COUNT], int i)
{
    static const int64_t ends[] = {2, 5, 300, 5000, 1000000, INT32_MAX};
    memset(counts, 0, STATUS__COUNT * sizeof *counts);
    for (int s = STATUS_PASS; s < STATUS__COUNT; s++)
        counts[s] = any_below(ends[any_below(6)]);
    if (i % 4 == 0)
        counts[STATUS_PASS] = counts[STATUS_FIXED] = counts[STATUS_FAIL] = 0;
    else if (i % 4 == 1) {
        int64_t sum = (any_below(2) ? 32 : 4000) * (1 + any_below(50));
        counts[STATUS_FIXED] = any_below(3);
        counts[STATUS_PASS] = any_below(sum - 2);
        counts[STATUS_FAIL] = sum - counts[STATUS_PASS] - counts[STATUS_FIXED];
    } else if (i % 4 == 2)
        counts[any_below(2) ? STATUS_FAIL : STATUS_PASS] = 0;
}

/* What the view should say of the counts. */
static struct str
expected(struct arena *a, const int64_t counts[STATUS__COUNT])
{
    struct tally t = tally_of(counts);
    int64_t score = tally_score_shown(t.passed, t.failed, 2);
    struct str digits =
        score < 0 ? STR("NULL")
                  : arena_fmt(a, "%lld.%02lld00", (long long)score / 100, (long long)score % 100);
    return arena_fmt(a, "%lld,%lld,%lld,%.*s", (long long)t.passed, (long long)t.failed,
                     (long long)t.skipped, STR_ARG(digits));
}

int
main(void)
{
    struct db t;
    struct fleet f;
    struct fleet_query q = {.from = FIRST, .to = FIRST + N, .with_points = true};
    db_start(&t);
    AUTO_BUF want = buf_init(1 << 24);
    struct scan_file file = db_file("counts");
    q.policy = q.agent = STR("");
    for (int i = 0; i < N; i++) {
        struct str agent = arena_fmt(t.a, "agent%04d", i);
        struct scan *s = db_scan(t.a, &file, agent.s, "p", FIRST + i, "");
        s->score_only = true;
        set_counts(s->counts, i);
        buf_fmt(&want, "%s%.*s", i ? ";" : "", STR_ARG(expected(t.a, s->counts)));
    }
    CHECK(db_put_file(t.st, &file, &t.d) == STORE_NEW);

    struct str said = db_rows(t.st, t.a,
                              "SELECT passed, failed, skipped, score FROM v_scores "
                              "ORDER BY agent");
    CHECK(str_eq(said, buf_view(&want)));

    /* The view's score is stored by C; SQL's own arithmetic over the view's counts gives it, too: but for what is
     * neither all nor nothing. */
    CHECK(db_number(t.st, "SELECT COUNT(*) FROM v_scores") == N);
    CHECK(db_number(t.st, "SELECT COUNT(*) FROM v_scores WHERE NOT (score * 100 <=> "
                          "LEAST(GREATEST((20000 * passed + "
                          "passed + failed) DIV NULLIF(2 * (passed + failed), 0), passed > 0), "
                          "10000 - (failed > 0)))") == 0);
    CHECK(db_number(t.st,
                    "SELECT COUNT(*) FROM v_scores v JOIN scan s ON s.scanned_at = v.scanned_at "
                    "WHERE s.score = 10000 AND v.score = 99.99") > 0);
    CHECK(db_number(t.st, "SELECT COUNT(*) FROM v_scores WHERE score IS NULL") >= N / 4);

    /* What evolution counts is folded in C, from the same columns. */
    CHECK(db_ok(&t, store_load_fleet(t.st, &q, t.a, &f, &t.d)));
    CHECK(f.points.n == N);
    int64_t sums[2] = {0};
    for (size_t i = 0; i < f.points.n; i++) {
        struct tally own = tally_of(file.scans.v[f.points.v[i].agent].counts);
        sums[0] += f.points.v[i].passed == own.passed;
        sums[1] += f.points.v[i].failed == own.failed;
    }
    CHECK(sums[0] == N && sums[1] == N);
    db_stop(&t);
    return CHECK_DONE();
}
