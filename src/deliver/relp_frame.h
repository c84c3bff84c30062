/* Frames of RELP as they are read: "TXNR COMMAND LENGTH[ DATA]\n".
 * What:   looks at the beginning of what came; the bytes are the receiver's and may be anything.
 * Owner:  command and data point into what was given.
 * Units:  bytes.   Errors: the return value.
 * See:    the protocol's description, relp.md of librelp */
#ifndef DELIVER_RELP_FRAME_H
#define DELIVER_RELP_FRAME_H

#include "base/str.h"

enum { RELP_MAX_ANSWER = 1 << 17 }; /* bytes of the data of an answer */

struct relp_frame {
    long txnr;
    struct str command, data;
};

/* The frame at the beginning of s: its length, 0 = not whole yet, -1 = garbage. */
long relp_read_frame(struct str s, struct relp_frame *ret);

#endif
