/* Digests, keys and chains of facts: every field of every kind counts; what a record says is read
 * back; blocks chain alike whoever makes them. No database. */
#include "store/digest.h"

#include <math.h>

#include "check.h"
#include "store/fact_index.h"

/* ---- digests ---- */

static const struct sha256_digest a_policy = {{1}}, other_policy = {{2}};

static struct digest_scan
plain_scan(void)
{
    return (struct digest_scan){.agent = STR("db01"),
                                .line_id = 1,
                                .policy_id = 2,
                                .policy = &a_policy,
                                .profile = STR("p"),
                                .format = STR("f"),
                                .engine = STR("e"),
                                .scanned_at = 1000,
                                .started_at = 900,
                                .ingested_at = 1100,
                                .revision = 1,
                                .counts = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                                .score = 5000,
                                .reported = 50.5,
                                .flags = 1,
                                .has_details = true,
                                .n_vec = 4,
                                .vec = STR("\x11\x33"),
                                .has_said = true,
                                .said = STR("\x01")};
}

#define CHANGE(name, statement)                                                                    \
    static void name(struct digest_scan *s)                                                        \
    {                                                                                              \
        statement;                                                                                 \
    }
CHANGE(agent, s->agent = STR("db02"))
CHANGE(line, s->line_id++)
CHANGE(policy_id, s->policy_id++)
CHANGE(policy, s->policy = &other_policy)
CHANGE(profile, s->profile = STR("q"))
CHANGE(format, s->format = STR("g"))
CHANGE(engine, s->engine = STR("ee"))
CHANGE(end, s->scanned_at++)
CHANGE(start, s->started_at = CLOCK_NONE)
CHANGE(ingested, s->ingested_at++)
CHANGE(revision, s->revision++)
CHANGE(standing, s->standing++)
CHANGE(first_count, s->counts[0]++)
CHANGE(last_count, s->counts[SCAN_ROW_COUNTS - 1]++)
CHANGE(two_counts, (s->counts[0] = 2, s->counts[1] = 1))
CHANGE(score, s->score = -1)
CHANGE(reported, s->reported = NAN)
CHANGE(reported_zero, s->reported = 0)
CHANGE(flags, s->flags ^= 16)
CHANGE(file, s->file.b[31] ^= 1)
CHANGE(content, s->content.b[0] ^= 1)
CHANGE(no_details, s->has_details = false)
CHANGE(details, s->details.b[15] ^= 1)
CHANGE(n_vec, s->n_vec--)
CHANGE(vec, s->vec = STR("\x11\x11"))
CHANGE(no_said, s->has_said = false)
CHANGE(empty_said, s->said = STR(""))
CHANGE(moved_text, (s->profile = STR(""), s->format = STR("pf")))

static void (*const changes[])(struct digest_scan *) = {
    agent,      line,    policy_id, policy,        profile,  format,      engine,
    end,        start,   ingested,  revision,      standing, first_count, last_count,
    two_counts, score,   reported,  reported_zero, flags,    file,        content,
    no_details, details, n_vec,     vec,           no_said,  empty_said,  moved_text};

static void
test_scan(void)
{
    enum { N = sizeof changes / sizeof *changes };
    struct sha256_digest all[N + 1];
    for (size_t i = 0; i <= N; i++) {
        struct digest_scan s = plain_scan();
        if (i < N)
            changes[i](&s);
        all[i] = digest_scan(&s);
        for (size_t k = 0; k < i; k++)
            CHECK(memcmp(all[k].b, all[i].b, SHA256_SIZE) != 0);
    }
    struct digest_scan once_more = plain_scan();
    struct sha256_digest again = digest_scan(&once_more);
    CHECK(memcmp(again.b, all[N].b, SHA256_SIZE) == 0);
    /* a vector that is longer than what is hashed at once */
    char large[5000] = {0};
    once_more.vec = str_n(large, sizeof large);
    again = digest_scan(&once_more);
    large[4999] = 1;
    struct sha256_digest other = digest_scan(&once_more);
    CHECK(memcmp(again.b, other.b, SHA256_SIZE) != 0);
}

static void
check_differ(const struct sha256_digest *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(memcmp(v[i].b, v[k].b, SHA256_SIZE) != 0);
}

