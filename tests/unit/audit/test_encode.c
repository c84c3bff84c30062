/* Encoders, read back by parsers of their own: RFC 5424 (§6), CEF:0 (Implementation Standard v27)
 * and JSON. Every field of a record must come out, whatever a host put into it. */
#include <stdlib.h>

#include <jansson.h>

#include "audit/encode.h"
#include "base/map.h"
#include "base/utf8.h"
#include "check.h"
#include "hostile.h"

static struct arena *a;
static struct diag d;

/* ---- records ---- */

static struct audit_record
make_record(struct str s, const struct event_change *changes, size_t n)
{
    struct audit_record r;
    struct str rec;
    struct sha256_digest leaf, prev = sha256_of(STR("before"));
    struct audit_actor who = {.origin = s,
                              .user = s,
                              .uid = 7,
                              .host = s,
                              .via = s,
                              .run = s,
                              .app = s,
                              .login = s,
                              .login_uid = 7,
                              .sudo_user = s,
                              .ssh_peer = s};
    struct event e = {.name = "report.make",
                      .severity = 5,
                      .object_type = s,
                      .object_id = s,
                      .object_name = s,
                      .reason = s,
                      .changes = changes,
                      .n_changes = n};
    audit_record_build(12345, &prev, 1795543975123456, &who, &e, a, &rec, &leaf);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    return r;
}

static struct str
encode(const char *name, const struct audit_record *r, size_t max, bool bom)
{
    AUTO_BUF out = buf_init((size_t)1 << 22);
    const struct audit_encoder *e = audit_encoder_find(str_c(name));
    struct audit_encode_options o = {
        .facility = 13, .sd_id = STR("assay@32473"), .max = max, .bom = bom};
    CHECK(e != NULL);
    buf_puts(&out, "kept:");
    e->encode(r, &o, a, &out);
    CHECK(!buf_bad(&out) && str_starts(buf_view(&out), "kept:"));
    return arena_str(a, str_n(out.data + 5, out.len - 5));
}

/* One line of valid UTF-8 without any control character. */
static void
check_line(struct str line)
{
    CHECK(utf8_valid(line));
    bool clean = true;
    for (size_t i = 0; i < line.len; i++)
        clean = clean && (unsigned char)line.s[i] >= 32;
    CHECK(clean);
}

/* Undoes ⟨U+000A⟩; a piece of one at the end (after a cut) is dropped. */
static struct str
shown(struct str s)
{
    static const char opening[] = "\xe2\x9f\xa8", closing[] = "\xe2\x9f\xa9";
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        struct str rest = str_n(s.s + i, s.len - i);
        if (!str_starts(rest, opening)) {
            out[n++] = s.s[i++];
            continue;
        }
        long end = str_find(rest, closing);
        if (end < 0)
            break;
        CHECK(end >= 9 && end <= 10 && str_starts(rest, "\xe2\x9f\xa8U+"));
        n += (size_t)utf8_put(out + n, (uint32_t)strtoul(rest.s + 5, NULL, 16));
        i += (size_t)end + 3;
    }
    return str_n(out, n);
}

/* ---- changes, a parser of its own: name: "old" -> "new"; name: (changed) ---- */

/* A JSON string, or letters up to ": ", off the front of *rest. */
static bool
take_text(struct str *rest, bool is_name, struct str *ret)
{
    if (is_name && rest->len && rest->s[0] != '"') {
        long n = str_find(*rest, ": ");
        if (n <= 0)
            return false;
        *ret = str_n(rest->s, (size_t)n);
        *rest = str_n(rest->s + n, rest->len - (size_t)n);
        return true;
    }
    json_error_t e;
    json_t *v = json_loadb(rest->s, rest->len,
                           JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, &e);
    if (!json_is_string(v))
        return false;
    *ret = arena_str(a, str_n(json_string_value(v), json_string_length(v)));
    *rest = str_n(rest->s + e.position, rest->len - (size_t)e.position);
    json_decref(v);
    return true;
}

static bool
take_word(struct str *rest, const char *word)
{
    if (!str_starts(*rest, word))
        return false;
    *rest = str_n(rest->s + strlen(word), rest->len - strlen(word));
    return true;
}

