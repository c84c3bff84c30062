/* The colours of reports, one table for PDF, SVG and PNG (HTML's dark mode has its own in CSS).
 * What:   colour-blind-safe: every status also has a sign and a word.
 * Owner:  static.   Units: sRGB 0xRRGGBB.   Errors: none. */
#ifndef RENDER_PALETTE_H
#define RENDER_PALETTE_H

#include <stdint.h>

#include "model/report.h"

#define PALETTE_INK      0x1b2127u
#define PALETTE_SOFT     0x5a6570u
#define PALETTE_HAIRLINE 0xd9dee3u
#define PALETTE_TRACK    0xe9edf0u
#define PALETTE_ACCENT   0x0b4f6cu
#define PALETTE_PASS     0x006b4fu
#define PALETTE_FAIL     0xa84300u
#define PALETTE_WAIVED   0x0072b2u
#define PALETTE_SKIP     0x8a929au /* fills */
#define PALETTE_SKIP_INK 0x595959u /* text */
#define PALETTE_PAPER    0xffffffu

/* Fill colour of a chart role. */
uint32_t palette_role(enum chart_role role);
/* Text colour of a status. */
uint32_t palette_status(enum status s);
/* The sign of a status class: ✓ ✗ – ! ? ⏸ (UTF-8). */
const char *palette_sign(enum status s);

#endif
