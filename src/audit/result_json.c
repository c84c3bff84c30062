/* Events of results as JSON objects: JSON lines, GELF and ECS 9.4; OCSF is in result_ocsf.c. Every field
 * goes by the one list of model/result.h, whatever place of its own a schema has for it. Called through
 * encode.h; nothing is cut but what ECS would not find. */
#include <assert.h>

#include "audit/encoders.h"

/* Texts parted by "; " as an array, none when there is nothing. */
static void
put_list(struct json_put *j, const char *key, struct str list)
{
    json_put_key(j, key);
    json_put_open(j, '[');
    while (list.len) {
        struct str one = str_trim(str_cut(&list, ';'));
        if (one.len)
            json_put_str(j, one);
    }
    json_put_close(j, ']');
}

void
encode_result_put(struct json_put *j, const struct result_event *v, enum result_field f,
                  const char *key)
{
    assert(f < RESULT_FIELD__COUNT);
    struct str s = v->text[f];
    int64_t n;
    double x;
    if (!s.len)
        return;
    switch (result_field_type(f)) {
    case RESULT_INTEGER:
        if (str_to_i64(s, &n))
            json_put_member_int(j, key, n);
        break;
    case RESULT_DECIMAL:
        if (!str_to_double(s, &x))
            break;
        json_put_key(j, key);
        json_put_decimal(j, x, 4);
        break;
    case RESULT_LIST:
        put_list(j, key, s);
        break;
    default:
        json_put_member(j, key, s);
    }
}

void
encode_result_put_all(struct json_put *j, const struct result_event *v)
{
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        encode_result_put(j, v, f, result_field_name(f));
    json_put_member_int(j, "sev", v->severity);
}

static void
put_object(struct json_put *j, const char *key)
{
    json_put_key(j, key);
    json_put_open(j, '{');
}

ENCODE_RESULT(jsonl)
{
    struct json_put j = json_put_init(out);
    (void)r, (void)o, (void)a;
    json_put_open(&j, '{');
    encode_result_put_all(&j, v);
    json_put_close(&j, '}');
}

ENCODE_RESULT(gelf)
{
    struct json_put j = json_put_init(out);
    struct audit_record as = encode_result_record(r, v, a);
    int64_t ms;
    (void)o;
    json_put_open(&j, '{');
    json_put_member_c(&j, "version", "1.1");
    json_put_member(&j, "host", RESULT_TEXT(v, AGENT).len ? RESULT_TEXT(v, AGENT) : STR("unknown"));
    json_put_member(&j, "short_message", encode_result_message(v, a));
    if (encode_time_ms(as.ts, &ms)) {
        json_put_key(&j, "timestamp");
        json_put_decimal(&j, (double)ms / 1000, 3);
    }
    json_put_member_int(&j, "level", encode_syslog_level(&as));
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++) { /* no arrays there */
        const char *key = arena_fmt(a, "_%s", result_field_name(f)).s;
        if (result_field_type(f) == RESULT_LIST)
            encode_put_text(&j, key, v->text[f]);
        else
            encode_result_put(&j, v, f, key);
    }
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
put_ecs_event(struct json_put *j, const struct result_event *v, struct arena *a)
{
    struct str status = RESULT_TEXT(v, STATUS);
    bool good = v->kind == RESULT_SCAN || str_eqc(status, "pass") || str_eqc(status, "fixed");
    const char *bad = str_eqc(status, "fail") ? "failure" : "unknown";
    put_object(j, "event");
    json_put_member_c(j, "kind", "state");
    encode_put_one(j, "category", STR("configuration"));
    encode_put_one(j, "type", STR("info"));
    json_put_member(j, "action", RESULT_TEXT(v, EVENT));
    json_put_member_c(j, "outcome", good ? "success" : bad);
    put_keyword(j, "id", RESULT_TEXT(v, UID), a);
    encode_put_text(j, "start", RESULT_TEXT(v, STARTED));
    encode_put_text(j, "end", RESULT_TEXT(v, SCANNED));
    encode_put_text(j, "created", RESULT_TEXT(v, INGESTED));
    encode_result_put(j, v, RESULT_SEQ_FIELD, "sequence");
    json_put_member(j, "hash", RESULT_TEXT(v, LEAF));
    json_put_member_int(j, "severity", v->severity);
    json_put_member_c(j, "provider", "assay");
    json_put_member_c(j, "module", "assay");
    json_put_member_c(j, "dataset", "assay.result");
    json_put_close(j, '}');
}

/* The checked host, in the fields that rules and dashboards of the product look at. */
static void
put_ecs_host(struct json_put *j, const struct result_event *v, struct arena *a)
{
    struct str address = RESULT_TEXT(v, ADDRESS), os = encode_keyword(RESULT_TEXT(v, OS), a);
    struct str ip = encode_ip_version(address) ? address : STR("");
    struct str names[] = {encode_keyword(RESULT_TEXT(v, AGENT), a),
                          encode_keyword(RESULT_TEXT(v, ALIAS), a)};
    bool has_alias = names[1].len && !str_eq(names[0], names[1]);
    put_object(j, "host");
    encode_put_text(j, "name", names[0]);
    encode_put_array(j, "ip", &ip, 1);
    if (os.len) {
        put_object(j, "os");
        json_put_member(j, "full", os);
        json_put_member(j, "name", os);
        json_put_close(j, '}');
    }
    json_put_close(j, '}');
    put_object(j, "related");
    encode_put_array(j, "hosts", names, has_alias ? 2 : 1);
    encode_put_array(j, "ip", &ip, 1);
    json_put_close(j, '}');
    struct str group = encode_keyword(RESULT_TEXT(v, GROUP), a);
    encode_put_array(j, "tags", &group, 1);
}

static void
put_ecs_rule(struct json_put *j, const struct audit_record *r, const struct result_event *v,
             struct arena *a)
{
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
    put_keyword(j, "name", r->host, a);
    put_keyword(j, "version", r->app, a);
    json_put_close(j, '}');
}

ENCODE_RESULT(ecs)
{
    struct json_put j = json_put_init(out);
    (void)o;
    json_put_open(&j, '{');
    json_put_member(&j, "@timestamp", encode_result_record(r, v, a).ts);
    put_object(&j, "ecs");
    json_put_member_c(&j, "version", ENCODE_ECS_VERSION);
    json_put_close(&j, '}');
    json_put_member(&j, "message", encode_result_message(v, a));
    put_ecs_event(&j, v, a);
    put_ecs_host(&j, v, a);
    put_ecs_rule(&j, r, v, a);
    put_object(&j, "assay");
    put_object(&j, "result");
    encode_result_put_all(&j, v);
    json_put_close(&j, '}');
    json_put_close(&j, '}');
    json_put_close(&j, '}');
}
