/* Rows of scans and changes -> events of results. Called by export/result_walk.c. */
#include "store/results.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "model/status.h"
#include "store/detail_base.h"
#include "store/rules.h"
#include "store/scan_row.h"
#include "store/stmt.h"

enum {
    SCAN_TEXTS = 4, /* the first column of the texts, and those of the numbers behind them */
    SCAN_NUMBERS = SCAN_TEXTS + RESULT_REPORTED_FIELD - RESULT_AGENT_FIELD + 1,
    SCAN_SCORE = SCAN_NUMBERS + SCAN_ROW_COUNTS
};

/* Seconds, which the query gives as text, become an ISO 8601 time. */
static void
set_time(struct str *s, struct arena *a)
{
    int64_t t;
    *s = str_to_i64(*s, &t) ? clock_iso(a, t) : STR("");
}

/* The numbers of a row that is about to be told to others are ones that can be. */
static int
check_scan(const struct stmt *s, const struct store_result_scan *v, struct arena *a, struct diag *d)
{
    int64_t counts[STATUS__COUNT] = {0};
    for (int i = 0; i < SCAN_ROW_COUNTS; i++)
        counts[scan_row_statuses[i]] = stmt_col_int(s, SCAN_NUMBERS + i);
    struct rules_scan row = {.end = v->scanned_at,
                             .counts = counts,
                             .has_score = !stmt_col_is_null(s, SCAN_SCORE),
                             .score = stmt_col_int(s, SCAN_SCORE),
                             .flags = (unsigned)stmt_col_int(s, SCAN_SCORE + 1),
                             .n_checks = (size_t)stmt_col_int(s, SCAN_SCORE + 2),
                             .n_vec = (size_t)stmt_col_int(s, SCAN_SCORE + 3),
                             .vec = stmt_col_str(s, SCAN_SCORE + 4, a)};
    if (rules_scan(&row, d) == 0)
        return 0;
    return rules_place(RESULT_TEXT(&v->summary, AGENT), RESULT_TEXT(&v->summary, POLICY),
                       RESULT_TEXT(&v->summary, PROFILE), v->scanned_at, d);
}

static int
read_scan(const struct stmt *s, struct store_result_scan *v, struct arena *a, struct diag *d)
{
    *v = (struct store_result_scan){.agent_id = stmt_col_uint(s, 0),
                                    .line_id = stmt_col_uint(s, 1),
                                    .scanned_at = stmt_col_time(s, 2),
                                    .key = stmt_col_str(s, 3, a),
                                    .has_details = !stmt_col_is_null(s, SCAN_SCORE + 5)};
    stmt_col_bytes(s, SCAN_SCORE + 5, v->details.b, sizeof v->details.b);
    for (int f = 0; f < RESULT_FIELD__COUNT; f++)
        v->summary.text[f] = STR("");
    v->summary.kind = RESULT_SCAN;
    v->summary.severity = v->summary.weight = 1;
    for (int f = RESULT_AGENT_FIELD; f <= RESULT_REPORTED_FIELD; f++)
        v->summary.text[f] = stmt_col_str(s, SCAN_TEXTS + f - RESULT_AGENT_FIELD, a);
    set_time(&RESULT_TEXT(&v->summary, SCANNED), a);
    set_time(&RESULT_TEXT(&v->summary, STARTED), a);
    set_time(&RESULT_TEXT(&v->summary, INGESTED), a);
    return check_scan(s, v, a, d);
}

int
store_load_result_scans(struct store *st, struct str file_hex, struct arena *a,
                        struct store_result_scan **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct store_result_scan) list = {0};
    struct stmt *s = stmt_get(st, "result_scans", d);
    if (!s)
        return -1;
    stmt_str(s, file_hex);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        if (read_scan(s, VEC_PUSH(a, &list), a, d) != 0)
            return -1;
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

/* Nobody has to do anything about it. */
static bool
is_good(enum status s)
{
    return s == STATUS_NONE || s == STATUS_PASS || s == STATUS_FIXED || s == STATUS_NOTAPPLICABLE ||
           s == STATUS_NOTSELECTED;
}

static enum result_kind
kind_of(enum status was, enum status is)
{
    if (is_good(was) && !is_good(is))
        return RESULT_NEW;
    if (!is_good(was) && status_class(is) == CLASS_PASSED)
        return RESULT_FIXED;
    return was == STATUS_NONE ? RESULT_NEW : RESULT_CHANGED;
}

static enum status
status_of(int64_t n)
{
    return n > 0 && n < STATUS__COUNT ? (enum status)n : STATUS_NONE;
}

