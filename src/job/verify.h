/* Checking what was handed out: a signed PDF, a folder with its manifest, a detached signature.
 * What:   says per file what holds and what fails, and whether its signer is trusted; what others wrote
 *         (PDF, CMS, JSON, proofs, checkpoints) is read in a sandbox. Every verification is itself an
 *         audit record when a database is at hand.
 * Owner:  verdicts live in the arena of the diag.
 * Units:  seconds since 1970 UTC.
 * Errors: DIAG_CONFIG when the trust or the key of the log cannot be read. What is wrong with a file is
 *         its verdict, and the others are looked at all the same.
 * See:    doc/man/assay-verify.1, doc/verify.md */
#ifndef JOB_VERIFY_H
#define JOB_VERIFY_H

#include "base/diag.h"
#include "settings/config.h"

enum verify_signer {
    VERIFY_NO_SIGNER,   /* the line is about bytes, or about what holds for another reason */
    VERIFY_NOT_CHECKED, /* no trust was given */
    VERIFY_TRUSTED,
    VERIFY_UNTRUSTED,
    VERIFY__COUNT
};

struct verify_line {
    struct str path;
    bool ok;
    enum verify_signer signer;
    struct str text;   /* "signed by CN=…", or what fails */
    struct str reason; /* why the signer is not trusted, or was not checked; empty = neither */
    int64_t judged_at; /* when the signer's certificate was to be valid; CLOCK_NONE = not asked */
    struct str judged_by; /* the time stamp's authority that proves it; empty = the clock here */
};

struct verify_report {
    VEC(struct verify_line) lines;
    bool ok;
};

struct verify_keys {
    const char
        *trust_file; /* PEM certificates and revocation lists; NULL = signers are not checked */
    const char *crl_file; /* more revocation lists; NULL = none */
    const char *log_key;  /* a vkey, for proofs and checkpoints of the audit log */
    void (*progress)(const char *what, size_t done, size_t total); /* files; NULL = nobody looks */
};

struct verify; /* one verification of any number of files */

/* Loads the trust, and makes ready for the sandbox as the settings say. */
int verify_open(const struct config *c, const struct verify_keys *keys, struct verify **ret,
                struct diag *d);
/* Frees; NULL is allowed. */
void verify_close(struct verify *v);
/* Verifies a PDF, a manifest.json, a folder that holds one, a proof (by its first line, or
 * .tlog-proof) or a checkpoint (.checkpoint) of the audit log. */
int verify_files(struct verify *v, const char *path, struct verify_report *ret, struct diag *d);
/* The signers of all files in a word: the worst of them. */
enum verify_signer verify_signers(const struct verify_report *r);
/* "trusted" … */
const char *verify_signer_word(enum verify_signer s);

#endif
