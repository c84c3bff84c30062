/* schedule.c: what is told of the steps of a run. What they do is e2e/night/schedule. */
#include "job/schedule.c"

#include "check.h"

static void
test_notes(struct arena *a)
{
    struct diag d = diag_init(a), good = diag_init(a), bad = diag_init(a), worse = diag_init(a);
    struct schedule_summary sum = {0};
    struct run r = {.sum = &sum, .diag = &d};
    note_step(&r, STR("one"), STR("fine"), &good);
    CHECK(!diag_failed(&d));
    diag_fail(&bad, DIAG_CONFIG, "no texts");
    diag_fail(&worse, DIAG_UNAVAILABLE, "no database");
    note_step(&r, STR("two"), STR("never seen"), &bad);
    note_step(&r, STR("three"), STR(""), &worse);
    note_step(&r, STR("four"), STR("would be made"), NULL);
    CHECK(sum.steps.n == 4 && !sum.steps.v[0].failed && sum.steps.v[1].failed);
    CHECK_STR(sum.steps.v[0].text, "fine");
    CHECK(str_find(sum.steps.v[1].text, "no texts") >= 0 && sum.steps.v[2].failed);
    CHECK_STR(sum.steps.v[3].text, "would be made");
    CHECK(d.first.code == DIAG_CONFIG); /* the first failure is the run's */
    diag_warn(&good, DIAG_CONFIG, STR(""), "look here");
    note_warnings(&r, "two", &good);
    CHECK(sum.steps.n == 5 && sum.steps.v[4].warned && !sum.steps.v[4].failed);
    CHECK_STR(sum.steps.v[4].text, "look here");
}

int
main(void)
{
    struct arena *a = arena_new();
    test_notes(a);
    arena_free(a);
    return CHECK_DONE();
}
