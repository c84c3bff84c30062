/* RELP, the Reliable Event Logging Protocol: syslog messages, each confirmed by the receiver.
 * A client over stream.c; relp_frame.c reads the answers.
 * What:   frames "TXNR COMMAND LENGTH[ DATA]\n"; the receiver answers every one, in order. At most
 *         RELP_WINDOW messages wait for their answer.
 * Owner, Units, Errors: those of deliver/outlet.h.
 * See:    the protocol's description, relp.md of librelp */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/fault.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "deliver/outlet.h"
#include "deliver/relp_frame.h"
#include "deliver/spoken.h"

enum { RELP_WINDOW = 128 };
enum { MAX_TXNR = 999999999, MAX_SHOWN = 200, GOODBYE_MS = 5000 };

struct relp {
    struct stream *s;
    int txnr; /* of the next frame */
    struct buf in;
    struct str said; /* data of the last answer, in `in` until the next is read */
    size_t n_done;   /* bytes of `in` that were answers already */
    bool is_open;    /* the receiver has agreed to the session: it does speak RELP */
    bool is_broken;  /* nobody is there to say good-bye to */
};

/* ---- frames ---- */

/* Numbers begin again at 1: 0 is the receiver's. */
static void
relp_put_frame(struct relp *r, struct buf *out, const char *command, struct str data)
{
    assert(r->txnr > 0 && r->txnr <= MAX_TXNR);
    buf_fmt(out, "%d %s %zu", r->txnr, command, data.len);
    r->txnr = r->txnr == MAX_TXNR ? 1 : r->txnr + 1;
    if (data.len) {
        buf_putc(out, ' ');
        buf_str(out, data);
    }
    buf_putc(out, '\n');
}

/* ---- answers ---- */

static int
relp_refuse(const char *what, struct str said, struct diag *d)
{
    return diag_fail(d, DIAG_CANNOT_WRITE, "the receiver %s: %.*s", what,
                     STR_ARG(utf8_one_line(d->arena, utf8_cut(said, MAX_SHOWN))));
}

/* What is no answer is no refusal of a message: the connection has failed. Before the session is open
 * it is the wrong port. */
static int
relp_stray(const struct relp *r, const char *what, struct str said, struct diag *d)
{
    return diag_fail(d, r->is_open ? DIAG_UNAVAILABLE : DIAG_CONFIG,
                     "the receiver %s, and said %.*s", what, STR_ARG(spoken_quote(said, d->arena)));
}

static int
relp_read_more(struct relp *r, struct diag *d)
{
    char chunk[4096];
    size_t n;
    if (r->n_done) {
        memmove(r->in.data, r->in.data + r->n_done, r->in.len - r->n_done);
        buf_cut(&r->in, r->in.len - r->n_done);
        r->n_done = 0;
    }
    if (stream_read(r->s, chunk, sizeof chunk, &n, d) != 0)
        return -1;
    buf_add(&r->in, chunk, n);
    return buf_bad(&r->in) ? relp_stray(r, "does not speak RELP", str_n(chunk, n), d) : 0;
}

/* The answer to the frame of that number: they come in order. */
static int
relp_read_answer(struct relp *r, int txnr, struct diag *d)
{
    struct relp_frame f;
    for (;;) {
        struct str waiting = str_n(r->in.data + r->n_done, r->in.len - r->n_done);
        enum relp_read read = waiting.len ? relp_read_frame(waiting, &f) : RELP_READ_PART;
        if (read == RELP_READ_GARBAGE)
            return relp_stray(r, "does not speak RELP", waiting, d);
        if (read == RELP_READ_FRAME)
            break;
        if (relp_read_more(r, d) != 0)
            return -1;
    }
    r->n_done += f.len;
    assert(r->n_done <= r->in.len);
    r->said = f.data;
    if (str_eqc(f.command, "serverclose"))
        return diag_fail(d, DIAG_UNAVAILABLE, "the receiver closes the connection");
    if (!str_eqc(f.command, "rsp") || f.txnr != txnr)
        return relp_stray(r, "answered out of turn", f.data, d);
    return 0;
}

