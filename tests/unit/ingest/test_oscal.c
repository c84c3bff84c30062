/* OSCAL assessment results: whose a result is, findings beside observations, times, and what is
 * hostile or broken. */
#include "base/buf.h"
#include "check.h"
#include "drive.h"

#define ITEM(uuid, name)                                                                           \
    "{\"uuid\":\"" uuid "\",\"props\":[{\"name\":\"fqdn\",\"value\":\"" name "\"}]}"
#define ITEMS(items) "\"local-definitions\":{\"inventory-items\":[" items "]}"
#define WORD(word)   "\"props\":[{\"name\":\"result\",\"value\":\"" word "\"}]"
#define ON(uuid)     "{\"type\":\"inventory-item\",\"subject-uuid\":\"" uuid "\"}"
#define FINDING(id, state)                                                                         \
    "{\"target\":{\"target-id\":\"" id "\",\"status\":{\"state\":\"" state "\"}}}"
#define RESULT(more) "{\"assessment-results\":{\"results\":[{\"title\":\"t\"," more "}]}}"

static const struct scan *
scan_at(const struct drive *v, size_t i)
{
    static const struct scan none;
    CHECK(v->rc == 0 && v->file.scans.n > i);
    if (v->rc == 0 && v->file.scans.n > i)
        return &v->file.scans.v[i];
    fprintf(stderr, "  said %s\n", diag_text(&v->d).s);
    return &none;
}

static enum status
status_at(const struct drive *v, size_t scan, size_t result)
{
    const struct scan *s = scan_at(v, scan);
    CHECK(s->results.n > result);
    return s->results.n > result ? s->results.v[result].status : STATUS_NONE;
}

/* ---- whose a result is ---- */

/* One word about two hosts is a result of each; a component beside them is no host. */
static void
test_two_hosts(void)
{
    struct drive v;
    drive_text(&v, &oscal_format,
               RESULT("\"observations\":[{\"description\":\"c\",\"subjects\":[" ON("u1") "," ON(
                   "u2") ",{\"type\":\"component\",\"subject-uuid\":\"u3\"}]"
                         "," WORD("fail") "}]," ITEMS(ITEM("u1", "a") "," ITEM("u2", "b"))));
    CHECK(v.file.scans.n == 2);
    CHECK_STR(scan_at(&v, 0)->asset.name, "a");
    CHECK_STR(scan_at(&v, 1)->asset.name, "b");
    CHECK(status_at(&v, 0, 0) == STATUS_FAIL && status_at(&v, 1, 0) == STATUS_FAIL);
    drive_free(&v);
}

/* Two items of one name, and rows without a subject where there is one item, are one scan: two of
 * the same host, policy and time would be taken for the same scan sent twice. */
static void
test_same_host(void)
{
    struct drive v;
    drive_text(&v, &oscal_format,
               RESULT(ITEMS(ITEM("u1", "a") "," ITEM(
                   "u2", "a")) ",\"observations\":[{"
                               "\"description\":\"c\",\"subjects\":[" ON("u1") "]," WORD(
                                   "fail") "},{\"description\":\"c\",\"subjects\":"
                                           "[" ON("u2") "]," WORD("pass") "}]"));
    CHECK(v.file.scans.n == 1 && status_at(&v, 0, 1) == STATUS_PASS);
    CHECK(scan_at(&v, 0)->checks.n == 1 && scan_at(&v, 0)->results.v[1].ordinal == 1);
    drive_free(&v);
    drive_text(
        &v, &oscal_format,
        RESULT(ITEMS(
            ITEM("u1",
                 "a")) ",\"observations\":[{\"description\":\"c\","
                       "\"subjects\":[" ON("u1") "]," WORD("fail") "},{\"description\":\"d\"," WORD(
                           "pass") "}],\"findings\":[" FINDING("ac-1", "satisfied") "]"));
    CHECK(v.file.scans.n == 2 && scan_at(&v, 0)->results.n == 2);
    CHECK_STR(scan_at(&v, 1)->asset.name, "a");
    CHECK_STR(scan_at(&v, 1)->policy.profile, "findings");
    CHECK(status_at(&v, 1, 0) == STATUS_PASS);
    drive_free(&v);
}

/* An item that the inventory does not have is not the only one that it has: it is another host. */
static void
test_unknown_item(void)
{
    struct drive v;
    drive_text(&v, &oscal_format,
               RESULT(ITEMS(ITEM("u1", "a")) ",\"observations\":[{\"description\":\"c\","
                                             "\"subjects\":[" ON("u9") "]," WORD(
                                                 "fail") "},{\"description\":\"c\","
                                                         "\"subjects\":[" ON("u1") "]," WORD(
                                                             "pass") "}]"));
    CHECK(v.file.scans.n == 2 && status_at(&v, 0, 0) == STATUS_FAIL);
    CHECK_STR(scan_at(&v, 0)->asset.name, "u9");
    CHECK_STR(scan_at(&v, 1)->asset.name, "a");
    CHECK(scan_at(&v, 1)->results.n == 1 && status_at(&v, 1, 0) == STATUS_PASS);
    drive_free(&v);
}

