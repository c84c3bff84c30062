/* What every back end of a canvas does alike. */
#include "render/canvas/canvas.h"

#include "render/font/font.h"

double
canvas_text_width(struct canvas *c, double size_pt, bool bold, struct str s)
{
    (void)c;
    return font_width(bold ? FONT_BOLD : FONT_REGULAR, size_pt, s);
}
