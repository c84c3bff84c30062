/* An event made into the byte-exact record of the chained log, and back.
 * What:   canonical JSON (RFC 8785: sorted keys, shortest escapes, integers only), at most 60,000
 *         bytes; values over 4 KiB (as written) are replaced by {"head","len","sha256"}; secrets by
 *         {"changed":true}. leaf = SHA-256(0x00 || record) as in RFC 6962 §2.1, and each record
 *         carries the leaf of the one before in "prev".
 * Owner:  bytes live in the arena.
 * Units:  ts in microseconds UTC.
 * Errors: DIAG_BAD_DATA (a stored record that cannot be read).
 * See:    doc/audit-record.md, shared design in ARCHITECTURE.md */
#ifndef AUDIT_RECORD_H
#define AUDIT_RECORD_H

#include "base/diag.h"
#include "base/sha256.h"
#include "model/event.h"

/* Who acts, from where: the same for all records of a run. */
struct audit_actor {
    struct str origin; /* name of this log, e.g. "audit.example.jp/assay" */
    struct str user;   /* account name */
    int64_t uid;
    struct str host, via; /* via: "cli", "cron", "systemd" */
    struct str run;       /* run id: one per process */
    struct str app;       /* "1.0.0" */
    /* The person behind the account, short texts that are empty when nobody knows: who logged in (-1 =
     * nobody did), and what the environment says, which who calls may set: sudo's caller, "ADDRESS PORT". */
    struct str login;
    int64_t login_uid;
    struct str sudo_user, ssh_peer;
};

struct audit_record { /* a parsed record: for verification and encoders */
    struct str origin, ts, event, outcome, reason, app, host, run, via;
    struct str login, sudo_user, ssh_peer; /* of the actor, as in struct audit_actor */
    struct str actor_name, object_type, object_id, object_name, prev_hex, leaf_hex, salt_hex;
    int64_t seq, actor_id, login_uid, severity,
        version;                      /* login_uid -1 = the record does not say */
    VEC(struct event_change) changes; /* is_secret set where the values are withheld */
    struct str raw;                   /* the bytes; empty in a reduced record */
    size_t full_size;                 /* of a reduced record: how long raw was; else 0 */
    bool has_short_uid;               /* audit_record_uid() leaves the hash out, as it once did */
};

/* Builds the record for seq behind the leaf prev; *ret_leaf is its own leaf. */
void audit_record_build(int64_t seq, const struct sha256_digest *prev, int64_t ts_us,
                        const struct audit_actor *who, const struct event *e, struct arena *a,
                        struct str *ret_rec, struct sha256_digest *ret_leaf);
/* How many of the first changes one record is sure to spell out: all that follow need another. At
 * least one when there are any; a is for scratch. */
size_t audit_record_fits(const struct event_change *changes, size_t n, struct arena *a);
/* What a parsed record says for a value: the value, repaired, or the beginning of a long one with
 * its length and hash. */
struct str audit_record_text(struct str value, struct arena *a);
/* What is left of a record for a target that refuses it: who is who (origin, seq, time, event,
 * outcome, hashes), no text that came from elsewhere, and a mark that says so with its size. */
struct audit_record audit_record_reduce(const struct audit_record *r, struct arena *a);
/* SHA-256(0x00 || rec). */
struct sha256_digest audit_record_leaf(struct str rec);
/* What chain.c compares, of a record in the shape that audit_record_build() gives it: seq, ts, event,
 * object_type, object_id, outcome and prev_hex; texts stand in rec. A tenth of the cost of parsing.
 * False = it has another shape, or texts with escapes: audit_record_parse() tells. */
bool audit_record_skim(struct str rec, struct audit_record *ret);
/* Parses a record; one that could not stand on one line is refused. */
int audit_record_parse(struct str rec, struct arena *a, struct audit_record *ret, struct diag *d);

#endif
