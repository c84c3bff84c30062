/* Inside of the Pandora reader: an agent's data file with hardening results.
 * What:   pandora.c drives the XML; header.c reads the attributes of <agent_data>;
 *         modules.c the four summary modules; checks.c our element <hardening>.
 *         Not for use outside the reader.
 * Owner:  everything kept lives in the arena of the file.
 * Units:  times in seconds UTC.
 * Errors: -1 with the diag set; findings are warnings.
 * See:    doc/formats/pandora.md */
#ifndef INGEST_READERS_PANDORA_PANDORA_H
#define INGEST_READERS_PANDORA_PANDORA_H

#include "base/buf.h"
#include "base/map.h"
#include "ingest/format.h"
#include "ingest/xml.h"

/* What <agent_data> says about the agent. */
struct pandora_header {
    struct scan_asset asset;
    struct str engine;
    int64_t time; /* CLOCK_NONE = the file's */
    bool zone_assumed;
    int64_t zone_shift_s; /* timezone_offset: from the agent's local time to the server's */
};

enum pandora_module {
    PANDORA_FAILED,
    PANDORA_NOT_APPLIED,
    PANDORA_PASSED,
    PANDORA_SCORE,
    PANDORA_MODULE__COUNT
};

/* The values of the four modules; has = seen and a number. */
struct pandora_modules {
    bool is_named; /* one of the four was there, whatever it said */
    bool has[PANDORA_MODULE__COUNT];
    double value[PANDORA_MODULE__COUNT];
};

/* One <hardening> in the making. */
struct pandora_checks {
    struct scan scan;
    struct map *index;       /* check id -> index into scan.checks */
    VEC(unsigned) n_results; /* results so far of each check */
    struct scan_check check; /* the <check> being read */
    struct scan_result result;
    bool is_new; /* its id was not seen before: texts are kept */
};

/* header.c: reads the root's attributes; fails for documents of a satellite server. */
int pandora_header_read(const struct ingest_context *ctx, struct xml_attrs attrs,
                        struct pandora_header *ret, struct arena *a, struct diag *d);
/* A time as an agent writes it: without a zone it is the agent's local time. */
int64_t pandora_header_time(const struct ingest_context *ctx, const struct pandora_header *h,
                            struct str text, bool *zone_assumed, struct diag *d);

/* modules.c: takes a module's name and data; other modules are ignored. */
void pandora_modules_take(struct pandora_modules *m, struct str name, struct str data,
                          struct diag *d);
/* True when any of the four was there. */
bool pandora_modules_any(const struct pandora_modules *m);
/* Makes the scan that has counts and score only; fails when passed or failed is missing. */
int pandora_modules_scan(const struct pandora_modules *m, const struct ingest_context *ctx,
                         const struct pandora_header *h, struct scan_file *file, struct arena *a,
                         struct diag *d);
/* Warns when the counts of all scans are not those of the modules, and keeps
 * the reported score when there is one scan. */
void pandora_modules_compare(const struct pandora_modules *m, struct scan_file *file,
                             struct arena *a, struct diag *d);

/* checks.c: <hardening>. */
int pandora_checks_open(struct pandora_checks *c, const struct ingest_context *ctx,
                        const struct pandora_header *h, struct xml_attrs attrs, struct arena *a,
                        struct diag *d);
/* <check>. */
int pandora_checks_start(struct pandora_checks *c, struct xml_attrs attrs, struct arena *a,
                         struct diag *d);
/* A child of <check> that ended, with its attributes kept by the caller's start and its text. */
void pandora_checks_child(struct pandora_checks *c, struct str name, struct str text,
                          struct arena *a, struct diag *d);
/* <compliance framework= edition= control=/>. */
void pandora_checks_compliance(struct pandora_checks *c, struct xml_attrs attrs, struct arena *a,
                               struct diag *d);
/* </check>. */
int pandora_checks_end(struct pandora_checks *c, struct arena *a, struct diag *d);
/* </hardening>: hands the scan over. */
int pandora_checks_close(struct pandora_checks *c, const struct ingest_context *ctx,
                         struct scan_file *file, struct arena *a, struct diag *d);

#endif
