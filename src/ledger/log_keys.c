/* The log key of this host and the list of those it had. checkpoint.c signs with it, rotate.c puts
 * another in its place. */
#include "ledger/log_keys.h"

#include <assert.h>

#include "base/auto.h"
#include "base/file.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct audit_signer *, audit_signer_free)

enum { MAX_FILE = 1 << 16 };

static const char list_head[] =
    "# keys of the audit log, and the sizes of the log that each signs\n";

static const char *
key_path(const struct config *c, struct arena *a, const char *name)
{
    assert(name[0]);
    return file_join(a, c->state_dir.s, name).s;
}

static int
no_key(struct diag *d, const char *path)
{
    diag_fail(d, DIAG_CONFIG, "the audit log has no key yet: run assay init");
    return diag_at(d, "%s", path);
}

int
log_keys_load_vkey(const struct config *c, struct arena *a, struct audit_vkey *ret, struct diag *d)
{
    struct str text;
    const char *path = key_path(c, a, "audit.vkey");
    if (!file_exists(path))
        return no_key(d, path);
    if (file_slurp(path, MAX_FILE, a, &text, d) != 0)
        return -1;
    return audit_vkey_parse(text, a, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

/* A key keeps the name it was made with, which audit.vkey says, whatever the setting origin is today. */
int
log_keys_load_signer(const struct config *c, struct audit_signer **ret, struct diag *d)
{
    struct str pem;
    struct audit_vkey k = {.name = c->origin};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const char *path = key_path(c, a, "audit.key");
    if (!file_exists(path))
        return no_key(d, path);
    if (file_slurp(path, MAX_FILE, a, &pem, d) != 0)
        return -1;
    if (file_exists(key_path(c, a, "audit.vkey")) && log_keys_load_vkey(c, a, &k, d) != 0)
        return -1;
    return audit_signer_read(pem, k.name, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

int
log_keys_put_vkey(const struct config *c, const struct audit_vkey *k, struct diag *d)
{
    struct str text = arena_fmt(d->arena, "%s\n", audit_vkey_text(k, d->arena).s);
    return file_write_atomic(key_path(c, d->arena, "audit.vkey"), text, 0644, d);
}

int
log_keys_put_all(const struct config *c, const struct audit_keys *k, struct diag *d)
{
    assert(k->v.n > 0);
    struct str text = arena_fmt(d->arena, "%s%s", list_head, audit_keys_text(k, d->arena).s);
    return file_write_atomic(key_path(c, d->arena, "audit.vkeys"), text, 0644, d);
}

/* A new key, and the list that begins with it. The key is written first: a list or a vkey that is
 * missing can be made again from the key, a key that is lost cannot. */
static int
make_first_key(const struct config *c, struct audit_signer **ret, struct diag *d)
{
    const char *path = key_path(c, d->arena, "audit.key");
    if (audit_signer_make(c->origin, ret, d) != 0 ||
        file_write_atomic(path, audit_signer_pem(*ret, d->arena), 0600, d) != 0)
        return -1;
    struct audit_key_span span = {.key = audit_signer_vkey(*ret), .first = 0, .last = INT64_MAX};
    struct audit_keys list = {.v = {.v = &span, .n = 1}};
    return log_keys_put_all(c, &list, d);
}

int
log_keys_make(struct act *act, bool *ret_made, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    const struct config *c = &act->config;
    *ret_made = !file_exists(key_path(c, d->arena, "audit.key"));
    if (!*ret_made && file_exists(key_path(c, d->arena, "audit.vkey")))
        return 0;
    if ((*ret_made ? make_first_key(c, &s, d) : log_keys_load_signer(c, &s, d)) != 0)
        return -1;
    struct audit_vkey k = audit_signer_vkey(s);
    return log_keys_put_vkey(c, &k, d);
}

/* The list must have the key in force: one that is not on it was put there by somebody else. */
static int
check_list(const struct config *c, const struct audit_keys *list, struct diag *d)
{
    struct audit_vkey k;
    if (!file_exists(key_path(c, d->arena, "audit.vkey")))
        return 0;
    if (log_keys_load_vkey(c, d->arena, &k, d) != 0)
        return -1;
    if (audit_keys_find(list, audit_vkey_id(&k, d->arena), d->arena))
        return 0;
    return diag_fail(d, DIAG_CONFIG, "audit.vkeys does not list the key of audit.vkey");
}

int
log_keys_load_all(const struct config *c, struct arena *a, struct audit_keys *ret, struct diag *d)
{
    struct str text;
    const char *path = key_path(c, a, "audit.vkeys");
    if (!file_exists(path)) /* this log never had another key */
        path = key_path(c, a, "audit.vkey");
    if (!file_exists(path))
        return no_key(d, path);
    if (file_slurp(path, MAX_FILE, a, &text, d) != 0)
        return -1;
    if (audit_keys_parse(text, a, ret, d) != 0)
        return diag_context(d, "%s", path);
    return check_list(c, ret, d);
}

int
log_keys_load_any(const struct config *c, struct arena *a, struct audit_keys *ret, struct diag *d)
{
    if (file_exists(key_path(c, a, "audit.vkeys")) || file_exists(key_path(c, a, "audit.vkey")))
        return log_keys_load_all(c, a, ret, d);
    *ret = (struct audit_keys){0};
    return 0;
}
