/* One record as an event of OCSF 1.8, in the class that the table of kinds (encode.c) gives it. What
 * the schema has no place for stands in "unmapped". */
#include <assert.h>

#include "audit/encoders.h"

enum {
    CLASS_LOG = 1008,    /* Event Log Activity */
    CLASS_ENTITY = 3004, /* Entity Management */
    CLASS_APP = 6002,    /* Application Lifecycle */
    CLASS_API = 6003,    /* API Activity */
    OTHER = 99
};

/* ---- what every event has ---- */

/* 1 Informational to 5 Critical. */
static int
severity_id(const struct audit_record *r)
{
    int s = encode_severity(r);
    return s >= 9 ? 5 : s >= 7 ? 4 : s >= 4 ? 3 : s >= 2 ? 2 : 1;
}

static void
put_classification(struct json_put *j, const struct audit_record *r, const struct encode_kind *k)
{
    bool is_success = str_eqc(r->outcome, "success");
    json_put_member_int(j, "activity_id", k->ocsf_activity);
    if (k->ocsf_activity == OTHER)
        json_put_member(j, "activity_name", r->event);
    json_put_member_int(j, "category_uid", k->ocsf_class / 1000);
    json_put_member_int(j, "class_uid", k->ocsf_class);
    json_put_member_int(j, "type_uid", k->ocsf_class * 100 + k->ocsf_activity);
    json_put_member_int(j, "severity_id", severity_id(r));
    json_put_member_int(j, "status_id", is_success ? 1 : 2);
    json_put_member_c(j, "status", is_success ? "Success" : "Failure");
    encode_put_text(j, "status_detail", r->reason);
}

static void
put_product(struct json_put *j, const char *key, const struct audit_record *r)
{
    json_put_key(j, key);
    json_put_open(j, '{');
    json_put_member_c(j, "name", "assay");
    json_put_member_c(j, "vendor_name", "assay");
    encode_put_text(j, "version", r->app);
    json_put_close(j, '}');
}

static void
put_metadata(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    json_put_key(j, "metadata");
    json_put_open(j, '{');
    json_put_member_c(j, "version", ENCODE_OCSF_VERSION);
    json_put_member(j, "uid", audit_record_uid(r, a));
    json_put_member_int(j, "sequence", r->seq);
    json_put_member(j, "event_code", r->event);
    json_put_member_c(j, "log_name", "audit");
    json_put_member_c(j, "log_provider", "assay");
    json_put_member(j, "original_time", r->ts);
    put_product(j, "product", r);
    json_put_close(j, '}');
}

/* A class without an endpoint of its own has the host as its device; its type is not known. */
static void
put_host(struct json_put *j, const struct audit_record *r, const struct encode_kind *k)
{
    bool is_device = k->ocsf_class == CLASS_APP;
    json_put_key(j, is_device ? "device" : "src_endpoint");
    json_put_open(j, '{');
    json_put_member(j, "hostname", r->host.len ? r->host : STR("unknown"));
    if (is_device)
        json_put_member_int(j, "type_id", 0);
    json_put_close(j, '}');
}

static void
put_user(struct json_put *j, struct str name, int64_t uid, struct arena *a)
{
    json_put_key(j, "user");
    json_put_open(j, '{');
    encode_put_text(j, "name", name);
    json_put_member(j, "uid", arena_fmt(a, "%lld", (long long)uid));
    json_put_close(j, '}');
}

/* Who logged in; the account is that of the process then. */
static void
put_actor(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    struct encode_person p = encode_person_of(r);
    json_put_key(j, "actor");
    json_put_open(j, '{');
    put_user(j, p.name, p.id, a);
    if (p.is_login && r->run.len) {
        json_put_key(j, "process");
        json_put_open(j, '{');
        json_put_member_c(j, "name", "assay");
        json_put_member(j, "uid", r->run);
        put_user(j, r->actor_name, r->actor_id, a);
        json_put_close(j, '}');
    }
    json_put_close(j, '}');
}

