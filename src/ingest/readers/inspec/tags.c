/* What a control of InSpec says of itself: texts, severity, tags and references. Called by
 * control.c, which adds what was found. */
#include <assert.h>
#include <ctype.h>

#include "ingest/frameworks.h"
#include "ingest/limits.h"
#include "ingest/readers/inspec/inspec.h"
#include "ingest/take.h"

enum {
    MAX_IDENTS = 1000,
    MAX_REFERENCES = 1000,
    MAX_ITEMS = 2000, /* of one tag: telling repeated ones apart takes the square of it */
    MAX_EDITION = 8
};

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max, struct str place)
{
    return json_reader_get(r, v, key, max, place);
}

/* ---- texts ---- */

/* Severity by tag; else by impact, which says nothing when it is 0: that means not applicable. */
static enum severity
severity_of(struct ingest_reader *r, const json_t *tags, double impact)
{
    struct str word = get(r, tags, "severity", LIMIT_ID, STR("tags"));
    if (severity_from_word(word) != SEVERITY_UNKNOWN)
        return severity_from_word(word);
    return impact >= 0.9   ? SEVERITY_CRITICAL
           : impact >= 0.7 ? SEVERITY_HIGH
           : impact >= 0.4 ? SEVERITY_MEDIUM
           : impact > 0    ? SEVERITY_LOW
                           : SEVERITY_UNKNOWN;
}

/* The description of a label, in both shapes that versions of InSpec write. */
static struct str
description(struct ingest_reader *r, const json_t *v, const char *label, struct str place)
{
    const json_t *all = json_object_get(v, "descriptions");
    if (json_is_object(all))
        return get(r, all, label, LIMIT_TEXT, place);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        if (str_eqc(get(r, one, "label", LIMIT_ID, place), label))
            return get(r, one, "data", LIMIT_TEXT, place);
    }
    return STR("");
}

static void
take_texts(struct ingest_reader *r, const json_t *v, struct scan_check *c)
{
    c->title = get(r, v, "title", LIMIT_TITLE, c->id);
    c->description = get(r, v, "desc", LIMIT_TEXT, c->id);
    if (!c->description.len)
        c->description = description(r, v, "default", c->id);
    c->rationale = description(r, v, "rationale", c->id);
    c->remediation = description(r, v, "fix", c->id);
    if (!c->remediation.len)
        c->remediation = get(r, json_object_get(v, "tags"), "fix", LIMIT_TEXT, c->id);
}

/* ---- tags ---- */

static void
add_ident(struct ingest_reader *r, struct scan_check *c, struct str ident)
{
    assert(c->idents.n <= MAX_IDENTS);
    if (!ident.len)
        return;
    if (c->idents.n < MAX_IDENTS)
        *VEC_PUSH(r->a, &c->idents) = take_id(r->a, ident, r->d);
    else
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "more than %d identifiers: the rest left out",
                  MAX_IDENTS);
}

/* An item of a tag's list as text, whatever bytes stand in it. */
static struct str
item_text(struct ingest_reader *r, const struct scan_check *c, const char *tag, const json_t *v)
{
    if (json_is_string(v))
        return str_trim(take_text(r->a, str_n(json_string_value(v), json_string_length(v)),
                                  LIMIT_TEXT, c->id, r->d));
    if (json_is_integer(v))
        return arena_fmt(r->a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    if (!json_is_null(v))
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "an item of the tag %s is no text: left out", tag);
    return STR("");
}

/* The number of an edition, "8" or "v7.1"; empty when it is none. */
static struct str
edition_number(struct str s)
{
    if (s.len && (s.s[0] == 'v' || s.s[0] == 'V'))
        s = str_n(s.s + 1, s.len - 1);
    for (size_t i = 0; i < s.len; i++)
        if (!isdigit((unsigned char)s.s[i]) && s.s[i] != '.')
            return STR("");
    return s.len <= MAX_EDITION ? s : STR("");
}

/* Profiles write the edition of a framework among its controls: ["AC-3", "Rev_4"]. */
static struct str
revision_of(struct str item)
{
    bool is_one = item.len > 4 && str_ieqc(str_n(item.s, 4), "rev_");
    return is_one ? edition_number(str_n(item.s + 4, item.len - 4)) : STR("");
}

static struct str
revision_in(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && i < MAX_ITEMS; i++) {
        const json_t *v = json_array_get(list, i);
        struct str number = json_is_string(v)
                                ? revision_of(str_n(json_string_value(v), json_string_length(v)))
                                : STR("");
        if (number.len)
            return number;
    }
    return STR("");
}

/* Editions are spelt as the table of frameworks spells them: r4 by NIST, v8 by everybody else. */
static void
add_control(struct ingest_reader *r, struct scan_check *c, const char *tag, struct str edition,
            struct str control)
{
    assert(control.len && edition.len <= MAX_EDITION);
    bool is_nist = str_eqc(STR("nist"), tag), is_cis = str_eqc(STR("cis_controls"), tag);
    if (!edition.len)
        frameworks_add(r->a, c, str_c(tag), control, r->d);
    else if (is_nist)
        frameworks_add_edition(r->a, c, str_c(tag), arena_fmt(r->a, "r%.*s", STR_ARG(edition)),
                               control, r->d);
    else
        frameworks_add(r->a, c,
                       arena_fmt(r->a, "%s_v%.*s", is_cis ? "cis_csc" : tag, STR_ARG(edition)),
                       control, r->d);
}

