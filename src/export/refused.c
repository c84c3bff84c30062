/* Poison: what to do with a message that does not get through. Called by courier.c. */
#include "export/refused.h"

#include "base/auto.h"
#include "base/env.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    LOOK_BACK = 128,
    MOST_LOOKS = 64,
    PROBES = 3,
    MOST_DEATHS = 4,
    SHORT_TURN = 8 /* every so many attempts a target's first record is sent short first */
};

/* ---- books ---- */

static bool
is_record(const struct refused *r)
{
    return str_eqc(r->mark->piece, MESSAGES_RECORD);
}

/* The cursor behind it, the letter and the record about it, in one transaction. */
static int
put_letter(const struct refused *r, const char *state, const char *event, int severity,
           struct str reason, struct diag *d)
{
    struct cursor *c = r->courier->cursor;
    const struct message_mark *m = r->mark;
    struct store_letter l = {.target = c->at.target,
                             .seq = m->stored->seq,
                             .piece = m->piece,
                             .state = str_c(state),
                             .reason = reason,
                             .size = (int64_t)m->stored->rec.len,
                             .made = env_wall_us() / 1000000};
    struct event_change changes[] = {
        cursor_detail("record", l.seq, d->arena),
        cursor_detail("size", l.size, d->arena),
        {.field = STR("piece"), .old_value = STR(""), .new_value = l.piece}};
    struct event e = cursor_event(c, event, severity);
    bool arrived = str_eqc(l.state, "reduced");
    e.outcome = EVENT_FAILURE;
    e.reason = reason;
    e.changes = changes;
    e.n_changes = is_record(r) ? 2 : 3;
    r->courier->n_letters++;
    return cursor_move(
        c,
        &(struct cursor_step){
            .to = m->behind, .is_news = m->is_news, .arrived = arrived, .letter = &l, .event = &e},
        d);
}

static int
arrived_whole(const struct refused *r, struct diag *d)
{
    struct cursor_step s = {.to = r->mark->behind, .is_news = r->mark->is_news, .arrived = true};
    r->courier->n_delivered++;
    return cursor_move(r->courier->cursor, &s, d);
}

static int
put_reduced(const struct refused *r, struct str reason, struct diag *d)
{
    r->courier->n_delivered++;
    return put_letter(r, "reduced", "export.reduce", 5, reason, d);
}

/* ---- does it take anything? ---- */

static int
not_now(const struct diag *why, struct diag *d)
{
    diag_fail(d, why->first.code, "%.*s", STR_ARG(why->first.text));
    return diag_at(d, "%.*s", STR_ARG(why->first.place));
}

/* A record that came before: it comes twice then, which it may. */
static bool
takes(const struct refused *r, const struct store_record *v, struct arena *a, struct diag *d)
{
    struct outlet_message m;
    return messages_of_record(r->courier->target, v, false, a, &m, d) == 0 &&
           courier_try(r->courier, &m, d) == 0;
}

static bool
is_wanted(const struct refused *r, const struct store_record *v, struct arena *a)
{
    struct audit_record rec;
    struct diag ignored = diag_init(a);
    return audit_record_parse(v->rec, a, &rec, &ignored) == 0 &&
           target_wants(r->courier->target, &rec, a);
}

static int
send_reduced(const struct refused *r, struct diag *d)
{
    struct outlet_message m;
    return messages_of_record(r->courier->target, r->mark->stored, true, d->arena, &m, d) == 0
               ? courier_try(r->courier, &m, d)
               : -1;
}

/* The result that arrived before this one: 1 = none did. */
static int
takes_last_result(const struct refused *r, struct arena *a, struct diag *d)
{
    const struct cursor *c = r->courier->cursor;
    struct outlet_message m;
    if (is_record(r) || !c->at.piece.len || str_eqc(c->at.piece, MESSAGES_RECORD))
        return 1;
    int rc = messages_again(c->act, r->courier->target, c->at.seq, c->at.piece, a, &m, d);
    return rc == 0 ? courier_try(r->courier, &m, d) : rc;
}

/* Then there is no use in asking it for more. */
static bool
is_down(const struct diag *why)
{
    return diag_failed(why) && why->first.code != DIAG_CANNOT_WRITE;
}

/* The newest of n records: 1 = it takes one, 0 = none is wanted, -1 = it does not. */
static int
takes_one_of(const struct refused *r, const struct store_record *v, size_t n, struct arena *a,
             struct diag *d)
{
    int tried = 0;
    for (; n > 0 && tried < PROBES && !is_down(d); n--)
        if (is_wanted(r, &v[n - 1], a)) {
            tried++;
            diag_clear(d);
            if (takes(r, &v[n - 1], a, d))
                return 1;
        }
    return tried ? -1 : 0;
}

/* One of those before it, which may be rare. Where there is none, who is who has to do for a result;
 * 1 for a record: beside its short form the whole one would stand when that arrives after all. */
static int
takes_older(const struct refused *r, struct arena *a, struct diag *d)
{
    struct store *st = r->courier->cursor->act->store;
    int64_t at = r->courier->target->e->send == SEND_RESULTS ? 0 : r->mark->stored->seq;
    int rc = 0;
    for (int i = 0; i < MOST_LOOKS && at > 0 && rc == 0; i++) {
        int64_t from = at < LOOK_BACK ? 0 : at - LOOK_BACK;
        struct store_record *v;
        size_t n;
        if (store_load_records(st, from, (size_t)(at - from), a, &v, &n, d) != 0)
            return -1;
        rc = takes_one_of(r, v, n, a, d);
        at = from;
    }
    if (rc == 0)
        return is_record(r) ? 1 : send_reduced(r, d);
    return rc > 0 ? 0 : -1;
}

