/* LEEF, ECS, OCSF and GELF, read back: every field of a record comes out of each, whatever a host
 * put into it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "audit/encode.h"
#include "base/map.h"
#include "base/utf8.h"
#include "check.h"
#include "hostile.h"

static struct arena *a;
static struct diag d;

static struct audit_record
make_record(const char *event, struct str s)
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
    struct event_change changes[] = {{STR("min"), s, STR("14"), false},
                                     {STR("key"), STR(""), STR(""), true}};
    struct event e = {.name = event,
                      .severity = 5,
                      .object_type = s,
                      .object_id = s,
                      .object_name = s,
                      .reason = s,
                      .changes = changes,
                      .n_changes = 2};
    audit_record_build(12345, &prev, 1795543975123456, &who, &e, a, &rec, &leaf);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    return r;
}

static struct str
encode(const char *name, const struct audit_record *r)
{
    AUTO_BUF out = buf_init((size_t)1 << 24);
    const struct audit_encoder *e = audit_encoder_find(str_c(name));
    struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473")};
    CHECK(e != NULL);
    e->encode(r, &o, a, &out);
    CHECK(!buf_bad(&out) && utf8_valid(buf_view(&out)));
    bool clean = true;
    for (size_t i = 0; i < out.len; i++)
        clean = clean && (unsigned char)out.data[i] >= 32;
    CHECK(clean);
    return arena_str(a, buf_view(&out));
}

/* ---- JSON: the values as they are ---- */

/* The member at "event.id", a path of objects. */
static const json_t *
at(const json_t *v, const char *path)
{
    char name[64];
    while (*path && v) {
        size_t n = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)n, path);
        v = json_object_get(v, name);
        path += n + (path[n] == '.');
    }
    return v;
}

static bool
is_text(const json_t *v, struct str want)
{
    return want.len ? json_is_string(v) &&
                          str_eq(str_n(json_string_value(v), json_string_length(v)), want)
                    : !v || json_string_length(v) == 0;
}

static void
check_texts(const json_t *v, const char *const paths[][2], size_t n, const struct audit_record *r)
{
    const struct {
        const char *name;
        struct str value;
    } fields[] = {{"event", r->event},   {"outcome", r->outcome},
                  {"origin", r->origin}, {"actor", r->actor_name},
                  {"host", r->host},     {"type", r->object_type},
                  {"id", r->object_id},  {"name", r->object_name},
                  {"reason", r->reason}, {"via", r->via},
                  {"run", r->run},       {"app", r->app},
                  {"ts", r->ts},         {"salt", r->salt_hex},
                  {"prev", r->prev_hex}, {"leaf", r->leaf_hex}};
    CHECK(n == sizeof fields / sizeof *fields);
    for (size_t i = 0; i < n; i++) {
        CHECK(strcmp(paths[i][0], fields[i].name) == 0);
        bool ok = is_text(at(v, paths[i][1]), fields[i].value);
        CHECK(ok);
        if (!ok)
            fprintf(stderr, "  %s\n", paths[i][1]);
    }
}

static void
check_changes(const json_t *list, const struct audit_record *r)
{
    CHECK(json_array_size(list) == r->changes.n);
    for (size_t i = 0; i < r->changes.n; i++) {
        const json_t *c = json_array_get(list, i);
        const struct event_change *want = &r->changes.v[i];
        CHECK(is_text(at(c, "field"), want->field));
        CHECK(want->is_secret == json_is_true(at(c, "changed")));
        CHECK(want->is_secret ||
              (is_text(at(c, "old"), want->old_value) && is_text(at(c, "new"), want->new_value)));
    }
}

