/* Reader of the JSON reports of CIS-CAT Pro: a flat list of rules and their results. Called by
 * ingest.c with chunks; name.c reads what the file's name says. See doc/formats/ciscat.md.
 *
 * Members stand in any order: rules may come before the benchmark they belong to. */
#include <assert.h>

#include "ingest/build.h"
#include "ingest/frameworks.h"
#include "ingest/identity.h"
#include "ingest/json_reader.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/readers/ciscat/ciscat.h"
#include "ingest/readers/xccdf/xccdf.h"
#include "ingest/take.h"

enum { MAX_WORD = 64, MAX_POLICY = 1024 };

struct ciscat {
    struct build b;
    size_t n_odd; /* entries that name no rule */
};

/* The words are those of XCCDF. */
static const struct build_word words[] = {
    {"pass", STATUS_PASS},
    {"fail", STATUS_FAIL},
    {"error", STATUS_ERROR},
    {"unknown", STATUS_UNKNOWN},
    {"notapplicable", STATUS_NOTAPPLICABLE},
    {"notchecked", STATUS_NOTCHECKED},
    {"manual", STATUS_NOTCHECKED},
    {"notselected", STATUS_NOTSELECTED},
    {"informational", STATUS_INFORMATIONAL},
    {"fixed", STATUS_FIXED},
    {NULL, STATUS_NONE},
};

/* ---- rules ---- */

static int
on_rule(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct ingest_reader *r = self;
    struct ciscat *own = r->own;
    bool is_new;
    (void)path, (void)index;
    struct str id = json_reader_get(r, v, "rule-id", LIMIT_TEXT, STR("rules"));
    if (!id.len)
        id = json_reader_get(r, v, "rule-title", LIMIT_TEXT, STR("rules"));
    if (!id.len) {
        own->n_odd++;
        return 0;
    }
    long at = build_check(&own->b, id, &is_new);
    if (at < 0)
        return -1;
    struct scan_check *c = build_at(&own->b, at);
    if (is_new) {
        c->title = json_reader_get(r, v, "rule-title", LIMIT_TITLE, c->id);
        frameworks_add(r->a, c, STR("cis"), xccdf_recommendation(id), r->d);
    }
    struct scan_result res = {.time = CLOCK_NONE};
    res.native = json_reader_get(r, v, "result", MAX_WORD, c->id);
    res.status = build_status(&own->b, words, res.native, c->id);
    return build_result(&own->b, at, res);
}

/* ---- the report ---- */

static void
take_score(struct ingest_reader *r, struct scan *s, const json_t *v)
{
    double score;
    struct str text = json_reader_get(r, v, "score", LIMIT_ID, STR("score"));
    if (take_number(text, &score) && score >= 0 && score <= 100)
        *VEC_PUSH(r->a, &s->scores) = (struct scan_score){STR("cis-cat"), score, 100};
    else if (text.len)
        diag_warn(r->d, DIAG_WARN_DATA, STR("score"), "not a number of 0 to 100");
}

static void
fill_policy(struct ingest_reader *r, struct scan_policy *p, const json_t *v)
{
    struct str place = STR("benchmark");
    p->id = json_reader_get(r, v, "benchmark-id", MAX_POLICY, place);
    p->title = json_reader_get(r, v, "benchmark-title", LIMIT_TITLE, place);
    p->version = json_reader_get(r, v, "benchmark-version", LIMIT_ID, place);
    p->profile = json_reader_get(r, v, "profile-id", LIMIT_ID, place);
    if (!p->profile.len)
        p->profile = json_reader_get(r, v, "profile-title", LIMIT_ID, place);
}

/* Host and time stand nowhere in the file: its name is the word of whoever brought it. */
static void
take_name(struct ingest_reader *r, struct scan *s)
{
    struct ciscat_name name = ciscat_name(r->a, str_c(r->ctx->path), s->policy.title, s->policy.id);
    struct str host = STR(""); /* where it ends is a guess: whoever was told who it is knows better */
    if (!r->ctx->asset_name.len)
        host = take_text(r->a, name.host, MAX_POLICY, STR("name of the file"), r->d);
    identity_take(r->ctx, &s->asset, &host, 1, r->a, r->d);
    s->end_assumed = true;
    s->end = take_time(r->ctx, name.time, &s->zone_assumed, STR("name of the file"), r->d);
    s->partial = name.is_nonpassing;
    if (name.is_nonpassing)
        diag_warn(r->d, DIAG_WARN_PARTIAL, s->policy.id,
                  "a NonPassing report: rules that passed are not in it");
    if (!s->asset.name.len)
        diag_warn(r->d, DIAG_WARN_DATA, s->policy.id,
                  "the report names no host, and neither does the name of the file "
                  "(<host>-<benchmark>-<time>.json)");
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    struct ciscat *own = r->own;
    struct scan *s = &own->b.scan;
    if (!json_is_array(json_object_get(v, "rules")))
        return diag_fail(r->d, DIAG_BAD_DATA, "\"rules\" is not a list: no report of CIS-CAT");
    if (!s->checks.n)
        return diag_fail(r->d, DIAG_BAD_DATA, "the CIS-CAT report holds no rule with a result");
    fill_policy(r, &s->policy, v);
    if (!s->policy.id.len)
        return diag_fail(r->d, DIAG_BAD_DATA, "the CIS-CAT report has no \"benchmark-id\"");
    for (size_t i = 0; i < s->checks.n; i++) { /* rules may stand before the benchmark */
        struct scan_check *c = &s->checks.v[i];
        c->section = xccdf_chapter(r->a, s->policy.id, xccdf_recommendation(c->id));
    }
    s->engine = STR("CIS-CAT");
    s->bare = true; /* titles only: the benchmark itself, when it is known, says more */
    take_score(r, s, v);
    take_name(r, s);
    if (own->n_odd) {
        s->partial = true;
        diag_warn(r->d, DIAG_WARN_PARTIAL, s->policy.id,
                  "%zu entries of \"rules\" name no rule: left out", own->n_odd);
    }
    return build_end(&own->b, r->file);
}

/* ---- the reader ---- */

static int
ciscat_bid(const struct ingest_head *head)
{
    struct str k = head->json_keys;
    bool has_rules = detect_has_key(k, "1:rules");
    if (has_rules && detect_has_key(k, "1:benchmark-id"))
        return 90;
    return has_rules && detect_has_key(k, "3:rule-id") && detect_has_key(k, "3:result") ? 80 : 0;
}

static struct ingest_reader *
ciscat_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
            struct diag *d)
{
    static const struct json_doc_handlers handlers = {
        .paths = {"rules[]"}, .element = on_rule, .document = on_document};
    struct ciscat *own = ARENA_NEW(a, struct ciscat);
    build_begin(&own->b, "ciscat", ctx, a, d);
    assert(own->b.scan.checks.n == 0);
    return json_reader_open(&handlers, own, ctx, file, a, d);
}

const struct ingest_format ciscat_format = {
    .name = "ciscat",
    .title = "CIS-CAT Pro JSON report",
    .bid = ciscat_bid,
    .open = ciscat_open,
    .push = json_reader_push,
    .push_document = json_reader_push_document,
    .end = json_reader_end,
    .close = json_reader_close,
};
