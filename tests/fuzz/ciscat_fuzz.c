/* Any bytes through the CIS-CAT reader: no crash, and no scan that breaks a promise. */
#include "ingest/readers.h"
#include "reader_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader_fuzz(&ciscat_format, data, size);
    return 0;
}
