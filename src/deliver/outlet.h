/* Where messages of a log go over the network. One shape for all transports.
 * What:   an outlet is a const struct at the end of its .c, listed in outlets[]; a target is
 * written "SCHEME://HOST:PORT". A message counts as delivered when the peer said so, or has read
 *         it to the end, never because it could be written.
 * Owner:  what open made is released by close; messages stay the caller's.
 * Units:  messages.
 * Errors: those of deliver/stream.h; DIAG_CANNOT_WRITE when the peer refuses a message.
 * See:    doc/siem/ */
#ifndef DELIVER_OUTLET_H
#define DELIVER_OUTLET_H

#include "deliver/stream.h"

struct outlet {
    const char *scheme;
    bool is_tls;
    int (*open)(struct str peer, const struct stream_tls *tls, void **ret, struct diag *d);
    /* Sends messages in order; *ret_n of them are known to have arrived, also on failure: the
     * first ones, without a gap. */
    int (*send)(void *self, const struct str *messages, size_t n, size_t *ret_n, struct diag *d);
    void (*close)(void *self);
};

/* All outlets, ended by NULL. */
extern const struct outlet *const outlets[];
/* The outlet of a target; *ret_peer is what stands behind "://". NULL: it is none (a file). */
const struct outlet *outlet_find(struct str target, struct str *ret_peer);

#endif
