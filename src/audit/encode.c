/* The list of encoders, and the texts they share. Called by export/target.c with what record.c parsed;
 * the files of the formats put the texts where they belong. */
#include "audit/encode.h"

#include <assert.h>
#include <string.h>

#include "audit/encoders.h"
#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"

const struct audit_encoder *const audit_encoders[] = {
    &rfc5424_encoder, &cef_encoder,  &leef_encoder,  &ecs_encoder,
    &ocsf_encoder,    &gelf_encoder, &jsonl_encoder, NULL};

const struct audit_encoder *
audit_encoder_find(struct str name)
{
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++)
        if (str_eqc(name, (*e)->name))
            return *e;
    return NULL;
}

size_t
encode_max(const struct audit_encode_options *o)
{
    assert(o);
    if (!o->max)
        return ENCODE_DEFAULT_MAX;
    return o->max < ENCODE_LEAST_MAX ? ENCODE_LEAST_MAX : o->max;
}

struct str
encode_visible(struct str value, bool keep_line_ends, struct arena *a)
{
    enum { OPENING = 0x27e8, WIDEST = 12 /* ⟨U+000A⟩ */ };
    struct str s = utf8_repair(a, value);
    AUTO_BUF b = buf_init(s.len * WIDEST + 1);
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        assert(n > 0);
        bool is_line_end = cp == '\n' || cp == '\r';
        bool is_end = i == 0 || i + (size_t)n == s.len;
        bool hide = cp == '\t' || cp == OPENING || utf8_is_unsafe(cp) ||
                    (keep_line_ends && cp == ' ' && is_end);
        if (is_line_end ? keep_line_ends : !hide)
            buf_add(&b, s.s + i, (size_t)n);
        else
            buf_fmt(&b, "⟨U+%04X⟩", (unsigned)cp);
        i += (size_t)n;
    }
    assert(!buf_bad(&b));
    return arena_str(a, buf_view(&b));
}

static bool
is_plain(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.s[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && !(c && strchr("_.-", c)))
            return false;
    }
    return name.len > 0;
}

struct str
encode_changes(const struct audit_record *r, struct arena *a)
{
    /* An escape takes six bytes for one; 32 are enough for what stands around the values. */
    AUTO_BUF b = buf_init(encode_full_size(r) * 6 + r->changes.n * 32 + 1);
    for (size_t i = 0; i < r->changes.n; i++) {
        const struct event_change *c = &r->changes.v[i];
        if (i)
            buf_puts(&b, "; ");
        if (is_plain(c->field))
            buf_str(&b, c->field);
        else
            json_put_quoted(&b, c->field);
        buf_puts(&b, ": ");
        if (c->is_secret) {
            buf_puts(&b, "(changed)");
            continue;
        }
        json_put_quoted(&b, c->old_value);
        buf_puts(&b, " -> ");
        json_put_quoted(&b, c->new_value);
    }
    return arena_str(a, buf_view(&b));
}

bool
encode_time_ms(struct str ts, int64_t *ret)
{
    struct clock_time t;
    int64_t us;
    if (ts.len != 27 || !clock_parse(ts, 0, &t) || !str_to_i64(str_n(ts.s + 20, 6), &us))
        return false;
    *ret = t.t * 1000 + us / 1000;
    return true;
}

int
encode_severity(const struct audit_record *r)
{
    return r->severity < 0 ? 0 : r->severity > 10 ? 10 : (int)r->severity;
}

int
encode_syslog_level(const struct audit_record *r)
{
    int s = encode_severity(r);
    return s >= 9 ? 2 : s >= 7 ? 3 : s >= 5 ? 4 : s >= 2 ? 5 : 6;
}

struct str
audit_record_uid(const struct audit_record *r, struct arena *a)
{
    enum { LEAF = 16 };
    struct str leaf = str_n(r->leaf_hex.s, r->leaf_hex.len < LEAF ? r->leaf_hex.len : LEAF);
    struct str uid = arena_fmt(a, "%.*s:%lld", STR_ARG(r->origin), (long long)r->seq);
    return r->has_short_uid ? uid : arena_fmt(a, "%.*s:%.*s", STR_ARG(uid), STR_ARG(leaf));
}

struct str
encode_message(const struct audit_record *r, struct arena *a)
{
    struct str what = r->object_name.len ? r->object_name : r->object_id;
    return arena_fmt(a, "%.*s%s%.*s", STR_ARG(r->event), what.len ? ": " : "", STR_ARG(what));
}

struct encode_person
encode_person_of(const struct audit_record *r)
{
    bool is_login = r->login.len > 0;
    struct encode_person p = {.name = is_login ? r->login : r->actor_name,
                              .id = is_login ? r->login_uid : r->actor_id,
                              .is_login = is_login,
                              .peer = STR("")};
    struct str rest = r->ssh_peer, address = str_cut(&rest, ' ');
    if (encode_ip_version(address) && str_to_i64(rest, &p.port) && p.port > 0 && p.port < 65536)
        p.peer = address;
    return p;
}

void
encode_put_array(struct json_put *j, const char *key, const struct str *v, size_t n)
{
    size_t put = 0;
    assert(key && key[0]);
    for (size_t i = 0; i < n; i++) {
        if (!v[i].len)
            continue;
        if (put++ == 0) {
            json_put_key(j, key);
            json_put_open(j, '[');
        }
        json_put_str(j, v[i]);
    }
    if (put)
        json_put_close(j, ']');
}

