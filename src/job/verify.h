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

/* Verifies a PDF, manifest.json, or a folder that holds one. */
int job_verify(const char *path, const char *trust_file, struct verify_report *ret, struct diag *d);

#endif
