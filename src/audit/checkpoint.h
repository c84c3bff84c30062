/* Checkpoints of the log: its size and the root of its Merkle tree, signed; and proofs under them.
 * What:   a checkpoint is a signed note (audit/note.h) of three lines: the origin of the log, the
 *         number of its records, the root in base64. A proof says that a record stands at a
 *         position below a checkpoint; who has proof, record and vkey needs nothing else.
 * Owner:  texts live in the arena.
 * Units:  records from 0.
 * Errors: those of audit/note.h; DIAG_VERIFY when a text is no checkpoint or proves nothing.
 * See:    c2sp.org/tlog-checkpoint, c2sp.org/tlog-proof@v1; doc/audit-checkpoint.md */
#ifndef AUDIT_CHECKPOINT_H
#define AUDIT_CHECKPOINT_H

#include "audit/note.h"
#include "audit/tree.h"

struct audit_checkpoint {
    struct str origin;
    int64_t size;
    struct sha256_digest root;
};

/* The signed note of a checkpoint; its origin is the signer's name. */
int audit_checkpoint_sign(int64_t size, const struct sha256_digest *root,
                          const struct audit_signer *s, struct arena *a, struct str *ret,
                          struct diag *d);
/* What a note says; nobody looked at its signatures. */
int audit_checkpoint_read(struct str note, struct arena *a, struct audit_checkpoint *ret,
                          struct diag *d);
/* What a note says that the key signed. */
int audit_checkpoint_open(struct str note, const struct audit_vkey *k, struct arena *a,
                          struct audit_checkpoint *ret, struct diag *d);

/* The proof that the record stands at that position, as p shows, below that note. The record itself
 * is in the line "extra": nothing else is needed to check it. */
struct str audit_proof_text(int64_t at, const struct audit_proof *p, struct str record,
                            struct str note, struct arena *a);

struct audit_proven { /* what a proof shows */
    struct audit_checkpoint checkpoint;
    int64_t at;
    struct str record;
};

/* True when a file that begins so is a proof of this kind, whether it holds or not. */
bool audit_proof_is(struct str head);
/* Checks the whole: signature, and the way from the record to the root. */
int audit_proof_check(struct str proof, const struct audit_vkey *k, struct arena *a,
                      struct audit_proven *ret, struct diag *d);

#endif
