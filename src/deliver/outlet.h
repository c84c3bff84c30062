/* Where messages of a log go: files, and peers over the network. One shape for all transports.
 * What:   an outlet is a const struct at the end of its .c, listed in outlets[]; a target is
 *         written "SCHEME://…", or as the name of a file. A message counts as delivered when the
 *         peer said so, or has read it to the end, never because it could be written.
 * Owner:  what open made is released by close; messages and options stay the caller's, options as
 *         long as the session.
 * Units:  messages; OUTLET_…_S are seconds that a call takes at most, whatever the peer does: the
 *         caller's hold on its cursor outlasts them.
 * Errors: of open and send: DIAG_UNAVAILABLE (nobody there, lost, no answer in time, "try later":
 *         what was not confirmed is to be sent again), DIAG_CONFIG (certificates, keys or tokens
 *         that are not taken), DIAG_CANNOT_WRITE (the peer refuses for good: the first message that
 *         was not confirmed, or one of those behind it where the answer does not say which; alone
 *         in a call it is that one).
 * See:    doc/siem/ */
#ifndef DELIVER_OUTLET_H
#define DELIVER_OUTLET_H

#include "deliver/stream.h"

enum {
    OUTLET_OPEN_S = 20, /* open */
    OUTLET_SEND_S =
        60, /* send, post, confirm; where there is a token, and ack_s to confirm, more */
    OUTLET_SOME = 512 << 10 /* bytes: send takes no more than these at once, or one message */
};

struct outlet_message {
    struct str text; /* as the encoder wrote it */
    struct str id;   /* the same whenever it is sent, of no other message: "ORIGIN:SEQ:LEAF…" */
    int64_t ts_ms;   /* when it happened, milliseconds since 1970 */
    bool is_reduced; /* no more than who is who of it: it must not keep the whole one out */
    struct str host; /* what it is about, for receivers that want one; empty = this machine */
};

struct outlet_options {
    struct stream_tls tls;
    struct str token;     /* a secret, for peers that want one; empty = none. Only there while open is called */
    bool legacy;          /* the site asked for what can be lost or read by others on the way */
    bool ack_less;        /* an answer will do that confirms less than the peer could (Splunk) */
    struct str success_member; /* of the JSON that a webhook answers: it must say yes; empty = none */
    int64_t ack_s;        /* how long to wait for a confirmation that comes later; 0 = 300 s */
    int64_t rotate_bytes; /* a file that grew so big gets another name; 0 = never */
    int64_t rotate_keep;  /* how many of those stay; 0 = all */
};

struct outlet {
    const char *scheme; /* NULL = files */
    bool is_syslog;     /* a message needs a header of syslog and has a largest size */
    bool is_tls;
    bool is_mute; /* the peer never talks: who does is another; one that is gone may have died */
    bool is_legacy;       /* can lose what nobody notices: only for who asks for it */
    const char *weakness; /* what "delivered" does not mean there; NULL = it means what it says */
    bool wants_json;      /* messages must be JSON objects on one line */
    bool wants_token;     /* nothing works without options.token */
    size_t max; /* bytes of one message that the transport can carry; 0 = no limit of its own */
    int (*open)(struct str peer, const struct outlet_options *o, void **ret, struct diag *d);
    /* Sends messages in order; *ret_n of them are known to have arrived, also on failure: the
     * first ones, without a gap. On success at least one, and not all when they are much. */
    int (*send)(void *self, const struct outlet_message *m, size_t n, size_t *ret_n,
                struct diag *d);
    /* For peers that never answer, when the session is to stay open: writes messages, of which
     * nobody knows yet whether they arrive, and, asked later, says that all of them have. A failure
     * of either leaves it open which ones did. NULL = send is all there is. */
    int (*post)(void *self, const struct outlet_message *m, size_t n, struct diag *d);
    int (*confirm)(void *self, struct diag *d);
    /* How many of the messages that this session has posted are not known to have arrived, the last
     * ones; it waits for nothing. NULL = only confirm knows. */
    size_t (*waiting)(const void *self);
    /* For how many seconds the peer wants to be left alone after the last failure; 0 = it did not
     * say. NULL = it never does. */
    int64_t (*wait_s)(void *self);
    void (*close)(void *self);
};

/* The one list: declares each outlet here and names it in outlet.c, in the order in which messages to users name
 * their schemes. */
#define OUTLETS(ROW)                                                                               \
    ROW(relp_outlet)  /* over TCP */                                                               \
    ROW(relps_outlet) /* over TLS */                                                               \
    ROW(syslog_outlet)                                                                             \
    ROW(syslogs_outlet)                                                                            \
    ROW(webhook_outlet) /* over TLS */                                                             \
    ROW(elastic_outlet)                                                                            \
    ROW(splunk_outlet)                                                                             \
    ROW(webhook_plain_outlet) /* without */                                                        \
    ROW(elastic_plain_outlet)                                                                      \
    ROW(splunk_plain_outlet)                                                                       \
    ROW(newline_outlet) /* syslog over TCP, ended by newlines */                                   \
    ROW(udp_outlet)

#define OUTLET_DECLARE(name) extern const struct outlet name;
/* A declaration a row. */
OUTLETS(OUTLET_DECLARE)
/* The outlet of a target without a scheme. */
OUTLET_DECLARE(logfile_outlet)
#undef OUTLET_DECLARE

/* All outlets with a scheme, ended by NULL. */
extern const struct outlet *const outlets[];
/* The outlet of a target; *ret_peer is what stands behind "://", or the whole name of a file. NULL:
 * nobody knows the scheme. */
const struct outlet *outlet_find(struct str target, struct str *ret_peer);
/* How many of the first messages go at once: as many as fit into OUTLET_SOME, at least one. */
size_t outlet_some(const struct outlet_message *m, size_t n);
/* The schemes of all outlets for messages: "relp, relps, syslog". */
struct str outlet_schemes(struct arena *a);

#endif
