/* The list of outlets. */
#include "deliver/outlet.h"

#include "deliver/datagram.h"
#include "deliver/elastic.h"
#include "deliver/hec.h"
#include "deliver/logfile.h"
#include "deliver/relp.h"
#include "deliver/syslog.h"
#include "deliver/webhook.h"

const struct outlet *const outlets[] = {&relp_outlet,
                                        &relps_outlet,
                                        &syslog_outlet,
                                        &syslogs_outlet,
                                        &webhook_outlet,
                                        &elastic_outlet,
                                        &splunk_outlet,
                                        &webhook_plain_outlet,
                                        &elastic_plain_outlet,
                                        &splunk_plain_outlet,
                                        &newline_outlet,
                                        &udp_outlet,
                                        NULL};

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
