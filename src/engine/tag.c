/* Checks by their tags. compose/checks.c asks for each row, the report job once for all words. */
#include "engine/tag.h"

#include <assert.h>

#include "base/map.h"

/* The tags of a check one after the other; false behind the last. */
static bool
next_tag(const struct scan_check *c, size_t *at, struct arena *a, struct str *ret)
{
    size_t i = (*at)++;
    if (i < c->idents.n) {
        *ret = c->idents.v[i];
        return true;
    }
    i -= c->idents.n;
    if (i / 2 >= c->mappings.n)
        return false;
    const struct scan_mapping *m = &c->mappings.v[i / 2];
    *ret = i % 2 ? arena_fmt(a, "%.*s:%.*s", STR_ARG(m->framework), STR_ARG(m->control))
                 : m->framework;
    return true;
}

bool
tag_fits(const struct scan_check *c, const struct str *patterns, size_t n, struct arena *a)
{
    struct str tag;
    assert(n == 0 || patterns);
    for (size_t at = 0; n && next_tag(c, &at, a, &tag);)
        for (size_t i = 0; i < n; i++)
            if (str_glob(tag, patterns[i], true))
                return true;
    return n == 0;
}

/* Every tag there is, once. */
static struct str *
list_tags(const struct fleet *f, struct arena *a, size_t *ret_n)
{
    struct map *seen = map_new(a);
    VEC(struct str) tags = {0};
    for (size_t p = 0; p < f->policies.n; p++)
        for (size_t k = 0; k < f->policies.v[p].checks.n; k++) {
            struct str tag;
            for (size_t at = 0; next_tag(&f->policies.v[p].checks.v[k], &at, a, &tag);) {
                if (map_get_index(seen, tag) >= 0)
                    continue;
                map_put_index(seen, tag, 1);
                *VEC_PUSH(a, &tags) = tag;
            }
        }
    *ret_n = tags.n;
    return tags.v;
}

int
tag_check(const struct fleet *f, const struct str *patterns, size_t n, enum diag_code code,
          struct diag *d)
{
    size_t n_tags, n_checks = 0;
    for (size_t i = 0; i < f->policies.n; i++)
        n_checks += f->policies.v[i].checks.n;
    if (n == 0 || n_checks == 0)
        return 0;
    struct str *tags = list_tags(f, d->arena, &n_tags);
    for (size_t i = 0; i < n; i++) {
        bool is_known = false;
        for (size_t k = 0; k < n_tags && !is_known; k++)
            is_known = str_glob(tags[k], patterns[i], true);
        if (!is_known)
            return diag_unknown(d, code, "tag", patterns[i], tags, n_tags);
    }
    return 0;
}
