/* A Wazuh check object -> catalogue entry and result; the same for events, alerts, API pages and
 * 5.x state documents. Called by scans.c. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "ingest/frameworks.h"
#include "ingest/limits.h"
#include "ingest/readers/wazuh/wazuh.h"
#include "ingest/take.h"
#include "ingest/words.h"

enum { MAX_REFERENCES = 200 };

static void
auto_free_text(char **p)
{
    free(*p);
}

/* A JSON string that holds a JSON object or array (5.x agents write pieces of it). */
static struct str
string_of(const json_t *v)
{
    return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v)) : STR("");
}

/* Adds a value that is a string, an array of them, or {id: […], name: […]}. */
static void
add_values(struct wazuh *w, struct scan_check *c, struct str key, const json_t *v)
{
    const json_t *ids = json_is_object(v) ? json_object_get(v, "id") : v;
    if (json_is_string(ids) || json_is_number(ids))
        frameworks_add(w->a, c, key, wazuh_json_text(w, ids, LIMIT_TEXT, "compliance"), w->d);
    for (size_t i = 0; json_is_array(ids) && i < json_array_size(ids); i++) {
        const json_t *one = json_array_get(ids, i);
        frameworks_add(w->a, c, key, wazuh_json_text(w, one, LIMIT_TEXT, "compliance"), w->d);
    }
}

/* {"key":"cis","value":"1.1"}, a one-key map {"cis":["1.1"]}, or "cis:1.1". */
static void
add_compliance_item(struct wazuh *w, struct scan_check *c, const json_t *item)
{
    struct str rest = string_of(item);
    struct str key = string_of(json_object_get(item, "key"));
    const char *name;
    json_t *v;
    if (rest.len) {
        key = str_cut(&rest, ':');
        if (rest.len)
            frameworks_add(w->a, c, key, rest, w->d);
        else
            diag_warn(w->d, DIAG_WARN_DATA, c->id, "a compliance entry names no control");
    } else if (key.len) {
        add_values(w, c, key, json_object_get(item, "value"));
    } else if (json_is_object(item)) {
        json_object_foreach((json_t *)item, name, v) add_values(w, c, str_c(name), v);
    }
}

static void
add_controls(struct wazuh *w, struct scan_check *c, const json_t *compliance, const json_t *mitre)
{
    const char *name;
    json_t *v;
    if (json_is_object(compliance))
        json_object_foreach((json_t *)compliance, name, v) add_values(w, c, str_c(name), v);
    for (size_t i = 0; json_is_array(compliance) && i < json_array_size(compliance); i++)
        add_compliance_item(w, c, json_array_get(compliance, i));
    if (!json_is_object(mitre))
        return;
    /* The mitre map of 5.x: {tactic: …, technique: …}. */
    json_object_foreach((json_t *)mitre, name, v)
        add_values(w, c, arena_fmt(w->a, "mitre_%s", name), v);
}

/* Up to 132 controls a check, the same for every agent: equal blocks share one list. */
static void
add_mappings(struct wazuh *w, struct scan_check *c, const json_t *check)
{
    const json_t *compliance = json_object_get(check, "compliance");
    const json_t *mitre = json_object_get(check, "mitre");
    json_t *both = json_pack("[O?,O?]", compliance, mitre);
    AUTO(auto_free_text) char *text = both ? json_dumps(both, JSON_COMPACT) : NULL;
    json_decref(both);
    const struct scan_check *known = text ? map_get(w->mappings, str_c(text)) : NULL;
    if (known) {
        c->mappings.v = known->mappings.v;
        c->mappings.n = known->mappings.n;
        c->mappings.cap = known->mappings.n; /* so that a push would copy */
        return;
    }
    add_controls(w, c, compliance, mitre);
    if (!text)
        return;
    struct scan_check *kept = ARENA_NEW(w->a, struct scan_check);
    *kept = *c;
    map_put(w->mappings, arena_str(w->a, str_c(text)), kept);
}

