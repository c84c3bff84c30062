/* Bytes -> signed bytes, and the way back. The door of the room.
 * What:   a signer is a certificate with its private key. Seals: PAdES B-B on a PDF (incremental
 *         update, ETSI EN 319 142-1) and detached CMS (RFC 5652, CAdES signing-certificate-v2) over
 *         any bytes. Verification says per file what holds and what fails.
 * Owner:  a signer is freed with sign_signer_free; bytes live in the arena.
 * Units:  times in seconds UTC.
 * Errors: DIAG_CONFIG (key material), DIAG_VERIFY (does not hold), DIAG_BAD_DATA (not a PDF …).
 * See:    notes in doc/decisions/, doc/man/assay-verify.1 */
#ifndef SIGN_SIGN_H
#define SIGN_SIGN_H

#include "base/diag.h"
#include "base/sha256.h"

struct sign_signer;

struct sign_certificate {
    struct str subject; /* RFC 4514 text */
    struct str issuer;
    struct str serial_hex;
    struct str sha256_hex; /* fingerprint of the DER certificate */
    int64_t not_before, not_after;
    bool self_signed;
};

/* Makes an EC P-256 key and a self-signed certificate (common name cn, valid for days), writes them
 * as PEM to key_path (mode 0600) and cert_path (0644). Refuses to overwrite. */
int sign_make_key(const char *key_path, const char *cert_path, struct str cn, int days,
                  struct diag *d);
/* Loads PEM certificate (chain allowed, signer first) and key; passphrase may be NULL. The key file
 * must not be readable by others; RSA from 3000 bits or EC from 256, no SHA-1, and a certificate for
 * signing documents. */
int sign_load_pem(const char *cert_path, const char *key_path, const char *passphrase,
                  struct sign_signer **ret, struct diag *d);
/* Loads PKCS#12; the same is asked of it. Certificates outside of the signer's chain are left out.
 */
int sign_load_p12(const char *path, const char *passphrase, struct sign_signer **ret,
                  struct diag *d);
/* Frees; NULL is allowed. */
void sign_signer_free(struct sign_signer *s);
/* Whether its certificate is valid now: what is sealed with another is trusted by nobody. */
int sign_check_validity(const struct sign_signer *s, int64_t now, struct diag *d);
/* Describes the signer's certificate. */
void sign_describe(const struct sign_signer *s, struct arena *a, struct sign_certificate *ret);

/* Detached CMS (DER) over bytes. */
int sign_cms(const struct sign_signer *s, struct str bytes, struct arena *a, struct str *ret,
             struct diag *d);
/* Seals a PDF whose first signature field (name `field`) is empty: fills its /V by an incremental
 * update with /SubFilter /ETSI.CAdES.detached. at = claimed time written in /M. */
int sign_pdf(const struct sign_signer *s, struct str pdf, const char *field, int64_t at,
             struct arena *a, struct str *ret, struct diag *d);

/* ---- verification ---- */

/* Loads what OpenSSL otherwise loads on first use: for processes that will not be able to. */
void sign_warm(void);

struct sign_trust; /* whom a verification trusts */

/* Loads PEM certificates (authorities, or signers themselves) and the revocation lists among them;
 * crl_path: further lists in PEM or DER, NULL = none. now: the verifier's clock, which counts where no
 * time stamp proves another time. */
int sign_trust_load(const char *path, const char *crl_path, int64_t now, struct sign_trust **ret,
                    struct diag *d);
/* Frees; NULL is allowed. */
void sign_trust_free(struct sign_trust *t);
/* The verifier's clock. */
int64_t sign_trust_now(const struct sign_trust *t);

#define SIGN_NO_TRUST "not checked: no trust given"

struct sign_proof { /* that something existed at a time */
    int64_t at;     /* CLOCK_NONE = nothing proves it */
    struct str by;  /* the authority of the time stamp */
};

struct sign_verdict {
    bool valid;        /* digest and signature hold, and what follows changes nothing that is seen */
    bool trusted;      /* the trust leads to the signer, at the proven time or the verifier's */
    bool is_stamp;     /* a document time stamp: the signer is its authority */
    size_t added;      /* bytes that came after it and are allowed: signatures, validation data */
    struct str reason; /* why not valid or not trusted; empty when all is well */
    struct sign_certificate signer;
    int64_t claimed_at; /* CLOCK_NONE (INT64_MIN) = none */
    struct sign_proof proof;
};

/* Checks a detached CMS over bytes. trust NULL = the signer is not checked. Returns -1 only when the
 * signature cannot be read at all. */
int sign_verify_cms(struct str cms, struct str bytes, const struct sign_trust *trust,
                    struct arena *a, struct sign_verdict *ret, struct diag *d);
/* Checks every signature and time stamp of a PDF, oldest first; *ret_n may be 0 (not signed). An older
 * one holds when what came after it is signatures, time stamps and validation data and nothing else. */
int sign_verify_pdf(struct str pdf, const struct sign_trust *trust, struct arena *a,
                    struct sign_verdict **ret, size_t *ret_n, struct diag *d);

/* The same of a file that is mapped (mmap): what was digested leaves memory again. */
int sign_verify_mapped_pdf(struct str pdf, const struct sign_trust *trust, struct arena *a,
                           struct sign_verdict **ret, size_t *ret_n, struct diag *d);

/* ---- files of agents, signed by somebody else's tools ---- */

struct sign_pins; /* certificates of agents that were enrolled, each for itself */

struct sign_detached {
    struct sign_certificate signer;
    VEC(struct str) names;       /* common names and dNSNames of the signer's certificate */
    struct sha256_digest sha256; /* of the bytes that were verified */
};

/* Loads the PEM certificates of a file, or of the *.pem and *.crt of a folder (which may be
 * empty). */
int sign_load_pins(const char *path, struct sign_pins **ret, struct diag *d);
/* Frees; NULL is allowed. */
void sign_pins_free(struct sign_pins *p);
/* How many there are, and how many of them are valid now. */
void sign_pins_count(const struct sign_pins *p, size_t *ret_n, size_t *ret_n_valid);
/* Checks the detached CMS (DER or PEM) in signature_path over the bytes of path. It must be made by
 * one of the pins, which is valid now; no chain is followed. DIAG_VERIFY says why it does not hold,
 * other codes why the signature cannot be read. */
int sign_verify_detached(const struct sign_pins *pins, const char *path, const char *signature_path,
                         struct arena *a, struct sign_detached *ret, struct diag *d);
/* True when the signer's certificate carries that name, byte for byte. */
bool sign_detached_names(const struct sign_detached *s, struct str name);

#endif