/* got holds exactly the record's changes. */
static void
check_changes(struct str got, const struct audit_record *r)
{
    struct str rest = shown(got), name, old_value, new_value;
    bool ok = true;
    for (size_t i = 0; i < r->changes.n && ok; i++) {
        const struct event_change *c = &r->changes.v[i];
        ok = (i == 0 || take_word(&rest, "; ")) && take_text(&rest, true, &name) &&
             take_word(&rest, ": ") && str_eq(name, c->field);
        if (c->is_secret)
            ok = ok && take_word(&rest, "(changed)");
        else
            ok = ok && take_text(&rest, false, &old_value) && take_word(&rest, " -> ") &&
                 take_text(&rest, false, &new_value) && str_eq(old_value, c->old_value) &&
                 str_eq(new_value, c->new_value);
    }
    CHECK(ok && rest.len == 0);
}

/* ---- RFC 5424, a parser of its own ---- */

struct message {
    struct str pri, head[5]; /* timestamp, host, app, procid, msgid */
    struct str sd_id, msg;
    struct map *params;
    bool ok;
};

static struct str *
keep(struct str s)
{
    struct str *p = ARENA_NEW(a, struct str);
    *p = s;
    return p;
}

/* Receivers fold case and split at dots: neither is used. */
static bool
is_sd_name(struct str s)
{
    bool ok = s.len >= 1 && s.len <= 32;
    for (size_t i = 0; i < s.len; i++)
        ok = ok && ((s.s[i] >= 'a' && s.s[i] <= 'z') || s.s[i] == '_');
    return ok;
}

/* name="value" at *at; 1 = one more, 0 = ']', -1 = broken. */
static int
next_param(struct str s, size_t *at, struct str *ret_name, struct str *ret_value)
{
    size_t i = *at, n = 0;
    if (i < s.len && s.s[i] == ']')
        return (*at)++, 0;
    if (i >= s.len || s.s[i++] != ' ')
        return -1;
    size_t from = i;
    while (i < s.len && (unsigned char)s.s[i] > 32 && !strchr("=]\"", s.s[i]))
        i++;
    *ret_name = str_n(s.s + from, i - from);
    if (i + 1 >= s.len || s.s[i] != '=' || s.s[i + 1] != '"')
        return -1;
    char *value = arena_alloc(a, s.len);
    for (i += 2; i < s.len && s.s[i] != '"'; i++) {
        if (s.s[i] == ']')
            return -1; /* must be escaped */
        if (s.s[i] == '\\' && i + 1 < s.len && strchr("\"\\]", s.s[i + 1]))
            i++;
        value[n++] = s.s[i];
    }
    *ret_value = str_n(value, n);
    *at = i + 1;
    return i < s.len ? 1 : -1;
}

static struct message
parse_5424(struct str line)
{
    struct message m = {.params = map_new(a)};
    struct str rest = line, name, value;
    int rc;
    m.pri = str_cut(&rest, ' ');
    for (int i = 0; i < 5; i++)
        m.head[i] = str_cut(&rest, ' ');
    size_t at = 1;
    if (!rest.len || rest.s[0] != '[')
        return m;
    while (at < rest.len && rest.s[at] != ' ' && rest.s[at] != ']')
        at++;
    m.sd_id = str_n(rest.s + 1, at - 1);
    while ((rc = next_param(rest, &at, &name, &value)) == 1) {
        CHECK(is_sd_name(name) && value.len && !map_get(m.params, name));
        map_put(m.params, name, keep(value));
    }
    m.msg = at < rest.len ? str_n(rest.s + at + 1, rest.len - at - 1) : STR("");
    m.ok = rc == 0 && (at == rest.len || rest.s[at] == ' ');
    return m;
}

static void
check_header(struct str s, size_t max)
{
    bool ok = s.len >= 1 && s.len <= max;
    for (size_t i = 0; i < s.len; i++)
        ok = ok && s.s[i] > 32 && s.s[i] < 127;
    CHECK(ok);
}

static struct str
param(const struct message *m, const char *name)
{
    struct str *v = map_get(m->params, str_c(name));
    return v ? *v : STR("");
}

