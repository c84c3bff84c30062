/* Records: canonical bytes, the leaf, secrets, long values, hostile text, size. */
#include <jansson.h>
#include <stdlib.h>

#include "audit/record.h"
#include "base/utf8.h"
#include "check.h"
#include "hostile.h"

static struct arena *a;
static struct diag d;

static const struct audit_actor who = {.origin = {"log.example/assay", 17},
                                       .user = {"tanaka", 6},
                                       .uid = 1000,
                                       .host = {"console", 7},
                                       .via = {"cron", 4},
                                       .run = {"00ff", 4},
                                       .app = {"1.0.0", 5}};

static struct str
build(const struct event *e, struct sha256_digest *ret_leaf)
{
    struct str rec;
    struct sha256_digest prev = sha256_of(STR("before"));
    audit_record_build(41, &prev, 1795543975123456, &who, e, a, &rec, ret_leaf);
    return rec;
}

static struct event
plain_event(void)
{
    return (struct event){.name = "report.make",
                          .severity = 3,
                          .object_type = STR("report"),
                          .object_id = STR("2026-W47"),
                          .object_name = STR("weekly"),
                          .reason = STR("asked")};
}

static void
check_sorted(json_t *v)
{
    const char *key, *last = "";
    json_t *child;
    size_t i;
    if (json_is_object(v)) {
        json_object_foreach(v, key, child)
        {
            CHECK(strcmp(last, key) < 0);
            last = key;
            check_sorted(child);
        }
    }
    json_array_foreach(v, i, child)
    {
        check_sorted(child);
    }
}

/* Keys in the order of the bytes, no space, and jansson's own compact sorted text is the same. */
static void
test_canonical(void)
{
    struct sha256_digest leaf;
    struct event_change c = {.field = STR("f"), .old_value = STR("o"), .new_value = STR("n\"\x01")};
    struct event e = plain_event();
    e.changes = &c;
    e.n_changes = 1;
    struct str rec = build(&e, &leaf);
    json_t *o = json_loadb(rec.s, rec.len, JSON_REJECT_DUPLICATES, NULL);
    CHECK(o != NULL);
    check_sorted(o);
    char *again = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
    CHECK_STR(rec, again);
    CHECK(json_object_size(o) == 17);
    free(again);
    json_decref(o);
}

static void
test_leaf_and_salt(void)
{
    struct sha256_digest one, two;
    struct event e = plain_event();
    struct str rec = build(&e, &one), other = build(&e, &two);
    char *bytes = arena_alloc(a, rec.len + 1);
    memcpy(bytes + 1, rec.s, rec.len);
    struct sha256_digest by_hand = sha256_of(str_n(bytes, rec.len + 1));
    CHECK(memcmp(one.b, by_hand.b, SHA256_SIZE) == 0);
    CHECK(memcmp(one.b, two.b, SHA256_SIZE) != 0);
    CHECK(!str_eq(rec, other));
    json_t *x = json_loadb(rec.s, rec.len, 0, NULL), *y = json_loadb(other.s, other.len, 0, NULL);
    const char *salt = json_string_value(json_object_get(x, "salt"));
    CHECK(strlen(salt) == 32 && strspn(salt, "0123456789abcdef") == 32);
    CHECK(strcmp(salt, json_string_value(json_object_get(y, "salt"))) != 0);
    json_object_del(x, "salt");
    json_object_del(y, "salt");
    CHECK(json_equal(x, y));
    json_decref(x);
    json_decref(y);
}

static void
test_fields(void)
{
    struct sha256_digest leaf, prev = sha256_of(STR("before"));
    struct audit_record r;
    struct event e = plain_event();
    e.outcome = EVENT_FAILURE;
    struct str rec = build(&e, &leaf);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    CHECK_STR(r.origin, "log.example/assay");
    CHECK_STR(r.actor_name, "tanaka");
    CHECK(r.actor_id == 1000 && r.seq == 41 && r.severity == 3);
    CHECK_STR(r.host, "console");
    CHECK_STR(r.via, "cron");
    CHECK_STR(r.run, "00ff");
    CHECK_STR(r.app, "1.0.0");
    CHECK_STR(r.event, "report.make");
    CHECK_STR(r.outcome, "failure");
    CHECK_STR(r.reason, "asked");
    CHECK_STR(r.object_type, "report");
    CHECK_STR(r.object_id, "2026-W47");
    CHECK_STR(r.object_name, "weekly");
    CHECK_STR(r.ts, "2026-11-24T18:12:55.123456Z");
    CHECK_STR(r.prev_hex, sha256_hex(a, &prev).s);
    CHECK_STR(r.leaf_hex, sha256_hex(a, &leaf).s);
    CHECK(str_eq(r.raw, rec) && r.changes.n == 0);
    CHECK(r.version == 1 && r.salt_hex.len == 32 && str_find(rec, r.salt_hex.s) > 0);
    e.reason = STR("");
    rec = build(&e, &leaf);
    CHECK(str_find(rec, "\"reason\":null,") > 0);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0 && r.reason.len == 0);
}

