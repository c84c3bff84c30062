/* Acts of reading the audit log -> records of it. Called by the command line. */
#include "job/access.h"

#include <assert.h>

#include "export/cursor.h"
#include "settings/target_options.h"

static struct event
access_event(const char *name, int severity, const char *type, struct str id, struct str title)
{
    assert(severity >= 0 && severity <= 10 && name[0]);
    return (struct event){.name = name,
                          .severity = severity,
                          .object_type = str_c(type),
                          .object_id = id,
                          .object_name = title,
                          .reason = STR("")};
}

static void
set_outcome(struct event *e, struct str why, int severity_of_failure)
{
    if (!why.len)
        return;
    e->outcome = EVENT_FAILURE;
    e->severity = severity_of_failure;
    e->reason = why;
}

int
access_note_verify(struct act *act, const struct audit_verdict *v, struct str why, struct diag *d)
{
    struct event e = access_event("audit.verify", 1, "log", act->config.origin, act->config.origin);
    struct event_change changes[] = {cursor_detail("records", v->n_records, d->arena),
                                     cursor_detail("checkpoints", v->n_signed, d->arena),
                                     cursor_detail("expected", v->n_expected, d->arena)};
    set_outcome(&e, why, 9);
    if (!why.len) { /* after a failure the counts end where it was found */
        e.changes = changes;
        e.n_changes = sizeof changes / sizeof *changes;
    }
    return act_record(act, &e, 1, d);
}

int
access_note_prove(struct act *act, int64_t seq, struct diag *d)
{
    assert(seq >= 0);
    struct str number = arena_fmt(d->arena, "%lld", (long long)seq);
    struct event e = access_event("audit.prove", 2, "record", number, number);
    return act_record(act, &e, 1, d);
}

int
access_note_repeat(struct act *act, const struct config_export *x, const struct export_summary *s,
                   struct str why, struct diag *d)
{
    struct event e = access_event("audit.repeat", 2, "target", target_key(x, d->arena), x->path);
    struct event_change changes[] = {cursor_detail("first", s->first, d->arena),
                                     cursor_detail("messages", s->n, d->arena)};
    set_outcome(&e, why, 4);
    e.changes = changes;
    e.n_changes = 2;
    return act_record(act, &e, 1, d);
}

/* No record when nothing was written, because the folder had everything already. */
int
access_note_publish(struct act *act, const char *dir, const struct publish_summary *s,
                    struct diag *d)
{
    struct event e = access_event("audit.publish", 2, "folder", str_c(dir), str_c(dir));
    struct event_change changes[] = {cursor_detail("records", s->size, d->arena),
                                     cursor_detail("files", s->n_files, d->arena)};
    e.changes = changes;
    e.n_changes = 2;
    return s->n_files > 0 ? act_record(act, &e, 1, d) : 0;
}
