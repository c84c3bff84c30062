/* The log key of this host and the list of those it had; checkpoint.c signs with it, rotate.c turns to
 * another. */
#include "ledger/keys.h"

#include <assert.h>

#include "base/auto.h"
#include "base/file.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct audit_signer *, audit_signer_free)

enum { MAX_FILE = 1 << 16 };

static const char list_head[] =
    "# keys of the audit log, and the sizes of the log that each signs\n";

static const char *
path_of(const struct config *c, struct arena *a, const char *name)
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

/* A key keeps the name it was made with, whatever the setting origin says today. */
static int
name_of_key(const struct config *c, struct arena *a, struct str *ret, struct diag *d)
{
    struct audit_vkey k;
    *ret = c->origin;
    if (!file_exists(path_of(c, a, "audit.vkey")))
        return 0;
    if (keys_load_vkey(c, a, &k, d) != 0)
        return -1;
    *ret = k.name;
    return 0;
}

int
keys_load_log_key(const struct config *c, struct audit_signer **ret, struct diag *d)
{
    struct str pem, name;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    const char *path = path_of(c, a, "audit.key");
    if (!file_exists(path))
        return no_key(d, path);
    if (file_slurp(path, MAX_FILE, a, &pem, d) != 0 || name_of_key(c, a, &name, d) != 0)
        return -1;
    return audit_signer_read(pem, name, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

int
keys_put_vkey(const struct config *c, const struct audit_vkey *k, struct diag *d)
{
    struct str text = arena_fmt(d->arena, "%s\n", audit_vkey_text(k, d->arena).s);
    return file_write_atomic(path_of(c, d->arena, "audit.vkey"), text, 0644, d);
}

static int
write_vkey(const struct config *c, const struct audit_signer *s, struct diag *d)
{
    struct audit_vkey k = audit_signer_vkey(s);
    return keys_put_vkey(c, &k, d);
}

int
keys_put_all(const struct config *c, const struct audit_keys *k, struct diag *d)
{
    assert(k->v.n > 0);
    struct str text = arena_fmt(d->arena, "%s%s", list_head, audit_keys_text(k, d->arena).s);
    return file_write_atomic(path_of(c, d->arena, "audit.vkeys"), text, 0644, d);
}

/* The list of keys, which begins with this one: all before are other logs. */
static int
start_list(const struct config *c, const struct audit_signer *s, struct diag *d)
{
    struct audit_key_span span = {.key = audit_signer_vkey(s), .first = 0, .last = INT64_MAX};
    struct audit_keys list = {.v = {.v = &span, .n = 1}};
    return keys_put_all(c, &list, d);
}

int
keys_make_log_key(struct act *act, bool *ret_made, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    const struct config *c = &act->config;
    const char *path = path_of(c, d->arena, "audit.key");
    *ret_made = !file_exists(path);
    if (!*ret_made && file_exists(path_of(c, d->arena, "audit.vkey")))
        return 0;
    if (!*ret_made)
        return keys_load_log_key(c, &s, d) == 0 ? write_vkey(c, s, d) : -1;
    /* the key first: a list or a vkey without it is made again, a key that is lost is not */
    if (audit_signer_make(c->origin, &s, d) != 0 ||
        file_write_atomic(path, audit_signer_pem(s, d->arena), 0600, d) != 0)
        return -1;
    return start_list(c, s, d) == 0 ? write_vkey(c, s, d) : -1;
}

int
keys_load_vkey(const struct config *c, struct arena *a, struct audit_vkey *ret, struct diag *d)
{
    struct str text;
    const char *path = path_of(c, a, "audit.vkey");
    if (!file_exists(path))
        return no_key(d, path);
    if (file_slurp(path, MAX_FILE, a, &text, d) != 0)
        return -1;
    return audit_vkey_parse(text, a, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

/* A key that is not on the list is one that somebody put there. */
static int
check_list(const struct config *c, const struct audit_keys *list, struct diag *d)
{
    struct audit_vkey k;
    if (!file_exists(path_of(c, d->arena, "audit.vkey")))
        return 0;
    if (keys_load_vkey(c, d->arena, &k, d) != 0)
        return -1;
    if (audit_keys_find(list, audit_vkey_id(&k, d->arena), d->arena))
        return 0;
    return diag_fail(d, DIAG_CONFIG, "audit.vkeys does not list the key of audit.vkey");
}

int
keys_load_all(const struct config *c, struct arena *a, struct audit_keys *ret, struct diag *d)
{
    struct str text;
    const char *path = path_of(c, a, "audit.vkeys");
    if (!file_exists(path)) /* one key, ever */
        path = path_of(c, a, "audit.vkey");
    if (!file_exists(path))
        return no_key(d, path);
    if (file_slurp(path, MAX_FILE, a, &text, d) != 0)
        return -1;
    if (audit_keys_parse(text, a, ret, d) != 0)
        return diag_context(d, "%s", path);
    return check_list(c, ret, d);
}
