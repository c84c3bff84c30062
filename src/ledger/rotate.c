/* Rotation of the log key. The order of the steps is such that after a crash at any point either the
 * old key is in force, or the list says that it is not and the new one lies in audit.key.new. Called by
 * cmd_audit.c. */
#include "ledger/rotate.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "ledger/checkpoint.h"

AUTO_DEFINE(struct audit_signer *, audit_signer_free)

enum { MAX_FILE = 1 << 16 };

static const char *
state_path(const struct act *act, struct arena *a, const char *name)
{
    return file_join(a, act->config.state_dir.s, name).s;
}

/* Makes the key that is to follow, under the name of the old one, so that the log keeps its origin. In
 * front of the key its file has "first SIZE", the size of the log now: what this key signs is never of
 * fewer records, also when a rotation that was cut off is ended later. */
static int
make_next(struct act *act, const char *path, struct str name, struct audit_signer **ret,
          int64_t *ret_first, struct diag *d)
{
    struct checkpoint_made made;
    /* the log must hold as it is before its key is changed */
    if (checkpoint_make(act, false, &made, d) != 0 || audit_signer_make(name, ret, d) != 0)
        return -1;
    *ret_first = made.size;
    struct str text = arena_fmt(d->arena, "first %lld\n%s", (long long)made.size,
                                audit_signer_pem(*ret, d->arena).s);
    return file_write_atomic(path, text, 0600, d);
}

/* The key that is to follow: the one that a rotation which was cut off has left, or a new one. */
static int
load_next(struct act *act, struct str name, struct audit_signer **ret, int64_t *ret_first,
          struct diag *d)
{
    struct str pem;
    const char *path = state_path(act, d->arena, "audit.key.new");
    *ret_first = -1;
    if (!file_exists(path))
        return make_next(act, path, name, ret, ret_first, d);
    if (file_slurp(path, MAX_FILE, d->arena, &pem, d) != 0)
        return -1;
    struct str head = pem, line = str_cut(&head, '\n'), word = str_cut(&line, ' ');
    if (!str_eqc(word, "first") || !str_to_i64(line, ret_first) || *ret_first < 0)
        diag_fail(d, DIAG_CONFIG, "not a key that was made to follow another");
    else
        audit_signer_read(pem, name, ret, d);
    return diag_failed(d) ? diag_at(d, "%s", path) : 0;
}

static int
record_rotation(struct act *act, const struct rotation *r, struct diag *d)
{
    struct event_change change = {
        .field = STR("vkey"), .old_value = r->old_vkey, .new_value = r->new_vkey};
    struct event e = {.name = "audit.key.rotate",
                      .severity = 6,
                      .object_type = STR("log-key"),
                      .object_id = r->new_vkey,
                      .object_name = act->config.origin,
                      .reason = STR(""),
                      .changes = &change,
                      .n_changes = 1};
    return act_record(act, &e, 1, d);
}

/* audit.vkey and audit.key are those of the next key from now on. */
static int
replace_key(struct act *act, const struct audit_signer *next, struct diag *d)
{
    assert(next);
    struct audit_vkey k = audit_signer_vkey(next);
    const char *from = state_path(act, d->arena, "audit.key.new"),
               *to = state_path(act, d->arena, "audit.key");
    if (log_keys_put_vkey(&act->config, &k, d) != 0)
        return -1;
    if (rename(from, to) != 0) {
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot rename: %s", strerror(errno));
        return diag_at(d, "%s", from);
    }
    return file_sync_dir(act->config.state_dir.s, d);
}

/* One rotation at a time, or the list could name the key of one and audit.key be that of the other. The
 * lock is on the folder and ends with the process that holds it; checkpoint.c has one of its own. */
static int
lock_folder(const struct config *c, struct diag *d)
{
    int fd = open(c->state_dir.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0 && errno == EWOULDBLOCK)
        diag_fail(d, DIAG_BUSY, "the log key is being rotated already");
    else
        diag_fail(d, DIAG_CANNOT_WRITE, "cannot lock: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    diag_at(d, "%s", c->state_dir.s);
    return -1;
}

/* Record and checkpoint come before the files change: a rotation that is cut off behind them is ended by
 * the next call, and one before them has changed nothing. */
static int
rotate_locked(struct act *act, struct rotation *ret, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *next = NULL;
    struct audit_vkey was;
    struct audit_keys keys;
    int64_t first;
    if (log_keys_load_vkey(&act->config, d->arena, &was, d) != 0 ||
        log_keys_load_all(&act->config, d->arena, &keys, d) != 0 ||
        load_next(act, was.name, &next, &first, d) != 0)
        return -1;
    struct audit_vkey is = audit_signer_vkey(next);
    bool is_listed = audit_keys_find(&keys, audit_vkey_id(&is, d->arena), d->arena) != NULL;
    *ret = (struct rotation){.old_vkey = audit_vkey_text(&was, d->arena),
                             .new_vkey = audit_vkey_text(&is, d->arena),
                             .size = first};
    /* on the list already: a rotation that was cut off goes on where it was */
    if (!is_listed &&
        (record_rotation(act, ret, d) != 0 || checkpoint_make_with(act, next, ret->size, d) != 0))
        return -1;
    return replace_key(act, next, d);
}

int
rotate_run(struct act *act, struct rotation *ret, struct diag *d)
{
    AUTO_FD lock = lock_folder(&act->config, d);
    return lock < 0 ? -1 : rotate_locked(act, ret, d);
}
