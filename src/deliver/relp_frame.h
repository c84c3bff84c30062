/* Frames of RELP as they are read: "TXNR COMMAND LENGTH[ DATA]\n".
 * What:   looks at the beginning of what came; the bytes are the receiver's and may be anything.
 * Owner:  command and data point into what was given.
 * Units:  bytes.   Errors: RELP_READ_GARBAGE.
 * See:    the protocol's description, relp.md of librelp */
#ifndef DELIVER_RELP_FRAME_H
#define DELIVER_RELP_FRAME_H

#include "base/str.h"

enum { RELP_MAX_ANSWER = 1 << 17 }; /* bytes of the data of an answer */

struct relp_frame {
    long txnr;
    struct str command, data;
    size_t len; /* of the whole frame */
};

enum relp_read {
    RELP_READ_FRAME,
    RELP_READ_PART, /* it is not whole yet */
    RELP_READ_GARBAGE
};

/* The frame at the beginning of s. */
enum relp_read relp_read_frame(struct str s, struct relp_frame *ret);

#endif
