/* A small fleet written down in a test: letters stand for statuses, e.g. "PPF.N". */
#ifndef TESTS_MAKE_FLEET_H
#define TESTS_MAKE_FLEET_H

#include <math.h>
#include <stdlib.h>

#include "model/fleet.h"

/* P pass X fixed F fail E error U unknown C notchecked N notapplicable I informational W waived */
static inline enum status
make_status(char c)
{
    static const char letters[] = ".PXFEUCNI?W";
    const char *at = strchr(letters, c);
    return at ? (enum status)(at - letters) : STATUS_NONE;
}

static inline size_t
make_group(struct arena *a, struct fleet *f, const char *name)
{
    VEC_PUSH(a, &f->groups)->name = str_c(name);
    return f->groups.n - 1;
}

static inline size_t
make_agent(struct arena *a, struct fleet *f, struct str name, size_t group)
{
    *VEC_PUSH(a, &f->agents) = (struct fleet_agent){.name = name,
                                                    .alias = STR(""),
                                                    .os = STR(""),
                                                    .address = STR(""),
                                                    .group = group,
                                                    .first_seen = CLOCK_NONE,
                                                    .last_seen = CLOCK_NONE};
    return f->agents.n - 1;
}

static inline size_t
make_policy(struct arena *a, struct fleet *f, const char *id, const char *version)
{
    struct fleet_policy *p = VEC_PUSH(a, &f->policies);
    p->id = str_c(id);
    p->version = str_c(version);
    p->title = arena_fmt(a, "%s benchmark", id);
    return f->policies.n - 1;
}

static inline void
make_check(struct arena *a, struct fleet *f, size_t policy, struct str id, struct str title,
           struct str category)
{
    struct str none = STR("");
    *VEC_PUSH(a, &f->policies.v[policy].checks) = (struct scan_check){.id = id,
                                                                      .key = id,
                                                                      .title = title,
                                                                      .description = none,
                                                                      .rationale = none,
                                                                      .remediation = none,
                                                                      .impact = none,
                                                                      .category = category};
}

/* n checks with ids 0, 1, … and titles "Check 0" …, all of one category. */
static inline void
make_checks(struct arena *a, struct fleet *f, size_t policy, size_t n, const char *category)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = f->policies.v[policy].checks.n;
        make_check(a, f, policy, arena_fmt(a, "%zu", k), arena_fmt(a, "Check %zu", k),
                   str_c(category));
    }
}

/* A scan without results yet. */
static inline struct fleet_scan *
make_empty_scan(struct arena *a, struct fleet *f, size_t agent, size_t policy, int64_t end)
{
    struct fleet_scan *s = VEC_PUSH(a, &f->scans);
    *s = (struct fleet_scan){.agent = agent,
                             .policy = policy,
                             .profile = STR(""),
                             .format = STR("test"),
                             .engine = STR(""),
                             .end = end,
                             .reported_score = NAN};
    return s;
}

/* A scan with a result a letter; counts follow from it. */
static inline struct fleet_scan *
make_scan(struct arena *a, struct fleet *f, size_t agent, size_t policy, int64_t end,
          const char *letters)
{
    struct fleet_scan *s = make_empty_scan(a, f, agent, policy, end);
    size_t n = strlen(letters);
    unsigned char *vec = (unsigned char *)arena_alloc(a, n / 2 + 1);
    for (size_t i = 0; i < n; i++) {
        enum status st = make_status(letters[i]);
        fleet_pack(vec, i, st);
        if (st != STATUS_NONE)
            s->counts[st]++;
    }
    s->vec = vec;
    s->n_vec = n;
    return s;
}

/* A scan of a policy with at least passed + failed checks: that many pass, then fail. */
static inline struct fleet_scan *
make_counted_scan(struct arena *a, struct fleet *f, size_t agent, size_t policy, int64_t end,
                  size_t passed, size_t failed)
{
    char *letters = (char *)arena_alloc(a, passed + failed + 1);
    memset(letters, 'P', passed);
    memset(letters + passed, 'F', failed);
    return make_scan(a, f, agent, policy, end, letters);
}

static inline void
make_point(struct arena *a, struct fleet *f, size_t agent, size_t policy, int64_t end,
           int64_t passed, int64_t failed)
{
    *VEC_PUSH(a, &f->points) = (struct fleet_point){
        .agent = (uint32_t)agent,
        .policy = (uint32_t)policy,
        .end = end,
        .passed = passed,
        .failed = failed};
}

#endif
