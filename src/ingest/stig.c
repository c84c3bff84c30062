/* What a STIG checklist says of a rule -> the scan; called by ckl.c and cklb.c. */
#include "ingest/stig.h"

#include <assert.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "ingest/frameworks.h"
#include "ingest/limits.h"
#include "ingest/take.h"
#include "ingest/xccdf.h"

enum { MAX_IDENTS = 1000, MAX_WORD = 64 };

/* An empty status is none of these: nobody said that the rule was looked at, or that it was not. */
static const struct build_word words[] = {
    {"notafinding", STATUS_PASS},
    {"open", STATUS_FAIL},
    {"notreviewed", STATUS_NOTCHECKED},
    {"nodata", STATUS_NOTCHECKED},
    {"notapplicable", STATUS_NOTAPPLICABLE},
    {NULL, STATUS_NONE},
};

struct stig_rule
stig_rule_init(void)
{
    const struct str no = STR("");
    return (struct stig_rule){.rule_id = no,
                              .group_id = no,
                              .stig_id = no,
                              .title = no,
                              .group_title = no,
                              .discussion = no,
                              .check = no,
                              .fix = no,
                              .severity = no,
                              .status = no,
                              .details = no,
                              .comments = no,
                              .override = no,
                              .justification = no};
}

struct str
stig_version(struct arena *a, struct str version, struct str release)
{
    if (!version.len)
        return release;
    return str_trim(arena_fmt(a, "V%.*s %.*s", STR_ARG(version), STR_ARG(release)));
}

struct str
stig_asset(struct arena *a, struct str host, bool is_web_or_database, struct str site,
           struct str instance)
{
    if (!is_web_or_database || !host.len || (!site.len && !instance.len))
        return host;
    return arena_fmt(a, "%.*s:%.*s:%.*s", STR_ARG(host), STR_ARG(site), STR_ARG(instance));
}

static void
add_ident(struct build *b, struct scan_check *c, struct str ident)
{
    if (ident.len && c->idents.n < MAX_IDENTS)
        *VEC_PUSH(b->a, &c->idents) = take_id(b->a, ident, b->d);
    else if (ident.len)
        diag_warn(b->d, DIAG_WARN_DATA, c->id, "more than %d identifiers: the rest left out",
                  MAX_IDENTS);
}

/* The discussion says why, the check how to look: both describe the rule. */
static struct str
describe(struct build *b, const struct stig_rule *r, struct str place)
{
    AUTO_BUF text = buf_init(BUF_MAX_DEFAULT);
    buf_str(&text, r->discussion);
    if (r->check.len)
        buf_fmt(&text, "%sCheck: %.*s", text.len ? "\n\n" : "", STR_ARG(r->check));
    return take_text(b->a, buf_view(&text), LIMIT_TEXT, place, b->d);
}

static void
fill_check(struct build *b, struct scan_check *c, const struct stig_rule *r)
{
    c->key = xccdf_stable_key(b->a, c->id);
    c->title = take_text(b->a, r->title, LIMIT_TITLE, c->id, b->d);
    c->description = describe(b, r, c->id);
    c->remediation = take_text(b->a, r->fix, LIMIT_TEXT, c->id, b->d);
    c->severity = severity_from_word(r->severity);
    add_ident(b, c, r->stig_id);
    add_ident(b, c, r->group_id);
    for (size_t i = 0; i < r->ccis.n; i++) {
        add_ident(b, c, r->ccis.v[i]);
        frameworks_add(b->a, c, STR("cci"), r->ccis.v[i], b->d);
    }
    for (size_t i = 0; i < r->legacy_ids.n; i++)
        add_ident(b, c, r->legacy_ids.v[i]);
    if (r->group_title.len)
        frameworks_add(b->a, c, STR("srg"), r->group_title, b->d);
}

static void
add_part(struct buf *to, const char *what, struct str text)
{
    if (text.len)
        buf_fmt(to, "%s%s%.*s", to->len ? "\n\n" : "", what, STR_ARG(text));
}

/* A reviewer can set another severity; that does not waive the finding. */
static struct str
evidence_of(struct build *b, const struct stig_rule *r, struct str place)
{
    AUTO_BUF text = buf_init(BUF_MAX_DEFAULT);
    add_part(&text, "", r->details);
    add_part(&text, "Comments: ", r->comments);
    add_part(&text, "Severity set to: ", r->override);
    add_part(&text, "Why: ", r->override.len ? r->justification : STR(""));
    return take_text(b->a, buf_view(&text), LIMIT_TEXT, place, b->d);
}

int
stig_add(struct build *b, const struct stig_rule *r)
{
    bool is_new;
    struct str id = r->rule_id.len ? r->rule_id : r->group_id.len ? r->group_id : r->stig_id;
    if (!id.len) {
        diag_warn(b->d, DIAG_WARN_DATA, STR("VULN"), "a rule without any id was left out");
        return 0;
    }
    long at = build_check(b, id, &is_new);
    if (at < 0)
        return -1;
    struct scan_check *c = build_at(b, at);
    if (is_new)
        fill_check(b, c, r);
    struct scan_result result = {.native = take_text(b->a, r->status, LIMIT_ID, c->id, b->d),
                                 .status = build_status(b, words, r->status, c->id),
                                 .evidence = evidence_of(b, r, c->id),
                                 .time = CLOCK_NONE};
    if (r->override.len)
        result.severity = severity_from_word(r->override);
    return build_result(b, at, result);
}
