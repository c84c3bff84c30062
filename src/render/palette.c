/* The table of palette.h; read by every writer with colours. */
#include "render/palette.h"

#include <assert.h>

uint32_t
palette_role(enum chart_role role)
{
    static const uint32_t colours[] = {
        [ROLE_PASSED] = PALETTE_PASS,   [ROLE_FAILED] = PALETTE_FAIL,
        [ROLE_SKIPPED] = PALETTE_SKIP,  [ROLE_WAIVED] = PALETTE_WAIVED,
        [ROLE_ACCENT] = PALETTE_ACCENT, [ROLE_NEUTRAL] = PALETTE_SOFT,
    };
    assert((size_t)role < sizeof colours / sizeof *colours);
    return colours[role];
}

uint32_t
palette_status(enum status s)
{
    switch (status_class(s)) {
    case CLASS_PASSED:
        return PALETTE_PASS;
    case CLASS_FAILED:
        return PALETTE_FAIL;
    case CLASS_WAIVED:
        return PALETTE_WAIVED;
    default:
        /* An error hides a result that might be a failure: it must not look as quiet as "–". */
        return s == STATUS_ERROR ? PALETTE_INK : PALETTE_SKIP_INK;
    }
}

const char *
palette_sign(enum status s)
{
    static const char *const signs[STATUS__COUNT] = {
        [STATUS_NONE] = "–",        [STATUS_PASS] = "✓",          [STATUS_FIXED] = "✓",
        [STATUS_FAIL] = "✗",        [STATUS_ERROR] = "!",         [STATUS_UNKNOWN] = "?",
        [STATUS_NOTCHECKED] = "?",  [STATUS_NOTAPPLICABLE] = "–", [STATUS_INFORMATIONAL] = "–",
        [STATUS_NOTSELECTED] = "–", [STATUS_WAIVED] = "⏸",
    };
    assert(s < STATUS__COUNT);
    return signs[s];
}
