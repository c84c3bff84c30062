/* assay.conf: the rows of keys.h, read by config_load and printed by config_print. What can be repeated
 * is read and printed by lists.c. */
#include "settings/config.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/env.h"
#include "base/file.h"
#include "settings/definition.h"
#include "settings/lists.h"
#include "settings/recipients.h"
#include "settings/secret.h"
#include "settings/texts.h"
#include "settings/zone.h"

AUTO_DEFINE(DIR *, closedir)

/* What the words of an enum are called. */
#define TEXT(...)
#define CHECKED(...)
#define FLAG(...)
#define NUMBER(...)
#define OF(constant, word) [constant] = word,
#define WORD(type, member, key, standard, words)                                                   \
    static const char *const member##_words[] = {words NULL};
#define LIST(...)
#include "settings/keys.h"

/* Empty = none. */
static int
check_encoding(struct str value, struct diag *d)
{
    if (value.len && !charset_may_be_forced(value))
        return diag_fail(d, DIAG_CONFIG, "\"%.*s\" is none of: %.*s", STR_ARG(value),
                         STR_ARG(charset_list(d->arena, true)));
    return 0;
}

/* Empty = the system's. */
static int
check_zone(struct str value, struct diag *d)
{
    return !value.len ? 0 : zone_check(value, d);
}

/* A path, or SCHEME:REST of another sink than a folder (deliver/sink.h). */
static int
check_reports(struct str value, struct diag *d)
{
    struct str rest = value, scheme = str_cut(&rest, ':');
    bool is_path = !rest.len || str_find(scheme, "/") >= 0;
    return is_path ? setting_path(value, d) : 0;
}

