/* assay.conf: the rows of keys.h, read by config_load and printed by config_print. What can be repeated
 * is read and printed by lists.c. */
#include "settings/config.h"

#include <assert.h>
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
#include "settings/config_parts.h"
#include "settings/definition.h"
#include "settings/lists.h"
#include "settings/recipients.h"
#include "settings/secret.h"
#include "settings/texts.h"
#include "settings/zone.h"

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

enum { N_SETTINGS = sizeof settings / sizeof *settings };

const struct setting *
config_rows(size_t *ret_n)
{
    *ret_n = N_SETTINGS;
    return settings;
}

int
config_line(struct config *c, struct str line, struct diag *d)
{
    struct str value = str_trim(line);
    if (!value.len || value.s[0] == '#')
        return 0;
    if (str_find(value, "=") < 0)
        return diag_fail(d, DIAG_CONFIG, "want \"key = value\", got \"%.*s\"", STR_ARG(value));
    struct str key = str_trim(str_cut(&value, '='));
    const struct setting *s = settings_find(settings, N_SETTINGS, key);
    if (!s)
        return diag_fail(d, DIAG_CONFIG, "unknown setting \"%.*s\"", STR_ARG(key));
    return setting_read(s, c, str_trim(value), d->arena, d);
}

static int
read_file(struct config *c, const char *path, struct diag *d)
{
    struct str text;
    if (file_slurp(path, CONFIG_MAX_BYTES, d->arena, &text, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return -1;
    }
    *VEC_PUSH(d->arena, &c->files) = arena_str(d->arena, str_c(path));
    for (int line = 1; text.len; line++)
        if (config_line(c, str_cut(&text, '\n'), d) != 0)
            return diag_at(d, "%s:%d", path, line);
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

void
config_fill(struct config *c, const char *state_dir, struct arena *a)
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
    struct config c = {.path = STR("")};
    struct config_files f;
    settings_reset(settings, N_SETTINGS, &c);
    if (config_files_list(path, &f, d) != 0)
        return -1;
    for (size_t i = 0; i < f.v.n; i++)
        if (read_file(&c, f.v.v[i].s, d) != 0)
            return -1;
    if (c.files.n)
        c.path = arena_str(a, f.path);
    config_fill(&c, state_dir, a);
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
    AUTO_BUF out = buf_init(CONFIG_MAX_BYTES * 2);
    settings_print(settings, N_SETTINGS, c, &out);
    return arena_str(a, buf_view(&out));
}
