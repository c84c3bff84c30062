/* Canonical forms of what the tables hold, and their digests: what the audit log says of a row.
 * What:   one function a kind of fact; writing (scans.c, agents.c …) and reading (load_facts.c,
 *         check_facts.c) call the same. A form begins with its kind and version, then come fields of
 *         fixed order: texts behind their length, numbers in eight bytes, what may be NULL behind a
 *         byte that says so. A field that is added makes a new version.
 * Owner:  by value.
 * Units:  seconds UTC.
 * Errors: none.
 * See:    doc/facts.md lists the fields; sql/schema/015-facts.sql */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include "store/ids.h"
#include "store/scan_row.h"
#include "store/store.h"

/* A row of the table scan as it stands there, with the names that its ids stand for. */
struct digest_scan {
    struct str agent; /* its name */
    uint64_t line_id, policy_id;
    const struct sha256_digest *policy; /* digest_policy() of the version */
    struct str profile, format, engine;
    int64_t scanned_at, started_at, ingested_at; /* started_at CLOCK_NONE = NULL */
    int64_t revision, standing;
    int64_t counts[SCAN_ROW_COUNTS]; /* in the order of the columns */
    int64_t score;                   /* -1 = NULL */
    double reported;                 /* NaN = NULL */
    int64_t flags;
    struct sha256_digest file, content;
    bool has_details, has_said;
    struct hash16 details;
    int64_t n_vec;
    struct str vec, said;
};

/* A row of the table agent, with its group's name; times are no part of it. */
struct digest_agent {
    struct str name, alias, os, address, group;
};

/* A row of the table input, and of its warnings. */
struct digest_input {
    struct store_input in;
    struct sha256_digest warnings; /* digest_warnings_end() */
};

/* Digest of a scan. */
struct sha256_digest digest_scan(const struct digest_scan *s);
/* Digest of an agent. */
struct sha256_digest digest_agent(const struct digest_agent *g);
/* Digest of a policy version: names, and what its checks are called and say, in their order. */
struct sha256_digest digest_policy(struct str id, struct str version, struct str title,
                                   const struct hash16 *checks, const struct hash16 *texts,
                                   size_t n);
/* Begins the digest over the warnings of a file. */
struct sha256 *digest_warnings(void);
/* Adds the next of them. */
void digest_warning(struct sha256 *h, struct str kind, struct str place, struct str text);
/* Digest of an input. */
struct sha256_digest digest_input(const struct digest_input *i);
/* Digest of an agent on the list; its aliases are in the order of their bytes. */
struct sha256_digest digest_enrolment(const struct store_enrolment *e);
/* Digest of a setting. */
struct sha256_digest digest_setting(struct str name, struct str value);
/* Digest of a report run. */
struct sha256_digest digest_run(const struct store_run *r);
/* Digest of what the log says of a cursor: up to where it told that records arrived. */
struct sha256_digest digest_cursor(struct str target, int64_t told_seq);

#endif