static int
takes_last_record(const struct refused *r, struct arena *a, struct diag *d)
{
    const struct courier *k = r->courier;
    struct store_record *v;
    size_t n;
    if (k->last_arrived < 0 || k->target->e->send == SEND_RESULTS)
        return 1;
    if (store_load_records(k->cursor->act->store, k->last_arrived, 1, a, &v, &n, d) != 0)
        return -1;
    return n == 1 && takes(r, v, a, d) ? 0 : 1;
}

static int
refuses_all(const struct refused *r, struct diag *d)
{
    return diag_fail(d, DIAG_CANNOT_WRITE,
                     "it refuses record %lld, and what it is sent for a test as well",
                     (long long)r->mark->stored->seq);
}

/* Something else gets through: 1 = there is nothing else. */
static int
prove_alive(const struct refused *r, struct diag *d)
{
    static int (*const ways[])(const struct refused *, struct arena *,
                               struct diag *) = {takes_last_result, takes_last_record, takes_older};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag why = diag_init(a);
    int rc = 1;
    for (size_t i = 0; i < sizeof ways / sizeof *ways && rc != 0 && !is_down(&why); i++) {
        diag_clear(&why);
        rc = ways[i](r, a, &why);
    }
    if (rc >= 0 && !is_down(&why))
        return rc;
    return is_down(&why) ? not_now(&why, d) : refuses_all(r, d);
}

/* ---- the cases ---- */

static bool
is_death(const struct refused *r, const struct diag *why)
{
    return why->first.code == DIAG_UNAVAILABLE && !r->courier->peer_wait_s;
}

static int
bury(const struct refused *r, const struct diag *why, struct diag *d)
{
    int rc = prove_alive(r, d);
    if (rc != 0)
        return rc > 0 ? refuses_all(r, d) : -1;
    return put_letter(r, "refused", "export.deadletter", 8, diag_text(why), d);
}

/* The parts of a record that are not itself have no shorter form. */
int
refused_alone(const struct refused *r, const struct diag *why, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag less = diag_init(a);
    if (!is_record(r))
        return bury(r, why, d);
    if (send_reduced(r, &less) == 0)
        return put_reduced(r, diag_text(why), d);
    return less.first.code == DIAG_CANNOT_WRITE ? bury(r, &less, d) : not_now(&less, d);
}

/* The short form of a record may get through. */
static int
give_up(const struct refused *r, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag less = diag_init(a);
    struct str reason =
        arena_fmt(d->arena, "the receiver takes others, and %d times it was gone when this came",
                  MOST_DEATHS);
    if (is_record(r) && send_reduced(r, &less) == 0)
        return put_reduced(r, reason, d);
    if (is_record(r) && less.first.code != DIAG_CANNOT_WRITE && !is_death(r, &less))
        return not_now(&less, d);
    return put_letter(r, "refused", "export.deadletter", 8, reason, d);
}

/* Dies, something else arrives, dies, and so on: the target is well, and the message is what it dies
 * of. Fewer deaths are not enough where the way there is bad. A receiver that has to be started again
 * does not arrive at that now: it is counted. */
int
refused_suspect(const struct refused *r, const struct diag *why, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag other = diag_init(a), again = diag_init(a);
    bool is_dead = is_death(r, why);
    while (is_dead) {
        r->courier->cursor->at.deaths++;
        if (prove_alive(r, &other) != 0)
            return 1;
        if (r->courier->cursor->at.deaths >= MOST_DEATHS)
            return give_up(r, d);
        diag_clear(&again);
        if (courier_try(r->courier, r->message, &again) == 0)
            return arrived_whole(r, d);
        if (again.first.code == DIAG_CANNOT_WRITE)
            return refused_alone(r, &again, d);
        is_dead = is_death(r, &again);
    }
    return 1;
}

/* A target that has nothing yet: only its short form can come first, and does now and then. */
static int
try_first(const struct refused *r, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag again = diag_init(a);
    bool is_short = r->courier->cursor->at.attempts % SHORT_TURN == 0;
    if (is_short && send_reduced(r, d) != 0)
        return -1;
    if (courier_try(r->courier, r->message, &again) == 0)
        return arrived_whole(r, d);
    if (again.first.code == DIAG_CANNOT_WRITE)
        return refused_alone(r, &again, d);
    return is_short && is_death(r, &again) ? put_reduced(r, diag_text(&again), d)
                                           : not_now(&again, d);
}

int
refused_known(const struct refused *r, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag again = diag_init(a);
    int rc = prove_alive(r, d);
    if (rc != 0)
        return rc > 0 ? try_first(r, d) : -1;
    if (r->courier->cursor->at.deaths >= MOST_DEATHS)
        return give_up(r, d);
    if (courier_try(r->courier, r->message, &again) == 0)
        return arrived_whole(r, d);
    if (again.first.code == DIAG_CANNOT_WRITE)
        return refused_alone(r, &again, d);
    /* Who says that he is busy is alive, and something else first may be what makes him busy. */
    r->courier->cursor->at.deaths = is_death(r, &again) ? r->courier->cursor->at.deaths + 1 : 0;
    return not_now(&again, d);
}

int
refused_unreadable(const struct refused *r, struct diag *d)
{
    return put_letter(r, "unreadable", "export.deadletter", 8, r->mark->unreadable, d);
}
