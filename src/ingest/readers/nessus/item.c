/* Compliance items -> checks and results. Behind nessus.c, which gathers the texts of an item; the
 * scans are settled in host.c. */
#include <assert.h>

#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/readers/nessus/nessus.h"
#include "ingest/take.h"

enum { MAX_WORD = 64, MAX_POLICY = 1024, MAX_REFERENCES = 200, MARK = 48 };

static const struct build_word words[] = {
    {"passed", STATUS_PASS},        {"failed", STATUS_FAIL},
    {"warning", STATUS_NOTCHECKED}, /* to be judged by a person */
    {"error", STATUS_ERROR},        {NULL, STATUS_NONE},
};

/* ---- texts, each kept once ---- */

struct str
nessus_keep_str(struct nessus_env *e, struct str s, size_t max, struct str place)
{
    s = str_trim(s);
    if (s.len == 0)
        return STR("");
    if (s.len > max)
        return take_text(e->a, s, max, place, e->d);
    struct str *known = map_get(e->texts, s);
    if (known)
        return *known;
    known = ARENA_NEW(e->a, struct str);
    *known = take_text(e->a, s, max, place, e->d);
    map_put(e->texts, str_eq(s, *known) ? *known : arena_str(e->a, s), known);
    return *known;
}

struct str
nessus_keep(struct nessus_env *e, const struct nessus_text *t, size_t max, const char *field)
{
    struct str s = str_trim(buf_view(&t->buf));
    assert(t->total >= t->buf.len && max > MARK);
    if (t->total == t->buf.len)
        return nessus_keep_str(e, s, max, str_c(field));
    diag_warn(e->d, DIAG_WARN_TEXT, str_c(field), "a text of %zu bytes was cut to %zu", t->total,
              max);
    struct str head = utf8_cut(s, max - MARK);
    return arena_fmt(e->a, "%.*s \xe2\x80\xa6 [cut: %zu bytes in all]", STR_ARG(head), t->total);
}

static struct str
field(struct nessus_env *e, const struct nessus_item *it, enum nessus_field f, size_t max)
{
    static const char *const names[NF__ITEM] = {[NF_NAME] = "compliance-check-name",
                                                [NF_ACTUAL] = "compliance-actual-value",
                                                [NF_DESCRIPTION] = "description"};
    assert(f < NF__ITEM);
    return nessus_keep(e, &it->texts[f], max, names[f] ? names[f] : "ReportItem");
}

static bool
has(const struct nessus_item *it, enum nessus_field f)
{
    return str_trim(buf_view(&it->texts[f].buf)).len > 0;
}

/* ---- exports without cm: elements ---- */

/* `"NAME" : [WORD]` and what follows, at the start of a description. */
struct old_style {
    struct str name, word, rest;
};

static bool
parse_old(struct str text, struct old_style *ret)
{
    text = str_trim(text);
    long end = str_find(text, "\" : [");
    if (!str_starts(text, "\"") || end < 1)
        return false;
    struct str rest = str_n(text.s + end + 5, text.len - (size_t)end - 5);
    long bracket = str_find(rest, "]");
    if (bracket < 0 || bracket > MAX_WORD)
        return false;
    ret->name = str_trim(str_n(text.s + 1, (size_t)end - 1));
    ret->word = str_trim(str_n(rest.s, (size_t)bracket));
    ret->rest = str_trim(str_n(rest.s + bracket + 1, rest.len - (size_t)bracket - 1));
    return ret->name.len > 0;
}

/* Old plugins had no word for it: the scanner could not look, and printed FAILED. */
static bool
says_error(struct str rest)
{
    while (rest.len) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        if (str_starts(line, "- error message: An error occured"))
            return true;
    }
    return false;
}

/* ---- which scan ---- */

