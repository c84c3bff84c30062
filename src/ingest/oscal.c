/* Reader of OSCAL assessment results (JSON), with and without the envelope. Called by ingest.c with
 * chunks. See doc/formats/oscal.md; NIST OSCAL 1.1, assessment-results.
 *
 * What was found stands in findings (satisfied or not) and in the props of observations, where
 * tools put the words of XCCDF. One scan for each result and each inventory item it speaks of. */
#include <assert.h>

#include "base/map.h"
#include "ingest/build.h"
#include "ingest/frameworks.h"
#include "ingest/json_reader.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/take.h"
#include "ingest/xccdf.h"

static const struct build_word words[] = {
    {"satisfied", STATUS_PASS},
    {"notsatisfied", STATUS_FAIL},
    {"pass", STATUS_PASS},
    {"fixed", STATUS_FIXED},
    {"fail", STATUS_FAIL},
    {"error", STATUS_ERROR},
    {"unknown", STATUS_UNKNOWN},
    {"notchecked", STATUS_NOTCHECKED},
    {"notapplicable", STATUS_NOTAPPLICABLE},
    {"informational", STATUS_INFORMATIONAL},
    {"notselected", STATUS_NOTSELECTED},
    {NULL, STATUS_NONE},
};

/* A scan: which result of the file it is of, and of which inventory item. */
struct part {
    struct build build;
    size_t result;
    struct str subject; /* uuid, or empty */
};

struct oscal {
    VEC(struct part) parts;
    struct map *by_key;
};

enum { PATH_OBSERVATIONS, PATH_FINDINGS, PATH_BARE_OBSERVATIONS, PATH_BARE_FINDINGS };

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max)
{
    return json_reader_get(r, v, key, max, STR("results"));
}

/* The value of the prop of that name. */
static struct str
prop(struct ingest_reader *r, const json_t *v, const char *name, size_t max)
{
    const json_t *props = json_object_get(v, "props");
    for (size_t i = 0; i < json_array_size(props); i++)
        if (str_ieqc(get(r, json_array_get(props, i), "name", LIMIT_ID), name))
            return get(r, json_array_get(props, i), "value", max);
    return STR("");
}

/* ---- parts ---- */

static struct part *
part_of(struct ingest_reader *r, size_t result, struct str subject)
{
    struct oscal *o = r->own;
    struct str key = arena_fmt(r->a, "%zu/%.*s", result, STR_ARG(subject));
    long at = map_get_index(o->by_key, key);
    if (at >= 0)
        return &o->parts.v[at];
    if (o->parts.n >= LIMIT_SCANS) {
        diag_fail(r->d, DIAG_TOO_BIG, "results of more than %d inventory items", LIMIT_SCANS);
        return NULL;
    }
    struct part *p = VEC_PUSH(r->a, &o->parts);
    *p = (struct part){.result = result, .subject = subject};
    build_begin(&p->build, "oscal-ar", r->ctx, r->a, r->d);
    map_put_index(o->by_key, key, o->parts.n - 1);
    return p;
}

static int
add_result(struct ingest_reader *r, struct part *p, struct str id, struct scan_check texts,
           struct scan_result result)
{
    bool is_new;
    long at = build_check(&p->build, id, &is_new);
    if (at < 0)
        return -1;
    struct scan_check *c = build_at(&p->build, at);
    if (is_new) {
        c->key = xccdf_stable_key(r->a, c->id);
        c->title = texts.title;
        c->description = texts.description;
        c->severity = texts.severity;
    }
    result.status = build_status(&p->build, words, result.native, c->id);
    return build_result(&p->build, at, result);
}

/* ---- observations ---- */

static struct str
result_word(struct ingest_reader *r, const json_t *v)
{
    struct str word = prop(r, v, "result", LIMIT_ID);
    return word.len ? word : prop(r, v, "State", LIMIT_ID);
}

