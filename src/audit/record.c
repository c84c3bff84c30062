/* Events into canonical bytes and back; before chain.c (verification) and the encoders. Members are
 * written in the order of RFC 8785 (by UTF-16 code units; all names are ASCII), numbers are
 * integers, strings have the shortest escapes: json_put.h does the rest. */
#include "audit/record.h"

#include <assert.h>
#include <string.h>

#include <jansson.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/json_put.h"
#include "base/utf8.h"

AUTO_DEFINE(json_t *, json_decref)

enum { MAX_RECORD = 60000, MAX_VALUE = 4096, HEAD_OF_LONG = 256, SALT_SIZE = 16, MAX_CHANGES = 64 };

/* ---- building ---- */

/* Escapes count: a control character takes six bytes. */
static bool
is_long(struct str v)
{
    AUTO_BUF quoted = buf_init(MAX_VALUE + 2);
    json_put_quoted(&quoted, v);
    return buf_bad(&quoted);
}

/* Every text of a record goes through here, so that no text can make a record too big: values over
 * 4 KiB are named by their hash and shown by their beginning. */
static void
put_value(struct json_put *j, const char *key, struct str value, struct arena *a)
{
    struct str v = utf8_repair(a, value);
    json_put_key(j, key);
    if (!is_long(v)) {
        json_put_str(j, v);
        return;
    }
    struct sha256_digest d = sha256_of(v);
    json_put_open(j, '{');
    json_put_member(j, "head", utf8_cut(v, HEAD_OF_LONG));
    json_put_member_int(j, "len", (int64_t)v.len);
    json_put_member(j, "sha256", sha256_hex(a, &d));
    json_put_close(j, '}');
}

