/* Calendar expressions as sets of numbers, and the search for the next moment that lies in all of them. */
#include "model/calendar.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

static void
add(struct calendar_set *set, int64_t v)
{
    assert(v >= 0 && v < 256);
    set->w[v / 64] |= UINT64_C(1) << v % 64;
}

static bool
has(const struct calendar_set *set, int64_t v)
{
    return v >= 0 && v < 256 && (set->w[v / 64] >> v % 64 & 1);
}

/* ---- reading ---- */

/* A part of an expression: what its numbers may be, and what is added to each. */
struct bounds {
    int64_t min, max, shift;
};

static const struct bounds years = {CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR, -CALENDAR_FIRST_YEAR},
                           months = {1, 12, 0}, days = {1, 31, 0}, last_days = {1, 28, 0},
                           hours = {0, 23, 0}, minutes = {0, 59, 0};

static bool
read_number(struct str s, const struct bounds *b, int64_t *ret)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
    return str_to_i64(s, ret) && *ret >= b->min && *ret <= b->max;
}

/* "*", "5", "1..5", each perhaps with "/2": every second one from the first on. Counted from the end of a month there
 * are no ranges, and steps go to the month's end. */
static bool
read_item(struct str s, const struct bounds *b, bool from_end, struct calendar_set *ret)
{
    const struct bounds steps = {1, b->max, 0};
    int64_t first = b->min, last = b->max, step = 1;
    struct str rest = s, range = str_cut(&rest, '/');
    bool has_step = range.len < s.len;
    long dots = str_find(range, "..");
    if (has_step && !read_number(rest, &steps, &step))
        return false;
    if (dots >= 0) {
        if (from_end || !read_number(str_n(range.s, (size_t)dots), b, &first) ||
            !read_number(str_n(range.s + dots + 2, range.len - (size_t)dots - 2), b, &last))
            return false;
    } else if (from_end || !str_eqc(range, "*")) {
        if (!read_number(range, b, &first))
            return false;
        last = !has_step ? first : from_end ? b->min : b->max;
    }
    if (dots < 0 && has_step && (from_end ? first - step < last : first + step > last))
        return false; /* a step that never is one */
    for (int64_t v = first; from_end ? v >= last : v <= last; v += from_end ? -step : step)
        add(ret, v + b->shift);
    return from_end || first <= last;
}

static bool
read_list(struct str s, const struct bounds *b, bool from_end, struct calendar_set *ret)
{
    if (!s.len || s.s[s.len - 1] == ',')
        return false;
    while (s.len)
        if (!read_item(str_cut(&s, ','), b, from_end, ret))
            return false;
    return true;
}

/* "2026-11-21", "11-21", "*-*-01", "*-02~03". */
static bool
read_date(struct str s, struct calendar *c)
{
    static const struct bounds *const kinds[] = {&years, &months};
    struct calendar_set *const sets[] = {&c->years, &c->months};
    long at = str_find(s, "~");
    bool from_end = at >= 0;
    struct str day = from_end ? str_n(s.s + at + 1, s.len - (size_t)at - 1) : s;
    struct str parts[3], rest = from_end ? str_n(s.s, (size_t)at) : s;
    size_t n = 0;
    for (; n < 3 && rest.len; n++)
        parts[n] = str_cut(&rest, '-');
    if (!from_end && n)
        day = parts[--n];
    if (n < 1 || n > 2 || rest.len ||
        !read_list(day, from_end ? &last_days : &days, from_end, from_end ? &c->last : &c->days))
        return false;
    if (n == 1)
        read_list(STR("*"), &years, false, &c->years);
    for (size_t i = 0; i < n; i++)
        if (!read_list(parts[i], kinds[i + 2 - n], false, sets[i + 2 - n]))
            return false;
    return true;
}

/* "06:00", "06:00:30", "8..18/2:30". */
static bool
read_time(struct str s, struct calendar *c)
{
    struct str hour = str_cut(&s, ':'), minute = str_cut(&s, ':');
    return read_list(hour, &hours, false, &c->hours) &&
           read_list(minute, &minutes, false, &c->minutes) &&
           read_list(s.len ? s : STR("0"), &minutes, false, &c->seconds);
}

