/* sections.c: every row says of its section what is true, and the manual says the same. */
#include "base/file.h"
#include "base/map.h"
#include "fixture.h"

static bool
same_digest(struct sha256_digest x, struct sha256_digest y)
{
    return memcmp(x.b, y.b, SHA256_SIZE) == 0;
}

/* Two agents, and all that a report loads only when a section needs it. */
static struct fleet
full_fleet(struct arena *a)
{
    struct fleet f = {0};
    int64_t t = period_day_start(2023, 9, 2);
    size_t p = make_policy(a, &f, "os", "1"), g = make_group(a, &f, "Servers");
    make_checks(a, &f, p, 4, "Secure configuration");
    for (size_t i = 0; i < 2; i++) {
        size_t agent = make_agent(a, &f, arena_fmt(a, "agent%zu", i), g);
        struct fleet_scan *s = make_scan(a, &f, agent, p, t, i ? "PFFF" : "PPPF");
        s->evidence = ARENA_ARRAY(a, struct str, 4);
        for (size_t k = 0; k < 4; k++)
            s->evidence[k] = arena_fmt(a, "seen %zu", k);
        make_point(a, &f, agent, p, t, 1, 3);
    }
    for (size_t i = 0; i < 2; i++)
        make_point(a, &f, i, p, t + 5 * 86400, 3, 1);
    *VEC_PUSH(a, &f.inputs) = (struct fleet_input){.name = STR("f.xml"),
                                                   .format = STR("xccdf"),
                                                   .kind = RECEIPT_STORED,
                                                   .reason = STR(""),
                                                   .host = STR("h"),
                                                   .custody = STR("none")};
    *VEC_PUSH(a, &f.warnings) = (struct diag_note){DIAG_WARN_DATA, STR("x"), STR("odd")};
    return f;
}

/* The dataset's hash of a report of one section. */
static struct sha256_digest
hash_with(struct arena *a, const struct section_type *t, const struct fleet *f, bool with_evidence)
{
    struct definition d = new_definition();
    struct report r;
    add_section(a, &d, t->word)->with_evidence = with_evidence;
    struct compose_input in = new_input(&d, f, load_lang(a, "en"));
    compose_report(&in, a, &r);
    CHECK(r.sections.n == 1 && strcmp(r.sections.v[0].key, t->word) == 0);
    CHECK(r.sections.v[0].new_page == t->begins_page);
    return r.dataset;
}

/* What a row forgets to need is not loaded, and its section is empty without a word: so what is not
 * loaded has to make a difference exactly where it is needed. */
static void
test_needs(struct arena *a)
{
    struct fleet all = full_fleet(a), bare = all, no_points = all, no_inputs = all,
                 no_warnings = all;
    struct fleet no_evidence = full_fleet(a);
    memset(&no_points.points, 0, sizeof no_points.points);
    memset(&no_inputs.inputs, 0, sizeof no_inputs.inputs);
    memset(&no_warnings.warnings, 0, sizeof no_warnings.warnings);
    for (size_t i = 0; i < no_evidence.scans.n; i++)
        no_evidence.scans.v[i].evidence = NULL;
    bare = no_points;
    memset(&bare.inputs, 0, sizeof bare.inputs);
    memset(&bare.warnings, 0, sizeof bare.warnings);
    size_t n_needy = 0;
    for (const struct section_type *t = section_types; t->word; t++) {
        struct sha256_digest whole = hash_with(a, t, &all, false);
        bool needs_points = !same_digest(whole, hash_with(a, t, &no_points, false));
        bool needs_inputs = !same_digest(whole, hash_with(a, t, &no_inputs, false));
        bool needs_warnings = !same_digest(whole, hash_with(a, t, &no_warnings, false));
        bool shows_evidence =
            !same_digest(hash_with(a, t, &all, true), hash_with(a, t, &no_evidence, true));
        if (needs_points != !!(t->needs & NEEDS_POINTS) ||
            needs_inputs != !!(t->needs & NEEDS_INPUTS) ||
            needs_warnings != !!(t->needs & NEEDS_WARNINGS) ||
            shows_evidence != !!(t->options & TAKES_EVIDENCE))
            fprintf(stderr, "%s: its row and its builder disagree\n", t->word);
        CHECK(needs_points == !!(t->needs & NEEDS_POINTS));
        CHECK(needs_inputs == !!(t->needs & NEEDS_INPUTS));
        CHECK(needs_warnings == !!(t->needs & NEEDS_WARNINGS));
        CHECK(shows_evidence == !!(t->options & TAKES_EVIDENCE));
        CHECK(t->needs || same_digest(whole, hash_with(a, t, &bare, false)));
        n_needy += t->needs != 0;
    }
    CHECK(n_needy == 5);
}

