/* moves.c: what a history of moves between groups says of a moment, by what was known at another. */
#include "model/moves.h"

#include "check.h"

enum { WEB = 0xa1, DB = 0xb2, OPS = 0xc3 };

static struct str
begin(struct arena *a)
{
    return moves_begin(STR("web01"), WEB, a);
}

static struct move
scan(int64_t from, int64_t told, uint64_t group)
{
    return (struct move){
        .from = from, .told = told, .group = group, .by = STR("0123456789abcdef0123")};
}

static struct move
officer(int64_t from, int64_t told, uint64_t group)
{
    return (struct move){
        .from = from, .told = told, .group = group, .by_officer = true, .by = STR("")};
}

static struct str
add(struct str kept, struct move m, struct arena *a)
{
    return moves_add(kept, &m, a);
}

static uint64_t
now(struct str kept, int64_t t)
{
    return moves_at(kept, t, INT64_MAX);
}

/* Two moves and back, and what was known before each. */
static void
test_moves(struct arena *a)
{
    struct str kept = add(add(add(begin(a), scan(100, 110, DB), a), scan(200, 210, OPS), a),
                          scan(300, 310, WEB), a);
    CHECK_STR(moves_agent(kept), "web01");
    CHECK(now(kept, 99) == WEB && now(kept, 100) == DB && now(kept, 199) == DB);
    CHECK(now(kept, 200) == OPS && now(kept, 299) == OPS && now(kept, 300) == WEB);
    CHECK(moves_at(kept, 1000, 109) == WEB && moves_at(kept, 1000, 110) == DB &&
          moves_at(kept, 1000, 309) == OPS);
    CHECK(moves_at(kept, 150, 1000) == DB);
}

/* The last group is the one that the agent is in, whichever clock a scan had. */
static void
test_order(struct arena *a)
{
    struct str kept = add(add(begin(a), officer(500, 500, DB), a), scan(400, 510, OPS), a);
    CHECK(now(kept, 499) == WEB && now(kept, 500) == OPS && now(kept, 9999) == OPS);
    kept = add(kept, officer(100, 600, WEB), a); /* of the time since, whatever was said of it */
    CHECK(now(kept, 99) == WEB && now(kept, 450) == WEB && now(kept, 9999) == WEB);
    CHECK(moves_at(kept, 500, 599) == OPS);
}

static void
test_late(struct arena *a)
{
    struct move late = scan(150, 900, OPS), same = scan(150, 900, DB);
    struct str kept = add(add(begin(a), scan(100, 110, DB), a), scan(300, 310, WEB), a),
               with = moves_add_late(kept, &late, 200, a);
    CHECK(now(with, 149) == DB && now(with, 150) == OPS && now(with, 199) == OPS &&
          now(with, 200) == DB);
    CHECK(now(with, 300) == WEB && moves_at(with, 150, 899) == DB);
    with = moves_add_late(kept, &late, 300, a); /* the next scan moved it itself */
    CHECK(now(with, 299) == OPS && now(with, 300) == WEB);
    CHECK(str_eq(moves_add_late(kept, &same, 200, a), kept));
}

static void
test_many(struct arena *a)
{
    struct str kept = begin(a);
    for (int i = 1; i <= 3 * MOVES_MAX; i++)
        kept = add(kept, scan(i, i, i % 2 ? DB : OPS), a);
    CHECK(kept.len < (size_t)MOVES_MAX * 60 && now(kept, 3 * MOVES_MAX) == OPS);
    CHECK(now(kept, 3 * MOVES_MAX - 1) == DB && now(kept, 2 * MOVES_MAX + 1) == DB);
    CHECK(now(kept, 1) == OPS); /* older than all that is kept: the oldest that is known */
}

static void
test_nothing(struct arena *a)
{
    static const char *const none[] = {
        "", "web01", "web01\n", "web01\nx1\n", "web01\n11112222333344445\n", "\n\n\n"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(now(str_c(none[i]), 1000) == 0);
    CHECK(now(STR("web01\na1\nx 5 b2 move\n7 y b2 move\n8 8 zz move\n"), 1000) == WEB);
    CHECK(moves_key(STR("web01"), a).len == 70 &&
          !str_eq(moves_key(STR("web01"), a), moves_key(STR("web02"), a)));
}

int
main(void)
{
    struct arena *a = arena_new();
    test_moves(a);
    test_order(a);
    test_late(a);
    test_many(a);
    test_nothing(a);
    arena_free(a);
    return CHECK_DONE();
}
