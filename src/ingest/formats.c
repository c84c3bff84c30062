/* The one list of readers. */
#include "ingest/readers.h"

const struct ingest_format *const ingest_formats[] = {
    &xccdf_format,       &pandora_format,
    &wazuh_format,       &lynis_format,
    &ckl_format,         &cklb_format,
    &nessus_format,      &kubebench_format,
    &dockerbench_format, &prowler_format,
    &inspec_format,      &oscal_format,
    &ciscat_format,      NULL,
};