/* The whole value, or a beginning of it with the mark of a cut, and then the message says so. */
static void
check_value(const struct message *m, const char *name, struct str want)
{
    struct str got = param(m, name);
    long mark = str_find(got, "… (cut, ");
    if (mark < 0 || str_eq(shown(got), want)) {
        CHECK(str_eq(shown(got), want));
        return;
    }
    struct str head = shown(str_n(got.s, (size_t)mark));
    CHECK(head.len <= want.len && memcmp(head.s, want.s, head.len) == 0);
    CHECK_STR(param(m, "truncated"), "1");
    CHECK(param(m, "size").len > 0);
}

static void
check_5424(const struct audit_record *r, size_t max)
{
    static const size_t limits[] = {32, 255, 48, 128, 32};
    struct str line = encode("rfc5424", r, max, false);
    struct message m = parse_5424(line);
    CHECK(m.ok);
    CHECK(line.len <= (max ? max : 8192));
    check_line(line);
    CHECK_STR(m.pri, "<108>1");
    for (int i = 0; i < 5; i++)
        check_header(m.head[i], limits[i]);
    CHECK_STR(m.head[0], "2026-11-24T18:12:55.123456Z");
    CHECK_STR(m.head[2], "assay");
    CHECK_STR(m.head[4], "report.make");
    CHECK_STR(m.sd_id, "assay@32473");
    CHECK_STR(param(&m, "seq"), "12345");
    CHECK_STR(param(&m, "sev"), "5");
    CHECK_STR(param(&m, "actor_id"), "7");
    CHECK_STR(param(&m, "event"), "report.make");
    CHECK_STR(param(&m, "outcome"), "success");
    CHECK(str_eq(param(&m, "prev_hash"), r->prev_hex));
    CHECK(str_eq(param(&m, "rec_hash"), r->leaf_hex));
    check_value(&m, "origin", r->origin);
    check_value(&m, "actor", r->actor_name);
    check_value(&m, "via", r->via);
    check_value(&m, "run", r->run);
    check_value(&m, "app", r->app);
    check_value(&m, "reason", r->reason);
    check_value(&m, "object_type", r->object_type);
    check_value(&m, "object_id", r->object_id);
    check_value(&m, "object_name", r->object_name);
    check_value(&m, "host", r->host);
    CHECK_STR(param(&m, "v"), "1");
    CHECK(str_eq(param(&m, "salt"), r->salt_hex));
    if (!param(&m, "truncated").len)
        check_changes(param(&m, "changes"), r);
    CHECK(str_eq(m.msg, r->raw) || str_starts(m.msg, "record 12345 has "));
    CHECK(str_eq(m.msg, r->raw) || line.len + r->raw.len > (max ? max : 8192));
}

/* ---- CEF:0, a parser of its own ---- */

struct cef {
    struct str head[7];
    struct map *ext;
    size_t n;
    bool ok;
};

/* A header field up to an unescaped bar; only \\ and \| are escapes here. */
static bool
cef_head(struct str s, size_t *at, struct str *ret)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0, i = *at;
    for (; i < s.len && s.s[i] != '|'; i++) {
        if (s.s[i] == '\\' && (i + 1 >= s.len || !strchr("\\|", s.s[++i])))
            return false;
        out[n++] = s.s[i];
    }
    *ret = str_n(out, n);
    *at = i + 1;
    return i < s.len;
}

/* Undoes \\ \= \n \r; anything else behind a backslash is wrong. */
static bool
cef_value(struct str s, struct str *ret)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] != '\\') {
            out[n++] = s.s[i];
            continue;
        }
        if (++i >= s.len || !strchr("\\=nr", s.s[i]))
            return false;
        out[n++] = s.s[i] == 'n' ? '\n' : s.s[i] == 'r' ? '\r' : s.s[i];
    }
    *ret = str_n(out, n);
    return true;
}

/* The offset of the next '=' that no backslash stands before; s.len = none. */
static size_t
cef_equals(struct str s, size_t at)
{
    for (; at < s.len && s.s[at] != '='; at++)
        at += s.s[at] == '\\';
    return at < s.len ? at : s.len;
}

static bool
is_key(struct str k)
{
    bool ok = k.len > 0;
    for (size_t i = 0; i < k.len; i++)
        ok = ok && ((k.s[i] >= '0' && k.s[i] <= '9') || (k.s[i] >= 'A' && k.s[i] <= 'Z') ||
                    (k.s[i] >= 'a' && k.s[i] <= 'z') || k.s[i] == '_');
    return ok;
}

