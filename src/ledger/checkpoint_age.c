/* How old the newest checkpoint may be: for verify_log.c, the doctor and heartbeats. */
#include "ledger/checkpoint_age.h"

#include <assert.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "ledger/checkpoint.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { CLOCKS_S = 60 }; /* by which the clocks of this host and of a file server may differ */

/* Seconds since a file of the state directory was written, -1 when it is not there; *ret_ahead: by so much
 * its time is in the future. */
static int64_t
file_age_s(const struct config *c, const char *name, struct arena *a, int64_t *ret_ahead)
{
    struct stat st;
    *ret_ahead = 0;
    if (stat(file_join(a, c->state_dir.s, name).s, &st) != 0)
        return -1;
    int64_t age = env_wall_us() / 1000000 - (int64_t)st.st_mtime;
    *ret_ahead = age < -CLOCKS_S ? -age : 0;
    return age > 0 ? age : 0;
}

/* For how long the record behind the checkpoint is there: it says so itself, whatever became of the file. */
static int
load_wait(struct act *act, int64_t covered, int64_t size, int64_t *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct store_record *r;
    size_t n = 0;
    *ret = 0;
    if (covered >= size)
        return 0;
    if (store_load_records(act->store, covered, 1, a, &r, &n, d) != 0)
        return -1;
    int64_t wait = n == 1 ? env_wall_us() / 1000000 - r->ts_us / 1000000 : 0;
    *ret = wait > 0 ? wait : 0;
    return 0;
}

/* Every verification writes a record of itself. If such records had to wait for a checkpoint, too,
 * then a log that nobody writes to would be called stale because somebody looked at it. So those at
 * the end of the log do not count. */
int
checkpoint_age_size(struct act *act, int64_t size, int64_t *ret, struct diag *d)
{
    assert(size >= 0);
    enum { SOME = 64 };
    bool is_over = false;
    while (size > 0 && !is_over) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        int64_t from = size > SOME ? size - SOME : 0;
        struct store_record *r;
        size_t n;
        if (store_load_records(act->store, from, (size_t)(size - from), a, &r, &n, d) != 0)
            return -1;
        assert(n <= (size_t)(size - from));
        while (n > 0 && r[n - 1].seq == size - 1 && str_eqc(r[n - 1].event, "audit.verify")) {
            n--;
            size--;
        }
        is_over = size > from;
    }
    *ret = size;
    return 0;
}

int
checkpoint_age_read(struct act *act, int64_t size, struct checkpoint_age *ret, struct diag *d)
{
    assert(size >= 0);
    const struct config *c = &act->config;
    struct str note;
    struct audit_checkpoint cp = {.size = 0};
    *ret = (struct checkpoint_age){.size = size};
    ret->age_s = file_age_s(c, "audit.checkpoint", d->arena, &ret->ahead_s);
    bool is_made = ret->age_s >= 0;
    if (is_made && checkpoint_load_newest(c, d->arena, &note, &cp, d) != 0)
        return -1;
    if (!is_made)
        ret->age_s = file_age_s(c, "audit.vkey", d->arena, &ret->ahead_s);
    if (is_made && load_wait(act, cp.size, size, &ret->waits_s, d) != 0)
        return -1;
    if (is_made && ret->waits_s > ret->age_s)
        ret->age_s = ret->waits_s;
    ret->covered = cp.size;
    ret->is_due = size > cp.size || !is_made || ret->ahead_s || ret->age_s >= c->audit_heartbeat_s;
    ret->is_old = ret->age_s > 2 * c->audit_heartbeat_s;
    ret->is_stale = ret->is_old && (size > cp.size || !is_made);
    ret->is_none = !is_made;
    return 0;
}

int
checkpoint_age_now(struct act *act, int64_t *ret_size, struct checkpoint_age *ret, struct diag *d)
{
    struct sha256_digest last;
    int64_t counted;
    if (store_audit_size(act->store, ret_size, &last, d) != 0 ||
        checkpoint_age_size(act, *ret_size, &counted, d) != 0)
        return -1;
    assert(counted <= *ret_size);
    if (checkpoint_age_read(act, counted, ret, d) != 0)
        return -1;
    ret->is_cut = ret->covered > *ret_size;
    ret->size = ret->is_cut ? *ret_size : counted;
    return 0;
}

int
checkpoint_age_check(const struct config *c, const struct checkpoint_age *f, struct diag *d)
{
    assert(!f->is_stale || f->is_old);
    if (f->is_cut)
        return diag_fail(
            d, DIAG_VERIFY,
            "the log has %lld records, the newest checkpoint covers %lld: its end was "
            "cut off, or the database is an older one; put the newer one back, or follow "
            "doc/audit-checkpoint.md, \"After a restore\"",
            (long long)f->size, (long long)f->covered);
    if (f->ahead_s)
        return diag_fail(
            d, DIAG_VERIFY,
            "the time of %s lies %lld seconds in the future: the clock was set back, or "
            "somebody set it, and nothing shows how old it is; assay audit checkpoint "
            "makes a new one",
            f->is_none ? "audit.vkey" : "audit.checkpoint", (long long)f->ahead_s);
    if (!f->is_stale)
        return 0;
    if (f->is_none)
        return diag_fail(d, DIAG_VERIFY,
                         "no checkpoint was made since the key was, %lld minutes ago "
                         "(audit-heartbeat is %lld seconds), or all are gone: nothing shows that "
                         "the log is what was written",
                         (long long)(f->age_s / 60), (long long)c->audit_heartbeat_s);
    return diag_fail(
        d, DIAG_VERIFY,
        "%lld records are covered by no checkpoint, and the newest one is %lld minutes "
        "old (audit-heartbeat is %lld seconds): nothing shows that they are what was "
        "written; assay audit checkpoint signs them as they are now",
        (long long)(f->size - f->covered), (long long)(f->age_s / 60),
        (long long)c->audit_heartbeat_s);
}
