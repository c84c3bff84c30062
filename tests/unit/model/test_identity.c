/* identity.c: every word that a report is called by, from what it is about. */
#include "model/identity.h"

#include <stdlib.h>
#include <time.h>

#include "check.h"

static struct report_identity
make(struct arena *a, const char *definition, const char *agent, const char *period)
{
    struct period p;
    struct report_scope scope = {.agent = agent};
    CHECK(period_parse(str_c(period), 0, &p));
    return report_identity_make(a, str_c(definition), scope, STR("en"), p);
}

static void
test_names(struct arena *a)
{
    static const struct {
        const char *definition, *agent, *period, *key, *spelled, *id;
    } cases[] = {
        {"hardening-monthly", NULL, "2026-10", "2026-10", "hardening-monthly-2026-10",
         "hardening-monthly-2026-10"},
        {"weekly", NULL, "2026-W47", "2026-W47", "weekly-2026-W47", "weekly-2026-W47"},
        {"x", "web01.example.net", "2026-Q3", "2026-Q3", "x-agent-web01.example.net-2026-Q3",
         "x-agent-web01.example.net-2026-Q3"},
        {"a_b.C", NULL, "2026-11-01..2026-11-15", "2026-11-01..2026-11-15",
         "a_b.C-2026-11-01..2026-11-15", "a_b.C-2026-11-01..2026-11-15"},
        {"Büro 1", "../etc/x", "2026", "2026", "Büro 1-agent-../etc/x-2026",
         "B--ro-1-agent-..-etc-x-########-2026"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct report_identity id = make(a, cases[i].definition, cases[i].agent, cases[i].period);
        CHECK_STR(id.definition, cases[i].definition);
        CHECK_STR(id.period_key, cases[i].key);
        CHECK_STR(id.spelled, cases[i].spelled);
        CHECK(id.id.len == strlen(cases[i].id));
        for (size_t k = 0; k < id.id.len && k < strlen(cases[i].id); k++)
            CHECK(id.id.s[k] == cases[i].id[k] || cases[i].id[k] == '#');
        CHECK_STR(id.version_key, arena_fmt(a, "version:%.*s", STR_ARG(id.id)).s);
        CHECK_STR(id.language, "en");
        CHECK_STR(id.version, "");
        CHECK(id.scope.agent == cases[i].agent && id.scope.n_groups == 0);
    }
}

static struct str
id_of(struct arena *a, const char *definition, struct report_scope scope)
{
    struct period p;
    CHECK(period_parse(STR("2026-10"), 0, &p));
    struct report_identity id = report_identity_make(a, str_c(definition), scope, STR("en"), p);
    CHECK(id.id.len <= 160 && id.version_key.len <= 191); /* the column of the setting's name */
    return id.id;
}

/* Two scopes have one name only when they are one. */
static void
test_scopes(struct arena *a)
{
    static const struct str both[] = {STR("Servers"), STR("Network")},
                            turned[] = {STR("Network"), STR("Servers"), STR("Network")},
                            joined[] = {STR("Network+Servers")}, jp[] = {STR("ホスト1")},
                            jp2[] = {STR("サーバ1")};
    char longer[201];
    memset(longer, 'x', sizeof longer - 1);
    longer[200] = 0;
    const struct str many[] = {str_c(longer)};
    const struct {
        const char *definition;
        struct report_scope scope;
    } unlike[] = {
        {"x", {0}},
        {"x", {.groups = both, .n_groups = 2}},
        {"x", {.groups = both, .n_groups = 1}},
        {"x", {.groups = joined, .n_groups = 1}},
        {"x", {.groups = jp, .n_groups = 1}},
        {"x", {.groups = jp2, .n_groups = 1}},
        {"x", {.groups = many, .n_groups = 1}},
        {"x", {.agent = longer}},
        {"x", {.policy = longer}},
        {"x", {.agent = "Servers"}},
        {"x", {.policy = "Servers"}},
        {"x", {.agent = "Servers", .policy = "a"}},
        {"x", {.agent = "Servers-policy-a"}},
        {"x-agent-Servers", {0}},
        {"x-groups-Servers", {0}},
        {longer, {0}},
        {longer + 1, {0}},
    };
    enum { N = sizeof unlike / sizeof *unlike };
    struct str ids[N];
    for (size_t i = 0; i < N; i++) {
        ids[i] = id_of(a, unlike[i].definition, unlike[i].scope);
        for (size_t k = 0; k < i; k++)
            if (str_eq(ids[i], ids[k]))
                CHECK_STR(ids[i], "another");
    }
    CHECK_STR(ids[1], "x-groups-Network+Servers-2026-10");
    CHECK_STR(id_of(a, "x", (struct report_scope){.groups = turned, .n_groups = 3}),
              "x-groups-Network+Servers-2026-10");
    CHECK_STR(ids[9], "x-agent-Servers-2026-10");
}

/* Whatever a definition is called, no byte of the id leads out of the folder. */
static void
test_names_of_files(struct arena *a)
{
    for (int c = 1; c < 256; c++) {
        const char definition[] = {'d', (char)c, 'n', 0};
        struct report_identity id = make(a, definition, NULL, "2026-10");
        bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '.' || c == '_' || c == '-';
        CHECK(id.id.len == strlen("d.n-2026-10") + (kept ? 0 : 9));
        CHECK(id.id.s[1] == (kept ? (char)c : '-'));
        CHECK(id.definition.s[1] == (char)c && id.spelled.s[1] == (char)c);
    }
}

static void
test_versions(struct arena *a)
{
    struct report_identity one = make(a, "x", NULL, "2026-10"), two = one, draft = one, ja = one;
    report_identity_number(&one, a, 0, true, STR(""));
    CHECK_STR(one.version, "1");
    CHECK(!one.supersedes.len && !one.is_draft);
    report_identity_number(&two, a, 1, true, STR("late scans"));
    CHECK_STR(two.version, "2");
    CHECK_STR(two.supersedes, "1");
    CHECK_STR(two.reason, "late scans");
    CHECK_STR(two.stem, "x-2026-10"); /* a version is no part of the id */
    report_identity_number(&draft, a, 1, false, STR(""));
    CHECK_STR(draft.version, "2-draft");
    CHECK(draft.is_draft && !draft.supersedes.len);
    ja.language = STR("ja");
    report_identity_render(&ja, a, 2);
    CHECK_STR(ja.version, "2");
    CHECK_STR(ja.stem, "x-2026-10.ja");
    CHECK_STR(ja.id, "x-2026-10");
    CHECK(ja.is_rendering && !ja.supersedes.len);
}

static void
test_remembered(struct arena *a)
{
    struct report_version v = report_version_read(STR("2 en 00ff ja fr"));
    CHECK(v.n == 2 && report_version_is_in(&v, STR("en")) && report_version_is_in(&v, STR("fr")));
    CHECK(!report_version_is_in(&v, STR("de")) && !report_version_is_in(&v, STR("j")));
    CHECK_STR(v.dataset_hex, "00ff");
    CHECK_STR(report_version_write(&v, a), "2 en 00ff ja fr");
    v.others = STR("");
    CHECK_STR(report_version_write(&v, a), "2 en 00ff");
    v = report_version_read(STR("41")); /* as it was written before */
    CHECK(v.n == 41 && !v.language.len && !v.dataset_hex.len);
    static const char *const none[] = {"", "what", "-1", "en 2"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(report_version_read(str_c(none[i])).n == 0);
}

int
main(void)
{
    struct arena *a = arena_new();
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    test_names(a);
    test_scopes(a);
    test_names_of_files(a);
    test_versions(a);
    test_remembered(a);
    arena_free(a);
    return CHECK_DONE();
}
