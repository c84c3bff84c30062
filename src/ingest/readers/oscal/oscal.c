/* Reader of OSCAL assessment results (JSON), with and without the envelope. Called by ingest.c with
 * chunks; row.c reads observations and findings. See doc/formats/oscal.md; NIST OSCAL 1.1,
 * assessment-results.
 *
 * What was found stands in findings (satisfied or not) and in the props of observations, where
 * tools put the words of XCCDF. Which host an observation speaks of is known when the inventory has
 * been seen, at the end: until then each word is kept as a row. One scan for each result, host and
 * kind of row. */
#include <assert.h>

#include "base/map.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/readers/oscal/oscal.h"
#include "ingest/readers/xccdf/xccdf.h"
#include "ingest/take.h"

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

/* Where elements stand. */
enum { PATH_OBSERVATIONS, PATH_FINDINGS, PATH_BARE_OBSERVATIONS, PATH_BARE_FINDINGS };

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max)
{
    return json_reader_get(r, v, key, max, STR("results"));
}

static int
on_element(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct oscal_row row = {
        .result = index[0],
        .is_finding = path == PATH_FINDINGS || path == PATH_BARE_FINDINGS,
        .is_bare = path == PATH_BARE_OBSERVATIONS || path == PATH_BARE_FINDINGS,
    };
    if (json_is_object(v))
        return (row.is_finding ? oscal_row_finding : oscal_row_observation)(self, row, v);
    struct ingest_reader *r = self;
    struct oscal *o = r->own;
    o->n_left_out++;
    diag_warn(r->d, DIAG_WARN_PARTIAL, STR("results"), "%s is no object: left out",
              row.is_finding ? "a finding" : "an observation");
    return 0;
}

/* ---- hosts ---- */

static struct str
item_key(struct ingest_reader *r, size_t result, struct str uuid)
{
    return arena_fmt(r->a, "%zu/%.*s", result, STR_ARG(uuid));
}

/* Tools have names of their own for the prop that names the machine. Without any, the item is called
 * by its title, or by its uuid, which is at least nobody else's. */
static struct oscal_item *
item_of(struct ingest_reader *r, const json_t *v, struct str title, struct str uuid)
{
    static const char *const props[] = {
        "fqdn",          "hostname",     "target",       "asset-id",     "computer-name",
        "dns-name",      "netbios-name", "machine-name", "system-name",  "server-name",
        "node-name",     "target-id",    "instance-id",  "ipv4-address", "ipv6-address",
        "ip-address",    "mac-address"};
    enum { N = sizeof props / sizeof *props };
    struct str names[N + 2];
    for (size_t i = 0; i < N; i++)
        names[i] = oscal_row_prop(r, v, props[i], LIMIT_TEXT);
    names[N] = title;
    names[N + 1] = uuid;
    struct oscal_item *item = ARENA_NEW(r->a, struct oscal_item);
    item->key = uuid;
    item->asset.name = item->asset.alias = STR("");
    identity_take(r->ctx, &item->asset, names, N + 2, r->a, r->d);
    if (!item->asset.is_given)
        item->key = item->asset.name;
    return item;
}

/* The only item of a result serves for what names none. */
static void
index_items(struct ingest_reader *r, size_t result, const json_t *v)
{
    struct oscal *o = r->own;
    const json_t *definitions = json_object_get(v, "local-definitions");
    const json_t *items = json_object_get(definitions, "inventory-items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        struct str uuid = get(r, item, "uuid", LIMIT_ID);
        struct oscal_item *one = item_of(r, item, get(r, item, "title", LIMIT_TEXT), uuid);
        if (uuid.len)
            map_put(o->items, item_key(r, result, uuid), one);
        if (json_array_size(items) == 1)
            map_put(o->items, item_key(r, result, STR("")), one);
    }
}

/* An item of the inventory, here or in a document that we do not have; else the only one; else
 * nobody. */
static const struct oscal_item *
host_of(struct ingest_reader *r, const struct oscal_row *row)
{
    const struct oscal *o = r->own;
    struct str key = item_key(r, row->result, row->subject);
    const struct oscal_item *item = map_get(o->items, key);
    if (!item && row->is_item && row->subject.len) {
        struct oscal_item *made = item_of(r, NULL, row->subject_title, row->subject);
        map_put(o->items, key, made);
        item = made;
    }
    if (!item && !row->is_item)
        item = map_get(o->items, item_key(r, row->result, STR("")));
    return item ? item : o->nobody;
}

/* ---- the scans ---- */

/* Findings sum observations up: in one scan with them they would count twice. */
static void
name_scan(struct ingest_reader *r, struct oscal_part *p, const struct oscal_item *host,
          const json_t *result)
{
    struct scan *s = &p->build.scan;
    struct str title = get(r, result, "title", LIMIT_TEXT);
    s->asset = host->asset;
    s->asset.os = s->asset.group = STR("");
    s->policy.id = title.len ? take_id(r->a, title, r->d) : STR("oscal-ar");
    s->policy.title = title.len ? get(r, result, "title", LIMIT_TITLE) : s->policy.id;
    s->policy.profile = p->is_finding ? STR("findings") : STR("");
    const json_t *definitions = json_object_get(result, "local-definitions");
    const json_t *assets = json_object_get(definitions, "assessment-assets");
    const json_t *tool = json_array_get(json_object_get(assets, "components"), 0);
    struct str name = get(r, tool, "title", LIMIT_ID / 2);
    struct str version = oscal_row_prop(r, tool, "scanner_version", LIMIT_ID / 4);
    s->engine = str_trim(arena_fmt(r->a, "%.*s %.*s", STR_ARG(name), STR_ARG(version)));
    s->start =
        take_time(r->ctx, get(r, result, "start", LIMIT_ID), &s->zone_assumed, STR("start"), r->d);
    s->end = take_time(r->ctx, get(r, result, "end", LIMIT_ID), &s->zone_assumed, STR("end"), r->d);
}

