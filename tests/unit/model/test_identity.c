/* identity.c: every word that a report is called by, from five facts. */
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
        {"x", "web01.example.net", "2026-Q3", "2026-Q3", "x-web01.example.net-2026-Q3",
         "x-web01.example.net-2026-Q3"},
        {"a_b.C", NULL, "2026-11-01..2026-11-15", "2026-11-01..2026-11-15",
         "a_b.C-2026-11-01..2026-11-15", "a_b.C-2026-11-01..2026-11-15"},
        {"Büro 1", "../etc/x", "2026", "2026", "Büro 1-../etc/x-2026", "B--ro-1-..-etc-x-2026"},
        {"x", "", "2026", "2026", "x--2026", "x--2026"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct report_identity id = make(a, cases[i].definition, cases[i].agent, cases[i].period);
        CHECK_STR(id.definition, cases[i].definition);
        CHECK_STR(id.period_key, cases[i].key);
        CHECK_STR(id.spelled, cases[i].spelled);
        CHECK_STR(id.id, cases[i].id);
        CHECK_STR(id.version_key, arena_fmt(a, "version:%s", cases[i].id).s);
        CHECK_STR(id.language, "en");
        CHECK_STR(id.version, "");
        CHECK(id.scope.agent == cases[i].agent && id.scope.n_groups == 0);
    }
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
        CHECK(id.id.len == strlen("d.n-2026-10") && id.id.s[1] == (kept ? (char)c : '-'));
        CHECK(id.definition.s[1] == (char)c && id.spelled.s[1] == (char)c);
    }
}

static void
test_versions(struct arena *a)
{
    static const struct {
        const char *newest, *want;
    } cases[] = {{"", "1"}, {"1", "2"}, {"9", "10"}, {"41", "42"}, {"what", "1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct report_identity id = make(a, "x", NULL, "2026-10");
        report_identity_number(&id, a, str_c(cases[i].newest));
        CHECK_STR(id.version, cases[i].want);
        CHECK_STR(id.id, "x-2026-10"); /* a version is no part of the id */
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    test_names(a);
    test_names_of_files(a);
    test_versions(a);
    arena_free(a);
    return CHECK_DONE();
}
