/* One record as a document of the Elastic Common Schema 9.4: its fields where there are such, the
 * rest under "assay.audit". Elasticsearch stores a keyword of more than 1,024 characters without
 * finding it again: such a text is cut, and stands whole under "assay.audit". */
#include "audit/encoders.h"

static void
put_keyword(struct json_put *j, const char *key, struct str value, struct arena *a)
{
    encode_put_text(j, key, encode_keyword(value, a));
}

/* The whole of a text that had to be cut elsewhere. */
static void
put_whole(struct json_put *j, const char *key, struct str value, struct arena *a)
{
    if (encode_keyword(value, a).s != value.s)
        json_put_member(j, key, value);
}

static void
put_list(struct json_put *j, const char *key, struct str value, struct arena *a)
{
    json_put_key(j, key);
    json_put_open(j, '[');
    if (value.len)
        json_put_str(j, encode_keyword(value, a));
    json_put_close(j, ']');
}

static void
put_event(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    const struct encode_kind *k = encode_kind_of(r->event);
    json_put_key(j, "event");
    json_put_open(j, '{');
    json_put_member_c(j, "kind", "event");
    put_list(j, "category", str_c(k->ecs_category), a);
    put_list(j, "type", str_c(k->ecs_type), a);
    json_put_member(j, "action", r->event);
    json_put_member(j, "outcome", r->outcome);
    json_put_member(j, "id", audit_record_uid(r, a));
    json_put_member_int(j, "sequence", r->seq);
    json_put_member(j, "hash", r->leaf_hex);
    json_put_member_int(j, "severity", r->severity);
    put_keyword(j, "reason", r->reason, a);
    json_put_member_c(j, "provider", "assay");
    json_put_member_c(j, "module", "assay");
    json_put_member_c(j, "dataset", "assay.audit");
    json_put_close(j, '}');
}

/* Everybody who is named, each once. */
static void
put_users(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    const struct str names[] = {r->actor_name, r->login, r->sudo_user};
    json_put_key(j, "user");
    json_put_open(j, '[');
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bool is_known = !names[i].len;
        for (size_t k = 0; k < i; k++)
            is_known |= str_eq(names[k], names[i]);
        if (!is_known)
            json_put_str(j, encode_keyword(names[i], a));
    }
    json_put_close(j, ']');
}

static void
put_who(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    struct encode_person p = encode_person_of(r);
    json_put_key(j, "user");
    json_put_open(j, '{');
    put_keyword(j, "name", p.name, a);
    json_put_member(j, "id", arena_fmt(a, "%lld", (long long)p.id));
    if (p.is_login) { /* whose privileges were taken */
        json_put_key(j, "effective");
        json_put_open(j, '{');
        put_keyword(j, "name", r->actor_name, a);
        json_put_member(j, "id", arena_fmt(a, "%lld", (long long)r->actor_id));
        json_put_close(j, '}');
    }
    json_put_close(j, '}');
    if (p.peer.len) {
        json_put_key(j, "source");
        json_put_open(j, '{');
        json_put_member(j, "ip", p.peer);
        json_put_member_int(j, "port", p.port);
        json_put_close(j, '}');
    }
    json_put_key(j, "host");
    json_put_open(j, '{');
    put_keyword(j, "name", r->host, a);
    json_put_close(j, '}');
    json_put_key(j, "observer");
    json_put_open(j, '{');
    json_put_member_c(j, "vendor", "assay");
    json_put_member_c(j, "product", "assay");
    json_put_member_c(j, "type", "audit");
    put_keyword(j, "version", r->app, a);
    json_put_close(j, '}');
    json_put_key(j, "related");
    json_put_open(j, '{');
    put_users(j, r, a);
    put_list(j, "hosts", r->host, a);
    encode_put_array(j, "ip", &p.peer, 1);
    json_put_close(j, '}');
}

static void
put_own(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    json_put_key(j, "assay");
    json_put_open(j, '{');
    json_put_key(j, "audit");
    json_put_open(j, '{');
    json_put_member(j, "origin", r->origin);
    json_put_member(j, "prev", r->prev_hex);
    json_put_member(j, "salt", r->salt_hex);
    json_put_member_int(j, "version", r->version);
    encode_put_text(j, "run", r->run);
    encode_put_text(j, "via", r->via);
    encode_put_text(j, "login", r->login);
    encode_put_text(j, "sudo", r->sudo_user);
    encode_put_text(j, "ssh", r->ssh_peer);
    put_whole(j, "reason", r->reason, a);
    put_whole(j, "actor", r->actor_name, a);
    put_whole(j, "host", r->host, a);
    put_whole(j, "app", r->app, a);
    json_put_key(j, "object");
    json_put_open(j, '{');
    encode_put_text(j, "type", r->object_type);
    encode_put_text(j, "id", r->object_id);
    encode_put_text(j, "name", r->object_name);
    json_put_close(j, '}');
    json_put_key(j, "changes");
    encode_put_changes(j, r);
    json_put_close(j, '}');
    json_put_close(j, '}');
}

static void
ecs_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
           struct buf *out)
{
    struct json_put j = json_put_init(out);
    (void)o;
    json_put_open(&j, '{');
    json_put_member(&j, "@timestamp", r->ts);
    json_put_key(&j, "ecs");
    json_put_open(&j, '{');
    json_put_member_c(&j, "version", ENCODE_ECS_VERSION);
    json_put_close(&j, '}');
    json_put_member(&j, "message", encode_message(r, a));
    put_event(&j, r, a);
    put_who(&j, r, a);
    put_own(&j, r, a);
    json_put_close(&j, '}');
}

const struct audit_encoder ecs_encoder = {
    .name = "ecs",
    .title = "Elastic Common Schema 9.4, JSON",
    .is_json = true,
    .encode = ecs_encode,
    .encode_result = encode_result_ecs,
};