static void
put_changes(struct json_put *j, const struct event *e, size_t n, struct arena *a)
{
    assert(n <= e->n_changes && (e->changes || n == 0));
    json_put_key(j, "changes");
    json_put_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        const struct event_change *c = &e->changes[i];
        json_put_open(j, '{');
        if (c->is_secret)
            json_put_member_bool(j, "changed", true);
        put_value(j, "f", c->field, a);
        if (!c->is_secret) {
            put_value(j, "new", c->new_value, a);
            put_value(j, "old", c->old_value, a);
        }
        json_put_close(j, '}');
    }
    if (n < e->n_changes) {
        json_put_open(j, '{');
        json_put_member_c(j, "f", "(more changes)");
        json_put_member_int(j, "new", (int64_t)(e->n_changes - n));
        json_put_member_c(j, "old", "");
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

static void
put_actor(struct json_put *j, const struct audit_actor *who, struct arena *a)
{
    json_put_key(j, "actor");
    json_put_open(j, '{');
    json_put_member_int(j, "id", who->uid);
    if (who->login.len) {
        put_value(j, "login", who->login, a);
        json_put_member_int(j, "login_id", who->login_uid);
    }
    put_value(j, "name", who->user, a);
    if (who->ssh_peer.len)
        put_value(j, "ssh", who->ssh_peer, a);
    if (who->sudo_user.len)
        put_value(j, "sudo", who->sudo_user, a);
    json_put_close(j, '}');
}

static void
put_object(struct json_put *j, const struct event *e, struct arena *a)
{
    json_put_key(j, "object");
    json_put_open(j, '{');
    put_value(j, "id", e->object_id, a);
    put_value(j, "name", e->object_name, a);
    put_value(j, "type", e->object_type, a);
    json_put_close(j, '}');
}

struct head { /* what a record is besides its event */
    int64_t seq, ts_us;
    const struct sha256_digest *prev;
    const unsigned char *salt;
    const struct audit_actor *who;
};

static void
put_hex(struct json_put *j, const char *key, const void *p, size_t n)
{
    AUTO_BUF hex = buf_init(2 * n);
    buf_hex(&hex, p, n);
    json_put_member(j, key, buf_view(&hex));
}

/* Members by their names in ascending order: RFC 8785 §3.2.3. */
static void
put_record(struct buf *out, const struct head *h, const struct event *e, size_t n_changes,
           struct arena *a)
{
    struct json_put j = json_put_init(out);
    json_put_open(&j, '{');
    put_actor(&j, h->who, a);
    put_value(&j, "app", h->who->app, a);
    put_changes(&j, e, n_changes, a);
    json_put_member_c(&j, "event", e->name);
    put_value(&j, "host", h->who->host, a);
    put_object(&j, e, a);
    put_value(&j, "origin", h->who->origin, a);
    json_put_member_c(&j, "outcome", e->outcome == EVENT_SUCCESS ? "success" : "failure");
    put_hex(&j, "prev", h->prev->b, SHA256_SIZE);
    if (e->reason.len)
        put_value(&j, "reason", e->reason, a);
    else {
        json_put_key(&j, "reason");
        json_put_null(&j);
    }
    put_value(&j, "run", h->who->run, a);
    put_hex(&j, "salt", h->salt, SALT_SIZE);
    json_put_member_int(&j, "seq", h->seq);
    json_put_member_int(&j, "sev", e->severity);
    json_put_member(&j, "ts", clock_iso_us(a, h->ts_us));
    json_put_member_int(&j, "v", 1);
    put_value(&j, "via", h->who->via, a);
    json_put_close(&j, '}');
}

/* At most so many bytes of a record: what is longer stands there as its beginning and its hash. */
static size_t
written_size(struct str value, struct arena *a)
{
    AUTO_BUF quoted = buf_init(MAX_VALUE + 2);
    json_put_quoted(&quoted, utf8_repair(a, value));
    return buf_bad(&quoted) ? MAX_VALUE : quoted.len;
}

size_t
audit_record_fits(const struct event_change *changes, size_t n, struct arena *a)
{
    enum {
        CHANGE = 32, /* its braces and the names of its members */
        BESIDES =
            1000 + 10 * (MAX_VALUE + 2) + /* the record without changes: ten texts, names, hashes */
            1450 /* and the person of its actor: 224 bytes at most (act/actor.c), six for each */
    };
    assert(changes || n == 0);
    size_t fits = 0, bytes = BESIDES;
    for (; fits < n && fits < MAX_CHANGES; fits++) {
        const struct event_change *c = &changes[fits];
        bytes += CHANGE + written_size(c->field, a) + written_size(c->old_value, a) +
                 written_size(c->new_value, a);
        if (bytes > MAX_RECORD)
            break;
    }
    assert(fits > 0 || n == 0);
    return fits;
}

void
audit_record_build(int64_t seq, const struct sha256_digest *prev, int64_t ts_us,
                   const struct audit_actor *who, const struct event *e, struct arena *a,
                   struct str *ret_rec, struct sha256_digest *ret_leaf)
{
    assert(e->name && e->severity >= 0 && e->severity <= 10);
    unsigned char salt[SALT_SIZE];
    struct head h = {.seq = seq, .ts_us = ts_us, .prev = prev, .salt = salt, .who = who};
    size_t n = e->n_changes < MAX_CHANGES ? e->n_changes : MAX_CHANGES;
    env_random(salt, sizeof salt);
    for (;; n /= 2) {
        AUTO_BUF out = buf_init((size_t)1 << 22);
        put_record(&out, &h, e, n, a);
        if (out.len > MAX_RECORD && n > 0)
            continue; /* fewer changes are spelled out; their number is kept */
        assert(!buf_bad(&out) && out.len <= MAX_RECORD);
        *ret_rec = arena_str(a, buf_view(&out));
        break;
    }
    *ret_leaf = audit_record_leaf(*ret_rec);
}

/* RFC 6962 §2.1: the zero byte keeps a leaf from being taken for a node. */
struct sha256_digest
audit_record_leaf(struct str rec)
{
    struct sha256 *h = sha256_new();
    sha256_add(h, "\0", 1);
    sha256_add(h, rec.s, rec.len);
    return sha256_final(h);
}

/* ---- parsing ---- */

static struct str
long_text(struct str head, int64_t len, struct str sha256, struct arena *a)
{
    return arena_fmt(a, "%.*s… (%lld bytes, SHA-256 %.*s)", STR_ARG(head), (long long)len,
                     STR_ARG(sha256));
}

struct str
audit_record_text(struct str value, struct arena *a)
{
    struct str v = utf8_repair(a, value);
    if (!is_long(v))
        return v;
    struct sha256_digest d = sha256_of(v);
    return long_text(utf8_cut(v, HEAD_OF_LONG), (int64_t)v.len, sha256_hex(a, &d), a);
}

static struct str
string_of(const json_t *v, struct arena *a)
{
    if (!json_is_string(v))
        return STR("");
    return arena_str(a, str_n(json_string_value(v), json_string_length(v)));
}

/* A text, a number, or what stands in the place of a long text. */
static struct str
member(const json_t *o, const char *key, struct arena *a)
{
    const json_t *v = json_object_get(o, key);
    if (json_is_integer(v))
        return arena_fmt(a, "%lld", (long long)json_integer_value(v));
    if (!json_is_object(v))
        return string_of(v, a);
    return long_text(string_of(json_object_get(v, "head"), a),
                     json_integer_value(json_object_get(v, "len")),
                     string_of(json_object_get(v, "sha256"), a), a);
}

static void
parse_changes(const json_t *list, struct audit_record *r, struct arena *a)
{
    size_t i;
    json_t *c;
    json_array_foreach(list, i, c)
    {
        struct event_change *e = VEC_PUSH(a, &r->changes);
        e->field = member(c, "f", a);
        e->old_value = member(c, "old", a);
        e->new_value = member(c, "new", a);
        e->is_secret = json_is_true(json_object_get(c, "changed"));
    }
}

int
audit_record_parse(struct str rec, struct arena *a, struct audit_record *ret, struct diag *d)
{
    json_error_t err;
    for (size_t i = 0; i < rec.len; i++)
        if ((unsigned char)rec.s[i] < 0x20)
            return diag_fail(d, DIAG_BAD_DATA, "byte %zu of the record is a control character", i);
    AUTO(json_decref_auto)
    json_t *o = json_loadb(rec.s, rec.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &err);
    if (!json_is_object(o))
        return diag_fail(d, DIAG_BAD_DATA, "the record is no JSON object: %s", o ? "" : err.text);
    const json_t *actor = json_object_get(o, "actor"), *object = json_object_get(o, "object");
    if (!json_is_integer(json_object_get(o, "seq")) || !json_is_object(object))
        return diag_fail(d, DIAG_BAD_DATA, "the record lacks seq or object");
    struct audit_record r = {.origin = member(o, "origin", a),
                             .ts = member(o, "ts", a),
                             .event = member(o, "event", a),
                             .outcome = member(o, "outcome", a),
                             .reason = member(o, "reason", a),
                             .app = member(o, "app", a),
                             .host = member(o, "host", a),
                             .run = member(o, "run", a),
                             .via = member(o, "via", a),
                             .actor_name = member(actor, "name", a),
                             .login = member(actor, "login", a),
                             .sudo_user = member(actor, "sudo", a),
                             .ssh_peer = member(actor, "ssh", a),
                             .login_uid = -1,
                             .object_type = member(object, "type", a),
                             .object_id = member(object, "id", a),
                             .object_name = member(object, "name", a),
                             .prev_hex = member(o, "prev", a),
                             .salt_hex = member(o, "salt", a),
                             .version = json_integer_value(json_object_get(o, "v")),
                             .seq = json_integer_value(json_object_get(o, "seq")),
                             .actor_id = json_integer_value(json_object_get(actor, "id")),
                             .severity = json_integer_value(json_object_get(o, "sev")),
                             .raw = rec};
    if (r.login.len)
        r.login_uid = json_integer_value(json_object_get(actor, "login_id"));
    parse_changes(json_object_get(o, "changes"), &r, a);
    struct sha256_digest leaf = audit_record_leaf(rec);
    r.leaf_hex = sha256_hex(a, &leaf);
    *ret = r;
    return 0;
}

/* ---- skimming ---- */

/* Goes behind the next `mark` of the rest. In canonical JSON a quote within a text is escaped, so that a
 * mark with quotes in it is never part of one. */
static bool
skip_to(struct str *rest, const char *mark, size_t n)
{
    const char *p = memmem(rest->s, rest->len, mark, n);
    if (!p)
        return false;
    *rest = str_n(p + n, rest->len - (size_t)(p + n - rest->s));
    return true;
}

/* The text up to the quote that ends it, when it has no escapes. */
static bool
take_text(struct str *rest, struct str *ret)
{
    const char *end = memchr(rest->s, '"', rest->len);
    if (!end || memchr(rest->s, '\\', (size_t)(end - rest->s)))
        return false;
    *ret = str_n(rest->s, (size_t)(end - rest->s));
    *rest = str_n(end + 1, rest->len - ret->len - 1);
    return true;
}

#define SKIP_TO(rest, mark) skip_to(rest, mark, sizeof mark - 1)

static bool
is_plain(struct str rec)
{
    unsigned char least = 0xff;
    for (size_t i = 0; i < rec.len; i++)
        least = (unsigned char)rec.s[i] < least ? (unsigned char)rec.s[i] : least;
    return least >= 0x20;
}

bool
audit_record_skim(struct str rec, struct audit_record *ret)
{
    struct str rest = rec, number;
    struct audit_record r = {.raw = rec};
    if (!str_starts(rec, "{\"actor\":{\"id\":") || !str_ends(rec, "\"}") || !is_plain(rec) ||
        !SKIP_TO(&rest, "],\"event\":\"") || !take_text(&rest, &r.event) ||
        !SKIP_TO(&rest, ",\"object\":{\"id\":\"") || !take_text(&rest, &r.object_id) ||
        !str_starts(rest, ",\"name\":") || !SKIP_TO(&rest, ",\"type\":\"") ||
        !take_text(&rest, &r.object_type) || !str_starts(rest, "},\"origin\":") ||
        !SKIP_TO(&rest, ",\"outcome\":\"") || !take_text(&rest, &r.outcome) ||
        !str_starts(rest, ",\"prev\":\"") || !SKIP_TO(&rest, ",\"prev\":\"") ||
        !take_text(&rest, &r.prev_hex) || !SKIP_TO(&rest, ",\"seq\":"))
        return false;
    number = str_cut(&rest, ',');
    if (!str_to_i64(number, &r.seq) || !SKIP_TO(&rest, ",\"ts\":\"") || !take_text(&rest, &r.ts))
        return false;
    *ret = r;
    return true;
}

static struct event_change
detail(const char *field, struct str value)
{
    return (struct event_change){.field = str_c(field), .old_value = STR(""), .new_value = value};
}

/* What may be long goes, what says which record it is stays: number, times, hashes, event, object
 * type. */
struct audit_record
audit_record_reduce(const struct audit_record *r, struct arena *a)
{
    struct audit_record less = *r;
    less.reason = less.actor_name = less.object_id = less.object_name = less.raw = STR("");
    less.login = less.sudo_user = less.ssh_peer = STR("");
    less.login_uid = -1;
    less.full_size = r->raw.len;
    memset(&less.changes, 0, sizeof less.changes);
    *VEC_PUSH(a, &less.changes) = detail("truncated", STR("1"));
    *VEC_PUSH(a, &less.changes) = detail("size", arena_fmt(a, "%zu", r->raw.len));
    return less;
}
