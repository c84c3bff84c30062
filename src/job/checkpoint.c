/* Checkpoints: audit room signs, store and the state folder keep. */
#include "job/checkpoint.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "job/tree.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct audit_signer *, audit_signer_free)

enum { MAX_FILE = 1 << 16 };

static const char *
path_of(const struct config *c, struct arena *a, const char *name)
{
    return file_join(a, c->state_dir.s, name).s;
}

/* ---- keys ---- */

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
    if (job_load_vkey(c, a, &k, d) != 0)
        return -1;
    *ret = k.name;
    return 0;
}

static int
load_signer(const struct config *c, struct audit_signer **ret, struct diag *d)
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

static int
write_vkey(const struct config *c, const struct audit_signer *s, struct diag *d)
{
    struct audit_vkey k = audit_signer_vkey(s);
    struct str text = arena_fmt(d->arena, "%s\n", audit_vkey_text(&k, d->arena).s);
    return file_write_atomic(path_of(c, d->arena, "audit.vkey"), text, 0644, d);
}

int
job_make_log_key(struct job *j, bool *ret_made, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    const struct config *c = &j->config;
    const char *path = path_of(c, d->arena, "audit.key");
    *ret_made = !file_exists(path);
    if (!*ret_made && file_exists(path_of(c, d->arena, "audit.vkey")))
        return 0;
    if (!*ret_made)
        return load_signer(c, &s, d) == 0 ? write_vkey(c, s, d) : -1;
    if (audit_signer_make(c->origin, &s, d) != 0 ||
        file_write_atomic(path, audit_signer_pem(s, d->arena), 0600, d) != 0)
        return -1;
    return write_vkey(c, s, d);
}

int
job_load_vkey(const struct config *c, struct arena *a, struct audit_vkey *ret, struct diag *d)
{
    struct str text;
    const char *path = path_of(c, a, "audit.vkey");
    if (!file_exists(path))
        return no_key(d, path);
    if (file_slurp(path, MAX_FILE, a, &text, d) != 0)
        return -1;
    return audit_vkey_parse(text, a, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

int
job_load_kept(const struct config *c, struct arena *a, struct str *ret, struct diag *d)
{
    const char *path = path_of(c, a, "audit.checkpoint");
    *ret = STR("");
    return file_exists(path) ? file_slurp(path, MAX_FILE, a, ret, d) : 0;
}

int
job_load_newest(const struct config *c, struct arena *a, struct str *ret_note,
                struct audit_checkpoint *ret, struct diag *d)
{
    struct audit_vkey k;
    if (job_load_vkey(c, a, &k, d) != 0 || job_load_kept(c, a, ret_note, d) != 0)
        return -1;
    if (!ret_note->len)
        return diag_fail(d, DIAG_USAGE, "there is no checkpoint yet: run assay audit checkpoint");
    return audit_checkpoint_open(*ret_note, &k, a, ret, d);
}

/* ---- making ---- */

static int
check_size(int64_t size, const struct audit_checkpoint *kept, struct diag *d)
{
    if (!kept || kept->size <= size)
        return 0;
    return diag_fail(d, DIAG_VERIFY,
                     "the audit log has %lld records, %lld were signed: it was cut off, or the "
                     "database is an older one; no new checkpoint",
                     (long long)size, (long long)kept->size);
}

/* In the database, then outside: what is outside is never ahead. */
static int
keep(struct job *j, struct str origin, const struct checkpoint_made *m, struct diag *d)
{
    struct store_checkpoint c = {
        .origin = origin, .size = m->size, .made_us = env_wall_us(), .note = m->note};
    if (store_put_checkpoint(j->store, &c, d) != 0)
        return -1;
    return file_write_atomic(path_of(&j->config, d->arena, "audit.checkpoint"), m->note, 0644, d);
}

static int
make(struct job *j, const struct audit_signer *s, const struct audit_checkpoint *kept, bool rebuild,
     struct checkpoint_made *ret, struct diag *d)
{
    struct sha256_digest last, root;
    int64_t size;
    if (store_audit_size(j->store, &size, &last, d) != 0 || check_size(size, kept, d) != 0 ||
        job_tree_grow(j, size, kept, rebuild, &root, d) != 0)
        return -1;
    ret->size = size;
    ret->is_new = !kept || kept->size < size;
    if (audit_checkpoint_sign(size, &root, s, d->arena, &ret->note, d) != 0)
        return -1;
    struct audit_vkey k = audit_signer_vkey(s);
    return keep(j, audit_vkey_id(&k, d->arena), ret, d);
}

int
job_checkpoint(struct job *j, bool rebuild, struct checkpoint_made *ret, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    struct audit_checkpoint kept;
    struct str note;
    if (load_signer(&j->config, &s, d) != 0 || job_load_kept(&j->config, d->arena, &note, d) != 0)
        return -1;
    struct audit_vkey k = audit_signer_vkey(s);
    if (note.len && audit_checkpoint_open(note, &k, d->arena, &kept, d) != 0)
        return diag_at(d, "%s", path_of(&j->config, d->arena, "audit.checkpoint"));
    return make(j, s, note.len ? &kept : NULL, rebuild, ret, d);
}
