/* Mail that says who made it, and mail that only its receivers read (S/MIME).
 * What:   both take an entity of MIME, headers first, lines ended by CRLF, and put another around it: multipart/signed
 *         with a detached CMS, or application/pkcs7-mime with CMS EnvelopedData: AES-256-CBC, its key wrapped for each
 *         receiver (RSAES-OAEP with SHA-256 or ECDH). CBC because mail programs of today read it; what is inside is
 *         signed first, so that nobody changes it unseen.
 * Owner:  the given arena.
 * Units:  bytes.
 * Errors: DIAG_CONFIG: a certificate that cannot receive, or none with that address. DIAG_INTERNAL.
 * See:    RFC 8551; doc/mail.md */
#ifndef SIGN_SMIME_H
#define SIGN_SMIME_H

#include "sign/sign.h"

/* Signs it. */
int smime_sign(const struct sign_signer *s, struct str entity, struct arena *a, struct str *ret,
               struct diag *d);
/* Encrypts it for those certificates of a PEM file that name the address of mail; they must be valid at `now`. */
int smime_encrypt(const char *certs, struct str address, int64_t now, struct str entity,
                  struct arena *a, struct str *ret, struct diag *d);

#endif
