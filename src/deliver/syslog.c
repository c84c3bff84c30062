/* Syslog over TCP and TLS, with octet counting: "LENGTH MESSAGE", nothing behind it; and, for
 * receivers that know nothing else, with a newline behind each message.
 * A connection for each batch, over stream.c; beside datagram.c.
 * What:   the protocol has no answers. A batch counts as delivered when the receiver has ended the
 *         connection after we did, without an error: then it has read everything; and, a tenth of a
 *         second later, has taken part in another connection: then it lived on to write it. That one is
 *         dialled before the batch is ended, so that it falls with the process that reads the batch: one that
 *         was started anew in the meantime has nothing of it. The next
 *         batches go out on connections of their own while that is waited for, each when the one
 *         before was read to its end, so that order is kept. A receiver never talks, and ends no
 *         connection before we do: who does is none. What it does with a batch is its own affair; who
 *         wants that confirmed takes RELP.
 * Owner, Units, Errors: those of deliver/outlet.h.
 * See:    RFC 5425 §4.3, RFC 6587 §3.4.1 and §3.4.2; doc/decisions/0018-wire.md */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/env.h"
#include "base/fault.h"
#include "base/mem.h"
#include "deliver/outlet.h"

AUTO_DEFINE(struct stream *, stream_close)

#define WEAKNESS "syslog confirms nothing: what the receiver loses after it was read is lost"

enum {
    GRACE_MS = 100,
    WATCH_MS = 100, /* before the first confirmation, whether somebody talks or hangs up */
    PROBE_MS = 1000,
    MOST_READ = 64, /* batches that were read and wait for a sign of life */
    /* A connection carries a batch: while one end of it writes, the other reads. On a slow way it is
     * ended earlier, so that its end comes in time. */
    LINE_LEAST = OUTLET_SOME / 2,
    LINE_MOST = 2 * OUTLET_SOME,
    LINE_MS = 100
};

struct syslog_read { /* a batch that was read to its end */
    size_t n;        /* messages of the session up to its last */
    int64_t at_ms;   /* when we saw that */
};

struct target {
    struct arena *a;
    struct str peer;
    const struct stream_tls *tls; /* NULL = TCP alone */
    struct stream *line;          /* the next batch's: open says at once when nobody is there */
    size_t line_bytes;            /* written to it */
    int64_t line_ms;              /* since when */
    struct stream *next;          /* dialled before line was ended; NULL = not, or refused then */
    bool has_ended;               /* we ended it: it waits for the receiver to end it, too */
    int64_t ended_ms;             /* when */
    bool is_proven;               /* something of this session was confirmed */
    size_t n_posted, n_arrived;   /* messages of this session */
    struct syslog_read read[MOST_READ];
    size_t n_read;  /* of these, the oldest first */
    int64_t end_ms; /* of the call at hand, whatever connections it makes */
};

/* ---- what is known to have arrived ---- */

/* The receiver did at `since`, or later, what only a living process does. What it had read a tenth of
 * a second before it lived on to write. */
static void
syslog_note_life(struct target *t, int64_t since_ms)
{
    size_t n = 0;
    while (n < t->n_read && t->read[n].at_ms + GRACE_MS <= since_ms)
        t->n_arrived = t->read[n++].n;
    memmove(t->read, t->read + n, (t->n_read - n) * sizeof *t->read);
    t->n_read -= n;
    t->is_proven |= n > 0;
}

static void
syslog_note_read(struct target *t)
{
    if (t->n_read == MOST_READ) /* they come too fast: together they wait for the last */
        t->n_read--;
    t->read[t->n_read++] = (struct syslog_read){t->n_posted, env_mono_ms()};
    if (!fault_omits("grace"))
        return;
    t->n_read = 0;
    t->n_arrived = t->n_posted;
}

/* ---- connections ---- */

/* A handshake is done by the receiver's process, a connection of TCP by its kernel alone. */
static int
syslog_connect(struct target *t, struct diag *d)
{
    int64_t from_ms = env_mono_ms();
    assert(!t->line);
    t->line_bytes = 0;
    t->line_ms = from_ms;
    t->has_ended = false;
    if (!t->next && stream_dial(t->peer, t->end_ms, &t->next, d) != 0)
        return -1;
    t->line = t->next;
    t->next = NULL;
    stream_until(t->line, t->end_ms);
    if (t->tls && stream_start(t->line, t->tls, d) != 0) {
        stream_close(t->line);
        t->line = NULL;
        return -1;
    }
    if (t->tls)
        syslog_note_life(t, from_ms);
    return 0;
}

