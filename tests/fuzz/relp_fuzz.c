/* Any bytes as answers of a RELP receiver: frames lie inside what came, and a frame that is not
 * whole stays so for every beginning of it. */
#include <assert.h>
#include <stdint.h>

#include "deliver/relp_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = str_n((const char *)data, size);
    struct relp_frame f, again;
    while (s.len) {
        long n = relp_read_frame(s, &f);
        assert(n >= -1 && n <= (long)s.len);
        if (n <= 0)
            break;
        assert(f.txnr >= 0 && f.command.len && f.data.s + f.data.len < s.s + n);
        assert(s.s[n - 1] == '\n');
        for (size_t k = 0; k < (size_t)n && k < 64; k++)
            assert(relp_read_frame(str_n(s.s, k), &again) == 0);
        s = str_n(s.s + n, s.len - (size_t)n);
    }
    return 0;
}