/* The needs of a definition are those of its sections. */
static void
test_definition_needs(struct arena *a)
{
    struct definition d = new_definition();
    CHECK(definition_needs(&d) == 0);
    add_section(a, &d, "top-checks");
    CHECK(definition_needs(&d) == 0);
    struct definition_section *s = add_section(a, &d, "checks"); /* since when a check fails */
    CHECK(definition_needs(&d) == NEEDS_EVIDENCE);
    s->with_evidence = true;
    CHECK(definition_needs(&d) == NEEDS_EVIDENCE);
    add_section(a, &d, "inputs");
    CHECK(definition_needs(&d) == (NEEDS_EVIDENCE | NEEDS_INPUTS));
    add_section(a, &d, "dashboard");
    CHECK(definition_needs(&d) == (NEEDS_EVIDENCE | NEEDS_INPUTS | NEEDS_POINTS));
    add_section(a, &d, "quality");
    CHECK(definition_needs(&d) ==
          (NEEDS_EVIDENCE | NEEDS_INPUTS | NEEDS_POINTS | NEEDS_WARNINGS));
}

/* Only the section about the making may change without changing the dataset. */
static void
test_about_making(struct arena *a)
{
    struct fleet f = full_fleet(a);
    size_t n = 0;
    for (const struct section_type *t = section_types; t->word; t++) {
        struct definition d = new_definition();
        struct report one, two;
        add_section(a, &d, t->word);
        struct compose_input in = new_input(&d, &f, load_lang(a, "en"));
        compose_report(&in, a, &one);
        in.signer = STR("CN=Somebody else");
        in.checkpoint.size = 99;
        in.now += 60;
        compose_report(&in, a, &two);
        CHECK(same_digest(one.dataset, two.dataset));
        CHECK(one.sections.v[0].is_about_making == t->is_about_making);
        n += t->is_about_making;
    }
    CHECK(n == 1 && section_find(section_types, "verify")->is_about_making);
}

static void
test_find(void)
{
    size_t n = 0;
    for (const struct section_type *t = section_types; t->word; t++, n++) {
        CHECK(section_find(section_types, t->word) == t); /* no word stands twice */
        CHECK(t->build && t->n >= 0);
        CHECK(!t->n || t->options & TAKES_N);
        CHECK(!(t->options & TAKES_EACH_CATEGORY) || t->options & TAKES_CATEGORY);
    }
    CHECK(n == 14);
    CHECK(!section_find(section_types, "top") && !section_find(section_types, ""));
}

/* The third cell of the line "| `member` | value | sections | …". */
static struct str
cell_of_manual(struct str manual, struct str member)
{
    while (manual.len) {
        struct str line = str_cut(&manual, '\n');
        str_cut(&line, '|');
        if (!str_eq(str_trim(str_cut(&line, '|')), member))
            continue;
        str_cut(&line, '|');
        return str_trim(str_cut(&line, '|'));
    }
    return STR("");
}

/* doc/reports: every section has its text, every option names the sections that take it. */
static void
test_manual(struct arena *a)
{
    static const struct {
        const char *member;
        unsigned takes;
    } cases[] = {{"`n`", TAKES_N},
                 {"`category`", TAKES_CATEGORY},
                 {"`statuses`", TAKES_STATUSES},
                 {"`ignore_skipped`", TAKES_SKIPPED},
                 {"`evidence`", TAKES_EVIDENCE},
                 {"`remediation`", TAKES_REMEDIATION},
                 {"`texts`", TAKES_TEXTS}};
    struct str options, texts;
    struct diag d = diag_init(a);
    CHECK(file_slurp("doc/reports/definitions.md", 1 << 20, a, &options, &d) == 0);
    CHECK(file_slurp("doc/reports/sections.md", 1 << 20, a, &texts, &d) == 0);
    size_t at = (size_t)str_find(options, "## Members of a section");
    for (const struct section_type *t = section_types; t->word; t++) {
        struct str word = arena_fmt(a, "`%s`", t->word);
        CHECK(str_find(texts, word.s) >= 0);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct str cell =
                cell_of_manual(str_n(options.s + at, options.len - at), str_c(cases[i].member));
            CHECK(cell.len > 0);
            cell = arena_str(a, cell);
            if ((str_find(cell, word.s) >= 0) != !!(t->options & cases[i].takes))
                fprintf(stderr, "%s of %s: the manual says otherwise\n", cases[i].member, t->word);
            CHECK((str_find(cell, word.s) >= 0) == !!(t->options & cases[i].takes));
        }
    }
}

static struct str
note_of(const struct report_row *r, const char *key)
{
    for (size_t i = 0; i < r->notes.n; i++)
        if (strcmp(r->notes.v[i].key, key) == 0)
            return r->notes.v[i].text;
    return STR("");
}

static struct str
fact_of(const struct report_row *r, const char *key)
{
    for (size_t i = 0; i < r->facts.n; i++)
        if (strcmp(r->facts.v[i].key, key) == 0)
            return r->facts.v[i].text;
    return STR("[none]");
}

/* A list says all that is stored of a check when it is asked for, and programs get the same members
 * in every row whatever is asked for. */
