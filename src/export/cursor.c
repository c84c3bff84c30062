/* Cursors of targets: leases, moves, and the records about them. Called by export.c, courier.c and
 * follow.c. */
#include "export/cursor.h"

#include <assert.h>
#include <unistd.h>

#include "act/owner.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/fault.h"
#include "base/file.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    LOOK_AGAIN_S = 2, /* at a log that is shorter than it was */
    LEASE_S = 120,    /* what a call of an outlet may take, and some for the database */
    ACK_S = 300,
    FIRST_WAIT_S = 1,
    MOST_WAIT_S = 60
};
_Static_assert(OUTLET_OPEN_S + OUTLET_SEND_S + 40 <= LEASE_S, "who sends must not seem dead");

/* A peer that confirms later may take its time: nobody takes the cursor over meanwhile. */
static int
cursor_lease_s(const struct target *t)
{
    int64_t ack_s = t->e->ack_s ? t->e->ack_s : ACK_S;
    return LEASE_S + (t->outlet->wants_token ? (int)ack_s : 0);
}

/* ---- taking ---- */

/* The row as it is now. */
static int
cursor_load(struct cursor *c, struct diag *d)
{
    return store_load_cursor(c->act->store, c->target->key, c->a, &c->at, d);
}

/* A host that never sent anything there, or lost its state directory, begins with what the row says. */
static void
cursor_load_sent(struct cursor *c)
{
    struct diag damaged = diag_init(c->a);
    struct str key = c->target->key;
    bool is_new = !file_exists(sent_path(&c->act->config, key, c->a).s) ||
                  sent_load(&c->act->config, key, c->a, &c->sent, &damaged) != 0;
    if (is_new)
        c->sent = (struct sent){.target = key, .last = {.seq = -1}};
    if (is_new && c->at.failing_since != CLOCK_NONE)
        c->sent.told = SENT_TOLD_FAILURE;
    c->sent.is_followed = false;
}

int
cursor_take(struct act *act, const struct target *t, struct arena *a, struct cursor *ret,
            struct diag *d)
{
    struct cursor c = {.act = act, .target = t, .a = a};
    if (cursor_load(&c, d) != 0)
        return -1;
    struct str dead = owner_is_dead(c.at.owner) ? c.at.owner : STR("");
    if (store_take_cursor(act->store, t->key, owner_self(a), dead, cursor_lease_s(t), &c.fence,
                          d) != 0 ||
        cursor_load(&c, d) != 0)
        return -1;
    if (c.fence == 0) {
        struct str rest = c.at.owner, host = str_cut(&rest, ' ');
        diag_fail(d, DIAG_BUSY, "another export is at it: %.*s", STR_ARG(host));
        return diag_at(d, "%.*s", STR_ARG(t->key));
    }
    c.has_news = c.at.told_seq < c.at.seq; /* of a session that died */
    cursor_load_sent(&c);
    *ret = c;
    return 0;
}

struct cursor
cursor_loose(struct act *act, const struct target *t, int64_t seq, struct arena *a)
{
    assert(seq >= 0);
    struct cursor c = {.act = act, .target = t, .a = a};
    c.at = (struct store_cursor){.target = t->key,
                                 .seq = seq,
                                 .told_seq = seq,
                                 .lease_until = CLOCK_NONE,
                                 .failing_since = CLOCK_NONE,
                                 .last_ok = CLOCK_NONE};
    c.at.piece = c.at.owner = c.at.error = STR("");
    return c;
}

/* ---- records about it ---- */

struct event
cursor_event(const struct cursor *c, const char *name, int severity)
{
    return (struct event){.name = name,
                          .severity = severity,
                          .object_type = STR("target"),
                          .object_id = c->target->key,
                          .object_name = c->target->e->path,
                          .reason = STR("")};
}

struct event_change
cursor_detail(const char *field, int64_t n, struct arena *a)
{
    assert(field[0]);
    return (struct event_change){.field = str_c(field),
                                 .old_value = STR(""),
                                 .new_value = arena_fmt(a, "%lld", (long long)n)};
}

/* ---- what was sent ---- */

static int64_t
cursor_now(void)
{
    return env_wall_us() / 1000000;
}

/* What cannot be written is only forgotten: delivery goes on, and the doctor says so. */
static void
cursor_save_sent(struct cursor *c, bool is_synced)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    c->sent.at = cursor_now();
    c->is_unsynced = sent_save(&c->act->config, &c->sent, is_synced, &d) == 0 && !is_synced;
}

/* Before the cursor moves: then it cannot be behind what is remembered. */
static void
cursor_remember(struct cursor *c, const struct act_mark *last)
{
    if (last->seq >= c->sent.last.seq)
        c->sent.last = *last;
    cursor_save_sent(c, false);
    fault_point("after_memory");
}