static void
test_two_results(void)
{
    struct drive v;
    drive_text(&v, &oscal_format,
               "{\"results\":[{\"title\":\"t\",\"findings\":[" FINDING(
                   "c", "satisfied") "]},{"
                                     "\"findings\":[" FINDING(
                                         "c", "not-satisfied") "],\"title\":\"u\"}]}");
    CHECK(v.file.scans.n == 2 && status_at(&v, 1, 0) == STATUS_FAIL);
    CHECK_STR(scan_at(&v, 0)->policy.id, "t");
    CHECK_STR(scan_at(&v, 1)->policy.id, "u");
    CHECK(!scan_at(&v, 0)->asset.name.len);
    drive_free(&v);
}

/* ---- times ---- */

static void
test_times(void)
{
    struct drive v;
    drive_text(&v, &oscal_format,
               RESULT("\"start\":\"2026-11-20T08:00:00Z\",\"observations\":[{\"description\":\"c\","
                      "\"collected\":\"2026-11-20T09:00:00+01:00\"," WORD(
                          "pass") "},{\"description\":\"d\",\"collected\":\"2026-11-20T08:30:00Z\""
                                  "," WORD("pass") "},{\"description\":\"e\",\"collected\":\"once\""
                                                   "," WORD("pass") "}]"));
    const struct scan *s = scan_at(&v, 0);
    CHECK(s->end - s->start == 1800 && !s->end_assumed && !s->zone_assumed);
    CHECK(s->results.n == 3 && s->results.v[0].time == s->start);
    CHECK(s->results.v[2].time == CLOCK_NONE && drive_warned(&v, "\"once\" is not a time"));
    drive_free(&v);
}

/* ---- hostile and broken ---- */

static const struct {
    const char *text, *want;
} refused[] = {
    {"{\"assessment-results\":{\"results\":{}}}", "neither findings"},
    {"{\"assessment-results\":[]}", "neither findings"},
    {"{\"assessment-results\":null,\"results\":null}", "neither findings"},
    {RESULT("\"findings\":[7,null,{\"target\":7},{\"target\":{\"target-id\":null}}]"),
     "neither findings"},
    {RESULT("\"observations\":[{\"description\":\"c\",\"props\":[7,{\"name\":7},{\"value\":"
            "\"pass\"},{\"name\":\"result\",\"value\":null}]}]"),
     "neither findings"},
    {"{\"assessment-results\":{},\"results\":[{\"findings\":[" FINDING("c", "satisfied") "]}]}",
     "and beside it"},
    {RESULT("\"findings\":[{\"target\":{\"target-id\":nul}}]"), "invalid token"},
    {"{\"results\":[{\"findings\":[" FINDING("c", "satisfied"), "the JSON ends"},
};

static void
test_refused(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct drive v;
        drive_text(&v, &oscal_format, refused[i].text);
        CHECK(v.rc == -1 && v.file.scans.n == 0);
        CHECK(str_find(diag_text(&v.d), refused[i].want) >= 0);
        if (str_find(diag_text(&v.d), refused[i].want) < 0)
            fprintf(stderr, "%s\n  said %s\n", refused[i].text, diag_text(&v.d).s);
        drive_free(&v);
    }
}

/* What is left out is told, and the scan is not called complete. */
static void
test_left_out(void)
{
    struct drive v;
    drive_text(&v, &oscal_format,
               RESULT("\"findings\":[" FINDING("c", "maybe") ",{},9," FINDING("c", "") "]"));
    CHECK(v.file.scans.n == 1 && scan_at(&v, 0)->partial && scan_at(&v, 0)->results.n == 2);
    CHECK(status_at(&v, 0, 0) == STATUS_UNKNOWN && status_at(&v, 0, 1) == STATUS_UNKNOWN);
    CHECK_STR(scan_at(&v, 0)->results.v[0].native, "maybe");
    CHECK_STR(scan_at(&v, 0)->results.v[1].native, "(empty)");
    CHECK(drive_warned(&v, "without target-id") && drive_warned(&v, "is no object"));
    drive_free(&v);
}

static void
test_long(void)
{
    struct drive v;
    AUTO_BUF text = buf_init(1 << 20);
    buf_puts(&text, "{\"assessment-results\":{\"results\":[{\"findings\":[");
    for (int k = 0; k < 2; k++) {
        buf_fmt(&text,
                "%s{\"target\":{\"target-id\":\"%0400d\",\"status\":\"satisfied\"},"
                "\"description\":\"%070000d\"}",
                k ? "," : "", k, k);
    }
    buf_fmt(&text, "],\"title\":\"%0300d\"}]}}", 1);
    drive_setup(&v);
    drive_bytes(&v, &oscal_format, buf_view(&text), 100);
    const struct scan *s = scan_at(&v, 0);
    CHECK(s->checks.n == 2 && s->checks.v[0].id.len <= 255 && s->policy.id.len <= 255);
    CHECK(s->results.n == 2 && s->results.v[0].evidence.len <= 65536);
    CHECK(drive_warned(&v, "its beginning and its hash") && drive_warned(&v, "was cut to"));
    drive_free(&v);
}

int
main(void)
{
    test_two_hosts();
    test_same_host();
    test_unknown_item();
    test_two_results();
    test_times();
    test_refused();
    test_left_out();
    test_long();
    return CHECK_DONE();
}
