/* The list of outlets. */
#include "deliver/outlet.h"

#define OUTLET_ENTRY(name) &name,
const struct outlet *const outlets[] = {OUTLETS(OUTLET_ENTRY) NULL};
#undef OUTLET_ENTRY

const struct outlet *
outlet_find(struct str target, struct str *ret_peer)
{
    long at = str_find(target, "://");
    if (at <= 0) {
        *ret_peer = target;
        return &logfile_outlet;
    }
    *ret_peer = str_n(target.s + at + 3, target.len - (size_t)at - 3);
    for (const struct outlet *const *o = outlets; *o; o++)
        if (str_eqc(str_n(target.s, (size_t)at), (*o)->scheme))
            return *o;
    return NULL;
}

size_t
outlet_some(const struct outlet_message *m, size_t n)
{
    size_t bytes = 0, some = 0;
    while (some < n && (some == 0 || bytes + m[some].text.len <= OUTLET_SOME))
        bytes += m[some++].text.len;
    return some;
}

struct str
outlet_schemes(struct arena *a)
{
    struct str all = STR("");
    for (const struct outlet *const *o = outlets; *o; o++)
        all = arena_fmt(a, "%.*s%s%s", STR_ARG(all), all.len ? ", " : "", (*o)->scheme);
    return all;
}