static int
cursor_compare_once(struct cursor *c, struct diag *d)
{
    int rc = sent_compare(c->act, &c->sent, &c->found, d);
    c->is_contradicted = rc != 0 && d->first.code == DIAG_VERIFY;
    return rc;
}

int
cursor_compare(struct cursor *c, struct diag *d)
{
    struct diag one = diag_init(d->arena);
    if (!c->fence)
        return 0;
    if (cursor_compare_once(c, &one) == 0)
        return 0;
    if (!c->is_contradicted || c->found.seq >= 0 || c->sent.told == SENT_TOLD_HISTORY)
        return diag_pass_on(d, &one);
    sleep(LOOK_AGAIN_S);
    return cursor_compare_once(c, d);
}

/* Which record that is about, what was sent and what is there. */
static void
cursor_put_contradiction(const struct cursor *c, struct event *e, struct event_change *changes,
                         struct arena *a)
{
    changes[0] = cursor_detail("record", c->sent.last.seq, a);
    changes[1] = (struct event_change){
        .field = STR("leaf"),
        .old_value = sha256_hex(a, &c->sent.last.leaf),
        .new_value = c->found.seq < 0 ? STR("") : sha256_hex(a, &c->found.leaf)};
    e->changes = changes;
    e->n_changes = 2;
}

/* ---- moving ---- */

struct cursor_way {
    struct cursor *c;
    struct store_cursor to;
    const struct cursor_step *step;
    bool is_over; /* the failure that was under way */
};

static bool
cursor_is_steady(const struct cursor *c)
{
    int64_t since = c->sent.failed_at, now = cursor_now();
    if (c->at.failing_since > since)
        since = c->at.failing_since;
    return now >= since && now - since >= c->target->e->steady_s;
}

/* The record that a target works again, with for how long it did not, and how often it did between; how many
 * events that is: none when nobody was told that it failed. */
static size_t
cursor_put_recovery(const struct cursor *c, struct event *out, struct event_change *changes,
                    struct arena *a)
{
    int64_t n = c->sent.n_failed > c->at.attempts ? c->sent.n_failed : c->at.attempts;
    if (c->at.failing_since == CLOCK_NONE || c->sent.told == SENT_TOLD_NOTHING)
        return 0;
    changes[0] = cursor_detail("seconds", cursor_now() - c->at.failing_since, a);
    changes[1] = cursor_detail("attempts", n, a);
    changes[2] = cursor_detail("between", c->sent.n_again, a);
    *out = cursor_event(c, "export.recover", 3);
    out->changes = changes;
    out->n_changes = 3;
    return 1;
}

/* The row of the cursor is written first and the head of the log last, as everywhere: no two
 * transactions wait for each other. */
static int
cursor_move_fenced(struct act *act, void *ctx, struct diag *d)
{
    const struct cursor_way *m = ctx;
    struct cursor *c = m->c;
    struct event_change changes[3];
    struct event events[2];
    size_t n = 0;
    if (m->step->event)
        events[n++] = *m->step->event;
    if (store_move_cursor(act->store, &m->to, c->fence, m->step->arrived, cursor_lease_s(c->target),
                          d) != 0 ||
        (m->step->letter && store_put_letter(act->store, m->step->letter, d) != 0))
        return -1;
    if (m->is_over || (m->step->arrived && c->at.attempts > 0)) {
        if (store_recover_cursor(act->store, c->at.target, c->fence, m->is_over,
                                 cursor_lease_s(c->target), d) != 0)
            return -1;
        n += m->is_over ? cursor_put_recovery(c, &events[n], changes, d->arena) : 0;
    }
    assert(n <= sizeof events / sizeof *events);
    if (n && m->to.told_seq != c->at.told_seq)
        store_tell_cursor(act->store, m->to.target);
    return act_append(act, events, n, d);
}

/* Copies a piece over the one before it: a cursor is held for months, and its arena only grows. */
static struct str
cursor_keep_piece(struct cursor *c, struct str piece)
{
    if (piece.len > c->piece_room) {
        c->piece_room = piece.len;
        c->piece = arena_alloc(c->a, piece.len);
    }
    if (piece.len)
        memmove(c->piece, piece.s, piece.len);
    return piece.len ? str_n(c->piece, piece.len) : STR("");
}

/* Moves it in the database, when it is held, and here. At another place nothing is known against the
 * next message. */