static int
syslog_open_over(struct str peer, const struct stream_tls *tls, void **ret, struct diag *d)
{
    struct arena *a = arena_new();
    struct target *t = ARENA_NEW(a, struct target);
    *t = (struct target){.a = a, .peer = arena_str(a, peer), .tls = tls};
    t->end_ms = env_mono_ms() + OUTLET_OPEN_S * 1000;
    if (syslog_connect(t, d) != 0) {
        arena_free(a);
        return -1;
    }
    *ret = t;
    return 0;
}

static int
syslog_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    (void)o;
    return syslog_open_over(peer, NULL, ret, d);
}

static int
syslogs_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    return syslog_open_over(peer, &o->tls, ret, d);
}

static void
syslog_begin(struct target *t)
{
    t->end_ms = env_mono_ms() + OUTLET_SEND_S * 1000;
    if (t->line)
        stream_until(t->line, t->end_ms);
}

/* What an orderly end by the receiver is: of one that has taken something, a restart perhaps. */
static enum diag_code
syslog_code_of_end(const struct target *t)
{
    return t->is_proven || t->n_read ? DIAG_UNAVAILABLE : DIAG_CONFIG;
}

/* Before the first confirmation: whether somebody talks, or hangs up at what he was sent. On a host that
 * is busy he may not have got to that in so short a time: so he is made to do something else first, on
 * another connection, which comes to his turn later. A receiver of one connection at a time does not
 * get to that at all, which is no failure. */
static int
syslog_watch_line(struct target *t, struct diag *d)
{
    AUTO(stream_close_auto) struct stream *probe = NULL;
    struct diag why = diag_init(d->arena);
    int64_t end_ms = env_mono_ms() + WATCH_MS + PROBE_MS;
    if (stream_watch(t->line, WATCH_MS, DIAG_CONFIG, d) != 0)
        return -1;
    if (stream_open(t->peer, t->tls, end_ms < t->end_ms ? end_ms : t->end_ms, &probe, &why) == 0 &&
        stream_end(probe, &why) == 0)
        stream_wait_end(probe, &why);
    if (why.first.code == DIAG_CONFIG)
        return diag_pass_on(d, &why);
    return stream_watch(t->line, 0, DIAG_CONFIG, d);
}

/* We end the connection; nothing more goes over it. Who refuses a second one beside it is asked later. */
static int
syslog_end_line(struct target *t, struct diag *d)
{
    struct diag refused = diag_init(d->arena);
    if (!t->is_proven && t->line_bytes && syslog_watch_line(t, d) != 0)
        return -1;
    if (!t->next && t->line_bytes)
        stream_dial(t->peer, t->end_ms, &t->next, &refused);
    if (stream_watch(t->line, 0, syslog_code_of_end(t), d) != 0) /* before ours it is no answer to it */
        return -1;
    t->has_ended = true;
    t->ended_ms = env_mono_ms();
    return stream_end(t->line, d);
}

/* Until the receiver has read what was written and has ended that connection, too. */
static int
syslog_leave_line(struct target *t, struct diag *d)
{
    AUTO(stream_close_auto) struct stream *s = NULL;
    if (!t->has_ended && syslog_end_line(t, d) != 0)
        return -1;
    s = t->line;
    t->line = NULL;
    if (stream_wait_end(s, d) != 0)
        return -1;
    syslog_note_life(t, t->ended_ms);
    if (t->line_bytes)
        syslog_note_read(t);
    return 0;
}

/* A connection that can be written to. One that was idle may have been given up by the receiver,
 * which is no failure once it has taken something; but while a batch waits for a sign of life it may have
 * fallen with the process that had read that. */
static int
syslog_take_line(struct target *t, struct diag *d)
{
    struct diag idle = diag_init(d->arena);
    if (t->line && t->has_ended && syslog_leave_line(t, d) != 0)
        return -1;
    if (t->line && stream_watch(t->line, 0, syslog_code_of_end(t), &idle) != 0) {
        if (t->line_bytes || t->n_read || idle.first.code == DIAG_CONFIG)
            return diag_pass_on(d, &idle);
        stream_close(t->line);
        t->line = NULL;
    }
    return t->line ? 0 : syslog_connect(t, d);
}

/* ---- batches ---- */

