/* Histories as texts: the agent's name on the first line, then a decision a line, "FROM retire|return REASON". Written
 * by intake/duty.c, asked by store/load.c. */
#include "model/duty.h"

#include <assert.h>
#include <string.h>

#include "base/sha256.h"

struct str
duty_key(struct str agent, struct arena *a)
{
    struct sha256_digest d = sha256_of(agent);
    return arena_fmt(a, "duty:%.*s", STR_ARG(sha256_hex(a, &d)));
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