static int
cursor_write(struct cursor *c, struct cursor_way *m, struct diag *d)
{
    m->is_over = c->at.failing_since != CLOCK_NONE &&
                 (m->step->is_over || (m->step->arrived && cursor_is_steady(c)));
    if (c->fence && act_transact(c->act, cursor_move_fenced, m, d) != 0)
        return -1;
    if (m->to.seq != c->at.seq || !str_eq(m->to.piece, c->at.piece))
        m->to.deaths = 0;
    m->to.piece = cursor_keep_piece(c, m->to.piece);
    c->at = m->to;
    if (m->step->arrived)
        c->at.deaths = c->at.attempts = 0;
    if (m->is_over || (m->step->arrived && !c->fence))
        c->at.failing_since = CLOCK_NONE;
    if (m->is_over && c->fence) {
        c->sent.n_failed = c->sent.n_again = c->sent.failed_at = 0;
        c->sent.told = SENT_TOLD_NOTHING;
        cursor_save_sent(c, false);
    }
    return 0;
}

int
cursor_move(struct cursor *c, const struct cursor_step *s, struct diag *d)
{
    struct cursor_way m = {.c = c, .to = c->at, .step = s};
    assert(s->to.seq >= c->at.seq);
    m.to.seq = s->to.seq;
    m.to.piece = s->to.piece;
    if (c->fence && s->arrived)
        cursor_remember(c, &s->last);
    if (cursor_write(c, &m, d) != 0)
        return -1;
    c->has_news |= s->is_news;
    return 0;
}

int
cursor_recover(struct cursor *c, bool at_once, struct diag *d)
{
    const struct cursor_step s = {.to = {.seq = c->at.seq, .piece = c->at.piece}, .is_over = true};
    if (!c->fence || c->at.failing_since == CLOCK_NONE || c->at.attempts > 0 ||
        !(at_once || cursor_is_steady(c)))
        return 0;
    return cursor_move(c, &s, d);
}

/* The contradiction is over, and with it the failure that it was. */
static int
cursor_accept_fenced(struct act *act, void *ctx, struct diag *d)
{
    const struct cursor_way *m = ctx;
    struct cursor *c = m->c;
    int lease_s = cursor_lease_s(c->target);
    if (store_move_cursor(act->store, &m->to, c->fence, false, lease_s, d) != 0 ||
        store_recover_cursor(act->store, c->at.target, c->fence, true, lease_s, d) != 0)
        return -1;
    if (m->to.told_seq != c->at.told_seq)
        store_tell_cursor(act->store, m->to.target);
    return act_append(act, m->step->event, 1, d);
}

/* What is remembered then is the record before the cursor: nothing that comes later may change it. */
static int
cursor_remember_log(struct cursor *c, struct diag *d)
{
    struct act_mark last;
    if (sent_find(c->act, c->at.seq - 1, &last, d) != 0)
        return -1;
    c->sent = (struct sent){.target = c->target->key, .last = last};
    cursor_save_sent(c, true);
    c->is_contradicted = false;
    return 0;
}

int
cursor_accept(struct cursor *c, struct str reason, struct diag *d)
{
    struct diag why = diag_init(d->arena);
    struct sha256_digest leaf;
    struct event_change changes[2];
    struct event e = cursor_event(c, "export.accept", 8);
    struct cursor_step step = {.event = &e};
    struct cursor_way m = {.c = c, .to = c->at, .step = &step};
    int64_t size;
    assert(c->fence && reason.len);
    if (cursor_compare_once(c, &why) == 0)
        return diag_fail(d, DIAG_USAGE,
                         "the log does not contradict what was sent to %.*s: there is nothing to "
                         "accept",
                         STR_ARG(c->target->key));
    if (!c->is_contradicted)
        return diag_pass_on(d, &why);
    if (store_audit_size(c->act->store, &size, &leaf, d) != 0)
        return -1;
    cursor_put_contradiction(c, &e, changes, d->arena);
    e.reason = reason;
    if (m.to.seq > size) {
        m.to.seq = size;
        m.to.piece = STR("");
    }
    if (m.to.told_seq > size)
        m.to.told_seq = size;
    if (act_transact(c->act, cursor_accept_fenced, &m, d) != 0)
        return -1;
    c->at = m.to;
    c->at.attempts = c->at.deaths = 0;
    c->at.failing_since = CLOCK_NONE;
    return cursor_remember_log(c, d);
}

void
cursor_note_deaths(struct cursor *c, int64_t n)
{
    assert(n >= 0 && n <= c->at.deaths + 1);
    c->at.deaths = n;
}

int
cursor_keep(struct cursor *c, struct diag *d)
{
    return store_keep_cursor(c->act->store, c->at.target, c->fence, cursor_lease_s(c->target), d);
}

/* ---- failing ---- */

