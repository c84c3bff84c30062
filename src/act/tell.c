/* Events and facts -> what each record says. Called by act.c behind the lock of the log. */
#include "act/tell.h"

#include <assert.h>
#include <string.h>

#include "audit/record.h"

enum { SURE_CHANGES = 32, SURE_BYTES = 40000 };

/* ---- room ---- */

/* As audit_record_fits(), which measures every text, but at no cost where there is room enough even if
 * every byte needs six. */
static size_t
fits(const struct event_change *c, size_t n, struct arena *a)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n && i < SURE_CHANGES; i++)
        bytes += 100 + 6 * (c[i].field.len + c[i].old_value.len + c[i].new_value.len);
    return n <= SURE_CHANGES && bytes < SURE_BYTES / 2 ? n : audit_record_fits(c, n, a);
}

static struct event_change
change_of(const struct fact *f, struct arena *a)
{
    const char *word = fact_word(f->kind);
    assert(word);
    return (struct event_change){.field = f->is_refused ? arena_fmt(a, "refused.%s", word)
                                                        : arena_fmt(a, "fact.%s", word),
                                 .old_value = STR(""),
                                 .new_value = fact_value(f, a)};
}

/* ---- planning ---- */

/* The event again, with nothing but facts. */
static struct event
more_of(const struct event *e)
{
    return (struct event){.name = "facts.more",
                          .severity = 1,
                          .object_type = e->object_type,
                          .object_id = e->object_id,
                          .object_name = e->object_name,
                          .reason = STR("")};
}

struct planning {
    struct tell_plan *plan;
    int64_t seq;
    struct arena *a;
};

static void
add_record(struct planning *p, const struct event *e, const struct event_change *c, size_t n)
{
    struct event *to = VEC_PUSH(p->a, &p->plan->events);
    *to = *e;
    to->changes = c;
    to->n_changes = n;
}

/* An event that has more changes than a record spells out keeps its record for itself. */
static void
plan_event(struct planning *p, const struct event *e, struct fact *facts, size_t n)
{
    size_t own = e->n_changes, at = 0, k = 0;
    struct event_change *c = ARENA_ARRAY(p->a, struct event_change, own + n + 1);
    struct event more = more_of(e);
    if (own)
        memcpy(c, e->changes, own * sizeof *c);
    for (size_t i = 0; i < n; i++)
        c[own + i] = change_of(&facts[i], p->a);
    size_t room = n && fits(c, own, p->a) == own ? fits(c, own + n, p->a) : own;
    add_record(p, e, c, n ? room : own);
    for (;;) {
        for (; own + k < at + room; k++)
            facts[k].seq = p->seq + (int64_t)p->plan->events.n - 1;
        at += room;
        if (k == n)
            break;
        room = fits(c + at, own + n - at, p->a);
        add_record(p, &more, c + at, room);
    }
}

void
tell_plan(const struct event *events, size_t n, struct fact *facts, size_t n_facts, int64_t seq,
          struct arena *a, struct tell_plan *ret)
{
    struct planning p = {.plan = ret, .seq = seq, .a = a};
    size_t at = 0;
    *ret = (struct tell_plan){0};
    assert(n > 0);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (at + k < n_facts && facts[at + k].of == i)
            k++;
        plan_event(&p, &events[i], facts + at, k);
        at += k;
    }
    assert(at == n_facts); /* each is of one of the events */
    struct event *last = &ret->events.v[ret->events.n - 1];
    struct event_change *c = ARENA_ARRAY(a, struct event_change, last->n_changes + 1);
    if (last->n_changes)
        memcpy(c, last->changes, last->n_changes * sizeof *c);
    /* as long as any state is */
    struct event_change state = {
        .field = STR("facts"), .old_value = STR(""), .new_value = arena_fmt(a, "%085d", 0)};
    c[last->n_changes] = state;
    struct event more = more_of(last);
    if (fits(c, last->n_changes + 1, a) == last->n_changes + 1) {
        last->changes = c;
        last->n_changes++;
        return;
    }
    struct event_change *alone = ARENA_NEW(a, struct event_change);
    *alone = state;
    add_record(&p, &more, alone, 1);
}

void
tell_state(struct tell_plan *p, struct str state, struct arena *a)
{
    struct event *last = &p->events.v[p->events.n - 1];
    struct event_change *c = ARENA_ARRAY(a, struct event_change, last->n_changes);
    assert(last->n_changes > 0 && state.len <= 85);
    memcpy(c, last->changes, last->n_changes * sizeof *c);
    assert(str_eqc(c[last->n_changes - 1].field, "facts"));
    c[last->n_changes - 1].new_value = state;
    last->changes = c;
}