static int
take_word(struct ingest_reader *r, size_t result, const json_t *v, const json_t *subject,
          struct str word)
{
    struct str id = prop(r, v, "idref", LIMIT_TEXT), time = prop(r, v, "time", LIMIT_ID);
    struct str description = get(r, v, "description", LIMIT_TEXT);
    id = id.len ? id : description.len ? description : get(r, v, "uuid", LIMIT_ID);
    struct part *p = part_of(r, result, get(r, subject, "subject-uuid", LIMIT_ID));
    if (!p || !id.len)
        return p ? diag_fail(r->d, DIAG_BAD_DATA, "an observation with a result names no check")
                 : -1;
    struct scan_check texts = {.title = get(r, v, "title", LIMIT_TITLE),
                               .description = str_eq(description, id) ? STR("") : description,
                               .severity = severity_from_word(prop(r, v, "severity", LIMIT_ID))};
    struct scan_result found = {
        .native = word,
        .evidence = get(r, v, "remarks", LIMIT_TEXT),
        .time = take_time(r->ctx, time, &p->build.scan.zone_assumed, STR("time"), r->d)};
    return add_result(r, p, id, texts, found);
}

/* The word is a prop of the observation, or of each of its subjects. */
static int
take_observation(struct ingest_reader *r, size_t result, const json_t *v)
{
    const json_t *subjects = json_object_get(v, "subjects");
    struct str word = result_word(r, v);
    if (word.len)
        return take_word(r, result, v, json_array_get(subjects, 0), word);
    for (size_t i = 0; i < json_array_size(subjects); i++) {
        word = result_word(r, json_array_get(subjects, i));
        if (word.len && take_word(r, result, v, json_array_get(subjects, i), word) != 0)
            return -1;
    }
    return 0;
}

/* ---- findings ---- */

/* The state, which older versions wrote as a plain text. */
static struct str
state_of(struct ingest_reader *r, const json_t *target)
{
    const json_t *status = json_object_get(target, "status");
    return json_is_object(status) ? get(r, status, "state", LIMIT_ID)
                                  : get(r, target, "status", LIMIT_ID);
}

static int
take_finding(struct ingest_reader *r, size_t result, const json_t *v)
{
    const json_t *target = json_object_get(v, "target");
    struct str id = get(r, target, "target-id", LIMIT_TEXT), word = state_of(r, target);
    struct str reason = get(r, json_object_get(target, "status"), "reason", LIMIT_TITLE);
    if (!id.len) {
        diag_warn(r->d, DIAG_WARN_DATA, STR("findings"), "a finding without target-id: left out");
        return 0;
    }
    struct part *p = part_of(r, result, STR(""));
    if (!p)
        return -1;
    struct scan_check texts = {.title = get(r, v, "title", LIMIT_TITLE), .description = STR("")};
    struct str text = get(r, v, "description", LIMIT_TEXT - LIMIT_TITLE - 8);
    struct scan_result found = {.native = word, .time = CLOCK_NONE};
    found.evidence =
        reason.len ? arena_fmt(r->a, "%.*s\n%.*s", STR_ARG(reason), STR_ARG(text)) : text;
    return add_result(r, p, id, texts, found);
}

static int
on_element(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    bool is_finding = path == PATH_FINDINGS || path == PATH_BARE_FINDINGS;
    if (!json_is_object(v))
        return 0;
    return (is_finding ? take_finding : take_observation)(self, index[0], v);
}

/* ---- the scans ---- */

/* The host of an inventory item; the only one there is serves for what names none. */
static struct str
asset_of(struct ingest_reader *r, const json_t *definitions, struct str subject)
{
    static const char *const names[] = {"fqdn", "hostname", "target", "asset-id", "ipv4-address"};
    const json_t *items = json_object_get(definitions, "inventory-items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        bool is_it = subject.len ? str_eq(get(r, item, "uuid", LIMIT_ID), subject)
                                 : json_array_size(items) == 1;
        for (size_t k = 0; is_it && k < sizeof names / sizeof *names; k++) {
            struct str name = prop(r, item, names[k], LIMIT_TEXT);
            if (name.len)
                return name;
        }
    }
    return STR("");
}

