/* Signed notes: text with Ed25519 signatures in lines behind it, as C2SP defines them.
 * What:   text, an empty line, then "— NAME BASE64(id || signature)" per key. The id of a key is
 *         the first 4 bytes of SHA-256(name || LF || 0x01 || public key); its text form (vkey) is
 *         "NAME+HEXID+BASE64(0x01 || public key)". Anybody checks such a note with `openssl pkeyutl
 *         -verify -rawin`: doc/audit-checkpoint.md shows how.
 * Owner:  audit_signer_free releases a private key; texts live in the arena.
 * Units:  bytes.
 * Errors: DIAG_CONFIG (a name or key that cannot be used), DIAG_VERIFY (the note does not hold),
 *         DIAG_INTERNAL (OpenSSL).
 * See:    c2sp.org/signed-note@v1.0.0; RFC 8032 (Ed25519); RFC 8410 (keys in PEM) */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include "base/diag.h"

enum { AUDIT_KEY_ID = 4, AUDIT_KEY = 32, AUDIT_SIGNATURE = 64 };

enum audit_key_kind {
    AUDIT_KEY_LOG = 1,     /* signs the text */
    AUDIT_KEY_WITNESS = 4, /* signs text and time: audit/cosign.h */
};

struct audit_signer; /* a name and a private key */

struct audit_vkey { /* what verifies its signatures */
    struct str name;
    enum audit_key_kind kind;
    unsigned char id[AUDIT_KEY_ID], key[AUDIT_KEY];
};

/* A new key under that name, which holds neither blanks nor '+'. */
int audit_signer_make(struct str name, struct audit_signer **ret, struct diag *d);
/* The key in a PEM text (PKCS #8, not encrypted), to be used under that name. */
int audit_signer_read(struct str pem, struct str name, struct audit_signer **ret, struct diag *d);
/* Forgets the key; NULL is allowed. */
void audit_signer_free(struct audit_signer *s);
/* The private key as PEM. */
struct str audit_signer_pem(const struct audit_signer *s, struct arena *a);
/* What verifies its signatures; the name lives as long as the signer. */
struct audit_vkey audit_signer_vkey(const struct audit_signer *s);
/* The same of a key that is used as a witness's. */
struct audit_vkey audit_signer_witness(const struct audit_signer *s);

/* "NAME+HEXID": which key it is. */
struct str audit_vkey_id(const struct audit_vkey *k, struct arena *a);
/* "NAME+HEXID+BASE64". */
struct str audit_vkey_text(const struct audit_vkey *k, struct arena *a);
/* Reads that text, of a log; an id that is not the key's is refused. */
int audit_vkey_parse(struct str text, struct arena *a, struct audit_vkey *ret, struct diag *d);
/* The same, of a witness. */
int audit_vkey_parse_witness(struct str text, struct arena *a, struct audit_vkey *ret,
                             struct diag *d);

/* The note of a text that ends in a newline. */
int audit_note_sign(struct str text, const struct audit_signer *s, struct arena *a, struct str *ret,
                    struct diag *d);
/* The note with one more signature, of the same text. */
int audit_note_add(struct str note, const struct audit_signer *s, struct arena *a, struct str *ret,
                   struct diag *d);
/* True when a line of its signatures is said to be of that key; nobody looked whether it holds. */
bool audit_note_names(struct str note, const struct audit_vkey *k, struct arena *a);
/* The text of a note that the key signed. A signature of that key that does not hold fails,
 * whatever else stands there; those of other keys are passed over. */
int audit_note_open(struct str note, const struct audit_vkey *k, struct arena *a,
                    struct str *ret_text, struct diag *d);

/* ---- its parts ---- */

struct audit_line { /* "— NAME BASE64(sig)" */
    struct str name;
    struct str sig; /* id || signature */
};

/* Cuts a note at its last empty line; false when it is none. */
bool audit_note_part(struct str note, struct str *ret_text, struct str *ret_lines);
/* Cuts the next line off; false when it is no line of a signature, or the last was read. */
bool audit_note_line(struct str *lines, struct arena *a, struct audit_line *ret);
/* True when the line names that key. */
bool audit_line_is(const struct audit_line *l, const struct audit_vkey *k);
/* Signs n bytes. */
int audit_sign(const struct audit_signer *s, struct str bytes, unsigned char ret[AUDIT_SIGNATURE],
               struct diag *d);
/* True when the signature of these bytes holds. */
bool audit_signature_holds(const struct audit_vkey *k, struct str bytes,
                           const unsigned char sig[AUDIT_SIGNATURE]);

#endif
