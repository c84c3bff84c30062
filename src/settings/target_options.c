/* Options of targets: the rows of target_keys.h, read and printed. Called by lists.c and the command
 * line. */
#include "settings/target_options.h"

#include <stddef.h>

#include "settings/option_line.h"
#include "settings/secret.h"

enum { MAX_KEY = 700 };

#define TEXT(...)
#define CHECKED(...)
#define FLAG(...)
#define NUMBER(...)
#define OF(constant, word) [constant] = word,
#define WORD(type, member, key, standard, words)                                                   \
    static const char *const member##_words[] = {words NULL};
#include "settings/target_keys.h"

static const struct setting options[] = {
#define TEXT(member, key, standard) SETTING_TEXT(config_export, member, key, standard),
#define CHECKED(member, key, standard, check)                                                      \
    SETTING_CHECKED(config_export, member, key, standard, check),
#define FLAG(member, key, standard) SETTING_FLAG(config_export, member, key, standard),
#define NUMBER(member, key, standard, min, max)                                                    \
    SETTING_NUMBER(config_export, member, key, standard, min, max),
#define WORD(type, member, key, standard, words)                                                   \
    SETTING_WORD(config_export, member, key, standard, member##_words),
#include "settings/target_keys.h"
};

enum { N_OPTIONS = sizeof options / sizeof *options };

static const struct option_table table = {options, N_OPTIONS, "a target"};

const struct setting *
target_rows(size_t *ret_n)
{
    *ret_n = N_OPTIONS;
    return options;
}

struct config_export
target_plain(struct str format, struct str path)
{
    struct config_export e = {.format = format, .path = path};
    settings_reset(options, N_OPTIONS, &e);
    return e;
}

struct str
target_key(const struct config_export *e, struct arena *a)
{
    if (e->name.len)
        return e->name;
    return arena_fmt(a, "%.*s:%.*s", STR_ARG(e->format), STR_ARG(e->path));
}

/* ---- reading ---- */

int
target_option_set(struct config_export *e, struct str option, struct arena *a, struct diag *d)
{
    return option_line_set(&table, e, option, a, d);
}

int
target_options_parse(struct str line, struct arena *a, struct config_export *ret, struct diag *d)
{
    struct str rest = line, path = option_line_cut(&rest), format = str_trim(str_cut(&path, ':'));
    path = str_trim(path);
    if (!format.len || !path.len)
        return diag_fail(d, DIAG_CONFIG, "export: want FORMAT:TARGET, got \"%.*s\"", STR_ARG(line));
    if (option_line_check_login(path, "token-file", d) != 0)
        return diag_context(d, "export");
    struct config_export e = target_plain(arena_str(a, format), arena_str(a, path));
    if (option_line_read(&table, &e, rest, a, d) != 0)
        return diag_context(d, "export");
    if (target_key(&e, a).len > MAX_KEY)
        return diag_fail(d, DIAG_CONFIG, "export: the target is too long: give it a name=…");
    *ret = e;
    return 0;
}

/* ---- printing ---- */

void
target_options_print(const struct config_export *e, struct buf *out)
{
    buf_fmt(out, "%.*s:%.*s", STR_ARG(e->format), STR_ARG(e->path));
    option_line_print(&table, e, out);
}
