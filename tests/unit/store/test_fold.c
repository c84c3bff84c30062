/* Folding without a database: the worst result counts, order does not matter, texts are bounded. */
#include "store/fold.h"

#include "check.h"

/* A policy of n checks c0, c1, … and the match that puts them in reverse order. */
static struct policy_match
make_match(struct arena *a, struct scan *s, size_t n)
{
    struct policy_version *p = ARENA_NEW(a, struct policy_version);
    p->n = n;
    p->checks = ARENA_ARRAY(a, struct hash16, n);
    p->severities = ARENA_ARRAY(a, enum severity, n);
    p->pos = map_new(a);
    struct policy_match m = {.policy = p, .n = n, .pos = ARENA_ARRAY(a, size_t, n)};
    for (size_t i = 0; i < n; i++) {
        struct scan_check *c = VEC_PUSH(a, &s->checks);
        c->id = arena_fmt(a, "c%zu", i);
        c->severity = SEVERITY_LOW;
        p->checks[n - 1 - i] = ids_hash16(c->id);
        p->severities[n - 1 - i] = SEVERITY_LOW;
        m.pos[i] = n - 1 - i;
    }
    p->sorted = policy_sort(p->checks, n, a);
    return m;
}

static void
add(struct arena *a, struct scan *s, size_t check, enum status status, const char *evidence)
{
    struct scan_result r = {.check = check,
                            .status = status,
                            .native = str_c(status_word(status)),
                            .evidence = str_c(evidence),
                            .waiver = STR("")};
    scan_add_result(a, s, r);
}

static void
test_worst(void)
{
    struct arena *a = arena_new();
    struct scan s = {0};
    struct fold f, g;
    struct detail v;
    struct policy_match m = make_match(a, &s, 3);
    struct scan t = s;
    add(a, &s, 0, STATUS_PASS, "fine");
    add(a, &s, 0, STATUS_FAIL, "one");
    add(a, &s, 2, STATUS_NOTAPPLICABLE, "");
    add(a, &s, 0, STATUS_PASS, "fine too");
    add(a, &s, 0, STATUS_FAIL, "two");
    fold_scan(&s, &m, a, &f);
    CHECK(f.n_vec == 3 && f.vec[0] == (STATUS_NOTAPPLICABLE | STATUS_NONE << 4) &&
          f.vec[1] == STATUS_FAIL);
    CHECK_STR(f.checks[2].evidence, "one\ntwo");
    CHECK(f.checks[2].n == 4 && f.checks[2].severity == SEVERITY_UNKNOWN);
    CHECK_STR(f.checks[2].native, "fail");
    CHECK(!f.checks[0].has_evidence && f.checks[2].has_evidence);
    CHECK(detail_find(f.details.records, 2, &v) && !detail_find(f.details.records, 0, &v) &&
          !detail_find(f.details.records, 9, &v));
    /* The same in another order is the same content; another status is not. */
    add(a, &t, 2, STATUS_NOTAPPLICABLE, "");
    add(a, &t, 0, STATUS_FAIL, "one");
    add(a, &t, 0, STATUS_FAIL, "two");
    add(a, &t, 0, STATUS_PASS, "fine");
    add(a, &t, 0, STATUS_PASS, "fine too");
    fold_scan(&t, &m, a, &g);
    CHECK(memcmp(f.content.b, g.content.b, sizeof f.content.b) == 0);
    CHECK(memcmp(f.vec, g.vec, 2) == 0);
    add(a, &t, 1, STATUS_PASS, "");
    fold_scan(&t, &m, a, &g);
    CHECK(memcmp(f.content.b, g.content.b, sizeof f.content.b) != 0);
    arena_free(a);
}

