/* Connections of the outlets. relp.c speaks over it. */
#include "deliver/stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/env.h"
#include "base/mem.h"
#include "deliver/spoken.h"
#include "deliver/tls_reason.h"

enum { CONNECT_S = 10, WAIT_S = 30 };

struct stream {
    struct str peer;
    char *peer_text;
    int fd;
    SSL_CTX *ctx; /* NULL = no TLS */
    SSL *ssl;
    int64_t end_ms;
    bool is_shaken;          /* the handshake of TLS is behind us */
    size_t n_read;           /* bytes that the caller got */
    char said[SPOKEN_SHOWN]; /* what came first where TLS is to begin */
    size_t n_said;
};

/* ---- failures ---- */

static int
stream_lose(const struct stream *s, struct diag *d, const char *what)
{
    diag_fail(d, DIAG_UNAVAILABLE, "%s", what);
    return diag_at(d, "%.*s", STR_ARG(s->peer));
}

/* What OpenSSL says, or the system, about the last call: who ended TLS, and why. */
static int
stream_tls_fail(const struct stream *s, const char *what, struct diag *d)
{
    char first[SPOKEN_SHOWN];
    const struct tls_failure f = {.ssl = s->ssl,
                                  .code = ERR_get_error(),
                                  .error = errno,
                                  .is_shaken = s->is_shaken,
                                  .is_silent = s->n_read == 0};
    struct str said = STR("");
    /* OpenSSL reads no more than it needs to know that it is none. */
    if (!s->is_shaken && s->n_said) {
        memcpy(first, s->said, s->n_said);
        ssize_t more = recv(s->fd, first + s->n_said, sizeof first - s->n_said, MSG_DONTWAIT);
        said = str_n(first, s->n_said + (more > 0 ? (size_t)more : 0));
    }
    if (said.len >= 3 && !spoken_is_tls(said))
        diag_fail(d, DIAG_CONFIG, "%s: it does not speak TLS, and said %.*s", what,
                  STR_ARG(spoken_quote(said, d->arena)));
    else
        diag_fail(d, DIAG_UNAVAILABLE, "%s: %.*s", what, STR_ARG(tls_reason(&f, d->arena)));
    ERR_clear_error();
    return diag_at(d, "%.*s", STR_ARG(s->peer));
}

/* A peer that never talks has said something. */
static int
stream_fail_talk(const struct stream *s, struct str said, struct diag *d)
{
    diag_fail(d, DIAG_CONFIG, "a receiver of syslog never says anything, and this one said %.*s",
              STR_ARG(spoken_quote(said, d->arena)));
    return diag_at(d, "%.*s", STR_ARG(s->peer));
}

static int
stream_bad_file(const struct str *path, const char *what, struct diag *d)
{
    unsigned long code = ERR_get_error();
    const char *why = code ? ERR_reason_error_string(code) : NULL;
    diag_fail(d, DIAG_CONFIG, "%s cannot be used: %s", what, why ? why : "unknown");
    ERR_clear_error();
    return diag_at(d, "%.*s", STR_ARG(*path));
}

/* ---- waiting ---- */

static bool
stream_is_late(const struct stream *s)
{
    return env_mono_ms() >= s->end_ms;
}

static int
stream_fail_late(const struct stream *s, struct diag *d)
{
    return stream_lose(s, d, "it does not come to an end in time");
}

/* Whether it is ready in time. */
static bool
stream_wait_for(const struct stream *s, short events, int seconds)
{
    struct pollfd p = {.fd = s->fd, .events = events};
    int64_t now = env_mono_ms(), end = now + (int64_t)seconds * 1000;
    int rc = -1;
    for (end = end < s->end_ms ? end : s->end_ms; rc < 0 && now < end; now = env_mono_ms()) {
        rc = poll(&p, 1, (int)(end - now));
        if (rc < 0 && errno != EINTR)
            return false;
    }
    return rc > 0;
}

/* After a call of OpenSSL that did not finish; 0 = it is to be made again. */
static int
stream_wait_for_tls(const struct stream *s, int rc, const char *what, struct diag *d)
{
    int why = SSL_get_error(s->ssl, rc);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        return stream_tls_fail(s, what, d);
    if (stream_wait_for(s, why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, WAIT_S))
        return 0;
    if (!s->is_shaken && !s->n_said)
        return stream_lose(s, d,
                           "it takes the connection and does not answer the handshake of TLS: a "
                           "port without TLS?");
    return stream_is_late(s) ? stream_fail_late(s, d) : stream_lose(s, d, "no answer in time");
}

/* ---- connecting ---- */

