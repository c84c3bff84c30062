/* Called by `assay secret`, and where a run begins. */
#include "act/settings_acts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "settings/config_changes.h"
#include "settings/secret.h"

enum { MAX_PUT_OFF = 1 << 20 };

static const char waiting[] = SECRET_FOLDER "/.unrecorded", taken[] = SECRET_FOLDER "/.recording";

/* ---- secrets ---- */

static struct event
event_of(const char *name, struct str secret, struct str reason)
{
    return (struct event){.name = name,
                          .severity = 6,
                          .object_type = STR("secret"),
                          .object_id = secret,
                          .object_name = secret,
                          .reason = reason};
}

int
act_note_secret(struct act *act, const char *event, struct str name, struct diag *d)
{
    struct event e = event_of(event, name, STR(""));
    return act_record(act, &e, 1, d);
}

/* A line an act, appended in one piece: whoever does the same at the same time does not come between. */
int
act_put_off_secret(const struct config *c, const char *event, struct str name, struct diag *d)
{
    struct arena *a = d->arena;
    struct str place = file_join(a, c->state_dir.s, waiting);
    struct str line = arena_fmt(a, "%s %.*s %.*s\n", event, STR_ARG(name),
                                STR_ARG(clock_iso(a, env_wall_us() / 1000000)));
    AUTO_FD fd = open(place.s, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && file_write_all(fd, line) == 0 && fsync(fd) == 0)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot be written: %s", strerror(errno));
    return diag_at(d, "%.*s", STR_ARG(place));
}

/* The event of a line; what nobody wrote here is none. */
static bool
read_line(struct str line, struct arena *a, struct event *ret)
{
    static const char *const names[] = {"secret.set", "secret.remove"};
    struct str event = str_cut(&line, ' '), secret = str_cut(&line, ' ');
    struct str why = arena_fmt(a, "at %.*s, when the database could not be reached", STR_ARG(line));
    for (size_t i = 0; i < 2; i++) {
        if (!str_eqc(event, names[i]) || !secret.len)
            continue;
        *ret = event_of(names[i], secret, why);
        return true;
    }
    return false;
}

/* What was taken stays until it is recorded. */
static int
record_taken(struct act *act, const char *place, struct diag *d)
{
    struct arena *a = d->arena;
    struct str text;
    VEC(struct event) all = {0};
    struct event e;
    if (file_slurp(place, MAX_PUT_OFF, a, &text, d) != 0)
        return -1;
    while (text.len)
        if (read_line(str_cut(&text, '\n'), a, &e))
            *VEC_PUSH(a, &all) = e;
    if (all.n && act_record(act, all.v, all.n, d) != 0)
        return -1;
    if (unlink(place) == 0 || errno == ENOENT)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot be removed: %s", strerror(errno));
    return diag_at(d, "%s", place);
}

/* First what a run took that was killed, then what has come since. */
static int
catch_up(struct act *act, struct diag *d)
{
    struct str from = file_join(d->arena, act->config.state_dir.s, waiting);
    struct str to = file_join(d->arena, act->config.state_dir.s, taken);
    if (file_exists(to.s) && record_taken(act, to.s, d) != 0)
        return -1;
    return rename(from.s, to.s) == 0 ? record_taken(act, to.s, d) : 0;
}

/* ---- settings ---- */

struct settings_change {
    struct str text;
    VEC(struct event) events;
};

static int
put_settings(struct act *act, void *ctx, struct diag *d)
{
    const struct settings_change *s = ctx;
    return store_put_setting(act->store, STR("config"), s->text, d) == 0
               ? act_append(act, s->events.v, s->events.n, d)
               : -1;
}

/* The settings as they are printed are kept in the database, without secrets, and compared with those
 * of now: also what was changed while nothing ran is told. As many records as it takes: a record
 * that is full would leave changes out, and among them could be a target that was removed. */
int
act_note_settings(struct act *act, struct diag *d)
{
    size_t n;
    struct settings_change s = {.text =
                                    utf8_repair(d->arena, config_print(&act->config, d->arena))};
    struct str was;
    if (catch_up(act, d) != 0 ||
        store_load_setting(act->store, STR("config"), d->arena, &was, d) != 0)
        return -1;
    if (str_eq(was, s.text))
        return 0;
    const struct event_change *changes = config_changes(was, s.text, d->arena, &n);
    size_t at = 0;
    do {
        size_t fits = audit_record_fits(changes + at, n - at, d->arena);
        *VEC_PUSH(d->arena, &s.events) = (struct event){.name = "config.change",
                                                        .severity = 5,
                                                        .object_type = STR("config"),
                                                        .object_id = act->config.path,
                                                        .object_name = STR("assay.conf"),
                                                        .reason = STR(""),
                                                        .changes = changes + at,
                                                        .n_changes = fits};
        at += fits;
    } while (at < n);
    return act_transact(act, put_settings, &s, d);
}
