/* Reading sealed files where hostile bytes can do no harm.
 * What:   a PDF, a manifest with its signature, or a proof or checkpoint of the audit log is parsed in a
 *         process of its own inside the sandbox (confine/confined.h); what it says comes back as text and
 *         numbers and is checked once more.
 * Owner:  verdicts live in the arena of the diag.
 * Units:  bytes, seconds, records.
 * Errors: those of confined_call(); DIAG_IO when a file cannot be read; DIAG_BAD_DATA, DIAG_TOO_BIG when
 *         it is not what it should be.
 * See:    doc/verify.md */
#ifndef JOB_VERIFY_SEALED_H
#define JOB_VERIFY_SEALED_H

#include "audit/keys.h"
#include "confine/confined.h"
#include "sign/manifest.h"
#include "sign/sign.h"

struct sealed_log {    /* what a proof or a checkpoint says that a key of the list signed */
    struct str origin; /* of the log: the name of that key */
    int64_t size;      /* records under the checkpoint */
    size_t key;        /* its place in the list */
    int64_t at;        /* of a proof: the position of its record, below size; of a checkpoint -1 */
    struct str record; /* of a proof */
};

struct sealed {
    VEC(struct sign_verdict)
    signatures;               /* oldest first; reasons and signers as the reader has them */
    struct manifest manifest; /* of a manifest: its outputs and its place in the log */
    struct sealed_log log;    /* of a proof or a checkpoint */
    struct str problem;       /* it cannot be read, or does not hold; empty = it does */
};

struct sealed_reader {
    const struct sign_trust *trust; /* NULL = signers are not checked */
    struct confined_limits limits;
};

/* What a reader inside the sandbox needs of libraries is loaded here, once. */
void sealed_warm(void);
/* All signatures of the PDF at path, which is mapped and not copied. */
int sealed_pdf(const struct sealed_reader *r, const char *path, struct sealed *ret, struct diag *d);
/* A manifest and, when signature is not empty, the detached CMS over it. */
int sealed_manifest(const struct sealed_reader *r, struct str bytes, struct str signature,
                    struct sealed *ret, struct diag *d);
/* A proof (else a checkpoint) of the audit log, held against the keys of a list. */
int sealed_log(const struct sealed_reader *r, struct str bytes, bool is_proof,
               const struct audit_keys *k, struct sealed *ret, struct diag *d);

#endif
