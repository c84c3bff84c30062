/* Ids and hashes that rows are found by.
 * What:   an id is computed from what it names, so that no look-up is needed and every host makes the
 *         same: the first 63 bits of a SHA-256 over the fields. A line is what one agent reports
 *         under one policy and profile: its scans follow each other in time.
 * Owner:  by value.   Units: none.   Errors: none. */
#ifndef STORE_IDS_H
#define STORE_IDS_H

#include "model/scan.h"

struct hash16 { /* the first 16 bytes of a SHA-256 */
    unsigned char b[16];
};

/* First 63 bits of the SHA-256 over the fields, never 0. */
uint64_t ids_of(const struct str *fields, size_t n);
/* First 16 bytes of the SHA-256 of s. */
struct hash16 ids_hash16(struct str s);
/* 32 lower-case hex digits, for messages. */
struct str ids_hex(struct arena *a, const struct hash16 *h);
/* A str of the bytes of an object, for use as a key (copied into the arena). */
struct str ids_key(struct arena *a, const void *p, size_t n);
/* Agent id. */
uint64_t ids_agent(struct str name);
/* Line id: the same for all agents. */
uint64_t ids_line(const struct scan_policy *p);
/* Group id. */
uint64_t ids_group(struct str name);

#endif
