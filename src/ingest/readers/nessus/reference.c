/* References of Nessus compliance items: `KEY|value` pairs, most of them controls of frameworks.
 * Called by item.c for a check that is new. */
#include <assert.h>

#include "ingest/frameworks.h"
#include "ingest/limits.h"
#include "ingest/readers/nessus/nessus.h"
#include "ingest/readers/xccdf/xccdf.h"
#include "ingest/take.h"

/* Of a check, real ones have up to some 60; keys of all checks are some 30. */
enum { MAX_PAIRS = 400, MAX_KEYS = 4000 };

/* Keys that name the rule itself; shown with the key where the value alone says nothing. */
static const struct ident_key {
    const char *key, *shown;
} ident_keys[] = {
    {"Rule-ID", ""},
    {"Vuln-ID", ""},
    {"Group-ID", ""},
    {"STIG-ID", ""},
    {"STIG-Legacy", ""},
    {"CCI", ""},
    {"CCE", ""},
    {"CCE-ID", ""},
    {"CAT", "CAT "},
    {"LEVEL", "LEVEL "},
    {"DISA_BENCHMARK", "DISA_BENCHMARK "},
    {NULL, NULL},
};

/* A report repeats some twenty keys thousands of times. */
static void
add_control(struct nessus_env *e, struct nessus_references *r, struct str key, struct str value)
{
    struct framework *known = map_get(e->frameworks, key);
    if (!known && map_len(e->frameworks) >= MAX_KEYS) {
        diag_fail(e->d, DIAG_TOO_BIG, "references have more than %d different keys", MAX_KEYS);
        return;
    }
    if (!known) {
        known = ARENA_NEW(e->a, struct framework);
        if (!frameworks_find(e->a, key, STR(""), known))
            known->name = STR(""); /* no usable name */
        map_put(e->frameworks, arena_str(e->a, key), known);
    }
    if (known->name.len)
        frameworks_add_to(e->a, &r->as_check, known, value, e->d);
    else
        diag_warn(e->d, DIAG_WARN_DATA, r->as_check.id,
                  "a framework without a usable name: left out");
}

static void
add_pair(struct nessus_env *e, struct nessus_references *r, struct str key, struct str value)
{
    const struct ident_key *k = ident_keys;
    while (k->key && !str_ieqc(key, k->key))
        k++;
    if (k->key) {
        struct str ident = arena_fmt(e->a, "%s%.*s", k->shown, STR_ARG(value));
        *VEC_PUSH(e->a, &r->as_check.idents) = take_id(e->a, ident, e->d);
    }
    if (!k->key || str_ieqc(key, "CCI"))
        add_control(e, r, key, value);
    if (str_ieqc(key, "CAT"))
        r->severity = str_eqc(value, "I")     ? SEVERITY_HIGH
                      : str_eqc(value, "II")  ? SEVERITY_MEDIUM
                      : str_eqc(value, "III") ? SEVERITY_LOW
                                              : SEVERITY_UNKNOWN;
    if (str_ieqc(key, "Rule-ID") && !r->key.len) {
        struct str stable = xccdf_stable_key(e->a, value);
        r->key = str_eq(stable, value) ? arena_str(e->a, value) : stable;
    }
}

/* A piece without a bar is a further value of the key before it. */
static void
read_pairs(struct nessus_env *e, struct nessus_references *r, struct str text)
{
    struct str key = STR("");
    for (int n = 0; text.len && n < MAX_PAIRS && !diag_failed(e->d); n++) {
        struct str value = str_trim(str_cut(&text, ','));
        if (str_find(value, "|") >= 0)
            key = str_trim(str_cut(&value, '|'));
        value = str_trim(value);
        if (value.len && key.len)
            add_pair(e, r, key, value);
        else if (value.len || key.len)
            diag_warn(e->d, DIAG_WARN_DATA, r->as_check.id, "a reference without %s was left out",
                      key.len ? "a value" : "a key");
    }
    if (text.len)
        diag_warn(e->d, DIAG_WARN_DATA, r->as_check.id,
                  "more than %d references: the rest left out", MAX_PAIRS);
}

const struct nessus_references *
nessus_references(struct nessus_env *e, struct str text, struct str place)
{
    struct nessus_references *known = map_get(e->references, text);
    if (known)
        return known;
    known = ARENA_NEW(e->a, struct nessus_references);
    known->as_check.id = place;
    known->key = STR("");
    read_pairs(e, known, text);
    /* lists are shared: with no room left, a push would make a copy */
    known->as_check.mappings.cap = known->as_check.mappings.n;
    known->as_check.idents.cap = known->as_check.idents.n;
    map_put(e->references, arena_str(e->a, text), known);
    assert(map_get(e->references, text) == known);
    return known;
}