static void
add_reference(struct wazuh *w, struct scan_check *c, struct str text)
{
    text = str_trim(text);
    if (text.len && c->references.n < MAX_REFERENCES)
        *VEC_PUSH(w->a, &c->references) = text;
    else if (text.len)
        diag_warn(w->d, DIAG_WARN_DATA, c->id, "more than %d references: the rest left out",
                  MAX_REFERENCES);
}

/* References come joined with commas, as an array, or as {"name": "url"}. */
static void
add_references(struct wazuh *w, struct scan_check *c, const json_t *v)
{
    const char *name;
    json_t *member;
    struct str joined =
        json_is_string(v) ? wazuh_json_text(w, v, LIMIT_TEXT, "references") : STR("");
    while (joined.len)
        add_reference(w, c, str_cut(&joined, ','));
    for (size_t i = 0; json_is_array(v) && i < json_array_size(v); i++) {
        const json_t *item = json_array_get(v, i);
        add_reference(w, c, wazuh_json_text(w, item, LIMIT_TEXT, "references"));
        if (json_is_object(item))
            json_object_foreach((json_t *)item, name, member)
                add_reference(w, c, wazuh_json_text(w, member, LIMIT_TEXT, "references"));
    }
}

static void
fill_check(struct wazuh *w, struct scan_check *c, const json_t *check)
{
    c->key = c->id;
    c->title = wazuh_json_get(w, check, "title", LIMIT_TITLE);
    if (!c->title.len) /* 5.x */
        c->title = wazuh_json_get(w, check, "name", LIMIT_TITLE);
    if (!c->title.len)
        c->title = c->id;
    c->description = wazuh_json_get(w, check, "description", LIMIT_TEXT);
    c->rationale = wazuh_json_get(w, check, "rationale", LIMIT_TEXT);
    c->remediation = wazuh_json_get(w, check, "remediation", LIMIT_TEXT);
    c->impact = wazuh_json_get(w, check, "impact", LIMIT_TEXT);
    add_mappings(w, c, check);
    add_references(w, c, json_object_get(check, "references"));
}

/* Why, and what was looked at. */
static struct str
evidence_of(struct wazuh *w, const json_t *check)
{
    static const char *const objects[] = {"file", "directory", "command", "registry", "process"};
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_str(&b, wazuh_json_get(w, check, "reason", LIMIT_TEXT));
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        struct str v = wazuh_json_get(w, check, objects[i], LIMIT_TEXT);
        if (v.len)
            buf_fmt(&b, "%s%s: %.*s", b.len ? "\n" : "", objects[i], STR_ARG(v));
    }
    return wazuh_json_keep(w, buf_view(&b), LIMIT_TEXT, "evidence");
}

int
wazuh_check_build(struct wazuh *w, const json_t *check, struct scan_check *c, struct scan_result *r)
{
    const json_t *id = json_object_get(check, "id");
    assert(c && r);
    *c = scan_check_new(STR(""));
    *r = (struct scan_result){.waiver = STR(""), .time = CLOCK_NONE};
    struct str text = wazuh_json_text(w, id, LIMIT_TEXT, "check id");
    if (!(json_is_string(id) || json_is_integer(id)) || str_trim(text).len == 0) {
        diag_warn(w->d, DIAG_WARN_DATA, w->place, "a check without a usable id was left out");
        w->n_bad++;
        return 0;
    }
    c->id = take_id(w->a, text, w->d);
    fill_check(w, c, check);
    /* "result", else "status": agents before 4.5 give it for what is not applicable. */
    r->native = wazuh_json_get(w, check, "result", LIMIT_ID);
    if (!r->native.len)
        r->native = wazuh_json_get(w, check, "status", LIMIT_ID);
    r->status = words_status(r->native);
    if (!r->native.len || !words_known(r->native)) {
        r->native = r->native.len ? r->native : STR("(none)");
        diag_warn(w->d, DIAG_WARN_DATA, c->id, "unknown result word \"%.*s\"", STR_ARG(r->native));
    }
    r->evidence = evidence_of(w, check);
    return 1;
}
