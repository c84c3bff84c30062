/* Any text as a time: the same answer in every zone but for the shift, and what is printed of it reads back. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "ingest/times.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ZONE = -19800 };

static void
check_printed(int64_t t)
{
    struct times_reading again;
    struct arena *a = arena_new();
    if (t >= -62135596800 && t <= 253402300799) { /* the years 1 to 9999 */
        struct str iso = clock_iso(a, t);
        assert(times_parse(iso, ZONE, &again) && again.t == t && !again.zone_assumed);
    }
    arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = str_n((const char *)data, size);
    struct times_reading utc = {.t = 1}, there = {.t = 1};
    bool ok = times_parse(s, 0, &utc), again = times_parse(s, ZONE, &there);
    assert(ok == again);
    if (!ok) {
        assert(utc.t == 1 && there.t == 1);
        return 0;
    }
    assert(utc.zone_assumed == there.zone_assumed && utc.order_assumed == there.order_assumed);
    assert(there.t == utc.t - (utc.zone_assumed ? ZONE : 0));
    assert(str_trim(s).len > 0 && str_trim(s).len <= 100);
    check_printed(utc.t);
    return 0;
}
