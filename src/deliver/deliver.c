/* The table of sinks. */
#include "deliver/deliver.h"

#include "deliver/folder.h"

const struct deliver_sink *const deliver_sinks[] = {&folder_sink, NULL};

const struct deliver_sink *
deliver_find(struct str dest, struct str *ret_rest, struct diag *d)
{
    struct str rest = dest, scheme = str_cut(&rest, ':');
    *ret_rest = dest;
    if (scheme.len == dest.len || str_find(scheme, "/") >= 0)
        return &folder_sink;
    *ret_rest = rest;
    for (const struct deliver_sink *const *s = deliver_sinks; *s; s++)
        if (str_eqc(scheme, (*s)->scheme))
            return *s;
    diag_fail(d, DIAG_CONFIG, "no way to deliver to \"%.*s:\"", STR_ARG(scheme));
    return NULL;
}
