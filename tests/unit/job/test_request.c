/* request.c: what definition, command line and settings come to; the built-in definitions with the
 * program's own sections and formats. */
#include "job/request.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "check.h"

enum { NOW = 1795600000 }; /* 2026-11-25 */

static char dir[64];

static struct config
settings(void)
{
    return (struct config){.templates_dir = str_c(dir),
                           .organisation = STR("Ours"),
                           .classification = STR("Internal"),
                           .language = STR("ja"),
                           .paper = STR("letter")};
}

static void
write_definition(struct arena *a, const char *name, const char *text)
{
    struct diag d = diag_init(a);
    struct str path = arena_fmt(a, "%s/reports/%s.json", dir, name);
    CHECK(file_write_atomic(path.s, str_c(text), 0600, &d) == 0);
}

/* What the request comes to; def may be NULL. */
static struct report_identity
settle(struct arena *a, struct report_request q, struct definition *def)
{
    struct diag d = diag_init(a);
    struct config c = settings();
    struct definition one;
    struct report_identity id = {0};
    int rc = request_settle(&q, &c, a, def ? def : &one, &id, &d);
    CHECK(rc == 0 && !diag_failed(&d));
    return id;
}

static void
test_built_in(struct arena *a)
{
    static const char *const names[] = {"agent-detail", "hardening-executive", "hardening-monthly"};
    for (size_t i = 0; i < 3; i++) {
        struct definition def;
        struct report_identity id = settle(
            a, (struct report_request){.definition = names[i], .agent = i ? NULL : "web01"}, &def);
        CHECK_STR(id.definition, names[i]);
        CHECK(def.sections.n >= 4 && definition_wants_output(&def, "pdf"));
        CHECK(def.period == PERIOD_MONTH && def.scheduled == (i == 2));
        CHECK_STR(id.period_key, "2026-10");
        CHECK_STR(id.id, arena_fmt(a, "%s%s-2026-10", names[i], i ? "" : "-agent-web01").s);
    }
}

/* The settings say what the definition does not, the request stands before both. */
static void
test_precedence(struct arena *a)
{
    static const char *const wanted[] = {"g3"};
    struct definition def;
    write_definition(a, "silent", "{\"sections\": [{\"type\": \"scope\"}]}");
    write_definition(
        a, "full",
        "{\"sections\": [{\"type\": \"scope\"}], \"organisation\": \"Site\","
        "\"classification\": \"Secret\", \"language\": \"en\", \"paper\": \"a4\","
        "\"period\": \"week\", \"groups\": [\"g1\", \"g2\"], \"outputs\": [\"json\"]}");
    struct report_identity id = settle(a, (struct report_request){.definition = "silent"}, &def);
    CHECK_STR(def.organisation, "Ours");
    CHECK_STR(def.classification, "Internal");
    CHECK_STR(def.paper, "letter");
    CHECK_STR(id.language, "ja");
    CHECK(id.scope.n_groups == 0 && !id.scope.agent);
    id = settle(a, (struct report_request){.definition = "full"}, &def);
    CHECK_STR(def.organisation, "Site");
    CHECK_STR(def.classification, "Secret");
    CHECK_STR(def.paper, "a4");
    CHECK_STR(id.language, "en");
    CHECK_STR(id.period_key, "2026-W47");
    CHECK(id.scope.n_groups == 2 && str_eqc(id.scope.groups[1], "g2"));
    CHECK(def.outputs.n == 1 && definition_wants_output(&def, "json"));
    id = settle(a,
                (struct report_request){.definition = "full",
                                        .language = "ja",
                                        .agent = "web01",
                                        .period = "2026-Q3",
                                        .groups = wanted,
                                        .n_groups = 1,
                                        .formats = "pdf, csv"},
                &def);
    CHECK_STR(id.language, "ja");
    CHECK_STR(id.id, "full-groups-g3-agent-web01-2026-Q3");
    CHECK(id.scope.n_groups == 1 && str_eqc(id.scope.groups[0], "g3"));
    CHECK(strcmp(id.scope.agent, "web01") == 0);
    CHECK(def.outputs.n == 2 && definition_wants_output(&def, "pdf") &&
          definition_wants_output(&def, "csv"));
}

static void
test_errors(struct arena *a)
{
    static const struct {
        struct report_request q;
        enum diag_code code;
        const char *says;
    } cases[] = {
        {{.definition = "none"}, DIAG_CONFIG, "no report definition \"none\""},
        {{.definition = "hardening-monthy"},
         DIAG_CONFIG,
         "no report definition \"hardening-monthy\"; the nearest is \"hardening-monthly\""},
        {{.definition = "hardening-monthly", .language = "jp"},
         DIAG_USAGE,
         "no language \"jp\"; there is: en, ja"},
        {{.definition = "hardening-monthly", .reason = " "}, DIAG_USAGE, "--reason wants a text"},
        {{.definition = "hardening-monthly", .reason = "a\nb"},
         DIAG_USAGE,
         "--reason wants a text"},
        {{.definition = "agent-detail"}, DIAG_USAGE, "agent-detail is about one agent"},
        {{.definition = "hardening-monthly", .period = "2027-01"},
         DIAG_USAGE,
         "period \"2027-01\" has not begun"},
        {{.definition = "hardening-monthly", .period = "2027-W53"},
         DIAG_USAGE,
         "period \"2027-W53\": want"},
        {{.definition = "hardening-monthly", .period = "soon"},
         DIAG_USAGE,
         "period \"soon\": want"},
        {{.definition = "hardening-monthly", .formats = "pdf,doc"},
         DIAG_USAGE,
         "no output format \"doc\""},
        {{.definition = "hardening-monthly", .formats = "doc", .period = "soon"},
         DIAG_USAGE,
         "no output format \"doc\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = diag_init(a);
        struct config c = settings();
        struct definition def = {.scheduled = true};
        struct report_identity id = {.language = STR("untouched")};
        CHECK(request_settle(&cases[i].q, &c, a, &def, &id, &d) == -1);
        CHECK(d.first.code == cases[i].code && str_find(d.first.text, cases[i].says) == 0);
        CHECK(def.scheduled && str_eqc(id.language, "untouched"));
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    setenv("TZ", "UTC", 1);
    tzset();
    env_set_now(NOW);
    snprintf(dir, sizeof dir, "/tmp/assay-test-request-%ld", (long)getpid());
    CHECK(file_mkdirs(arena_fmt(a, "%s/reports", dir).s, 0700, &d) == 0);
    test_built_in(a);
    test_precedence(a);
    test_errors(a);
    static const char *const files[] = {"reports/silent.json", "reports/full.json", "reports", ""};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        CHECK(remove(file_join(a, dir, files[i]).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
