/* Ranges of monitoring plugins; job/probes.c judges by them. */
#include "model/range.h"

#include <math.h>

static bool
read_end(struct str text, double if_empty, double *ret)
{
    *ret = if_empty;
    return !text.len || (str_to_double(text, ret) && isfinite(*ret));
}

int
range_parse(struct str text, struct range *ret, struct diag *d)
{
    struct str rest = text;
    *ret = (struct range){.text = text, .from = 0, .to = INFINITY};
    ret->is_inside = rest.len && rest.s[0] == '@';
    if (ret->is_inside)
        rest = str_n(rest.s + 1, rest.len - 1);
    bool has_start = str_find(rest, ":") >= 0, ok = true;
    struct str start = has_start ? str_cut(&rest, ':') : STR("");
    if (str_eqc(start, "~"))
        ret->from = -INFINITY;
    else
        ok = read_end(start, 0, &ret->from);
    if (!text.len ||
        (ok && (has_start || rest.len) && read_end(rest, INFINITY, &ret->to) && ret->from <= ret->to))
        return 0;
    return diag_fail(d, DIAG_USAGE,
                     "want a range such as 10, 10:, ~:10, 10:20 or @10:20, got \"%.*s\"",
                     STR_ARG(text));
}

bool
range_alerts(const struct range *r, double value)
{
    bool is_in = value >= r->from && value <= r->to;
    return r->text.len && is_in == r->is_inside;
}
