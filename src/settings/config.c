/* assay.conf: the rows of keys.h, read by config_load and printed by config_print. What can be repeated
 * is read and printed by lists.c. */
#include "settings/config.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/env.h"
#include "base/file.h"
#include "settings/definition.h"
#include "settings/lists.h"
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
        return diag_fail(d, DIAG_CONFIG, "fallback-encoding: \"%.*s\" is none of: %.*s",
                         STR_ARG(value), STR_ARG(charset_list(d->arena, true)));
    return 0;
}

/* Empty = the system's. */
static int
check_zone(struct str value, struct diag *d)
{
    return !value.len || zone_check(value, d) == 0 ? 0 : diag_context(d, "zone");
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
read_lines(struct config *c, struct str text, struct diag *d)
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
            return diag_at(d, "%.*s:%d", STR_ARG(c->path), line);
    }
    return 0;
}

static struct str
default_state_dir(struct arena *a)
{
    const char *home = getenv("HOME"), *xdg = getenv("XDG_STATE_HOME");
    if (geteuid() == 0 || !home)
        return STR("/var/lib/assay");
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
    if (state_dir)
        c->state_dir = arena_str(a, str_c(state_dir));
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
    struct str text;
    settings_reset(settings, N_SETTINGS, &c);
    if (!path)
        path = getenv("ASSAY_CONFIG");
    if (!path && file_exists(standard))
        path = standard;
    /* without a file all settings have their standards: assay works on one host with none */
    if (path) {
        c.path = arena_str(a, str_c(path));
        if (file_slurp(path, MAX_CONFIG_BYTES, a, &text, d) != 0) {
            d->first.code = DIAG_CONFIG;
            return -1;
        }
        if (read_lines(&c, text, d) != 0)
            return -1;
    }
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
