/* Finished files -> their place, in a session: open, put one after the other, finish. The door of the
 * room for reports; messages go through deliver/outlet.h.
 * What:   a destination is written "SCHEME:REST", without a scheme it is a folder. Only what is behind
 *         deliver_finish() counts as handed over; each row then says what went to whom. A session that
 *         is closed before that may have handed over some of its files, each of them whole: whoever
 *         delivers records nothing and delivers all again.
 * Owner:  the session, its files and its rows live in the arena of deliver_open(); the bytes of a file
 *         stay the caller's until deliver_close().
 * Units:  bytes.
 * Errors: DIAG_CONFIG (no such scheme, a destination that can never work), DIAG_CANNOT_WRITE and
 *         DIAG_UNAVAILABLE with the place. After a failure only deliver_close() may follow.
 * See:    deliver/sink.h, HACKING.md "Adding a sink" */
#ifndef DELIVER_DELIVER_H
#define DELIVER_DELIVER_H

#include "base/auto.h"
#include "base/diag.h"
#include "base/sha256.h"
#include "deliver/stream.h"

struct deliver_file {
    struct str name; /* a plain file name, no slash */
    struct str media_type;
    struct str bytes;
    struct sha256_digest sha256; /* of the bytes: deliver_put() reckons it */
};

/* One file with one receiver. A file that goes to three people has three rows. */
struct deliver_row {
    const struct deliver_file *file; /* what */
    struct str destination;          /* to whom: "folder:/srv/reports", an address */
    struct str place;                /* where it is there: a path, a URL, a mail server */
    struct str answer;               /* what was said to it, on one line without secrets; may be empty */
};

/* What a destination needs beside its name. Which sink takes what stands with each; the rest is empty. */
struct deliver_options {
    struct stream_tls tls;
    struct str server;         /* mail: smtp://HOST:PORT, smtps://HOST:PORT */
    struct str from;           /* mail: the sender's plain address */
    struct str user, password; /* empty = none is asked for; never printed */
    struct str line, item;     /* folders below the destination: of one definition, of one version of a report */
    int64_t keep;              /* folder: so many items of a line stay; 0 = all */
    struct str key_file;       /* sftp: private key, whose passphrase is the password */
    struct str host_key;       /* sftp: SHA-256 of the host's key in base64, without padding */
    struct str sigv4;          /* put: "aws:amz:REGION:s3"; user and password are the key then */
};

struct deliver_rows {
    VEC(struct deliver_row) list; /* in the order of handing over */
};

struct delivery;

/* Begins a session with a destination that needs no options. */
int deliver_open(struct str dest, struct arena *a, struct delivery **ret, struct diag *d);
/* Begins one with options, which stay the caller's until deliver_close(). */
int deliver_open_with(struct str dest, const struct deliver_options *o, struct arena *a,
                      struct delivery **ret, struct diag *d);
/* Puts one file; an older one of that name is replaced. */
int deliver_put(struct delivery *s, const struct deliver_file *f, struct diag *d);
/* Hands over what was kept until now; no file can be put any more. */
int deliver_finish(struct delivery *s, struct diag *d);
/* Ends the session, however far it came; NULL is allowed. */
void deliver_close(struct delivery *s);

/* The i-th file that was put, from 0; NULL behind the last. */
const struct deliver_file *deliver_file_at(const struct delivery *s, size_t i);
/* What was handed over to whom; only after deliver_finish(). */
const struct deliver_rows *deliver_handed_over(const struct delivery *s);

/* deliver_close() at the end of a scope. */
AUTO_DEFINE(struct delivery *, deliver_close)

#endif
