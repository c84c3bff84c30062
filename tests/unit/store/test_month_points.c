/* Packed points come back as they were; bytes that are none of ours are told, and end. */
#include "store/month_points.h"

#include <string.h>

#include "check.h"

enum { N = 500 };

static unsigned seed = 7;

static unsigned
any(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

/* In the order of agent, line and time. */
static void
make(struct month_point *v)
{
    struct month_point p = {.agent_id = 1, .line_id = 5, .end = 1790000000};
    for (int i = 0; i < N; i++) {
        if (any(3) == 0) {
            p.agent_id += any(1000000);
            p.line_id = UINT64_MAX - any(9);
            p.end = 1790000000;
        }
        p.end += 1 + any(1000000);
        p.policy_id = any(7) ? 77 : INT64_MAX - any(4);
        p.passed = any(2) ? 0 : (int64_t)any(60000) * any(30000);
        p.failed = any(300);
        p.skipped = any(9) ? 0 : UINT32_MAX;
        v[i] = p;
    }
}

static bool
is_same(const struct month_point *p, const struct month_point *q)
{
    return p->agent_id == q->agent_id && p->line_id == q->line_id &&
           p->policy_id == q->policy_id && p->end == q->end && p->passed == q->passed &&
           p->failed == q->failed && p->skipped == q->skipped;
}

static void
test_back(struct arena *a)
{
    struct month_point v[N], got;
    make(v);
    struct str packed = month_points_pack(v, N, a);
    struct month_reader r = month_points_read(packed);
    for (int i = 0; i < N; i++)
        CHECK(month_points_next(&r, &got) == 1 && is_same(&got, &v[i]));
    CHECK(month_points_next(&r, &got) == 0);
    r = month_points_read(month_points_pack(v, 0, a));
    CHECK(month_points_next(&r, &got) == 0);
    v[0].end = -62135596800;
    v[0].policy_id = 0;
    r = month_points_read(month_points_pack(v, 1, a));
    CHECK(month_points_next(&r, &got) == 1 && is_same(&got, &v[0]));
    CHECK(month_points_next(&r, &got) == 0);
}

/* Reads on to the end, wherever that is. */
static int
read_all(struct str bytes)
{
    struct month_reader r = month_points_read(bytes);
    struct month_point p;
    int rc, n = 0;
    while ((rc = month_points_next(&r, &p)) == 1)
        n++;
    return rc < 0 ? -1 : n;
}

static void
test_damaged(struct arena *a)
{
    struct month_point v[N];
    make(v);
    struct str packed = month_points_pack(v, N, a);
    CHECK(read_all(packed) == N);
    for (size_t n = 1; n < 200; n++)
        CHECK(read_all(arena_str(a, str_n(packed.s, packed.len - n))) < N);
    CHECK(read_all(STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")) == -1);
    CHECK(read_all(STR("\x7f")) == -1);
    CHECK(read_all(STR("\x01")) == -1);
    char *own = arena_alloc(a, packed.len);
    for (int i = 0; i < 2000; i++) {
        memcpy(own, packed.s, packed.len);
        own[any((unsigned)packed.len)] ^= (char)(1 + any(255));
        read_all(str_n(own, packed.len));
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    test_back(a);
    test_damaged(a);
    arena_free(a);
    return CHECK_DONE();
}
