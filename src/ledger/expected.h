/* What files that somebody kept say about the audit log.
 * What:   each file (a checkpoint, a manifest.json, a report as PDF, HTML or JSON, exported events) is
 *         parsed in a process of its own inside the sandbox (confine/confined.h); what it says comes back
 *         as numbers and hashes. Read before the database is opened: so that process inherits neither
 *         its connection nor its password.
 * Owner:  texts live in the given arena.
 * Units:  records.
 * Errors: kept, for the verification that meets them: DIAG_IO, DIAG_BAD_DATA: a file cannot be read or
 *         says nothing about the log; DIAG_VERIFY: a checkpoint that the keys of this host did not sign;
 *         those of confined_call().
 * See:    ledger/statements.h, which holds it against the log; doc/audit-checkpoint.md */
#ifndef LEDGER_EXPECTED_H
#define LEDGER_EXPECTED_H

#include "audit/keys.h"
#include "settings/config.h"

enum expected_kind {
    EXPECTED_CHECKPOINT, /* a root */
    EXPECTED_EVENT,      /* a record that was exported */
    EXPECTED_REPORT,     /* the record that a report names */
    EXPECTED__COUNT
};

struct expected_one {
    enum expected_kind kind;
    int64_t at; /* of a checkpoint its size, else the position of the record */
    struct sha256_digest hash;
};

struct expected_file {
    struct str path;
    VEC(struct expected_one) said; /* as they stand in it */
};

struct expected {
    VEC(struct expected_file) v;
    struct diag why; /* failed = the file behind the last of v, and no other was read */
};

/* Reads n files. */
void expected_read(const struct config *c, const char *const *files, size_t n, struct arena *a,
                   struct expected *ret);

#endif
