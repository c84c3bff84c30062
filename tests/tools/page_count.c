/* Writes the monthly report of a made fleet of AGENTS as a PDF to FILE, with as many files received and with
 * what fills pages: silent agents, aliases of others, several results for a second, findings. For
 * tests/e2e/report/pages.sh, which counts the pages. usage: page_count AGENTS FILE */
#include <stdio.h>
#include <stdlib.h>

#include "compose/compose.h"
#include "make_fleet.h"
#include "render/render.h"
#include "settings/definition.h"
#include "settings/texts.h"

enum { CHECKS = 250, POLICIES = 6, DAY = 86400 };

static struct fleet
make(struct arena *a, size_t n, int64_t from)
{
    struct fleet f = {0};
    char letters[CHECKS + 1] = {0};
    for (size_t g = 0; g < 5 + n / 100; g++)
        make_group(a, &f, arena_fmt(a, "Group %zu", g).s);
    for (size_t p = 0; p < POLICIES; p++) {
        make_policy(a, &f, arena_fmt(a, "policy%zu", p / 2).s, p % 2 ? "2" : "1");
        make_checks(a, &f, p, CHECKS, p % 2 ? "4" : "5");
    }
    for (size_t i = 0; i < n; i++) {
        struct str name = arena_fmt(a, "host%06zu.example.net", i);
        size_t agent = make_agent(a, &f, name, i % f.groups.n), p = i % POLICIES;
        int64_t t = from + (int64_t)(i * 28 / n) * DAY; /* points come in order of time */
        if (i % 10 == 9)
            continue; /* silent */
        for (size_t k = 0; k < CHECKS; k++)
            letters[k] = (i * 7 + k * 13) % 11 < 3 ? 'F' : 'P';
        struct fleet_scan *s = make_scan(a, &f, agent, p, t, letters);
        s->partial = i % 50 == 7;
        make_point(a, &f, agent, p, t, 180, 70);
        if (i % 20 == 3) {
            f.agents.v[agent].namesake = NAMESAKE_ALIAS_SHARED;
            f.agents.v[agent].alias = f.agents.v[agent].other = STR("other");
        }
        for (unsigned k = 0; i % 30 == 4 && k < 2; k++)
            *VEC_PUSH(a, &f.revisions) = (struct fleet_revision){.agent = agent,
                                                                 .policy_id = STR("policy0"),
                                                                 .policy_title = STR("Policy"),
                                                                 .profile = STR(""),
                                                                 .end = t,
                                                                 .number = k,
                                                                 .passed = 1,
                                                                 .file = STR("f.xml")};
    }
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(a, &f.inputs) = (struct fleet_input){.kind = i % 50 ? RECEIPT_STORED : RECEIPT_REJECTED,
                                                       .name = arena_fmt(a, "host%06zu.xml", i),
                                                       .format = STR("xccdf"),
                                                       .reason = i % 50 ? STR("") : STR("cut off"),
                                                       .host = STR("collector"),
                                                       .custody = STR("listed"),
                                                       .size = 100000 + (int64_t)i,
                                                       .received = from + (int64_t)(i % 28) * DAY,
                                                       .n_scans = i % 50 > 0};
    for (size_t i = 0; i < n && i < 1000; i += 10)
        *VEC_PUSH(a, &f.warnings) = (struct diag_note){
            DIAG_WARN_DATA, arena_fmt(a, "rule %zu", i), STR("the scanner gave no severity")};
    return f;
}

int
main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct definition def;
    struct lang *lang;
    const struct definition_choices choices = {.sections = section_types, .output_at = render_name};
    size_t n = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    if (n == 0 || definition_load("hardening-monthly", NULL, &choices, a, &def, &d) != 0 ||
        texts_load(STR("en"), NULL, a, &lang, &d) != 0)
        return 64;
    struct period period = period_around(PERIOD_MONTH, 1790000000);
    struct fleet now = make(a, n, period.from), before = make(a, n, period_previous(period).from);
    struct compose_input in = {.definition = &def,
                               .fleet = &now,
                               .previous = &before,
                               .lang = lang,
                               .now = period.to,
                               .tool = STR("assay"),
                               .generated_by = STR("test"),
                               .audit_seq = -1};
    in.identity.period = period;
    in.identity.id = STR("monthly");
    in.identity.version = STR("1");
    struct report r;
    struct render_files files = {0};
    struct render_options o = {.paper = STR("a4"), .file_stem = STR("monthly"), .csv_formula_guard = true};
    compose_report(&in, a, &r);
    if (render_find(STR("pdf"))->write(&r, &o, a, &files, &d) != 0) {
        fprintf(stderr, "%s\n", diag_text(&d).s);
        return 70;
    }
    for (size_t i = 0; i < files.files.n; i++) {
        const struct render_file *f = &files.files.v[i];
        FILE *out = str_ends(f->name, ".pdf") ? fopen(argv[2], "wb") : NULL;
        if (out && (fwrite(f->bytes.s, 1, f->bytes.len, out) != f->bytes.len || fclose(out) != 0))
            return 74;
        printf("%.*s %zu\n", STR_ARG(f->name), f->bytes.len);
    }
    arena_free(a);
    return 0;
}
