/* Calendar arithmetic of report periods in the process's zone; used by job and compose. */
#include "model/period.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

static const struct {
    const char *noun, *adverb;
} words[] = {
    [PERIOD_DAY] = {"day", "daily"},       [PERIOD_WEEK] = {"week", "weekly"},
    [PERIOD_MONTH] = {"month", "monthly"}, [PERIOD_QUARTER] = {"quarter", "quarterly"},
    [PERIOD_YEAR] = {"year", "yearly"},
};

bool
period_kind_from_word(struct str word, enum period_kind *ret)
{
    for (int k = PERIOD_DAY; k <= PERIOD_YEAR; k++) {
        if (str_eqc(word, words[k].noun) || str_eqc(word, words[k].adverb)) {
            *ret = (enum period_kind)k;
            return true;
        }
    }
    return false;
}

const char *
period_kind_word(enum period_kind kind)
{
    return kind == PERIOD_CUSTOM ? "" : words[kind].noun;
}

int64_t
period_day_start(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1};
    return (int64_t)mktime(&tm); /* normalises day 32, month 13 */
}

static struct clock_civil
local(int64_t t)
{
    return clock_civil(t + clock_local_offset(t));
}

/* Midnights are asked of the calendar, not counted in seconds: twice a year a day has 23 or 25
 * hours. */
struct period
period_around(enum period_kind kind, int64_t t)
{
    assert(kind != PERIOD_CUSTOM);
    struct clock_civil c = local(t);
    int months = kind == PERIOD_MONTH ? 1 : kind == PERIOD_QUARTER ? 3 : 12;
    struct period p = {.kind = kind};
    if (kind == PERIOD_DAY || kind == PERIOD_WEEK) {
        int days = kind == PERIOD_DAY ? 1 : 7;
        int back = kind == PERIOD_DAY ? 0 : clock_weekday(t + clock_local_offset(t));
        p.from = period_day_start(c.year, c.month, c.day - back);
        p.to = period_day_start(c.year, c.month, c.day - back + days);
        return p;
    }
    int first = (c.month - 1) / months * months + 1;
    p.from = period_day_start(c.year, first, 1);
    p.to = period_day_start(c.year, first + months, 1);
    return p;
}

struct period
period_previous(struct period p)
{
    assert(p.to > p.from);
    if (p.kind == PERIOD_CUSTOM)
        return (struct period){.kind = p.kind, .from = p.from - (p.to - p.from), .to = p.from};
    return period_around(p.kind, p.from - 1);
}

struct period
period_closed(enum period_kind kind, int64_t t)
{
    return period_previous(period_around(kind, t));
}

static bool
parse_relative(struct str s, int64_t now, struct period *ret)
{
    bool last = str_starts(s, "last-"), this = str_starts(s, "this-");
    enum period_kind kind;
    if ((!last && !this) || !period_kind_from_word(str_n(s.s + 5, s.len - 5), &kind))
        return false;
    *ret = last ? period_closed(kind, now) : period_around(kind, now);
    return true;
}

/* YYYY-MM-DD as its local midnight. */
static bool
parse_day(struct str s, int64_t *ret)
{
    struct clock_time t;
    if (s.len != 10 || !clock_parse(s, 0, &t))
        return false;
    struct clock_civil c = clock_civil(t.t);
    *ret = period_day_start(c.year, c.month, c.day);
    return true;
}

static bool
parse_range(struct str s, struct period *ret)
{
    long dots = str_find(s, "..");
    int64_t from, last;
    if (dots < 0 || !parse_day(str_n(s.s, (size_t)dots), &from) ||
        !parse_day(str_n(s.s + dots + 2, s.len - (size_t)dots - 2), &last) || last < from)
        return false;
    *ret = (struct period){
        .kind = PERIOD_CUSTOM, .from = from, .to = period_around(PERIOD_DAY, last).to};
    return true;
}

/* Monday of ISO week 1 is the Monday of the week that holds 4 January. */
static bool
parse_week(int64_t year, struct str s, struct period *ret)
{
    int64_t week;
    if (!str_to_i64(s, &week) || week < 1 || week > 53)
        return false;
    struct period first = period_around(PERIOD_WEEK, period_day_start((int)year, 1, 4));
    struct clock_civil c = local(first.from);
    struct period p =
        period_around(PERIOD_WEEK, period_day_start(c.year, c.month, c.day + 7 * (int)(week - 1)));
    if (local(p.from + 3 * 86400 + 43200).year != (int)year)
        return false; /* week 53 of a year of 52: its Thursday lies in the next one */
    *ret = p;
    return true;
}

/* 2026, 2026-W47, 2026-Q3, 2026-11, 2026-11-21. */
static bool
parse_calendar(struct str s, struct period *ret)
{
    int64_t year, n = 1, t;
    struct str rest = s, head = str_cut(&rest, '-');
    if (head.len != 4 || !str_to_i64(head, &year) || year < 1970 || year > 9999)
        return false;
    if (s.len == 4) {
        *ret = period_around(PERIOD_YEAR, period_day_start((int)year, 1, 1));
        return true;
    }
    if (rest.len >= 2 && rest.s[0] == 'W')
        return parse_week(year, str_n(rest.s + 1, rest.len - 1), ret);
    if (rest.len == 2 && rest.s[0] == 'Q' && rest.s[1] >= '1' && rest.s[1] <= '4') {
        *ret = period_around(PERIOD_QUARTER,
                             period_day_start((int)year, (rest.s[1] - '1') * 3 + 1, 1));
        return true;
    }
    if (rest.len == 2 && str_to_i64(rest, &n) && n >= 1 && n <= 12) {
        *ret = period_around(PERIOD_MONTH, period_day_start((int)year, (int)n, 1));
        return true;
    }
    if (!parse_day(s, &t))
        return false;
    *ret = period_around(PERIOD_DAY, t);
    return true;
}

bool
period_parse(struct str s, int64_t now, struct period *ret)
{
    return parse_relative(s, now, ret) || parse_range(s, ret) || parse_calendar(s, ret);
}

/* ISO 8601: a week belongs to the year that its Thursday lies in. */
static struct str
week_key(struct arena *a, struct period p)
{
    struct clock_civil thursday = local(p.from + 3 * 86400 + 43200);
    int64_t year_start = clock_days(thursday.year, 1, 1);
    int64_t day = clock_days(thursday.year, thursday.month, thursday.day);
    return arena_fmt(a, "%04d-W%02d", thursday.year, (int)((day - year_start) / 7 + 1));
}

struct str
period_key(struct arena *a, struct period p)
{
    assert(p.to > p.from);
    struct clock_civil c = local(p.from), last = local(p.to - 1);
    switch (p.kind) {
    case PERIOD_DAY:
        return arena_fmt(a, "%04d-%02d-%02d", c.year, c.month, c.day);
    case PERIOD_WEEK:
        return week_key(a, p);
    case PERIOD_MONTH:
        return arena_fmt(a, "%04d-%02d", c.year, c.month);
    case PERIOD_QUARTER:
        return arena_fmt(a, "%04d-Q%d", c.year, (c.month - 1) / 3 + 1);
    case PERIOD_YEAR:
        return arena_fmt(a, "%04d", c.year);
    case PERIOD_CUSTOM:
        break;
    }
    return arena_fmt(a, "%04d-%02d-%02d..%04d-%02d-%02d", c.year, c.month, c.day, last.year,
                     last.month, last.day);
}
