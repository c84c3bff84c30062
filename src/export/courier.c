/* Messages on their way: messages.c -> deliver room -> cursor.c. Called by export.c and follow.c. */
#include "export/courier.h"

#include <assert.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/fault.h"
#include "export/refused.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    WINDOW = 128,       /* what comes twice when we are killed now */
    MUTE_WINDOW = 2048, /* of peers that are asked by ending the connection: that costs a new one */
    FILE_WINDOW = 500,
    MOST_POSTED = OUTLET_SOME, /* bytes that nobody confirmed yet */
    PATIENCE = 2, /* so many attempts fail in a row before the message itself is suspected */
    GROWTH = 4
};

struct load { /* a batch on its way */
    struct courier *k;
    struct message_batch b;
    size_t at;       /* the first message that has not arrived */
    size_t window;   /* how many at once: fewer when one of them was refused */
    bool is_settled; /* false: it was not the target that failed, but the database */
    bool is_careful; /* one goes alone, then more and more: one of them may be deadly */
};

static size_t
window_of(const struct target *t)
{
    return !t->outlet->scheme ? FILE_WINDOW : t->outlet->post ? MUTE_WINDOW : WINDOW;
}

struct courier
courier_new(struct target *t, struct cursor *c)
{
    return (struct courier){.target = t, .cursor = c, .last_arrived = -1};
}

void
courier_close(struct courier *k)
{
    target_close(k->target);
    messages_forget(&k->walk);
}

/* What the outlet said, told of the target; the session is over. */
static int
failed(struct courier *k, const struct diag *why, struct diag *d)
{
    k->peer_wait_s = target_wait_s(k->target);
    k->is_ahead = false; /* all of that comes again */
    courier_close(k);
    diag_fail(d, why->first.code, "%.*s", STR_ARG(why->first.text));
    return diag_at(d, "%.*s",
                   STR_ARG(why->first.place.len ? why->first.place : k->target->e->path));
}

int
courier_try(struct courier *k, const struct outlet_message *m, struct diag *d)
{
    struct diag why = diag_init(d->arena);
    size_t n = 0;
    if (k->cursor->fence && cursor_keep(k->cursor, d) != 0)
        return -1;
    if (target_open(k->target, &why) == 0 &&
        k->target->outlet->send(k->target->session, m, 1, &n, &why) == 0)
        return 0;
    return failed(k, &why, d);
}

/* The cursor behind the first message that has not arrived now. */
static int
settle(struct load *l, size_t n_arrived, struct diag *d)
{
    struct cursor_step s = {.is_news = l->b.is_news, .arrived = n_arrived > 0};
    l->at += n_arrived;
    l->k->n_delivered += (int64_t)n_arrived;
    if (n_arrived > 0)
        l->k->last_arrived = l->b.marks.v[l->at - 1].stored->seq;
    s.to = l->at == l->b.m.n ? l->b.end : l->b.marks.v[l->at - 1].behind;
    fault_point("after_ack");
    l->is_settled = cursor_move(l->k->cursor, &s, d) == 0;
    fault_point("after_cursor");
    return l->is_settled ? 0 : -1;
}

/* The next messages, up to n; *ret_open: the target was there, it failed with what was sent. */
static int
send_some(struct load *l, size_t n, bool *ret_open, struct diag *d)
{
    struct target *t = l->k->target;
    struct diag why = diag_init(d->arena);
    size_t n_arrived = 0;
    int rc = target_open(t, &why);
    *ret_open = rc == 0;
    fault_point("before_send");
    if (rc == 0)
        rc = t->outlet->send(t->session, l->b.m.v + l->at, n, &n_arrived, &why);
    assert(rc != 0 || n_arrived > 0);
    if (n_arrived > 0 && settle(l, n_arrived, d) != 0)
        return -1;
    return rc == 0 ? 0 : failed(l->k, &why, d);
}

/* True when the failure is about what was sent. A file refuses nothing: it is full. */
static bool
is_refusal(const struct load *l, const struct diag *why)
{
    enum diag_code code = why->first.code;
    return l->k->target->outlet->scheme && (code == DIAG_CANNOT_WRITE || code == DIAG_TOO_BIG);
}

/* True when so much failed that the first message may be what it fails of. */
static bool
is_suspicious(const struct load *l)
{
    const struct courier *k = l->k;
    return k->cursor->fence && k->target->outlet->scheme && k->cursor->at.attempts >= PATIENCE;
}

static size_t
first_window(const struct load *l)
{
    return l->is_careful ? 1 : window_of(l->k->target);
}

/* What to make of a failure of n messages that were sent together: 0 = go on. */
static int
judge(struct load *l, size_t n, bool arrived, const struct diag *why, struct diag *d)
{
    struct courier *k = l->k;
    struct refused r = {.courier = k, .mark = &l->b.marks.v[l->at], .message = &l->b.m.v[l->at]};
    int rc = 1;
    if (k->cursor->fence && is_refusal(l, why)) {
        l->window = n / 2;
        if (n > 1)
            return 0;
        rc = refused_alone(&r, why, d);
    } else if (n == 1 && !arrived && is_suspicious(l)) {
        rc = refused_suspect(&r, why, d);
    }
    if (rc > 0) {
        diag_fail(d, why->first.code, "%.*s", STR_ARG(why->first.text));
        return diag_at(d, "%.*s", STR_ARG(why->first.place));
    }
    l->window = first_window(l);
    l->at++;
    return rc;
}

/* How many go together: up to one that cannot be sent at all. */
static size_t
count_next(const struct load *l)
{
    size_t n = 0, left = l->b.m.n - l->at;
    while (n < left && n < l->window && !l->b.marks.v[l->at + n].unreadable.len)
        n++;
    return n;
}

