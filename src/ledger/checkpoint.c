/* Checkpoints of the log as it is: src/audit signs them, the database and the state directory keep
 * them. Called by cmd_audit.c, schedule.c and heartbeat.c, and before anything is pruned, stamped or
 * signed by another key. */
#include "ledger/checkpoint.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "ledger/log_tree.h"
#include "ledger/witness.h"

AUTO_DEFINE(struct audit_signer *, audit_signer_free)

enum { MAX_FILE = 1 << 16 };

static const char *
kept_path(const struct config *c, struct arena *a)
{
    return file_join(a, c->state_dir.s, "audit.checkpoint").s;
}

int
checkpoint_load_kept(const struct config *c, struct arena *a, struct str *ret, struct diag *d)
{
    const char *path = kept_path(c, a);
    *ret = STR("");
    return file_exists(path) ? file_slurp(path, MAX_FILE, a, ret, d) : 0;
}

int
checkpoint_load_newest(const struct config *c, struct arena *a, struct str *ret_note,
                       struct audit_checkpoint *ret, struct diag *d)
{
    struct audit_keys keys;
    if (log_keys_load_all(c, a, &keys, d) != 0 || checkpoint_load_kept(c, a, ret_note, d) != 0)
        return -1;
    if (!ret_note->len)
        return diag_fail(d, DIAG_USAGE, "there is no checkpoint yet: run assay audit checkpoint");
    return audit_keys_open(&keys, *ret_note, a, ret, NULL, d);
}

/* ---- making ---- */

/* The log may only have grown since it was signed. */
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

struct signing {                     /* a checkpoint under way */
    struct audit_signer *s;          /* the key */
    const struct audit_signer *next; /* which takes its place; NULL = none */
    int64_t next_first;              /* from which size on that one may sign */
    bool rebuild;
    bool has_kept;
    struct audit_checkpoint kept; /* what was signed last */
    struct str kept_note;
};

/* In the database, once for each key that signed; then in the file outside. In this order the file is
 * never ahead: what it says is in the database, or was taken out of it. */
static int
keep_note(struct act *act, const struct signing *g, const struct checkpoint_made *m, struct diag *d)
{
    const struct audit_signer *const keys[] = {g->s, g->next};
    for (size_t i = 0; i < sizeof keys / sizeof *keys && keys[i]; i++) {
        struct audit_vkey k = audit_signer_vkey(keys[i]);
        struct store_checkpoint c = {.origin = audit_vkey_id(&k, d->arena),
                                     .size = m->size,
                                     .made_us = env_wall_us(),
                                     .note = m->note};
        if (store_put_checkpoint(act->store, &c, d) != 0)
            return -1;
    }
    return file_write_atomic(kept_path(&act->config, d->arena), m->note, 0644, d);
}

/* The log signs, then the witnesses are asked. One that has seen another log refuses, and then
 * nothing of this checkpoint has been kept yet. */
static int
sign_and_show(struct act *act, const struct signing *g, const struct sha256_digest *root,
              struct checkpoint_made *m, struct diag *d)
{
    assert(m->size >= 0);
    struct audit_vkey k = audit_signer_vkey(g->s);
    struct audit_checkpoint cp = {.origin = k.name, .size = m->size, .root = *root};
    if (audit_checkpoint_sign(m->size, root, g->s, d->arena, &m->note, d) != 0 ||
        (g->next && audit_note_add(m->note, g->next, d->arena, &m->note, d) != 0))
        return -1;
    return witness_cosign(act, &cp, g->kept_note, &m->note, d);
}

/* The checkpoint of the log as it is now: it must have grown out of what was signed last. */
static int
make_checkpoint(struct act *act, const struct signing *g, struct checkpoint_made *ret,
                struct diag *d)
{
    struct sha256_digest last, root;
    int64_t size;
    const struct audit_checkpoint *kept = g->has_kept ? &g->kept : NULL;
    if (store_audit_size(act->store, &size, &last, d) != 0 || check_size(size, kept, d) != 0 ||
        log_tree_grow(act, size, kept, g->rebuild, &root, d) != 0)
        return -1;
    assert(size >= 0 && (!kept || kept->size <= size));
    ret->size = size;
    ret->is_new = !kept || kept->size < size;
    if (sign_and_show(act, g, &root, ret, d) != 0)
        return -1;
    return keep_note(act, g, ret, d);
}

