/* Exports that end: a target's new records, a repeat, a test. Called by the command line and by
 * schedule.c. */
#include "export/export.h"

#include <assert.h>

#include "base/auto.h"
#include "export/courier.h"
#include "settings/target_options.h"

AUTO_DEFINE(struct arena *, arena_free)

const struct config_export *
export_find(const struct config *c, struct str key, struct arena *a)
{
    for (size_t i = 0; i < c->exports.n; i++)
        if (str_eq(target_key(&c->exports.v[i], a), key))
            return &c->exports.v[i];
    return NULL;
}

/* That an attempt failed is noted, except when somebody else is at it: then he notes. */
static void
export_note_failure(struct courier *k, const struct diag *why)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    int64_t wait_s;
    if (why->first.code != DIAG_BUSY)
        cursor_fail(k->attempt.cursor, why, k->attempt.peer_wait_s, &wait_s, &d);
}

/* Everything from the cursor up to the end that the log had when this began. */
static int
export_records(struct target *t, struct cursor *c, int64_t end, struct export_summary *ret,
               struct diag *d)
{
    struct courier k = courier_new(t, c);
    ret->first = c->at.seq;
    k.may_trail = true;
    int rc = cursor_compare(c, d);
    while (rc == 0 && courier_next(&k) < end)
        rc = courier_run(&k, end, d);
    if (rc == 0)
        rc = courier_confirm(&k, d);
    if (rc == 0)
        rc = cursor_recover(c, true, d);
    if (rc != 0)
        export_note_failure(&k, d);
    courier_close(&k);
    assert(c->at.seq >= ret->first);
    ret->n = k.n_delivered;
    ret->end = c->at.seq;
    return rc;
}

/* Another target's options are no reason to look at this one's log, and a target that failed a
 * moment ago would only cost its timeouts again. */
static int
export_take(struct act *act, const struct target *t, bool when_due, struct arena *a,
            struct cursor *ret, bool *ret_not_due, struct diag *d)
{
    struct store_cursor c;
    if (when_due && store_load_cursor(act->store, t->key, a, &c, d) != 0)
        return -1;
    *ret_not_due = when_due && c.wait_us > 0;
    return *ret_not_due ? 0 : cursor_take(act, t, a, ret, d);
}

/* Records from first to end (exclusive), whatever the cursor says. */
static int
export_repeat(struct act *act, const struct config_export *e, int64_t first, int64_t end,
              struct export_summary *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct target t;
    if (target_find(&act->config, e, a, &t, d) != 0)
        return -1;
    struct cursor c = cursor_loose(act, &t, first, a);
    return export_records(&t, &c, end, ret, d);
}

int
export_run(struct act *act, const struct config_export *e, int64_t from_seq, bool when_due,
           struct export_summary *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest last;
    struct target t;
    struct cursor c;
    int64_t end;
    *ret = (struct export_summary){.n = 0};
    if (store_audit_size(act->store, &end, &last, d) != 0)
        return -1;
    if (from_seq >= 0)
        return export_repeat(act, e, from_seq, end, ret, d);
    if (target_find(&act->config, e, a, &t, d) != 0 ||
        export_take(act, &t, when_due, a, &c, &ret->is_not_due, d) != 0)
        return -1;
    if (ret->is_not_due)
        return 0;
    int rc = export_records(&t, &c, end, ret, d);
    cursor_release(&c);
    return rc;
}

static int
export_skip(struct cursor *c, int64_t seq, int64_t size, struct diag *d)
{
    struct event e = cursor_event(c, "export.skip", 6);
    struct event_change changes[] = {cursor_detail("first", c->at.seq, d->arena),
                                     cursor_detail("records", seq - c->at.seq, d->arena)};
    struct cursor_step step = {.to = {.seq = seq, .piece = STR("")}, .event = &e};
    e.changes = changes;
    e.n_changes = 2;
    if (seq < c->at.seq || seq > size)
        return diag_fail(d, DIAG_USAGE,
                         "--start wants a record from %lld, where the target is, to %lld, the end "
                         "of the log",
                         (long long)c->at.seq, (long long)size);
    return cursor_tell(c, d) == 0 ? cursor_move(c, &step, d) : -1;
}

/* What was skipped was not exported: the books begin behind it. */
int
export_start(struct act *act, const struct config_export *e, int64_t seq, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest last;
    struct target t;
    struct cursor c;
    int64_t size;
    if (target_find(&act->config, e, a, &t, d) != 0 ||
        store_audit_size(act->store, &size, &last, d) != 0 || cursor_take(act, &t, a, &c, d) != 0)
        return -1;
    int rc = export_skip(&c, seq, size, d);
    cursor_release(&c);
    return rc;
}

int
export_accept(struct act *act, const struct config_export *e, struct str reason, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct target t;
    struct cursor c;
    if (target_find(&act->config, e, a, &t, d) != 0 || cursor_take(act, &t, a, &c, d) != 0)
        return -1;
    int rc = cursor_accept(&c, reason, d);
    cursor_release(&c);
    return rc;
}

int
export_test(struct act *act, const struct config_export *e, int64_t *ret, struct diag *d)
{
    struct export_summary sum;
    struct config_export all = *e;
    struct event event = {.name = "audit.test",
                          .severity = 1,
                          .object_type = STR("target"),
                          .object_id = target_key(e, d->arena),
                          .object_name = e->path,
                          .reason = STR("")};
    all.send = SEND_AUDIT;
    all.min_severity = 0;
    all.events = STR("");
    if (act_record(act, &event, 1, d) != 0)
        return -1;
    *ret = act->appended.seq;
    return export_repeat(act, &all, *ret, *ret + 1, &sum, d);
}
