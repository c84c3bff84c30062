/* Poison: what to do with a message that does not get through. Called by courier.c. */
#include "job/refused.h"

#include "base/auto.h"
#include "base/env.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { LOOK_BACK = 128, PROBES = 3 };

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
    struct event_change changes[] = {cursor_detail("record", l.seq, d->arena),
                                     cursor_detail("size", l.size, d->arena)};
    struct event e = cursor_event(c, event, severity);
    bool arrived = str_eqc(l.state, "reduced");
    e.outcome = EVENT_FAILURE;
    e.reason = reason;
    e.changes = changes;
    e.n_changes = 2;
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

/* A record that came before: it comes twice then, which it may. */
static bool
takes(const struct refused *r, const struct store_record *v, struct arena *a)
{
    struct outlet_message m;
    struct diag ignored = diag_init(a);
    return messages_of_record(r->courier->target, v, false, a, &m, &ignored) == 0 &&
           courier_try(r->courier, &m, &ignored) == 0;
}

static bool
is_wanted(const struct refused *r, const struct store_record *v, struct arena *a)
{
    struct audit_record rec;
    struct diag ignored = diag_init(a);
    return audit_record_parse(v->rec, a, &rec, &ignored) == 0 &&
           target_wants(r->courier->target, &rec, a);
}

/* The newest of n records, and only some of them: a target that is down has its timeouts. */
static bool
takes_one_of(const struct refused *r, const struct store_record *v, size_t n, struct arena *a)
{
    bool ok = false;
    for (int tried = 0; n > 0 && tried < PROBES && !ok; n--) {
        bool try = is_wanted(r, &v[n - 1], a);
        ok = try && takes(r, &v[n - 1], a);
        tried += try;
    }
    return ok;
}

static int
send_reduced(const struct refused *r, struct diag *d)
{
    struct outlet_message m;
    return messages_of_record(r->courier->target, r->mark->stored, true, d->arena, &m, d) == 0
               ? courier_try(r->courier, &m, d)
               : -1;
}

static int
prove_alive(const struct refused *r, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct store *st = r->courier->cursor->job->store;
    int64_t seq = r->mark->stored->seq, from = seq < LOOK_BACK ? 0 : seq - LOOK_BACK;
    int64_t last = r->courier->last_arrived;
    struct store_record *v = NULL;
    struct diag ignored = diag_init(a);
    size_t n = 0;
    if (last >= 0 && store_load_records(st, last, 1, a, &v, &n, d) != 0)
        return -1;
    if (r->courier->target->e->send == SEND_RESULTS) { /* it wants no record: who is who will do */
        if (send_reduced(r, &ignored) == 0)
            return 0;
        n = 0;
        seq = 0;
    }
    if (n == 1 && takes(r, v, a))
        return 0;
    if (seq > 0 && store_load_records(st, from, (size_t)(seq - from), a, &v, &n, d) != 0)
        return -1;
    if (seq > 0 && takes_one_of(r, v, n, a))
        return 0;
    return diag_fail(d, DIAG_CANNOT_WRITE,
                     "it refuses record %lld, and what it is sent for a test as well",
                     (long long)r->mark->stored->seq);
}

/* ---- the cases ---- */

static int
bury(const struct refused *r, const struct diag *why, struct diag *d)
{
    if (prove_alive(r, d) != 0)
        return -1;
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
    if (less.first.code == DIAG_CANNOT_WRITE)
        return bury(r, &less, d);
    diag_fail(d, less.first.code, "%.*s", STR_ARG(less.first.text));
    return diag_at(d, "%.*s", STR_ARG(less.first.place));
}

/* Dies, the reduced form arrives, dies: the target is well, and the message is what it dies of.
 * Anything else proves nothing: 1. */
int
refused_suspect(const struct refused *r, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag first = diag_init(a), less = diag_init(a), second = diag_init(a);
    if (courier_try(r->courier, r->message, &first) == 0)
        return arrived_whole(r, d);
    if (first.first.code == DIAG_CANNOT_WRITE)
        return refused_alone(r, &first, d);
    if (!is_record(r) || send_reduced(r, &less) != 0)
        return 1;
    if (courier_try(r->courier, r->message, &second) == 0)
        return arrived_whole(r, d);
    return put_reduced(r, diag_text(&second), d);
}

int
refused_unreadable(const struct refused *r, struct diag *d)
{
    return put_letter(r, "unreadable", "export.deadletter", 8, r->mark->unreadable, d);
}
