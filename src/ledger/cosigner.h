/* The witness: another account, or another host, that remembers what it saw of a log.
 * What:   a folder with a key of its own (witness.key, witness.vkey), the keys of the logs that it
 *         knows (log.vkeys), and the newest checkpoint of each that it cosigned. It signs only what
 *         continues that one, and remembers before it signs. What it refused although the log's
 *         signature held is kept below refused/: a log that signed two histories.
 * Owner:  texts live in the arena of the diag.
 * Units:  records; seconds.
 * Errors: DIAG_VERIFY (refused: a rollback, another history, a key that it does not know), DIAG_RETRY
 *         (the proof begins at another size than the one it remembers), DIAG_CONFIG (no witness in
 *         the folder, or not one of this account), DIAG_IO, DIAG_CANNOT_WRITE.
 * See:    c2sp.org/tlog-witness; doc/audit-witness.md, doc/decisions/0008-witness.md */
#ifndef LEDGER_COSIGNER_H
#define LEDGER_COSIGNER_H

#include "audit/cosign.h"

enum { COSIGNER_MAX_REQUEST = 1 << 16 };

struct cosigner_answer {
    struct str line; /* the cosignature; empty = refused */
    int64_t known;   /* records that it had seen of the log before, -1 = nobody asked rightly */
};

/* Makes a witness in the folder; name as in audit/note.h. *ret is its vkey. */
int cosigner_init(const char *dir, struct str name, struct str *ret, struct diag *d);
/* Takes the vkeys in a text, one a line (what follows them in the line is passed over). *ret is how
 * many were new. */
int cosigner_trust(const char *dir, struct str vkeys, size_t *ret, struct diag *d);
/* Answers a request at that time. *ret is set whatever is returned. */
int cosigner_answer(const char *dir, struct str request, int64_t now, struct cosigner_answer *ret,
                    struct diag *d);

#endif
