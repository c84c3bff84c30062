/* A small report with every type of block and cell, made by hand: what the tests of the writers
 * share, so that their totals can be compared. Texts of the program come from templates/lang. */
#ifndef TESTS_FAKE_REPORT_H
#define TESTS_FAKE_REPORT_H

#include <math.h>
#include <string.h>

#include "base/embed.h"
#include "base/mem.h"
#include "model/report.h"

enum {
    FAKE_HOSTILE = 1,
    FAKE_MEGABYTE = 2,
    FAKE_LONG = 4,
    FAKE_LISTS = 8,  /* the checks of FAKE_AGENTS agents */
    FAKE_WORDS = 16, /* words of 120 letters where a name can stand */
    FAKE_MANY = 32,  /* with FAKE_LISTS: 50,000 rows */
};

enum { FAKE_AGENTS = 40, FAKE_AGENTS_MANY = 250, FAKE_AGENT_CHECKS = 200 };

#define FAKE_WORD                                                                                  \
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"   \
    "0000000000000000000000000000ZZ"

/* Its name asks for escapes. */
#define FAKE_CHECKPOINT                                                                            \
    "log.example/<one>\n42\nBJUVhddVUta/CYAIxuR7Ru1vcV2H70/Gl/R7870aCM4=\n\n"                      \
    "\xe2\x80\x94 log.example/<one> "                                                              \
    "bTB1iyqBIcrDyyhJklsV8vSUgfWtybnJkPSvG+4g2h59+W3TzkKbnSxclamPfBR78y7c1v6V72clr/"               \
    "as7y/FXYGRHgE=\n"

#define FAKE_GENERATED INT64_C(1696125600) /* 2023-10-01T02:00:00Z */
#define FAKE_SCANNED   INT64_C(1695288300) /* 2023-09-21T09:25:00Z */

/* ---- texts: our flat JSON files, one "key": "value" a line ---- */

static inline struct str
fake_quoted(struct str *line)
{
    str_cut(line, '"');
    return str_cut(line, '"');
}

static inline void
fake_texts(struct lang *l, bool fallback, const char *file)
{
    const struct embed_file *f = embed_find(file);
    struct str rest = f ? str_n(f->data, f->len) : STR("");
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        struct str key = fake_quoted(&line), value = fake_quoted(&line);
        if (key.len)
            lang_add(l, fallback, key, value);
    }
}

static inline struct lang *
fake_lang(struct arena *a, const char *code)
{
    struct lang *l = lang_new(a, str_c(code));
    fake_texts(l, true, "templates/lang/en/render.json");
    fake_texts(l, false, arena_fmt(a, "templates/lang/%s/render.json", code).s);
    return l;
}

/* ---- tables ---- */

static inline void
fake_note(struct arena *a, struct report_row *r, const char *key, const char *label,
          struct str text)
{
    *VEC_PUSH(a, &r->notes) = (struct report_note){.key = key, .label = str_c(label), .text = text};
}

static inline void
fake_agent(struct arena *a, struct report_table *t, const char *name, const char *group, int passed,
           int failed)
{
    struct report_row *r = report_add_row(a, t);
    int sum = passed + failed;
    r->cells[0] = cell_int((int64_t)t->rows.n);
    r->cells[1] = cell_text(str_c(name));
    r->cells[2] = cell_text(str_c(group));
    r->cells[3] = cell_time(FAKE_SCANNED + 60 * passed);
    r->cells[4] = cell_int(passed);
    r->cells[5] = cell_int(failed);
    r->cells[6] = cell_bar(passed, failed);
    r->cells[7] = cell_score(exact_percent((struct share){passed, sum}, 2));
}