static void
put_unmapped(struct json_put *j, const struct audit_record *r)
{
    json_put_key(j, "unmapped");
    json_put_open(j, '{');
    json_put_member(j, "origin", r->origin);
    json_put_member(j, "prev", r->prev_hex);
    json_put_member(j, "leaf", r->leaf_hex);
    json_put_member(j, "salt", r->salt_hex);
    json_put_member_int(j, "severity", r->severity);
    json_put_member_int(j, "record_version", r->version);
    encode_put_text(j, "run", r->run);
    encode_put_text(j, "account", r->actor_name);
    json_put_member_int(j, "account_id", r->actor_id);
    encode_put_text(j, "login", r->login);
    encode_put_text(j, "sudo", r->sudo_user);
    encode_put_text(j, "ssh", r->ssh_peer);
    encode_put_text(j, "via", r->via);
    encode_put_text(j, "object_type", r->object_type);
    encode_put_text(j, "object_id", r->object_id);
    encode_put_text(j, "object_name", r->object_name);
    json_put_key(j, "changes");
    encode_put_changes(j, r);
    json_put_close(j, '}');
}

/* ---- what a class has ---- */

static void
put_value(struct json_put *j, const struct event_change *c, bool is_after)
{
    if (c->is_secret)
        json_put_null(j);
    else
        json_put_str(j, is_after ? c->new_value : c->old_value);
}

/* The values of the field that change i names, unless an earlier one named it: a setting that may be
 * repeated changes in several places, and an object has each member once. Those are an array then. */
static void
put_values(struct json_put *j, const struct audit_record *r, size_t i, bool is_after)
{
    const struct event_change *v = r->changes.v;
    size_t n_same = 0;
    for (size_t k = 0; k < i; k++)
        if (str_eq(v[k].field, v[i].field))
            return;
    for (size_t k = i; k < r->changes.n; k++)
        n_same += str_eq(v[k].field, v[i].field);
    json_put_key_str(j, v[i].field);
    if (n_same == 1) {
        put_value(j, &v[i], is_after);
        return;
    }
    json_put_open(j, '[');
    for (size_t k = i; k < r->changes.n; k++)
        if (str_eq(v[k].field, v[i].field))
            put_value(j, &v[k], is_after);
    json_put_close(j, ']');
}

/* The thing before or after: the values that changed. */
static void
put_entity(struct json_put *j, const char *key, const struct audit_record *r, bool is_after)
{
    json_put_key(j, key);
    json_put_open(j, '{');
    json_put_member(j, "uid", r->object_id.len ? r->object_id : STR("unknown"));
    encode_put_text(j, "name", r->object_name);
    json_put_member_int(j, "type_id", OTHER);
    json_put_member(j, "type", r->object_type.len ? r->object_type : STR("unknown"));
    json_put_key(j, "data");
    json_put_open(j, '{');
    for (size_t i = 0; i < r->changes.n; i++)
        put_values(j, r, i, is_after);
    json_put_close(j, '}');
    json_put_close(j, '}');
}

static void
put_class(struct json_put *j, const struct audit_record *r, const struct encode_kind *k)
{
    if (k->ocsf_class == CLASS_ENTITY) {
        put_entity(j, "entity", r, false);
        put_entity(j, "entity_result", r, true);
    } else if (k->ocsf_class == CLASS_API) {
        json_put_key(j, "api");
        json_put_open(j, '{');
        json_put_member(j, "operation", r->event);
        json_put_key(j, "service");
        json_put_open(j, '{');
        json_put_member_c(j, "name", "assay");
        json_put_close(j, '}');
        json_put_close(j, '}');
    } else if (k->ocsf_class == CLASS_APP) {
        put_product(j, "app", r);
    } else {
        assert(k->ocsf_class == CLASS_LOG);
        json_put_member_c(j, "log_name", "audit");
        json_put_member_c(j, "log_provider", "assay");
    }
}

static void
ocsf_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
            struct buf *out)
{
    const struct encode_kind *k = encode_kind_of(r->event);
    struct json_put j = json_put_init(out);
    int64_t ms = 0;
    (void)o;
    encode_time_ms(r->ts, &ms);
    json_put_open(&j, '{');
    put_classification(&j, r, k);
    json_put_member_int(&j, "time", ms);
    json_put_member(&j, "message", encode_message(r, a));
    put_metadata(&j, r, a);
    put_actor(&j, r, a);
    put_host(&j, r, k);
    put_class(&j, r, k);
    put_unmapped(&j, r);
    json_put_close(&j, '}');
}

const struct audit_encoder ocsf_encoder = {
    .name = "ocsf",
    .title = "Open Cybersecurity Schema Framework 1.8, JSON",
    .is_json = true,
    .encode = ocsf_encode,
    .encode_result = encode_result_ocsf,
};