int
stream_part_peer(struct str peer, const char **ret_host, const char **ret_port, struct diag *d)
{
    struct str host = peer, port = STR("");
    size_t at = peer.len;
    while (at > 0 && peer.s[at - 1] != ':')
        at--;
    if (at > 0) {
        host = str_n(peer.s, at - 1);
        port = str_n(peer.s + at, peer.len - at);
    }
    if (host.len > 1 && host.s[0] == '[' && host.s[host.len - 1] == ']')
        host = str_n(host.s + 1, host.len - 2);
    if (!host.len || !port.len) {
        diag_fail(d, DIAG_CONFIG, "want HOST:PORT");
        return diag_at(d, "%.*s", STR_ARG(peer));
    }
    *ret_host = arena_str(d->arena, host).s;
    *ret_port = arena_str(d->arena, port).s;
    return 0;
}

static bool
stream_connect_one(struct stream *s, const struct addrinfo *to)
{
    int error = 0, on = 1;
    socklen_t n = sizeof error;
    s->fd = socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->ai_protocol);
    if (s->fd < 0)
        return false;
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(s->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    bool ok = connect(s->fd, to->ai_addr, to->ai_addrlen) == 0;
    if (!ok && errno == EINPROGRESS && stream_wait_for(s, POLLOUT, CONNECT_S) &&
        getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0) {
        errno = error;
        ok = error == 0;
    }
    if (!ok) {
        close(s->fd);
        s->fd = -1;
    }
    return ok;
}

static int
stream_connect_tcp(struct stream *s, const char *host, const char *port, struct diag *d)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *list = NULL;
    int rc = getaddrinfo(host, port, &hints, &list);
    if (rc != 0)
        return stream_lose(s, d, gai_strerror(rc));
    errno = ETIMEDOUT;
    for (const struct addrinfo *i = list; i && s->fd < 0; i = i->ai_next)
        if (stream_connect_one(s, i))
            break;
    int why = errno;
    freeaddrinfo(list);
    return s->fd >= 0 ? 0 : stream_lose(s, d, strerror(why));
}

/* ---- TLS ---- */