static void
test_others(void)
{
    struct str x = STR("x"), y = STR("");
    struct sha256_digest agents[] = {digest_agent(&(struct digest_agent){x, y, y, y, y}),
                                     digest_agent(&(struct digest_agent){y, x, y, y, y}),
                                     digest_agent(&(struct digest_agent){y, y, x, y, y}),
                                     digest_agent(&(struct digest_agent){y, y, y, x, y}),
                                     digest_agent(&(struct digest_agent){y, y, y, y, x})};
    check_differ(agents, sizeof agents / sizeof *agents);
    struct store_run r[] = {{.definition = x,
                             .period_key = y,
                             .state = y,
                             .report_id = y,
                             .dataset_hex = y,
                             .manifest_hex = y},
                            {.definition = y,
                             .period_key = x,
                             .state = y,
                             .report_id = y,
                             .dataset_hex = y,
                             .manifest_hex = y},
                            {.definition = y,
                             .period_key = y,
                             .state = x,
                             .report_id = y,
                             .dataset_hex = y,
                             .manifest_hex = y},
                            {.definition = y,
                             .period_key = y,
                             .state = y,
                             .report_id = x,
                             .dataset_hex = y,
                             .manifest_hex = y},
                            {.definition = y,
                             .period_key = y,
                             .state = y,
                             .report_id = y,
                             .dataset_hex = x,
                             .manifest_hex = y},
                            {.definition = y,
                             .period_key = y,
                             .state = y,
                             .report_id = y,
                             .dataset_hex = y,
                             .manifest_hex = x}};
    struct sha256_digest runs[6];
    for (size_t i = 0; i < 6; i++)
        runs[i] = digest_run(&r[i]);
    check_differ(runs, 6);
    struct sha256_digest small[] = {digest_setting(x, y), digest_setting(y, x), digest_cursor(x, 0),
                                    digest_cursor(x, 1), digest_cursor(y, 1)};
    check_differ(small, sizeof small / sizeof *small);
    struct hash16 one = {{1}}, two = {{2}};
    struct sha256_digest policies[] = {
        digest_policy(x, y, y, &one, &two, 1), digest_policy(y, x, y, &one, &two, 1),
        digest_policy(y, y, x, &one, &two, 1), digest_policy(x, y, y, &two, &one, 1),
        digest_policy(x, y, y, NULL, NULL, 0)};
    check_differ(policies, sizeof policies / sizeof *policies);
}

static struct digest_input
plain_input(void)
{
    return (struct digest_input){.in = {.name = STR("n"),
                                        .format = STR("f"),
                                        .verdict = STR("stored"),
                                        .reason = STR("r"),
                                        .host = STR("h"),
                                        .custody = STR("c"),
                                        .size = 1,
                                        .received = 2,
                                        .n_scans = 3}};
}

static void
test_input(void)
{
    struct sha256_digest all[12];
    for (int i = 0; i < 12; i++) {
        struct digest_input in = plain_input();
        struct str *const texts[] = {&in.in.name,   &in.in.format, &in.in.verdict,
                                     &in.in.reason, &in.in.host,   &in.in.custody};
        int64_t *const numbers[] = {&in.in.size, &in.in.received, &in.in.n_scans};
        if (i < 6)
            *texts[i] = STR("another");
        else if (i < 9)
            ++*numbers[i - 6];
        else if (i == 9)
            in.in.sha256.b[0] = 1;
        else if (i == 10)
            in.warnings.b[0] = 1;
        all[i] = digest_input(&in);
    }
    check_differ(all, 12);
    struct sha256 *a = digest_warnings(), *b = digest_warnings(), *none = digest_warnings();
    digest_warning(a, STR("data"), STR("1"), STR("x"));
    digest_warning(b, STR("data"), STR("1x"), STR(""));
    struct sha256_digest w[] = {sha256_final(a), sha256_final(b), sha256_final(none)};
    check_differ(w, 3);
}

static void
test_enrolment(struct arena *arena)
{
    struct store_enrolment e = {.name = STR("db01")};
    struct sha256_digest all[4];
    all[0] = digest_enrolment(&e);
    *VEC_PUSH(arena, &e.aliases) = STR("a");
    all[1] = digest_enrolment(&e);
    e.frozen = true;
    all[2] = digest_enrolment(&e);
    *VEC_PUSH(arena, &e.aliases) = STR("");
    all[3] = digest_enrolment(&e);
    check_differ(all, 4);
    e.added = e.changed = 7; /* times are no part of it */
    struct sha256_digest again = digest_enrolment(&e);
    CHECK(memcmp(again.b, all[3].b, SHA256_SIZE) == 0);
}

/* ---- what records say ---- */

