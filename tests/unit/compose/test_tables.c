/* The tables of the manual, number by number, and the sentences about them. */
#include "fixture.h"

static const struct {
    const char *name, *group;
    size_t passed, failed;
    const char *score;
} agents[] = {
    {"CT101", "Servers", 146, 32, "82.02"},
    {"CT102", "Servers", 103, 87, "54.21"},
    {"CT103", "Network", 43, 209, "17.06"},
    {"CT104", "Network", 96, 102, "48.48"},
    {"DESKTOP-UUKUE87", "Servers", 3, 426, "0.7"},
    {"dani-Standard-PC-i440FX-PIIX-1996", "Applications", 9, 206, "4.19"},
};

enum { N_AGENTS = sizeof agents / sizeof *agents };

static size_t
group_of(struct arena *a, struct fleet *f, const char *name)
{
    for (size_t i = 0; i < f->groups.n; i++)
        if (str_eqc(f->groups.v[i].name, name))
            return i;
    return make_group(a, f, name);
}

/* Six agents with a scan each and one that is silent; scores lie by shift below the manual's. */
static struct fleet
manual_fleet(struct arena *a, int64_t end, size_t shift)
{
    struct fleet f = {0};
    size_t p = make_policy(a, &f, "cis_debian12", "1.0");
    make_checks(a, &f, p, 430, "Data Protection");
    for (size_t i = 0; i < N_AGENTS; i++) {
        size_t agent = make_agent(a, &f, str_c(agents[i].name), group_of(a, &f, agents[i].group));
        make_counted_scan(a, &f, agent, p, end, agents[i].passed - shift, agents[i].failed + shift);
        make_point(a, &f, agent, p, end, (int64_t)agents[i].passed, (int64_t)agents[i].failed);
    }
    size_t silent = make_agent(a, &f, STR("silent"), group_of(a, &f, "Applications"));
    f.agents.v[silent].last_seen = end - 60 * 86400;
    return f;
}

static void
test_top_agents(struct arena *a, const struct report *r)
{
    static const size_t order[] = {4, 5, 2, 3, 1, 0};
    const struct report_table *t = find_table(r, "top-agents");
    CHECK(t->rows.n == N_AGENTS);
    for (size_t i = 0; i < N_AGENTS && i < t->rows.n; i++) {
        const struct report_cell *score = find_cell(t, i, "score");
        CHECK_STR(find_cell(t, i, "agent")->text, agents[order[i]].name);
        CHECK(score->type == CELL_SCORE && score->value.decimals == 2);
        CHECK_STR(exact_text(a, &score->value), agents[order[i]].score);
        CHECK(find_cell(t, i, "passed")->n == (int64_t)agents[order[i]].passed);
        CHECK(find_cell(t, i, "failed")->n == (int64_t)agents[order[i]].failed);
        CHECK(find_cell(t, i, "rank")->n == (int64_t)i + 1);
    }
    CHECK_STR(t->notes.v[0], "6 of 7 agents in scope; score = passed ÷ (passed + failed); skipped "
                             "checks do not count.");
}

static void
test_scoring(struct arena *a, const struct report *r)
{
    const struct report_table *t = find_table(r, "scoring");
    CHECK(t->rows.n == N_AGENTS + 1);
    CHECK_STR(find_cell(t, 0, "agent")->text, "CT101");
    CHECK(find_cell(t, 0, "last_scan")->type == CELL_TIME);
    CHECK(t->rows.v[N_AGENTS].is_total);
    CHECK_STR(exact_digits(a, &find_cell(t, N_AGENTS, "score")->value), "34.44");
}

static void
test_checks(const struct report *r)
{
    const struct report_table *t = find_table(r, "checks-CT103");
    CHECK(t->rows.n == 252);
    CHECK_STR(find_cell(t, 0, "id")->text, "0");
    CHECK_STR(find_cell(t, 0, "title")->text, "Check 0");
    CHECK_STR(find_cell(t, 0, "category")->text, "Data Protection");
    CHECK(find_cell(t, 0, "status")->status == STATUS_PASS);
    CHECK(find_cell(t, 43, "status")->status == STATUS_FAIL);
    CHECK(count_texts(r, "178 checks of the policy have no result in this scan.") == 1);
    t = find_table(r, "checks-DESKTOP-UUKUE87-2"); /* the worst two, failed only */
    CHECK(t->rows.n == 426);
}