static void
test_secrets(void)
{
    struct sha256_digest leaf;
    struct audit_record r;
    struct event_change c[] = {
        {STR("password"), STR("old-hunter2"), STR("new-hunter3"), true},
        {STR("host"), STR("a"), STR("b"), false},
    };
    struct event e = plain_event();
    e.changes = c;
    e.n_changes = 2;
    struct str rec = build(&e, &leaf);
    CHECK(str_find(rec, "hunter") == -1);
    CHECK(str_find(rec, "{\"changed\":true,\"f\":\"password\"}") > 0);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0 && r.changes.n == 2);
    CHECK(r.changes.v[0].is_secret && !r.changes.v[0].old_value.len &&
          !r.changes.v[0].new_value.len);
    CHECK(!r.changes.v[1].is_secret);
    CHECK_STR(r.changes.v[1].new_value, "b");
}

static void
test_long_values(void)
{
    struct sha256_digest leaf;
    struct audit_record r;
    char *text = arena_alloc(a, 5000);
    memset(text, 'x', 4999);
    struct event e = plain_event();
    e.object_id = str_n(text, 4096);
    e.object_name = str_n(text, 4097);
    struct str rec = build(&e, &leaf);
    json_t *o = json_loadb(rec.s, rec.len, 0, NULL), *obj = json_object_get(o, "object");
    CHECK(json_string_length(json_object_get(obj, "id")) == 4096);
    json_t *name = json_object_get(obj, "name");
    struct sha256_digest whole = sha256_of(e.object_name);
    CHECK(json_object_size(name) == 3);
    CHECK(json_integer_value(json_object_get(name, "len")) == 4097);
    CHECK(json_string_length(json_object_get(name, "head")) == 256);
    CHECK_STR(sha256_hex(a, &whole), json_string_value(json_object_get(name, "sha256")));
    json_decref(o);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    CHECK(str_eq(r.object_name, audit_record_text(e.object_name, a)));
    CHECK(str_find(r.object_name, "4097 bytes") > 0);
}

static void
check_survives(struct str s)
{
    struct sha256_digest leaf;
    struct audit_record r;
    struct event_change c = {.field = s, .old_value = s, .new_value = s};
    struct event e = {.name = "x", .object_type = s, .object_id = s, .object_name = s, .reason = s};
    struct audit_actor evil = {s, s, 1, s, s, s, s, s, 1000, s, s};
    struct str rec, want = s.len <= 4096 ? utf8_repair(a, s) : audit_record_text(s, a);
    e.changes = &c;
    e.n_changes = 1;
    struct sha256_digest prev = {{0}};
    audit_record_build(0, &prev, 0, &evil, &e, a, &rec, &leaf);
    CHECK(rec.len <= 60000 && utf8_valid(rec) && !memchr(rec.s, '\n', rec.len));
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    const struct str got[] = {r.origin, r.actor_name, r.host,        r.via,       r.run,
                              r.app,    r.reason,     r.object_type, r.object_id, r.object_name,
                              r.login,  r.sudo_user,  r.ssh_peer};
    for (size_t i = 0; i < sizeof got / sizeof *got; i++)
        CHECK(str_eq(got[i], want));
    if (r.changes.n == 1 && !str_eqc(r.changes.v[0].field, "(more changes)")) {
        CHECK(str_eq(r.changes.v[0].field, want));
        CHECK(str_eq(r.changes.v[0].old_value, want));
        CHECK(str_eq(r.changes.v[0].new_value, want));
    }
}

/* Eleven texts of 4096 controls are 24 KiB each as written: the record stays below its maximum. */
static void
test_escapes_count(void)
{
    char *ones = arena_alloc(a, 4097);
    memset(ones, 1, 4096);
    check_survives(str_n(ones, 600));
    struct event e = plain_event();
    e.object_id = e.object_name = e.object_type = e.reason = str_n(ones, 4096);
    struct sha256_digest leaf;
    struct audit_record r;
    struct str rec = build(&e, &leaf);
    CHECK(rec.len <= 60000);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    CHECK(str_eq(r.object_id, audit_record_text(e.object_id, a)));
}