static bool
read_weekday(struct str s, int64_t *ret)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    for (int64_t i = 0; i < 7; i++) {
        if ((s.len == 3 || s.len == strlen(names[i])) && strncasecmp(s.s, names[i], s.len) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

/* "Mon", "Mon,Wed", "Mon..Fri", also over the end of the week: "Sat..Mon". */
static bool
read_weekdays(struct str s, struct calendar *c)
{
    int64_t first, last;
    while (s.len) {
        struct str item = str_cut(&s, ',');
        long dots = str_find(item, "..");
        struct str from = dots < 0 ? item : str_n(item.s, (size_t)dots);
        struct str to = dots < 0 ? item : str_n(item.s + dots + 2, item.len - (size_t)dots - 2);
        if (!read_weekday(from, &first) || !read_weekday(to, &last))
            return false;
        for (int64_t d = first; d <= (last < first ? last + 7 : last); d++)
            add(&c->weekdays, d % 7);
    }
    return true;
}

/* What a word stands for, itself when it is none. */
static struct str
spelled_out(struct str s)
{
    static const struct {
        const char *word, *means;
    } words[] = {
        {"minutely", "*:*"},
        {"hourly", "*:00"},
        {"daily", "00:00"},
        {"weekly", "Mon 00:00"},
        {"monthly", "*-*-01 00:00"},
        {"quarterly", "*-01,04,07,10-01 00:00"},
        {"semiannually", "*-01,07-01 00:00"},
        {"yearly", "*-01-01 00:00"},
        {"annually", "*-01-01 00:00"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (s.len == strlen(words[i].word) && strncasecmp(s.s, words[i].word, s.len) == 0)
            return str_c(words[i].means);
    return s;
}

enum part { PART_WEEKDAYS, PART_DATE, PART_TIME, PART__COUNT };

static const struct {
    bool (*read)(struct str s, struct calendar *c);
    const char *standard, *fault;
} parts[] = {
    [PART_WEEKDAYS] = {read_weekdays, "Mon..Sun",
                       "weekdays are written like Mon, Mon,Wed or Mon..Fri"},
    [PART_DATE] =
        {read_date, "*-*-*",
         "a date is written like *-*-01, 2026-11-21 or *-02~01, the last day of February"},
    [PART_TIME] = {read_time, "00:00", "a time of day is written like 06:00 or 06:00:30"},
};

static enum part
part_of(struct str s)
{
    if (str_find(s, ":") >= 0)
        return PART_TIME;
    return str_find(s, "-") >= 0 || str_find(s, "~") >= 0 ? PART_DATE : PART_WEEKDAYS;
}

/* Zones have letters, and a slash or capitals only; dates and times have no letters. */
static bool
is_zone(struct str s)
{
    struct calendar ignored = {0};
    bool has_letter = false;
    for (size_t i = 0; i < s.len; i++)
        has_letter |= (s.s[i] >= 'A' && s.s[i] <= 'Z') || (s.s[i] >= 'a' && s.s[i] <= 'z');
    return has_letter && str_find(s, "..") < 0 && str_find(s, ",") < 0 &&
           !read_weekdays(s, &ignored) && spelled_out(s).s == s.s;
}

/* The words of s behind the n that are there; how many there are then, at most max. */
static size_t
split(struct str s, struct str *ret, size_t max)
{
    size_t n = 0;
    for (s = str_trim(s); s.len && n < max; s = str_trim(s))
        ret[n++] = str_cut(&s, ' ');
    return s.len ? max + 1 : n;
}

bool
calendar_parse(struct str s, struct calendar *ret, struct str *ret_zone, const char **ret_why)
{
    struct str words[PART__COUNT + 1];
    bool is_given[PART__COUNT] = {0};
    size_t n = split(s, words, PART__COUNT + 1);
    *ret = (struct calendar){0};
    *ret_zone = STR("");
    *ret_why = n ? "want weekdays, a date, a time and a zone, in this order" : "it is empty";
    if (n > 1 && n <= PART__COUNT + 1 && is_zone(words[n - 1]))
        *ret_zone = words[--n];
    if (n == 1)
        n = split(spelled_out(words[0]), words, PART__COUNT);
    if (n < 1 || n > PART__COUNT)
        return false;
    for (size_t i = 0, next = 0; i < n; i++) {
        enum part kind = part_of(words[i]);
        if (kind < next)
            return false;
        if (!parts[kind].read(words[i], ret)) {
            *ret_why = parts[kind].fault;
            return false;
        }
        is_given[kind] = true;
        next = (size_t)kind + 1;
    }
    for (size_t k = 0; k < PART__COUNT; k++)
        if (!is_given[k])
            parts[k].read(str_c(parts[k].standard), ret);
    return true;
}

/* ---- the next moment ---- */

/* The moment at which the zone's clock shows a civil time (its seconds as if it were UTC). */
static int64_t
moment_of(int64_t civil)
{
    int64_t before = civil - clock_local_offset(civil - 86400);
    int64_t after = civil - clock_local_offset(civil + 86400);
    if (before + clock_local_offset(before) == civil)
        return before;
    if (after + clock_local_offset(after) == civil)
        return after;
    int64_t low = after, high = before; /* left out: the clock is set forward between these two */
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (clock_local_offset(middle) == clock_local_offset(low))
            low = middle;
        else
            high = middle;
    }
    return high;
}

static bool
is_on_day(const struct calendar *c, int64_t day)
{
    struct clock_civil d = clock_civil(day * 86400);
    int length = clock_month_days(d.year, d.month);
    return has(&c->years, d.year - CALENDAR_FIRST_YEAR) && has(&c->months, d.month) &&
           (has(&c->days, d.day) || has(&c->last, length - d.day + 1)) &&
           has(&c->weekdays, clock_weekday(day * 86400));
}

/* The first moment of the day behind t. */
static int64_t
next_of_day(const struct calendar *c, int64_t day, int64_t t)
{
    enum { CHANGE_S = 3 * 3600 }; /* more than a clock is set by */
    int64_t civil_t = t + clock_local_offset(t);
    for (int64_t minute = 0; minute < 24 * 60; minute++) {
        int64_t civil = day * 86400 + minute * 60;
        if (!has(&c->hours, minute / 60) || !has(&c->minutes, minute % 60) ||
            civil + CHANGE_S < civil_t)
            continue;
        for (int second = 0; second < 60; second++) {
            int64_t moment = has(&c->seconds, second) ? moment_of(civil + second) : t;
            if (moment > t)
                return moment;
        }
    }
    return CLOCK_NONE;
}

int64_t
calendar_next(const struct calendar *c, int64_t t)
{
    int64_t end = clock_days(CALENDAR_LAST_YEAR + 1, 1, 1);
    struct clock_civil from = clock_civil(t + clock_local_offset(t));
    for (int64_t day = clock_days(from.year, from.month, from.day) - 1; day < end; day++) {
        int64_t moment = is_on_day(c, day) ? next_of_day(c, day, t) : CLOCK_NONE;
        if (moment != CLOCK_NONE)
            return moment;
    }
    return CLOCK_NONE;
}
