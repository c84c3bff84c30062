/* Odd and hostile fleets: nothing crashes, nothing disappears, and "nothing evaluated" is said. */
#include "fixture.h"

static struct report
compose(struct arena *a, const struct fleet *f, const struct fleet *before, const char *code)
{
    struct definition d = all_sections(a);
    struct definition *kept = (struct definition *)arena_copy(a, &d, sizeof d);
    struct compose_input in = new_input(kept, f, load_lang(a, code));
    struct report r;
    in.previous = before;
    compose_report(&in, a, &r);
    CHECK(r.sections.n == d.sections.n);
    CHECK(count_texts(&r, "nan") == 0);
    return r;
}

/* Keys of tables are file names and anchors: unique and harmless. */
static void
check_keys(const struct report *r)
{
    for (const struct report_table *t = report_next_table(r, NULL); t;
         t = report_next_table(r, t)) {
        CHECK(strspn(t->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
              strlen(t->key));
        for (const struct report_table *u = report_next_table(r, t); u; u = report_next_table(r, u))
            CHECK(strcmp(t->key, u->key) != 0);
    }
}

/* What holds of nobody is no good news. */
static void
check_nothing_good(const struct report *r)
{
    static const char *const good[] = {"Every agent in scope was assessed",
                                       "No check failed",
                                       "All scans are complete",
                                       "none is missing",
                                       "No findings about",
                                       "say different things.",
                                       "score 50 % or more"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(count_texts(r, good[i]) == 0);
}

/* The scope is printed as it was asked for; sections that see less of it are told on the cover. */
static void
test_scope_line(struct arena *a)
{
    static const struct str groups[] = {STR("Servers"), STR("Network")};
    struct fleet f = {0};
    struct definition d = new_definition();
    struct report r;
    make_agent(a, &f, STR("one"), make_group(a, &f, "Servers"));
    add_section(a, &d, "scope");
    struct compose_input in = new_input(&d, &f, load_lang(a, "en"));
    in.identity.scope = (struct report_scope){.groups = groups, .n_groups = 2};
    compose_report(&in, a, &r);
    CHECK_STR(r.scope, "Groups: Servers and Network");
    CHECK(str_find(r.lead, "sections") < 0 && count_texts(&r, "Sections on a part of it") == 0);
    in.identity.scope = (struct report_scope){.agent = "nope", .policy = "cis"};
    add_section(a, &d, "top-checks")->agent = STR("one");
    compose_report(&in, a, &r);
    CHECK_STR(r.scope, "Agent nope · Policy cis");
    CHECK(str_find(r.lead, "1 of 2 sections covers a part of this scope only") >= 0);
    CHECK(count_texts(&r, "Sections on a part of it") == 1);
}

static void
test_empty(struct arena *a)
{
    struct fleet f = {0};
    struct report r = compose(a, &f, &f, "en");
    CHECK_STR(r.lead, "Nothing was assessed: no agent is in the scope of September 2023.");
    check_nothing_good(&r);
    CHECK(count_texts(&r, "No scan ended in the period.") > 0);
    check_keys(&r);
    compose(a, &f, NULL, "ja");
}

/* Agents, but no scan at all; and scans in which nothing applied. */
static void
test_nothing_evaluated(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "Servers"), p = make_policy(a, &f, "os", "1");
    size_t one = make_agent(a, &f, STR("one"), g);
    make_checks(a, &f, p, 5, "");
    struct report r = compose(a, &f, NULL, "en");
    CHECK_STR(r.lead, "Nothing was assessed: the 1 expected agent has no scan in September 2023.");
    check_nothing_good(&r);
    CHECK(find_table(&r, "scope-missing")->rows.n == 1);
    make_scan(a, &f, one, p, period_day_start(2023, 9, 2), "NNNNN");
    r = compose(a, &f, NULL, "en");
    CHECK_STR(r.lead, "The only enrolled agent was assessed in September 2023. Nothing was "
                      "evaluated: no check passed or failed.");
    CHECK(find_table(&r, "top-agents")->rows.n == 0);
    CHECK(find_table(&r, "top-agents")->empty.len > 0);
    CHECK(find_cell(find_table(&r, "scoring"), 0, "score")->null);
    CHECK(find_cell(find_table(&r, "groups"), 0, "score")->null);
    CHECK(count_texts(&r, "5 of 5 (100 %)") == 1);
}

static void
test_one_agent(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "Servers"), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 2, "Data Protection");
    size_t one = make_agent(a, &f, STR("one"), g);
    make_scan(a, &f, one, p, period_day_start(2023, 9, 2), "PP");
    make_point(a, &f, one, p, period_day_start(2023, 9, 2), 2, 0);
    struct report r = compose(a, &f, &f, "en");
    CHECK_STR(r.lead,
              "The only enrolled agent was assessed in September 2023. The average score is "
              "100.0 %, unchanged since August 2023.");
    CHECK(find_table(&r, "top-checks")->rows.n == 0);
    CHECK_STR(find_table(&r, "top-checks")->empty, "No check failed.");
    CHECK(count_texts(&r, "The only agent with a score has 50 % or more") > 0);
}

