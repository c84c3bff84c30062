/* Called by `assay config check` and `assay doctor`. */
#include "settings/secret_look.h"

#include "base/auto.h"
#include "settings/recipients.h"
#include "settings/secret.h"
#include "settings/target_options.h"

AUTO_DEFINE(struct arena *, arena_wipe)

struct look {
    const struct config *c;
    struct arena *a;
    struct secrets_found *found;
};

/* One place of a secret; whose: what the line of the settings is about, empty = of all. */
static void
look_at_one(struct look *l, const char *key, struct str where, struct str whose)
{
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    struct diag d = diag_init(l->a);
    struct str secret;
    if (secret_is_elsewhere(where)) {
        l->found->n_elsewhere++;
        return;
    }
    if (secret_load(l->c, where, key, own, &secret, &d) == 0) {
        l->found->n_readable++;
        return;
    }
    if (whose.len)
        diag_context(&d, "%.*s", STR_ARG(whose));
    *VEC_PUSH(l->a, &l->found->mistakes) = d.first;
}

static void
look_at_rows(struct look *l, const struct setting *rows, size_t n, const void *base,
             struct str whose)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].check != secret_check && rows[i].check != secret_check_relative)
            continue;
        struct str where = *(const struct str *)(const void *)((const char *)base + rows[i].offset);
        if (where.len)
            look_at_one(l, rows[i].key, where, whose);
    }
}

void
secret_look(const struct config *c, struct arena *a, struct secrets_found *ret)
{
    struct look l = {c, a, ret};
    size_t n;
    const struct setting *rows = config_rows(&n);
    *ret = (struct secrets_found){0};
    look_at_rows(&l, rows, n, c, STR(""));
    rows = recipient_rows(&n);
    for (size_t i = 0; i < c->recipients.n; i++)
        look_at_rows(&l, rows, n, &c->recipients.v[i],
                     arena_fmt(a, "recipient %.*s", STR_ARG(c->recipients.v[i].name)));
    rows = target_rows(&n);
    for (size_t i = 0; i < c->exports.n; i++)
        look_at_rows(&l, rows, n, &c->exports.v[i],
                     arena_fmt(a, "export %.*s", STR_ARG(target_key(&c->exports.v[i], a))));
}
