/* Inside of the Nessus reader.
 * What:   nessus.c walks the elements and gathers the texts of one item at a time; item.c
 *         makes checks and results of compliance items; reference.c reads their references;
 *         host.c makes scans of a host. Not for use outside the reader.
 * Owner:  everything kept lives in the arena of the file; texts that hosts share are kept once.
 * Units:  bytes, seconds UTC.
 * Errors: -1 with the diag set; findings are warnings.
 * See:    Tenable, "Nessus File Format"; doc/formats/nessus.md */
#ifndef INGEST_READERS_NESSUS_NESSUS_H
#define INGEST_READERS_NESSUS_NESSUS_H

#include "base/buf.h"
#include "base/map.h"
#include "ingest/build.h"

/* Elements whose text is gathered. */
enum nessus_field {
    NF_RESULT,
    NF_NAME,
    NF_ID,
    NF_AUDIT,
    NF_BENCHMARK,
    NF_VERSION,
    NF_PROFILE,
    NF_ACTUAL,
    NF_EXPECTED,
    NF_ERROR,
    NF_INFO,
    NF_SOLUTION,
    NF_REFERENCE,
    NF_SEE_ALSO,
    NF_COMPLIANCE,
    NF_DESCRIPTION,
    NF_OUTPUT, /* plugin_output */
    NF__ITEM,  /* those before are of an item */
    NF_TAG = NF__ITEM,
    NF_POLICY,
    NF__COUNT
};

/* Text of an element; the memory is used again for the next one of that name. */
struct nessus_text {
    struct buf buf;
    size_t total; /* bytes there were: more than are in buf when it was cut */
    unsigned n;   /* elements of that name in this item */
};

/* What every part needs. */
struct nessus_env {
    const struct ingest_context *ctx;
    struct arena *a;
    struct diag *d;
    struct map *texts;      /* text -> struct str, each kept once */
    struct map *frameworks; /* key of a reference -> struct framework */
    struct map *references; /* raw reference text -> struct nessus_references */
    struct buf scratch;
};

/* What compliance-reference says of a check, the same for every host. */
struct nessus_references {
    struct scan_check as_check; /* mappings and idents only */
    enum severity severity;     /* by CAT */
    struct str key;             /* revision-free STIG rule, or empty */
};

/* Tags of HostProperties that matter. */
enum nessus_tag {
    NT_FQDN,
    NT_HOSTNAME,
    NT_IP,
    NT_MAC,
    NT_UUID,
    NT_OS,
    NT_START,
    NT_END,
    NT_START_EPOCH,
    NT_END_EPOCH,
    NT_POLICY,
    NT__COUNT
};

/* The items of a host that belong to one audit file or benchmark: a scan in the making. */
struct nessus_group {
    struct build b;
    struct str plugin; /* name of the plugin of its first item */
};

struct nessus_host {
    struct str name; /* ReportHost/@name */
    struct str tags[NT__COUNT];
    struct str engine;
    VEC(struct nessus_group *) groups;
    struct map *by_key;
    size_t number; /* of the ReportHost in the file, from 1 */
    size_t n_odd; /* items of the compliance family that name neither check nor result */
};

/* One ReportItem. */
struct nessus_item {
    bool is_policy_family, is_scan_info;
    struct str plugin;
    const struct nessus_text *texts; /* NF__COUNT of them */
};

/* ---- item.c ---- */

/* The text, trimmed and cut visibly at max; a text that was kept before is not copied. */
struct str nessus_keep(struct nessus_env *e, const struct nessus_text *t, size_t max,
                       const char *field);
/* The same for a text that is no element's. */
struct str nessus_keep_str(struct nessus_env *e, struct str s, size_t max, struct str place);
/* Adds a complete item to its host when it is about compliance. */
int nessus_item_add(struct nessus_env *e, struct nessus_host *h, const struct nessus_item *it,
                    size_t n_scans);

/* ---- reference.c ---- */

/* Reads `800-53|CM-7,CCI|CCI-000381,CAT|II`; place names the check in warnings. The diag has failed
 * afterwards when a file has too many different keys. */
const struct nessus_references *nessus_references(struct nessus_env *e, struct str text,
                                                  struct str place);

/* ---- host.c ---- */

/* An empty host. */
void nessus_host_start(struct nessus_host *h, struct str name, struct arena *a);
/* The tag of that name, or NT__COUNT. */
enum nessus_tag nessus_host_tag(struct str name);
/* The host is complete: adds its scans to the file; policy is the name of the scanner's policy. */
int nessus_host_end(struct nessus_env *e, struct nessus_host *h, struct str policy,
                    struct scan_file *file);

#endif
