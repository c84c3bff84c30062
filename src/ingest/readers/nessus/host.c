/* Hosts of a Nessus report -> scans: who, when, and under which policy. Behind nessus.c; properties
 * may stand before or after the items, so scans are settled when the host ends. */
#include <assert.h>
#include <stdlib.h>

#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/readers/nessus/nessus.h"
#include "ingest/take.h"

static const char *const tag_names[NT__COUNT] = {
    [NT_FQDN] = "host-fqdn",
    [NT_HOSTNAME] = "hostname",
    [NT_IP] = "host-ip",
    [NT_MAC] = "mac-address",
    [NT_UUID] = "host-uuid",
    [NT_OS] = "operating-system",
    [NT_START] = "HOST_START",
    [NT_END] = "HOST_END",
    [NT_START_EPOCH] = "HOST_START_TIMESTAMP",
    [NT_END_EPOCH] = "HOST_END_TIMESTAMP",
    [NT_POLICY] = "policy-used",
};

void
nessus_host_start(struct nessus_host *h, struct str name, struct arena *a)
{
    *h = (struct nessus_host){.name = name, .engine = STR("Nessus"), .by_key = map_new(a)};
    for (int i = 0; i < NT__COUNT; i++)
        h->tags[i] = STR("");
}

enum nessus_tag
nessus_host_tag(struct str name)
{
    int i = 0;
    while (i < NT__COUNT && !str_eqc(name, tag_names[i]))
        i++;
    return (enum nessus_tag)i;
}

/* ---- who ---- */

static void
add_addresses(struct nessus_env *e, struct scan_asset *as, struct str lines)
{
    while (lines.len) {
        struct str one = str_trim(str_cut(&lines, '\n'));
        if (one.len && as->addresses.n < LIMIT_ADDRESSES)
            *VEC_PUSH(e->a, &as->addresses) = one;
    }
}

static struct scan_asset
asset_of(struct nessus_env *e, const struct nessus_host *h)
{
    struct scan_asset as = {
        .group = STR(""), .name = STR(""), .alias = str_trim(h->tags[NT_HOSTNAME])};
    struct str ips = h->tags[NT_IP];
    const struct str names[] = {h->tags[NT_FQDN], h->tags[NT_HOSTNAME], str_cut(&ips, '\n'),
                                h->name, h->tags[NT_UUID]};
    identity_take(e->ctx, &as, names, sizeof names / sizeof *names, e->a, e->d);
    if (as.is_given) /* each ReportHost is another host, whatever it is called */
        identity_note(&as, arena_fmt(e->a, "ReportHost %zu", h->number), e->a);
    as.alias = as.alias.len ? as.alias : as.name;
    as.os = STR("");
    for (struct str lines = h->tags[NT_OS]; lines.len;) { /* guesses of the system, one a line */
        struct str one = str_trim(str_cut(&lines, '\n'));
        if (one.len)
            as.os = as.os.len ? arena_fmt(e->a, "%.*s or %.*s", STR_ARG(as.os), STR_ARG(one)) : one;
    }
    add_addresses(e, &as, h->tags[NT_IP]);
    add_addresses(e, &as, h->tags[NT_MAC]);
    return as;
}

/* ---- when ---- */

/* The seconds since 1970 that newer scanners write beside their local time win. */
static int64_t
time_of(struct nessus_env *e, const struct nessus_host *h, enum nessus_tag text,
        enum nessus_tag epoch, bool *zone_assumed)
{
    int64_t seconds =
        take_time(e->ctx, h->tags[epoch], zone_assumed, str_c(tag_names[epoch]), e->d);
    if (seconds != CLOCK_NONE)
        return seconds;
    return take_time(e->ctx, h->tags[text], zone_assumed, str_c(tag_names[text]), e->d);
}

/* ---- the scans ---- */

/* Two checks of one STIG rule keep their own ids as keys: a key must name one check. */
static void
settle_keys(struct nessus_env *e, struct scan *s)
{
    struct map *first = map_new(e->a);
    for (size_t i = 0; i < s->checks.n; i++) {
        struct scan_check *c = &s->checks.v[i];
        long at = map_get_index(first, c->key);
        if (at < 0) {
            map_put_index(first, c->key, i);
            continue;
        }
        c->key = c->id;
        s->checks.v[at].key = s->checks.v[at].id;
    }
}

static int
by_id(const void *a, const void *b)
{
    const struct scan_check *const *x = a, *const *y = b;
    return str_cmp((*x)->id, (*y)->id);
}

/* Items stand in the order in which they were done: by id, hosts with the same checks have the same
 * catalogue. */
static void
sort_checks(struct nessus_env *e, struct scan *s)
{
    size_t n = s->checks.n;
    struct scan_check **order = ARENA_ARRAY(e->a, struct scan_check *, n);
    struct scan_check *sorted = ARENA_ARRAY(e->a, struct scan_check, n);
    size_t *place = ARENA_ARRAY(e->a, size_t, n);
    for (size_t i = 0; i < n; i++)
        order[i] = &s->checks.v[i];
    qsort(order, n, sizeof *order, by_id);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = *order[i];
        place[order[i] - s->checks.v] = i;
    }
    for (size_t i = 0; i < s->results.n; i++)
        s->results.v[i].check = place[s->results.v[i].check];
    s->checks.v = sorted;
    s->checks.cap = n;
}

static void
warn_of_gaps(struct nessus_env *e, const struct nessus_host *h, struct scan *s)
{
    bool began = h->tags[NT_START].len || h->tags[NT_START_EPOCH].len;
    bool ended = h->tags[NT_END].len || h->tags[NT_END_EPOCH].len;
    s->partial = h->n_odd || (began && !ended);
    if (h->n_odd)
        diag_warn(e->d, DIAG_WARN_PARTIAL, s->asset.name,
                  "%zu compliance items name neither check nor result: left out", h->n_odd);
    if (began && !ended)
        diag_warn(e->d, DIAG_WARN_PARTIAL, s->asset.name,
                  "no HOST_END: the scan of this host was not finished");
}

int
nessus_host_end(struct nessus_env *e, struct nessus_host *h, struct str policy,
                struct scan_file *file)
{
    bool zone_assumed = false;
    int64_t start = time_of(e, h, NT_START, NT_START_EPOCH, &zone_assumed);
    int64_t end = time_of(e, h, NT_END, NT_END_EPOCH, &zone_assumed);
    if (!h->groups.n && h->n_odd)
        diag_warn(e->d, DIAG_WARN_DATA, h->name,
                  "%zu compliance items name neither check nor result: left out", h->n_odd);
    for (size_t i = 0; i < h->groups.n; i++) {
        struct nessus_group *g = h->groups.v[i];
        struct scan *s = &g->b.scan;
        assert(s->results.n > 0);
        s->asset = asset_of(e, h);
        s->engine = h->engine;
        s->start = start;
        s->end = end;
        s->zone_assumed = zone_assumed;
        const struct str names[] = {h->tags[NT_POLICY], policy, g->plugin,
                                    STR("Nessus compliance")};
        for (size_t k = 0; k < sizeof names / sizeof *names && !s->policy.id.len; k++)
            s->policy.id = names[k];
        settle_keys(e, s);
        sort_checks(e, s);
        warn_of_gaps(e, h, s);
        if (build_end(&g->b, file) != 0)
            return -1;
    }
    return 0;
}