static void
test_names(struct arena *a)
{
    enum { MEGABYTE = 1 << 20 };
    static const char *const names[] = {"<script>alert(1)</script>",
                                        "=cmd|' /C calc'!A0",
                                        "\xe2\x80\xaegnp.exe",
                                        "a\nb\tc\x01",
                                        "{n}[x]",
                                        "\xff\xfe",
                                        "サーバー一号",
                                        "サーバー二号",
                                        ""};
    struct fleet f = {0};
    size_t p = make_policy(a, &f, "os</table>", "");
    struct str title = {.s = arena_alloc(a, MEGABYTE + 1), .len = MEGABYTE};
    memset((char *)title.s, 'x', MEGABYTE);
    make_check(a, &f, p, STR("1"), title, STR("\xe2\x80\xae<b>category"));
    make_check(a, &f, p, STR("=2+3"), STR("\x1b[31mred"), STR("{category}"));
    f.policies.v[p].checks.v[0].remediation = STR("rm -rf /\n<img src=x>");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t agent = make_agent(a, &f, str_c(names[i]), make_group(a, &f, names[i]));
        struct fleet_scan *s = make_scan(a, &f, agent, p, period_day_start(2023, 9, 2), "FP");
        s->evidence = ARENA_ARRAY(a, struct str, 2);
        s->evidence[0] = STR("</td>\x07");
        s->evidence[1] = STR("");
    }
    *VEC_PUSH(a, &f.warnings) =
        (struct diag_note){.code = DIAG_WARN_TEXT, .place = STR("x\ny"), .text = STR("<script>")};
    *VEC_PUSH(a, &f.inputs) = (struct fleet_input){.name = STR("../../etc/passwd"),
                                                   .format = STR("?"),
                                                   .kind = RECEIPT_KNOWN,
                                                   .reason = STR("\x9b"),
                                                   .host = STR("h")};
    struct report r = compose(a, &f, NULL, "en");
    check_keys(&r);
    CHECK(find_cell(find_table(&r, "top-checks"), 0, "check")->text.len == MEGABYTE);
    CHECK(find_table(&r, "scoring")->rows.n == sizeof names / sizeof *names + 1);
    CHECK(r.lead.len < 1000 && str_find(r.lead, "\n") < 0);
    /* Sentences show a bidi override as its code point; tables carry the name as it is. */
    CHECK(count_texts(&r, "⟨U+202E⟩gnp.exe") > 0);
    CHECK(r.sections.v[0].blocks.v[0].text.len < 2000);
    compose(a, &f, &f, "ja");
}

/* Of the agents' rows of a table only that of the named one says that it is incomplete. */
static void
check_flagged(const struct report *r, const char *table, const char *agent)
{
    const struct report_table *t = find_table(r, table);
    for (size_t i = 0; i < t->rows.n; i++) {
        const struct report_row *row = &t->rows.v[i];
        bool is_his = !row->is_total && str_eqc(find_cell(t, i, "agent")->text, agent);
        CHECK(row->notes.n == is_his);
        CHECK(!is_his || (strcmp(row->notes.v[0].key, "scan") == 0 &&
                          str_starts(row->notes.v[0].text, "incomplete")));
    }
}

