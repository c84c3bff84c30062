/* Called by `assay config check`. */
#include "settings/config_check.h"

#include <stdlib.h>

#include "base/file.h"
#include "settings/config_parts.h"
#include "settings/secret_look.h"
#include "settings/texts.h"
#include "settings/zone.h"

static void
note(config_mistakes *mistakes, struct diag *d)
{
    if (diag_failed(d))
        *VEC_PUSH(d->arena, mistakes) = d->first;
    diag_clear(d);
}

static void
check_file(struct config *c, struct str path, config_mistakes *mistakes, struct diag *d)
{
    struct str text;
    if (file_slurp(path.s, CONFIG_MAX_BYTES, d->arena, &text, d) != 0) {
        note(mistakes, d);
        return;
    }
    *VEC_PUSH(d->arena, &c->files) = path;
    for (int line = 1; text.len; line++) {
        if (config_line(c, str_cut(&text, '\n'), d) != 0)
            diag_at(d, "%.*s:%d", STR_ARG(path), line);
        note(mistakes, d);
    }
}

static void
check_secrets(const struct config *c, struct arena *a, config_mistakes *mistakes)
{
    struct secrets_found f;
    secret_look(c, a, &f);
    for (size_t i = 0; i < f.mistakes.n; i++)
        *VEC_PUSH(a, mistakes) = f.mistakes.v[i];
}

void
config_check(const char *path, const char *state_dir, struct arena *a, struct config *ret,
             config_mistakes *mistakes)
{
    struct diag d = diag_init(a);
    struct config_files f;
    size_t n;
    const struct setting *rows = config_rows(&n);
    *ret = (struct config){.path = STR("")};
    settings_reset(rows, n, ret);
    if (config_files_list(path, &f, &d) != 0)
        note(mistakes, &d);
    for (size_t i = 0; i < f.v.n; i++)
        check_file(ret, f.v.v[i], mistakes, &d);
    ret->path = f.path;
    if (texts_check(ret->language, ret->templates_dir.len ? ret->templates_dir.s : NULL, DIAG_CONFIG,
                    &d) != 0)
        diag_at(&d, "%.*s", STR_ARG(ret->path));
    note(mistakes, &d);
    if (!ret->zone.len)
        zone_check_variable(str_c(getenv("TZ")), &d);
    note(mistakes, &d);
    config_fill(ret, state_dir, a);
    check_secrets(ret, a, mistakes);
}
