/* Events of results as Compliance Findings (2003) of OCSF 1.8; all fields stand once more under
 * "unmapped". Beside result_json.c; called through encode.h. */
#include <assert.h>

#include "audit/encoders.h"
#include "base/clock.h"

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

enum { NEW = 1, SUPPRESSED = 3, RESOLVED = 4 }; /* status_id of findings */

/* What the finding is now: a summary is none. */
static void
put_finding_status(struct json_put *j, const struct result_event *v)
{
    struct str status = RESULT_TEXT(v, STATUS);
    bool waived = str_eqc(status, "waived");
    bool gone = v->kind == RESULT_FIXED || str_eqc(status, "pass") || str_eqc(status, "fixed") ||
                str_eqc(status, "notapplicable") || str_eqc(status, "notselected");
    if (v->kind == RESULT_SCAN)
        return;
    json_put_member_int(j, "status_id", waived ? SUPPRESSED : gone ? RESOLVED : NEW);
    json_put_member_c(j, "status", waived ? "Suppressed" : gone ? "Resolved" : "New");
    encode_put_text(j, "status_detail", RESULT_TEXT(v, WAIVER));
}

static void
put_ocsf_head(struct json_put *j, const struct audit_record *r, const struct result_event *v,
              struct arena *a)
{
    static const int activities[] = {OTHER, CREATE, UPDATE, CLOSE}; /* of enum result_kind */
    assert(v->kind < sizeof activities / sizeof *activities);
    int activity = activities[v->kind];
    int64_t ms = 0;
    encode_time_ms(encode_result_record(r, v, a).ts, &ms);
    json_put_member_int(j, "activity_id", activity);
    if (activity == OTHER)
        json_put_member(j, "activity_name", RESULT_TEXT(v, EVENT));
    json_put_member_int(j, "category_uid", CLASS_COMPLIANCE / 1000);
    json_put_member_int(j, "class_uid", CLASS_COMPLIANCE);
    json_put_member_int(j, "type_uid", CLASS_COMPLIANCE * 100 + activity);
    json_put_member_int(j, "severity_id", severity_id(v));
    put_finding_status(j, v);
    json_put_member_int(j, "time", ms);
    put_ms(j, "start_time", RESULT_TEXT(v, STARTED));
}

static void
put_ocsf_metadata(struct json_put *j, const struct audit_record *r, const struct result_event *v)
{
    put_object(j, "metadata");
    json_put_member_c(j, "version", ENCODE_OCSF_VERSION);
    encode_put_one(j, "profiles", STR("host"));
    json_put_member(j, "uid", RESULT_TEXT(v, UID));
    encode_result_put(j, v, RESULT_SEQ_FIELD, "sequence");
    json_put_member(j, "event_code", RESULT_TEXT(v, EVENT));
    json_put_member_c(j, "log_name", "results");
    json_put_member_c(j, "log_provider", "assay");
    json_put_member(j, "original_time", RESULT_TEXT(v, SCANNED));
    put_ms(j, "logged_time", RESULT_TEXT(v, INGESTED)); /* when assay took the file in */
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
    encode_put_one(j, "standards", or_else(RESULT_TEXT(v, POLICY_TITLE), RESULT_TEXT(v, POLICY)));
    json_put_member_int(j, "status_id", status_id(v));
    if (v->kind == RESULT_SCAN) {
        json_put_member_c(j, "status", "scan");
    } else {
        json_put_member(j, "status", RESULT_TEXT(v, STATUS));
        encode_result_put(j, v, RESULT_MAPPINGS_FIELD, "requirements");
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
    put_ms(j, "first_seen_time", RESULT_TEXT(v, FIRST_SEEN));
    put_ms(j, "created_time", RESULT_TEXT(v, FIRST_SEEN));
    put_ms(j, "last_seen_time", RESULT_TEXT(v, SCANNED));
    put_ms(j, "modified_time", RESULT_TEXT(v, SCANNED));
    json_put_close(j, '}');
}

/* Name, address and group of the checked host, as a device and as a resource have them. */
static void
put_host_members(struct json_put *j, const struct result_event *v)
{
    struct str address = RESULT_TEXT(v, ADDRESS);
    json_put_member(j, "hostname", RESULT_TEXT(v, AGENT));
    encode_put_text(j, "name", or_else(RESULT_TEXT(v, ALIAS), RESULT_TEXT(v, AGENT)));
    if (encode_ip_version(address))
        json_put_member(j, "ip", address);
}

static void
put_group(struct json_put *j, const struct result_event *v)
{
    json_put_open(j, '{');
    json_put_member(j, "name", RESULT_TEXT(v, GROUP));
    json_put_close(j, '}');
}

static void
put_device(struct json_put *j, const struct result_event *v)
{
    put_object(j, "device");
    json_put_member_int(j, "type_id", 0);
    put_host_members(j, v);
    if (RESULT_TEXT(v, OS).len) {
        put_object(j, "os");
        json_put_member(j, "name", RESULT_TEXT(v, OS));
        json_put_member_int(j, "type_id", 0);
        json_put_close(j, '}');
    }
    if (RESULT_TEXT(v, GROUP).len) {
        json_put_key(j, "groups");
        json_put_open(j, '[');
        put_group(j, v);
        json_put_close(j, ']');
    }
    json_put_close(j, '}');
}

static void
put_resources(struct json_put *j, const struct result_event *v)
{
    json_put_key(j, "resources");
    json_put_open(j, '[');
    json_put_open(j, '{');
    json_put_member_c(j, "type", "host");
    json_put_member(j, "uid", RESULT_TEXT(v, AGENT));
    put_host_members(j, v);
    if (RESULT_TEXT(v, GROUP).len) {
        json_put_key(j, "group");
        put_group(j, v);
    }
    json_put_close(j, '}');
    json_put_close(j, ']');
}

ENCODE_RESULT(ocsf)
{
    struct json_put j = json_put_init(out);
    (void)o;
    json_put_open(&j, '{');
    put_ocsf_head(&j, r, v, a);
    json_put_member(&j, "message", encode_result_message(v, a));
    put_ocsf_metadata(&j, r, v);
    put_compliance(&j, v);
    put_finding_info(&j, v);
    put_device(&j, v);
    put_resources(&j, v);
    if (RESULT_TEXT(v, REMEDIATION).len) {
        put_object(&j, "remediation");
        json_put_member(&j, "desc", RESULT_TEXT(v, REMEDIATION));
        json_put_close(&j, '}');
    }
    put_object(&j, "unmapped");
    encode_result_put_all(&j, v);
    json_put_close(&j, '}');
    json_put_close(&j, '}');
}