static bool
cef_extension(struct cef *c, struct str s)
{
    size_t at = 0;
    while (at < s.len) {
        size_t eq = cef_equals(s, at), next = cef_equals(s, eq + 1), end = next;
        struct str key = str_n(s.s + at, eq - at), value;
        while (next < s.len && end > eq && s.s[end] != ' ')
            end--;
        if (eq == s.len || !is_key(key) || !cef_value(str_n(s.s + eq + 1, end - eq - 1), &value))
            return false;
        CHECK(value.len > 0 && value.s[0] != ' ' && value.s[value.len - 1] != ' ');
        CHECK(!map_get(c->ext, key));
        map_put(c->ext, key, keep(value));
        c->n++;
        at = end + 1;
    }
    return true;
}

static struct cef
parse_cef(struct str line)
{
    struct cef c = {.ext = map_new(a)};
    size_t at = 0;
    c.ok = true;
    for (int i = 0; i < 7; i++)
        c.ok = c.ok && cef_head(line, &at, &c.head[i]);
    c.ok = c.ok && cef_extension(&c, str_n(line.s + at, line.len - at));
    return c;
}

static struct str
ext(const struct cef *c, const char *key)
{
    struct str *v = map_get(c->ext, str_c(key));
    return v ? *v : STR("");
}

/* The whole value; or, when the line says so, a beginning of it. */
static void
check_ext(const struct cef *c, const char *key, struct str want, size_t max)
{
    struct str got = ext(c, key);
    CHECK(got.len <= max);
    if (str_eq(shown(got), want)) {
        CHECK(true);
        return;
    }
    CHECK(str_ends(got, "…") && got.len > 3);
    struct str head = shown(str_n(got.s, got.len - 3));
    CHECK(head.len <= want.len && memcmp(head.s, want.s, head.len) == 0);
    CHECK_STR(ext(c, "cn2Label"), "truncatedFrom");
    CHECK(ext(c, "cn2").len > 0);
}

static void
check_cef(const struct audit_record *r, size_t max)
{
    struct str line = encode("cef", r, max, false);
    struct cef c = parse_cef(line);
    CHECK(c.ok);
    CHECK(line.len <= (max ? max : 8192));
    check_line(line);
    CHECK_STR(c.head[0], "CEF:0");
    CHECK_STR(c.head[1], "assay");
    CHECK_STR(c.head[2], "assay");
    CHECK(c.head[3].len <= 31 && (str_eq(shown(c.head[3]), r->app) || ext(&c, "cn2").len));
    CHECK_STR(c.head[4], "report.make");
    CHECK_STR(c.head[5], "report.make");
    CHECK_STR(c.head[6], "5");
    CHECK_STR(ext(&c, "rt"), "1795543975123");
    CHECK_STR(ext(&c, "externalId"), "12345");
    CHECK_STR(ext(&c, "suid"), "7");
    CHECK_STR(ext(&c, "act"), "report.make");
    CHECK_STR(ext(&c, "outcome"), "success");
    CHECK_STR(ext(&c, "cs3"), "2026-11-24T18:12:55.123456Z");
    CHECK(str_eq(ext(&c, "cs5"), r->prev_hex) && str_eq(ext(&c, "cs6"), r->leaf_hex));
    check_ext(&c, "suser", r->actor_name, 1023);
    check_ext(&c, "dvchost", r->host, 100);
    check_ext(&c, "deviceExternalId", r->origin, 255);
    check_ext(&c, "deviceProcessName", r->via, 1023);
    check_ext(&c, "fileType", r->object_type, 1023);
    check_ext(&c, "fileId", r->object_id, 1023);
    check_ext(&c, "fname", r->object_name, 1023);
    check_ext(&c, "reason", r->reason, 1023);
    check_ext(&c, "cs2", r->run, 4000);
    CHECK(str_eq(ext(&c, "cs4"), r->salt_hex));
    CHECK_STR(ext(&c, "cn1"), "1");
    if (!ext(&c, "cn2").len)
        check_changes(ext(&c, "cs1"), r);
    for (int i = 1; i <= 6; i++) {
        const char *key = arena_fmt(a, "cs%d", i).s, *label = arena_fmt(a, "cs%dLabel", i).s;
        CHECK(!ext(&c, key).len == !ext(&c, label).len);
    }
}

/* ---- JSON ---- */