static json_t *
parse(struct str text)
{
    json_error_t e;
    json_t *v = json_loadb(text.s, text.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &e);
    CHECK(json_is_object(v));
    return v;
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void
check_ecs(const struct audit_record *r)
{
    static const char *const paths[][2] = {{"event", "event.action"},
                                           {"outcome", "event.outcome"},
                                           {"origin", "assay.audit.origin"},
                                           {"actor", "user.name"},
                                           {"host", "host.name"},
                                           {"type", "assay.audit.object.type"},
                                           {"id", "assay.audit.object.id"},
                                           {"name", "assay.audit.object.name"},
                                           {"reason", "event.reason"},
                                           {"via", "assay.audit.via"},
                                           {"run", "assay.audit.run"},
                                           {"app", "observer.version"},
                                           {"ts", "@timestamp"},
                                           {"salt", "assay.audit.salt"},
                                           {"prev", "assay.audit.prev"},
                                           {"leaf", "event.hash"}};
    json_t *v = parse(encode("ecs", r));
    check_texts(v, paths, COUNT(paths), r);
    check_changes(at(v, "assay.audit.changes"), r);
    CHECK(json_integer_value(at(v, "event.sequence")) == 12345);
    CHECK(json_integer_value(at(v, "event.severity")) == 5);
    struct audit_record short_name = *r;
    short_name.has_short_uid = true;
    CHECK(is_text(at(v, "event.id"), arena_fmt(a, "%.*s:%lld:%.16s", STR_ARG(r->origin),
                                               (long long)r->seq, r->leaf_hex.s)));
    CHECK(str_eq(audit_record_uid(&short_name, a),
                 arena_fmt(a, "%.*s:%lld", STR_ARG(r->origin), (long long)r->seq)));
    CHECK(is_text(at(v, "user.id"), STR("7")) && is_text(at(v, "ecs.version"), STR("9.4.0")));
    CHECK(json_integer_value(at(v, "assay.audit.version")) == 1);
    json_decref(v);
}

static void
check_ocsf(const struct audit_record *r)
{
    static const char *const paths[][2] = {
        {"event", "metadata.event_code"},  {"outcome", "status"},
        {"origin", "unmapped.origin"},     {"actor", "actor.user.name"},
        {"host", "src_endpoint.hostname"}, {"type", "unmapped.object_type"},
        {"id", "unmapped.object_id"},      {"name", "unmapped.object_name"},
        {"reason", "status_detail"},       {"via", "unmapped.via"},
        {"run", "unmapped.run"},           {"app", "metadata.product.version"},
        {"ts", "metadata.original_time"},  {"salt", "unmapped.salt"},
        {"prev", "unmapped.prev"},         {"leaf", "unmapped.leaf"}};
    json_t *v = parse(encode("ocsf", r));
    struct audit_record seen = *r; /* in the words of the schema */
    seen.outcome = STR("Success");
    seen.host = r->host.len ? r->host : STR("unknown");
    check_texts(v, paths, COUNT(paths), &seen);
    check_changes(at(v, "unmapped.changes"), r);
    CHECK(json_integer_value(at(v, "metadata.sequence")) == 12345);
    CHECK(json_integer_value(at(v, "time")) == 1795543975123);
    CHECK(json_integer_value(at(v, "severity_id")) == 3);
    CHECK(json_integer_value(at(v, "unmapped.severity")) == 5);
    CHECK(json_integer_value(at(v, "type_uid")) ==
          json_integer_value(at(v, "class_uid")) * 100 + json_integer_value(at(v, "activity_id")));
    json_decref(v);
}

static void
check_gelf(const struct audit_record *r)
{
    static const char *const paths[][2] = {
        {"event", "_event"},  {"outcome", "_outcome"},  {"origin", "_origin"},
        {"actor", "_actor"},  {"host", "host"},         {"type", "_object_type"},
        {"id", "_object_id"}, {"name", "_object_name"}, {"reason", "_reason"},
        {"via", "_via"},      {"run", "_run"},          {"app", "_app"},
        {"ts", "_ts"},        {"salt", "_salt"},        {"prev", "_prev"},
        {"leaf", "_leaf"}};
    const char *key;
    json_t *v = parse(encode("gelf", r)), *value;
    struct audit_record seen = *r;
    seen.host = r->host.len ? r->host : STR("unknown");
    check_texts(v, paths, COUNT(paths), &seen);
    CHECK(json_integer_value(at(v, "_seq")) == 12345 && json_integer_value(at(v, "level")) == 4);
    CHECK(json_real_value(at(v, "timestamp")) > 1795543975.12 &&
          json_real_value(at(v, "timestamp")) < 1795543975.13);
    json_object_foreach(v, key, value)
    {
        CHECK(json_is_string(value) || json_is_number(value));
        CHECK(strcmp(key, "_id") != 0);
    }
    CHECK(json_string_length(at(v, "short_message")) > 0);
    json_decref(v);
}

/* ---- LEEF, a parser of its own ---- */

struct leef {
    struct str head[5];
    struct map *values;
    bool ok;
};

static struct leef
parse_leef(struct str line)
{
    struct leef l = {.values = map_new(a), .ok = true};
    struct str rest = line;
    for (int i = 0; i < 5; i++)
        l.head[i] = str_cut(&rest, '|');
    struct str delimiter = str_cut(&rest, '|');
    l.ok = delimiter.len == 1;
    while (l.ok && rest.len) {
        struct str value = str_cut(&rest, delimiter.s[0]), key = str_cut(&value, '=');
        struct str *kept = ARENA_NEW(a, struct str);
        for (size_t i = 0; i < key.len; i++)
            l.ok = l.ok && isalpha((unsigned char)key.s[i]);
        l.ok = l.ok && key.len && value.len && !map_get(l.values, key);
        *kept = value;
        map_put(l.values, key, kept);
    }
    return l;
}

static struct str
value_of(const struct leef *l, const char *key)
{
    const struct str *v = map_get(l->values, str_c(key));
    return v ? *v : STR("");
}

/* Undoes what is written as ⟨U+000A⟩. */
static struct str
shown(struct str s)
{
    AUTO_BUF b = buf_init(s.len + 1);
    while (s.len) {
        long end = str_starts(s, "⟨U+") ? str_find(s, "⟩") : -1;
        if (end < 0) {
            buf_putc(&b, *s.s);
            s = str_n(s.s + 1, s.len - 1);
            continue;
        }
        char utf8[4];
        uint32_t cp = (uint32_t)strtoul(s.s + strlen("⟨U+"), NULL, 16);
        buf_add(&b, utf8, (size_t)utf8_put(utf8, cp));
        s = str_n(s.s + end + 3, s.len - (size_t)end - 3);
    }
    return arena_str(a, buf_view(&b));
}

/* The whole value, or a beginning of it, and then the line says so. */
static void
check_value(const struct leef *l, const char *key, struct str want)
{
    struct str got = value_of(l, key);
    if (str_eq(shown(got), want)) {
        CHECK(true);
        return;
    }
    bool is_cut = str_ends(got, "…") && value_of(l, "truncatedFrom").len;
    CHECK(is_cut);
    if (!is_cut)
        fprintf(stderr, "  %s: %.100s\n", key, got.s);
}

static void
check_leef(const struct audit_record *r)
{
    struct str line = encode("leef", r);
    struct leef l = parse_leef(line);
    CHECK(l.ok && line.len <= 8192);
    CHECK_STR(l.head[0], "LEEF:2.0");
    CHECK_STR(l.head[4], "report.make");
    CHECK_STR(value_of(&l, "devTime"), "1795543975123");
    CHECK_STR(value_of(&l, "seq"), "12345");
    CHECK_STR(value_of(&l, "sev"), "5");
    CHECK_STR(value_of(&l, "uid"), "7");
    CHECK_STR(value_of(&l, "outcome"), "success");
    CHECK(str_eq(value_of(&l, "prevHash"), r->prev_hex));
    CHECK(str_eq(value_of(&l, "recHash"), r->leaf_hex));
    CHECK(str_eq(value_of(&l, "salt"), r->salt_hex));
    const struct {
        const char *key;
        struct str want;
    } texts[] = {{"usrName", r->actor_name},
                 {"identHostName", r->host},
                 {"reason", r->reason},
                 {"resource", r->object_name},
                 {"objectType", r->object_type},
                 {"objectId", r->object_id},
                 {"origin", r->origin},
                 {"via", r->via},
                 {"run", r->run}};
    for (size_t i = 0; i < COUNT(texts); i++)
        check_value(&l, texts[i].key, texts[i].want);
}

/* ---- all of it ---- */

static void
check_all(struct str s)
{
    struct audit_record r = make_record("report.make", s);
    check_leef(&r);
    check_ecs(&r);
    check_ocsf(&r);
    check_gelf(&r);
}

/* Every delimiter stands in some value. */
static void
test_delimiters(void)
{
    check_all(STR("^~;!`$"));
    check_all(STR("^^^^^^^^^^^^^^^^~~~~~~~~~~~~~~~~~~~;;;;;;;;;;;;!!!!!!!!!!!`````````$$$$$$$$"));
    struct audit_record r = make_record("report.make", STR("a^b"));
    CHECK(str_find(encode("leef", &r), "|~|") > 0);
}

static void
test_classes(void)
{
    static const struct {
        const char *event;
        int class, activity;
    } cases[] = {{"config.change", 3004, 3},
                 {"agent.freeze", 3004, 12},
                 {"audit.export", 1008, 3},
                 {"report.verify", 6003, 2},
                 {"something.new", 6003, 99}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct audit_record r = make_record(cases[i].event, STR("x"));
        json_t *v = parse(encode("ocsf", &r));
        CHECK(json_integer_value(at(v, "class_uid")) == cases[i].class);
        CHECK(json_integer_value(at(v, "category_uid")) == cases[i].class / 1000);
        CHECK(json_integer_value(at(v, "activity_id")) == cases[i].activity);
        CHECK((at(v, "entity") != NULL) == (cases[i].class == 3004));
        CHECK((at(v, "api.operation") != NULL) == (cases[i].class == 6003));
        json_decref(v);
    }
}

/* A setting that may be repeated changes in several places: its values are one member, in order. */
static void
test_repeated(void)
{
    struct audit_record r = make_record("config.change", STR("x"));
    const struct event_change more = {STR("min"), STR("15"), STR("16"), false};
    *VEC_PUSH(a, &r.changes) = more;
    json_t *v = parse(encode("ocsf", &r));
    const json_t *before = at(v, "entity.data.min"), *after = at(v, "entity_result.data.min");
    CHECK(json_array_size(before) == 2 && is_text(json_array_get(before, 0), STR("x")) &&
          is_text(json_array_get(before, 1), STR("15")));
    CHECK(json_array_size(after) == 2 && is_text(json_array_get(after, 1), STR("16")));
    CHECK(json_is_null(at(v, "entity.data.key")));
    json_decref(v);
}

int
main(void)
{
    a = arena_new();
    d = diag_init(a);
    test_repeated();
    struct hostile h = hostile_all(a);
    for (size_t i = 0; i < h.list.n; i++)
        check_all(h.list.v[i]);
    test_delimiters();
    test_classes();
    CHECK(!diag_failed(&d));
    arena_free(a);
    return CHECK_DONE();
}
