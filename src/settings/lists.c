/* Lists of assay.conf, one line of each: between settings.c, which keeps the elements, and
 * target_options.c, which knows what stands behind a target. */
#include "settings/lists.h"

#include <assert.h>

#include "base/sha256.h"
#include "settings/target_options.h"

/* ---- texts ---- */

static int
read_text(const struct setting *s, struct str value, const void *before, size_t n, void *element,
          struct arena *a, struct diag *d)
{
    (void)before, (void)n;
    if (!value.len)
        return diag_fail(d, DIAG_CONFIG, "%s: want a value", s->key);
    *(struct str *)element = arena_str(a, value);
    return 0;
}

static void
print_text(const void *element, struct buf *out)
{
    buf_str(out, *(const struct str *)element);
}

const struct setting_list list_texts = {sizeof(struct str), read_text, print_text};

/* ---- targets of the audit log ---- */

/* Two of one key would share a cursor, and each would go on where the other stopped. */
static int
read_export(const struct setting *s, struct str value, const void *before, size_t n, void *element,
            struct arena *a, struct diag *d)
{
    const struct config_export *others = before;
    struct config_export *e = element;
    assert(s->size == sizeof *e);
    if (target_options_parse(value, a, e, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (str_eq(target_key(&others[i], a), target_key(e, a)))
            return diag_fail(d, DIAG_CONFIG,
                             "export: there is a target %.*s already: give one of them name=…",
                             STR_ARG(target_key(e, a)));
    return 0;
}

static void
print_export(const void *element, struct buf *out)
{
    target_options_print(element, out);
}

const struct setting_list list_exports = {sizeof(struct config_export), read_export, print_export};

/* ---- groups ---- */

static int
read_group(const struct setting *s, struct str value, const void *before, size_t n, void *element,
           struct arena *a, struct diag *d)
{
    (void)before, (void)n;
    struct config_group *g = element;
    struct str pattern = value, name = str_trim(str_cut(&pattern, ':'));
    pattern = str_trim(pattern);
    if (!name.len || !pattern.len)
        return diag_fail(d, DIAG_CONFIG, "%s: want NAME:PATTERN, got \"%.*s\"", s->key,
                         STR_ARG(value));
    *g = (struct config_group){arena_str(a, name), arena_str(a, pattern)};
    return 0;
}

static void
print_group(const void *element, struct buf *out)
{
    const struct config_group *g = element;
    buf_fmt(out, "%.*s:%.*s", STR_ARG(g->name), STR_ARG(g->pattern));
}

const struct setting_list list_groups = {sizeof(struct config_group), read_group, print_group};

/* ---- passwords of groups ---- */

/* A hash has no colon, the name of a group may. What is wrong with the value is said without it: it
 * may be a password in clear. */
static int
read_password(const struct setting *s, struct str value, const void *before, size_t n,
              void *element, struct arena *a, struct diag *d)
{
    (void)before, (void)n;
    struct config_password *p = element;
    size_t colon = value.len;
    while (colon > 0 && value.s[colon - 1] != ':')
        colon--;
    struct str hash = str_trim(str_n(value.s + colon, value.len - colon));
    struct str group = str_trim(str_n(value.s, colon ? colon - 1 : 0));
    if (!group.len || !str_starts(hash, "$scrypt$"))
        return diag_fail(d, DIAG_CONFIG,
                         "%s: want GROUP:$scrypt$…, as assay agent password prints it", s->key);
    *p = (struct config_password){arena_str(a, group), arena_str(a, hash)};
    return 0;
}

/* A hash of the hash: enough to see that the password is another one, and no help to guess it. */
static void
print_password(const void *element, struct buf *out)
{
    const struct config_password *p = element;
    struct sha256_digest digest = sha256_of(p->hash);
    buf_fmt(out, "%.*s:sha256 ", STR_ARG(p->group));
    buf_hex(out, digest.b, 8);
}

const struct setting_list list_passwords = {sizeof(struct config_password), read_password,
                                            print_password};

/* ---- agents ---- */

static int
read_agent(const struct setting *s, struct str value, const void *before, size_t n, void *element,
           struct arena *a, struct diag *d)
{
    (void)before, (void)n;
    struct config_agent *ag = element;
    struct str rest = value, name = str_trim(str_cut(&rest, ':'));
    if (!name.len)
        return diag_fail(d, DIAG_CONFIG, "%s: want NAME[:ALIAS,…], got \"%.*s\"", s->key,
                         STR_ARG(value));
    ag->name = arena_str(a, name);
    while (rest.len) {
        struct str alias = str_trim(str_cut(&rest, ','));
        if (alias.len)
            *VEC_PUSH(a, &ag->aliases) = arena_str(a, alias);
    }
    return 0;
}

static void
print_agent(const void *element, struct buf *out)
{
    const struct config_agent *ag = element;
    buf_str(out, ag->name);
    for (size_t i = 0; i < ag->aliases.n; i++)
        buf_fmt(out, "%c%.*s", i ? ',' : ':', STR_ARG(ag->aliases.v[i]));
}

const struct setting_list list_agents = {sizeof(struct config_agent), read_agent, print_agent};