static void
check_json(const struct audit_record *r)
{
    struct str line = encode("json", r, 0, false);
    check_line(line);
    json_t *o = json_loadb(line.s, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    CHECK(json_object_size(o) == 2);
    CHECK_STR(r->leaf_hex, json_string_value(json_object_get(o, "leaf")));
    CHECK(json_integer_value(json_object_get(json_object_get(o, "rec"), "seq")) == 12345);
    json_decref(o);
    long at = str_find(line, "\"rec\":");
    struct str rec = str_n(line.s + at + 6, line.len - (size_t)at - 7);
    struct sha256_digest leaf = audit_record_leaf(rec);
    CHECK(str_eq(sha256_hex(a, &leaf), r->leaf_hex));
}

/* ---- the cases ---- */

static void
check_all(struct str s)
{
    struct event_change c[] = {{.field = s, .old_value = s, .new_value = s},
                               {.field = s, .is_secret = true}};
    struct audit_record r = make_record(s, c, 2);
    check_5424(&r, 0);
    check_5424(&r, 2048);
    check_cef(&r, 0);
    check_cef(&r, 2048);
    check_json(&r);
}

static void
test_changes(void)
{
    struct event_change c[] = {{STR("a=b"), STR("1]"), STR("2|\\"), false},
                               {STR("password"), STR("hunter2"), STR("hunter3"), true}};
    struct audit_record r = make_record(STR("v"), c, 2);
    struct message m = parse_5424(encode("rfc5424", &r, 0, false));
    struct cef x = parse_cef(encode("cef", &r, 0, false));
    CHECK_STR(param(&m, "changes"), "\"a=b\": \"1]\" -> \"2|\\\\\"; password: (changed)");
    CHECK_STR(ext(&x, "cs1"), "\"a=b\": \"1]\" -> \"2|\\\\\"; password: (changed)");
    CHECK_STR(ext(&x, "cs1Label"), "changes");
    CHECK(str_eq(m.msg, r.raw));
    CHECK(str_find(encode("json", &r, 0, false), "hunter") == -1);
}

static void
test_many_changes(void)
{
    struct event_change c[200];
    for (size_t i = 0; i < 200; i++)
        c[i] = (struct event_change){.field = arena_fmt(a, "field %zu", i),
                                     .old_value = STR("]]]]]]]]]]]]]]]]]]]]"),
                                     .new_value = STR("====================")};
    struct audit_record r = make_record(STR("\"\\]=|"), c, 200);
    check_5424(&r, 0);
    check_5424(&r, 2048);
    check_cef(&r, 0);
    check_cef(&r, 2048);
    check_json(&r);
    struct message m = parse_5424(encode("rfc5424", &r, 0, false));
    CHECK(str_find(param(&m, "changes"), "(more changes)") > 0);
    CHECK(str_starts(m.msg, "record 12345 has "));
    m = parse_5424(encode("rfc5424", &r, 2048, false));
    CHECK(str_find(param(&m, "changes"), "(cut, ") > 0);
}

/* A change cannot be written into the value of another. */
static void
test_forged_change(void)
{
    struct event_change c[] = {{STR("note"), STR(""), STR("x; key: \"a\" -> \"b\""), false},
                               {STR("x: \"1\" -> \"2\"; y"), STR("\xe2\x9f\xa8U+000A\xe2\x9f\xa9"),
                                STR(" \t\r\n "), false}};
    struct audit_record r = make_record(STR("v"), c, 2);
    check_5424(&r, 0);
    check_cef(&r, 0);
}

/* Records of a log that somebody else wrote: nothing in them is what it should be. */
static void
test_odd_records(void)
{
    char *many = arena_alloc(a, 5000);
    memset(many, ']', 5000);
    struct str s = str_n(many, 5000), bars = arena_str(a, s);
    memset((char *)(uintptr_t)bars.s, '|', bars.len);
    struct str all[] = {s, bars, STR(""), STR("-")};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct str x = all[i];
        struct audit_record r = {
            x, x, x, x, x, x,         x,         x,         x,         x,         x,   x, x, x,
            x, x, x, x, x, INT64_MIN, INT64_MAX, INT64_MIN, INT64_MIN, INT64_MAX, {0}, x, 0, false};
        struct str line = encode("rfc5424", &r, 1, false);
        struct message m = parse_5424(line);
        struct cef c = parse_cef(encode("cef", &r, 1, false));
        CHECK(m.ok && line.len <= 2048 && c.ok);
        CHECK_STR(m.head[0], "-");
        CHECK_STR(m.pri, "<110>1");
        CHECK_STR(param(&m, "seq"), "-9223372036854775808");
        CHECK_STR(c.head[6], "0");
        CHECK(!ext(&c, "rt").len);
    }
}