static struct nessus_group *
new_group(struct nessus_env *e, struct nessus_host *h, const struct nessus_item *it, size_t n_scans)
{
    if (n_scans + h->groups.n >= LIMIT_SCANS) {
        diag_fail(e->d, DIAG_TOO_BIG, "more than %d scans in one file", LIMIT_SCANS);
        return NULL;
    }
    struct nessus_group *g = ARENA_NEW(e->a, struct nessus_group);
    build_begin(&g->b, "nessus", e->ctx, e->a, e->d);
    g->plugin = it->plugin;
    *VEC_PUSH(e->a, &h->groups) = g;
    return g;
}

static void
fill_policy(struct nessus_env *e, struct nessus_group *g, const struct nessus_item *it)
{
    struct scan_policy *p = &g->b.scan.policy;
    struct str benchmark = field(e, it, NF_BENCHMARK, MAX_POLICY);
    if (!p->id.len)
        p->id = field(e, it, NF_AUDIT, MAX_POLICY);
    if (!p->id.len)
        p->id = benchmark;
    if (!p->title.len)
        p->title = benchmark;
    if (!p->version.len)
        p->version = field(e, it, NF_VERSION, LIMIT_ID);
    if (!p->profile.len)
        p->profile = field(e, it, NF_PROFILE, LIMIT_ID);
}

/* By the audit file, else by benchmark and profile, else all that say neither. */
static struct nessus_group *
group_of(struct nessus_env *e, struct nessus_host *h, const struct nessus_item *it, size_t n_scans)
{
    bool audit = has(it, NF_AUDIT);
    buf_cut(&e->scratch, 0);
    buf_putc(&e->scratch, audit ? 'a' : 'b');
    buf_str(&e->scratch, str_trim(buf_view(&it->texts[audit ? NF_AUDIT : NF_BENCHMARK].buf)));
    if (!audit) {
        buf_putc(&e->scratch, '\0');
        buf_str(&e->scratch, str_trim(buf_view(&it->texts[NF_PROFILE].buf)));
    }
    struct nessus_group *g = map_get(h->by_key, buf_view(&e->scratch));
    if (!g) {
        g = new_group(e, h, it, n_scans);
        if (g)
            map_put(h->by_key, arena_str(e->a, buf_view(&e->scratch)), g);
    }
    if (g)
        fill_policy(e, g, it);
    return g;
}

/* ---- check and result ---- */

/* One a line, or separated by commas. */
static void
add_see_also(struct nessus_env *e, struct scan_check *c, struct str text)
{
    while (text.len) {
        struct str line = str_cut(&text, '\n');
        while (line.len) {
            struct str one = nessus_keep_str(e, str_cut(&line, ','), LIMIT_TEXT, c->id);
            if (one.len && c->references.n < MAX_REFERENCES)
                *VEC_PUSH(e->a, &c->references) = one;
            else if (one.len)
                diag_warn(e->d, DIAG_WARN_DATA, c->id, "more than %d references: the rest left out",
                          MAX_REFERENCES);
        }
    }
}

static void
fill_check(struct nessus_env *e, struct scan_check *c, const struct nessus_item *it,
           struct str name)
{
    struct str text = field(e, it, NF_REFERENCE, LIMIT_TEXT);
    const struct nessus_references *refs = nessus_references(e, text, c->id);
    c->title = nessus_keep_str(e, name, LIMIT_TITLE, c->id);
    c->description = field(e, it, NF_INFO, LIMIT_TEXT);
    c->remediation = field(e, it, NF_SOLUTION, LIMIT_TEXT);
    c->severity = refs->severity;
    c->mappings.v = refs->as_check.mappings.v;
    c->mappings.n = c->mappings.cap = refs->as_check.mappings.n;
    c->idents.v = refs->as_check.idents.v;
    c->idents.n = c->idents.cap = refs->as_check.idents.n;
    if (refs->key.len)
        c->key = refs->key;
    add_see_also(e, c, buf_view(&it->texts[NF_SEE_ALSO].buf));
}

