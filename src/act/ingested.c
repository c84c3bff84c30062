/* Records of files that were stored, read. Called by intake/restore.c. */
#include "act/ingested.h"

#include <assert.h>

#include "base/clock.h"

static bool
says_stored(const struct audit_record *r)
{
    for (size_t i = 0; i < r->changes.n; i++)
        if (str_eqc(r->changes.v[i].field, "verdict"))
            return str_eqc(r->changes.v[i].new_value, "stored");
    return false;
}

static int
read_record(const struct store_record *s, struct arena *a, struct ingested *ret, struct diag *d)
{
    struct audit_record r;
    struct clock_time t;
    *ret = (struct ingested){.seq = -1, .at = CLOCK_NONE, .name = STR("")};
    if (s->seq < 0)
        return 0;
    if (audit_record_parse(s->rec, a, &r, d) != 0)
        return diag_context(d, "record %lld", (long long)s->seq);
    if (!says_stored(&r))
        return 0;
    if (!clock_parse(r.ts, 0, &t))
        return diag_fail(d, DIAG_BAD_DATA, "record %lld has no time", (long long)s->seq);
    *ret = (struct ingested){.seq = s->seq, .at = t.t, .name = r.object_name};
    return 0;
}

int
ingested_find(struct act *act, const struct str *files, size_t n, struct arena *a,
              struct ingested *ret, struct diag *d)
{
    struct store_record *found = ARENA_ARRAY(a, struct store_record, n + 1);
    assert(files || n == 0);
    if (n && store_find_ingested(act->store, files, n, a, found, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (read_record(&found[i], a, &ret[i], d) != 0)
            return -1;
    return 0;
}
