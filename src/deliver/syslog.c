/* Syslog messages over deliver/stream.c, a connection for each batch; beside datagram.c. */
#include "deliver/syslog.h"

#include <assert.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/mem.h"

AUTO_DEFINE(struct stream *, stream_close)

#define WEAKNESS "syslog confirms nothing: what the receiver loses after it was read is lost"

struct target {
    struct arena *a;
    struct str peer;
    const struct stream_tls *tls; /* NULL = TCP alone */
    struct stream *first;         /* of the first batch: open says at once when nobody is there */
};

static int
open_over(struct str peer, const struct stream_tls *tls, void **ret, struct diag *d)
{
    struct stream *s;
    if (stream_open(peer, tls, &s, d) != 0)
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
    return open_over(peer, NULL, ret, d);
}

static int
syslogs_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    return open_over(peer, &o->tls, ret, d);
}

static int
connect_again(struct target *t, struct stream **ret, struct diag *d)
{
    *ret = t->first;
    t->first = NULL;
    return *ret ? 0 : stream_open(t->peer, t->tls, ret, d);
}

/* Writes a batch and waits until the receiver has read it to the end. */
static int
deliver(struct target *t, const struct buf *out, struct diag *d)
{
    AUTO(stream_close_auto) struct stream *s = NULL;
    if (buf_bad(out))
        return diag_fail(d, DIAG_TOO_BIG, "the messages are too much for one batch");
    if (connect_again(t, &s, d) != 0 || stream_write(s, buf_view(out), d) != 0)
        return -1;
    fault_point("after_send");
    return stream_finish(s, d);
}

/* RFC 6587 §3.4.1: octet counting. */
static void
put_frames(const struct outlet_message *m, size_t n, struct buf *out)
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
    put_frames(m, n, &out);
    int rc = deliver(self, &out, d);
    *ret_n = rc == 0 ? n : 0;
    return rc;
}

/* The connection stays open, and what a receiver never says shows at its end: see confirm. */
static int
syslog_post(void *self, const struct outlet_message *m, size_t n, struct diag *d)
{
    struct target *t = self;
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    put_frames(m, n, &out);
    assert(!buf_bad(&out));
    if (!t->first && stream_open(t->peer, t->tls, &t->first, d) != 0)
        return -1;
    if (stream_check(t->first, d) != 0 || stream_write(t->first, buf_view(&out), d) != 0)
        return -1;
    fault_point("after_send");
    return 0;
}

static int
syslog_confirm(void *self, struct diag *d)
{
    struct target *t = self;
    AUTO(stream_close_auto) struct stream *s = t->first;
    t->first = NULL;
    return s ? stream_finish(s, d) : 0;
}

/* Encoders write no newline: a message ends where it seems to. */
static int
newline_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < n; i++) {
        assert(!memchr(m[i].text.s, '\n', m[i].text.len));
        buf_str(&out, m[i].text);
        buf_putc(&out, '\n');
    }
    int rc = deliver(self, &out, d);
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
