/* References of Nessus compliance items: `KEY|value` pairs, most of them controls of frameworks.
 * Called by nessus_item.c for a check that is new. */
#include <assert.h>

#include "ingest/frameworks.h"
#include "ingest/limits.h"
#include "ingest/nessus.h"
#include "ingest/take.h"
#include "ingest/xccdf.h"

enum { MAX_IDENTS = 1000 };

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

static enum severity
severity_of_cat(struct str cat)
{
    return str_eqc(cat, "I")     ? SEVERITY_HIGH
           : str_eqc(cat, "II")  ? SEVERITY_MEDIUM
           : str_eqc(cat, "III") ? SEVERITY_LOW
                                 : SEVERITY_UNKNOWN;
}

static void
add_ident(struct nessus_env *e, struct nessus_references *r, const char *shown, struct str value)
{
    struct scan_check *c = &r->as_check;
    if (c->idents.n >= MAX_IDENTS) {
        diag_warn(e->d, DIAG_WARN_DATA, c->id, "more than %d identifiers: the rest left out",
                  MAX_IDENTS);
        return;
    }
    struct str ident = arena_fmt(e->a, "%s%.*s", shown, STR_ARG(value));
    *VEC_PUSH(e->a, &c->idents) = take_id(e->a, ident, e->d);
}

static void
add_pair(struct nessus_env *e, struct nessus_references *r, struct str key, struct str value)
{
    const struct ident_key *k = ident_keys;
    while (k->key && !str_ieqc(key, k->key))
        k++;
    if (k->key)
        add_ident(e, r, k->shown, value);
    if (!k->key || str_ieqc(key, "CCI"))
        frameworks_add(e->a, &r->as_check, key, value, e->d);
    if (str_ieqc(key, "CAT"))
        r->severity = severity_of_cat(value);
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
    while (text.len) {
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
