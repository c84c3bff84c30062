/* The languages have the same keys and placeholders, and no report shows a missing key. */
#include "fixture.h"

static json_t *
load(const char *path)
{
    const struct embed_file *f = embed_find(path);
    json_error_t e;
    json_t *root = f ? json_loadb(f->data, f->len, JSON_REJECT_DUPLICATES, &e) : NULL;
    if (!root)
        fprintf(stderr, "%s: %s\n", path, f ? e.text : "not built in");
    return root;
}

/* Every {placeholder} of a is in b. */
static bool
has_placeholders(const char *a, const char *b)
{
    for (const char *p = strchr(a, '{'); p; p = strchr(p + 1, '{')) {
        char name[64];
        const char *end = strchr(p, '}');
        if (!end || end - p > 60)
            return false;
        snprintf(name, sizeof name, "%.*s", (int)(end - p + 1), p);
        if (!strstr(b, name))
            return false;
    }
    return true;
}

static void
compare(json_t *one, json_t *two, const char *what)
{
    const char *key;
    json_t *value;
    json_object_foreach(one, key, value)
    {
        const char *a = json_string_value(value);
        const char *b = json_string_value(json_object_get(two, key));
        bool fine = a && b && has_placeholders(a, b);
        if (!fine)
            fprintf(stderr, "%s: %s differs\n", what, key);
        CHECK(fine);
    }
}

static void
test_same_keys(const char *file)
{
    char en[80], ja[80];
    snprintf(en, sizeof en, "templates/lang/en/%s.json", file);
    snprintf(ja, sizeof ja, "templates/lang/ja/%s.json", file);
    json_t *a = load(en), *b = load(ja);
    CHECK(a && b && json_object_size(a) > 10);
    if (a && b) {
        compare(a, b, en);
        compare(b, a, ja);
    }
    json_decref(a);
    json_decref(b);
}

/* Two files of one language must not fight over a key. */
static void
test_no_key_twice(void)
{
    json_t *a = load("templates/lang/en/compose.json"), *b = load("templates/lang/en/render.json");
    const char *key;
    json_t *value;
    json_object_foreach(a, key, value) CHECK(!json_object_get(b, key));
    json_decref(a);
    json_decref(b);
}

static void
note_bracket(struct str s, void *ctx)
{
    size_t *n = ctx;
    long at = s.len ? str_find(s, "[") : -1;
    if (at < 0 || str_find(s, "{") >= 0 || s.s[at + 1] < 'a' || s.s[at + 1] > 'z')
        return;
    fprintf(stderr, "missing text: %.*s\n", STR_ARG(s));
    ++*n;
}

static void
note_placeholder(struct str s, void *ctx)
{
    size_t *n = ctx;
    if (s.len && str_find(s, "{") >= 0) {
        fprintf(stderr, "left over: %.*s\n", STR_ARG(s));
        ++*n;
    }
}

/* A fleet in which every sentence has its occasion. */
static struct fleet
rich_fleet(struct arena *a, bool is_better)
{
    struct fleet f = {0};
    int64_t t = period_day_start(2023, 9, 2);
    size_t g = make_group(a, &f, ""), p = make_policy(a, &f, "os", "1");
    for (int i = 0; i <= 18; i++)
        make_check(a, &f, p, arena_fmt(a, "%d", i), arena_fmt(a, "Check %d", i),
                   scan_category_name(i));
    f.policies.v[p].checks.v[1].remediation = STR("Set it.");
    const char *letters[] = {"PPFFEUCNIWPFPFPFPFP", "FFFFFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFFFFF",
                             "PPPPPPPPPPPPPPPPPPP"};
    for (size_t i = 0; i < 4; i++) {
        size_t agent = make_agent(a, &f, arena_fmt(a, "agent%zu", i), g);
        make_scan(a, &f, agent, p, t, letters[is_better ? 3 - i / 2 : i])->partial = i == 1;
        make_point(a, &f, agent, p, t, (int64_t)i, 19 - (int64_t)i);
        make_point(a, &f, agent, p, t, (int64_t)i + 3, 9 - (int64_t)i);
    }
    size_t counts = make_agent(a, &f, STR("counts"), make_group(a, &f, "Servers"));
    struct fleet_scan *s = make_empty_scan(a, &f, counts, p, t);
    s->zone_assumed = s->end_assumed = s->score_only = true;
    s->counts[STATUS_PASS] = 1;
    make_agent(a, &f, STR("silent"), g);
    *VEC_PUSH(a, &f.inputs) = (struct fleet_input){.name = STR("f"),
                                                   .format = STR("lynis"),
                                                   .kind = RECEIPT_REJECTED,
                                                   .reason = STR("bad"),
                                                   .host = STR("h")};
    static const char *const custody[] = {"none", "listed", "password", "signature:CN=x", "?"};
    for (size_t i = 0; i < sizeof custody / sizeof *custody; i++)
        *VEC_PUSH(a, &f.inputs) = (struct fleet_input){.name = STR("f"),
                                                       .format = STR("lynis"),
                                                       .kind = RECEIPT_STORED,
                                                       .reason = STR(""),
                                                       .host = STR("h"),
                                                       .custody = str_c(custody[i])};
    return f;
}

static void
test_no_missing_text(struct arena *a, const char *code)
{
    struct fleet now = rich_fleet(a, false), before = rich_fleet(a, true), none = {0};
    const struct fleet *fleets[][2] = {
        {&now, &before}, {&before, &now}, {&now, &now}, {&now, NULL}, {&none, NULL}};
    struct str groups[] = {STR("Servers")};
    for (size_t i = 0; i < sizeof fleets / sizeof *fleets; i++) {
        struct definition d = all_sections(a);
        size_t n_missing = 0, n_left = 0;
        section_of(&d, "top-agents")->n = section_of(&d, "top-checks")->n = 1;
        section_of(&d, "top-categories")->n = 1;
        section_of(&d, "scoring")->groups.v = groups;
        section_of(&d, "scoring")->groups.n = 1;
        struct compose_input in = new_input(&d, fleets[i][0], load_lang(a, code));
        struct report r;
        in.previous = fleets[i][1];
        compose_report(&in, a, &r);
        walk_report(&r, note_bracket, &n_missing);
        walk_report(&r, note_placeholder, &n_left);
        CHECK(n_missing == 0 && n_left == 0);
    }
}

/* Every kind of period has its words. */
static void
test_periods(struct arena *a, const char *code, const char *const want[])
{
    static const char *const periods[] = {"2023-09-05", "2023-W36", "2023-09",
                                          "2023-Q3",    "2023",     "2023-09-05..2023-09-07"};
    struct fleet f = {0};
    struct definition d = new_definition();
    struct compose_input in = new_input(&d, &f, load_lang(a, code));
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        struct report r;
        CHECK(period_parse(str_c(periods[i]), 0, &in.identity.period));
        compose_report(&in, a, &r);
        CHECK_STR(r.period_text, want[i]);
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    static const char *const en[] = {"5 September 2023",
                                     "week 36 of 2023",
                                     "September 2023",
                                     "Q3 2023",
                                     "2023",
                                     "5 September 2023 to 7 September 2023"};
    static const char *const ja[] = {"2023年9月5日", "2023年第36週",
                                     "2023年9月",    "2023年第3四半期",
                                     "2023年",       "2023年9月5日から2023年9月7日まで"};
    test_same_keys("compose");
    test_same_keys("render");
    test_no_key_twice();
    test_no_missing_text(a, "en");
    test_no_missing_text(a, "ja");
    test_periods(a, "en", en);
    test_periods(a, "ja", ja);
    arena_free(a);
    return CHECK_DONE();
}
