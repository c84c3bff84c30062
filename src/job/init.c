/* `assay init`: everything that must exist before the first scan. */
#include "job/init.h"

#include <assert.h>

#include "act/settings_acts.h"
#include "base/env.h"
#include "base/file.h"
#include "intake/rebuild.h"
#include "job/adopt.h"
#include "ledger/checkpoint.h"

enum { KEY_DAYS = 3650 };

int
init_folders(const struct config *c, struct diag *d)
{
    if (file_mkdirs(c->state_dir.s, 0750, d) != 0 || file_mkdirs(c->spool_dir.s, 0770, d) != 0)
        return -1;
    return file_mkdirs(c->reports_dir.s, 0750, d);
}

struct str
init_grants(const struct config *c, struct arena *a)
{
    return store_grants(c->database.s, a);
}

static struct event_change
init_detail(const char *field, struct str was, struct str is)
{
    return (struct event_change){.field = str_c(field), .old_value = was, .new_value = is};
}

/* Only where none is: a key of the site is never written over. */
static int
make_key(struct act *act, struct init_summary *ret, struct diag *d)
{
    const struct config *c = &act->config;
    if (!c->sign || c->sign_p12.len || file_exists(c->sign_key.s))
        return 0;
    struct str cn = arena_fmt(d->arena, "assay self-signed on %s", env_host());
    if (sign_make_key(c->sign_key.s, c->sign_cert.s, cn, KEY_DAYS, d) != 0)
        return -1;
    ret->made_key = true;
    return 0;
}

static int
make_log_key(struct act *act, struct init_summary *ret, struct diag *d)
{
    struct audit_vkey k;
    if (log_keys_make(act, &ret->made_log_key, d) != 0 ||
        log_keys_load_vkey(&act->config, d->arena, &k, d) != 0)
        return -1;
    ret->log_vkey = audit_vkey_text(&k, d->arena);
    return 0;
}

static int
record_init(struct act *act, const struct init_summary *s, struct diag *d)
{
    struct arena *a = d->arena;
    assert(s->schema_from <= s->schema_to);
    struct event_change schema[] = {init_detail("schema", arena_fmt(a, "%d", s->schema_from),
                                                arena_fmt(a, "%d", s->schema_to))};
    struct event_change key[] = {
        init_detail("certificate_sha256", STR(""), s->certificate.sha256_hex)};
    struct event events[] = {
        {.name = "schema.upgrade",
         .severity = 5,
         .object_type = STR("schema"),
         .object_id = act->config.database,
         .object_name = act_server(act, a),
         .reason = STR(""),
         .changes = schema,
         .n_changes = 1},
        {.name = "key.create",
         .severity = 6,
         .object_type = STR("key"),
         .object_id = s->certificate.sha256_hex,
         .object_name = s->certificate.subject,
         .reason = STR("no signing key was there"),
         .changes = key,
         .n_changes = 1},
        {.name = "key.create",
         .severity = 6,
         .object_type = STR("log-key"),
         .object_id = s->log_vkey,
         .object_name = act->config.origin,
         .reason = STR("the audit log had no key for its checkpoints")},
    };
    if (s->schema_from != s->schema_to && act_record(act, &events[0], 1, d) != 0)
        return -1;
    if (s->made_key && act_record(act, &events[1], 1, d) != 0)
        return -1;
    return s->made_log_key ? act_record(act, &events[2], 1, d) : 0;
}

int
init_run(struct act *act, struct init_summary *ret, struct diag *d)
{
    if (store_migrate(act->store, &ret->schema_from, &ret->schema_to, d) != 0 ||
        adopt_run(act, d) != 0 || make_key(act, ret, d) != 0 || make_log_key(act, ret, d) != 0 ||
        (act->config.sign && signer_describe(&act->config, &ret->certificate, d) != 0) ||
        rebuild_count_stale(act, &ret->n_stale, d) != 0 ||
        act_advise(act, d->arena, &ret->advice, d) != 0)
        return -1;
    return record_init(act, ret, d) == 0 ? act_note_settings(act, d) : -1;
}
