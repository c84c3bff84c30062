/* Language files into struct lang; before compose and render, which only look texts up. */
#include "settings/texts.h"

#include <assert.h>
#include <dirent.h>
#include <jansson.h>
#include <string.h>

#include "base/auto.h"
#include "base/embed.h"
#include "base/file.h"

enum { MAX_BYTES = 1 << 20, MAX_CODE = 16 };

AUTO_DEFINE(json_t *, json_decref)
AUTO_DEFINE(DIR *, closedir)

/* What one folder of a language goes into. */
struct target {
    struct lang *lang;
    bool is_fallback;
    size_t n_files;
    struct arena *arena;
};

/* A key that is given again takes the place of the one before: the overlay comes last. */
static int
add_texts(struct target *t, struct str name, struct str bytes, struct diag *d)
{
    assert(t->lang);
    json_error_t e;
    AUTO(json_decref_auto)
    json_t *root = json_loadb(bytes.s, bytes.len, JSON_REJECT_DUPLICATES, &e);
    if (!root) {
        diag_fail(d, DIAG_CONFIG, "%s", e.text);
        return diag_at(d, "%.*s:%d:%d", STR_ARG(name), e.line, e.column);
    }
    if (!json_is_object(root)) {
        diag_fail(d, DIAG_CONFIG, "want one object of keys and texts");
        return diag_at(d, "%.*s", STR_ARG(name));
    }
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        if (!json_is_string(value)) {
            diag_fail(d, DIAG_CONFIG, "%s: want a text", key);
            return diag_at(d, "%.*s", STR_ARG(name));
        }
        struct str text = str_n(json_string_value(value), json_string_length(value));
        lang_add(t->lang, t->is_fallback, arena_str(t->arena, str_c(key)),
                 arena_str(t->arena, text));
    }
    t->n_files++;
    return 0;
}

static int
add_built_in(struct target *t, struct str code, struct diag *d)
{
    const char *prefix = arena_fmt(t->arena, "templates/lang/%.*s/", STR_ARG(code)).s;
    for (const struct embed_file *f = embed_next(prefix, NULL); f; f = embed_next(prefix, f))
        if (str_ends(str_c(f->name), ".json") &&
            add_texts(t, str_c(f->name), str_n(f->data, f->len), d) != 0)
            return -1;
    return 0;
}

static int
add_overlay(struct target *t, const char *overlay_dir, struct str code, struct diag *d)
{
    if (!overlay_dir)
        return 0;
    const char *dir = arena_fmt(t->arena, "%s/lang/%.*s", overlay_dir, STR_ARG(code)).s;
    AUTO(closedir_auto) DIR *handle = opendir(dir);
    if (!handle)
        return 0; /* a site need not change every language */
    for (struct dirent *e = readdir(handle); e; e = readdir(handle)) {
        struct str path = file_join(t->arena, dir, e->d_name), bytes;
        if (e->d_name[0] == '.' || !str_ends(path, ".json"))
            continue;
        if (file_slurp(path.s, MAX_BYTES, t->arena, &bytes, d) != 0 ||
            add_texts(t, path, bytes, d) != 0)
            return -1;
    }
    return 0;
}

/* Codes become parts of paths: letters, digits and '-' only. */
static bool
is_code(struct str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", code.s[i]) ||
            !code.s[i])
            return false;
    return code.len > 0 && code.len <= MAX_CODE;
}

struct codes {
    struct str *v;
    size_t n, cap;
};

static void
add_code(struct codes *codes, struct str code, struct arena *a)
{
    bool there = !is_code(code);
    for (size_t i = 0; i < codes->n; i++)
        there = there || str_eq(codes->v[i], code);
    if (!there)
        *VEC_PUSH(a, codes) = arena_str(a, code);
}

/* Built in, and of the site: a folder that holds texts. */
static struct codes
list_languages(const char *overlay_dir, struct arena *a)
{
    static const char prefix[] = "templates/lang/";
    struct codes codes = {0};
    for (const struct embed_file *f = embed_next(prefix, NULL); f; f = embed_next(prefix, f)) {
        struct str rest = str_c(f->name + strlen(prefix)), code = str_cut(&rest, '/');
        if (rest.len)
            add_code(&codes, code, a);
    }
    const char *dir = overlay_dir ? arena_fmt(a, "%s/lang", overlay_dir).s : NULL;
    AUTO(closedir_auto) DIR *handle = dir ? opendir(dir) : NULL;
    for (struct dirent *e = handle ? readdir(handle) : NULL; e; e = readdir(handle)) {
        AUTO(closedir_auto) DIR *texts = opendir(file_join(a, dir, e->d_name).s);
        for (struct dirent *f = texts ? readdir(texts) : NULL; f; f = readdir(texts))
            if (f->d_name[0] != '.' && str_ends(str_c(f->d_name), ".json"))
                add_code(&codes, str_c(e->d_name), a);
    }
    return codes;
}

int
texts_check(struct str language, const char *overlay_dir, enum diag_code code, struct diag *d)
{
    struct codes known = list_languages(overlay_dir, d->arena);
    assert(known.n > 0);
    for (size_t i = 0; i < known.n; i++)
        if (!language.len || str_eq(known.v[i], language))
            return 0;
    return diag_unknown(d, code, "language", language, known.v, known.n);
}

int
texts_load(struct str code, const char *overlay_dir, struct arena *a, struct lang **ret,
           struct diag *d)
{
    if (!code.len)
        code = STR("en");
    if (texts_check(code, overlay_dir, DIAG_CONFIG, d) != 0)
        return -1;
    struct lang *lang = lang_new(a, arena_str(a, code));
    /* English first: what a language lacks is taken from it, the site's own texts win over both */
    struct target own = {.lang = lang, .arena = a};
    struct target english = {.lang = lang, .arena = a, .is_fallback = true};
    if (add_built_in(&english, STR("en"), d) != 0 ||
        add_overlay(&english, overlay_dir, STR("en"), d) != 0 || add_built_in(&own, code, d) != 0 ||
        add_overlay(&own, overlay_dir, code, d) != 0)
        return -1;
    assert(english.n_files > 0);
    if (own.n_files == 0)
        return diag_fail(d, DIAG_CONFIG, "no texts for language \"%.*s\"", STR_ARG(code));
    *ret = lang;
    return 0;
}
