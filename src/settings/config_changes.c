/* Two printed settings against each other: called by act/act.c once a run. */
#include "settings/config_changes.h"

#include "base/map.h"
#include "base/vec.h"
#include "settings/config.h"

/* "key = value" cut in two. */
static struct str
cut_setting(struct str line, struct str *ret_value)
{
    struct str key = str_trim(str_cut(&line, '='));
    *ret_value = str_trim(line);
    return key;
}

static bool
is_repeated(struct str key)
{
    size_t n;
    const struct setting *rows = config_rows(&n), *s = settings_find(rows, n, key);
    return s && s->kind == SETTING_IS_LIST;
}

/* A printed text: its lines, and the value of each key that has one only. */
struct printed {
    struct map *lines, *values;
};

static struct printed
index_lines(struct str text, struct arena *a)
{
    struct printed p = {map_new(a), map_new(a)};
    while (text.len) {
        struct str line = str_cut(&text, '\n'), value, key = cut_setting(line, &value);
        struct str *kept = ARENA_NEW(a, struct str);
        *kept = value;
        map_put_index(p.lines, line, 0);
        if (!is_repeated(key))
            map_put(p.values, key, kept);
    }
    return p;
}

struct event_change *
config_changes(struct str was, struct str is, struct arena *a, size_t *ret_n)
{
    struct printed old = index_lines(was, a), new = index_lines(is, a);
    VEC(struct event_change) out = {0};
    struct str value, empty = STR("");
    out.v = vec_grow(a, out.v, 0, &out.cap, sizeof *out.v); /* an array also when nothing changed */
    while (is.len) {
        struct str line = str_cut(&is, '\n'), key = cut_setting(line, &value);
        if (!line.len || map_get_index(old.lines, line) >= 0)
            continue;
        const struct str *before = map_get(old.values, key); /* a list has none */
        *VEC_PUSH(a, &out) = (struct event_change){
            .field = key, .old_value = before ? *before : empty, .new_value = value};
    }
    while (was.len) {
        struct str line = str_cut(&was, '\n'), key = cut_setting(line, &value);
        if (is_repeated(key) && map_get_index(new.lines, line) < 0)
            *VEC_PUSH(a, &out) =
                (struct event_change){.field = key, .old_value = value, .new_value = empty};
    }
    *ret_n = out.n;
    return out.v;
}
