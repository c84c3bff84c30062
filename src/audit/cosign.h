/* Cosignatures: what a witness says of a checkpoint, and what it must see before it says so.
 * What:   a witness signs "cosignature/v1", the time and the text of a checkpoint; its line stands
 *         in the note beside the log's. It says: of all that I have seen of this log, this is the
 *         largest, and a continuation of the rest. A request holds the checkpoint and the proof
 *         that it continues the one which the witness knows.
 * Owner:  texts live in the arena.
 * Units:  seconds since 1970 UTC; records.
 * Errors: DIAG_VERIFY (does not hold, or is no request), DIAG_INTERNAL (OpenSSL).
 * See:    c2sp.org/tlog-cosignature@v1.0.0 (Ed25519), c2sp.org/tlog-witness (add-checkpoint);
 *         doc/audit-witness.md */
#ifndef AUDIT_COSIGN_H
#define AUDIT_COSIGN_H

#include "audit/checkpoint.h"

struct audit_request { /* "old SIZE", the proof, an empty line, the note */
    int64_t old_size;
    struct audit_proof proof;
    struct str note;
};

/* The line "— NAME BASE64", with its newline, over the text of a note at that time (from 0). */
int audit_cosign(struct str note, int64_t at, const struct audit_signer *s, struct arena *a,
                 struct str *ret, struct diag *d);

enum audit_cosigned {
    AUDIT_COSIGNED_WRONGLY = -1, /* it is no note, or a cosignature of that witness does not hold */
    AUDIT_COSIGNED_NOT,          /* the note carries none of that witness */
    AUDIT_COSIGNED               /* it carries some, and they hold */
};

/* Whether the witness has cosigned the note; *ret_at is the time of its newest cosignature. */
enum audit_cosigned audit_cosigned(struct str note, const struct audit_vkey *witness,
                                   struct arena *a, int64_t *ret_at, struct diag *d);
/* The note without lines of other names than the log's: the bytes that stay the same whoever
 * cosigns. Empty when it is no note. */
struct str audit_note_alone(struct str note, struct arena *a);
/* The note with that line in the place of those of the same name and id. */
struct str audit_note_with(struct str note, struct str line, struct arena *a);

/* The text of a request. */
struct str audit_request_text(const struct audit_request *r, struct arena *a);
/* Reads one back; nobody looked at signature and proof. */
int audit_request_read(struct str text, struct arena *a, struct audit_request *ret, struct diag *d);

#endif
