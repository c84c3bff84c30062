/* Syslog over TCP and TLS, with octet counting: "LENGTH MESSAGE", nothing behind it; and, for
 * receivers that know nothing else, with a newline behind each message.
 * A connection for each batch, over stream.c; beside datagram.c.
 * What:   the protocol has no answers. A batch counts as delivered when the receiver has ended the
 *         connection after we did, without an error: then it has read everything; and, a tenth of a
 *         second later, has taken part in another connection: then it lived on to write it. What it
 *         does with it is its own affair; who wants that confirmed takes RELP.
 * Owner, Units, Errors: those of deliver/outlet.h.
 * See:    RFC 5425 §4.3, RFC 6587 §3.4.1 and §3.4.2 */
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

enum { GRACE_MS = 100 };

struct target {
    struct arena *a;
    struct str peer;
    const struct stream_tls *tls; /* NULL = TCP alone */
    struct stream *first;         /* the next batch's: open says at once when nobody is there */
    bool has_posted;              /* over it, and nobody knows yet what of it arrived */
    int64_t end_ms;               /* of the call at hand, whatever connections it makes */
};

static int
syslog_open_over(struct str peer, const struct stream_tls *tls, void **ret, struct diag *d)
{
    struct stream *s;
    if (stream_open(peer, tls, env_mono_ms() + OUTLET_OPEN_S * 1000, &s, d) != 0)
        return -1;
    struct arena *a = arena_new();
    struct target *t = ARENA_NEW(a, struct target);
    *t = (struct target){.a = a, .peer = arena_str(a, peer), .tls = tls, .first = s};
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
    if (t->first)
        stream_until(t->first, t->end_ms);
}

/* A connection that was idle may have been given up by the receiver, which is no failure. */
static int
syslog_connect_first(struct target *t, struct diag *d)
{
    struct diag idle = diag_init(d->arena);
    if (t->first && !t->has_posted && stream_check(t->first, &idle) != 0) {
        stream_close(t->first);
        t->first = NULL;
    }
    return t->first ? 0 : stream_open(t->peer, t->tls, t->end_ms, &t->first, d);
}

static struct stream *
syslog_take_first(struct target *t)
{
    struct stream *s = t->first;
    t->first = NULL;
    t->has_posted = false;
    return s;
}

/* What has been read to the end may not be written yet. Some time later the receiver has to do
 * something that only a living process does: a handshake of TLS, which begins the next connection,
 * or, where the kernel alone would answer, to end another connection after us. */
static int
syslog_finish(struct target *t, struct stream *s, struct diag *d)
{
    AUTO(stream_close_auto) struct stream *next = NULL;
    if (stream_finish(s, d) != 0)
        return -1;
    usleep(GRACE_MS * 1000);
    if (stream_open(t->peer, t->tls, t->end_ms, &next, d) != 0)
        return -1;
    if (!t->tls)
        return stream_finish(next, d);
    t->first = next;
    next = NULL;
    return 0;
}

/* Writes a batch and waits until the receiver has read it to the end, and lived on. */
static int
syslog_deliver(struct target *t, const struct buf *out, struct diag *d)
{
    AUTO(stream_close_auto) struct stream *s = NULL;
    if (buf_bad(out))
        return diag_fail(d, DIAG_TOO_BIG, "the messages are too much for one batch");
    syslog_begin(t);
    if (syslog_connect_first(t, d) != 0)
        return -1;
    s = syslog_take_first(t);
    if (stream_write(s, buf_view(out), d) != 0)
        return -1;
    fault_point("after_send");
    return syslog_finish(t, s, d);
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

static int
syslog_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    n = outlet_some(m, n);
    syslog_put_frames(m, n, &out);
    int rc = syslog_deliver(self, &out, d);
    *ret_n = rc == 0 ? n : 0;
    return rc;
}

/* The connection stays open, and what a receiver never says shows at its end: see confirm. */
static int
syslog_post(void *self, const struct outlet_message *m, size_t n, struct diag *d)
{
    struct target *t = self;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    syslog_put_frames(m, n, &out);
    assert(!buf_bad(&out));
    syslog_begin(t);
    if (syslog_connect_first(t, d) != 0)
        return -1;
    t->has_posted = true;
    if (stream_check(t->first, d) != 0 || stream_write(t->first, buf_view(&out), d) != 0)
        return -1;
    fault_point("after_send");
    return 0;
}

static int
syslog_confirm(void *self, struct diag *d)
{
    struct target *t = self;
    syslog_begin(t);
    AUTO(stream_close_auto) struct stream *s = syslog_take_first(t);
    return s ? syslog_finish(t, s, d) : 0;
}

/* Encoders write no newline: a message ends where it seems to. */
static int
newline_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    n = outlet_some(m, n);
    for (size_t i = 0; i < n; i++) {
        assert(!memchr(m[i].text.s, '\n', m[i].text.len));
        buf_str(&out, m[i].text);
        buf_putc(&out, '\n');
    }
    int rc = syslog_deliver(self, &out, d);
    *ret_n = rc == 0 ? n : 0;
    return rc;
}

static void
syslog_close(void *self)
{
    struct target *t = self;
    if (!t)
        return;
    stream_close(t->first);
    arena_free(t->a);
}

const struct outlet syslog_outlet = {
    .scheme = "syslog",
    .weakness = WEAKNESS,
    .is_syslog = true,
    .open = syslog_open,
    .send = syslog_send,
    .post = syslog_post,
    .confirm = syslog_confirm,
    .close = syslog_close,
};

const struct outlet syslogs_outlet = {
    .scheme = "syslogs",
    .weakness = WEAKNESS,
    .is_syslog = true,
    .is_tls = true,
    .open = syslogs_open,
    .send = syslog_send,
    .post = syslog_post,
    .confirm = syslog_confirm,
    .close = syslog_close,
};

const struct outlet newline_outlet = {
    .scheme = "newline",
    .weakness = WEAKNESS,
    .is_syslog = true,
    .is_legacy = true,
    .open = syslog_open,
    .send = newline_send,
    .close = syslog_close,
};
