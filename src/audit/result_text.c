/* Events of results as lines: RFC 5424, CEF and LEEF. Every field goes by the one list of
 * model/result.h; texts of hosts are written as those of records are. Called through encode.h. */
#include <assert.h>
#include <string.h>

#include "audit/encoders.h"
#include "base/clock.h"

enum { LEAST_VALUE = 8, MAX_NAME = 255, MAX_VERSION = 31, MAX_TITLE = 512 };

struct line { /* a line under way */
    const struct audit_record *r;
    const struct result_event *v;
    const struct audit_encode_options *o;
    struct arena *a;
    struct buf *out;
    size_t max_value; /* texts are cut to this; 0 = left out */
    char delimiter;   /* of LEEF */
    bool is_cut;
};

struct audit_record
encode_result_record(const struct audit_record *r, const struct result_event *v, struct arena *a)
{
    struct audit_record as = *r;
    struct clock_time scanned;
    as.event = str_c(result_event_name(v->kind));
    as.severity = v->severity;
    if (RESULT_TEXT(v, SCANNED).len && clock_parse(RESULT_TEXT(v, SCANNED), 0, &scanned))
        as.ts = clock_iso_us(a, scanned.t * 1000000);
    return as;
}

struct str
encode_result_message(const struct result_event *v, struct arena *a)
{
    const char *name = result_event_name(v->kind);
    if (v->kind == RESULT_SCAN)
        return arena_fmt(a, "%s: %.*s on %.*s", name, STR_ARG(RESULT_TEXT(v, POLICY)),
                         STR_ARG(RESULT_TEXT(v, AGENT)));
    return arena_fmt(a, "%s: %.*s %.*s %.*s on %.*s", name, STR_ARG(RESULT_TEXT(v, STATUS)),
                     STR_ARG(RESULT_TEXT(v, CHECK)), STR_ARG(RESULT_TEXT(v, TITLE)),
                     STR_ARG(RESULT_TEXT(v, AGENT)));
}

void
audit_syslog_result_header(const struct audit_record *r, const struct result_event *v,
                           const struct audit_encode_options *o, struct arena *a, struct buf *out)
{
    struct audit_record as = encode_result_record(r, v, a);
    audit_syslog_header(&as, o, out);
}

/* What names the event, and what no host wrote: short, and worthless when cut. */
static bool
is_whole(enum result_field f)
{
    switch (f) {
    case RESULT_EVENT_FIELD:
    case RESULT_UID_FIELD:
    case RESULT_LEAF_FIELD:
    case RESULT_FINDING_UID_FIELD:
    case RESULT_FILE_FIELD:
    case RESULT_SCANNED_FIELD:
    case RESULT_STARTED_FIELD:
    case RESULT_INGESTED_FIELD:
    case RESULT_SINCE_FIELD:
    case RESULT_FIRST_SEEN_FIELD:
    case RESULT_MARKS_FIELD:
    case RESULT_SEVERITY_FIELD:
    case RESULT_OLD_FIELD:
    case RESULT_STATUS_FIELD:
        return true;
    default:
        return result_field_type(f) == RESULT_INTEGER || result_field_type(f) == RESULT_DECIMAL;
    }
}

/* The texts of the event, before anything was cut: what a receiver compares with. */
static size_t
full_size(const struct result_event *v)
{
    size_t n = 0;
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        n += v->text[f].len;
    return n;
}

/* The field fit for a line: visible, and not longer than it may be. */
static struct str
fit(struct line *l, enum result_field f, bool keep_line_ends)
{
    assert(f < RESULT_FIELD__COUNT);
    struct str s = encode_visible(l->v->text[f], keep_line_ends, l->a);
    if (is_whole(f) || s.len <= l->max_value)
        return s;
    l->is_cut = true;
    return l->max_value ? encode_cut(s, l->max_value, l->a, &l->is_cut) : STR("");
}

/* Cuts texts until the line fits, as the encoders of records do; at last they are left out. */
static void
put_fitting(struct line *l, void (*put)(struct line *l))
{
    assert(l->o && l->out);
    size_t max = encode_max(l->o), from = l->out->len;
    l->max_value = max;
    for (;;) {
        l->is_cut = false;
        buf_cut(l->out, from);
        put(l);
        if (l->out->len - from <= max || l->max_value == 0)
            return;
        l->max_value = l->max_value > LEAST_VALUE ? l->max_value / 2 : 0;
    }
}

