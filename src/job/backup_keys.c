/* Keys in a backup. Called by backup.c and unpack.c. */
#include "job/backup_keys.h"

#include "base/file.h"

enum { MAX_FILE = 1 << 20 };

enum place { OF_STATE, OF_SIGN_KEY, OF_SIGN_CERT, OF_SIGN_P12 };

static const struct {
    const char *name;
    enum place place;
    unsigned mode;
} files[] = {{"audit.key", OF_STATE, 0600},   {"audit.vkey", OF_STATE, 0644},
             {"audit.vkeys", OF_STATE, 0644}, {"audit.checkpoint", OF_STATE, 0644},
             {"sign.key", OF_SIGN_KEY, 0600}, {"sign.crt", OF_SIGN_CERT, 0644},
             {"sign.p12", OF_SIGN_P12, 0600}};

enum { N_FILES = sizeof files / sizeof *files };

/* Empty = the settings name none. */
static struct str
path_of(const struct config *c, size_t i, struct arena *a)
{
    switch (files[i].place) {
    case OF_SIGN_KEY:
        return c->sign_key;
    case OF_SIGN_CERT:
        return c->sign_cert;
    case OF_SIGN_P12:
        return c->sign_p12;
    default:
        return file_join(a, c->state_dir.s, files[i].name);
    }
}

static size_t
find_file(struct str name)
{
    size_t i = 0;
    while (i < N_FILES && !str_eqc(name, files[i].name))
        i++;
    return i;
}

struct store_part
backup_keys_part(struct arena *a)
{
    struct store_part p = {.name = STR("files")};
    *VEC_PUSH(a, &p.columns) = (struct store_column){STR("name"), STORE_TEXT_VALUE};
    *VEC_PUSH(a, &p.columns) = (struct store_column){STR("bytes"), STORE_BYTES};
    return p;
}

int
backup_keys_load(const struct config *c, struct arena *a, backup_key_list *ret, struct diag *d)
{
    for (size_t i = 0; i < N_FILES; i++) {
        struct str path = path_of(c, i, a), bytes;
        if (!path.len || !file_exists(path.s))
            continue;
        if (file_slurp(path.s, MAX_FILE, a, &bytes, d) != 0)
            return -1;
        *VEC_PUSH(a, ret) = (struct backup_key){str_c(files[i].name), bytes};
    }
    return 0;
}

int
backup_keys_take(const struct str *values, size_t n, struct arena *a, backup_key_list *list,
                 struct diag *d)
{
    if (n != 2 || !values[0].s || !values[1].s || values[1].len > MAX_FILE ||
        find_file(values[0]) == N_FILES || list->n == N_FILES) {
        diag_fail(d, DIAG_BAD_DATA, "no file of keys that this program knows");
        return diag_at(d, "part files");
    }
    *VEC_PUSH(a, list) = (struct backup_key){arena_str(a, values[0]), arena_str(a, values[1])};
    return 0;
}

int
backup_keys_check(const struct config *c, const backup_key_list *list, struct arena *a,
                  struct diag *d)
{
    for (size_t i = 0; i < list->n; i++) {
        struct str path = path_of(c, find_file(list->v[i].name), a), have = STR("");
        if (!path.len) {
            diag_fail(d, DIAG_CONFIG,
                      "the backup has this file, and the settings name no place for it");
            return diag_at(d, "%s", list->v[i].name.s);
        }
        if (!file_exists(path.s))
            continue;
        if (file_slurp(path.s, MAX_FILE, a, &have, d) != 0)
            return -1;
        if (str_eq(have, list->v[i].bytes))
            continue;
        diag_fail(d, DIAG_CANNOT_WRITE,
                  "the backup has this file, too, with other bytes: put it aside, or restore a "
                  "backup without keys");
        return diag_at(d, "%s", path.s);
    }
    return 0;
}

int
backup_keys_put(const struct config *c, const backup_key_list *list, struct arena *a,
                struct diag *d)
{
    if (backup_keys_check(c, list, a, d) != 0)
        return -1;
    for (size_t i = 0; i < list->n; i++) {
        size_t f = find_file(list->v[i].name);
        struct str path = path_of(c, f, a);
        if (!file_exists(path.s) &&
            file_write_atomic(path.s, list->v[i].bytes, files[f].mode, d) != 0)
            return -1;
    }
    return 0;
}
