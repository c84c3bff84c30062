/* What is known to be there is remembered in bounded memory, the newest for certain. */
#include "store/policy.h"
#include "store/seen.h"
#include "check.h"

static void
a_set_has_a_size(void)
{
    enum { MANY = 10 * SEEN_HALF };
    struct arena *a = arena_new();
    struct store st = {.seen = seen_new(a)};
    for (uint64_t i = 1; i <= MANY; i++) {
        struct seen_key key = seen_key_ids(SEEN_AGENT, i, 7);
        CHECK(!seen_has(&st, &key));
        seen_add(&st, &key);
        CHECK(seen_has(&st, &key));
    }
    uint64_t n = 0;
    for (uint64_t i = 1; i <= MANY; i++) {
        struct seen_key key = seen_key_ids(SEEN_AGENT, i, 7), other = seen_key_ids(SEEN_GROUP, i, 7);
        bool has = seen_has(&st, &key);
        CHECK(has || i + SEEN_HALF <= MANY);
        CHECK(!seen_has(&st, &other));
        n += has;
    }
    CHECK(n >= SEEN_HALF && n <= 2 * SEEN_HALF);
    seen_forget(&st);
    struct seen_key last = seen_key_ids(SEEN_AGENT, MANY, 7);
    CHECK(!seen_has(&st, &last));
    seen_free(st.seen);
    arena_free(a);
}

static void
versions_have_a_size(void)
{
    struct store st = {.arena = arena_new()};
    policy_forget(&st);
    for (int i = 0; i < 1000; i++) {
        arena_alloc(st.policy_arena, POLICY_MEMORY / 100);
        policy_make_room(&st);
        CHECK(arena_used(st.policy_arena) <= POLICY_MEMORY + POLICY_MEMORY / 50);
    }
    arena_free(st.policy_arena);
    arena_free(st.arena);
}

int
main(void)
{
    a_set_has_a_size();
    versions_have_a_size();
    return CHECK_DONE();
}
