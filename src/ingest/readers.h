/* The readers there are; listed in formats.c.
 * What:   one const struct a format.   Owner: static.   Units: none.   Errors: see format.h. */
#ifndef INGEST_READERS_H
#define INGEST_READERS_H

#include "ingest/format.h"

extern const struct ingest_format xccdf_format, pandora_format, wazuh_format, lynis_format,
    ckl_format, cklb_format, nessus_format, kubebench_format, dockerbench_format, prowler_format,
    inspec_format, oscal_format, ciscat_format;

#endif
