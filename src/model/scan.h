/* One audit of one asset as its scanner reported it: what ingest makes and store keeps.
 * What:   nouns only. A file gives one or more scans (struct scan_file). Texts are UTF-8 (repaired)
 *         but hostile: writers escape them.
 * Owner:  everything lives in the arena of the file; a scan does not outlive it.
 * Units:  times in seconds UTC (CLOCK_NONE = missing); scores in percent.
 * Errors: none here.   See: doc/formats/, notes on mapping in each page. */
#ifndef MODEL_SCAN_H
#define MODEL_SCAN_H

#include "base/clock.h"
#include "base/diag.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "model/status.h"

/* A control of a framework that a check maps to. */
struct scan_mapping {
    struct str framework; /* normalised: cis, cis_csc, pci_dss, nist_800_53, tsc, iso27001, cci … */
    struct str edition;   /* "v8", "4.0", "2013" … or empty when the source does not say */
    struct str control;   /* normalised control id, e.g. "5.1", "CM-1" */
};

/* One rule of a benchmark: metadata, the same for every host scanned with that policy version. */
struct scan_check {
    struct str id;  /* as written, compared as bytes, e.g. 19582 or xccdf_..._rule_x */
    struct str key; /* stable across versions (revision-free STIG number); id when unknown */
    struct str title, description, rationale, remediation, impact;
    struct str own_category; /* the input's own word for it; empty = it says none */
    struct str section;      /* where its content puts it, doc/categories.md; empty = nowhere */
    /* What it counts under: the input's own word or a derived name of CIS Controls v8; empty = none. */
    struct str category;
    struct str category_source; /* how that was found: "own", "rule:sshd_*" …; empty = not yet */
    enum severity severity;
    VEC(struct scan_mapping) mappings;
    VEC(struct str) references; /* URLs or free text */
    VEC(struct str) idents;     /* CCE-…, CCI-…, STIG ids */
};

/* What one check gave on this asset. One check can have several (multi-check, instances). */
struct scan_result {
    size_t check;     /* index into scan.checks */
    unsigned ordinal; /* 0, 1, … among the results of this check */
    enum status status;
    struct str native;      /* the scanner's own word */
    enum severity severity; /* override of the check's, else SEVERITY_UNKNOWN */
    struct str evidence;    /* actual value, message, reason; may be empty */
    struct str waiver;      /* authority and remark of an override, may be empty */
    int64_t time;           /* CLOCK_NONE = the scan's */
};

/* A number keyed by a word: native counts. */
struct scan_count {
    struct str word;
    int64_t n;
};

/* A score as the scanner reported it; ours is computed (tally.h). */
struct scan_score {
    struct str system;
    double value, maximum;
};

struct scan_asset {
    struct str name;  /* identity; empty when the file names nobody (transport must) */
    bool is_given;    /* the file names nobody: the name is the transport's */
    struct str alias; /* for people, said by the host itself: no identity; empty = name */
    struct str os;
    struct str group;          /* as the agent says; empty = not said */
    VEC(struct str) addresses; /* IPs and MACs, prefix lengths kept */
    VEC(struct str) no_names;  /* what stands in the file where a name should, but names no host */
};

struct scan_policy {
    struct str id, version, title, profile;
};

struct scan {
    struct str format; /* reader's name: "xccdf-1.2", "wazuh-sca" … */
    struct scan_asset asset;
    struct scan_policy policy;
    struct str engine;  /* scanner and version as reported */
    int64_t start, end; /* end is the time of the scan */
    bool zone_assumed;  /* a time had no zone, the site's was taken */
    bool end_assumed;   /* the file has no end time, the transport's was taken */
    bool partial;       /* does not cover the whole policy, or was cut: never shown as complete */
    bool delta;         /* only changes: merge into the asset's known state of this policy */
    bool score_only;    /* counts and score without single results */
    bool bare;          /* checks carry ids only (no rule metadata in this file) */
    VEC(struct scan_check) checks;
    VEC(struct scan_result) results;
    VEC(struct scan_count) native_counts; /* in order of first appearance */
    int64_t counts[STATUS__COUNT];        /* results by our status, every ordinal counted */
    VEC(struct scan_score) scores;        /* as reported */
    struct sha256_digest catalogue;       /* scan_catalogue_hash(), when has_catalogue */
    bool has_catalogue;
    struct str category_tables; /* which tables the categories were derived by; empty = none were */
};

/* What a file held. */
struct scan_file {
    struct str path;             /* as given */
    struct sha256_digest sha256; /* of the bytes as received, before decompression */
    int64_t size;                /* bytes as received */
    struct str compression;      /* "", "gzip", "bzip2", "xz" */
    struct str secret;           /* group password in it: not stored, not logged, wiped by enrol */
    struct str custody; /* how it was authenticated (doc/enrolment.md); empty = not looked at */
    bool
        holds_nothing; /* valid and whole, and of a kind that need not hold a scan: then it has none */
    struct str sender, sender_group; /* of such a file: the agent it is of; empty = not said */
    VEC(struct scan) scans;
    VEC(struct diag_note) warnings; /* findings of the reader, set by the caller of ingest */
};

/* A check of that id without any texts; its key is the id. */
struct scan_check scan_check_new(struct str id);
/* Adds one result and counts it under its native word and our status. Notselected is counted
 * only. native is kept as given; the reader has set the ordinal. */
void scan_add_result(struct arena *a, struct scan *s, struct scan_result r);
/* The content hash of the catalogue part: policy id, version, and every check's id, key, texts, own category
 * and section; not what is derived from them. */
struct sha256_digest scan_catalogue_hash(const struct scan *s);
/* Computes it once, for all who ask later; nothing of the checks may change afterwards. */
void scan_settle_catalogue(struct scan *s);
/* How the category of a check was found, by the word before the colon of its source. */
enum category_kind {
    CATEGORY_OWN,     /* the input says it */
    CATEGORY_CIS,     /* CIS's own mapping to version 8 of its Controls */
    CATEGORY_RULE,    /* name of the rule */
    CATEGORY_GROUP,   /* group of the content that the rule is in */
    CATEGORY_SECTION, /* test id, section or service of another scanner's content */
    CATEGORY_CONTROL, /* the NIST SP 800-53 control that it tests */
    CATEGORY_TITLE,   /* words of its title */
    CATEGORY_CIS_OLD, /* CIS's mapping to an older version, carried over by number */
    CATEGORY_GENERAL, /* a general NIST SP 800-53 control, such as CM-6 */
    CATEGORY_NONE,    /* nothing says it */
    CATEGORY_UNKNOWN, /* not looked at by this version of the program */
    CATEGORY__COUNT
};

/* The kind of a source. */
enum category_kind scan_category_kind(struct str source);
/* The CIS Controls v8 name 1..18, or empty. */
struct str scan_category_name(int number);
/* The number of a CIS Controls v8 name (without case), 0 = none of them. */
int scan_category_number(struct str name);
#endif