static void
add_part(struct nessus_env *e, const struct nessus_item *it, enum nessus_field f, const char *label)
{
    struct str text = field(e, it, f, LIMIT_TEXT);
    if (text.len)
        buf_fmt(&e->scratch, "%s%s: ", e->scratch.len ? "\n" : "", label);
    buf_str(&e->scratch, text);
}

static struct str
evidence_of(struct nessus_env *e, const struct nessus_item *it, struct str rest, struct str id)
{
    buf_cut(&e->scratch, 0);
    add_part(e, it, NF_ERROR, "error");
    add_part(e, it, NF_ACTUAL, "found");
    add_part(e, it, NF_EXPECTED, "expected");
    if (!e->scratch.len)
        buf_str(&e->scratch, rest);
    assert(!buf_bad(&e->scratch));
    return nessus_keep_str(e, buf_view(&e->scratch), LIMIT_TEXT, id);
}

static int
add_to(struct nessus_env *e, struct nessus_group *g, const struct nessus_item *it,
       const struct old_style *old, struct str name)
{
    bool is_new, is_cm = has(it, NF_RESULT);
    struct str id = str_trim(buf_view(&it->texts[NF_ID].buf));
    if (!id.len)
        id = name;
    if (id.len >= LIMIT_TEXT)
        return diag_fail(e->d, DIAG_TOO_BIG, "the id or name of a check has more than %d bytes",
                         LIMIT_TEXT);
    long at = build_check(&g->b, id, &is_new);
    if (at < 0)
        return -1;
    struct scan_check *c = build_at(&g->b, at);
    if (is_new)
        fill_check(e, c, it, name);
    if (diag_failed(e->d))
        return -1;
    struct scan_result r = {.time = CLOCK_NONE, .waiver = STR("")};
    r.native =
        is_cm ? field(e, it, NF_RESULT, MAX_WORD) : nessus_keep_str(e, old->word, MAX_WORD, c->id);
    r.status = build_status(&g->b, words, r.native, c->id);
    if (r.status == STATUS_FAIL && !is_cm && says_error(old->rest))
        r.status = STATUS_ERROR;
    r.evidence = evidence_of(e, it, old->rest, c->id);
    return build_result(&g->b, at, r);
}

/* ---- one item ---- */

/* "Nessus version : 10.4.1" among the lines of the plugin that tells about the scan. */
static void
take_engine(struct nessus_env *e, struct nessus_host *h, struct str output)
{
    while (output.len) {
        struct str line = str_cut(&output, '\n');
        struct str key = str_trim(str_cut(&line, ':'));
        line = str_trim(line);
        if (str_eqc(key, "Nessus version") && line.len && line.len < MAX_WORD)
            h->engine = arena_fmt(e->a, "Nessus %.*s", STR_ARG(line));
    }
}

int
nessus_item_add(struct nessus_env *e, struct nessus_host *h, const struct nessus_item *it,
                size_t n_scans)
{
    struct old_style old = {STR(""), STR(""), STR("")};
    if (it->is_scan_info)
        take_engine(e, h, buf_view(&it->texts[NF_OUTPUT].buf));
    bool marked = str_ieqc(str_trim(buf_view(&it->texts[NF_COMPLIANCE].buf)), "true");
    if (!marked && !it->is_policy_family && !has(it, NF_RESULT) && !has(it, NF_NAME))
        return 0;
    parse_old(buf_view(&it->texts[NF_DESCRIPTION].buf), &old);
    struct str name = str_trim(buf_view(&it->texts[NF_NAME].buf));
    if (!name.len)
        name = old.name;
    if (!name.len)
        name = str_trim(buf_view(&it->texts[NF_ID].buf));
    if (!name.len) {
        h->n_odd++;
        return 0;
    }
    struct nessus_group *g = group_of(e, h, it, n_scans);
    return g ? add_to(e, g, it, &old, name) : -1;
}
