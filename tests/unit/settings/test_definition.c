/* definition.c: the built-in definitions, every option, and the message of every error. */
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "settings/definition.h"

static char dir[64];

/* Both lists are the caller's: these outputs are no renderer's names, and the sections take what is
 * tried here. */
static const char *
output_at(size_t i)
{
    static const char *const names[] = {"paper", "screen", "table", NULL};
    CHECK(i < 4);
    return names[i];
}

static const struct section_type sections[] = {
    {.word = "list",
     .options = TAKES_N | TAKES_FILTER | TAKES_CATEGORY | TAKES_STATUSES | TAKES_EVIDENCE |
                TAKES_REMEDIATION},
    {.word = "pie", .options = TAKES_CATEGORY | TAKES_EACH_CATEGORY | TAKES_SKIPPED},
    {.word = "top", .options = TAKES_N, .n = 10},
    {.word = "plain"},
    {0},
};

static const struct definition_choices choices = {.sections = sections, .output_at = output_at};

static const char *
write_file(struct arena *a, const char *name, const char *text)
{
    struct diag d = diag_init(a);
    struct str path = file_join(a, dir, name);
    CHECK(file_write_atomic(path.s, str_c(text), 0600, &d) == 0);
    return path.s;
}

/* What the three that are built in hold is tried with the program's own lists: unit/job. */
static void
test_list(struct arena *a)
{
    static const char *const names[] = {"agent-detail", "hardening-executive", "hardening-monthly"};
    struct str *found;
    size_t n;
    struct diag d = diag_init(a);
    CHECK(definition_list(NULL, a, &found, &n, &d) == 0 && n == 3);
    for (size_t i = 0; i < 3 && i < n; i++)
        CHECK_STR(found[i], names[i]);
    CHECK(!diag_failed(&d));
}

/* Each option is known to exactly the sections whose row says so. */
static void
test_who_takes_what(struct arena *a)
{
    static const struct {
        const char *member;
        unsigned takes;
    } cases[] = {{"\"title\": \"x\"", 0},
                 {"\"n\": 1", TAKES_N},
                 {"\"groups\": []", TAKES_FILTER},
                 {"\"agent\": \"x\"", TAKES_FILTER},
                 {"\"policy\": \"x\"", TAKES_FILTER},
                 {"\"category\": 1", TAKES_CATEGORY},
                 {"\"category\": \"each\"", TAKES_EACH_CATEGORY},
                 {"\"statuses\": []", TAKES_STATUSES},
                 {"\"ignore_skipped\": true", TAKES_SKIPPED},
                 {"\"evidence\": true", TAKES_EVIDENCE},
                 {"\"remediation\": true", TAKES_REMEDIATION}};
    for (const struct section_type *t = sections; t->word; t++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct definition def;
            struct diag d = diag_init(a);
            bool known = !cases[i].takes || t->options & cases[i].takes;
            const char *text =
                arena_fmt(a, "{\"sections\": [{\"type\": \"%s\", %s}]}", t->word, cases[i].member)
                    .s;
            int rc = definition_load(write_file(a, "one.json", text), NULL, &choices, a, &def, &d);
            CHECK(rc == (known ? 0 : -1));
            CHECK(rc != 0 || def.sections.v[0].type == t);
            CHECK(rc == 0 || str_find(d.first.text, "no such option") > 0 ||
                  str_find(d.first.text, "want 1..18 or \"all\", got \"each\"") > 0);
        }
    }
}

static void
test_all_options(struct arena *a)
{
    static const char text[] =
        "{\"title\": \"T\", \"organisation\": \"O\", \"classification\": \"C\", \"language\": "
        "\"ja\","
        "\"period\": \"weekly\", \"scheduled\": true, \"paper\": \"letter\","
        "\"groups\": [\"a\", \"b\"], \"outputs\": [\"table\", \"screen\", \"table\"], "
        "\"sections\": ["
        "{\"type\": \"list\", \"title\": \"X\", \"n\": 3, \"groups\": [\"g\"], \"agent\": \"h\","
        "\"policy\": \"p\", \"category\": 18, \"statuses\": [\"failed\", \"waived\"],"
        "\"evidence\": true, \"remediation\": true},"
        "{\"type\": \"pie\", \"category\": \"each\", \"ignore_skipped\": false},"
        "{\"type\": \"top\"}, {\"type\": \"pie\", \"category\": \"all\"}]}";
    struct definition def;
    struct diag d = diag_init(a);
    CHECK(definition_load(write_file(a, "full.json", text), NULL, &choices, a, &def, &d) == 0);
    CHECK_STR(def.name, "full");
    CHECK_STR(def.title, "T");
    CHECK_STR(def.language, "ja");
    CHECK(def.period == PERIOD_WEEK && def.scheduled && def.groups.n == 2);
    CHECK(!definition_wants_output(&def, "paper") && definition_wants_output(&def, "screen"));
    CHECK(definition_wants_output(&def, "table") && !definition_wants_output(&def, "tab"));
    const struct definition_section *s = def.sections.v;
    CHECK(s[0].type == &sections[0] && s[0].n == 3 && s[0].groups.n == 1 && s[0].category == 18);
    CHECK(s[0].statuses == (1u << CLASS_FAILED | 1u << CLASS_WAIVED));
    CHECK(s[0].with_evidence && s[0].with_remediation);
    CHECK(s[1].category == -1 && s[1].with_skipped);
    CHECK(s[2].n == 10 && s[3].category == 0 && !s[3].with_skipped);
}

