/* Any bytes as an authority's answer: no crash, and nothing holds that nobody trusted has signed. */
#include <assert.h>
#include <stdint.h>

#include "sign/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct sign_stamp s;
    int rc = timestamp_verify(str_n((const char *)data, size), STR("bytes"), NULL, a, &s, &d);
    assert(rc == -1 && d.first.code == DIAG_VERIFY);
    arena_free(a);
    return 0;
}