/* ---- RFC 5424 ---- */

static void
put_syslog(struct line *l)
{
    struct audit_record as = encode_result_record(l->r, l->v, l->a);
    encode_syslog_start(l->out, &as, l->o);
    encode_sd_id(l->out, l->o->result_sd_id.len ? l->o->result_sd_id : STR("result@32473"));
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++) {
        struct str s = fit(l, f, false);
        encode_sd_param(l->out, result_field_name(f), s, SIZE_MAX, l->a);
    }
    buf_fmt(l->out, " sev=\"%d\"", l->v->severity);
    if (l->is_cut)
        buf_fmt(l->out, " truncated=\"1\" size=\"%zu\"", full_size(l->v));
    struct str message = encode_visible(encode_result_message(l->v, l->a), false, l->a);
    size_t max = l->max_value < MAX_NAME ? l->max_value : MAX_NAME;
    bool is_cut = false;
    struct str text =
        max ? encode_cut(message, max, l->a, &is_cut) : str_c(result_event_name(l->v->kind));
    buf_fmt(l->out, l->o->bom ? "] \xef\xbb\xbf%.*s" : "] %.*s", STR_ARG(text));
}

ENCODE_RESULT(rfc5424)
{
    struct line l = {.r = r, .v = v, .o = o, .a = a, .out = out};
    put_fitting(&l, put_syslog);
}

/* ---- CEF ---- */

/* The standard's own key for a field; what has none is called assay_FIELD. */
static const struct {
    const char *key, *label;
} cef_keys[RESULT_FIELD__COUNT] = {
    [RESULT_EVENT_FIELD] = {"act", NULL},      [RESULT_ORIGIN_FIELD] = {"deviceExternalId", NULL},
    [RESULT_SEQ_FIELD] = {"externalId", NULL}, [RESULT_AGENT_FIELD] = {"dhost", NULL},
    [RESULT_FILE_FIELD] = {"fileHash", NULL},  [RESULT_TITLE_FIELD] = {"msg", NULL},
    [RESULT_NATIVE_FIELD] = {"reason", NULL},  [RESULT_CHECK_FIELD] = {"cs1", "controlId"},
    [RESULT_OLD_FIELD] = {"cs2", "oldStatus"}, [RESULT_STATUS_FIELD] = {"cs3", "status"},
    [RESULT_POLICY_FIELD] = {"cs4", "policy"}, [RESULT_FINDING_UID_FIELD] = {"cs5", "findingUid"},
    [RESULT_LEAF_FIELD] = {"cs6", "recHash"},
};

static void
put_cef_field(struct line *l, enum result_field f)
{
    assert(f < RESULT_FIELD__COUNT);
    struct str s = fit(l, f, true);
    if (!s.len)
        return;
    const char *key = cef_keys[f].key, *label = cef_keys[f].label;
    int version = f == RESULT_ADDRESS_FIELD ? encode_ip_version(s) : 0;
    if (version) { /* dst takes IPv4 only; IPv6 has a key of its own, with a fixed label */
        key = version == 4 ? "dst" : "c6a3";
        label = version == 4 ? NULL : "Destination IPv6 Address";
    }
    if (label)
        buf_fmt(l->out, " %sLabel=%s", key, label);
    if (key)
        buf_fmt(l->out, " %s=", key);
    else
        buf_fmt(l->out, " assay_%s=", result_field_name(f));
    encode_cef_value(l->out, s);
}

/* A bar ends a field of the header, a backslash escapes. A text that is cut here stands whole behind. */
static void
put_cef_head(struct line *l, struct str value, size_t max)
{
    bool is_cut = false;
    struct str s = encode_cut(encode_visible(value, false, l->a), max, l->a, &is_cut);
    buf_putc(l->out, '|');
    for (size_t i = 0; i < s.len; i++)
        buf_fmt(l->out, s.s[i] == '|' || s.s[i] == '\\' ? "\\%c" : "%c", s.s[i]);
}