/* Scans with counts only, partial scans, and vectors shorter than the policy. */
static void
test_partial(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "g"), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 5, "Data Protection");
    int64_t t = period_day_start(2023, 9, 2);
    make_scan(a, &f, make_agent(a, &f, STR("short"), g), p, t, "PF")->partial = true;
    struct fleet_scan *s = make_empty_scan(a, &f, make_agent(a, &f, STR("counts"), g), p, t);
    s->score_only = s->zone_assumed = true;
    s->counts[STATUS_PASS] = 3;
    s->counts[STATUS_FAIL] = 1;
    make_scan(a, &f, make_agent(a, &f, STR("late"), g), p, t, "PPPPP")->end_assumed = true;
    struct report r = compose(a, &f, NULL, "en");
    CHECK(find_table(&r, "quality-scans")->rows.n == 3);
    CHECK(find_table(&r, "top-agents")->rows.n == 3);
    CHECK(count_texts(&r, "This scan came with counts only: it has no list of checks.") == 2);
    CHECK(count_texts(&r, "The newest scan of 1 agent is incomplete") > 0);
    CHECK(count_texts(&r, "incomplete: it does not cover the whole policy") >= 3);
    check_flagged(&r, "top-agents", "short");
    check_flagged(&r, "scoring", "short");
    check_keys(&r);
}

/* Several results of one second are named beside each other, in every language; and what came late or
 * is dated ahead of the clock. */
static void
test_revisions(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "g"), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 2, "Data Protection");
    int64_t t = period_day_start(2023, 9, 2);
    size_t agent = make_agent(a, &f, STR("twice"), g);
    struct fleet_scan *s = make_scan(a, &f, agent, p, t, "PF");
    s->received = period_day_start(2023, 10, 1);
    make_scan(a, &f, make_agent(a, &f, STR("ahead"), g), p, t, "PP")->ahead = true;
    for (unsigned i = 0; i < STANDING__COUNT; i++)
        *VEC_PUSH(a, &f.revisions) = (struct fleet_revision){.agent = agent,
                                                             .policy_id = STR("os"),
                                                             .policy_title = STR("os benchmark"),
                                                             .profile = STR(""),
                                                             .end = t,
                                                             .number = i + 1,
                                                             .standing = (enum standing)i,
                                                             .passed = 1,
                                                             .failed = (int64_t)i,
                                                             .file = STR("<b>x.xml")};
    static const char *const languages[] = {"en", "ja"};
    for (size_t i = 0; i < 2; i++) {
        struct report r = compose(a, &f, NULL, languages[i]);
        CHECK(find_table(&r, "quality-revisions")->rows.n == STANDING__COUNT);
        CHECK(find_table(&r, "quality-scans")->rows.n == 2);
        CHECK(count_texts(&r, "[standing.") == 0 && count_texts(&r, "[quality.") == 0);
        check_keys(&r);
    }
    struct report r = compose(a, &f, NULL, "en");
    CHECK(count_texts(&r, "does not count: revoked by an officer") == 1);
    CHECK(count_texts(&r, "received after the end of the period") == 2);
    CHECK(count_texts(&r, "dated ahead of the receiver's clock") == 2);
    CHECK_STR(find_cell(find_table(&r, "quality-revisions"), 3, "file")->text, "<b>x.xml");
}

/* The same data give the same hash, whenever and by whom the report is made; others do not. */
static void
test_hash(struct arena *a)
{
    struct fleet f = {0};
    size_t g = make_group(a, &f, "g"), p = make_policy(a, &f, "os", "1");
    make_checks(a, &f, p, 5, "Data Protection");
    unsigned char *vec;
    struct fleet_scan *s =
        make_scan(a, &f, make_agent(a, &f, STR("x"), g), p, period_day_start(2023, 9, 2), "PPPFF");
    struct definition d = all_sections(a);
    struct compose_input in = new_input(&d, &f, load_lang(a, "en"));
    struct report r, again;
    compose_report(&in, a, &r);
    in.now += 12345;
    in.identity.version = STR("2");
    in.generated_by = STR("other@host");
    in.signer = STR("CN=Other");
    in.audit_seq = 77;
    compose_report(&in, a, &again);
    CHECK(memcmp(&r.dataset, &again.dataset, sizeof r.dataset) == 0);
    s->vec = vec = (unsigned char *)arena_copy(a, s->vec, 3);
    fleet_pack(vec, 0, STATUS_FIXED);
    compose_report(&in, a, &again);
    CHECK(memcmp(&r.dataset, &again.dataset, sizeof r.dataset) != 0);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_empty(a);
    test_scope_line(a);
    test_nothing_evaluated(a);
    test_one_agent(a);
    test_names(a);
    test_partial(a);
    test_revisions(a);
    test_hash(a);
    arena_free(a);
    return CHECK_DONE();
}