/* As many changes as are said to fit are spelled out, whatever stands beside them. */
static void
test_fits(void)
{
    struct event_change c[200];
    struct sha256_digest leaf;
    struct audit_record r;
    char *text = arena_alloc(a, 9000);
    memset(text, '\x01', 9000); /* six bytes each */
    struct str longest = str_n(text, 4096 / 6);
    for (size_t size = 0; size <= 9000; size = size ? size * 4 : 1) {
        for (size_t i = 0; i < 200; i++)
            c[i] = (struct event_change){.field = str_n(text, size < 30 ? size : 30),
                                         .old_value = str_n(text, size),
                                         .new_value = str_n(text, size)};
        size_t n = audit_record_fits(c, 200, a);
        struct event e = plain_event();
        struct str name = str_n(text, 64),
                   peer = str_n(text, 96); /* act/actor.c gives no longer ones */
        struct audit_actor big = {longest, longest, 1,    longest, longest, longest,
                                  longest, name,    1000, name,    peer};
        struct sha256_digest prev = {{0}};
        struct str rec;
        e.object_type = e.object_id = e.object_name = e.reason = longest;
        e.changes = c;
        e.n_changes = n;
        audit_record_build(0, &prev, 0, &big, &e, a, &rec, &leaf);
        CHECK(n > 0 && n <= 64 && (n == 64 || size > 4));
        CHECK(audit_record_parse(rec, a, &r, &d) == 0 && r.changes.n == n);
        CHECK(str_find(r.changes.v[n - 1].field, "(more") < 0);
    }
    CHECK(audit_record_fits(NULL, 0, a) == 0);
}

static void
test_many_changes(void)
{
    struct event_change c[200];
    struct sha256_digest leaf;
    struct audit_record r;
    char *text = arena_alloc(a, 4097);
    memset(text, 'y', 4096);
    for (size_t size = 1; size <= 4096; size *= 8) {
        for (size_t i = 0; i < 200; i++)
            c[i] = (struct event_change){.field = arena_fmt(a, "field %zu", i),
                                         .old_value = str_n(text, size),
                                         .new_value = str_n(text, size)};
        struct event e = plain_event();
        e.changes = c;
        e.n_changes = 200;
        struct str rec = build(&e, &leaf);
        CHECK(rec.len <= 60000);
        CHECK(audit_record_parse(rec, a, &r, &d) == 0 && r.changes.n >= 2 && r.changes.n < 200);
        struct event_change last = r.changes.v[r.changes.n - 1];
        int64_t left = 0;
        CHECK_STR(last.field, "(more changes)");
        CHECK(str_to_i64(last.new_value, &left) && left == 200 - (int64_t)(r.changes.n - 1));
        CHECK_STR(r.changes.v[0].field, "field 0");
    }
}

static void
test_bad_records(void)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "[]",
                                      "{}",
                                      "{\"seq\":1}",
                                      "{\"object\":{}}",
                                      "{\"seq\":\"1\",\"object\":{}}",
                                      "{\"seq\":1.5,\"object\":{}}",
                                      "{\"seq\":1,\"seq\":2,\"object\":{}}",
                                      "{\"seq\":99999999999999999999,\"object\":{}}",
                                      "{\"seq\":1,\n\"object\":{}}",
                                      "{\"seq\":1,\t\"object\":{}}\r"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct audit_record r;
        struct diag dg = diag_init(a);
        CHECK(audit_record_parse(str_c(bad[i]), a, &r, &dg) == -1);
        CHECK(dg.first.code == DIAG_BAD_DATA);
    }
    struct audit_record r;
    struct str odd = STR("{\"seq\":1,\"object\":{\"id\":{\"head\":7}},\"changes\":{},\"ts\":null}");
    CHECK(audit_record_parse(odd, a, &r, &d) == 0);
    CHECK(r.changes.n == 0 && !r.ts.len);
}

int
main(void)
{
    a = arena_new();
    d = diag_init(a);
    test_canonical();
    test_leaf_and_salt();
    test_fields();
    test_secrets();
    test_long_values();
    struct hostile h = hostile_all(a);
    CHECK(h.list.n > 80);
    for (size_t i = 0; i < h.list.n; i++)
        check_survives(h.list.v[i]);
    test_escapes_count();
    test_fits();
    test_many_changes();
    test_bad_records();
    CHECK(!diag_failed(&d));
    arena_free(a);
    return CHECK_DONE();
}