/* A key whose last size stands in the list has been followed by another. */
static int
check_in_force(const struct audit_signer *s, const struct audit_keys *keys, struct diag *d)
{
    struct audit_vkey k = audit_signer_vkey(s);
    struct str id = audit_vkey_id(&k, d->arena);
    const struct audit_key_span *span = audit_keys_find(keys, id, d->arena);
    if (span && span->last == INT64_MAX)
        return 0;
    return diag_fail(d, DIAG_CONFIG,
                     "audit.key is not the key that audit.vkeys has in force; when a rotation was "
                     "cut off, assay audit rotate-key ends it");
}

/* Writes into the list of keys that the old one signs up to this checkpoint, which both signed, and
 * the new one from then on. Still under the lock: who waits for it reads the list next, and must not
 * sign with the old key any more. */
static int
list_next_key(const struct config *c, struct audit_keys *keys, const struct signing *g,
              int64_t size, struct diag *d)
{
    struct audit_vkey was = audit_signer_vkey(g->s);
    struct audit_key_span *old = audit_keys_find(keys, audit_vkey_id(&was, d->arena), d->arena);
    assert(g->next && old && old->last == INT64_MAX); /* check_in_force has seen it */
    old->last = size;
    *VEC_PUSH(d->arena, &keys->v) = (struct audit_key_span){
        .key = audit_signer_vkey(g->next), .first = g->next_first, .last = INT64_MAX};
    return log_keys_put_all(c, keys, d);
}

/* With the lock held: key and list must agree, and what was signed last must be ours. */
static int
sign_with_key(struct act *act, struct signing *g, struct checkpoint_made *ret, struct diag *d)
{
    struct str note;
    struct audit_keys keys;
    const struct config *c = &act->config;
    if (log_keys_load_all(c, d->arena, &keys, d) != 0 || check_in_force(g->s, &keys, d) != 0 ||
        checkpoint_load_kept(c, d->arena, &note, d) != 0)
        return -1;
    g->has_kept = note.len > 0;
    g->kept_note = note;
    if (g->has_kept && audit_keys_open(&keys, note, d->arena, &g->kept, NULL, d) != 0)
        return diag_at(d, "%s", kept_path(c, d->arena));
    if (make_checkpoint(act, g, ret, d) != 0)
        return -1;
    return g->next ? list_next_key(c, &keys, g, ret->size, d) : 0;
}

/* One process of this host at a time, or the file outside could be replaced by an older checkpoint, and
 * a tile by one with fewer hashes. The lock ends with the process that holds it. */
static int
lock_kept(const struct config *c, int *ret, struct diag *d)
{
    struct str path = file_join(d->arena, c->state_dir.s, "audit.lock");
    int fd = open(path.s, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX) == 0) {
        *ret = fd;
        return 0;
    }
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot lock: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return diag_at(d, "%s", path.s);
}

static int
sign_locked(struct act *act, struct signing *g, struct checkpoint_made *ret, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    AUTO(auto_close) int lock = -1;
    if (lock_kept(&act->config, &lock, d) != 0 || log_keys_load_signer(&act->config, &s, d) != 0)
        return -1;
    g->s = s;
    return sign_with_key(act, g, ret, d);
}

int
checkpoint_make(struct act *act, bool rebuild, struct checkpoint_made *ret, struct diag *d)
{
    struct signing g = {.rebuild = rebuild};
    return sign_locked(act, &g, ret, d);
}

int
checkpoint_make_with(struct act *act, const struct audit_signer *next, int64_t first,
                     struct diag *d)
{
    assert(next && first >= 0);
    struct signing g = {.next = next, .next_first = first};
    struct checkpoint_made made;
    return sign_locked(act, &g, &made, d);
}