/* A schedule makes a definition one that is scheduled, unless it says that it is not. */
static void
test_schedule(struct arena *a)
{
    static const char text[] =
        "{\"schedule\": \"Mon..Fri 07:00\", \"zone\": \"UTC\", \"latest_only\": true,"
        "\"sections\": [{\"type\": \"list\"}]}";
    static const char paused[] = "{\"schedule\": \"Mon..Fri 07:00\", \"scheduled\": false, "
                                 "\"sections\": [{\"type\": \"list\"}]}";
    static const char lost[] =
        "{\"zone\": \"Europe/../Berlin\", \"sections\": [{\"type\": \"list\"}]}";
    struct definition def;
    struct diag d = diag_init(a);
    CHECK(definition_load(write_file(a, "s.json", text), NULL, &choices, a, &def, &d) == 0);
    CHECK(def.scheduled && def.latest_only);
    CHECK_STR(def.schedule, "Mon..Fri 07:00");
    CHECK_STR(def.zone, "UTC");
    CHECK(definition_load(write_file(a, "p.json", paused), NULL, &choices, a, &def, &d) == 0);
    CHECK(!def.scheduled && def.schedule.len && !def.zone.len);
    CHECK(definition_load(write_file(a, "l.json", lost), NULL, &choices, a, &def, &d) == -1);
    CHECK(str_find(d.first.text, "zone") == 0 && str_find(d.first.text, "Europe/../Berlin") > 0);
}

static void
test_errors(struct arena *a)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{\"sections\": [{\"type\": \"plain\"}, {\"type\": \"plain\"}, {\"type\": \"top\","
         " \"n\": \"ten\"}]}",
         "sections[2].n: want 1..1000, got \"ten\""},
        {"{\"sections\": [{\"type\": \"top\", \"n\": 0}]}", "sections[0].n: want 1..1000, got 0"},
        {"{\"sections\": [{\"type\": \"top\", \"n\": 1001}]}",
         "sections[0].n: want 1..1000, got 1001"},
        {"{\"sections\": [{\"type\": \"top\", \"rows\": 1}]}", "sections[0].rows: unknown member"},
        {"{\"sections\": [{\"type\": \"plain\", \"evidence\": true}]}",
         "sections[0].evidence: a \"plain\" section has no such option"},
        {"{\"sections\": [{\"type\": \"tops\"}]}",
         "sections[0].type: want a kind of section, e.g. \"top-agents\", got \"tops\""},
        {"{\"sections\": [{}]}",
         "sections[0].type: want a kind of section, e.g. \"top-agents\", got nothing"},
        {"{\"sections\": [7]}", "sections[0].type: want a section, an object, got 7"},
        {"{\"sections\": []}", "sections: want a list of 1..100 sections, got []"},
        {"{}", "sections: missing"},
        {"[]", "want one object"},
        {"{\"tittle\": \"x\"}", "tittle: unknown member; the nearest is \"title\""},
        {"{\"title\": 5}", "title: want a text, got 5"},
        {"{\"period\": \"fortnight\"}",
         "period: want day, week, month, quarter or year, got \"fortnight\""},
        {"{\"paper\": \"a3\"}", "paper: no paper \"a3\"; there is: a4, letter"},
        {"{\"scheduled\": 1}", "scheduled: want true or false, got 1"},
        {"{\"schedule\": \"*-*-32\"}",
         "schedule: \"*-*-32\" is no calendar expression: a date is written like *-*-01, "
         "2026-11-21 or *-02~01, the last day of "
         "February"},
        {"{\"schedule\": \"*-02-30 06:00\"}", "schedule: \"*-02-30 06:00\" never comes"},
        {"{\"schedule\": \"Mon 06:00 Europe/Berlin\"}",
         "schedule: the zone stands in a member of its own: \"zone\": \"Europe/Berlin\""},
        {"{\"schedule\": 6}", "schedule: want a text, got 6"},
        {"{\"latest_only\": \"yes\"}", "latest_only: want true or false, got \"yes\""},
        {"{\"schedule\": \"daily\", \"needs_agent\": true, \"sections\": [{\"type\": \"list\"}]}",
         "scheduled: a report that needs an agent is made by who names one"},
        {"{\"groups\": \"a\"}", "groups: want a list of names, got \"a\""},
        {"{\"groups\": [\"a\", 4]}", "groups[1]: want a list of names, got 4"},
        {"{\"outputs\": [\"paper\", \"pdf\"]}",
         "outputs[1]: want a list of paper, screen, table, got \"pdf\""},
        {"{\"outputs\": []}", "outputs: want a list of paper, screen, table, got []"},
        {"{\"sections\": [{\"type\": \"list\", \"statuses\": [\"ok\"]}]}",
         "sections[0].statuses[0]: no status \"ok\"; there is: passed, failed, skipped, waived"},
        {"{\"sections\": [{\"type\": \"list\", \"category\": \"each\"}]}",
         "sections[0].category: want 1..18 or \"all\", got \"each\""},
        {"{\"sections\": [{\"type\": \"pie\", \"category\": 19}]}",
         "sections[0].category: want 1..18, \"all\" or \"each\", got 19"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct definition def;
        struct diag d = diag_init(a);
        const char *path = write_file(a, "bad.json", cases[i].text);
        CHECK(definition_load(path, NULL, &choices, a, &def, &d) == -1);
        CHECK(d.first.code == DIAG_CONFIG);
        CHECK_STR(d.first.text, cases[i].want);
        CHECK_STR(d.first.place, path);
    }
}

