/* One way to hand over finished files: what a driver has to do. Callers see deliver/deliver.h only.
 * What:   a const struct at the end of its own .c, and one line in DELIVER_SINKS. Calls come in this
 *         order: open, put any number of times, finish, close; after a failure of put or finish, close.
 * Owner:  a session lives in the arena of open, or is released by close. Files and their bytes stay
 *         where they are until close: a driver may keep the pointers.
 * Units:  bytes.
 * Errors: DIAG_CONFIG: this destination can never work (address, key, rights). DIAG_UNAVAILABLE: it may
 *         later. DIAG_CANNOT_WRITE: it took no file of that name or size. The place says where.
 * See:    HACKING.md "Adding a sink" */
#ifndef DELIVER_SINK_H
#define DELIVER_SINK_H

#include "deliver/deliver.h"

struct deliver_sink {
    /* ---- required ---- */

    const char *scheme; /* "folder" of "folder:/srv/reports" */

    /* Begins a session with a destination, which comes without its scheme. Everything that can be known
     * beforehand is looked at here (the address, the peer, keys, rights), so that a destination that
     * cannot work fails before anything was handed over. Destinations are printed and recorded: one with
     * a password in it is refused. A failed open leaves nothing to close. */
    int (*open)(struct str dest, const struct deliver_options *o, struct arena *a, void **ret,
                struct diag *d);

    /* Takes one file: hands it over now, whole or not at all, and adds its rows; or keeps it for finish.
     * The receiver never sees part of a file under its name. What is there under that name already, from
     * a run that was killed, is replaced, or is the same and is left. */
    int (*put)(void *self, const struct deliver_file *f, struct deliver_rows *rows, struct diag *d);

    /* ---- optional ---- */

    /* Hands over what put kept, adds its rows, and comes back when the receiver has confirmed all of it.
     * When it fails, what a receiver already has comes again with the next run: it has to be named by
     * what it holds (the id of a mail, say), so that the receiver can tell. NULL: each put was final. */
    int (*finish)(void *self, struct deliver_rows *rows, struct diag *d);

    /* Releases what open made outside the arena, however far the session came, and hands over nothing
     * more. NULL: there is nothing to release. */
    void (*close)(void *self);
};

/* The one list: declares each sink here and names it in deliver.c. The first takes destinations without
 * a scheme. */
#define DELIVER_SINKS(ROW) ROW(folder_sink) ROW(mail_sink) ROW(sftp_sink) ROW(put_sink)

#define DELIVER_DECLARE(name) extern const struct deliver_sink name;
/* A declaration a row. */
DELIVER_SINKS(DELIVER_DECLARE)
#undef DELIVER_DECLARE

#endif
