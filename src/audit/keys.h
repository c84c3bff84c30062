/* The keys of a log, one after the other, and what each of them may sign.
 * What:   text, one key a line: "VKEY FIRST LAST", a vkey (audit/note.h) and the sizes of the log that
 *         it signs checkpoints of; LAST "-" = it still does. A line of nothing but a vkey has no
 *         limits. Lines that begin with # are comments. Who turns from one key to the next lets both
 *         sign one checkpoint, the last of the old key. A signature of
 *         a key beyond its sizes is worth nothing: somebody stole it.
 * Owner:  texts live in the arena.
 * Units:  records.
 * Errors: DIAG_CONFIG (a list that cannot be read), DIAG_VERIFY (no key of the list signed, or one
 *         beyond its sizes).
 * See:    doc/audit-checkpoint.md */
#ifndef AUDIT_KEYS_H
#define AUDIT_KEYS_H

#include "audit/checkpoint.h"
#include "base/vec.h"

struct audit_key_span {
    struct audit_vkey key;
    int64_t first, last; /* sizes; INT64_MAX = still signs */
};

struct audit_keys {
    VEC(struct audit_key_span) v; /* oldest first */
};

/* Reads a list. */
int audit_keys_parse(struct str text, struct arena *a, struct audit_keys *ret, struct diag *d);
/* The list as text. */
struct str audit_keys_text(const struct audit_keys *k, struct arena *a);
/* The key of that id ("NAME+HEXID"), NULL = not on the list. */
struct audit_key_span *audit_keys_find(const struct audit_keys *k, struct str id, struct arena *a);
/* True when a line of the note's signatures is said to be of a key on the list. */
bool audit_keys_know(const struct audit_keys *k, struct str note, struct arena *a);
/* Fails with DIAG_VERIFY when the key may not sign a checkpoint of that size. */
int audit_key_covers(const struct audit_key_span *k, int64_t size, struct arena *a, struct diag *d);
/* What a checkpoint says that this key signed, within its sizes. */
int audit_key_open(const struct audit_key_span *k, struct str note, struct arena *a,
                   struct audit_checkpoint *ret, struct diag *d);
/* What a checkpoint says that keys of the list signed, each within its sizes; *ret_key (may be
 * NULL) is the newest of them. */
int audit_keys_open(const struct audit_keys *k, struct str note, struct arena *a,
                    struct audit_checkpoint *ret, const struct audit_key_span **ret_key,
                    struct diag *d);

#endif
