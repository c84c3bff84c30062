/* Reports made: definitions and a period -> files, signed, with one manifest.
 * What:   loads the dataset, composes, renders every output, seals PDFs, writes all files, then
 *         manifest.json and manifest.json.p7s over them, and appends the audit records
 *         (report.make, output.write for each file). A newer making of the same report is a new
 *         version.
 * Owner:  paths in the summary live in the arena of the diag.
 * Units:  bytes.
 * Errors: DIAG_CANNOT_WRITE, DIAG_CONFIG (definition, key), DIAG_UNAVAILABLE.
 * See:    doc/man/assay-report.1 */
#ifndef JOB_REPORT_H
#define JOB_REPORT_H

#include "act/act.h"
#include "model/report.h"
#include "settings/definition.h"

struct report_request {
    const char *definition;    /* name or path */
    const char *period;        /* as period_parse takes it; NULL = the newest closed one */
    const char *output_dir;    /* NULL = <reports-dir>/<definition>-<period> */
    const char *language;      /* NULL = the definition's, else the settings' */
    const char *agent;         /* narrows to one agent; NULL = all */
    const char *const *groups; /* narrows; n_groups 0 = the definition's */
    size_t n_groups;
    const char *formats; /* names of report_format(), between commas; NULL = the definition's */
};

struct report_output {
    struct str path, media_type;
    struct sha256_digest sha256;
    int64_t size;
};

struct report_summary {
    struct str id, version, title, dir, dataset_hex;
    struct period period;
    bool is_signed;
    VEC(struct report_output) outputs; /* manifest and its signature last */
};

/* The sections and formats that a definition may name. */
extern const struct definition_choices report_choices;
/* The names of the formats there are, by number from 0; NULL behind the last. */
const char *report_format(size_t i);
/* Makes n reports into one folder under one manifest (n > 1 needs output_dir). */
int report_run(struct act *act, const struct report_request *requests, size_t n,
               struct report_summary *ret, struct diag *d);
/* The same inside the claimed run `token` of a schedule: the run is marked done in the transaction
 * of the audit records. */
int report_run_claimed(struct act *act, const struct report_request *request, uint64_t token,
                       struct report_summary *ret, struct diag *d);

#endif
