/* A stream that only the holder of a key can read: CMS EnvelopedData (RFC 5652 section 6) with its content beside it.
 * What:   a length in 4 bytes, big-endian, that many bytes of DER without the content (RFC 5652, encryptedContent
 *         left out), then the content until the end of the file: AES-256-CBC, its key wrapped for each recipient
 *         (RSAES-OAEP with SHA-256, or ECDH). So both sides work in bounded memory, and `openssl cms -decrypt -content`
 *         reads it as well. That the content is whole and unchanged is for the caller to find out: CBC does not tell.
 * Owner:  sealed_free() frees; the descriptor is the caller's.
 * Units:  bytes.
 * Errors: DIAG_CONFIG (certificate, key), DIAG_BAD_DATA (no such envelope, or not for this key), DIAG_CANNOT_WRITE, DIAG_IO.
 * See:    doc/backup.md, cms(1) of OpenSSL */
#ifndef SIGN_SEALED_H
#define SIGN_SEALED_H

#include "base/diag.h"

struct sealed;

/* Begins one at fd for all certificates of a PEM file. */
int sealed_begin(const char *recipients, int fd, struct sealed **ret, struct diag *d);
/* Writes more of it. */
int sealed_write(struct sealed *e, struct str bytes, struct diag *d);
/* Writes its end. */
int sealed_end(struct sealed *e, struct diag *d);
/* Begins to read the one that stands at fd, with a private key in PEM; OpenSSL asks a terminal for its passphrase. */
int sealed_open(const char *key, int fd, struct sealed **ret, struct diag *d);
/* Reads up to n bytes; *ret_n 0 = its end. */
int sealed_read(struct sealed *e, char *to, size_t n, size_t *ret_n, struct diag *d);
/* Frees; NULL is allowed. */
void sealed_free(struct sealed *e);

#endif
