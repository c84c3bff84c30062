/* What a STIG checklist says of a rule -> the scan; called by ckl.c and cklb.c. */
#include "ingest/readers/stig/stig.h"

#include <assert.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "ingest/frameworks.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/readers/xccdf/xccdf.h"
#include "ingest/take.h"

/* Real rules have up to 20 CCIs and 3 legacy ids. */
enum { MAX_LIST = 400, MAX_WORD = 64 };

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

struct stig_target
stig_target_init(void)
{
    const struct str no = STR("");
    return (struct stig_target){no, no, no, no, no, no, no};
}

/* ---- lists ---- */

static bool
has_room(struct build *b, const struct stig_rule *r, size_t n, const char *what)
{
    assert(n <= MAX_LIST);
    if (n == MAX_LIST)
        diag_warn(b->d, DIAG_WARN_DATA, utf8_cut(r->rule_id, LIMIT_ID),
                  "more than %d %s of one rule: the rest left out", MAX_LIST, what);
    return n < MAX_LIST;
}

void
stig_add_cci(struct build *b, struct stig_rule *r, struct str cci)
{
    if (cci.len && has_room(b, r, r->ccis.n, "CCIs"))
        *VEC_PUSH(b->a, &r->ccis) = cci;
}

void
stig_add_legacy_id(struct build *b, struct stig_rule *r, struct str id)
{
    if (id.len && has_room(b, r, r->legacy_ids.n, "legacy ids"))
        *VEC_PUSH(b->a, &r->legacy_ids) = id;
}

/* ---- the check ---- */

static void
add_ident(struct build *b, struct scan_check *c, struct str ident)
{
    if (ident.len)
        *VEC_PUSH(b->a, &c->idents) = take_id(b->a, ident, b->d);
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

/* A word of severity, also as a category of STIGs. */
static enum severity
severity_of(struct build *b, struct str word, struct str place)
{
    static const struct {
        const char *word;
        enum severity severity;
    } categories[] = {
        {"CAT I", SEVERITY_HIGH}, {"CAT II", SEVERITY_MEDIUM}, {"CAT III", SEVERITY_LOW}};
    enum severity s = severity_from_word(word);
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        if (str_ieqc(word, categories[i].word))
            s = categories[i].severity;
    if (word.len && s == SEVERITY_UNKNOWN)
        diag_warn(b->d, DIAG_WARN_DATA, place, "severity \"%.*s\" is not known: not used",
                  STR_ARG(utf8_one_line(b->d->arena, utf8_cut(word, MAX_WORD))));
    return s;
}

static void
fill_check(struct build *b, struct scan_check *c, const struct stig_rule *r)
{
    c->key = xccdf_stable_key(b->a, c->id);
    c->title = take_text(b->a, r->title, LIMIT_TITLE, c->id, b->d);
    c->description = describe(b, r, c->id);
    c->remediation = take_text(b->a, r->fix, LIMIT_TEXT, c->id, b->d);
    c->severity = severity_of(b, r->severity, c->id);
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

/* ---- the result ---- */

static void
add_part(struct buf *to, const char *what, struct str text)
{
    if (text.len)
        buf_fmt(to, "%s%s%.*s", to->len ? "\n\n" : "", what, STR_ARG(text));
}

/* What a text may have of the room it shares with another: what the other leaves, at least half. */
static size_t
share(size_t room, size_t other)
{
    return other < room / 2 ? room - other : room / 2;
}

/* A reviewer can set another severity; that does not waive the finding. Why stands last and is kept
 * when the details are too long. */
static struct str
evidence_of(struct build *b, const struct stig_rule *r, struct str place)
{
    enum { MAX_WHY = 4096, LABELS = 128 };
    AUTO_BUF text = buf_init(BUF_MAX_DEFAULT);
    struct str override = take_text(b->a, r->override, LIMIT_ID, place, b->d);
    struct str why = take_text(b->a, r->justification, MAX_WHY, place, b->d);
    size_t room = LIMIT_TEXT - LABELS - override.len - why.len;
    size_t n_details = share(room, r->comments.len), n_comments = share(room, r->details.len);
    add_part(&text, "", take_text(b->a, r->details, n_details, place, b->d));
    add_part(&text, "Comments: ", take_text(b->a, r->comments, n_comments, place, b->d));
    add_part(&text, "Severity set to: ", override);
    add_part(&text, "Why: ", why);
    assert(text.len <= LIMIT_TEXT);
    return arena_str(b->a, buf_view(&text));
}

static enum status
known_status(struct str word)
{
    return build_find_word(words, word);
}

struct str
stig_worse_word(struct build *b, struct str one, struct str other)
{
    enum status s = known_status(one), t = known_status(other);
    diag_warn(b->d, DIAG_WARN_DATA, STR("STATUS"),
              "a rule with more than one status: the worst of them counts");
    return status_worse(s, t) == s ? one : other;
}

/* A rule without an id may be a failure: it counts, but all such rules are one. */
static struct str
id_of(struct build *b, const struct stig_rule *r)
{
    const struct str order[] = {r->rule_id, r->group_id, r->stig_id};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i].len)
            return order[i];
    bool says_something = r->status.len || r->title.len || r->details.len || r->comments.len;
    diag_warn(b->d, DIAG_WARN_DATA, STR("rules"),
              says_something ? "a rule without any id: kept as \"(no id)\""
                             : "a rule that says nothing was left out");
    return says_something ? STR("(no id)") : STR("");
}