/* When it was so is the time of the event: receivers sort by rt, and some by end. */
static void
put_cef_times(struct line *l)
{
    struct clock_time t;
    struct str ts = encode_result_record(l->r, l->v, l->a).ts;
    int64_t ms;
    if (encode_time_ms(ts, &ms))
        buf_fmt(l->out, " rt=%lld end=%lld", (long long)ms, (long long)ms);
    if (RESULT_TEXT(l->v, STARTED).len && clock_parse(RESULT_TEXT(l->v, STARTED), 0, &t))
        buf_fmt(l->out, " start=%lld", (long long)t.t * 1000);
    if (RESULT_TEXT(l->v, INGESTED).len && clock_parse(RESULT_TEXT(l->v, INGESTED), 0, &t))
        buf_fmt(l->out, " deviceCustomDate1Label=ingestTime deviceCustomDate1=%lld",
                (long long)t.t * 1000);
}

static void
put_cef(struct line *l)
{
    struct str event = str_c(result_event_name(l->v->kind)), title = RESULT_TEXT(l->v, TITLE);
    size_t max_title = l->max_value < MAX_TITLE ? l->max_value : MAX_TITLE;
    buf_puts(l->out, "CEF:0|assay|assay");
    put_cef_head(l, l->r->app, MAX_VERSION);
    put_cef_head(l, event, MAX_TITLE);
    put_cef_head(l, title.len && max_title ? title : event, max_title ? max_title : MAX_TITLE);
    buf_fmt(l->out, "|%d|cat=compliance", l->v->severity);
    put_cef_times(l);
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        put_cef_field(l, f);
    if (l->is_cut)
        buf_fmt(l->out, " cn2Label=truncatedFrom cn2=%zu", full_size(l->v));
}

ENCODE_RESULT(cef)
{
    struct line l = {.r = r, .v = v, .o = o, .a = a, .out = out};
    put_fitting(&l, put_cef);
}

/* ---- LEEF ---- */

/* The format's own key for a field, or its name. */
static const char *
leef_key(enum result_field f, struct str value)
{
    if (f == RESULT_ADDRESS_FIELD && encode_ip_version(value))
        return "dst";
    return f == RESULT_AGENT_FIELD   ? "identHostName"
           : f == RESULT_GROUP_FIELD ? "identGrpName"
                                     : result_field_name(f);
}

static void
put_leef(struct line *l)
{
    int64_t ms;
    bool is_cut = false;
    struct str app = encode_cut(encode_visible(l->r->app, false, l->a), MAX_VERSION, l->a, &is_cut);
    buf_puts(l->out, "LEEF:2.0|assay|assay|");
    for (size_t i = 0; i < app.len; i++)
        buf_putc(l->out, app.s[i] == '|' ? '/' : app.s[i]);
    buf_fmt(l->out, "|%s|%c|cat=compliance%csev=%d", result_event_name(l->v->kind), l->delimiter,
            l->delimiter, l->v->severity < 1 ? 1 : l->v->severity);
    if (encode_time_ms(encode_result_record(l->r, l->v, l->a).ts, &ms))
        buf_fmt(l->out, "%cdevTime=%lld", l->delimiter, (long long)ms);
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++) {
        struct str s = fit(l, f, false);
        if (!s.len)
            continue;
        buf_fmt(l->out, "%c%s=", l->delimiter, leef_key(f, s));
        encode_leef_value(l->out, s, l->delimiter);
    }
    if (l->is_cut)
        buf_fmt(l->out, "%ctruncatedFrom=%zu", l->delimiter, full_size(l->v));
}

ENCODE_RESULT(leef)
{
    static const char candidates[] = "^~;!`$";
    struct line l = {.r = r, .v = v, .o = o, .a = a, .out = out, .delimiter = candidates[0]};
    bool occurs = true; /* as in leef.c: a delimiter that stands in no value */
    for (const char *c = candidates; *c && occurs; c++) {
        occurs = false;
        for (enum result_field f = 0; f < RESULT_FIELD__COUNT && !occurs; f++)
            occurs = v->text[f].len && memchr(v->text[f].s, *c, v->text[f].len);
        if (!occurs)
            l.delimiter = *c;
    }
    put_fitting(&l, put_leef);
}
