/* Events of results as JSON objects: JSON lines, GELF, ECS 9.4 and OCSF 1.8. Every field goes by the
 * one list of model/result.h, whatever place of its own a schema has for it. Called through
 * encode.h; nothing is cut but what ECS would not find. */
#include <assert.h>

#include "audit/encoders.h"
#include "base/clock.h"

/* A field by its name, as a number where it is one; nothing when it is empty. */
static void
put_field(struct json_put *j, const struct result_event *v, enum result_field f, const char *key)
{
    assert(f < RESULT_FIELD__COUNT);
    struct str s = v->text[f];
    int64_t n;
    double x;
    if (!s.len)
        return;
    if (result_field_is_number(f) && str_to_i64(s, &n)) {
        json_put_member_int(j, key, n);
    } else if (result_field_is_number(f) && str_to_double(s, &x)) {
        json_put_key(j, key);
        json_put_num(j, x, 4);
    } else {
        json_put_member(j, key, s);
    }
}

static void
put_fields(struct json_put *j, const struct result_event *v)
{
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        put_field(j, v, f, result_field_name(f));
    json_put_member_int(j, "sev", v->severity);
}

static void
put_object(struct json_put *j, const char *key)
{
    json_put_key(j, key);
    json_put_open(j, '{');
}

/* OCSF counts milliseconds. */
static void
put_ms(struct json_put *j, const char *key, struct str iso)
{
    struct clock_time t;
    if (iso.len && clock_parse(iso, 0, &t))
        json_put_member_int(j, key, t.t * 1000);
}

ENCODE_RESULT(jsonl)
{
    struct json_put j = json_put_init(out);
    (void)r, (void)o, (void)a;
    json_put_open(&j, '{');
    put_fields(&j, v);
    json_put_close(&j, '}');
}

ENCODE_RESULT(gelf)
{
    struct json_put j = json_put_init(out);
    struct audit_record as = encode_result_record(r, v);
    int64_t ms;
    (void)o;
    json_put_open(&j, '{');
    json_put_member_c(&j, "version", "1.1");
    json_put_member(&j, "host", r->host.len ? r->host : STR("unknown"));
    json_put_member(&j, "short_message", encode_result_message(v, a));
    if (encode_time_ms(r->ts, &ms)) {
        json_put_key(&j, "timestamp");
        json_put_num(&j, (double)ms / 1000, 3);
    }
    json_put_member_int(&j, "level", encode_syslog_level(&as));
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        put_field(&j, v, f, arena_fmt(a, "_%s", result_field_name(f)).s);
    json_put_member_int(&j, "_sev", v->severity);
    json_put_close(&j, '}');
}

/* ---- ECS ---- */

static void
put_keyword(struct json_put *j, const char *key, struct str value, struct arena *a)
{
    encode_put_text(j, key, encode_keyword(value, a));
}

static void
put_one(struct json_put *j, const char *key, struct str value)
{
    assert(key[0]);
    json_put_key(j, key);
    json_put_open(j, '[');
    json_put_str(j, value);
    json_put_close(j, ']');
}

static void
put_ecs_event(struct json_put *j, const struct result_event *v, struct arena *a)
{
    struct str status = RESULT_TEXT(v, STATUS);
    bool good = v->kind == RESULT_SCAN || str_eqc(status, "pass") || str_eqc(status, "fixed");
    const char *bad = str_eqc(status, "fail") ? "failure" : "unknown";
    put_object(j, "event");
    json_put_member_c(j, "kind", "state");
    put_one(j, "category", STR("configuration"));
    put_one(j, "type", STR("info"));
    json_put_member(j, "action", RESULT_TEXT(v, EVENT));
    json_put_member_c(j, "outcome", good ? "success" : bad);
    put_keyword(j, "id", RESULT_TEXT(v, UID), a);
    put_field(j, v, RESULT_SEQ_FIELD, "sequence");
    json_put_member(j, "hash", RESULT_TEXT(v, LEAF));
    json_put_member_int(j, "severity", v->severity);
    json_put_member_c(j, "provider", "assay");
    json_put_member_c(j, "module", "assay");
    json_put_member_c(j, "dataset", "assay.result");
    json_put_close(j, '}');
}