static void
test_check_in_full(struct arena *a)
{
    struct fleet f = full_fleet(a);
    struct scan_check *c = &f.policies.v[0].checks.v[3];
    struct fleet_scan *s = &f.scans.v[0];
    c->description = STR("What it looks at.");
    c->rationale = STR("Why.");
    c->impact = STR("What breaks.");
    c->remediation = STR("Do this.");
    c->severity = SEVERITY_LOW;
    *VEC_PUSH(a, &c->references) = STR("https://example.org/a");
    *VEC_PUSH(a, &c->references) = STR("Book, page 3");
    *VEC_PUSH(a, &c->idents) = STR("CCE-1234-5");
    *VEC_PUSH(a, &c->mappings) = (struct scan_mapping){STR("pci_dss"), STR("4.0"), STR("2.2")};
    s->details = ARENA_ARRAY(a, struct fleet_detail, 4);
    for (size_t i = 0; i < 4; i++)
        s->details[i] = (struct fleet_detail){STR(""), STR(""), SEVERITY_UNKNOWN, CLOCK_NONE};
    s->details[3] = (struct fleet_detail){STR("not passed"), STR("accepted by the CISO"),
                                          SEVERITY_HIGH, s->end - 12 * 86400 - 5};
    struct definition d = new_definition();
    struct report r;
    struct definition_section *def = add_section(a, &d, "checks");
    def->with_texts = def->with_evidence = def->with_remediation = true;
    add_section(a, &d, "checks");
    struct compose_input in = new_input(&d, &f, load_lang(a, "en"));
    compose_report(&in, a, &r);
    const struct report_table *t = report_next_table(&r, NULL);
    const struct report_row *row = &t->rows.v[3];
    CHECK_STR(t->subject->agent, "agent0");
    CHECK_STR(t->subject->group, "Servers");
    CHECK_STR(t->subject->policy, "os");
    CHECK(t->subject->time == s->end);
    CHECK_STR(note_of(row, "failure"),
              "Severity high · failed since 20 August 2023 (age in days: 12)");
    CHECK_STR(note_of(row, "evidence"), "seen 3");
    CHECK_STR(note_of(row, "waiver"), "accepted by the CISO");
    CHECK_STR(note_of(row, "description"), "What it looks at.");
    CHECK_STR(note_of(row, "rationale"), "Why.");
    CHECK_STR(note_of(row, "impact"), "What breaks.");
    CHECK_STR(note_of(row, "remediation"), "Do this.");
    CHECK_STR(note_of(row, "mappings"), "PCI DSS 4.0 2.2");
    CHECK_STR(note_of(row, "references"), "https://example.org/a\nBook, page 3");
    CHECK_STR(note_of(row, "idents"), "CCE-1234-5");
    CHECK_STR(fact_of(row, "severity"), "high");
    CHECK_STR(fact_of(row, "native"), "not passed");
    CHECK_STR(fact_of(row, "since"), clock_iso(a, s->details[3].since).s);
    CHECK_STR(fact_of(row, "age_days"), "12");
    CHECK_STR(fact_of(&t->rows.v[0], "native"), "pass");
    CHECK_STR(fact_of(&t->rows.v[0], "since"), "");
    for (size_t i = 0; i < 2;
         i++) /* the list that was not asked for more says it to programs only */
        t = report_next_table(&r, t);
    CHECK(t->rows.v[3].notes.n == 1 && t->rows.v[3].facts.n == row->facts.n); /* the waiver */
    CHECK_STR(fact_of(&t->rows.v[3], "age_days"), "12");
}

/* Each category is explained, in both languages in words of their own. */
static void
test_glossary(struct arena *a)
{
    static const char *const langs[] = {"en", "ja"};
    struct fleet f = full_fleet(a);
    struct map *seen = map_new(a);
    for (size_t l = 0; l < 2; l++) {
        struct definition d = new_definition();
        struct report r;
        add_section(a, &d, "glossary");
        struct compose_input in = new_input(&d, &f, load_lang(a, langs[l]));
        compose_report(&in, a, &r);
        const struct report_section *s = &r.sections.v[0];
        const struct report_block *b = &s->blocks.v[s->blocks.n - 1];
        CHECK(b->type == BLOCK_PAIRS && b->pairs.n == 18);
        for (size_t i = 0; i < b->pairs.n; i++) {
            CHECK(str_starts(b->pairs.v[i].label, arena_fmt(a, "%zu ", i + 1).s));
            CHECK(b->pairs.v[i].value.len > 40 && str_find(b->pairs.v[i].value, "[") < 0);
            CHECK(map_get_index(seen, b->pairs.v[i].value) < 0);
            map_put_index(seen, b->pairs.v[i].value, i);
        }
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    test_find();
    test_check_in_full(a);
    test_glossary(a);
    test_needs(a);
    test_definition_needs(a);
    test_about_making(a);
    test_manual(a);
    arena_free(a);
    return CHECK_DONE();
}
