/* STIG checklists, whatever they are written in: one rule of a checklist -> check and result.
 * What:   what CKL (STIG Viewer 2) and CKLB (STIG Viewer 3) say about a rule, and what it means.
 * Owner:  texts live in the arena of the file.
 * Units:  none.
 * Errors: those of build.h; DIAG_BAD_DATA for a STIG without a name.
 * See:    doc/formats/stig-checklists.md; DISA STIG Viewer User Guide */
#ifndef INGEST_READERS_STIG_STIG_H
#define INGEST_READERS_STIG_STIG_H

#include "ingest/build.h"

/* A rule as a checklist holds it; texts as written. */
struct stig_rule {
    struct str rule_id, group_id, stig_id;     /* SV-…r…_rule, V-…, RHEL-08-010000 */
    struct str title, group_title, discussion; /* group_title: the SRG */
    struct str check, fix, severity, status;
    struct str details, comments;       /* of the reviewer */
    struct str override, justification; /* of the severity */
    VEC(struct str) ccis, legacy_ids;   /* by stig_add_cci(), stig_add_legacy_id() */
};

/* Who was looked at, as a checklist says. */
struct stig_target {
    struct str host, fqdn, ip, mac; /* ip and mac: one, or several separated by commas */
    struct str web_or_db;           /* "true" or not */
    struct str site, instance;      /* of the web site or database */
};

/* Which STIG a checklist is of; texts as written. */
struct stig_name {
    struct str id, title, version, release;
};

/* An empty rule. */
struct stig_rule stig_rule_init(void);
/* An empty target. */
struct stig_target stig_target_init(void);
/* Adds a CCI to the rule; empty ones are passed over, too many are a warning. */
void stig_add_cci(struct build *b, struct stig_rule *r, struct str cci);
/* The same for an id that the rule had in earlier editions. */
void stig_add_legacy_id(struct build *b, struct stig_rule *r, struct str id);
/* Of two status words for one rule the one that counts: the worse, so that none hides a failure. */
struct str stig_worse_word(struct build *b, struct str one, struct str other);
/* Adds what the checklist says of a rule. A rule that says nothing at all is left out, and the scan
 * is partial then. */
int stig_add(struct build *b, const struct stig_rule *r);
/* Names the policy, version as "V1 Release: 4 Benchmark Date: 27 Apr 2023". Converters leave the id
 * out: then the title is the id. */
int stig_settle_policy(struct build *b, const struct stig_name *n);
/* Names the asset: the host as the file says, else as the transport does; for a web site or database
 * with its site and instance behind it, "host:site:instance", because each has a checklist of its
 * own. */
void stig_settle_asset(struct build *b, const struct stig_target *t);

#endif
