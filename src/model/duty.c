/* Histories as texts: the agent's name on the first line, then a decision a line, "FROM retire|return REASON"; or a stay
 * on the list, "FROM UNTIL". Written by intake/duty.c and intake/agent.c, asked by store/population.c. */
#include "model/duty.h"

#include <assert.h>
#include <string.h>

#include "base/sha256.h"

static struct str
key_of(const char *kind, struct str agent, struct arena *a)
{
    struct sha256_digest d = sha256_of(agent);
    return arena_fmt(a, "%s:%.*s", kind, STR_ARG(sha256_hex(a, &d)));
}

struct str
duty_key(struct str agent, struct arena *a)
{
    return key_of("duty", agent, a);
}

struct str
duty_agent(struct str kept)
{
    return str_cut(&kept, '\n');
}

struct duty
duty_at(struct str kept, int64_t t)
{
    struct duty at = {.reason = str_c("")};
    str_cut(&kept, '\n');
    while (kept.len) {
        struct str line = str_cut(&kept, '\n'), from = str_cut(&line, ' '),
                   act = str_cut(&line, ' ');
        struct duty d = {.is_retired = str_eqc(act, "retire"), .reason = line};
        if (str_to_i64(from, &d.from) && d.from <= t && d.from >= at.from)
            at = d;
    }
    return at;
}

struct str
duty_add(struct str kept, struct str agent, const struct duty *d, struct arena *a)
{
    assert(agent.len && d->reason.len && !memchr(d->reason.s, '\n', d->reason.len));
    if (!kept.len)
        kept = arena_fmt(a, "%.*s\n", STR_ARG(agent));
    return arena_fmt(a, "%.*s%lld %s %.*s\n", STR_ARG(kept), (long long)d->from,
                     d->is_retired ? "retire" : "return", STR_ARG(d->reason));
}

struct str
listed_key(struct str agent, struct arena *a)
{
    return key_of("listed", agent, a);
}

bool
listed_at(struct str kept, int64_t t)
{
    str_cut(&kept, '\n');
    while (kept.len) {
        struct str until = str_cut(&kept, '\n'), from = str_cut(&until, ' ');
        int64_t since, end;
        if (str_to_i64(from, &since) && str_to_i64(until, &end) && since <= t && t < end)
            return true;
    }
    return false;
}

struct str
listed_add(struct str kept, struct str agent, int64_t from, int64_t until, struct arena *a)
{
    assert(agent.len && from <= until);
    if (!kept.len)
        kept = arena_fmt(a, "%.*s\n", STR_ARG(agent));
    return arena_fmt(a, "%.*s%lld %lld\n", STR_ARG(kept), (long long)from, (long long)until);
}