/* A million results of one check: memory and text stay bounded, and the cut is said. */
static void
test_many(void)
{
    struct arena *a = arena_new();
    struct scan s = {0};
    struct fold f;
    struct policy_match m = make_match(a, &s, 1);
    for (int i = 0; i < 1000000; i++)
        add(a, &s, 0, STATUS_FAIL, i % 2 ? "x" : "y");
    size_t before = arena_used(a);
    fold_scan(&s, &m, a, &f);
    CHECK(arena_used(a) - before < (size_t)4 << 20);
    CHECK(f.checks[0].n == 1000000);
    CHECK(str_starts(f.checks[0].evidence, "y\nx\ny\n") && f.checks[0].evidence.len < 300000);
    CHECK(str_ends(f.checks[0].evidence, "not kept]"));
    arena_free(a);
}

/* The version's text and the scan may not agree on the severity of a check: what the scan says is kept. */
static void
test_severity(void)
{
    struct arena *a = arena_new();
    struct scan s = {0};
    struct fold f;
    struct policy_match m = make_match(a, &s, 3);
    s.checks.v[0].severity = SEVERITY_HIGH;
    add(a, &s, 0, STATUS_FAIL, "");
    add(a, &s, 1, STATUS_FAIL, "");
    add(a, &s, 2, STATUS_FAIL, "");
    s.results.v[1].severity = SEVERITY_CRITICAL;
    s.results.v[2].severity = SEVERITY_LOW;
    fold_scan(&s, &m, a, &f);
    CHECK(detail_at(f.details.records, 2).severity == SEVERITY_HIGH);
    CHECK(detail_at(f.details.records, 1).severity == SEVERITY_CRITICAL);
    CHECK(detail_at(f.details.records, 0).severity == SEVERITY_UNKNOWN);
    arena_free(a);
}

static struct str
waiver_at(const struct fold *f, size_t i)
{
    return detail_word(f->details.words, detail_at(f->details.records, i).waiver);
}

/* Words are kept once each, and only so many: one row must fit what a server takes. */
static void
test_words(void)
{
    enum { N = 30000, LEN = 300 };
    struct arena *a = arena_new();
    struct scan s = {0};
    struct fold f;
    struct policy_match m = make_match(a, &s, N);
    char text[LEN] = {0};
    memset(text, 'w', LEN);
    for (size_t i = 0; i < N; i++) {
        add(a, &s, i, STATUS_WAIVED, "");
        s.results.v[i].native = STR("fail \"it\"");
        s.results.v[i].waiver = arena_fmt(a, "%zu %.*s", i, LEN, text);
    }
    fold_scan(&s, &m, a, &f);
    CHECK(detail_count(f.details.records) == N);
    CHECK(f.details.words.len > (size_t)3 << 20 && f.details.words.len < (size_t)5 << 20);
    CHECK(str_starts(waiver_at(&f, 0), "29999 www") && waiver_at(&f, 0).len == LEN + 6);
    CHECK(str_ends(waiver_at(&f, N - 1), "not kept]"));
    CHECK_STR(detail_word(f.details.words, detail_at(f.details.records, N - 1).native),
              "fail \"it\"");
    CHECK(detail_word(f.details.words, 0).len == 0);
    CHECK(detail_word(f.details.words, f.details.words.len - 2).len == 0);
    CHECK(detail_word(f.details.words, f.details.words.len).len == 0);
    arena_free(a);
}

static void
test_score_only(void)
{
    struct arena *a = arena_new();
    struct scan s = {.score_only = true};
    struct fold f;
    struct policy_match m = make_match(a, &s, 0);
    s.counts[STATUS_PASS] = 3;
    fold_scan(&s, &m, a, &f);
    CHECK(f.n_vec == 0 && f.details.records.len == 0);
    struct sha256_digest was = f.content;
    s.counts[STATUS_PASS] = 4;
    fold_scan(&s, &m, a, &f);
    CHECK(memcmp(was.b, f.content.b, sizeof was.b) != 0);
    arena_free(a);
}

int
main(void)
{
    test_worst();
    test_many();
    test_severity();
    test_words();
    test_score_only();
    return CHECK_DONE();
}