static int
stream_load_files(struct stream *s, const struct stream_tls *tls, struct diag *d)
{
    const char *ca = tls->ca.len ? arena_str(d->arena, tls->ca).s : NULL;
    const char *cert = arena_str(d->arena, tls->cert).s, *key = arena_str(d->arena, tls->key).s;
    int rc = ca ? SSL_CTX_load_verify_locations(s->ctx, ca, NULL)
                : SSL_CTX_set_default_verify_paths(s->ctx);
    if (rc != 1)
        return stream_bad_file(&tls->ca, "the file of authorities", d);
    if (!tls->cert.len)
        return 0;
    if (SSL_CTX_use_certificate_chain_file(s->ctx, cert) != 1)
        return stream_bad_file(&tls->cert, "the client certificate", d);
    if (SSL_CTX_use_PrivateKey_file(s->ctx, tls->key.len ? key : cert, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(s->ctx) != 1)
        return stream_bad_file(tls->key.len ? &tls->key : &tls->cert, "the key of the client", d);
    return 0;
}

/* The name that the certificate must have: an address is none. */
static int
stream_expect_host(struct stream *s, const char *host, struct diag *d)
{
    X509_VERIFY_PARAM *p = SSL_get0_param(s->ssl);
    bool is_address = X509_VERIFY_PARAM_set1_ip_asc(p, host) == 1;
    X509_VERIFY_PARAM_set_hostflags(p, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (!is_address &&
        (SSL_set_tlsext_host_name(s->ssl, host) != 1 || SSL_set1_host(s->ssl, host) != 1))
        return stream_tls_fail(s, "the name of the peer", d);
    ERR_clear_error();
    return 0;
}

/* Called by OpenSSL around each read: keeps what came first. */
static long
stream_note_said(BIO *b, int when, const char *bytes, size_t len, int argi, long argl, int ret,
                 size_t *processed)
{
    struct stream *s = (struct stream *)BIO_get_callback_arg(b);
    size_t room = sizeof s->said - s->n_said, n = ret > 0 && processed ? *processed : 0;
    (void)len, (void)argi, (void)argl;
    if (when == (BIO_CB_READ | BIO_CB_RETURN) && n > 0 && room > 0) {
        n = n < room ? n : room;
        memcpy(s->said + s->n_said, bytes, n);
        s->n_said += n;
    }
    return ret;
}

static int
stream_start_tls(struct stream *s, const char *host, const struct stream_tls *tls, struct diag *d)
{
    int rc;
    s->ctx = SSL_CTX_new(TLS_client_method());
    if (!s->ctx || SSL_CTX_set_min_proto_version(s->ctx, TLS1_2_VERSION) != 1)
        return stream_tls_fail(s, "TLS", d);
    SSL_CTX_set_verify(s->ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(s->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (stream_load_files(s, tls, d) != 0)
        return -1;
    s->ssl = SSL_new(s->ctx);
    if (!s->ssl || SSL_set_fd(s->ssl, s->fd) != 1)
        return stream_tls_fail(s, "TLS", d);
    if (stream_expect_host(s, host, d) != 0)
        return -1;
    BIO_set_callback_ex(SSL_get_rbio(s->ssl), stream_note_said);
    BIO_set_callback_arg(SSL_get_rbio(s->ssl), (char *)s);
    errno = 0;
    while ((rc = SSL_connect(s->ssl)) != 1)
        if (stream_wait_for_tls(s, rc, "TLS handshake", d) != 0)
            return -1;
    s->is_shaken = true;
    return 0;
}

/* ---- the door ---- */

int
stream_dial(struct str peer, int64_t end_ms, struct stream **ret, struct diag *d)
{
    const char *host = NULL, *port = NULL;
    if (stream_part_peer(peer, &host, &port, d) != 0)
        return -1;
    struct stream *s = mem_alloc(sizeof *s);
    s->fd = -1;
    s->end_ms = end_ms;
    s->peer_text = mem_alloc(peer.len + 1);
    memcpy(s->peer_text, peer.s, peer.len);
    s->peer = str_n(s->peer_text, peer.len);
    if (stream_connect_tcp(s, host, port, d) != 0) {
        stream_close(s);
        return -1;
    }
    *ret = s;
    return 0;
}

int
stream_start(struct stream *s, const struct stream_tls *tls, struct diag *d)
{
    const char *host = NULL, *port = NULL;
    assert(!s->ctx);
    return stream_part_peer(s->peer, &host, &port, d) != 0 ? -1 : stream_start_tls(s, host, tls, d);
}

int
stream_open(struct str peer, const struct stream_tls *tls, int64_t end_ms, struct stream **ret,
            struct diag *d)
{
    struct stream *s;
    if (stream_dial(peer, end_ms, &s, d) != 0)
        return -1;
    if (tls && stream_start(s, tls, d) != 0) {
        stream_close(s);
        return -1;
    }
    *ret = s;
    return 0;
}

void
stream_until(struct stream *s, int64_t end_ms)
{
    s->end_ms = end_ms;
}

void
stream_close(struct stream *s)
{
    if (!s)
        return;
    if (s->ssl && SSL_is_init_finished(s->ssl))
        SSL_shutdown(s->ssl); /* close_notify; nobody waits for the answer */
    SSL_free(s->ssl);
    SSL_CTX_free(s->ctx);
    ERR_clear_error();
    if (s->fd >= 0)
        close(s->fd);
    free(s->peer_text);
    free(s);
}

/* ---- looking ---- */

enum line { /* what came from such a peer */
            LINE_QUIET,
            LINE_TALKS, /* the first bytes of it are in said */
            LINE_ENDED, /* in order */
            LINE_BROKEN /* the diag says how */
};

static enum line
stream_look_tcp(struct stream *s, struct str *ret_said, struct diag *d)
{
    ssize_t n;
    do
        n = recv(s->fd, s->said, sizeof s->said, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        *ret_said = str_n(s->said, (size_t)n);
    if (n >= 0)
        return n > 0 ? LINE_TALKS : LINE_ENDED;
    if (errno == EAGAIN)
        return LINE_QUIET;
    stream_lose(s, d, strerror(errno));
    diag_context(d, "it died, or is no receiver of syslog");
    return LINE_BROKEN;
}

/* Behind our own end, one of TCP without close_notify will do. Tickets of TLS 1.3 are read, and are no
 * data. */
static enum line
stream_look_tls(struct stream *s, bool has_ended, struct str *ret_said, struct diag *d)
{
    size_t n;
    errno = 0;
    int rc = SSL_read_ex(s->ssl, s->said, sizeof s->said, &n);
    if (rc == 1) {
        *ret_said = str_n(s->said, n);
        return LINE_TALKS;
    }
    int why = SSL_get_error(s->ssl, rc);
    unsigned long code = ERR_peek_error();
    bool is_cut =
        (why == SSL_ERROR_SYSCALL && errno == 0 && code == 0) ||
        (why == SSL_ERROR_SSL && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return LINE_QUIET;
    if (why == SSL_ERROR_ZERO_RETURN || (is_cut && has_ended)) {
        ERR_clear_error();
        return LINE_ENDED;
    }
    stream_tls_fail(s, "the receiver ended the connection", d);
    return LINE_BROKEN;
}

/* ---- writing and reading ---- */

static int
stream_write_some(struct stream *s, struct str bytes, size_t *ret, struct diag *d)
{
    *ret = 0;
    if (s->ssl) {
        errno = 0;
        int rc = SSL_write_ex(s->ssl, bytes.s, bytes.len, ret);
        if (rc != 1 && (errno == EPIPE || errno == ECONNRESET)) {
            struct str said; /* perhaps it said why before it went */
            if (stream_look_tls(s, false, &said, d) == LINE_BROKEN)
                return -1;
            return stream_lose(s, d, "the peer hung up");
        }
        return rc == 1 ? 0 : stream_wait_for_tls(s, rc, "cannot send", d);
    }
    ssize_t n = send(s->fd, bytes.s, bytes.len, MSG_NOSIGNAL);
    if (n >= 0)
        *ret = (size_t)n;
    if (n >= 0 || errno == EINTR)
        return 0;
    if (errno != EAGAIN)
        return stream_lose(s, d, strerror(errno));
    return stream_wait_for(s, POLLOUT, WAIT_S) ? 0 : stream_lose(s, d, "it takes nothing any more");
}

int
stream_write(struct stream *s, struct str bytes, struct diag *d)
{
    while (bytes.len) {
        size_t n;
        if (stream_is_late(s))
            return stream_fail_late(s, d);
        if (stream_write_some(s, bytes, &n, d) != 0)
            return -1;
        bytes = str_n(bytes.s + n, bytes.len - n);
    }
    return 0;
}

static int
stream_read_tcp(struct stream *s, char *to, size_t n, size_t *ret, struct diag *d)
{
    for (;;) {
        ssize_t got = recv(s->fd, to, n, 0);
        if (got == 0)
            return stream_lose(s, d, "the peer hung up");
        if (got > 0) {
            *ret = (size_t)got;
            s->n_read += (size_t)got;
            return 0;
        }
        if (errno != EINTR && errno != EAGAIN)
            return stream_lose(s, d, strerror(errno));
        if (errno == EAGAIN && !stream_wait_for(s, POLLIN, WAIT_S))
            return stream_is_late(s) ? stream_fail_late(s, d)
                                     : stream_lose(s, d, "no answer in time");
    }
}

int
stream_read(struct stream *s, char *to, size_t n, size_t *ret, struct diag *d)
{
    int on = 1;
    assert(n > 0);
    if (stream_is_late(s))
        return stream_fail_late(s, d);
    /* Answers are many and small, and the peer's kernel keeps the next until the last was
     * acknowledged, which ours would put off by 40 ms. It has to be told each time. */
    setsockopt(s->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    if (!s->ssl)
        return stream_read_tcp(s, to, n, ret, d);
    for (int rc;;) {
        errno = 0;
        if ((rc = SSL_read_ex(s->ssl, to, n, ret)) == 1) {
            s->n_read += *ret;
            return 0;
        }
        if (stream_wait_for_tls(s, rc, "cannot read", d) != 0)
            return -1;
    }
}

/* ---- peers that never talk ---- */

static enum line
stream_look(struct stream *s, bool has_ended, struct diag *d)
{
    struct str said;
    enum line line =
        s->ssl ? stream_look_tls(s, has_ended, &said, d) : stream_look_tcp(s, &said, d);
    if (line == LINE_TALKS)
        stream_fail_talk(s, said, d);
    return line;
}

int
stream_watch(struct stream *s, int ms, enum diag_code ended, struct diag *d)
{
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    int64_t end = env_mono_ms() + ms;
    for (;;) {
        enum line line = stream_look(s, false, d);
        int64_t left = end - env_mono_ms();
        if (line == LINE_ENDED) {
            diag_fail(d, ended,
                      "it ended the connection before we did, which receivers of syslog do not do: "
                      "is it one of RELP, or of something else?");
            return diag_at(d, "%.*s", STR_ARG(s->peer));
        }
        if (line != LINE_QUIET)
            return -1;
        if (left <= 0)
            return 0;
        poll(&p, 1, (int)left); /* what it says, the next look says better */
    }
}

int
stream_end(struct stream *s, struct diag *d)
{
    errno = 0;
    if (s->ssl && SSL_shutdown(s->ssl) < 0)
        return stream_tls_fail(s, "cannot end the connection", d);
    return shutdown(s->fd, SHUT_WR) == 0 ? 0 : stream_lose(s, d, strerror(errno));
}

int
stream_wait_end(struct stream *s, struct diag *d)
{
    for (;;) {
        enum line line = stream_look(s, true, d);
        if (line == LINE_ENDED)
            return 0;
        if (line != LINE_QUIET)
            return -1;
        if (stream_is_late(s))
            return stream_fail_late(s, d);
        if (!stream_wait_for(s, POLLIN, WAIT_S))
            return stream_lose(s, d, "it does not end the connection");
    }
}
