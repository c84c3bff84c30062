/* Any bytes as an answer of Splunk: success only where it says so, an acknowledgement only where it
 * is true, and no secret in what is told. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "deliver/hec_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 400, 401, 403, 404, 413, 503};
    struct arena *a = arena_new();
    struct str answer = str_n((const char *)data, size);
    struct hec_answer h;
    hec_read(answer, STR("s3cret"), a, &h);
    assert(h.code >= -1 && h.ack_id >= -1 && h.invalid >= -1 && h.text.len <= 200);
    assert(!memmem(h.text.s, h.text.len, "s3cret", 6) && !memchr(h.text.s, '\n', h.text.len));
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct diag d = diag_init(a);
        int rc = hec_verdict(statuses[i], &h, &d);
        assert((rc == 0) == (statuses[i] == 200 && h.code == 0) && (rc == 0) == !diag_failed(&d));
    }
    if (hec_is_indexed(answer, 7))
        assert(memmem(answer.s, answer.len, "true", 4) && memchr(answer.s, '7', answer.len));
    arena_free(a);
    return 0;
}