/* Twice as long every time, up to a minute, and not all at the same moment. */
static int64_t
cursor_back_off(int64_t attempts, int64_t peer_wait_s)
{
    assert(attempts > 0);
    int64_t wait = FIRST_WAIT_S;
    for (int64_t i = 1; i < attempts && wait < MOST_WAIT_S; i++)
        wait *= 2;
    if (wait > MOST_WAIT_S)
        wait = MOST_WAIT_S;
    wait -= (int64_t)(env_random_id() % (uint64_t)(wait / 4 + 1));
    return wait > peer_wait_s ? wait : peer_wait_s;
}

struct cursor_failing {
    struct cursor *c;
    struct store_cursor to;
    int64_t wait_s;
    enum sent_told tells; /* what becomes a record now */
};

/* What of it is told. Once for a failure, however often it passes and comes back, and once that the log is
 * another one, whatever it was before. Were it told that a record about exporting did not get through, that
 * would be the next one. */
static enum sent_told
cursor_tells(struct cursor *c)
{
    enum sent_told is = c->is_contradicted ? SENT_TOLD_HISTORY : SENT_TOLD_FAILURE;
    if (c->at.failing_since == CLOCK_NONE && c->sent.told == SENT_TOLD_FAILURE)
        c->sent.told = SENT_TOLD_NOTHING;
    if (c->at.failing_since == CLOCK_NONE)
        c->sent.n_failed = c->sent.n_again = 0;
    return is <= c->sent.told || (c->is_own && is == SENT_TOLD_FAILURE) ? SENT_TOLD_NOTHING : is;
}

static int
cursor_fail_fenced(struct act *act, void *ctx, struct diag *d)
{
    const struct cursor_failing *f = ctx;
    bool is_other = f->tells == SENT_TOLD_HISTORY;
    struct event e =
        cursor_event(f->c, is_other ? "export.history" : "export.fail", is_other ? 9 : 7);
    struct event_change changes[2];
    int lease = cursor_lease_s(f->c->target) + (int)f->wait_s; /* who waits is not dead */
    e.outcome = EVENT_FAILURE;
    e.reason = f->to.error;
    if (store_fail_cursor(act->store, &f->to, f->c->fence, f->wait_s, lease, d) != 0)
        return -1;
    if (is_other)
        cursor_put_contradiction(f->c, &e, changes, d->arena);
    return f->tells ? act_append(act, &e, 1, d) : 0;
}

/* It failed once more: after it had taken messages, or not even that. */
static void
cursor_count_failure(struct cursor *c, enum sent_told told)
{
    c->sent.n_failed++;
    c->sent.n_again += c->at.failing_since != CLOCK_NONE && c->at.attempts == 0;
    c->sent.failed_at = cursor_now();
    if (told)
        c->sent.told = told;
    cursor_save_sent(c, false);
}

int
cursor_fail(struct cursor *c, const struct diag *why, int64_t peer_wait_s, int64_t *ret_wait_s,
            struct diag *d)
{
    struct cursor_failing f = {.c = c, .to = c->at};
    f.to.attempts++;
    f.to.error = diag_text(why);
    f.wait_s = *ret_wait_s = cursor_back_off(f.to.attempts, peer_wait_s);
    if (c->fence) {
        f.tells = cursor_tells(c);
        if (act_transact(c->act, cursor_fail_fenced, &f, d) != 0)
            return -1;
        cursor_count_failure(c, f.tells);
    }
    if (f.to.failing_since == CLOCK_NONE)
        f.to.failing_since = cursor_now();
    f.to.error = STR(""); /* it is read from the database when somebody asks */
    c->at = f.to;
    return 0;
}

/* ---- telling and letting go ---- */

int
cursor_tell(struct cursor *c, struct diag *d)
{
    int64_t first = c->at.told_seq, n = c->at.seq - first;
    struct event_change changes[] = {cursor_detail("first", first, d->arena),
                                     cursor_detail("records", n, d->arena)};
    struct event e = cursor_event(c, "audit.export", 1);
    struct cursor_step step = {.event = c->has_news ? &e : NULL};
    struct cursor_way m = {.c = c, .to = c->at, .step = &step};
    if (!c->fence || n == 0)
        return 0;
    e.changes = changes;
    e.n_changes = 2;
    m.to.told_seq = c->at.seq;
    if (cursor_write(c, &m, d) != 0)
        return -1;
    c->has_news = false;
    return 0;
}

/* Whatever fails here: the lease runs out, and the next one tells what this one did not. */
void
cursor_release(struct cursor *c)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (!c->fence)
        return;
    cursor_tell(c, &d);
    diag_clear(&d);
    if (c->is_unsynced)
        cursor_save_sent(c, true);
    store_release_cursor(c->act->store, c->at.target, c->fence, &d);
    c->fence = 0;
}