static const struct setting settings[] = {
#define TEXT(member, key, standard)           SETTING_TEXT(config, member, key, standard),
#define CHECKED(member, key, standard, check) SETTING_CHECKED(config, member, key, standard, check),
#define FLAG(member, key, standard)           SETTING_FLAG(config, member, key, standard),
#define NUMBER(member, key, standard, min, max)                                                    \
    SETTING_NUMBER(config, member, key, standard, min, max),
#define WORD(type, member, key, standard, words)                                                   \
    SETTING_WORD(config, member, key, standard, member##_words),
#define LIST(type, member, key, list) SETTING_LIST(config, member, key, list),
#include "settings/keys.h"
};

enum { N_SETTINGS = sizeof settings / sizeof *settings, MAX_CONFIG_BYTES = 1 << 20 };

const struct setting *
config_rows(size_t *ret_n)
{
    *ret_n = N_SETTINGS;
    return settings;
}

static int
read_lines(struct config *c, const char *path, struct str text, struct diag *d)
{
    for (int line = 1; text.len; line++) {
        struct str value = str_trim(str_cut(&text, '\n'));
        if (!value.len || value.s[0] == '#')
            continue;
        if (str_find(value, "=") < 0)
            diag_fail(d, DIAG_CONFIG, "want \"key = value\", got \"%.*s\"", STR_ARG(value));
        struct str key = str_trim(str_cut(&value, '='));
        const struct setting *s = settings_find(settings, N_SETTINGS, key);
        if (!s)
            diag_fail(d, DIAG_CONFIG, "unknown setting \"%.*s\"", STR_ARG(key));
        if (diag_failed(d) || setting_read(s, c, str_trim(value), d->arena, d) != 0)
            return diag_at(d, "%s:%d", path, line);
    }
    return 0;
}

static int
read_file(struct config *c, const char *path, struct diag *d)
{
    struct str text;
    if (file_slurp(path, MAX_CONFIG_BYTES, d->arena, &text, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return -1;
    }
    *VEC_PUSH(d->arena, &c->files) = arena_str(d->arena, str_c(path));
    return read_lines(c, path, text, d);
}

static int
by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* conf.d beside a file of the usual name, by the names of its files. Beside others conf.d may be anybody's. */
static int
read_folder(struct config *c, const char *path, struct diag *d)
{
    VEC(struct str) names = {0};
    struct str base = file_base_name(str_c(path));
    struct str above = str_n(path, (size_t)(base.s - path));
    if (!str_eqc(base, "assay.conf"))
        return 0;
    const char *dir = arena_fmt(d->arena, "%.*sconf.d", STR_ARG(above)).s;
    AUTO(closedir_auto) DIR *handle = opendir(dir);
    /* settings of the system that are not for this account: none, as for assay.conf in a closed folder */
    if (!handle && (errno == ENOENT || (errno == EACCES && c->files.n == 0)))
        return 0;
    if (!handle) {
        diag_fail(d, DIAG_CONFIG, "cannot list the folder of settings: %s", strerror(errno));
        return diag_at(d, "%s", dir);
    }
    for (struct dirent *e; (e = readdir(handle));)
        if (e->d_name[0] != '.' && str_ends(str_c(e->d_name), ".conf"))
            *VEC_PUSH(d->arena, &names) = arena_str(d->arena, str_c(e->d_name));
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, by_name);
    for (size_t i = 0; i < names.n; i++)
        if (read_file(c, file_join(d->arena, dir, names.v[i].s).s, d) != 0)
            return -1;
    return 0;
}

static struct str
default_state_dir(struct arena *a)
{
    static const char of_system[] = "/var/lib/assay";
    const char *home = getenv("HOME"), *xdg = getenv("XDG_STATE_HOME");
    const struct passwd *pw = geteuid() == 0 ? NULL : getpwuid(geteuid());
    /* the account that lives there has its state there, whatever runuser(1) left of somebody else's HOME */
    if (geteuid() == 0 || !home || (pw && strcmp(pw->pw_dir, of_system) == 0))
        return str_c(of_system);
    if (xdg && xdg[0] == '/')
        return arena_fmt(a, "%s/assay", xdg);
    return arena_fmt(a, "%s/.local/state/assay", home);
}

static void
fill_path(struct arena *a, struct str *value, struct str state_dir, const char *name)
{
    assert(name[0]);
    if (!value->len)
        *value = file_join(a, state_dir.s, name);
}

/* What the file left open follows from the state directory. */
static void
fill_defaults(struct config *c, const char *state_dir, struct arena *a)
{
    if (state_dir && state_dir[0] == '/')
        c->state_dir = arena_str(a, str_c(state_dir));
    else if (state_dir && state_dir[0])
        c->state_dir = file_join(a, env_folder(a).s, state_dir);
    if (!c->state_dir.len)
        c->state_dir = default_state_dir(a);
    fill_path(a, &c->spool_dir, c->state_dir, "spool");
    fill_path(a, &c->reports_dir, c->state_dir, "reports");
    if (!c->sign_p12.len) {
        fill_path(a, &c->sign_cert, c->state_dir, "sign.crt");
        fill_path(a, &c->sign_key, c->state_dir, "sign.key");
    }
    if (!c->origin.len)
        c->origin = arena_fmt(a, "%s/assay", env_host());
}

int
config_load(const char *path, const char *state_dir, struct arena *a, struct config *ret,
            struct diag *d)
{
    static const char standard[] = "/etc/assay/assay.conf";
    struct config c = {.path = STR("")};
    settings_reset(settings, N_SETTINGS, &c);
    if (!path)
        path = getenv("ASSAY_CONFIG");
    bool is_named = path && path[0];
    if (!is_named)
        path = standard;
    /* without a file all settings have their standards: assay works on one host with none */
    if (((is_named || file_exists(path)) && read_file(&c, path, d) != 0) ||
        read_folder(&c, path, d) != 0)
        return -1;
    if (c.files.n)
        c.path = arena_str(a, str_c(path));
    fill_defaults(&c, state_dir, a);
    /* behind all lines: a language may be one of templates-dir */
    if (texts_check(c.language, c.templates_dir.len ? c.templates_dir.s : NULL, DIAG_CONFIG, d) !=
        0)
        return diag_at(d, "%.*s", STR_ARG(c.path));
    *ret = c;
    return 0;
}

struct str
config_print(const struct config *c, struct arena *a)
{
    AUTO_BUF out = buf_init(MAX_CONFIG_BYTES * 2);
    settings_print(settings, N_SETTINGS, c, &out);
    return arena_str(a, buf_view(&out));
}
