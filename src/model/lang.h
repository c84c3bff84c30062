/* Texts in the reader's language.
 * What:   keys to texts with {placeholders}, from templates/lang/<code>/<room>.json (flat objects).
 *         A key that is missing in a language falls back to English; missing there too, it comes
 *         out as [key], so that nothing disappears silently (a test looks for such brackets).
 *         Plural: key.one is used instead of key when the argument "n" is exactly 1 and it exists,
 *         key.only when "of" is 1, too.
 * Owner:  the arena given to lang_new.
 * Units:  none.   Errors: none. */
#ifndef MODEL_LANG_H
#define MODEL_LANG_H

#include "base/map.h"

struct lang {
    struct arena *arena;
    struct str code;              /* "en", "ja" */
    struct map *texts, *fallback; /* key -> struct str * */
};

struct lang_arg {
    const char *name;
    struct str value;
};

/* An empty language. */
struct lang *lang_new(struct arena *a, struct str code);
/* Adds a text; to the fallback (English) when is_fallback. */
void lang_add(struct lang *l, bool is_fallback, struct str key, struct str text);
/* The text of key as it stands. */
struct str lang_get(const struct lang *l, const char *key);
/* The text with {name} replaced by the arguments, in a. */
struct str lang_fmt(const struct lang *l, struct arena *a, const char *key,
                    const struct lang_arg *args, size_t n);
/* A number as printf has it, with the mark of the language between groups of three digits of its
 * whole part. */
struct str lang_number(const struct lang *l, struct arena *a, struct str digits);
/* lang_fmt with the arguments written in place: LANG(l, a, "key", {"n", x}, {"of", y}). */
#define LANG(l, a, key, ...)                                                                       \
    lang_fmt((l), (a), (key), (const struct lang_arg[]){__VA_ARGS__},                              \
             sizeof((const struct lang_arg[]){__VA_ARGS__}) / sizeof(struct lang_arg))

#endif
