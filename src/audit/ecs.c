/* One record as a document of the Elastic Common Schema 9.4: its fields where there are such, the
 * rest under "assay.audit". */
#include "audit/encoders.h"

/* What kind of act an event is, by the tables of event.category and event.type. */
static const struct kind {
    const char *event, *category, *type;
} kinds[] = {
    {"ingest.file", "file", "access"},
    {"report.make", "file", "creation"},
    {"output.write", "file", "creation"},
    {"report.verify", "file", "access"},
    {"audit.export", "file", "creation"},
    {"audit.test", "configuration", "info"},
    {"config.change", "configuration", "change"},
    {"schema.upgrade", "database", "change"},
    {"key.create", "configuration", "creation"},
    {"agent.add", "configuration", "creation"},
    {"agent.remove", "configuration", "deletion"},
    {"agent.alias", "configuration", "change"},
    {"agent.freeze", "configuration", "change"},
    {"agent.unfreeze", "configuration", "change"},
    {"agent.move", "configuration", "change"},
    {NULL, "configuration", "info"},
};

static const struct kind *
kind_of(struct str event)
{
    const struct kind *k = kinds;
    while (k->event && !str_eqc(event, k->event))
        k++;
    return k;
}

static void
put_text(struct json_put *j, const char *key, struct str value)
{
    if (value.len)
        json_put_member(j, key, value);
}

static void
put_list(struct json_put *j, const char *key, struct str value)
{
    json_put_key(j, key);
    json_put_open(j, '[');
    if (value.len)
        json_put_str(j, value);
    json_put_close(j, ']');
}

static void
put_event(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    const struct kind *k = kind_of(r->event);
    json_put_key(j, "event");
    json_put_open(j, '{');
    json_put_member_c(j, "kind", "event");
    put_list(j, "category", str_c(k->category));
    put_list(j, "type", str_c(k->type));
    json_put_member(j, "action", r->event);
    json_put_member(j, "outcome", r->outcome);
    json_put_member(j, "id", encode_uid(r, a));
    json_put_member_int(j, "sequence", r->seq);
    json_put_member(j, "hash", r->leaf_hex);
    json_put_member_int(j, "severity", r->severity);
    put_text(j, "reason", r->reason);
    json_put_member_c(j, "provider", "assay");
    json_put_member_c(j, "module", "assay");
    json_put_member_c(j, "dataset", "assay.audit");
    json_put_close(j, '}');
}

static void
put_who(struct json_put *j, const struct audit_record *r, struct arena *a)
{
    json_put_key(j, "user");
    json_put_open(j, '{');
    put_text(j, "name", r->actor_name);
    json_put_member(j, "id", arena_fmt(a, "%lld", (long long)r->actor_id));
    json_put_close(j, '}');
    json_put_key(j, "host");
    json_put_open(j, '{');
    put_text(j, "name", r->host);
    json_put_close(j, '}');
    json_put_key(j, "observer");
    json_put_open(j, '{');
    json_put_member_c(j, "vendor", "assay");
    json_put_member_c(j, "product", "assay");
    json_put_member_c(j, "type", "audit");
    put_text(j, "version", r->app);
    json_put_close(j, '}');
    json_put_key(j, "related");
    json_put_open(j, '{');
    put_list(j, "user", r->actor_name);
    put_list(j, "hosts", r->host);
    json_put_close(j, '}');
}

static void
put_own(struct json_put *j, const struct audit_record *r)
{
    json_put_key(j, "assay");
    json_put_open(j, '{');
    json_put_key(j, "audit");
    json_put_open(j, '{');
    json_put_member(j, "origin", r->origin);
    json_put_member(j, "prev", r->prev_hex);
    json_put_member(j, "salt", r->salt_hex);
    json_put_member_int(j, "version", r->version);
    put_text(j, "run", r->run);
    put_text(j, "via", r->via);
    json_put_key(j, "object");
    json_put_open(j, '{');
    put_text(j, "type", r->object_type);
    put_text(j, "id", r->object_id);
    put_text(j, "name", r->object_name);
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
    json_put_member_c(&j, "version", "9.4.0");
    json_put_close(&j, '}');
    json_put_member(&j, "message", encode_message(r, a));
    put_event(&j, r, a);
    put_who(&j, r, a);
    put_own(&j, r);
    json_put_close(&j, '}');
}

const struct audit_encoder ecs_encoder = {
    .name = "ecs",
    .title = "Elastic Common Schema 9.4, JSON",
    .is_json = true,
    .encode = ecs_encode,
};
