/* The manifest of a run: every output with its size and hash, and what it was made from.
 * What:   manifest.json ("schema": "assay-manifest-1"), signed by a detached CMS beside it.
 *         Canonical: sorted keys, integers, so that equal runs give equal bytes.
 * Owner:  texts live in the given arena.
 * Units:  bytes; seconds UTC.
 * Errors: DIAG_BAD_DATA (not a manifest), DIAG_VERIFY through the lines of manifest_check.
 * See:    doc/reports/manifest.md */
#ifndef SIGN_MANIFEST_H
#define SIGN_MANIFEST_H

#include "base/diag.h"
#include "base/sha256.h"

/* More is neither written nor read: who makes outputs counts them first. */
enum { MANIFEST_MAX_OUTPUTS = 10000 };

struct manifest_output {
    struct str name, media_type; /* a plain file name beside the manifest */
    int64_t size;
    struct sha256_digest sha256;
};

struct manifest_report { /* what one of the reports is */
    struct str definition, id, language, period, scope, version;
};

struct manifest_library {
    struct str name, version;
};

struct manifest {
    struct str report_id, dataset_hex, audit_hash_hex, tool;
    int64_t audit_seq;           /* newest record when the run began, -1 = none */
    struct str audit_checkpoint; /* of the log, signed by its key; empty = none */
    int64_t created;
    VEC(struct manifest_report) reports; /* none in manifests of older programs */
    VEC(struct manifest_library) libraries;
    VEC(struct manifest_output) outputs;
};

/* Adds the libraries this room knows (OpenSSL) to the list. */
void manifest_add_libraries(struct manifest *m, struct arena *a);
/* A file beside the manifest, made after it: the checkpoint of the audit log that is over the records of
 * the run. It is signed by the log's own key. */
#define MANIFEST_CHECKPOINT "audit.checkpoint"

/* True for a name without a folder in it. */
bool manifest_is_plain_name(struct str s);
/* The bytes of manifest.json, over at most MANIFEST_MAX_OUTPUTS. */
void manifest_write(const struct manifest *m, struct arena *a, struct str *ret);
/* Loads what reading needs: for processes that will not be able to. */
void manifest_warm(void);
/* Reads one back. Only the canonical form is taken; names must be plain file names, and unlike. */
int manifest_parse(struct str bytes, struct arena *a, struct manifest *ret, struct diag *d);

struct manifest_finding { /* one output compared with its file */
    struct str name;
    bool ok;
    struct str text; /* "12345 bytes, SHA-256 as stated", or what differs */
};

/* Compares every output with the file of that name below dir, and lists files that the manifest
 * does not name. */
int manifest_check(const struct manifest *m, const char *dir, struct arena *a,
                   struct manifest_finding **ret, size_t *ret_n, struct diag *d);

#endif
