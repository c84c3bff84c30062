/* Scans of one second: intake.c, which stores them, asks how to tell it; `assay scan` decides. */
#include "intake/revise.h"

#include <assert.h>

#include "base/utf8.h"
#include "ingest/limits.h"
#include "intake/late.h"
#include "store/prune.h"

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

/* ---- what an officer says ---- */

/* A decision while it is made: the scan it is about. */
struct work {
    struct act *act;
    const struct revise_request *q;
    struct store_decision decision;
    struct store_listed found; /* its texts live in a */
    size_t n_found;            /* 2 = it cannot be told which */
    bool is_listed;            /* there is a scan of that second, with other numbers */
    struct store_decided *ret;
    struct arena *a;
};

/* Takes the scan of the wanted number, and notices when there is another line that has one. */
static int
take_listed(void *ctx, const struct store_listed *v, struct diag *d)
{
    struct work *w = ctx;
    (void)d;
    if (w->q->profile && !str_eq(*w->q->profile, v->profile))
        return 0;
    w->is_listed = true;
    if (v->revision != w->q->revision || w->n_found++)
        return 0;
    w->found = *v;
    w->found.agent = arena_str(w->a, v->agent);
    w->found.policy = arena_str(w->a, v->policy);
    w->found.profile = arena_str(w->a, v->profile);
    w->decision = (struct store_decision){v->agent_id, v->line_id, v->end, v->revision,
                                          w->q->accepts};
    return 0;
}

static int
find_scan(struct work *w, struct diag *d)
{
    const struct revise_request *q = w->q;
    struct store_list_query all = {q->agent, q->policy, q->end, q->end + 1, false};
    w->n_found = 0;
    w->is_listed = false;
    if (store_list_scans(w->act->store, &all, take_listed, w, d) != 0)
        return -1;
    struct str time = clock_iso(w->a, q->end);
    if (w->n_found == 0)
        return diag_fail(d, DIAG_USAGE, "%.*s has no %s of %.*s (assay scan list)",
                         STR_ARG(q->agent), w->is_listed ? "such revision" : "scan", STR_ARG(time));
    if (w->n_found > 1)
        return diag_fail(d, DIAG_USAGE,
                         "%.*s has several scans of %.*s: name the policy (--policy, --profile)",
                         STR_ARG(q->agent), STR_ARG(time));
    return 0;
}

static struct str
number(unsigned n, struct arena *a)
{
    return n ? arena_fmt(a, "%u", n) : STR("none");
}

static struct event
decided_event(const struct work *w)
{
    enum { N = 7 };
    struct event_change *c = ARENA_ARRAY(w->a, struct event_change, N);
    const struct store_decided *r = w->ret;
    size_t n = 0;
    c[n++] = detail("policy", w->found.policy);
    c[n++] = detail("profile", w->found.profile);
    c[n++] = detail("scanned_at", clock_iso(w->a, w->found.end));
    c[n++] = detail("revision", number(w->found.revision, w->a));
    c[n++] = detail("file", sha256_hex(w->a, &w->found.sha256));
    c[n++] = (struct event_change){.field = STR("standing"),
                                   .old_value = str_c(standing_word(r->was)),
                                   .new_value = str_c(standing_word(r->is))};
    c[n++] = (struct event_change){.field = STR("counts"),
                                   .old_value = number(r->counted, w->a),
                                   .new_value = number(r->counts, w->a)};
    assert(n == N);
    return (struct event){.name = w->q->accepts ? "scan.accept" : "scan.revoke",
                          .outcome = EVENT_SUCCESS,
                          .severity = 6,
                          .object_type = STR("agent"),
                          .object_id = w->found.agent,
                          .object_name = w->found.agent,
                          .reason = w->q->reason,
                          .changes = c,
                          .n_changes = n};
}

static int
decide_found(struct act *act, void *ctx, struct diag *d)
{
    struct work *w = ctx;
    int64_t gone;
    if (find_scan(w, d) != 0 || prune_load_closed(act->store, &gone, d) != 0)
        return -1;
    if (gone != CLOCK_NONE && w->q->end < gone)
        return diag_fail(d, DIAG_REFUSED,
                         "scans before %s were pruned: what was decided by then stays",
                         clock_iso(d->arena, gone).s);
    if (act->dry_run)
        return 0;
    if (store_decide_scan(act->store, &w->decision, w->ret, d) != 0)
        return -1;
    if (!w->ret->is_change) /* rows were looked at, and are what they were */
        return act_append(act, NULL, 0, d);
    struct event e = decided_event(w);
    return act_append(act, &e, 1, d);
}

int
revise_decide(struct act *act, const struct revise_request *q, struct store_decided *ret,
              struct diag *d)
{
    struct work w = {.act = act, .q = q, .ret = ret, .a = d->arena};
    *ret = (struct store_decided){.is_change = act->dry_run};
    if (!str_trim(q->reason).len || q->reason.len > LIMIT_ID || !utf8_valid(q->reason))
        return diag_fail(d, DIAG_USAGE, "the reason is UTF-8 of 1 to %d bytes", LIMIT_ID);
    if (q->revision == 0)
        return diag_fail(d, DIAG_USAGE, "revisions are numbered from 1");
    if (act_transact(act, decide_found, &w, d) != 0)
        return -1;
    return act->dry_run ? 0 : late_merge(act, d);
}

int
revise_list(struct act *act, const struct store_list_query *q, store_listed_fn *each, void *ctx,
            struct diag *d)
{
    return store_list_scans(act->store, q, each, ctx, d);
}
