/* Reports made: definitions and a period -> files, signed, with one manifest.
 * What:   loads the dataset, composes, renders every output, seals PDFs, writes all files, then
 *         manifest.json and manifest.json.p7s over them, and appends the audit records
 *         (report.make, output.write for each file). A newer making of the same report is a new
 *         version.
 * Owner:  paths in the summary live in the arena of the diag.
 * Units:  bytes.
 * Errors: DIAG_CANNOT_WRITE, DIAG_CONFIG (definition, key), DIAG_UNAVAILABLE; DIAG_USAGE: what is asked for is
 *         not known here, or is empty.
 * See:    doc/man/assay-report.1 */
#ifndef JOB_REPORT_H
#define JOB_REPORT_H

#include "act/act.h"
#include "job/request.h"

/* How long a claim holds; it is renewed between the steps of a report, none of which takes nearly as long. */
enum { REPORT_LEASE_S = 1800 };

struct report_output {
    struct str path, media_type;
    struct sha256_digest sha256;
    int64_t size;
};

struct report_summary {
    struct str id, version, title, dir, dataset_hex;
    bool is_signed;
    VEC(struct report_output) outputs; /* manifest and its signature last */
    VEC(struct str) destinations;      /* that it is queued for, or would be */
};

/* Makes n reports into one folder under one manifest (n > 1 needs output_dir). */
int report_run(struct act *act, const struct report_request *requests, size_t n,
               struct report_summary *ret, struct diag *d);
/* The same inside the claimed run `token` of a schedule: the run is marked done in the transaction
 * of the audit records. */
int report_run_claimed(struct act *act, const struct report_request *request, uint64_t token,
                       struct report_summary *ret, struct diag *d);

#endif