static void
test_values(struct arena *a)
{
    struct sha256_digest file = {{7}};
    struct fact f = {.kind = FACT_INPUT,
                     .key = fact_key_input(1790812800, &file),
                     .digest = {{9, 8}},
                     .text = STR("a name with blanks  and \" quotes")};
    struct fact got;
    CHECK(fact_read(STR("input"), fact_value(&f, a), &got));
    CHECK(got.kind == f.kind && got.key.n == f.key.n && memcmp(got.key.b, f.key.b, f.key.n) == 0);
    CHECK(memcmp(got.digest.b, f.digest.b, SHA256_SIZE) == 0);
    CHECK(str_eq(got.text, f.text));
    f.digest = (struct sha256_digest){{0}};
    CHECK(str_starts(fact_value(&f, a), "gone "));
    CHECK(fact_read(STR("input"), fact_value(&f, a), &got) && fact_is_gone(&got.digest));
    static const char *const bad[] = {"",   "gone",   "gone ",    "gone zz",
                                      "00", "gone 0", "gone 001", "Gone 00 x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!fact_read(STR("input"), str_c(bad[i]), &got));
    CHECK(!fact_read(STR("nothing"), STR("gone 00 x"), &got));
    CHECK(fact_read(STR("agent"), STR("gone 00 x"), &got));
}

static void
test_buckets(void)
{
    struct sha256_digest file = {{7}};
    struct fact_key scan = fact_key_scan(1, 2, 86400 * 20000 + 5),
                    rev = fact_key_revision(1, 2, 86400 * 20000 + 5, 3),
                    in = fact_key_input(86400 * 20001, &file), id = fact_key_id(5);
    CHECK(fact_bucket_of(FACT_SCAN, &scan) == ((uint64_t)FACT_SCAN << 32 | 20000));
    CHECK(fact_bucket_of(FACT_REVISION, &rev) == ((uint64_t)FACT_REVISION << 32 | 20000));
    CHECK(fact_bucket_of(FACT_INPUT, &in) == ((uint64_t)FACT_INPUT << 32 | 20001));
    CHECK(fact_bucket_of(FACT_AGENT, &id) == (uint64_t)FACT_AGENT << 32);
    CHECK(fact_bucket_at(FACT_SCAN, -5) == (uint64_t)FACT_SCAN << 32);
}

/* ---- chains ---- */

struct seen_blocks {
    size_t n;
    uint32_t facts;
};

static int
count_block(void *self, const struct fact_bucket *b, const struct fact_block *block, struct diag *d)
{
    struct seen_blocks *s = self;
    struct str rest = block->entries;
    struct fact_key key;
    struct sha256_digest digest;
    uint32_t back, n = 0;
    (void)d;
    while (fact_block_next(&rest, &key, &digest, &back))
        n++;
    CHECK(rest.len == 0 && n == block->n && n <= FACT_BLOCK && b->n == block->first + n);
    s->n++;
    s->facts += n;
    return 0;
}

/* Adds n facts of one day, the last one of another, and closes the act. */
static void
add_act(struct fact_buckets *b, int64_t seq, uint64_t first, uint64_t n, struct seen_blocks *seen,
        struct arena *a)
{
    struct diag d = diag_init(a);
    struct fact_pile p = {.a = a};
    for (uint64_t i = 0; i < n; i++)
        *VEC_PUSH(a, &p.facts) =
            (struct fact){.kind = FACT_SCAN,
                          .key = fact_key_scan(first + i, 1, 86400 * (i + 1 == n ? 2 : 1)),
                          .digest = {{(unsigned char)i, 1}},
                          .seq = seq};
    CHECK(fact_pile_close(&p, b, seq, seen ? count_block : NULL, seen, &d) == 0);
    CHECK(p.facts.n == 0);
}

static void
test_chain(struct arena *a)
{
    struct fact_buckets one = {0}, two = {0}, other = {0}, none = {0};
    struct seen_blocks seen = {0};
    add_act(&one, 5, 100, 2 * FACT_BLOCK + 10, &seen, a);
    CHECK(seen.n == 4 && seen.facts == 2 * FACT_BLOCK + 10);
    add_act(&one, 6, 9000, 3, NULL, a);
    add_act(&two, 5, 100, 2 * FACT_BLOCK + 10, NULL, a);
    add_act(&two, 6, 9000, 3, NULL, a);
    add_act(&other, 6, 9000, 3, NULL, a);
    add_act(&other, 5, 100, 2 * FACT_BLOCK + 10, NULL, a);
    CHECK_STR(fact_buckets_text(&one, a), fact_buckets_text(&two, a).s);
    CHECK(!str_eq(fact_buckets_text(&one, a), fact_buckets_text(&other, a)));
    struct str was = fact_buckets_text(&one, a);
    fact_buckets_at(&one, 1); /* a bucket without facts is none */
    CHECK_STR(fact_buckets_text(&one, a), was.s);
    CHECK(str_starts(fact_buckets_text(&none, a), "0 "));
    CHECK(str_starts(was, "4013 "));
    struct fact_buckets *const all[] = {&one, &two, &other, &none};
    for (size_t i = 0; i < 4; i++)
        fact_buckets_free(all[i]);
}

static void
test_index(void)
{
    enum { N = 5000 };
    struct fact_index x = {0};
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < N; i++) {
            struct fact_key k = fact_key_scan(i, 1, 0);
            struct sha256_digest d = {{(unsigned char)i}};
            fact_index_put(&x, FACT_SCAN, &k, &d, round);
        }
        CHECK(x.n == N);
    }
    for (uint64_t i = 0; i < N; i++) {
        struct fact_key k = fact_key_scan(i, 1, 0);
        const struct fact_entry *e = fact_index_find(&x, FACT_SCAN, &k);
        CHECK(e && e->seq == 1 && e->digest.b[0] == (unsigned char)i);
        CHECK(!fact_index_find(&x, FACT_REVISION, &k));
    }
    fact_index_clear(&x);
    struct fact_key k = fact_key_scan(1, 1, 0);
    CHECK(!fact_index_find(&x, FACT_SCAN, &k));
    fact_index_free(&x);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_scan();
    test_others();
    test_input();
    test_enrolment(a);
    test_values(a);
    test_buckets();
    test_chain(a);
    test_index();
    arena_free(a);
    return CHECK_DONE();
}