static struct str
engine_of(struct ingest_reader *r, const json_t *definitions)
{
    const json_t *assets = json_object_get(definitions, "assessment-assets");
    const json_t *tool = json_array_get(json_object_get(assets, "components"), 0);
    struct str name = get(r, tool, "title", LIMIT_ID / 2);
    struct str version = prop(r, tool, "scanner_version", LIMIT_ID / 4);
    return str_trim(arena_fmt(r->a, "%.*s %.*s", STR_ARG(name), STR_ARG(version)));
}

static void
settle(struct ingest_reader *r, struct part *p, const json_t *result)
{
    struct scan *s = &p->build.scan;
    const json_t *definitions = json_object_get(result, "local-definitions");
    struct str title = get(r, result, "title", LIMIT_ID);
    s->asset.name = asset_of(r, definitions, p->subject);
    s->policy.id = title.len ? title : STR("oscal-ar");
    s->policy.title = s->policy.id;
    s->engine = engine_of(r, definitions);
    s->start =
        take_time(r->ctx, get(r, result, "start", LIMIT_ID), &s->zone_assumed, STR("start"), r->d);
    s->end = take_time(r->ctx, get(r, result, "end", LIMIT_ID), &s->zone_assumed, STR("end"), r->d);
}

/* Findings speak of the whole system. Beside results of named hosts they are nobody's; alone, the
 * transport may say whose they are. */
static bool
is_of_nobody(struct ingest_reader *r, const struct part *p)
{
    const struct oscal *o = r->own;
    bool others = false;
    for (size_t i = 0; i < o->parts.n; i++)
        others = others || o->parts.v[i].build.scan.asset.name.len;
    if (p->build.scan.asset.name.len || !others)
        return false;
    diag_warn(r->d, DIAG_WARN_PARTIAL, p->build.scan.policy.id,
              "%zu results speak of no inventory item: left out", p->build.scan.results.n);
    return true;
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    struct oscal *o = r->own;
    const json_t *envelope = json_object_get(v, "assessment-results");
    const json_t *results = json_object_get(envelope ? envelope : v, "results");
    for (size_t i = 0; i < o->parts.n; i++)
        settle(r, &o->parts.v[i], json_array_get(results, o->parts.v[i].result));
    for (size_t i = 0; i < o->parts.n; i++)
        if (!is_of_nobody(r, &o->parts.v[i]) && build_end(&o->parts.v[i].build, r->file) != 0)
            return -1;
    return o->parts.n
               ? 0
               : diag_fail(r->d, DIAG_BAD_DATA,
                           "OSCAL: neither findings nor observations with a prop \"result\"");
}

static int
oscal_bid(const struct ingest_head *head)
{
    struct str k = head->json_keys;
    bool is_bare = detect_has_key(k, "1:results") && detect_has_key(k, "3:reviewed-controls");
    bool is_trestle = detect_has_key(k, "1:results") && detect_has_key(k, "3:local-definitions");
    return detect_has_key(k, "1:assessment-results") || is_bare || is_trestle ? 90 : 0;
}

static struct ingest_reader *
oscal_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
           struct diag *d)
{
    static const struct json_doc_handlers handlers = {
        .paths = {[PATH_OBSERVATIONS] = "assessment-results.results[].observations[]",
                  [PATH_FINDINGS] = "assessment-results.results[].findings[]",
                  [PATH_BARE_OBSERVATIONS] = "results[].observations[]",
                  [PATH_BARE_FINDINGS] = "results[].findings[]"},
        .element = on_element,
        .document = on_document};
    struct oscal *o = ARENA_NEW(a, struct oscal);
    o->by_key = map_new(a);
    return json_reader_open(&handlers, o, ctx, file, a, d);
}

const struct ingest_format oscal_format = {
    .name = "oscal-ar",
    .title = "OSCAL assessment results",
    .bid = oscal_bid,
    .open = oscal_open,
    .push = json_reader_push,
    .end = json_reader_end,
    .close = json_reader_close,
};
