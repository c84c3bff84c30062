/* Reading sealed files where hostile bytes can do no harm.
 * What:   a PDF, or a manifest with its signature, is parsed in a process of its own inside the sandbox
 *         (confine/confined.h); what it says comes back as text and numbers and is checked once more.
 * Owner:  verdicts live in the arena of the diag.
 * Units:  bytes, seconds.
 * Errors: those of confined_call(); DIAG_IO when a file cannot be read; DIAG_BAD_DATA, DIAG_TOO_BIG when
 *         it is not what it should be.
 * See:    doc/verify.md */
#ifndef JOB_VERIFY_SEALED_H
#define JOB_VERIFY_SEALED_H

#include "confine/confined.h"
#include "sign/manifest.h"
#include "sign/sign.h"

struct sealed {
    VEC(struct sign_verdict)
    signatures;               /* oldest first; reasons and signers as the reader has them */
    struct manifest manifest; /* of a manifest: its outputs and its place in the log */
    struct str problem;       /* the manifest cannot be read; empty = it can */
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

#endif