static void
put_ecs_things(struct json_put *j, const struct audit_record *r, const struct result_event *v,
               struct arena *a)
{
    put_object(j, "host");
    put_keyword(j, "name", RESULT_TEXT(v, AGENT), a);
    json_put_close(j, '}');
    put_object(j, "rule");
    put_keyword(j, "id", RESULT_TEXT(v, CHECK), a);
    put_keyword(j, "name", RESULT_TEXT(v, TITLE), a);
    put_keyword(j, "category", RESULT_TEXT(v, CATEGORY), a);
    put_keyword(j, "ruleset", RESULT_TEXT(v, POLICY), a);
    put_keyword(j, "version", RESULT_TEXT(v, POLICY_VERSION), a);
    json_put_close(j, '}');
    put_object(j, "observer");
    json_put_member_c(j, "vendor", "assay");
    json_put_member_c(j, "product", "assay");
    json_put_member_c(j, "type", "compliance");
    put_keyword(j, "version", r->app, a);
    json_put_close(j, '}');
    put_object(j, "related");
    put_one(j, "hosts", encode_keyword(RESULT_TEXT(v, AGENT), a));
    json_put_close(j, '}');
}

ENCODE_RESULT(ecs)
{
    struct json_put j = json_put_init(out);
    (void)o;
    json_put_open(&j, '{');
    json_put_member(&j, "@timestamp", r->ts);
    put_object(&j, "ecs");
    json_put_member_c(&j, "version", ENCODE_ECS_VERSION);
    json_put_close(&j, '}');
    json_put_member(&j, "message", encode_result_message(v, a));
    put_ecs_event(&j, v, a);
    put_ecs_things(&j, r, v, a);
    put_object(&j, "assay");
    put_object(&j, "result");
    put_fields(&j, v);
    json_put_close(&j, '}');
    json_put_close(&j, '}');
    json_put_close(&j, '}');
}

/* ---- OCSF: Compliance Finding ---- */

enum { CLASS_COMPLIANCE = 2003, CREATE = 1, UPDATE = 2, CLOSE = 3, OTHER = 99 };

/* 1 Pass, 2 Warning (information is missing), 3 Fail. */
static int
status_id(const struct result_event *v)
{
    static const struct {
        const char *word;
        int id;
    } ids[] = {{"pass", 1},  {"fixed", 1},   {"fail", 3},
               {"error", 2}, {"unknown", 2}, {"notchecked", 2}};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (str_eqc(RESULT_TEXT(v, STATUS), ids[i].word))
            return ids[i].id;
    return OTHER;
}

/* 1 Informational to 5 Critical. */
static int
severity_id(const struct result_event *v)
{
    return v->severity >= 9   ? 5
           : v->severity >= 7 ? 4
           : v->severity >= 4 ? 3
           : v->severity >= 2 ? 2
                              : 1;
}

static void
put_ocsf_head(struct json_put *j, const struct audit_record *r, const struct result_event *v)
{
    static const int activities[] = {OTHER, CREATE, UPDATE, CLOSE}; /* of enum result_kind */
    assert(v->kind < sizeof activities / sizeof *activities);
    int activity = activities[v->kind];
    int64_t ms = 0;
    encode_time_ms(r->ts, &ms);
    json_put_member_int(j, "activity_id", activity);
    if (activity == OTHER)
        json_put_member(j, "activity_name", RESULT_TEXT(v, EVENT));
    json_put_member_int(j, "category_uid", CLASS_COMPLIANCE / 1000);
    json_put_member_int(j, "class_uid", CLASS_COMPLIANCE);
    json_put_member_int(j, "type_uid", CLASS_COMPLIANCE * 100 + activity);
    json_put_member_int(j, "severity_id", severity_id(v));
    json_put_member_int(j, "time", ms);
}

