/* Pages and data of the portal: names that hosts choose, what has no number, and addresses. */
#include "render/portal/portal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/embed.h"
#include "check.h"

#define EVIL "<script>alert(1)</script>\"'&\n\xe2\x80\xae" "../../x"

static struct arena *a;
static struct portal_site site;

static bool
holds(struct str s, const char *what)
{
    return str_find(s, what) >= 0;
}

/* Keys stand for texts: what is wrong with a text is found by the tests of languages. */
static struct portal_agent
make_agent(const char *name, int64_t passed, int64_t failed)
{
    struct str s = str_c(name);
    return (struct portal_agent){.name = s,
                                 .group = s,
                                 .os = s,
                                 .address = s,
                                 .path = arena_fmt(a, "agents/%s", portal_slug(a, s).s),
                                 .score = {passed, passed + failed},
                                 .tally = {.passed = passed, .failed = failed},
                                 .last_scan = site.now - 86400,
                                 .last_contact = CLOCK_NONE,
                                 .state = PORTAL_BAD};
}

static struct portal_check
make_check(void)
{
    struct str s = STR(EVIL);
    return (struct portal_check){.policy = s, .policy_title = s, .id = s, .title = s, .category = s,
                                 .description = s, .rationale = s, .remediation = s,
                                 .path = STR("checks/0123456789abcdef"), .n_failed = 1, .n_passed = 2, .n_agents = 3};
}

static void
check_page(struct str html)
{
    CHECK(str_starts(html, "<!doctype html>") && str_ends(html, "</html>\n"));
    CHECK(!holds(html, "<script>") && !holds(html, "alert(1)</script>"));
    CHECK(!holds(html, "\xe2\x80\xae") && !holds(html, "http"
                                                       "://"));
    CHECK(!holds(html, " style=") && !holds(html, " onclick="));
    CHECK(holds(html, "default-src 'none'"));
}

static void
test_hostile(void)
{
    struct portal_agent g = make_agent(EVIL, 1, 2);
    struct portal_check k = make_check();
    const struct portal_agent *agents[] = {&g};
    const struct portal_check *checks[] = {&k};
    const struct portal_change moved = {.at = site.now, .agent = &g, .check = &k, .was = STATUS_PASS, .is = STATUS_FAIL};
    const struct portal_changes changes = {.v = &moved, .n = 1, .n_worse = 1};
    struct portal_fleet f = {.agents = agents, .by_name = agents, .n = 1, .n_heard = 1, .n_bad = 1, .n_evaluated = 1, .changes = &changes};
    struct portal_agent_page page = {.agent = &g};
    struct portal_check_page of = {.check = &k};
    struct portal_report r = {.id = STR(EVIL), .definition = STR(EVIL), .title = STR(EVIL), .period = STR(EVIL),
                              .scope = STR(EVIL), .language = STR(EVIL), .version = STR(EVIL), .created = site.now,
                              .state = STR(EVIL), .signer = STR(EVIL), .path = STR("reports/x/v1")};
    *VEC_PUSH(a, &page.results) = (struct portal_result){.check = &k, .status = STATUS_FAIL, .evidence = STR(EVIL),
                                                         .native = STR(EVIL), .waiver = STR(EVIL), .since = CLOCK_NONE};
    *VEC_PUSH(a, &page.changes) = moved;
    *VEC_PUSH(a, &page.scans) = (struct portal_scan){.policy = STR(EVIL), .title = STR(EVIL), .version = STR(EVIL),
                                                     .profile = STR(EVIL), .end = site.now};
    *VEC_PUSH(a, &of.failures) = (struct portal_failure){&g, site.now};
    *VEC_PUSH(a, &r.files) = STR(EVIL);
    const struct str pages[] = {portal_fleet_html(&site, &f, a), portal_agent_html(&site, &page, a),
                                portal_checks_html(&site, checks, 1, a), portal_check_html(&site, &of, a),
                                portal_changes_html(&site, &changes, 10, a), portal_reports_html(&site, &r, 1, a)};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        check_page(pages[i]);
    struct str csv = portal_fleet_csv(&f, a);
    CHECK(holds(csv, "\"<script>alert(1)</script>\"\"'&\n"));
    struct str json = portal_agent_json(&site, &page, a);
    CHECK(holds(json, "\"<script>alert(1)</script>\\\"'&\\n"));
    CHECK(holds(json, "\"score\":33.33") && holds(json, "\"last_contact\":null"));
}

