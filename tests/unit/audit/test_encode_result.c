/* Results in every format: JSON has every field back as it was, lines hold each of them, one line
 * and no longer than allowed, whatever a host put into them. */
#include <string.h>

#include <jansson.h>

#include "audit/encode.h"
#include "check.h"

static struct arena *a;

static struct audit_record
make_record(void)
{
    struct audit_record r;
    struct diag d = diag_init(a);
    struct str rec;
    struct sha256_digest leaf, prev = sha256_of(STR("before"));
    struct audit_actor who = {.origin = STR("test/log"),
                              .user = STR("u"),
                              .uid = 7,
                              .host = STR("h"),
                              .via = STR("cli"),
                              .run = STR("r1"),
                              .app = STR("1|0\\")};
    struct event e = {.name = "ingest.file", .severity = 1};
    audit_record_build(3, &prev, 1750000000123456, &who, &e, a, &rec, &leaf);
    CHECK(audit_record_parse(rec, a, &r, &d) == 0);
    return r;
}

static struct result_event
make_result(enum result_kind kind, struct str s)
{
    struct result_event v = {.kind = kind, .severity = 8};
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        v.text[f] = result_field_is_number(f) ? STR("12.5") : s;
    RESULT_TEXT(&v, EVENT) = str_c(result_event_name(kind));
    RESULT_TEXT(&v, SEQ) = STR("3");
    return v;
}

static struct str
encode(const char *format, const struct result_event *v, size_t max)
{
    struct buf b = buf_init((size_t)1 << 24);
    struct audit_record r = make_record();
    struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473"), .max = max};
    audit_encoder_find(str_c(format))->encode_result(&r, v, &o, a, &b);
    CHECK(!buf_bad(&b));
    struct str s = arena_str(a, buf_view(&b));
    buf_done(&b);
    return s;
}

/* Where the fields stand in an object: below the names, with a prefix. */
static void
check_object(const char *format, const char *path1, const char *path2, const char *prefix,
             struct str s)
{
    struct result_event v = make_result(RESULT_NEW, s);
    struct str out = encode(format, &v, 0);
    json_t *root = json_loadb(out.s, out.len, JSON_ALLOW_NUL, NULL), *at = root;
    CHECK(root != NULL);
    if (path1)
        at = json_object_get(at, path1);
    if (path2)
        at = json_object_get(at, path2);
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++) {
        struct str key = arena_fmt(a, "%s%s", prefix, result_field_name(f));
        json_t *got = json_object_get(at, key.s);
        CHECK(got != NULL);
        if (result_field_is_number(f))
            CHECK(json_is_number(got));
        else
            CHECK(str_eq(str_n(json_string_value(got), json_string_length(got)), v.text[f]));
    }
    json_decref(root);
}

static void
test_objects(void)
{
    static const char *const texts[] = {"plain", "a\"b\\c]d=e|f^~;!`$\n\t",
                                        "日本語 \xf0\x9f\x98\x80"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_object("json", NULL, NULL, "", str_c(texts[i]));
        check_object("gelf", NULL, NULL, "_", str_c(texts[i]));
        check_object("ecs", "assay", "result", "", str_c(texts[i]));
        check_object("ocsf", "unmapped", NULL, "", str_c(texts[i]));
    }
}

static void
test_lines(void)
{
    static const char *const formats[] = {"rfc5424", "cef", "leef"};
    struct result_event v = make_result(RESULT_FIXED, STR("x\ny"));
    struct str s = encode("rfc5424", &v, 0);
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++)
        CHECK(str_find(s, arena_fmt(a, " %s=\"", result_field_name(f)).s) > 0);
    CHECK(str_find(encode("cef", &v, 0), "cs3Label=status cs3=x\\ny") > 0);
    CHECK(str_find(encode("cef", &v, 0), "|1\\|0\\\\|result.fixed|") > 0);
    CHECK(str_find(encode("leef", &v, 0), "^status=x") > 0);
    for (size_t i = 0; i < 3; i++)
        CHECK(str_find(encode(formats[i], &v, 0), "\n") < 0);
}

/* Texts of any length: a message is never longer than the receiver takes, and says that it was cut. */
static void
test_sizes(void)
{
    static const char *const formats[] = {"rfc5424", "cef", "leef"};
    char *big = arena_alloc(a, 20001);
    memset(big, '\\', 20000);
    struct result_event v = make_result(RESULT_CHANGED, STR("0123456789abcdef"));
    for (enum result_field f = RESULT_AGENT_FIELD; f <= RESULT_PROFILE_FIELD; f++)
        v.text[f] = str_n(big, 20000);
    RESULT_TEXT(&v, EVIDENCE) = str_n(big, 20000);
    for (size_t i = 0; i < 3; i++) {
        for (size_t max = ENCODE_LEAST_MAX; max <= 65536; max *= 2) {
            struct str s = encode(formats[i], &v, max);
            CHECK(s.len <= max);
            CHECK(str_find(s, "truncated") > 0);
        }
    }
}

int
main(void)
{
    a = arena_new();
    test_objects();
    test_lines();
    test_sizes();
    arena_free(a);
    return CHECK_DONE();
}