static int
relp_expect_ok(struct relp *r, int txnr, const char *what, struct diag *d)
{
    if (relp_read_answer(r, txnr, d) != 0)
        return -1;
    bool ok =
        str_starts(r->said, "200") && (r->said.len == 3 || !isdigit((unsigned char)r->said.s[3]));
    return ok ? 0 : relp_refuse(what, r->said, d);
}

/* ---- sessions ---- */

static void
relp_close(void *self)
{
    struct relp *r = self;
    if (!r)
        return;
    stream_close(r->s);
    buf_done(&r->in);
    free(r);
}

static int
relp_open_over(struct str peer, const struct stream_tls *tls, void **ret, struct diag *d)
{
    struct relp *r = mem_alloc(sizeof *r);
    r->txnr = 1;
    r->in = buf_init((size_t)2 * RELP_MAX_ANSWER);
    int64_t end_ms = env_mono_ms() + OUTLET_OPEN_S * 1000;
    int rc = stream_open(peer, tls, end_ms, &r->s, d);
    if (rc == 0) {
        AUTO_BUF out = buf_init(1024);
        int txnr = r->txnr;
        relp_put_frame(r, &out, "open",
                       STR("relp_version=0\nrelp_software=assay\ncommands=syslog"));
        rc = stream_write(r->s, buf_view(&out), d);
        if (rc == 0)
            rc = relp_expect_ok(r, txnr, "refuses the session", d);
        if (rc != 0 && r->in.len == 0 && (!tls || env_mono_ms() >= end_ms))
            diag_context(d, "nothing opens a session of RELP there (is it a port of syslog, or one "
                            "with TLS?)");
    }
    if (rc != 0) {
        if (diag_failed(d) && !d->first.place.len)
            diag_at(d, "%.*s", STR_ARG(peer));
        relp_close(r);
        return -1;
    }
    r->is_open = true;
    *ret = r;
    return 0;
}

static int
relp_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    (void)o;
    return relp_open_over(peer, NULL, ret, d);
}

static int
relps_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    return relp_open_over(peer, &o->tls, ret, d);
}

/* As many as the window takes, then their answers. */
static int
relp_send_window(struct relp *r, const struct outlet_message *m, size_t n, size_t *ret_n,
                 struct diag *d)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    int txnrs[RELP_WINDOW];
    assert(n <= RELP_WINDOW);
    for (size_t i = 0; i < n; i++) {
        txnrs[i] = r->txnr;
        relp_put_frame(r, &out, "syslog", m[i].text);
    }
    assert(!buf_bad(&out));
    if (stream_write(r->s, buf_view(&out), d) != 0)
        return -1;
    fault_point("after_send");
    for (size_t i = 0; i < n; i++, ++*ret_n)
        if (relp_expect_ok(r, txnrs[i], "refuses a message", d) != 0)
            return -1;
    return 0;
}

static int
relp_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    struct relp *r = self;
    *ret_n = 0;
    n = outlet_some(m, n);
    stream_until(r->s, env_mono_ms() + OUTLET_SEND_S * 1000);
    for (size_t i = 0; i < n; i += RELP_WINDOW) {
        size_t some = n - i < RELP_WINDOW ? n - i : RELP_WINDOW;
        if (relp_send_window(r, m + i, some, ret_n, d) != 0) {
            r->is_broken = true;
            return -1;
        }
    }
    return 0;
}

/* Every message was answered before: a receiver that does not say good-bye loses nothing. */
static void
relp_say_close(void *self)
{
    struct relp *r = self;
    struct arena *a = arena_new();
    struct diag ignored = diag_init(a);
    AUTO_BUF out = buf_init(64);
    int txnr = r->txnr;
    relp_put_frame(r, &out, "close", STR(""));
    stream_until(r->s, env_mono_ms() + GOODBYE_MS);
    if (!r->is_broken && stream_write(r->s, buf_view(&out), &ignored) == 0)
        relp_read_answer(r, txnr, &ignored);
    arena_free(a);
    relp_close(r);
}

const struct outlet relp_outlet = {
    .scheme = "relp",
    .is_syslog = true,
    .open = relp_open,
    .send = relp_send,
    .close = relp_say_close,
};

const struct outlet relps_outlet = {
    .scheme = "relps",
    .is_syslog = true,
    .is_tls = true,
    .open = relps_open,
    .send = relp_send,
    .close = relp_say_close,
};
