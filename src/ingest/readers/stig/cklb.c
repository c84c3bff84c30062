/* Reader of STIG Viewer 3 checklists (CKLB): JSON, its rules one at a time. Called by ingest.c with
 * chunks; stig.c makes checks and results. See doc/formats/stig-checklists.md.
 *
 * Members stand in any order: rules may come before the name of their STIG and of the host. */
#include <assert.h>

#include "ingest/json_reader.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/readers/stig/stig.h"
#include "ingest/take.h"

/* The STIGs of the checklist, by their position in it. */
struct stigs {
    VEC(struct build) builds;
};

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, struct str place)
{
    return json_reader_get(r, v, key, (size_t)4 * LIMIT_TEXT, place);
}

/* ---- rules ---- */

static struct stig_rule
rule_of(struct ingest_reader *r, const json_t *v)
{
    struct str place = get(r, v, "rule_id", STR("rules"));
    struct stig_rule k = stig_rule_init();
    const struct {
        const char *key;
        struct str *to;
    } fields[] = {{"group_id", &k.group_id},     {"rule_version", &k.stig_id},
                  {"rule_title", &k.title},      {"group_title", &k.group_title},
                  {"discussion", &k.discussion}, {"check_content", &k.check},
                  {"fix_text", &k.fix},          {"severity", &k.severity},
                  {"status", &k.status},         {"finding_details", &k.details},
                  {"comments", &k.comments}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        *fields[i].to = get(r, v, fields[i].key, place);
    struct str src = get(r, v, "rule_id_src", place);
    k.rule_id = src.len ? src : place; /* the one with _rule, as in every other format */
    const json_t *severity = json_object_get(json_object_get(v, "overrides"), "severity");
    k.override = get(r, severity, "severity", place);
    k.justification = get(r, severity, "reason", place);
    return k;
}

/* Hands the texts of a list on; what is no text in it is passed over. */
static void
add_all(struct ingest_reader *r, struct build *b, struct stig_rule *k, const json_t *list,
        void (*add)(struct build *, struct stig_rule *, struct str))
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        if (json_is_string(v))
            add(b, k,
                take_text(r->a, str_n(json_string_value(v), json_string_length(v)), LIMIT_ID,
                          STR("rules"), r->d));
    }
}

static int
on_rule(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct ingest_reader *r = self;
    struct stigs *all = r->own;
    (void)path;
    if (index[0] >= LIMIT_SCANS)
        return diag_fail(r->d, DIAG_TOO_BIG, "more than %d STIGs in one checklist", LIMIT_SCANS);
    while (all->builds.n <= index[0])
        build_begin(VEC_PUSH(r->a, &all->builds), "cklb", r->ctx, r->a, r->d);
    struct build *b = &all->builds.v[index[0]];
    if (!json_is_object(v)) {
        build_leave_out(b, STR("rules"), "an entry that is no rule");
        return 0;
    }
    struct stig_rule k = rule_of(r, v);
    add_all(r, b, &k, json_object_get(v, "ccis"), stig_add_cci);
    add_all(r, b, &k, json_object_get(v, "legacy_ids"), stig_add_legacy_id);
    return stig_add(b, &k);
}

/* ---- names ---- */

static struct stig_target
target_of(struct ingest_reader *r, const json_t *v)
{
    struct str place = STR("target_data");
    return (struct stig_target){.host = get(r, v, "host_name", place),
                                .fqdn = get(r, v, "fqdn", place),
                                .ip = get(r, v, "ip_address", place),
                                .mac = get(r, v, "mac_address", place),
                                .web_or_db = get(r, v, "is_web_database", place),
                                .site = get(r, v, "web_db_site", place),
                                .instance = get(r, v, "web_db_instance", place)};
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    struct stigs *all = r->own;
    const json_t *stigs = json_object_get(v, "stigs");
    struct stig_target target = target_of(r, json_object_get(v, "target_data"));
    if (!json_is_array(stigs))
        return diag_fail(r->d, DIAG_BAD_DATA,
                         "\"stigs\" is not a list: no checklist of STIG Viewer 3");
    for (size_t i = 0; i < json_array_size(stigs); i++) {
        const json_t *stig = json_array_get(stigs, i);
        struct build *b = i < all->builds.n ? &all->builds.v[i] : NULL;
        if (!b || !b->scan.checks.n) {
            diag_warn(r->d, DIAG_WARN_PARTIAL, get(r, stig, "stig_name", STR("stigs")),
                      "the STIG holds no rules: left out");
            continue;
        }
        struct str place = STR("stigs"), title = get(r, stig, "stig_name", place);
        struct stig_name name = {.id = get(r, stig, "stig_id", place),
                                 .title = title.len ? title : get(r, stig, "display_name", place),
                                 .version = get(r, stig, "version", place),
                                 .release = get(r, stig, "release_info", place)};
        stig_settle_asset(b, &target);
        if (stig_settle_policy(b, &name) != 0 || build_end(b, r->file) != 0)
            return -1;
    }
    return r->file->scans.n ? 0 : diag_fail(r->d, DIAG_BAD_DATA, "the checklist holds no rules");
}

/* ---- the reader ---- */

static int
cklb_bid(const struct ingest_head *head)
{
    bool is_named = detect_has_key(head->json_keys, "1:cklb_version");
    return detect_has_key(head->json_keys, "1:stigs") || is_named ? 90 : 0;
}

static struct ingest_reader *
cklb_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a, struct diag *d)
{
    static const struct json_doc_handlers handlers = {
        .paths = {"stigs[].rules[]"}, .element = on_rule, .document = on_document};
    return json_reader_open(&handlers, ARENA_NEW(a, struct stigs), ctx, file, a, d);
}

const struct ingest_format cklb_format = {
    .name = "cklb",
    .title = "STIG Viewer 3 checklist (CKLB)",
    .bid = cklb_bid,
    .open = cklb_open,
    .push = json_reader_push,
    .push_document = json_reader_push_document,
    .end = json_reader_end,
    .close = json_reader_close,
};
