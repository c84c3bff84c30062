/* Results in every format: JSON has every field back as it was, lines hold each of them, one line
 * and no longer than allowed, whatever a host put into them. */
#include <stdlib.h>
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
        v.text[f] = result_field_type(f) == RESULT_INTEGER   ? STR("12")
                    : result_field_type(f) == RESULT_DECIMAL ? STR("71.00")
                                                             : s;
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
    json_t *root = json_loadb(out.s, out.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL),
           *at = root;
    CHECK(root != NULL);
    if (path1)
        at = json_object_get(at, path1);
    if (path2)
        at = json_object_get(at, path2);
    for (enum result_field f = 0; f < RESULT_FIELD__COUNT; f++) {
        struct str key = arena_fmt(a, "%s%s", prefix, result_field_name(f));
        json_t *got = json_object_get(at, key.s);
        CHECK(got != NULL);
        enum result_type type = result_field_type(f);
        if (type == RESULT_LIST && json_is_array(got)) { /* GELF knows none */
            CHECK(json_array_size(got) >= 1);
            got = json_array_get(got, 0);
            CHECK(str_starts(v.text[f], json_string_value(got)));
        } else if (type == RESULT_INTEGER) {
            CHECK(json_is_integer(got));
        } else if (type == RESULT_DECIMAL) {
            CHECK(json_is_real(got)); /* also 71 */
        } else {
            CHECK(str_eq(str_n(json_string_value(got), json_string_length(got)), v.text[f]));
        }
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
    CHECK(str_find(encode("cef", &v, 0), "|1\\|0\\\\|result.fixed|x⟨U+000A⟩y|8|") > 0);
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

/* ---- where receivers look ---- */

static struct result_event
make_finding(enum result_kind kind, const char *status)
{
    struct result_event v = make_result(kind, STR(""));
    RESULT_TEXT(&v, AGENT) = STR("srv01");
    RESULT_TEXT(&v, ALIAS) = STR("Web 1");
    RESULT_TEXT(&v, GROUP) = STR("Web servers");
    RESULT_TEXT(&v, OS) = STR("Debian 12");
    RESULT_TEXT(&v, ADDRESS) = STR("192.0.2.7");
    RESULT_TEXT(&v, TITLE) = STR("Disable root login");
    RESULT_TEXT(&v, STATUS) = str_c(status);
    RESULT_TEXT(&v, STARTED) = STR("2026-11-24T09:10:00Z");
    RESULT_TEXT(&v, SCANNED) = STR("2026-11-24T09:12:55Z");
    RESULT_TEXT(&v, INGESTED) = STR("2026-11-25T00:00:00Z");
    RESULT_TEXT(&v, FIRST_SEEN) = STR("2026-11-01T00:00:00Z");
    RESULT_TEXT(&v, MAPPINGS) = STR("CIS v8 4.8; ISO 27001 A.8.9");
    return v;
}

/* The member at "host.ip.0", a path of objects and arrays, as JSON text; "" = there is none. */
static const char *
member(const struct str *out, const char *path)
{
    json_t *root = json_loadb(out->s, out->len, JSON_REJECT_DUPLICATES, NULL), *at = root;
    struct str rest = str_c(path);
    CHECK(root != NULL);
    while (rest.len && at) {
        struct str name = str_cut(&rest, '.');
        int64_t n;
        if (json_is_array(at) && str_to_i64(name, &n))
            at = json_array_get(at, (size_t)n);
        else
            at = json_object_get(at, arena_str(a, name).s);
    }
    char *text = at ? json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    const char *kept = text ? arena_str(a, str_c(text)).s : "";
    free(text);
    json_decref(root);
    return kept;
}

static void
check_members(const char *format, const struct result_event *v, const char *const (*want)[2])
{
    struct str out = encode(format, v, 0);
    for (; (*want)[0]; want++) {
        const char *got = member(&out, (*want)[0]);
        CHECK(strcmp(got, (*want)[1]) == 0);
        if (strcmp(got, (*want)[1]) != 0)
            fprintf(stderr, "  %s: %s is %s, not %s\n", format, (*want)[0], got, (*want)[1]);
    }
}

static void
test_places(void)
{
    static const char *const ecs[][2] = {
        {"@timestamp", "\"2026-11-24T09:12:55.000000Z\""},
        {"event.created", "\"2026-11-25T00:00:00Z\""},
        {"host.name", "\"srv01\""},
        {"host.ip", "[\"192.0.2.7\"]"},
        {"host.os.full", "\"Debian 12\""},
        {"related.hosts", "[\"srv01\",\"Web 1\"]"},
        {"tags", "[\"Web servers\"]"},
        {"observer.name", "\"h\""},
        {"assay.result.score", "71.0"},
        {"assay.result.mappings", "[\"CIS v8 4.8\",\"ISO 27001 A.8.9\"]"},
        {NULL, NULL}};
    static const char *const ocsf[][2] = {
        {"time", "1795511575000"},
        {"metadata.logged_time", "1795564800000"},
        {"finding_info.first_seen_time", "1793491200000"},
        {"finding_info.last_seen_time", "1795511575000"},
        {"status_id", "1"},
        {"status", "\"New\""},
        {"device.hostname", "\"srv01\""},
        {"device.ip", "\"192.0.2.7\""},
        {"device.os.name", "\"Debian 12\""},
        {"device.groups.0.name", "\"Web servers\""},
        {"resources.0.uid", "\"srv01\""},
        {"resources.0.group.name", "\"Web servers\""},
        {"compliance.requirements", "[\"CIS v8 4.8\",\"ISO 27001 A.8.9\"]"},
        {"unmapped.mappings.1", "\"ISO 27001 A.8.9\""},
        {NULL, NULL}};
    static const char *const gelf[][2] = {{"host", "\"srv01\""},
                                          {"timestamp", "1795511575.0"},
                                          {"_mappings", "\"CIS v8 4.8; ISO 27001 A.8.9\""},
                                          {NULL, NULL}};
    struct result_event v = make_finding(RESULT_NEW, "fail");
    check_members("ecs", &v, ecs);
    check_members("ocsf", &v, ocsf);
    check_members("gelf", &v, gelf);
    struct str cef = encode("cef", &v, 0), leef = encode("leef", &v, 0);
    CHECK(str_find(cef, "|result.new|Disable root login|8|cat=compliance rt=1795511575000 "
                        "end=1795511575000 start=1795511400000 ") > 0);
    CHECK(str_find(cef, " deviceCustomDate1Label=ingestTime deviceCustomDate1=1795564800000 ") > 0);
    CHECK(str_find(cef, " dhost=srv01 ") > 0 && str_find(cef, " dst=192.0.2.7 ") > 0);
    CHECK(str_find(leef, "^devTime=1795511575000^") > 0 && str_find(leef, "^dst=192.0.2.7^") > 0);
    CHECK(str_find(encode("rfc5424", &v, 0), ">1 2026-11-24T09:12:55.000000Z h assay ") > 0);
    RESULT_TEXT(&v, ADDRESS) = STR("2001:db8::7");
    CHECK(str_find(encode("cef", &v, 0), " c6a3Label=Destination IPv6 Address c6a3=2001:db8::7 ") >
          0);
    RESULT_TEXT(&v, ADDRESS) = STR("srv01.example");
    CHECK(str_find(encode("cef", &v, 0), " assay_address=srv01.example ") > 0);
}

/* A finding is new, suppressed or resolved; a summary is none. */
static void
test_standing(void)
{
    static const struct {
        enum result_kind kind;
        const char *status, *want;
    } cases[] = {{RESULT_NEW, "fail", "1"},       {RESULT_CHANGED, "error", "1"},
                 {RESULT_CHANGED, "waived", "3"}, {RESULT_CHANGED, "notapplicable", "4"},
                 {RESULT_FIXED, "pass", "4"},     {RESULT_SCAN, "", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result_event v = make_finding(cases[i].kind, cases[i].status);
        struct str out = encode("ocsf", &v, 0);
        CHECK(strcmp(member(&out, "status_id"), cases[i].want) == 0);
    }
}

/* The number of the site's enterprise. */
static void
test_sd_id(void)
{
    AUTO_BUF b = buf_init(1 << 16);
    struct audit_record r = make_record();
    struct result_event v = make_finding(RESULT_NEW, "fail");
    struct audit_encode_options o = {.sd_id = STR("assay@4711"),
                                     .result_sd_id = STR("result@4711")};
    audit_encoder_find(STR("rfc5424"))->encode_result(&r, &v, &o, a, &b);
    CHECK(str_find(buf_view(&b), " [result@4711 event=") > 0);
}

int
main(void)
{
    a = arena_new();
    test_objects();
    test_places();
    test_standing();
    test_sd_id();
    test_lines();
    test_sizes();
    arena_free(a);
    return CHECK_DONE();
}
