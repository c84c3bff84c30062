/* duty.c: what a history of decisions says of a moment. */
#include "model/duty.h"

#include "check.h"

static struct str
decide(struct str kept, bool is_retired, int64_t from, const char *reason, struct arena *a)
{
    struct duty d = {.is_retired = is_retired, .from = from, .reason = str_c(reason)};
    return duty_add(kept, STR("web01"), &d, a);
}

static void
test_history(struct arena *a)
{
    struct str kept = decide(STR(""), true, 100, "sold", a);
    CHECK_STR(duty_agent(kept), "web01");
    CHECK(!duty_at(kept, 99).is_retired && duty_at(kept, 100).is_retired);
    CHECK_STR(duty_at(kept, 1000).reason, "sold");
    kept = decide(kept, false, 200, "bought back", a);
    CHECK(duty_at(kept, 199).is_retired && !duty_at(kept, 200).is_retired);
    kept = decide(kept, false, 100, "it never left", a); /* of one day the last counts */
    CHECK(!duty_at(kept, 150).is_retired);
    kept = decide(kept, true, 150, "it did", a);
    CHECK(!duty_at(kept, 149).is_retired && duty_at(kept, 150).is_retired);
    CHECK(duty_at(kept, 150).from == 150 && !duty_at(kept, 200).is_retired);
}

static void
test_nothing(struct arena *a)
{
    static const char *const none[] = {"", "web01", "web01\n", "web01\nx retire y\n", "\n\n\n", "web01\n5"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(!duty_at(str_c(none[i]), 1000).is_retired);
    CHECK(duty_key(STR("web01"), a).len == 69 && !str_eq(duty_key(STR("web01"), a), duty_key(STR("web02"), a)));
}

static void
test_list(struct arena *a)
{
    struct str kept =
        listed_add(listed_add(STR(""), STR("web01"), 100, 200, a), STR("web01"), 300, 300, a);
    CHECK_STR(duty_agent(kept), "web01");
    CHECK(!listed_at(kept, 99) && listed_at(kept, 100) && listed_at(kept, 199) &&
          !listed_at(kept, 200));
    CHECK(!listed_at(kept, 300) && !listed_at(STR(""), 1) &&
          !listed_at(STR("web01\n1\nx 5\n1 y\n"), 2));
    CHECK(!str_eq(listed_key(STR("web01"), a), duty_key(STR("web01"), a)));
}

int
main(void)
{
    struct arena *a = arena_new();
    test_history(a);
    test_nothing(a);
    test_list(a);
    arena_free(a);
    return CHECK_DONE();
}