/* Who is no receiver may have said so, and hung up, before it had all of it. */
static int
syslog_write(struct target *t, struct str bytes, struct diag *d)
{
    struct diag why = diag_init(d->arena), said = diag_init(d->arena);
    if (stream_write(t->line, bytes, &why) == 0)
        return 0;
    stream_watch(t->line, 0, DIAG_UNAVAILABLE, &said);
    return diag_pass_on(d, said.first.code == DIAG_CONFIG ? &said : &why);
}

static int
syslog_post_bytes(struct target *t, const struct buf *out, size_t n, struct diag *d)
{
    if (buf_bad(out))
        return diag_fail(d, DIAG_TOO_BIG, "the messages are too much for one batch");
    syslog_begin(t);
    if (syslog_take_line(t, d) != 0 || syslog_write(t, buf_view(out), d) != 0)
        return -1;
    t->line_bytes += out->len;
    t->n_posted += n;
    fault_point("after_send");
    bool is_full = t->line_bytes >= LINE_MOST ||
                   (t->line_bytes >= LINE_LEAST && env_mono_ms() - t->line_ms >= LINE_MS);
    return is_full ? syslog_end_line(t, d) : 0;
}

/* The last batch has been read; a tenth of a second later the receiver has to do something that only
 * a living process does. */
static int
syslog_confirm(void *self, struct diag *d)
{
    struct target *t = self;
    syslog_begin(t);
    if (t->line && t->line_bytes && syslog_leave_line(t, d) != 0)
        return -1;
    if (!t->n_read)
        return 0;
    int64_t until_ms = t->read[t->n_read - 1].at_ms + GRACE_MS;
    for (int64_t now; (now = env_mono_ms()) < until_ms;) /* a signal ends a sleep */
        usleep((useconds_t)(until_ms - now) * 1000);
    if (!t->line && syslog_connect(t, d) != 0)
        return -1;
    if (t->n_read && syslog_leave_line(t, d) != 0)
        return -1;
    assert(t->n_read == 0 && t->n_arrived == t->n_posted);
    return 0;
}

static size_t
syslog_waiting(const void *self)
{
    const struct target *t = self;
    return t->n_posted - t->n_arrived;
}

/* RFC 6587 §3.4.1: octet counting. */
static void
syslog_put_frames(const struct outlet_message *m, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        buf_fmt(out, "%zu ", m[i].text.len);
        buf_str(out, m[i].text);
    }
}

/* The connection stays open until it has carried enough, and what a receiver never says shows behind
 * its end. */
static int
syslog_post(void *self, const struct outlet_message *m, size_t n, struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    syslog_put_frames(m, n, &out);
    return syslog_post_bytes(self, &out, n, d);
}

static int
syslog_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    n = outlet_some(m, n);
    *ret_n = 0;
    if (syslog_post(self, m, n, d) != 0 || syslog_confirm(self, d) != 0)
        return -1;
    *ret_n = n;
    return 0;
}

/* Encoders write no newline: a message ends where it seems to. */
static int
newline_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    n = outlet_some(m, n);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        assert(!memchr(m[i].text.s, '\n', m[i].text.len));
        buf_str(&out, m[i].text);
        buf_putc(&out, '\n');
    }
    if (syslog_post_bytes(self, &out, n, d) != 0 || syslog_confirm(self, d) != 0)
        return -1;
    *ret_n = n;
    return 0;
}

static void
syslog_close(void *self)
{
    struct target *t = self;
    if (!t)
        return;
    stream_close(t->line);
    stream_close(t->next);
    arena_free(t->a);
}

const struct outlet syslog_outlet = {
    .scheme = "syslog",
    .weakness = WEAKNESS,
    .is_syslog = true,
    .is_mute = true,
    .open = syslog_open,
    .send = syslog_send,
    .post = syslog_post,
    .confirm = syslog_confirm,
    .waiting = syslog_waiting,
    .close = syslog_close,
};

const struct outlet syslogs_outlet = {
    .scheme = "syslogs",
    .weakness = WEAKNESS,
    .is_syslog = true,
    .is_mute = true,
    .is_tls = true,
    .open = syslogs_open,
    .send = syslog_send,
    .post = syslog_post,
    .confirm = syslog_confirm,
    .waiting = syslog_waiting,
    .close = syslog_close,
};

const struct outlet newline_outlet = {
    .scheme = "newline",
    .weakness = WEAKNESS,
    .is_syslog = true,
    .is_mute = true,
    .is_legacy = true,
    .open = syslog_open,
    .send = newline_send,
    .close = syslog_close,
};