static inline void
fake_agents(struct arena *a, struct report_section *s)
{
    struct report_table *t =
        report_add_table(a, s, "top-agents", STR("Agents with the worst score"));
    report_add_column(a, t, "rank", STR("#"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "agent", STR("Agent"), CELL_TEXT, ALIGN_LEFT, 2);
    report_add_column(a, t, "group", STR("Group"), CELL_TEXT, ALIGN_LEFT, 1);
    report_add_column(a, t, "last_scan", STR("Last audit scan"), CELL_TIME, ALIGN_LEFT, 0);
    report_add_column(a, t, "passed", STR("Passed"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "failed", STR("Failed"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "bar", STR(""), CELL_BAR, ALIGN_LEFT, 0);
    report_add_column(a, t, "score", STR("Score"), CELL_SCORE, ALIGN_RIGHT, 0);
    fake_agent(a, t, "DESKTOP-UUKUE87", "Servers", 3, 430);
    fake_agent(a, t, "dani-Standard-PC-i440FX-PIIX-1996", "Applications", 9, 206);
    fake_agent(a, t, "CT103", "Network", 43, 209);
    fake_agent(a, t, "CT104", "Network", 96, 102);
    fake_agent(a, t, "CT102", "Servers", 103, 87);
    fake_agent(a, t, "CT101", "Servers", 146, 32);
    fake_agent(a, t, "web-09", "Servers", 0, 0);
    struct report_row *total = report_add_row(a, t);
    total->cells[1] = cell_text(STR("All agents"));
    total->cells[4] = cell_int(400);
    total->cells[5] = cell_int(1066);
    total->cells[6] = cell_bar(400, 1066);
    total->cells[7] = cell_score(exact_percent((struct share){400, 1466}, 2));
    total->is_total = true;
    *VEC_PUSH(a, &t->notes) =
        STR("6 of 7 agents; score = passed ÷ (passed + failed); skipped checks do not count.");
}

static inline void
fake_frequent(struct arena *a, struct report_section *s)
{
    static const char *const titles[] = {"Ensure /etc/hosts.deny is configured",
                                         "Ensure default deny firewall policy",
                                         "Ensure loopback traffic is configured"};
    struct report_table *t = report_add_table(a, s, "top-checks", STR("Most frequent failures"));
    report_add_column(a, t, "check", STR("Check"), CELL_TEXT, ALIGN_LEFT, 3);
    report_add_column(a, t, "reference", STR("Reference"), CELL_TEXT, ALIGN_LEFT, 1);
    report_add_column(a, t, "agents_failing", STR("Agents failing"), CELL_RATIO, ALIGN_RIGHT, 0);
    report_add_column(a, t, "mean_age_days", STR("Mean age, days"), CELL_NUMBER, ALIGN_RIGHT, 0);
    for (int i = 0; i < 3; i++) {
        struct report_row *r = report_add_row(a, t);
        r->cells[0] = cell_text(str_c(titles[i]));
        r->cells[1] = cell_text(arena_fmt(a, "CIS 3.%d.%d", i + 4, i + 1));
        r->cells[2] = cell_ratio(5 - i, 6);
        r->cells[3] = cell_number(exact_ratio(4937 + 4 * i, i == 2 ? 0 : 4, 1));
    }
    *VEC_PUSH(a, &t->notes) = STR("No check ties for a place.");
}

static inline void
fake_check(struct arena *a, struct report_table *t, int id, const char *title, enum status status)
{
    struct report_row *r = report_add_row(a, t);
    r->cells[0] = cell_text(arena_fmt(a, "%d", id));
    r->cells[1] = cell_text(str_c(title));
    r->cells[2] = cell_text(STR("Data Protection"));
    r->cells[3] = cell_status(status);
    r->cells[4] = status == STATUS_FAIL ? cell_date(FAKE_SCANNED) : cell_date(INT64_MIN);
    r->cells[5] = cell_hash(STR("41d077aa90b1c2d3e4f5"));
    r->anchor = arena_fmt(a, "check-%d", id).s;
}

static inline void
fake_checks(struct arena *a, struct report_section *s)
{
    struct report_table *t = report_add_table(a, s, "checks", STR("Security checks: CT103"));
    report_add_column(a, t, "id", STR("Id"), CELL_TEXT, ALIGN_LEFT, 0);
    report_add_column(a, t, "title", STR("Check"), CELL_TEXT, ALIGN_LEFT, 3);
    report_add_column(a, t, "category", STR("Category"), CELL_TEXT, ALIGN_LEFT, 1);
    report_add_column(a, t, "status", STR("Status"), CELL_STATUS, ALIGN_LEFT, 0);
    report_add_column(a, t, "failing_since", STR("Failing since"), CELL_DATE, ALIGN_LEFT, 0);
    report_add_column(a, t, "digest", STR("Digest"), CELL_HASH, ALIGN_LEFT, 1);
    for (int st = STATUS_PASS; st < STATUS__COUNT; st++)
        fake_check(a, t, 19580 + st, "Ensure IP forwarding is disabled", (enum status)st);
    fake_note(a, &t->rows.v[2], "evidence", "Evidence",
              STR("net.ipv4.conf.all.send_redirects = 1, expected 0"));
    fake_note(a, &t->rows.v[2], "remediation", "Remediation",
              STR("Set it to 0 in /etc/sysctl.conf and reload:\n# sysctl -w "
                  "net.ipv4.conf.all.send_redirects=0\nThen flush the routes, and write the same "
                  "value for the default interface. CIS 3.1.2 · PCI DSS 2.2.4 · NIST CM-1."));
    fake_note(a, &t->rows.v[9], "waiver", "Waiver",
              STR("Waived until 2023-12-31: traffic is logged by the border firewall."));
    struct report_table *none = report_add_table(a, s, "appeared", STR("Checks that appeared"));
    report_add_column(a, none, "title", STR("Check"), CELL_TEXT, ALIGN_LEFT, 1);
    none->empty = STR("No check appeared in this period.");
}

static inline void
fake_long(struct arena *a, struct report_section *s)
{
    struct report_table *t = report_add_table(a, s, "long", STR("A long list"));
    report_add_column(a, t, "id", STR("Id"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "title", STR("Check"), CELL_TEXT, ALIGN_LEFT, 3);
    report_add_column(a, t, "status", STR("Status"), CELL_STATUS, ALIGN_LEFT, 0);
    for (int i = 0; i < 60; i++) {
        struct report_row *r = report_add_row(a, t);
        r->cells[0] = cell_int(60 - i);
        r->cells[1] = cell_text(arena_fmt(a, "Ensure rule %d of the audit log is configured", i));
        r->cells[2] = cell_status(i % 3 ? STATUS_PASS : STATUS_FAIL);
    }
}

/* One list an agent, as section "checks" has them. */
static inline void
fake_list(struct arena *a, struct report_section *s, int i)
{
    struct str name = arena_fmt(a, "host%03d.example", i);
    struct report_subject *of = ARENA_NEW(a, struct report_subject);
    *of = (struct report_subject){.agent = name,
                                  .alias = STR(""),
                                  .group = str_c(i % 3 ? "Servers" : "Desktops"),
                                  .os = STR("Debian 12"),
                                  .policy = STR("cis_debian12"),
                                  .policy_title = STR("CIS Debian 12"),
                                  .policy_version = STR("1.1.0"),
                                  .profile = STR(""),
                                  .time = FAKE_SCANNED + i};
    report_add_text(a, s, BLOCK_HEADING, name);
    report_add_text(a, s, BLOCK_NOTE, STR("2023-09-21 09:25 UTC · CIS Debian 12"));
    struct report_table *t = report_add_table(a, s, arena_fmt(a, "checks-%d", i).s,
                                              arena_fmt(a, "Checks of %.*s", STR_ARG(name)));
    t->subject = of;
    report_add_column(a, t, "id", STR("Id"), CELL_TEXT, ALIGN_LEFT, 0);
    report_add_column(a, t, "title", STR("Check"), CELL_TEXT, ALIGN_LEFT, 3);
    report_add_column(a, t, "category", STR("Category"), CELL_TEXT, ALIGN_LEFT, 1);
    report_add_column(a, t, "status", STR("Status"), CELL_STATUS, ALIGN_LEFT, 0);
    for (int k = 0; k < FAKE_AGENT_CHECKS; k++) {
        struct report_row *r = report_add_row(a, t);
        r->cells[0] = cell_text(arena_fmt(a, "%d", 30000 + k));
        r->cells[1] = cell_text(arena_fmt(a, "Ensure setting %d of the service is on", k));
        r->cells[2] = cell_text(STR("Data Protection"));
        r->cells[3] = cell_status(k % 4 ? STATUS_PASS : STATUS_FAIL);
        *VEC_PUSH(a, &r->facts) =
            (struct report_note){.key = "severity", .text = str_c(k % 2 ? "high" : "low")};
        if (k % 8 == 0)
            fake_note(a, r, "evidence", "Evidence", STR("=value is 0"));
    }
    *VEC_PUSH(a, &t->notes) = STR("200 of 200 checks.");
}

/* Names without a space in every place where there can be one. */
static inline void
fake_words(struct arena *a, struct report *rep)
{
    const struct str w = STR(FAKE_WORD);
    struct report_section *s = report_add_section(a, rep, "words", w);
    report_add_text(a, s, BLOCK_HEADING, w);
    report_add_text(a, s, BLOCK_TEXT, w);
    report_add_text(a, s, BLOCK_NOTE, w);
    report_add_text(a, s, BLOCK_LEAD, w);
    struct report_table *t = report_add_table(a, s, "words", w);
    for (int i = 0; i < 3; i++)
        report_add_column(a, t,
                          i == 0   ? "agent"
                          : i == 1 ? "group"
                                   : "os",
                          i ? STR("Group") : w, CELL_TEXT, ALIGN_LEFT, i ? 1 : 2);
    report_add_column(a, t, "failed", STR("Failed"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "score", STR("Score"), CELL_SCORE, ALIGN_RIGHT, 0);
    struct report_row *r = report_add_row(a, t);
    for (int i = 0; i < 3; i++)
        r->cells[i] = cell_text(w);
    r->cells[3] = cell_int(1066);
    r->cells[4] = cell_score(exact_percent((struct share){461, 1000}, 1));
    fake_note(a, r, "evidence", FAKE_WORD, w);
    *VEC_PUSH(a, &t->notes) = w;
    struct report_block *p = report_add(a, s, BLOCK_PAIRS);
    *VEC_PUSH(a, &p->pairs) = (struct report_pair){.label = w, .value = w};
    struct report_block *f = report_add(a, s, BLOCK_FIGURES);
    *VEC_PUSH(a, &f->figures) = (struct report_figure){.value = w, .label = w, .detail = w};
}

/* What a host may send to a reader of its report. */
static const char *const fake_hostile_texts[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "\tTAB",
    "\rCR",
    "a, \"quoted\" cell",
    "two\nlines\r\nand three",
    "safe\u202efdp.exe",
    "bad \xff\xfe bytes \xc3",
    "esc \x1b[31m and \x7f",
    "]]> --> </style> </title> &amp; {{title}} {n}",
};
enum { FAKE_HOSTILE_TEXTS = sizeof fake_hostile_texts / sizeof *fake_hostile_texts };

static inline void
fake_hostile(struct arena *a, struct report *rep, unsigned flags)
{
    struct report_section *s =
        report_add_section(a, rep, "hostile", STR("What <hosts> & \"others\" send"));
    struct report_table *t = report_add_table(a, s, "hostile", STR("Hostile <b>texts</b>"));
    report_add_column(a, t, "n", STR("#"), CELL_INT, ALIGN_RIGHT, 0);
    report_add_column(a, t, "text", STR("Text"), CELL_TEXT, ALIGN_LEFT, 1);
    for (int i = 0; i < FAKE_HOSTILE_TEXTS; i++) {
        struct report_row *r = report_add_row(a, t);
        r->cells[0] = cell_int(-i);
        r->cells[1] = cell_text(str_c(fake_hostile_texts[i]));
        fake_note(a, r, "evidence", "Evidence", str_c(fake_hostile_texts[i]));
        r->anchor = fake_hostile_texts[i];
    }
    if (flags & FAKE_MEGABYTE) {
        struct report_row *r = report_add_row(a, t);
        char *big = arena_alloc(a, 1000001);
        memset(big, 'x', 1000000);
        memcpy(big + 999990, "END-OF-IT.", 10);
        r->cells[1] = cell_text(str_n(big, 1000000));
    }
    struct report_block *b = report_add(a, s, BLOCK_CODE);
    b->text = STR("sysctl -w net.ipv4.ip_forward=0 # <&>\n\xe2\x80\xae");
}

/* ---- charts ---- */

static inline void
fake_series(struct arena *a, struct report_chart *ch, const char *key, const char *label,
            enum chart_role role, double *values)
{
    *VEC_PUSH(a, &ch->series) =
        (struct chart_series){.key = key, .label = str_c(label), .role = role, .values = values};
}

static inline struct report_chart *
fake_chart(struct arena *a, struct report_section *s, enum chart_kind kind, const char *key,
           const char *title, const char *alt)
{
    struct report_chart *ch = ARENA_NEW(a, struct report_chart);
    *ch = (struct report_chart){.kind = kind, .key = key, .title = str_c(title), .alt = str_c(alt)};
    report_add(a, s, BLOCK_CHART)->chart = ch;
    return ch;
}

static inline void
fake_lines(struct arena *a, struct report_section *s)
{
    enum { N = 85 };
    struct report_chart *ch = fake_chart(
        a, s, CHART_LINES, "evolution", "Passed checks rise, failed fall",
        "From 4 July to 26 September passed checks rose from 92 to 118, failed fell from "
        "170 to 138.");
    double *passed = ARENA_ARRAY(a, double, N), *failed = ARENA_ARRAY(a, double, N);
    ch->n_points = N;
    ch->times = ARENA_ARRAY(a, int64_t, N);
    for (int i = 0; i < N; i++) {
        ch->times[i] = INT64_C(1688428800) + 86400 * i; /* 2023-07-04 */
        passed[i] = i > 40 && i < 46 ? NAN : 92 + 26.0 * i / (N - 1) + 2 * sin(i / 5.0);
        failed[i] = 170 - 32.0 * i / (N - 1) + 3 * cos(i / 7.0);
    }
    passed[N - 1] = 118;
    failed[N - 1] = 138;
    fake_series(a, ch, "failed", "failed", ROLE_FAILED, failed);
    fake_series(a, ch, "passed", "passed", ROLE_PASSED, passed);
}

static inline double *
fake_values(struct arena *a, const double *v, size_t n)
{
    return arena_copy(a, v, n * sizeof *v);
}

static inline void
fake_pie(struct arena *a, struct report_section *s)
{
    struct report_chart *ch =
        fake_chart(a, s, CHART_PIE, "access-control", "Access Control Management: 85 % passes",
                   "92 passed, 16 failed, 31 skipped.");
    ch->n_points = 1;
    fake_series(a, ch, "passed", "Passed", ROLE_PASSED, fake_values(a, (double[]){92}, 1));
    fake_series(a, ch, "failed", "Failed", ROLE_FAILED, fake_values(a, (double[]){16}, 1));
    fake_series(a, ch, "skipped", "Skipped", ROLE_SKIPPED, fake_values(a, (double[]){31}, 1));
}

static inline void
fake_bars(struct arena *a, struct report_section *s)
{
    struct report_chart *ch = fake_chart(a, s, CHART_BARS, "categories", "Accounts fail most",
                                         "Inventory 89 of 265, accounts 78 of 271, mail 6 of 26.");
    ch->n_points = 3;
    ch->labels = ARENA_ARRAY(a, struct str, 3);
    ch->labels[0] = STR("Secure Configuration of Enterprise Assets and Software");
    ch->labels[1] = STR("アカウント管理");
    ch->labels[2] = STR("Email and Web Browser Protections");
    fake_series(a, ch, "passed", "Passed", ROLE_PASSED, fake_values(a, (double[]){89, 78, 6}, 3));
    fake_series(a, ch, "failed", "Failed", ROLE_FAILED,
                fake_values(a, (double[]){176, 193, 20}, 3));
}

/* ---- the report ---- */

static inline void
fake_figure(struct arena *a, struct report_block *b, const char *value, const char *label,
            const char *detail, int direction)
{
    *VEC_PUSH(a, &b->figures) = (struct report_figure){.value = str_c(value),
                                                       .label = str_c(label),
                                                       .detail = str_c(detail),
                                                       .direction = direction};
}

static inline void
fake_pair(struct arena *a, struct report_block *b, const char *label, const char *value, bool mono)
{
    *VEC_PUSH(a, &b->pairs) =
        (struct report_pair){.label = str_c(label), .value = str_c(value), .mono = mono};
}

static inline void
fake_summary(struct arena *a, struct report *r)
{
    struct report_section *s = report_add_section(a, r, "summary", STR("Summary"));
    report_add_text(a, s, BLOCK_LEAD,
                    STR("Hardening improved in every group, but one host, DESKTOP-UUKUE87, passes "
                        "almost nothing, and five of six hosts share the same four failures."));
    struct report_block *f = report_add(a, s, BLOCK_FIGURES);
    fake_figure(a, f, "46.1 %", "score", "▲ 3.0 since August", 1);
    fake_figure(a, f, "6 of 7", "agents assessed", "1 silent for 41 days", 0);
    fake_figure(a, f, "1,066", "failed checks", "▼ 58 since August", 1);
    fake_figure(a, f, "3", "waivers expire", "within 30 days", -1);
    struct report_block *b = report_add(a, s, BLOCK_COLUMNS);
    b->left = ARENA_NEW(a, struct report_section);
    b->right = ARENA_NEW(a, struct report_section);
    b->left_share = 0.55;
    fake_lines(a, b->left);
    report_add_text(a, b->left, BLOCK_NOTE, STR("Mean per agent and day."));
    report_add_text(a, b->right, BLOCK_HEADING, STR("Most frequent failures"));
    fake_frequent(a, b->right);
}

static inline void
fake_results(struct arena *a, struct report *r)
{
    struct report_section *s = report_add_section(a, r, "results", STR("Results"));
    s->new_page = true;
    report_add_text(a, s, BLOCK_HEADING, STR("Agents with the worst score"));
    fake_agents(a, s);
    report_add_text(a, s, BLOCK_HEADING, STR("Categories"));
    fake_bars(a, s);
    fake_pie(a, s);
    report_add_text(
        a, s, BLOCK_TEXT,
        STR("6台のエージェントのうち5台で同じ4項目が不合格でした。スコアは合格数を合格数と不"
            "合格数の合計で割った値です。\n\nA second paragraph follows an empty line."));
    struct report_section *c = report_add_section(a, r, "checks", STR("Security checks: CT103"));
    report_add_text(a, c, BLOCK_NOTE, STR("監査日時 2023-09-21 09:24 · 43 passed, 209 failed"));
    fake_checks(a, c);
    struct report_block *p = report_add(a, c, BLOCK_PAIRS);
    fake_pair(a, p, "Source", "ct103-arf.xml", true);
    fake_pair(a, p, "Benchmark", "Ubuntu 14.04 CIS benchmark", false);
    report_add_text(a, c, BLOCK_CODE, STR("assay verify hardening.pdf\nsha256sum -c MANIFEST"));
}

static inline struct report *
fake_report(struct arena *a, const char *code, unsigned flags)
{
    struct report *r = ARENA_NEW(a, struct report);
    *r =
        (struct report){.lang = fake_lang(a, code),
                        .id = STR("HR-2023-09"),
                        .version = STR("1"),
                        .title = STR("Hardening compliance report"),
                        .subtitle = STR("All groups · September 2023"),
                        .organisation = STR("Example Ltd · Information security"),
                        .classification = STR("Internal"),
                        .lead = STR("Six of seven enrolled agents were assessed in September 2023. "
                                    "Their checks pass at 46.1 %, three points above August."),
                        .scope = STR("All groups"),
                        .period_text = STR("1–30 September 2023 (UTC)"),
                        .period = {.kind = PERIOD_MONTH, .from = 1693526400, .to = 1696118400},
                        .generated_at = FAKE_GENERATED,
                        .generated_by = STR("assay@reports.example"),
                        .tool = STR("assay 1.0.0"),
                        .dataset = sha256_of(STR("fake")),
                        .audit_seq = 4711,
                        .audit_hash_hex = STR("00ff"),
                        .checkpoint = {.note = STR(FAKE_CHECKPOINT), .vkey = STR("k+1+A=")},
                        .signer = STR("Example Reports CA")};
    *VEC_PUSH(a, &r->control) = (struct report_pair){.label = STR("Run"), .value = STR("R-1")};
    *VEC_PUSH(a, &r->control) = (struct report_pair){
        .label = STR("Definition"), .value = STR("monthly.json"), .mono = true};
    fake_summary(a, r);
    fake_results(a, r);
    if (flags & FAKE_LONG)
        fake_long(a, report_add_section(a, r, "long", STR("A long list")));
    if (flags & (FAKE_HOSTILE | FAKE_MEGABYTE))
        fake_hostile(a, r, flags);
    struct report_section *lists =
        flags & FAKE_LISTS ? report_add_section(a, r, "checks-2", STR("Checks of all agents"))
                           : NULL;
    for (int i = 0; lists && i < (flags & FAKE_MANY ? FAKE_AGENTS_MANY : FAKE_AGENTS); i++)
        fake_list(a, lists, i);
    if (flags & FAKE_WORDS) {
        fake_words(a, r);
        struct report_chart *ch = fake_chart(a, &r->sections.v[r->sections.n - 1], CHART_BARS,
                                             "words", FAKE_WORD, FAKE_WORD);
        ch->n_points = 2;
        ch->labels = ARENA_ARRAY(a, struct str, 2);
        ch->labels[0] = ch->labels[1] = STR(FAKE_WORD);
        fake_series(a, ch, "failed", FAKE_WORD, ROLE_FAILED,
                    fake_values(a, (double[]){176, 193}, 2));
        r->title = r->subtitle = r->organisation = r->classification = r->id = r->scope =
            STR(FAKE_WORD);
    }
    return r;
}

#endif
