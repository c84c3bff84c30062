/* Checking what was handed out: a signed PDF, a folder with its manifest, a detached signature.
 * What:   says per file what holds and what fails; every verification is itself an audit record
 *         when a database is at hand.
 * Owner:  verdicts live in the arena of the diag.
 * Units:  none.
 * Errors: DIAG_VERIFY when anything does not hold; DIAG_IO, DIAG_BAD_DATA when it cannot be read.
 * See:    doc/man/assay-verify.1 */
#ifndef JOB_VERIFY_H
#define JOB_VERIFY_H

#include "base/diag.h"
#include "sign/sign.h"

struct verify_line {
    struct str path;
    bool ok;
    bool trusted;    /* signer is in the trust file */
    struct str text; /* "signed by CN=…", or what fails */
};

struct verify_report {
    VEC(struct verify_line) lines;
    bool ok;
};

struct verify_keys {
    const char *trust_file; /* PEM certificates; NULL = none is trusted */
    const char *log_key;    /* a vkey, for proofs and checkpoints of the audit log */
};

/* Verifies a PDF, a manifest.json, a folder that holds one, a proof (by its first line, or
 * .tlog-proof) or a checkpoint (.checkpoint) of the audit log. */
int verify_files(const char *path, const struct verify_keys *keys, struct verify_report *ret,
                 struct diag *d);

#endif
