/* Parsed files -> rows that are missing or changed. Called by intake.c in the place of storing. */
#include "intake/restore.h"

#include <assert.h>
#include <string.h>

#include "act/ingested.h"
#include "base/auto.h"

AUTO_DEFINE(struct arena *, arena_free)

/* A file that is being put back. */
struct restoring {
    struct batch_item *it;
    const struct ingested *log; /* when it was stored */
    int64_t n_named;            /* texts, evidence and names that were put back before */
    int64_t n_back, n_same, n_other;
    VEC(struct str) back; /* scans that were put back, for the record */
};

/* Whether it may be put back. The state that a delta was merged into is not in its file. */
static int
check_file(const struct restoring *r, struct diag *d)
{
    const struct scan_file *f = &r->it->scans;
    if (r->log->seq < 0)
        return diag_fail(d, DIAG_REFUSED,
                         "the audit log does not say that this file was stored: ingest it");
    for (size_t i = 0; i < f->scans.n; i++)
        if (f->scans.v[i].delta)
            return diag_fail(d, DIAG_REFUSED,
                             "it says what changed since the scan before: such a scan cannot be "
                             "put back from its file alone");
    return 0;
}

/* ---- putting back ---- */

/* The row names another file. When the log says that this one was stored, it may have won over ours. */
static int
is_known(struct act *act, const struct sha256_digest *file, struct arena *a, bool *ret,
         struct diag *d)
{
    struct ingested r;
    struct str hex = sha256_hex(a, file);
    if (ingested_find(act, &hex, 1, a, &r, d) != 0)
        return -1;
    *ret = r.seq >= 0;
    return 0;
}

/* Here what is put back will be compared with what the log says of the scan itself, once it does: a row
 * that is not the one that was recorded must not be written. */
static int
compare_fact(const struct restoring *r, const struct scan *s, struct diag *d)
{
    (void)r, (void)s, (void)d;
    return 0;
}

static void
note_back(struct restoring *r, const struct scan *s)
{
    struct arena *a = r->it->arena;
    struct str when = clock_iso(a, s->end);
    r->n_back++;
    *VEC_PUSH(a, &r->back) = arena_fmt(a, "%.*s %.*s %.*s", STR_ARG(s->asset.name),
                                       STR_ARG(s->policy.id), STR_ARG(when));
}

static int
put_scan(struct act *act, struct restoring *r, const struct scan *s, struct diag *d)
{
    struct sha256_digest other;
    enum store_restored what;
    const struct scan_file *f = &r->it->scans;
    bool known = false;
    if (store_restore_scan(act->store, f, s, r->log->at, false, &what, &other, d) != 0)
        return -1;
    if (what == STORE_OF_ANOTHER && is_known(act, &other, r->it->arena, &known, d) != 0)
        return -1;
    if (what == STORE_OF_ANOTHER && !known &&
        store_restore_scan(act->store, f, s, r->log->at, true, &what, &other, d) != 0)
        return -1;
    r->n_same += what == STORE_AS_IT_WAS;
    r->n_other += what == STORE_OF_ANOTHER;
    if (what != STORE_PUT_BACK)
        return 0;
    note_back(r, s);
    return compare_fact(r, s, d);
}

/* One detail a scan, as many as a record takes: behind them stands how many there are. */
static struct event
event_of(const struct restoring *r, struct arena *a)
{
    enum { MOST_TOLD = 50 };
    size_t n = 0;
    struct event_change *v = ARENA_ARRAY(a, struct event_change, MOST_TOLD + 4);
    struct str numbers[] = {
        arena_fmt(a, "%lld", (long long)r->log->seq), arena_fmt(a, "%lld", (long long)r->n_back),
        arena_fmt(a, "%lld", (long long)r->n_named), arena_fmt(a, "%lld", (long long)r->n_same)};
    static const char *const fields[] = {"record", "scans", "texts", "unchanged"};
    for (; n < sizeof fields / sizeof *fields; n++)
        v[n] = (struct event_change){str_c(fields[n]), STR(""), numbers[n], false};
    for (size_t i = 0; i < r->back.n && i < MOST_TOLD; i++)
        v[n++] = (struct event_change){STR("scan"), STR(""), r->back.v[i], false};
    return (struct event){.name = "ingest.restore",
                          .severity = 6,
                          .object_type = STR("file"),
                          .object_id = sha256_hex(a, &r->it->input.sha256),
                          .object_name = r->it->input.name,
                          .reason = STR(""),
                          .changes = v,
                          .n_changes = n};
}

static int
put_file(struct act *act, void *ctx, struct diag *d)
{
    struct restoring *r = ctx;
    const struct scan_file *f = &r->it->scans;
    const struct store_input *in = &r->it->input;
    r->n_back = r->n_same = r->n_other = 0;
    r->back.n = 0;
    if (store_lock_lines(act->store, &f, 1, d) != 0)
        return -1;
    for (size_t i = 0; i < f->scans.n; i++)
        if (put_scan(act, r, &f->scans.v[i], d) != 0)
            return -1;
    if (r->n_back + r->n_named == 0) /* rows were looked at, and are what they were */
        return act_append(act, NULL, 0, d);
    struct event e = event_of(r, r->it->arena);
    if (store_put_inputs(act->store, &in, 1, d) != 0 || store_put_warnings(act->store, f, d) != 0)
        return -1;
    return act_append(act, &e, 1, d);
}

static int
restore_file(struct act *act, struct restoring *r, struct diag *d)
{
    size_t at;
    const struct scan_file *f = &r->it->scans;
    if (check_file(r, d) != 0)
        return -1;
    /* as it was received then, not as it came now */
    r->it->input.received = r->log->at;
    r->it->input.name = r->log->name;
    if (act->dry_run)
        return 0;
    if (store_restore_named(act->store, f, &r->n_named, d) != 0 ||
        store_prepare(act->store, &f, 1, &at, d) != 0)
        return -1;
    return act_transact(act, put_file, r, d);
}

static bool
is_of_file(enum diag_code c)
{
    return c == DIAG_REFUSED || c == DIAG_BAD_DATA || c == DIAG_TOO_BIG;
}

static int
restore_item(struct act *act, struct batch_item *it, const struct ingested *log,
             struct intake_summary *sum, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct restoring r = {.it = it, .log = log};
    struct diag mine = diag_init(a);
    int rc = restore_file(act, &r, &mine);
    if (rc != 0 && !is_of_file(mine.first.code))
        return diag_pass_on(d, &mine);
    if (rc != 0)
        batch_reject(it, &mine);
    sum->n_restored += rc == 0 ? r.n_back : 0;
    sum->n_named += rc == 0 ? r.n_named : 0;
    sum->n_kept += rc == 0 ? r.n_same : 0;
    sum->n_others += rc == 0 ? r.n_other : 0;
    return 0;
}

int
restore_batch(struct act *act, struct batch *b, struct intake_summary *sum, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct str *hex = ARENA_ARRAY(a, struct str, b->n + 1);
    struct ingested *log = ARENA_ARRAY(a, struct ingested, b->n + 1);
    for (size_t i = 0; i < b->n; i++)
        hex[i] = sha256_hex(a, &b->v[i].input.sha256);
    if (ingested_find(act, hex, b->n, a, log, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n; i++)
        if (!b->v[i].rejected && restore_item(act, &b->v[i], &log[i], sum, d) != 0)
            return -1;
    return 0;
}
