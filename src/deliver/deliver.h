/* Finished bytes -> their place. The door of the room.
 * What:   the one shape of a sink: a const struct at the end of its .c, listed in deliver_sinks[].
 *         A destination is written "scheme:rest"; without a scheme it is a folder.
 * Owner:  bytes stay the caller's.
 * Units:  bytes.
 * Errors: DIAG_CANNOT_WRITE with the place; DIAG_CONFIG for an unknown scheme. A sink puts a file
 *         whole or not at all.
 * See:    HACKING.md */
#ifndef DELIVER_DELIVER_H
#define DELIVER_DELIVER_H

#include "base/diag.h"

struct deliver_file {
    struct str name; /* a plain file name, no slash */
    struct str media_type;
    struct str bytes;
};

struct deliver_sink {
    const char *scheme; /* "folder" */
    /* Makes the destination ready (folders exist, peer answers). */
    int (*open)(struct str dest, struct diag *d);
    /* Puts one file; replaces an older one of that name atomically. *ret_place says where it is. */
    int (*put)(struct str dest, const struct deliver_file *f, struct str *ret_place,
               struct diag *d);
};

/* All sinks, ended by NULL. */
extern const struct deliver_sink *const deliver_sinks[];
/* The sink of a destination; *ret_rest is the destination without its scheme. */
const struct deliver_sink *deliver_find(struct str dest, struct str *ret_rest, struct diag *d);

#endif
