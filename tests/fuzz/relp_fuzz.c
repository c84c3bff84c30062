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
        if (relp_read_frame(s, &f) != RELP_READ_FRAME)
            break;
        assert(f.len > 0 && f.len <= s.len);
        assert(f.txnr >= 0 && f.command.len && f.data.s + f.data.len < s.s + f.len);
        assert(s.s[f.len - 1] == '\n');
        for (size_t k = 0; k < f.len && k < 64; k++)
            assert(relp_read_frame(str_n(s.s, k), &again) == RELP_READ_PART);
        s = str_n(s.s + f.len, s.len - f.len);
    }
    return 0;
}