static size_t
count(struct str s, const char *what)
{
    size_t n = 0;
    for (size_t i = 0; i + strlen(what) <= s.len; i++)
        n += memcmp(s.s + i, what, strlen(what)) == 0;
    return n;
}

/* A script is closed by no text, and its strings end where they end; an address is searched and never printed. */
static void
test_script(void)
{
    struct portal_agent g = make_agent("</script>\"\\\xe2\x80\xa8<!--", 1, 2);
    const struct portal_agent *agents[] = {&g, &g};
    const struct portal_changes none = {0};
    const struct portal_fleet f = {.agents = agents, .by_name = agents, .n = 2, .changes = &none};
    struct str js = portal_fleet_script(&site, &f, a);
    g.address = STR("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2\x80");
    CHECK(str_starts(js, "self.assayFleet = {\"agents\":[[\"") && str_ends(js, "]};\n"));
    CHECK(!holds(js, "<") && !holds(js, "\xe2\x80\xa8"));
    CHECK(holds(js, "[\"\\u003c/script>\\\"\\\\\xe2\x9f\xa8U+2028\xe2\x9f\xa9\\u003c!--\","));
    CHECK(count(js, ",3333,33,0,2,") == 2);
    js = portal_fleet_script(&site, &f, a);
    CHECK(holds(js, "\"\\u2028\\u2029\xe2\x80\xaa\xef\xbf\xbd\xef\xbf\xbd\"") && !holds(js, "\xe2\x80\xa9"));
}

/* The first page has the first of them as rows, the pages by name have all; as many as a page holds need no other. */
static void
test_many(void)
{
    enum { N = 2 * PORTAL_ROWS + 1 };
    static struct portal_agent v[N];
    static const struct portal_agent *agents[N];
    const struct portal_changes none = {0};
    struct portal_fleet f = {.agents = agents, .by_name = agents, .n = N, .changes = &none};
    const size_t rows[] = {PORTAL_ROWS, PORTAL_ROWS, 1};
    for (size_t i = 0; i < N; i++) {
        v[i] = make_agent(arena_fmt(a, "<b>%zu", i).s, 1, 0);
        agents[i] = &v[i];
    }
    struct str html = portal_fleet_html(&site, &f, a);
    CHECK(count(html, "<tr role=\"row\">") == PORTAL_ROWS + 1 && count(html, "href=\"names/") == 3);
    CHECK(count(html, " bar t10 u0\"") == PORTAL_ROWS);
    CHECK(portal_names_pages(&f) == 3);
    for (size_t i = 0; i < 3; i++) {
        html = portal_names_html(&site, &f, i, a);
        check_page(html);
        CHECK(count(html, "<tr role=\"row\">") == rows[i] + 1 && count(html, "href=\"../names/") == 3);
        CHECK(!holds(html, "<b>") && !holds(html, "<script") && count(html, " aria-current=\"page\"") == 1);
        CHECK(holds(html, arena_fmt(a, "names/%zu.html\" aria-current=\"page\">&lt;b&gt;%zu – &lt;b&gt;", i + 1, i * PORTAL_ROWS).s));
    }
    f.n = PORTAL_ROWS;
    CHECK(portal_names_pages(&f) == 0 && !holds(portal_fleet_html(&site, &f, a), "names/"));
    f.n = PORTAL_ROWS + 1;
    CHECK(portal_names_pages(&f) == 2);
}

