/* STIG checklists, whatever they are written in: one rule of a checklist -> check and result.
 * What:   what CKL (STIG Viewer 2) and CKLB (STIG Viewer 3) say about a rule, and what it means.
 * Owner:  texts live in the arena of the file.
 * Units:  none.
 * Errors: those of build.h.
 * See:    doc/formats/stig-checklists.md; DISA STIG Viewer User Guide */
#ifndef INGEST_STIG_H
#define INGEST_STIG_H

#include "ingest/build.h"

/* A rule as a checklist holds it; texts as written. */
struct stig_rule {
    struct str rule_id, group_id, stig_id;     /* SV-…r…_rule, V-…, RHEL-08-010000 */
    struct str title, group_title, discussion; /* group_title: the SRG */
    struct str check, fix, severity, status;
    struct str details, comments;       /* of the reviewer */
    struct str override, justification; /* of the severity */
    VEC(struct str) ccis, legacy_ids;
};

/* An empty rule. */
struct stig_rule stig_rule_init(void);
/* Adds what the checklist says of a rule. */
int stig_add(struct build *b, const struct stig_rule *r);
/* "V1 Release: 4 Benchmark Date: 27 Apr 2023" of version and release information. */
struct str stig_version(struct arena *a, struct str version, struct str release);
/* The asset's identity: the host, and for a web site or database its site and instance behind it,
 * "host:site:instance", because each has a checklist of its own. */
struct str stig_asset(struct arena *a, struct str host, bool is_web_or_database, struct str site,
                      struct str instance);

#endif
