/* One record as GELF 1.1 (Graylog): one flat object, texts and numbers only. */
#include "audit/encoders.h"

static void
put_additional(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    const struct {
        const char *key;
        struct str value;
    } texts[] = {{"_event", r->event},
                 {"_outcome", r->outcome},
                 {"_origin", r->origin},
                 {"_actor", r->actor_name},
                 {"_actor_login", r->login},
                 {"_actor_sudo", r->sudo_user},
                 {"_actor_ssh", r->ssh_peer},
                 {"_object_type", r->object_type},
                 {"_object_id", r->object_id},
                 {"_object_name", r->object_name},
                 {"_reason", r->reason},
                 {"_changes", encode_changes(r, a)},
                 {"_via", r->via},
                 {"_run", r->run},
                 {"_app", r->app},
                 {"_ts", r->ts},
                 {"_salt", r->salt_hex},
                 {"_prev", r->prev_hex},
                 {"_leaf", r->leaf_hex}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        encode_put_text(j, texts[i].key, texts[i].value);
    json_put_member_int(j, "_seq", r->seq);
    json_put_member_int(j, "_actor_id", r->actor_id);
    if (r->login.len)
        json_put_member_int(j, "_actor_login_id", r->login_uid);
    json_put_member_int(j, "_severity", r->severity);
    json_put_member_int(j, "_record_version", r->version);
}

static void
gelf_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
            struct buf *out)
{
    int64_t ms;
    struct json_put j = json_put_init(out);
    (void)o;
    json_put_open(&j, '{');
    json_put_member_c(&j, "version", "1.1");
    json_put_member(&j, "host", r->host.len ? r->host : STR("unknown"));
    json_put_member(&j, "short_message", encode_message(r, a));
    if (encode_time_ms(r->ts, &ms)) {
        json_put_key(&j, "timestamp");
        json_put_decimal(&j, (double)ms / 1000, 3);
    }
    json_put_member_int(&j, "level", encode_syslog_level(r));
    put_additional(&j, r, a);
    json_put_close(&j, '}');
}

const struct audit_encoder gelf_encoder = {
    .name = "gelf",
    .title = "Graylog Extended Log Format, GELF 1.1",
    .is_json = true,
    .encode = gelf_encode,
    .encode_result = encode_result_gelf,
};