/* What is left of a record names it in every format, says so, and holds no text of its own. */
static void
test_reduced(void)
{
    struct event_change c[] = {{STR("key"), STR("poison"), STR("poison"), false}};
    struct audit_record whole = make_record(STR("poison"), c, 1);
    struct audit_record r = audit_record_reduce(&whole, a);
    struct message m = parse_5424(encode("rfc5424", &r, 0, false));
    struct str size = arena_fmt(a, "%zu", whole.raw.len);
    CHECK(m.ok && r.full_size == whole.raw.len);
    CHECK_STR(param(&m, "truncated"), "1");
    CHECK_STR(param(&m, "size"), size.s);
    CHECK_STR(param(&m, "rec_hash"), whole.leaf_hex.s);
    CHECK_STR(param(&m, "prev_hash"), whole.prev_hex.s);
    CHECK(str_starts(m.msg, "record 12345 has "));
    struct cef x = parse_cef(encode("cef", &r, 0, false));
    CHECK(x.ok && str_eq(ext(&x, "cn2"), size) && str_eq(ext(&x, "cs6"), whole.leaf_hex));
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++) {
        struct str line = encode((*e)->name, &r, 0, false);
        CHECK(str_find(line, "truncated") >= 0 && str_find(line, size.s) >= 0);
        CHECK(str_find(line, whole.leaf_hex.s) >= 0);
    }
}

static void
check_host(const char *host, const char *key, const char *label)
{
    struct audit_record r = make_record(str_c(host), NULL, 0);
    struct cef c = parse_cef(encode("cef", &r, 0, false));
    static const char *const keys[] = {"dvc", "c6a1", "dvchost"};
    CHECK_STR(ext(&c, key), host);
    for (int i = 0; i < 3; i++)
        CHECK(!strcmp(key, keys[i]) == (ext(&c, keys[i]).len > 0));
    CHECK_STR(ext(&c, "c6a1Label"), label);
}

static void
test_hosts(void)
{
    check_host("192.0.2.7", "dvc", "");
    check_host("2001:db8::7", "c6a1", "Device IPv6 Address");
    check_host("audit.example.net", "dvchost", "");
    check_host("192.0.2.777", "dvchost", "");
}

static void
test_severities(void)
{
    static const int want[] = {110, 110, 109, 109, 109, 108, 108, 107, 107, 106, 106};
    struct audit_record r = make_record(STR("v"), NULL, 0);
    for (int i = 0; i <= 10; i++) {
        r.severity = i;
        struct message m = parse_5424(encode("rfc5424", &r, 0, false));
        struct cef c = parse_cef(encode("cef", &r, 0, false));
        CHECK_STR(m.pri, arena_fmt(a, "<%d>1", want[i]).s);
        CHECK_STR(c.head[6], arena_fmt(a, "%d", i).s);
    }
}

static void
test_options(void)
{
    struct audit_record r = make_record(STR("v"), NULL, 0);
    struct message m = parse_5424(encode("rfc5424", &r, 0, true));
    CHECK(m.ok && str_starts(m.msg, "\xef\xbb\xbf{"));
    CHECK(!audit_encoder_find(STR("CEF")) && !audit_encoder_find(STR("")));
    CHECK(!param(&m, "changes").len);
    for (const struct audit_encoder *const *e = audit_encoders; *e; e++)
        CHECK(audit_encoder_find(str_c((*e)->name)) == *e && *(*e)->title);
}

int
main(void)
{
    a = arena_new();
    d = diag_init(a);
    struct hostile h = hostile_all(a);
    for (size_t i = 0; i < h.list.n; i++)
        check_all(h.list.v[i]);
    test_changes();
    test_many_changes();
    test_forged_change();
    test_odd_records();
    test_reduced();
    test_hosts();
    test_severities();
    test_options();
    CHECK(!diag_failed(&d));
    arena_free(a);
    return CHECK_DONE();
}