/* The messages that go without being sent as they are; 1 = it is none of them. */
static int
step_aside(struct load *l, size_t n, struct diag *d)
{
    struct refused r = {.courier = l->k, .mark = &l->b.marks.v[l->at], .message = &l->b.m.v[l->at]};
    bool is_known = l->at == 0 && l->k->cursor->at.deaths > 0 && is_suspicious(l);
    if (n > 0 && !is_known)
        return 1;
    l->at++;
    return n == 0 ? refused_unreadable(&r, d) : refused_known(&r, d);
}

static int
step(struct load *l, struct diag *d)
{
    struct diag why = diag_init(d->arena);
    size_t n = count_next(l), before = l->at;
    bool was_open;
    int rc = step_aside(l, n, d);
    if (rc <= 0)
        return rc;
    if (send_some(l, n, &was_open, &why) == 0 || (l->is_settled && l->at - before == n)) {
        if (l->is_careful && l->window < window_of(l->k->target))
            l->window *= GROWTH;
        return 0; /* what failed behind all of it shows next time */
    }
    if (l->is_settled && was_open)
        return judge(l, n - (l->at - before), l->at > before, &why, d);
    diag_fail(d, why.first.code, "%.*s", STR_ARG(why.first.text));
    return diag_at(d, "%.*s", STR_ARG(why.first.place));
}

static int
run_batch(struct load *l, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag inner = diag_init(a);
    if (l->b.m.n == 0)
        return settle(l, 0, d);
    l->is_careful = is_suspicious(l);
    l->window = first_window(l);
    while (l->at < l->b.m.n)
        if (step(l, &inner) != 0) {
            diag_fail(d, inner.first.code, "%.*s", STR_ARG(inner.first.text));
            return diag_at(d, "%.*s", STR_ARG(inner.first.place));
        }
    return 0;
}

/* ---- peers that never answer ---- */

int
courier_confirm(struct courier *k, struct diag *d)
{
    struct diag why = diag_init(d->arena);
    struct cursor_step s = {.to = k->posted, .is_news = k->posted_news, .arrived = k->n_posted > 0};
    if (!k->is_ahead)
        return 0;
    if (cursor_keep(k->cursor, d) != 0)
        return -1;
    if (k->n_posted > 0 && k->target->outlet->confirm(k->target->session, &why) != 0)
        return failed(k, &why, d);
    fault_point("after_ack");
    if (cursor_move(k->cursor, &s, d) != 0)
        return -1;
    fault_point("after_cursor");
    k->n_delivered += k->n_posted;
    k->is_ahead = false;
    return 0;
}

static void
note_posted(struct courier *k, const struct message_batch *b)
{
    if (!k->is_ahead) {
        k->posted_at_us = env_wall_us();
        k->n_posted = 0;
        k->posted_bytes = 0;
        k->posted_news = false;
    }
    k->is_ahead = true;
    k->n_posted += (int64_t)b->m.n;
    k->posted_news |= b->is_news;
    k->posted = (struct message_place){.seq = b->end.seq, .piece = STR("")};
    for (size_t i = 0; i < b->m.n; i++)
        k->posted_bytes += b->m.v[i].text.len;
}

static bool
is_due(const struct courier *k)
{
    int64_t age_us = env_wall_us() - k->posted_at_us;
    return k->posted_bytes >= MOST_POSTED || age_us < 0 ||
           age_us >= k->target->e->confirm_s * 1000000;
}

static int
post(struct courier *k, const struct message_batch *b, struct diag *d)
{
    struct diag why = diag_init(d->arena);
    fault_point("before_send");
    if (b->m.n > 0 && (target_open(k->target, &why) != 0 ||
                       k->target->outlet->post(k->target->session, b->m.v, b->m.n, &why) != 0))
        return failed(k, &why, d);
    note_posted(k, b);
    return is_due(k) ? courier_confirm(k, d) : 0;
}

/* What is posted at once is written within the time of a call, over slow lines, too. */
static void
cut_to_some(struct message_batch *b)
{
    size_t n = outlet_some(b->m.v, b->m.n);
    if (n == b->m.n || b->marks.v[n - 1].behind.piece.len)
        return;
    b->m.n = b->marks.n = n;
    b->end = b->marks.v[n - 1].behind;
}

/* One message behind the other, whole records, and nothing that failed lately. */
static bool
can_post(const struct courier *k, const struct message_batch *b)
{
    bool ok = k->may_trail && k->target->outlet->post && k->cursor->at.attempts == 0 &&
              !b->end.piece.len && outlet_some(b->m.v, b->m.n) == b->m.n;
    for (size_t i = 0; i < b->m.n; i++)
        ok = ok && !b->marks.v[i].unreadable.len;
    return ok;
}

/* ---- the door ---- */

int
courier_run(struct courier *k, int64_t end, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct cursor *c = k->cursor;
    struct load l = {.k = k, .window = window_of(k->target), .is_settled = true};
    struct message_place from = {.seq = c->at.seq, .piece = c->at.piece};
    if (k->is_ahead)
        from = k->posted;
    if (from.seq >= end)
        return k->is_ahead && is_due(k) ? courier_confirm(k, d) : 0;
    if (messages_load(c->act, k->target, from, end, l.window, &k->walk, a, &l.b, d) != 0)
        return -1;
    if (k->may_trail && k->target->outlet->post)
        cut_to_some(&l.b);
    if (can_post(k, &l.b))
        return post(k, &l.b, d);
    return k->is_ahead ? courier_confirm(k, d) : run_batch(&l, d);
}