/* The first characters of a text, as many as SQL's LEFT() gives. */
static struct str
cut_characters(struct str s, size_t most)
{
    size_t at = 0;
    uint32_t cp;
    for (size_t i = 0; i < most && at < s.len; i++) {
        int n = utf8_next(s.s + at, s.len - at, &cp);
        at += n > 0 ? (size_t)n : 1;
    }
    return str_n(s.s, at);
}

/* A row of result_checks and what the set says of its check; said: NULL = nothing. */
static void
read_changed_check(const struct stmt *s, const struct store_result_scan *scan,
                   const struct detail_text *said, struct store_result_check *v, struct arena *a)
{
    enum { FIXED = 2 }; /* good news wakes nobody up, whatever it is about */
    static const int severities[] = {3, 1, 3, 5, 8, 10}; /* by enum severity */
    static const enum result_field texts[] = {RESULT_CHECK_FIELD,    RESULT_CHECK_KEY_FIELD,
                                              RESULT_TITLE_FIELD,    RESULT_CATEGORY_FIELD,
                                              RESULT_SINCE_FIELD,    RESULT_REMEDIATION_FIELD,
                                              RESULT_MAPPINGS_FIELD, RESULT_FIRST_SEEN_FIELD};
    enum status was = status_of(stmt_col_int(s, 1)), is = status_of(stmt_col_int(s, 2));
    int64_t n = said && said->severity ? (int64_t)said->severity : stmt_col_int(s, 3);
    enum severity severity = n > 0 && n < SEVERITY__COUNT ? (enum severity)n : SEVERITY_UNKNOWN;
    struct result_event *e = &v->event;
    v->key = stmt_col_str(s, 0, a);
    *e = scan->summary;
    e->kind = kind_of(was, is);
    e->weight = severities[severity];
    e->severity = e->kind == RESULT_FIXED && e->weight > FIXED ? FIXED : e->weight;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        e->text[texts[i]] = stmt_col_str(s, 4 + (int)i, a);
    if (!said)
        RESULT_TEXT(e, SINCE) = STR("");
    set_time(&RESULT_TEXT(e, SINCE), a);
    set_time(&RESULT_TEXT(e, FIRST_SEEN), a);
    RESULT_TEXT(e, SEVERITY) = str_c(severity_word(severity));
    RESULT_TEXT(e, OLD) = str_c(status_word(was));
    RESULT_TEXT(e, STATUS) = str_c(status_word(is));
    RESULT_TEXT(e, NATIVE) = !said              ? STR("")
                             : said->native.len ? said->native
                                                : str_c(status_word(is));
    RESULT_TEXT(e, WAIVER) = said && said->waiver.len ? said->waiver : STR("");
    RESULT_TEXT(e, FINDING_UID) =
        arena_fmt(a, "%.*s-%.*s", STR_ARG(str_n(scan->key.s, 33)), STR_ARG(v->key));
}

/* What the set says of the check of a row; NULL = nothing, or nobody has to do anything about it. */
static const struct detail_text *
said_of(const struct stmt *s, const struct detail_form *set)
{
    enum { POS = 12 };
    enum status is = status_of(stmt_col_int(s, 2));
    if (is == STATUS_NONE || is == STATUS_PASS || is == STATUS_NOTSELECTED ||
        stmt_col_is_null(s, POS))
        return NULL;
    return detail_form_at(set, (size_t)stmt_col_uint(s, POS));
}

int
store_load_result_checks(struct store *st, const struct store_result_scan *scan, struct arena *a,
                         struct store_result_check **ret, size_t *ret_n, struct diag *d)
{
    enum { MOST_CHARACTERS = 16000 };
    VEC(struct store_result_check) list = {0};
    VEC(const struct detail_text *) said = {0};
    struct detail_form set = {0};
    if (scan->has_details && detail_set_load(st, &scan->details, a, &set, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "result_checks", d);
    if (!s)
        return -1;
    for (int i = 0; i < 2; i++) {
        stmt_uint(s, scan->agent_id);
        stmt_uint(s, scan->line_id);
        stmt_time(s, scan->scanned_at);
    }
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        const struct detail_text *t = said_of(s, &set);
        if (!t && stmt_col_int(s, 1) == 0 && stmt_col_int(s, 2) == STATUS_NOTAPPLICABLE)
            continue;
        *VEC_PUSH(a, &said) = t;
        read_changed_check(s, scan, t, VEC_PUSH(a, &list), a);
    }
    for (size_t i = 0; rc == STMT_END && i < list.n; i++) {
        struct str evidence = said.v[i] ? detail_evidence(st, said.v[i], a, d) : STR("");
        RESULT_TEXT(&list.v[i].event, EVIDENCE) = cut_characters(evidence, MOST_CHARACTERS);
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc == STMT_END && !diag_failed(d) ? 0 : -1;
}
