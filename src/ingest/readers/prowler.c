/* Reader of findings in the Open Cybersecurity Schema Framework as Prowler writes them: a list of
 * them, one for each check and resource. Called by ingest.c with chunks. See doc/formats/ocsf.md.
 *
 * One scan for each account or cluster that the findings are of. */
#include <assert.h>

#include "base/buf.h"
#include "base/map.h"
#include "ingest/build.h"
#include "ingest/frameworks.h"
#include "ingest/identity.h"
#include "ingest/json_reader.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/take.h"

static const struct build_word words[] = {
    {"pass", STATUS_PASS},    {"fail", STATUS_FAIL}, {"manual", STATUS_NOTCHECKED},
    {"muted", STATUS_WAIVED}, {NULL, STATUS_NONE},
};

struct accounts {
    VEC(struct build) builds;
    struct map *by_name;
    size_t n_left_out; /* findings that name no check */
};

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max)
{
    return json_reader_get(r, v, key, max, STR("finding"));
}

/* ---- whose ---- */

static void
name_scan(struct ingest_reader *r, struct build *b, const json_t *v, const struct str names[2])
{
    const json_t *product = json_object_get(json_object_get(v, "metadata"), "product");
    const json_t *cloud = json_object_get(v, "cloud");
    struct scan *s = &b->scan;
    struct str uid = get(r, product, "uid", LIMIT_ID), title = get(r, product, "name", LIMIT_TITLE);
    struct str version = get(r, product, "version", LIMIT_ID);
    s->asset.alias = get(r, json_object_get(cloud, "account"), "name", LIMIT_TITLE);
    identity_take(r->ctx, &s->asset, names, 2, r->a, r->d);
    s->policy.id = uid.len ? uid : title.len ? title : STR("ocsf");
    s->policy.version = version;
    s->policy.title = title;
    s->policy.profile = get(r, cloud, "provider", LIMIT_ID);
    s->engine =
        take_text(r->a, str_trim(arena_fmt(r->a, "%.*s %.*s", STR_ARG(title), STR_ARG(version))),
                  LIMIT_ID, STR("product"), r->d);
}

static struct build *
scan_of(struct ingest_reader *r, const json_t *v)
{
    struct accounts *all = r->own;
    /* The account, else the cluster or project that Prowler was pointed at; empty when nothing
     * says. */
    const json_t *account = json_object_get(json_object_get(v, "cloud"), "account");
    const struct str names[] = {
        get(r, account, "uid", LIMIT_TEXT),
        get(r, json_object_get(v, "unmapped"), "provider_uid", LIMIT_TEXT)};
    bool is_second = identity_why_none(names[0]).len && !identity_why_none(names[1]).len;
    struct str name = names[is_second];
    long at = map_get_index(all->by_name, name);
    if (at >= 0)
        return &all->builds.v[at];
    if (all->builds.n >= LIMIT_SCANS) {
        diag_fail(r->d, DIAG_TOO_BIG, "findings of more than %d accounts", LIMIT_SCANS);
        return NULL;
    }
    struct build *b = VEC_PUSH(r->a, &all->builds);
    build_begin(b, "prowler-ocsf", r->ctx, r->a, r->d);
    name_scan(r, b, v, names);
    map_put_index(all->by_name, name, all->builds.n - 1);
    return b;
}

/* ---- what was checked ---- */

static void
add_controls(struct ingest_reader *r, struct scan_check *c, const json_t *compliance)
{
    const char *key;
    json_t *list;
    json_object_foreach((json_t *)(uintptr_t)compliance, key, list)
    {
        for (size_t i = 0; i < json_array_size(list); i++) {
            const char *control = json_string_value(json_array_get(list, i));
            if (control)
                frameworks_add(r->a, c, str_c(key), str_c(control), r->d);
        }
    }
}

/* What a check is in: the service, and the categories that its author gave it. */
static struct str
section_of(struct ingest_reader *r, const json_t *v)
{
    enum { MAX_SECTION = 200 };
    const json_t *resource = json_array_get(json_object_get(v, "resources"), 0);
    const json_t *list = json_object_get(json_object_get(v, "unmapped"), "categories");
    struct str service = get(r, json_object_get(resource, "group"), "name", MAX_SECTION);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    buf_fmt(&out, "prowler:%.*s|", STR_ARG(str_cut(&service, '|')));
    for (size_t i = 0; i < json_array_size(list) && out.len < 2 * MAX_SECTION; i++)
        if (json_is_string(json_array_get(list, i)))
            buf_fmt(&out, "%s%s", i ? "," : "", json_string_value(json_array_get(list, i)));
    return take_text(r->a, buf_view(&out), 2 * MAX_SECTION, STR("categories"), r->d);
}

static void
fill_check(struct ingest_reader *r, struct scan_check *c, const json_t *v)
{
    const json_t *info = json_object_get(v, "finding_info"),
                 *fix = json_object_get(v, "remediation");
    const json_t *references = json_object_get(fix, "references");
    c->title = get(r, info, "title", LIMIT_TITLE);
    c->description = get(r, info, "desc", LIMIT_TEXT);
    c->rationale = get(r, v, "risk_details", LIMIT_TEXT);
    c->remediation = get(r, fix, "desc", LIMIT_TEXT);
    c->severity = severity_from_word(get(r, v, "severity", LIMIT_ID));
    for (size_t i = 0; i < json_array_size(references) && i < LIMIT_ADDRESSES; i++)
        if (json_is_string(json_array_get(references, i)))
            *VEC_PUSH(r->a, &c->references) =
                take_text(r->a, str_c(json_string_value(json_array_get(references, i))),
                          LIMIT_TITLE, c->id, r->d);
    add_controls(r, c, json_object_get(json_object_get(v, "unmapped"), "compliance"));
    c->section = section_of(r, v);
}