static struct oscal_part *
part_of(struct ingest_reader *r, const struct oscal_row *row, const struct oscal_item *host,
        const json_t *results)
{
    struct oscal *o = r->own;
    struct str key = arena_fmt(r->a, "%zu/%d/%.*s", row->result, row->is_finding,
                               STR_ARG(host->key));
    long at = map_get_index(o->by_key, key);
    assert(at < (long)o->parts.n);
    if (at >= 0)
        return &o->parts.v[at];
    if (o->parts.n >= LIMIT_SCANS) {
        diag_fail(r->d, DIAG_TOO_BIG, "results of more than %d inventory items", LIMIT_SCANS);
        return NULL;
    }
    struct oscal_part *p = VEC_PUSH(r->a, &o->parts);
    *p = (struct oscal_part){
        .result = row->result, .is_finding = row->is_finding, .last = CLOCK_NONE};
    build_begin(&p->build, "oscal-ar", r->ctx, r->a, r->d);
    name_scan(r, p, host, json_array_get(results, row->result));
    p->build.scan.partial = o->n_left_out > 0;
    map_put_index(o->by_key, key, o->parts.n - 1);
    return p;
}

static int
build_row(struct ingest_reader *r, const struct oscal_row *row, struct oscal_part *p)
{
    bool is_new;
    struct scan_result result = row->found;
    assert(row->is_finding == p->is_finding && row->result == p->result);
    long at = build_check(&p->build, row->id, &is_new);
    if (at < 0)
        return -1;
    struct scan_check *c = build_at(&p->build, at);
    if (is_new) {
        c->key = xccdf_stable_key(r->a, c->id);
        c->title = row->title;
        c->description = row->description;
        c->severity = row->severity;
    }
    if (result.time != CLOCK_NONE && (p->last == CLOCK_NONE || result.time > p->last))
        p->last = result.time;
    p->build.scan.zone_assumed = p->build.scan.zone_assumed || row->zone_assumed;
    result.status = build_status(&p->build, words, result.native, c->id);
    return build_result(&p->build, at, result);
}

/* Rows of nobody stand beside results of named hosts: they speak of the whole system. Alone, the
 * transport may say whose they are. */
static int
build_rows(struct ingest_reader *r, const json_t *results)
{
    struct oscal *o = r->own;
    size_t n_nobody = 0, n_named = 0;
    for (size_t i = 0; i < o->rows.n; i++)
        n_named += host_of(r, &o->rows.v[i])->key.len > 0;
    for (size_t i = 0; i < o->rows.n; i++) {
        const struct oscal_item *host = host_of(r, &o->rows.v[i]);
        if (n_named && !host->key.len) {
            n_nobody++;
            continue;
        }
        struct oscal_part *p = part_of(r, &o->rows.v[i], host, results);
        if (!p || build_row(r, &o->rows.v[i], p) != 0)
            return -1;
    }
    if (n_nobody)
        diag_warn(r->d, DIAG_WARN_PARTIAL, STR("results"),
                  "%zu results speak of no inventory item: left out", n_nobody);
    return 0;
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    struct oscal *o = r->own;
    const json_t *envelope = json_object_get(v, "assessment-results");
    const json_t *results = json_object_get(envelope ? envelope : v, "results");
    for (size_t i = 0; i < o->rows.n; i++)
        if (envelope && o->rows.v[i].is_bare)
            return diag_fail(r->d, DIAG_BAD_DATA,
                             "OSCAL: results both in assessment-results and beside it");
    for (size_t i = 0; i < json_array_size(results); i++)
        index_items(r, i, json_array_get(results, i));
    if (build_rows(r, results) != 0)
        return -1;
    for (size_t i = 0; i < o->parts.n; i++) {
        struct oscal_part *p = &o->parts.v[i];
        assert(p->build.scan.checks.n);
        if (p->build.scan.end == CLOCK_NONE)
            p->build.scan.end = p->last;
        if (build_end(&p->build, r->file) != 0)
            return -1;
    }
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
    o->items = map_new(a);
    o->nobody = ARENA_NEW(a, struct oscal_item);
    o->nobody->key = o->nobody->asset.name = o->nobody->asset.alias = STR("");
    return json_reader_open(&handlers, o, ctx, file, a, d);
}

const struct ingest_format oscal_format = {
    .name = "oscal-ar",
    .title = "OSCAL assessment results",
    .bid = oscal_bid,
    .open = oscal_open,
    .push = json_reader_push,
    .push_document = json_reader_push_document,
    .end = json_reader_end,
    .close = json_reader_close,
};
