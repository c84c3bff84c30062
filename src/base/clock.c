/* Civil time arithmetic and the one form of time that we write; used by every room. */
#include "base/clock.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <time.h>

enum { DAY_S = 86400 };

/* Years begin in March, so that the day that comes and goes is the last one; 719468 days lie between
 * 1 March of the year 0 and 1970. The algorithm is Howard Hinnant's, "chrono-Compatible Low-Level Date
 * Algorithms". */
int64_t
clock_days(int year, int month, int day)
{
    assert(month >= 1 && month <= 12);
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int yoe = year - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return (int64_t)era * 146097 + doe - 719468;
}

/* The way back of clock_days. */
struct clock_civil
clock_civil(int64_t t)
{
    int64_t days = t / DAY_S, rest = t % DAY_S;
    if (rest < 0)
        rest += DAY_S, days--;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = (int)(z - era * 146097);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (struct clock_civil){.year = (int)(yoe + era * 400) + (month <= 2),
                                .month = month,
                                .day = doy - (153 * mp + 2) / 5 + 1,
                                .hour = (int)(rest / 3600),
                                .minute = (int)(rest / 60 % 60),
                                .second = (int)(rest % 60)};
}

int
clock_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool
clock_from_civil(struct clock_civil c, int64_t *ret)
{
    if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12)
        return false;
    if (c.day < 1 || c.day > clock_month_days(c.year, c.month))
        return false;
    if (c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 ||
        c.second > 60) /* 60: a leap second */
        return false;
    *ret = clock_days(c.year, c.month, c.day) * DAY_S + c.hour * 3600 + c.minute * 60 + c.second;
    return true;
}

int
clock_weekday(int64_t t)
{
    int64_t days = t / DAY_S - (t % DAY_S < 0);
    int w = (int)((days + 3) % 7); /* 1970 began on a Thursday, weeks on Monday */
    return w < 0 ? w + 7 : w;
}

/* Takes exactly n digits off *s. */
static bool
digits(struct str *s, size_t n, int *ret)
{
    assert(n < 10);
    int v = 0;
    if (s->len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!isdigit((unsigned char)s->s[i]))
            return false;
        v = v * 10 + (s->s[i] - '0');
    }
    *s = str_n(s->s + n, s->len - n);
    *ret = v;
    return true;
}

static bool
take_one_of(struct str *s, const char *one_of)
{
    if (!s->len || !s->s[0] || !strchr(one_of, s->s[0]))
        return false;
    *s = str_n(s->s + 1, s->len - 1);
    return true;
}

/* Z, +hh, +hhmm, +hh:mm or nothing. */
static bool
parse_zone(struct str s, int assumed_s, int *ret_offset, bool *ret_assumed)
{
    *ret_assumed = s.len == 0;
    *ret_offset = assumed_s;
    if (s.len == 0)
        return true;
    if (take_one_of(&s, "Zz")) {
        *ret_offset = 0;
        return s.len == 0;
    }
    int sign = s.s[0] == '-' ? -1 : 1, hours, minutes = 0;
    if (!take_one_of(&s, "+-") || !digits(&s, 2, &hours) || hours > 14)
        return false;
    take_one_of(&s, ":");
    if (s.len && (!digits(&s, 2, &minutes) || minutes > 59))
        return false;
    *ret_offset = sign * (hours * 3600 + minutes * 60);
    return s.len == 0;
}

/* hh:mm[:ss[.fff]]; fractions are dropped. */
static bool
parse_clock(struct str *s, struct clock_civil *c)
{
    if (!digits(s, 2, &c->hour) || !take_one_of(s, ":") || !digits(s, 2, &c->minute))
        return false;
    if (take_one_of(s, ":") && !digits(s, 2, &c->second))
        return false;
    if (take_one_of(s, ".,"))
        while (s->len && isdigit((unsigned char)s->s[0]))
            *s = str_n(s->s + 1, s->len - 1);
    return true;
}

bool
clock_parse(struct str s, int zone_offset_s, struct clock_time *ret)
{
    struct clock_civil c = {0};
    struct clock_time r;
    int offset;
    s = str_trim(s);
    if (!digits(&s, 4, &c.year) || !take_one_of(&s, "-/") || !digits(&s, 2, &c.month) ||
        !take_one_of(&s, "-/") || !digits(&s, 2, &c.day))
        return false;
    if (take_one_of(&s, "Tt ")) {
        s = str_trim(s);
        if (!parse_clock(&s, &c))
            return false;
        s = str_trim(s);
    }
    if (!parse_zone(s, zone_offset_s, &offset, &r.zone_assumed) || !clock_from_civil(c, &r.t))
        return false;
    r.t -= offset;
    *ret = r;
    return true;
}

int
clock_local_offset(int64_t t)
{
    time_t tt = (time_t)t;
    struct tm tm;
    return localtime_r(&tt, &tm) ? (int)tm.tm_gmtoff : 0;
}

struct str
clock_iso(struct arena *a, int64_t t)
{
    struct clock_civil c = clock_civil(t);
    return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

struct str
clock_iso_us(struct arena *a, int64_t t_us)
{
    int64_t t = t_us / 1000000, us = t_us % 1000000;
    assert(us >= 0);
    struct clock_civil c = clock_civil(t);
    return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day, c.hour,
                     c.minute, c.second, (int)us);
}

struct str
clock_minute(struct arena *a, int64_t t)
{
    struct clock_civil c = clock_civil(t);
    return arena_fmt(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

struct str
clock_date(struct arena *a, int64_t t)
{
    struct clock_civil c = clock_civil(t);
    return arena_fmt(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}