void
encode_put_changes(struct json_put *j, const struct audit_record *r)
{
    json_put_open(j, '[');
    for (size_t i = 0; i < r->changes.n; i++) {
        const struct event_change *c = &r->changes.v[i];
        json_put_open(j, '{');
        json_put_member(j, "field", c->field);
        if (c->is_secret) {
            json_put_member_bool(j, "changed", true);
        } else {
            json_put_member(j, "old", c->old_value);
            json_put_member(j, "new", c->new_value);
        }
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

struct str
encode_cut(struct str s, size_t max, struct arena *a, bool *is_cut)
{
    assert(max >= sizeof "…" - 1);
    static const char mark[] = "…";
    if (s.len <= max)
        return s;
    *is_cut = true;
    return arena_fmt(a, "%.*s%s", STR_ARG(utf8_cut(s, max - (sizeof mark - 1))), mark);
}

size_t
encode_full_size(const struct audit_record *r)
{
    return r->full_size ? r->full_size : r->raw.len;
}

void
encode_put_text(struct json_put *j, const char *key, struct str value)
{
    assert(key && key[0]);
    if (value.len)
        json_put_member(j, key, value);
}

void
encode_put_one(struct json_put *j, const char *key, struct str value)
{
    assert(key && key[0]);
    json_put_key(j, key);
    json_put_open(j, '[');
    json_put_str(j, value);
    json_put_close(j, ']');
}

/* What was done to things that the site manages is Entity Management (3004); the log read, copied,
 * pruned and delivered is Event Log Activity (1008); the program set up, upgraded, and its service
 * started and stopped is Application Lifecycle (6002); everything else is API Activity (6003). */
static const struct encode_kind kinds[] = {
    {"config.change", "configuration", "change", 3004, 3},
    {"schema.upgrade", "database", "change", 6002, 8},
    {"key.create", "configuration", "creation", 3004, 1},
    {"agent.add", "configuration", "creation", 3004, 6},
    {"agent.remove", "configuration", "deletion", 3004, 7},
    {"agent.alias", "configuration", "change", 3004, 3},
    {"agent.freeze", "configuration", "change", 3004, 12},
    {"agent.unfreeze", "configuration", "change", 3004, 13},
    {"agent.retire", "configuration", "change", 3004, 3},
    {"agent.return", "configuration", "change", 3004, 3},
    {"agent.move", "configuration", "change", 3004, 5},
    {"category.rebuild", "configuration", "change", 3004, 3},
    {"details.rebuild", "configuration", "change", 3004, 3},
    {"ingest.file", "file", "access", 6003, 1},
    {"ingest.restore", "file", "change", 6003, 3},
    {"ingest.unchanged", "file", "info", 6003, 2},
    {"ingest.nothing", "file", "info", 6003, 2},
    {"scan.revise", "database", "change", 3004, 3},
    {"scan.accept", "database", "change", 3004, 3},
    {"scan.revoke", "database", "change", 3004, 3},
    {"data.prune", "database", "change", 3004, 4},
    {"hold.add", "configuration", "creation", 3004, 1},
    {"hold.release", "configuration", "deletion", 3004, 4},
    {"spool.retry", "file", "change", 6003, 3},
    {"backup.make", "database", "access", 6003, 2},
    {"backup.restore", "database", "change", 6002, 8},
    {"facts.more", "database", "info", 6002, 99},
    {"facts.adopt", "database", "change", 6002, 99},
    {"scan.merge", "database", "change", 6002, 99},
    {"month.close", "database", "change", 6002, 99},
    {"month.open", "database", "change", 6002, 99},
    {"report.claim", "process", "start", 6002, 3},
    {"report.make", "file", "creation", 6003, 1},
    {"output.write", "file", "creation", 6003, 1},
    {"portal.build", "file", "creation", 6003, 1},
    {"outbox.queue", "file", "info", 6003, 1},
    {"outbox.send", "file", "access", 6003, 2},
    {"outbox.retry", "file", "change", 6003, 3},
    {"outbox.drop", "file", "deletion", 6003, 4},
    {"secret.set", "configuration", "change", 3004, 3},
    {"secret.remove", "configuration", "deletion", 3004, 4},
    {"report.verify", "file", "access", 6003, 2},
    {"audit.key.rotate", "configuration", "change", 3004, 3},
    {"audit.prune", "file", "deletion", 1008, 2},
    {"audit.verify", "file", "access", 1008, 99},
    {"audit.prove", "file", "access", 1008, 3},
    {"audit.repeat", "file", "access", 1008, 3},
    {"audit.publish", "file", "creation", 1008, 3},
    {"audit.test", "process", "info", 1008, 99},
    {"audit.export", "file", "creation", 1008, 3},
    {"export.start", "process", "start", 6002, 3},
    {"export.stop", "process", "end", 6002, 4},
    {"export.fail", "process", "info", 1008, 99},
    {"export.recover", "process", "info", 1008, 99},
    {"export.reduce", "file", "change", 1008, 99},
    {"export.deadletter", "file", "info", 1008, 99},
    {"export.resend", "file", "creation", 1008, 3},
    {"export.history", "process", "info", 1008, 99},
    {"export.accept", "configuration", "change", 1008, 99},
    {"export.skip", "file", "info", 1008, 99},
    {"audit.heartbeat", "process", "info", 1008, 99},
    {"audit.witness", "file", "access", 1008, 99},
    {"audit.anchor", "file", "access", 1008, 99},
    {NULL, "configuration", "info", 6003, 99},
};

const struct encode_kind *
encode_kind_of(struct str event)
{
    const struct encode_kind *k = kinds;
    while (k->event && !str_eqc(event, k->event))
        k++;
    return k;
}