static void
test_sentences(struct arena *a)
{
    struct fleet now = manual_fleet(a, period_day_start(2023, 9, 21) + 33900, 0);
    struct fleet before = manual_fleet(a, period_day_start(2023, 8, 21), 2);
    struct definition d = all_sections(a);
    struct compose_input in = new_input(&d, &now, load_lang(a, "en"));
    struct report r;
    compose_report(&in, a, &r);
    test_top_agents(a, &r);
    test_scoring(a, &r);
    const struct report_table *groups = find_table(&r, "scope-groups");
    CHECK(groups->rows.n == 3 && find_cell(groups, 0, "assessed")->n == 3);
    CHECK(find_cell(groups, 2, "assessed")->n == 1 && find_cell(groups, 2, "assessed")->of == 2);
    test_checks(&r);
    CHECK_STR(r.lead, "6 of 7 enrolled agents were assessed in September 2023. The average score "
                      "is 34.4 %. The lowest is DESKTOP-UUKUE87 with 0.7 %.");
    CHECK_STR(r.subtitle, "All groups · September 2023");
    CHECK(count_texts(&r, "keeps its last known state between scans") >= 2);
    in.previous = &before;
    compose_report(&in, a, &r);
    CHECK_STR(r.lead, "6 of 7 enrolled agents were assessed in September 2023. The average score "
                      "is 34.4 %, 0.9 points above August 2023. The lowest is DESKTOP-UUKUE87 with "
                      "0.7 %.");
    CHECK(count_texts(&r, "▲ 0.9 points since August 2023") == 1);
    CHECK(count_texts(&r, "▼ 12 fewer than in August 2023") == 1);
    CHECK(count_texts(&r, "12 fixed, 0 seen for the first time, 0 no longer checked") == 1);
    in.lang = load_lang(a, "ja");
    compose_report(&in, a, &r);
    CHECK_STR(r.lead,
              "2023年9月は、登録エージェント7台のうち6台を監査しました。平均スコアは34.4%で、"
              "2023年8月から0.9ポイント上昇しました。最も低いのはDESKTOP-UUKUE87の0.7%です。");
}

static const struct {
    int number;
    size_t passed, failed;
    int pct;
} categories[] = {{1, 89, 176, 34}, {5, 78, 193, 29}, {4, 21, 126, 14},
                  {3, 20, 118, 14}, {2, 14, 46, 23},  {9, 6, 20, 23},
                  {8, 0, 20, 0},    {6, 92, 16, 85},  {7, 8, 14, 36}};

enum { N_CATEGORIES = sizeof categories / sizeof *categories };

/* One host whose checks fall into the manual's categories; 31 more were not applicable. */
static struct fleet
category_fleet(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "Servers"), p = make_policy(a, &f, "cis", "1"), n = 0;
    char *letters = (char *)arena_alloc(a, 2000);
    for (size_t i = 0; i < N_CATEGORIES; i++) {
        size_t skipped = categories[i].number == 6 ? 31 : 0;
        size_t all = categories[i].passed + categories[i].failed + skipped;
        make_checks(a, &f, p, all, scan_category_name(categories[i].number).s);
        memset(letters + n, 'N', all);
        memset(letters + n, 'P', categories[i].passed);
        memset(letters + n + categories[i].passed, 'F', categories[i].failed);
        n += all;
    }
    make_scan(a, &f, make_agent(a, &f, STR("CT103"), g), p, period_day_start(2023, 9, 21), letters);
    return f;
}

