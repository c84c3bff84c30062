/* Secrets, read where they are needed and forgotten behind that. Called by all that log in somewhere. */
#include "settings/secret.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/base64.h"
#include "base/env.h"
#include "base/file.h"
#include "base/seal.h"
#include "settings/option_line.h"

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct arena *, arena_wipe)

enum {
    MAX_SEALED = 2 * SECRET_MAX,
    MAX_KEY = 256,
    KEY_MODE = 0600,
    FOLDER_MODE = 0700,
    STATE_MODE = 0750
};

static const char by_systemd[] = "credential:", by_us[] = "secret:", folder[] = SECRET_FOLDER;

static struct str
behind(struct str where, const char *prefix)
{
    size_t n = strlen(prefix);
    return str_n(where.s + n, where.len - n);
}

/* A name of a file in the folder of secrets; one that begins with a point would be another folder's. */
static int
check_name(struct str name, struct diag *d)
{
    if (option_line_check_name(name, d) != 0)
        return -1;
    return name.s[0] != '.' ? 0
                            : diag_fail(d, DIAG_CONFIG, "want a name that begins with no \".\"");
}

int
secret_check(struct str where, struct diag *d)
{
    const char *const prefixes[] = {by_systemd, by_us};
    for (size_t i = 0; i < 2; i++)
        if (str_starts(where, prefixes[i]))
            return check_name(behind(where, prefixes[i]), d);
    return setting_path(where, d);
}

int
secret_check_relative(struct str where, struct diag *d)
{
    return str_starts(where, by_systemd) || str_starts(where, by_us) ? secret_check(where, d) : 0;
}

void
secret_forget(struct str *secret)
{
    /* what stands in an arena may be written to: str is read-only for its readers' sake */
    if (secret->len)
        explicit_bzero((char *)(uintptr_t)secret->s, secret->len);
    secret->len = 0;
}

/* ---- files ---- */

/* Root who looks at the settings sees those of the account that the state folder belongs to. */
static bool
is_ours(const struct config *c, uid_t owner)
{
    struct stat st;
    return owner == 0 || owner == geteuid() ||
           (geteuid() == 0 && stat(c->state_dir.s, &st) == 0 && owner == st.st_uid);
}

static int
check_rights(const struct config *c, const char *path, struct diag *d)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return 0;
    if (st.st_mode & S_IRWXO)
        return diag_fail(d, DIAG_CONFIG, "others may read it (chmod o= %s)", path);
    if (!is_ours(c, st.st_uid))
        return diag_fail(d, DIAG_CONFIG, "%s belongs neither to root nor to this account", path);
    return 0;
}

/* The first line. What systemd hands over (c is NULL) has the rights that systemd gives it. */
static int
load_line(const struct config *c, const char *path, struct arena *a, struct str *ret,
          struct diag *d)
{
    struct str text;
    if (file_slurp(path, SECRET_MAX, a, &text, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return -1;
    }
    if (c && check_rights(c, path, d) != 0)
        return -1;
    struct str line = str_cut(&text, '\n');
    if (line.len && line.s[line.len - 1] == '\r')
        line.len--;
    *ret = arena_str(a, line);
    return ret->len ? 0 : diag_fail(d, DIAG_CONFIG, "%s: its first line is empty", path);
}

static int
load_file(const struct config *c, struct str where, struct arena *a, struct str *ret,
          struct diag *d)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    if (!str_starts(where, by_systemd))
        return load_line(c, arena_str(a, where).s, a, ret, d);
    if (!dir || dir[0] != '/')
        return diag_fail(d, DIAG_CONFIG,
                         "systemd has handed over no credentials ($CREDENTIALS_DIRECTORY)");
    return load_line(NULL, file_join(a, dir, arena_str(a, behind(where, by_systemd)).s).s, a, ret,
                     d);
}

/* ---- sealed ones ---- */

static struct str
key_place(const struct config *c, struct arena *a)
{
    return c->secret_key.len ? c->secret_key : file_join(a, c->state_dir.s, "secret.key");
}

static int
load_key(const struct config *c, unsigned char ret[SEAL_KEY_SIZE], struct diag *d)
{
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    struct str line, bytes;
    if (load_file(c, key_place(c, own), own, &line, d) != 0)
        return diag_context(d, "the key of sealed secrets");
    bool ok = base64_decode(own, line, &bytes) && bytes.len == SEAL_KEY_SIZE;
    if (ok)
        memcpy(ret, bytes.s, SEAL_KEY_SIZE);
    return ok ? 0 : diag_fail(d, DIAG_CONFIG, "the key of sealed secrets: want 32 bytes in base64");
}