static void
test_places(struct arena *a)
{
    struct definition def;
    struct diag d = diag_init(a);
    const char *path = write_file(a, "syntax.json", "{\n  \"title\": \"x\",\n  oops\n}");
    CHECK(definition_load(path, NULL, &choices, a, &def, &d) == -1);
    CHECK(str_find(d.first.place, "syntax.json:3:") >= 0);
    d = diag_init(a);
    CHECK(definition_load(write_file(a, "twice.json", "{\"title\": \"x\", \"title\": \"y\"}"), NULL,
                          &choices, a, &def, &d) == -1);
    d = diag_init(a);
    CHECK(definition_load("no-such-report", NULL, &choices, a, &def, &d) == -1);
    CHECK(str_find(d.first.text, "no report definition \"no-such-report\"") == 0);
    d = diag_init(a);
    CHECK(definition_load("/nonexistent/x.json", NULL, &choices, a, &def, &d) == -1);
}

/* The site's folder comes before the built-in definitions and adds to their list. */
static void
test_overlay(struct arena *a)
{
    struct diag d = diag_init(a);
    struct definition def;
    struct str *names;
    size_t n;
    CHECK(file_mkdirs(file_join(a, dir, "reports").s, 0700, &d) == 0);
    write_file(a, "reports/hardening-monthly.json",
               "{\"title\": \"Ours\", \"sections\": [{\"type\": \"plain\"}]}");
    write_file(a, "reports/zz.json", "{\"sections\": [{\"type\": \"plain\"}]}");
    CHECK(definition_load("hardening-monthly", dir, &choices, a, &def, &d) == 0);
    CHECK_STR(def.title, "Ours");
    CHECK(def.outputs.n == 1 && definition_wants_output(&def, "paper")); /* it names none */
    CHECK_STR(def.name, "hardening-monthly");
    CHECK(definition_list(dir, a, &names, &n, &d) == 0 && n == 4);
    CHECK_STR(names[3], "zz");
    /* behind the folder stand the built-in ones, whose sections these choices do not have */
    CHECK(definition_load("agent-detail", dir, &choices, a, &def, &d) == -1);
    CHECK(str_find(d.first.place, "templates/reports/agent-detail.json") == 0);
}

int
main(void)
{
    struct arena *a = arena_new();
    snprintf(dir, sizeof dir, "/tmp/assay-test-definition-%ld", (long)getpid());
    struct diag d = diag_init(a);
    CHECK(file_mkdirs(dir, 0700, &d) == 0);
    test_list(a);
    test_who_takes_what(a);
    test_all_options(a);
    test_schedule(a);
    test_errors(a);
    test_places(a);
    test_overlay(a);
    static const char *const files[] = {"full.json",
                                        "bad.json",
                                        "syntax.json",
                                        "twice.json",
                                        "one.json",
                                        "s.json",
                                        "p.json",
                                        "l.json",
                                        "reports/zz.json",
                                        "reports/hardening-monthly.json",
                                        "reports"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        CHECK(remove(file_join(a, dir, files[i]).s) == 0);
    CHECK(rmdir(dir) == 0);
    arena_free(a);
    return CHECK_DONE();
}