static void
test_category_summary(const struct report *r, const struct lang *l, struct arena *a)
{
    const struct report_table *t = find_table(r, "category-shares");
    int64_t last = INT64_MAX;
    CHECK(t->rows.n == N_CATEGORIES + 1);
    for (size_t i = 0; i < N_CATEGORIES; i++) {
        struct str name = lang_get(l, arena_fmt(a, "category.%d", categories[i].number).s);
        CHECK(find_cell(t, i, "failed")->n <= last);
        last = find_cell(t, i, "failed")->n;
        for (size_t k = 0; k < N_CATEGORIES; k++) {
            if (!str_eq(find_cell(t, k, "category")->text, name))
                continue;
            CHECK(find_cell(t, k, "passed")->n == (int64_t)categories[i].passed);
            CHECK(find_cell(t, k, "failed")->n == (int64_t)categories[i].failed);
            CHECK(find_cell(t, k, "score")->value.units == categories[i].pct);
            CHECK(find_cell(t, k, "score")->value.decimals == 0);
        }
    }
    CHECK(t->rows.v[N_CATEGORIES].is_total && find_cell(t, N_CATEGORIES, "passed")->n == 328);
    CHECK(find_cell(t, N_CATEGORIES, "score")->value.units == 31);
}

static void
test_categories(struct arena *a)
{
    struct fleet f = category_fleet(a);
    struct definition d = new_definition();
    add_section(a, &d, "category-pie")->category = -1;
    add_section(a, &d, "top-categories")->n = 8;
    struct definition_section *pie = add_section(a, &d, "category-pie");
    pie->category = 6;
    pie->with_skipped = true;
    struct compose_input in = new_input(&d, &f, load_lang(a, "en"));
    struct report r;
    compose_report(&in, a, &r);
    test_category_summary(&r, in.lang, a);
    const struct report_table *t = find_table(&r, "top-categories");
    CHECK(t->rows.n == 8 && find_cell(t, 0, "category_id")->n == 5);
    CHECK(find_cell(t, 0, "failed_checks")->n == 193 &&
          find_cell(t, 0, "failed_checks")->of == 271);
    CHECK_STR(t->notes.v[0], "8 of 9 categories with failures; the id is the number of the CIS "
                             "Control (v8). Total failed is of all checks that passed or failed.");
    CHECK(count_texts(&r, "Access Control Management: 85 % of what was checked passes") == 1);
    t = find_table(&r, "category-pie");
    CHECK(t->rows.n == 4 && find_cell(t, 0, "checks")->n == 92 &&
          find_cell(t, 0, "share")->value.units == 66);
    CHECK(find_cell(t, 1, "share")->value.units == 12 && find_cell(t, 2, "share")->value.units == 22);
    CHECK(find_cell(t, 3, "checks")->n == 139 && t->rows.v[3].is_total);
    CHECK_STR(r.scope, "All groups"); /* as it was asked for, however many there are */
}

/* The brief case of the manual's agent view: 10 passed, 2 failed, 192 not applied. */
static void
test_not_applicable(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "cis", "1");
    make_checks(a, &f, p, 204, "");
    char letters[205] = {0};
    memset(letters, 'N', 204);
    memset(letters, 'P', 10);
    memset(letters + 10, 'F', 2);
    make_scan(a, &f, make_agent(a, &f, STR("x"), g), p, period_day_start(2023, 9, 21), letters);
    struct definition d = new_definition();
    add_section(a, &d, "dashboard");
    add_section(a, &d, "scope");
    struct compose_input in = new_input(&d, &f, load_lang(a, "en"));
    struct report r;
    compose_report(&in, a, &r);
    CHECK_STR(r.sections.v[0].blocks.v[1].figures.v[0].value, "83.3 %");
    CHECK(count_texts(&r, "192 of 204 (94 %)") == 1);
}

/* Failures before + what changed = failures now, also with an agent that sends counts only and with one
 * that has left. */
