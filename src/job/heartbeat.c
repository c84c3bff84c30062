/* Beside exports that do not end: a heartbeat in the log, with a checkpoint, and the metrics file. Called by
 * cli/workers.c in a process of its own; export/follow.c has the workers. */
#include "job/heartbeat.h"

#include "base/auto.h"
#include "base/env.h"
#include "export/follow.h"
#include "job/metrics.h"
#include "ledger/checkpoint.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { METRICS_S = 15 };

/* When no checkpoint can be made the heartbeat goes out all the same, as a failure that says why: this is
 * what whoever listens must hear of. */
int
heartbeat_beat(struct act *act, struct diag *d)
{
    struct checkpoint_made made;
    struct audit_checkpoint cp = {.size = 0};
    struct diag why = diag_init(d->arena);
    struct event_change changes[2];
    struct event e = {.name = "audit.heartbeat",
                      .severity = 1,
                      .object_type = STR("log"),
                      .object_id = act->config.origin,
                      .object_name = act->config.origin,
                      .reason = STR(""),
                      .changes = changes};
    if (checkpoint_make(act, false, &made, &why) == 0 &&
        audit_checkpoint_read(made.note, d->arena, &cp, &why) == 0) {
        struct str size = arena_fmt(d->arena, "%lld", (long long)cp.size);
        changes[e.n_changes++] = (struct event_change){
            .field = STR("checkpoint_size"), .old_value = STR(""), .new_value = size};
        changes[e.n_changes++] = (struct event_change){.field = STR("checkpoint_root"),
                                                       .old_value = STR(""),
                                                       .new_value = sha256_hex(d->arena, &cp.root)};
    } else if (why.first.code != DIAG_CONFIG) { /* no key: nothing is signed here */
        e.outcome = EVENT_FAILURE;
        e.severity = 8;
        e.reason = diag_text(&why);
    }
    return act_record(act, &e, 1, d);
}

int
heartbeat_keep(struct act *act, const volatile sig_atomic_t *stop, struct diag *d)
{
    int64_t beaten_us = 0, written_us = 0;
    AUTO(metrics_done) struct metrics_fleet fleet = {.made_ms = 0};
    while (!*stop) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        if (act->config.export_heartbeat_s &&
            follow_is_due(&beaten_us, act->config.export_heartbeat_s))
            heartbeat_beat(act, &one);
        if (follow_is_final(&one))
            return diag_pass_on(d, &one);
        diag_clear(&one);
        if (follow_is_due(&written_us, METRICS_S))
            metrics_write(act, &fleet, &one);
        follow_wait_ms(stop, 1000);
    }
    return 0;
}
