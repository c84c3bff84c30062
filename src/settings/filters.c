/* Words of filters -> bits and numbers. Called by definition.c and job/request.c. */
#include "settings/filters.h"

#include <assert.h>

#include "base/buf.h"
#include "model/scan.h"

static const char *const status_words[CLASS__COUNT] = {[CLASS_PASSED] = "passed",
                                                       [CLASS_FAILED] = "failed",
                                                       [CLASS_SKIPPED] = "skipped",
                                                       [CLASS_WAIVED] = "waived"};

const char *filters_status_word(enum status_class class)
{
    assert(class < CLASS__COUNT);
    return status_words[class];
}

int
filters_status(struct str word, enum diag_code code, unsigned *bits, struct diag *d)
{
    for (int class = CLASS_PASSED; class < CLASS__COUNT; class ++)
        if (str_eqc(word, status_words[class])) {
            *bits |= 1u << class;
            return 0;
        }
    struct str known[CLASS__COUNT];
    size_t n = 0;
    for (int class = CLASS_PASSED; class < CLASS__COUNT; class ++)
        known[n++] = str_c(status_words[class]);
    return diag_unknown(d, code, "status", word, known, n);
}

int
filters_severity(struct str word, enum diag_code code, unsigned *bits, struct diag *d)
{
    struct str known[SEVERITY__COUNT];
    for (int s = 0; s < SEVERITY__COUNT; s++) {
        known[s] = str_c(severity_word((enum severity)s));
        if (!str_eq(word, known[s]))
            continue;
        *bits |= 1u << s;
        return 0;
    }
    return diag_unknown(d, code, "severity", word, known, SEVERITY__COUNT);
}

/* A word is near to one of the names; a number is near to nothing. */
static int
unknown_category(struct str word, enum diag_code code, struct diag *d)
{
    struct str known[18 + 2] = {STR("uncategorised"), STR("all")};
    int64_t n;
    for (int i = 1; i <= 18; i++)
        known[i + 1] = scan_category_name(i);
    if (!str_to_i64(word, &n) && str_nearest(word, known, 18 + 2).len)
        return diag_unknown(d, code, "category", word, known, 18 + 2);
    return diag_fail(d, code,
                     "no category \"%.*s\"; there is: 1..18, a name of CIS Controls v8 such as "
                     "\"%.*s\", uncategorised, all",
                     STR_ARG(word), STR_ARG(scan_category_name(5)));
}

int
filters_category(struct str word, enum diag_code code, int *ret, struct diag *d)
{
    int64_t n = 0;
    int named = scan_category_number(word);
    if (str_eqc(word, "all"))
        *ret = CATEGORY_ALL;
    else if (str_eqc(word, "uncategorised"))
        *ret = CATEGORY_WITHOUT;
    else if (named)
        *ret = named;
    else if (str_to_i64(word, &n) && n >= 1 && n <= 18)
        *ret = (int)n;
    else
        return unknown_category(word, code, d);
    return 0;
}

/* By hand: no rounding may put an agent on the other side of the line. */
int
filters_score(struct str word, enum diag_code code, int *ret, struct diag *d)
{
    int value = 0, decimals = -1;
    bool is_number = word.len > 0 && word.len <= 6;
    for (size_t i = 0; i < word.len && is_number; i++) {
        char c = word.s[i];
        is_number = (c >= '0' && c <= '9') || (c == '.' && decimals < 0 && i > 0);
        if (c != '.')
            value = value * 10 + (c - '0');
        decimals += decimals >= 0 || c == '.';
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 2 && is_number; i++)
        value *= 10;
    if (!is_number || decimals > 2 || value > 10000)
        return diag_fail(d, code,
                         "\"%.*s\": want a percentage of 0 to 100, with two decimals at most",
                         STR_ARG(word));
    *ret = value;
    return 0;
}

static void
spell(struct buf *out, const char *key, struct str value)
{
    buf_fmt(out, "%s%s=%.*s", out->len ? ";" : "", key, STR_ARG(value));
}

struct str
filters_spell(const struct report_filter *f, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    for (size_t i = 0; i < f->os.n; i++)
        spell(&out, "os", f->os.v[i]);
    if (f->score_from >= 0)
        spell(&out, "score-from",
              arena_fmt(a, "%d.%02d", f->score_from / 100, f->score_from % 100));
    if (f->score_below >= 0)
        spell(&out, "score-below",
              arena_fmt(a, "%d.%02d", f->score_below / 100, f->score_below % 100));
    for (int i = CLASS_PASSED; i < CLASS__COUNT; i++)
        if (f->statuses & 1u << i)
            spell(&out, "status", str_c(status_words[i]));
    for (int i = 0; i < SEVERITY__COUNT; i++)
        if (f->severities & 1u << i)
            spell(&out, "severity", str_c(severity_word((enum severity)i)));
    for (size_t i = 0; i < f->tags.n; i++)
        spell(&out, "tag", f->tags.v[i]);
    if (f->category == CATEGORY_WITHOUT)
        spell(&out, "category", STR("uncategorised"));
    else if (f->category != CATEGORY_ALL)
        spell(&out, "category", arena_fmt(a, "%d", f->category));
    return arena_str(a, buf_view(&out));
}
