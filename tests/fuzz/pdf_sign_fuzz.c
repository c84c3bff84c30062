/* Any bytes as a PDF to be checked: no crash, and every refusal says why. Bytes that hold a
 * signature of nobody known are never trusted. */
#include <assert.h>

#include "base/arena.h"
#include "sign/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct sign_verdict *v = NULL;
    size_t n = 0;
    struct str pdf = arena_str(a, str_n((const char *)data, size));
    if (sign_verify_pdf(pdf, NULL, a, &v, &n, &d) != 0) {
        assert(d.first.code == DIAG_BAD_DATA || d.first.code == DIAG_TOO_BIG);
        assert(d.first.text.len);
        n = 0;
    }
    for (size_t i = 0; i < n; i++)
        assert(!v[i].trusted && v[i].reason.len);
    arena_free(a);
    return 0;
}