static void
put_ocsf_metadata(struct json_put *j, const struct audit_record *r, const struct result_event *v)
{
    put_object(j, "metadata");
    json_put_member_c(j, "version", ENCODE_OCSF_VERSION);
    put_one(j, "profiles", STR("host"));
    json_put_member(j, "uid", RESULT_TEXT(v, UID));
    put_field(j, v, RESULT_SEQ_FIELD, "sequence");
    json_put_member(j, "event_code", RESULT_TEXT(v, EVENT));
    json_put_member_c(j, "log_name", "results");
    json_put_member_c(j, "log_provider", "assay");
    json_put_member(j, "original_time", RESULT_TEXT(v, SCANNED));
    put_object(j, "product");
    json_put_member_c(j, "name", "assay");
    json_put_member_c(j, "vendor_name", "assay");
    encode_put_text(j, "version", r->app);
    json_put_close(j, '}');
    json_put_close(j, '}');
}

static struct str
or_else(struct str s, struct str other)
{
    return s.len ? s : other;
}

static void
put_check(struct json_put *j, const struct result_event *v)
{
    json_put_key(j, "checks");
    json_put_open(j, '[');
    json_put_open(j, '{');
    json_put_member(j, "uid", RESULT_TEXT(v, CHECK));
    encode_put_text(j, "name", RESULT_TEXT(v, TITLE));
    json_put_member_int(j, "status_id", status_id(v));
    json_put_member(j, "status", RESULT_TEXT(v, STATUS));
    json_put_member_int(j, "severity_id", severity_id(v));
    json_put_close(j, '}');
    json_put_close(j, ']');
}

static void
put_compliance(struct json_put *j, const struct result_event *v)
{
    put_object(j, "compliance");
    json_put_member(j, "control", or_else(RESULT_TEXT(v, CHECK), RESULT_TEXT(v, POLICY)));
    put_one(j, "standards", or_else(RESULT_TEXT(v, POLICY_TITLE), RESULT_TEXT(v, POLICY)));
    json_put_member_int(j, "status_id", status_id(v));
    if (v->kind == RESULT_SCAN) {
        json_put_member_c(j, "status", "scan");
    } else {
        json_put_member(j, "status", RESULT_TEXT(v, STATUS));
        struct str mappings = RESULT_TEXT(v, MAPPINGS); /* in one text, parted by "; " */
        json_put_key(j, "requirements");
        json_put_open(j, '[');
        while (mappings.len) {
            struct str one = str_trim(str_cut(&mappings, ';'));
            if (one.len)
                json_put_str(j, one);
        }
        json_put_close(j, ']');
        put_check(j, v);
    }
    json_put_close(j, '}');
}

static void
put_finding_info(struct json_put *j, const struct result_event *v)
{
    put_object(j, "finding_info");
    json_put_member(j, "uid", or_else(RESULT_TEXT(v, FINDING_UID), RESULT_TEXT(v, UID)));
    json_put_member(j, "title", or_else(RESULT_TEXT(v, TITLE), RESULT_TEXT(v, POLICY)));
    encode_put_text(j, "desc", RESULT_TEXT(v, EVIDENCE));
    put_ms(j, "created_time", RESULT_TEXT(v, SINCE));
    put_ms(j, "modified_time", RESULT_TEXT(v, SCANNED));
    json_put_close(j, '}');
}

static void
put_device(struct json_put *j, const struct result_event *v)
{
    put_object(j, "device");
    json_put_member_int(j, "type_id", 0);
    json_put_member(j, "hostname", RESULT_TEXT(v, AGENT));
    if (RESULT_TEXT(v, OS).len) {
        put_object(j, "os");
        json_put_member(j, "name", RESULT_TEXT(v, OS));
        json_put_member_int(j, "type_id", 0);
        json_put_close(j, '}');
    }
    json_put_close(j, '}');
}

ENCODE_RESULT(ocsf)
{
    struct json_put j = json_put_init(out);
    (void)o;
    json_put_open(&j, '{');
    put_ocsf_head(&j, r, v);
    json_put_member(&j, "message", encode_result_message(v, a));
    put_ocsf_metadata(&j, r, v);
    put_compliance(&j, v);
    put_finding_info(&j, v);
    put_device(&j, v);
    if (RESULT_TEXT(v, REMEDIATION).len) {
        put_object(&j, "remediation");
        json_put_member(&j, "desc", RESULT_TEXT(v, REMEDIATION));
        json_put_close(&j, '}');
    }
    put_object(&j, "unmapped");
    put_fields(&j, v);
    json_put_close(&j, '}');
    json_put_close(&j, '}');
}
