/* narrow.c: who is left, and that all that is theirs goes with them. */
#include "engine/narrow.h"

#include "base/buf.h"

#include "check.h"
#include "make_fleet.h"

static struct str
left(struct arena *a, const struct fleet *f)
{
    AUTO_BUF b = buf_init(1 << 16);
    for (size_t i = 0; i < f->agents.n; i++)
        buf_fmt(&b, "%s%.*s", i ? " " : "", STR_ARG(f->agents.v[i].name));
    for (size_t i = 0; i < f->scans.n; i++)
        CHECK(f->scans.v[i].agent < f->agents.n);
    for (size_t i = 0; i < f->points.n; i++)
        CHECK(f->points.v[i].agent < f->agents.n);
    return arena_str(a, buf_view(&b));
}

/* Four agents: 33.33 %, 50 %, all passed on another system, and one that nobody scanned. */
static struct fleet
four(struct arena *a)
{
    static const char *const scans[] = {"PFF", "PF", "PP", NULL};
    static const char *const names[] = {"third", "half", "all", "never"};
    struct fleet f = {0};
    size_t g = make_group(a, &f, "g"), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 3, "");
    for (size_t i = 0; i < 4; i++) {
        size_t agent = make_agent(a, &f, str_c(names[i]), g);
        f.agents.v[agent].os = str_c(i == 2 ? "Windows 11" : "Debian 12");
        if (scans[i])
            make_scan(a, &f, agent, p, 100, scans[i]);
        make_point(a, &f, agent, p, 100, 1, 1);
    }
    return f;
}

static struct str
narrowed(struct arena *a, const char *os, int from, int below, struct fleet *before)
{
    struct fleet f = four(a);
    struct report_filter q = {.policy = STR(""), .score_from = from, .score_below = below};
    if (os)
        *VEC_PUSH(a, &q.os) = str_c(os);
    *before = four(a);
    narrow_fleets(&f, before, &q, a);
    CHECK(f.points.n == f.agents.n);
    for (size_t i = 0; i < f.points.n; i++)
        CHECK(f.points.v[i].agent == i);
    CHECK_STR(left(a, before), left(a, &f).s);
    return left(a, &f);
}

int
main(void)
{
    struct arena *a = arena_new();
    struct fleet before;
    CHECK_STR(narrowed(a, NULL, -1, -1, &before), "third half all never");
    CHECK_STR(narrowed(a, "debian*", -1, -1, &before), "third half never");
    CHECK_STR(narrowed(a, "*", -1, -1, &before), "third half all never");
    CHECK_STR(narrowed(a, "BSD*", -1, -1, &before), "");
    CHECK(before.scans.n == 0 && before.points.n == 0);
    CHECK_STR(narrowed(a, NULL, -1, 5000, &before), "third");    /* below is below, */
    CHECK_STR(narrowed(a, NULL, 5000, -1, &before), "half all"); /* from is at least */
    CHECK_STR(narrowed(a, NULL, -1, 3333, &before), ""); /* 33.333… % is not below 33.33 % */
    CHECK_STR(narrowed(a, NULL, -1, 3334, &before), "third");
    CHECK_STR(narrowed(a, NULL, 0, 10000, &before), "third half");
    CHECK_STR(narrowed(a, "Debian*", 5000, 10000, &before), "half");
    arena_free(a);
    return CHECK_DONE();
}
