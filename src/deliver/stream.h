/* Bytes to and from a peer over TCP or TLS, with a limit on every wait and on all of them together.
 * What:   TLS 1.2 at least; the peer must have a certificate for the host's name or address from an
 *         authority that is trusted. A refused client certificate shows at the first read: with TLS
 *         1.3 handshake and first write succeed before the peer has looked at it.
 * Owner:  stream_close releases.
 * Units:  bytes; times as env_mono_ms() counts them.
 * Errors: DIAG_UNAVAILABLE (no connection, lost, no answer in time, no end of it), DIAG_CONFIG (certificates or
 *         keys that cannot be used; the peer is another than it should be, and what it said is quoted);
 *         the place is the peer. A failure of TLS says whose refusal it is.
 * See:    RFC 8446 §4.4.2.4, §6.2; RFC 9525 (names in certificates) */
#ifndef DELIVER_STREAM_H
#define DELIVER_STREAM_H

#include "base/diag.h"

struct stream;

struct stream_tls {
    struct str ca;        /* PEM file of authorities; empty = those of the system */
    struct str cert, key; /* PEM files of the client; empty = none */
};

/* Parts "HOST:PORT" or "[ADDRESS]:PORT"; both live in the diag's arena. DIAG_CONFIG when it is
 * neither. */
int stream_part_peer(struct str peer, const char **ret_host, const char **ret_port, struct diag *d);
/* Connects to "HOST:PORT" or "[ADDRESS]:PORT"; tls NULL = TCP alone. That, and whatever follows until
 * stream_until says otherwise, fails when it is not over by then: a peer that says a byte now and
 * then holds nobody for ever. Only to look the name up takes what the system's resolver takes. */
int stream_open(struct str peer, const struct stream_tls *tls, int64_t end_ms, struct stream **ret,
                struct diag *d);
/* The first step of that: TCP alone, which the kernel of the peer's host may have accepted for a process that
 * has not looked yet. */
int stream_dial(struct str peer, int64_t end_ms, struct stream **ret, struct diag *d);
/* The second: TLS over a connection that was dialled. */
int stream_start(struct stream *s, const struct stream_tls *tls, struct diag *d);
/* Sets another end. */
void stream_until(struct stream *s, int64_t end_ms);
/* Ends it; NULL is allowed. */
void stream_close(struct stream *s);
/* Writes all of it. */
int stream_write(struct stream *s, struct str bytes, struct diag *d);
/* Reads what is there, at least one byte, at most n; *ret is how many. */
int stream_read(struct stream *s, char *to, size_t n, size_t *ret, struct diag *d);
/* For peers that never talk: looks, for so many milliseconds (0 = without waiting), whether the peer
 * says something, which is DIAG_CONFIG, ends the connection in order, which is a failure of the code
 * `ended`, or breaks it. */
int stream_watch(struct stream *s, int ms, enum diag_code ended, struct diag *d);
/* Says that nothing more will come. Only stream_wait_end and stream_close may follow. */
int stream_end(struct stream *s, struct diag *d);
/* Behind stream_end: waits for the peer to end as well: then it has read all that was written. A
 * reset or an alert of TLS is a failure, and so is a word of a peer that never talks: DIAG_CONFIG. */
int stream_wait_end(struct stream *s, struct diag *d);

#endif