/* The same data are the same bytes, whenever they are made. */
static void
test_moment(void)
{
    struct portal_site later = site;
    struct portal_agent g = make_agent("a", 1, 2);
    struct portal_check k = make_check();
    const struct portal_agent *agents[] = {&g};
    const struct portal_check *checks[] = {&k};
    const struct portal_changes none = {0};
    const struct portal_fleet f = {.agents = agents, .by_name = agents, .n = 1, .changes = &none};
    later.now += 90;
    later.audit_seq++;
    CHECK(str_eq(portal_fleet_json(&site, &f, a), portal_fleet_json(&later, &f, a)));
    CHECK(str_eq(portal_fleet_script(&site, &f, a), portal_fleet_script(&later, &f, a)));
    CHECK(str_eq(portal_checks_html(&site, checks, 1, a), portal_checks_html(&later, checks, 1, a)));
    CHECK(str_eq(portal_checks_json(&site, checks, 1, a), portal_checks_json(&later, checks, 1, a)));
    CHECK(str_eq(portal_changes_html(&site, &none, 1, a), portal_changes_html(&later, &none, 1, a)));
    CHECK(str_eq(portal_reports_html(&site, NULL, 0, a), portal_reports_html(&later, NULL, 0, a)));
    CHECK(holds(portal_checks_json(&site, checks, 1, a), "\"newest_scan\":\"2026-05-28T"));
    later.newest_scan++;
    CHECK(!str_eq(portal_changes_json(&site, &none, a), portal_changes_json(&later, &none, a)));
}

static void
test_nothing(void)
{
    const struct portal_changes none = {0};
    struct portal_agent g = make_agent("a", 0, 0);
    const struct portal_agent *agents[] = {&g};
    struct portal_fleet f = {.changes = &none}, one = {.agents = agents, .n = 1, .changes = &none};
    struct portal_agent_page page = {.agent = &g};
    g.last_scan = CLOCK_NONE;
    g.state = PORTAL_SILENT;
    check_page(portal_fleet_html(&site, &f, a));
    check_page(portal_agent_html(&site, &page, a));
    check_page(portal_reports_html(&site, NULL, 0, a));
    struct str json = portal_fleet_json(&site, &one, a);
    CHECK(holds(json, "\"score\":null") && holds(json, "\"last_scan\":null") && holds(json, "\"state\":\"silent\""));
    CHECK(holds(portal_fleet_csv(&one, a), ",\"silent\",,,0,0,0,0,0,,,"));
}

static void
test_cells_that_are_formulas(void)
{
    static const char *const names[] = {"=1+1", "+a", "-a", "@a", "\ta"};
    const struct portal_changes none = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct portal_agent g = make_agent(names[i], 1, 0);
        const struct portal_agent *agents[] = {&g};
        const struct portal_fleet f = {.agents = agents, .n = 1, .changes = &none};
        CHECK(holds(portal_fleet_csv(&f, a), arena_fmt(a, "\r\n\"'%s\",", names[i]).s));
    }
}

static void
test_addresses(void)
{
    static const char *const names[] = {"", ".", "..", "../..", "/etc/passwd", "a/b", "a-b", "A/B", "A", "a", "web01.example.net",
                                        "\xe6\x9d\xb1\xe4\xba\xac", "con", "%2e%2e", "a\\b", "-rf", "a b", "a  b"};
    enum { N = sizeof names / sizeof *names };
    struct str slugs[N];
    for (size_t i = 0; i < N; i++) {
        slugs[i] = portal_slug(a, str_c(names[i]));
        CHECK(slugs[i].len >= 16 && slugs[i].len <= 58 && slugs[i].s[0] != '.' && slugs[i].s[0] != '-');
        for (size_t k = 0; k < slugs[i].len; k++)
            CHECK(strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", slugs[i].s[k]));
        for (size_t k = 0; k < i; k++)
            CHECK(!str_eq(slugs[i], slugs[k]));
    }
    CHECK(str_starts(slugs[10], "web01.example.net-"));
}

int
main(void)
{
    struct diag d;
    a = arena_new();
    d = diag_init(a);
    setenv("TZ", "UTC", 1);
    site = (struct portal_site){.lang = lang_new(a, STR("en")),
                                .organisation = STR(EVIL),
                                .tool = STR("assay"),
                                .group = STR(EVIL),
                                .zone = STR("UTC"),
                                .now = 1780000000,
                                .newest_scan = 1780000000,
                                .bad_below = 50,
                                .watch_below = 70,
                                .silent_days = 14,
                                .checkpoint_root = STR(EVIL),
                                .checkpoint_size = 3};
    CHECK(portal_begin_fonts(&d) == 0);
    CHECK(portal_style().len > 1000 && portal_script().len > 1000);
    test_hostile();
    test_script();
    test_many();
    test_moment();
    test_nothing();
    test_cells_that_are_formulas();
    test_addresses();
    arena_free(a);
    return CHECK_DONE();
}
