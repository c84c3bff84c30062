/* Scans of one second; behind intake.c, which stores them. */
#include "intake/revise.h"

#include <assert.h>

#include "base/utf8.h"

/* Which one counts, for people. */
static struct str
describe_rule(const struct store_outcome *o, struct arena *a)
{
    unsigned counts = standing_counts(o->standing) ? o->revision : o->other_revision;
    enum standing why = standing_counts(o->standing) ? o->standing : o->other_standing;
    static const char *const words[STANDING__COUNT] = {
        [STANDING_FIRST] = "the first", [STANDING_WORST] = "the worst of its file",
        [STANDING_FULLER] = "the fuller", [STANDING_ACCEPTED] = "accepted by an officer"};
    assert(standing_counts(why));
    return arena_fmt(a, "revision %u counts, %s", counts, words[why]);
}

struct str
revise_text(const struct scan *s, const struct store_outcome *o, struct arena *a)
{
    struct str agent = utf8_one_line(a, s->asset.name);
    struct str policy = utf8_one_line(a, s->policy.id.len ? s->policy.id : s->policy.title);
    struct str rule = describe_rule(o, a), time = clock_iso(a, s->end);
    return arena_fmt(a, "%.*s, %.*s, %.*s: another result of the same second: %.*s (assay scan list)",
                     STR_ARG(agent), STR_ARG(policy), STR_ARG(time), STR_ARG(rule));
}

static struct event_change
detail(const char *field, struct str value)
{
    return (struct event_change){
        .field = str_c(field), .old_value = STR(""), .new_value = value};
}

struct event
revise_event(const struct scan *s, const struct sha256_digest *file, const struct store_outcome *o,
             struct arena *a)
{
    enum { N = 9 };
    struct event_change *c = ARENA_ARRAY(a, struct event_change, N);
    size_t n = 0;
    c[n++] = detail("policy", s->policy.id.len ? s->policy.id : s->policy.title);
    c[n++] = detail("profile", s->policy.profile);
    c[n++] = detail("scanned_at", clock_iso(a, s->end));
    c[n++] = detail("revision", arena_fmt(a, "%u", o->revision));
    c[n++] = detail("standing", str_c(standing_word(o->standing)));
    c[n++] = detail("file", sha256_hex(a, file));
    c[n++] = detail("other_revision", arena_fmt(a, "%u", o->other_revision));
    c[n++] = detail("other_standing", str_c(standing_word(o->other_standing)));
    c[n++] = detail("other_file", sha256_hex(a, &o->other_file));
    assert(n == N);
    return (struct event){.name = "scan.revise",
                          .outcome = EVENT_SUCCESS,
                          .severity = o->put == STORE_REVISED ? 6 : 2,
                          .object_type = STR("agent"),
                          .object_id = s->asset.name,
                          .object_name = s->asset.name,
                          .reason = STR(""),
                          .changes = c,
                          .n_changes = n};
}
