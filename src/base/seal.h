/* Bytes that only the holder of a key reads, and that nobody changes unseen: AES-256-GCM.
 * What:   what is sealed is "nonce ciphertext tag"; the name that it is kept under is sealed with it, so that one secret
 *         cannot be put in the place of another.
 * Owner:  the given arena.
 * Units:  bytes.
 * Errors: opening returns false: another key, another name, or changed.
 * See:    NIST SP 800-38D; settings/secret.h */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include "base/arena.h"

enum { SEAL_KEY_SIZE = 32 };

/* Seals it. */
struct str seal_close(const unsigned char key[SEAL_KEY_SIZE], struct str name, struct str plain,
                      struct arena *a);
/* Opens it. */
bool seal_open(const unsigned char key[SEAL_KEY_SIZE], struct str name, struct str sealed,
               struct arena *a, struct str *ret);

#endif