int
stig_add(struct build *b, const struct stig_rule *r)
{
    bool is_new;
    struct str id = id_of(b, r);
    if (!id.len) {
        b->scan.partial = true;
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
                                 .severity = severity_of(b, r->override, c->id),
                                 .evidence = evidence_of(b, r, c->id),
                                 .time = CLOCK_NONE};
    return build_result(b, at, result);
}

/* ---- whose and of what ---- */

int
stig_settle_policy(struct build *b, const struct stig_name *n)
{
    struct scan_policy *p = &b->scan.policy;
    struct str place = STR("STIG");
    struct str version = n->release;
    if (n->version.len)
        version = str_trim(arena_fmt(b->a, "V%.*s %.*s", STR_ARG(n->version), STR_ARG(n->release)));
    p->id = n->id.len ? n->id : n->title;
    p->title = take_text(b->a, n->title, LIMIT_TITLE, place, b->d);
    p->version = take_text(b->a, version, LIMIT_ID, place, b->d);
    return p->id.len ? 0
                     : diag_fail(b->d, DIAG_BAD_DATA,
                                 "a STIG with rules has neither an id nor a title: no policy "
                                 "to keep its results under");
}

static bool
has_address(const struct scan_asset *as, struct str address)
{
    for (size_t i = 0; i < as->addresses.n; i++)
        if (str_eq(as->addresses.v[i], address))
            return true;
    return false;
}

static void
add_addresses(struct build *b, struct str list)
{
    struct scan_asset *as = &b->scan.asset;
    while (list.len) {
        struct str one = str_trim(str_cut(&list, ','));
        if (!one.len || has_address(as, one))
            continue;
        if (as->addresses.n >= LIMIT_ADDRESSES) {
            diag_warn(b->d, DIAG_WARN_DATA, STR("ASSET"),
                      "more than %d addresses: the rest left out", LIMIT_ADDRESSES);
            return;
        }
        *VEC_PUSH(b->a, &as->addresses) = take_text(b->a, one, LIMIT_ID, STR("ASSET"), b->d);
    }
}

void
stig_settle_asset(struct build *b, const struct stig_target *t)
{
    struct scan_asset *as = &b->scan.asset;
    const struct str order[] = {t->host, t->fqdn};
    bool has_site = t->site.len || t->instance.len, is_site = str_ieqc(t->web_or_db, "true");
    add_addresses(b, t->ip);
    as->alias = take_text(b->a, t->fqdn, LIMIT_TITLE, STR("ASSET"), b->d);
    identity_take(b->ctx, as, order, sizeof order / sizeof *order, b->a, b->d);
    identity_take_address(as, b->a);
    add_addresses(b, t->mac);
    if (as->name.len && has_site && is_site)
        as->name = arena_fmt(b->a, "%.*s:%.*s:%.*s", STR_ARG(as->name), STR_ARG(t->site),
                             STR_ARG(t->instance));
    as->alias = as->alias.len ? as->alias : as->name;
    if (has_site && !is_site)
        diag_warn(
            b->d, DIAG_WARN_DATA, STR("ASSET"),
            "a site or instance is named, but the asset is no web site or database: not used");
}