/* Texts, or one text; each may be the edition of the others. */
static void
add_texts(struct ingest_reader *r, struct scan_check *c, const char *tag, struct str edition,
          const json_t *v)
{
    size_t n = json_is_array(v) ? json_array_size(v) : 1;
    if (n > MAX_ITEMS)
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "%zu items of the tag %s: only %d are kept", n, tag,
                  MAX_ITEMS);
    for (size_t i = 0; i < n && i < MAX_ITEMS; i++) {
        const json_t *one = json_is_array(v) ? json_array_get(v, i) : v;
        struct str text = json_is_object(one) ? STR("") : item_text(r, c, tag, one);
        if (!text.len || revision_of(text).len)
            continue;
        add_control(r, c, tag, edition, text);
        if (str_eqc(STR("cci"), tag))
            add_ident(r, c, text);
    }
}

/* {"8": ["3.3"], "7": ["14.6"]} */
static void
add_editions(struct ingest_reader *r, struct scan_check *c, const char *tag, const json_t *v)
{
    const char *key;
    json_t *list;
    size_t n = 0;
    json_object_foreach((json_t *)(uintptr_t)v, key, list)
    {
        struct str edition = edition_number(str_c(key));
        if (edition.len && n++ < MAX_EDITION)
            add_texts(r, c, tag, edition, list);
        else
            diag_warn(r->d, DIAG_WARN_DATA, c->id,
                      "an edition of the tag %s is no number: left out", tag);
    }
}

/* A tag in all its shapes: a text, a list of texts, lists by edition, a list of such. */
static void
add_tag(struct ingest_reader *r, struct scan_check *c, const json_t *tags, const char *tag)
{
    const json_t *v = json_object_get(tags, tag);
    if (!v)
        return;
    if (json_is_object(v))
        add_editions(r, c, tag, v);
    else
        add_texts(r, c, tag, revision_in(v), v);
    for (size_t i = 0; i < json_array_size(v) && i < MAX_ITEMS; i++)
        if (json_is_object(json_array_get(v, i)))
            add_editions(r, c, tag, json_array_get(v, i));
}

static void
take_tags(struct ingest_reader *r, struct scan_check *c, const json_t *tags)
{
    static const char *const frameworks[] = {
        "cci",     "nist",  "cis_controls", "cis",      "cis_controls_v7", "cis_controls_v8",
        "pci_dss", "hipaa", "iso27001",     "nist_csf", "nist_800_171",    "cmmc"};
    static const char *const idents[] = {"stig_id", "gid", "rid", "cis_rid", "cis_id"};
    for (size_t i = 0; i < sizeof frameworks / sizeof *frameworks; i++)
        add_tag(r, c, tags, frameworks[i]);
    for (size_t i = 0; i < sizeof idents / sizeof *idents; i++)
        add_ident(r, c, get(r, tags, idents[i], LIMIT_ID, c->id));
    /* The requirements of the guide that a STIG rule is derived from. */
    const json_t *more = json_object_get(tags, "satisfies");
    struct str first = get(r, tags, "gtitle", LIMIT_ID, c->id);
    if (str_starts(first, "SRG-"))
        frameworks_add(r->a, c, STR("srg"), first, r->d);
    for (size_t i = 0; i < json_array_size(more) && i < MAX_ITEMS; i++) {
        struct str one = item_text(r, c, "satisfies", json_array_get(more, i));
        if (str_starts(one, "SRG-"))
            frameworks_add(r->a, c, STR("srg"), one, r->d);
    }
}

/* ---- references ---- */

static void
add_reference(struct ingest_reader *r, struct scan_check *c, struct str text)
{
    assert(c->references.n <= MAX_REFERENCES);
    if (!text.len)
        return;
    if (c->references.n < MAX_REFERENCES)
        *VEC_PUSH(r->a, &c->references) = text;
    else
        diag_warn(r->d, DIAG_WARN_DATA, c->id, "more than %d references: the rest left out",
                  MAX_REFERENCES);
}

/* Each is a text, a URL or a list of such, under one of three names. */
static void
take_references(struct ingest_reader *r, struct scan_check *c, const json_t *refs, int level)
{
    static const char *const names[] = {"url", "uri", "ref"};
    for (size_t i = 0; i < json_array_size(refs); i++) {
        const json_t *one = json_array_get(refs, i);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            add_reference(r, c, get(r, one, names[k], LIMIT_TEXT, c->id));
        if (level == 0)
            take_references(r, c, json_object_get(one, "ref"), 1);
    }
}

void
inspec_tags_take(struct ingest_reader *r, const json_t *v, double impact, struct scan_check *c)
{
    const json_t *tags = json_object_get(v, "tags");
    assert(c->id.len);
    take_texts(r, v, c);
    c->severity = severity_of(r, tags, impact);
    take_tags(r, c, tags);
    take_references(r, c, json_object_get(v, "refs"), 0);
}