/* Only in the place that it has by itself: elsewhere somebody else put it there, and it is missed. */
static int
make_key(const struct config *c, struct diag *d)
{
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    unsigned char key[SEAL_KEY_SIZE];
    struct str place = key_place(c, own);
    if (c->secret_key.len || file_exists(place.s))
        return 0;
    env_random(key, sizeof key);
    struct str line = base64_encode(own, key, sizeof key);
    explicit_bzero(key, sizeof key);
    return file_write_atomic(place.s, arena_fmt(own, "%.*s\n", STR_ARG(line)), KEY_MODE, d);
}

static struct str
sealed_place(const struct config *c, struct str name, struct arena *a)
{
    return arena_fmt(a, "%.*s/%s/%.*s", STR_ARG(c->state_dir), folder, STR_ARG(name));
}

static int
load_sealed(const struct config *c, struct str name, struct arena *a, struct str *ret,
            struct diag *d)
{
    unsigned char key[SEAL_KEY_SIZE];
    struct str sealed;
    struct str place = sealed_place(c, name, a);
    if (access(place.s, F_OK) != 0 && errno == ENOENT)
        return diag_fail(d, DIAG_CONFIG, "no secret is called %.*s (assay secret set)",
                         STR_ARG(name));
    if (file_slurp(place.s, MAX_SEALED, a, &sealed, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return -1;
    }
    if (load_key(c, key, d) != 0)
        return -1;
    bool ok = seal_open(key, name, sealed, a, ret);
    explicit_bzero(key, sizeof key);
    return ok ? 0
              : diag_fail(d, DIAG_CONFIG, "%s was sealed under another key, or changed", place.s);
}

bool
secret_is_elsewhere(struct str where)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    return str_starts(where, by_systemd) && !(dir && dir[0]);
}

int
secret_load(const struct config *c, struct str where, const char *what, struct arena *a,
            struct str *ret, struct diag *d)
{
    assert(where.len);
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    struct str found;
    int rc = str_starts(where, by_us) ? load_sealed(c, behind(where, by_us), own, &found, d)
                                      : load_file(c, where, own, &found, d);
    if (rc != 0)
        return diag_context(d, "%s", what);
    *ret = arena_str(a, found);
    return 0;
}

int
secret_seal(const struct config *c, struct str name, struct str secret, struct diag *d)
{
    unsigned char key[SEAL_KEY_SIZE];
    struct str dir = file_join(d->arena, c->state_dir.s, folder);
    /* the password of the database is sealed before `assay init`, which makes the state folder otherwise */
    if (check_name(name, d) != 0 || file_mkdirs(c->state_dir.s, STATE_MODE, d) != 0 ||
        file_mkdirs(dir.s, FOLDER_MODE, d) != 0 || make_key(c, d) != 0 || load_key(c, key, d) != 0)
        return -1;
    struct str sealed = seal_close(key, name, secret, d->arena);
    explicit_bzero(key, sizeof key);
    return file_write_atomic(sealed_place(c, name, d->arena).s, sealed, KEY_MODE, d);
}

static int
by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

int
secret_list(const struct config *c, struct arena *a, secret_names *ret, struct diag *d)
{
    struct str dir = file_join(a, c->state_dir.s, folder);
    AUTO(closedir_auto) DIR *handle = opendir(dir.s);
    *ret = (secret_names){0};
    if (!handle && errno != ENOENT) {
        diag_fail(d, DIAG_CONFIG, "cannot be listed: %s", strerror(errno));
        return diag_at(d, "%s", dir.s);
    }
    for (struct dirent *e; handle && (e = readdir(handle));)
        if (e->d_name[0] != '.')
            *VEC_PUSH(a, ret) = arena_str(a, str_c(e->d_name));
    if (ret->n)
        qsort(ret->v, ret->n, sizeof *ret->v, by_bytes);
    return 0;
}

int
secret_remove(const struct config *c, struct str name, struct diag *d)
{
    if (check_name(name, d) != 0)
        return -1;
    struct str place = sealed_place(c, name, d->arena);
    if (unlink(place.s) == 0)
        return 0;
    if (errno == ENOENT)
        return diag_fail(d, DIAG_USAGE, "no secret is called %.*s", STR_ARG(name));
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot be removed: %s", strerror(errno));
    return diag_at(d, "%s", place.s);
}