/* "resource: what was found" */
static struct str
evidence_of(struct ingest_reader *r, const json_t *v)
{
    const json_t *resource = json_array_get(json_object_get(v, "resources"), 0);
    struct str uid = get(r, resource, "uid", LIMIT_TITLE);
    struct str name = uid.len ? uid : get(r, resource, "name", LIMIT_TITLE);
    struct str detail = get(r, v, "status_detail", LIMIT_TEXT - LIMIT_TITLE - 2);
    return name.len ? arena_fmt(r->a, "%.*s: %.*s", STR_ARG(name), STR_ARG(detail)) : detail;
}

/* OCSF has seconds or milliseconds in time; Prowler 4.0 to 4.4 wrote a text into event_time alone. */
static int64_t
time_of(struct ingest_reader *r, struct build *b, const json_t *v)
{
    static const char *const names[] = {"time", "time_dt", "event_time"};
    static const char *const info_names[] = {"created_time", "created_time_dt"};
    const json_t *info = json_object_get(v, "finding_info");
    int64_t t = CLOCK_NONE;
    for (size_t i = 0; i < sizeof names / sizeof *names && t == CLOCK_NONE; i++)
        t = take_time(r->ctx, get(r, v, names[i], LIMIT_ID), &b->scan.zone_assumed, str_c(names[i]),
                      r->d);
    for (size_t i = 0; i < sizeof info_names / sizeof *info_names && t == CLOCK_NONE; i++)
        t = take_time(r->ctx, get(r, info, info_names[i], LIMIT_ID), &b->scan.zone_assumed,
                      str_c(info_names[i]), r->d);
    return t;
}

static int
take_finding(struct ingest_reader *r, struct build *b, struct str id, const json_t *v)
{
    bool is_new;
    long at = build_check(b, id, &is_new);
    if (at < 0)
        return -1;
    if (is_new)
        fill_check(r, build_at(b, at), v);
    struct scan_result result = {.native = get(r, v, "status_code", LIMIT_ID),
                                 .evidence = evidence_of(r, v),
                                 .time = time_of(r, b, v)};
    result.status = build_status(b, words, result.native, id);
    if (str_ieqc(get(r, v, "status", LIMIT_ID), "Suppressed"))
        result.status = STATUS_WAIVED; /* muted by somebody: it still says that it failed */
    if (result.status == STATUS_WAIVED)
        result.waiver = STR("muted in the scanner's configuration");
    /* The scan lasted from its first to its last finding. */
    struct scan *s = &b->scan;
    if (result.time != CLOCK_NONE && (s->start == CLOCK_NONE || result.time < s->start))
        s->start = result.time;
    if (result.time != CLOCK_NONE && (s->end == CLOCK_NONE || result.time > s->end))
        s->end = result.time;
    return build_result(b, at, result);
}

static int
on_finding(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct ingest_reader *r = self;
    struct accounts *all = r->own;
    struct str id = get(r, json_object_get(v, "metadata"), "event_code", LIMIT_TEXT);
    (void)path;
    if (!json_is_object(v) || !id.len) {
        diag_warn(r->d, DIAG_WARN_PARTIAL, arena_fmt(r->a, "finding %zu", index[0] + 1),
                  "no metadata.event_code: left out");
        all->n_left_out++;
        return 0;
    }
    struct build *b = scan_of(r, v);
    return b ? take_finding(r, b, id, v) : -1;
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    struct accounts *all = r->own;
    if (!json_is_array(v) || !all->builds.n)
        return diag_fail(r->d, DIAG_BAD_DATA,
                         "OCSF: not a list of findings with metadata.event_code");
    for (size_t i = 0; i < all->builds.n; i++) /* of which account it was, nobody knows */
        all->builds.v[i].scan.partial = all->builds.v[i].scan.partial || all->n_left_out;
    for (size_t i = 0; i < all->builds.n; i++)
        if (build_end(&all->builds.v[i], r->file) != 0)
            return -1;
    return 0;
}

static int
prowler_bid(const struct ingest_head *head)
{
    struct str k = head->json_keys;
    bool is_finding = detect_has_key(k, "2:class_uid") || detect_has_key(k, "2:finding_info");
    return is_finding || detect_has_key(k, "3:event_code") ? 80 : 0;
}

static struct ingest_reader *
prowler_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
             struct diag *d)
{
    static const struct json_doc_handlers handlers = {
        .paths = {"[]"}, .element = on_finding, .document = on_document};
    struct accounts *all = ARENA_NEW(a, struct accounts);
    all->by_name = map_new(a);
    return json_reader_open(&handlers, all, ctx, file, a, d);
}

const struct ingest_format prowler_format = {
    .name = "prowler-ocsf",
    .title = "Prowler findings (OCSF)",
    .bid = prowler_bid,
    .open = prowler_open,
    .push = json_reader_push,
    .push_document = json_reader_push_document,
    .join = JOIN_LIST,
    .end = json_reader_end,
    .close = json_reader_close,
};