static void
test_changes_add_up(struct arena *a)
{
    struct fleet before = {0}, now = {0}, *both[] = {&before, &now};
    static const char *const letters[2][2] = {{"PPFFFNN.F", "FFFFFFFFF"}, {"PFPFNFPFW", "PPPPPPPPF"}};
    for (int i = 0; i < 2; i++) {
        size_t g = make_group(a, both[i], ""), p = make_policy(a, both[i], "cis", "1");
        make_checks(a, both[i], p, 9, "");
        int64_t t = period_day_start(2023, 8 + i, 21);
        make_scan(a, both[i], make_agent(a, both[i], STR("one"), g), p, t, letters[i][0]);
        size_t counts = make_agent(a, both[i], STR("counts"), g);
        make_scan(a, both[i], counts, p, t, letters[i][1]);
        both[i]->scans.v[both[i]->scans.n - 1].vec = NULL;
        both[i]->scans.v[both[i]->scans.n - 1].n_vec = 0;
        if (i == 0)
            make_scan(a, &before, make_agent(a, &before, STR("left"), g), p, t, "FFPPPPPPP");
    }
    size_t newer = make_policy(a, &now, "cis", "2"); /* one policy, whatever its version */
    make_checks(a, &now, newer, 9, "");
    make_scan(a, &now, make_agent(a, &now, STR("two"), 0), newer, period_day_start(2023, 9, 21), "PPPPPPPPP");
    struct definition d = new_definition();
    add_section(a, &d, "dashboard");
    add_section(a, &d, "evolution");
    struct compose_input in = new_input(&d, &now, load_lang(a, "en"));
    in.previous = &before;
    struct report r;
    compose_report(&in, a, &r);
    const struct report_table *t = find_table(&r, "changes");
    static const int64_t want[] = {15, 1, -1, 2, -4, -8, 5};
    CHECK(t->rows.n == sizeof want / sizeof *want);
    for (size_t i = 0; i < t->rows.n && i < sizeof want / sizeof *want; i++)
        CHECK(find_cell(t, i, "failed")->n == want[i]);
    CHECK_STR(r.sections.v[0].blocks.v[1].figures.v[3].detail,
              "1 fixed, 2 seen for the first time, 4 no longer checked; -8 not told check by check");
    CHECK(count_texts(&r, "1 agent sent counts only: it is in the scores and in the failed checks, but not in the "
                          "lists of checks and categories.") == 1);
    bool found = false;
    for (size_t i = 0; i < r.control.n; i++)
        if (str_eqc(r.control.v[i].label, "Criteria")) {
            found = true;
            CHECK_STR(r.control.v[i].value, "cis benchmark (1 and 2; 2 agents); counts only, not check by check (1 scan)");
        }
    CHECK(found);
}

/* Days are local: in Tokyo the first of September begins on 31 August, 15:00 UTC. */
static void
test_local_days(struct arena *a)
{
    struct definition d = new_definition();
    add_section(a, &d, "evolution");
    struct fleet f = manual_fleet(a, 1693494000 + 86400, 0); /* 2023-09-02 00:00 in Tokyo */
    struct compose_input in = new_input(&d, &f, load_lang(a, "en"));
    struct report r;
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    in.identity.period = period_around(PERIOD_MONTH, 1693494000);
    compose_report(&in, a, &r);
    const struct report_table *t = find_table(&r, "evolution");
    CHECK(in.identity.period.from == 1693494000 && t->rows.n == 2);
    /* nothing is known of the first day; from the second on nothing changes */
    CHECK_STR(clock_date(a, find_cell(t, 0, "day")->n), "2023-09-01");
    CHECK_STR(clock_date(a, find_cell(t, 0, "until")->n), "2023-09-01");
    CHECK_STR(clock_date(a, find_cell(t, 1, "day")->n), "2023-09-02");
    CHECK_STR(clock_date(a, find_cell(t, 1, "until")->n), "2023-09-30");
    CHECK(find_cell(t, 0, "mean_passed")->null && !find_cell(t, 1, "mean_passed")->null);
    CHECK(fabs(find_cell(t, 1, "mean_passed")->value.value - 400.0 / 6) < 1e-9);
    CHECK_STR(r.control.v[1].value, "1 September 2023 – 30 September 2023 (UTC+09:00)");
    in.now = in.identity.period.from + 10 * 86400 + 60; /* a running period ends today */
    compose_report(&in, a, &r);
    t = find_table(&r, "evolution");
    CHECK_STR(clock_date(a, find_cell(t, t->rows.n - 1, "until")->n), "2023-09-11");
}

int
main(void)
{
    struct arena *a = arena_new();
    test_sentences(a);
    test_categories(a);
    test_not_applicable(a);
    test_changes_add_up(a);
    test_local_days(a);
    arena_free(a);
    return CHECK_DONE();
}
