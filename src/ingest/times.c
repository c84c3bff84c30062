/* The time parser of all readers, by way of take.c. What begins with a year in digits is ISO 8601;
 * every other text is taken word by word, each of which can be one thing only. */
#include "ingest/times.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
    HOUR_S = 3600,
    DAY_S = 86400,
    MAX_TEXT = 100, /* the longest form has 60 bytes */
    MAX_OFFSET_H = 14
};

/* A time in the making; -1 = not said yet. */
struct draft {
    struct str rest;
    struct clock_civil c;
    bool has_clock, has_zone, has_offset, is_pm, is_am, zone_unknown, order_assumed;
    int offset_s;
};

/* ---- pieces ---- */

static bool
is_digit(struct str s, size_t at)
{
    return at < s.len && isdigit((unsigned char)s.s[at]);
}

static void
drop(struct str *s, size_t n)
{
    assert(n <= s->len);
    *s = str_n(s->s + n, s->len - n);
}

/* Browsers and Java put blanks that do not break before PM. */
static void
skip_blanks(struct str *s)
{
    static const char *const blanks[] = {" ", "\t", "\xc2\xa0", "\xe2\x80\xaf"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        while (str_starts(*s, blanks[i])) {
            drop(s, strlen(blanks[i]));
            i = 0;
        }
}

static bool
take_one_of(struct str *s, const char *one_of)
{
    if (!s->len || !s->s[0] || !strchr(one_of, s->s[0]))
        return false;
    drop(s, 1);
    return true;
}

static size_t
count_digits(struct str s)
{
    size_t n = 0;
    while (is_digit(s, n))
        n++;
    return n;
}

/* Takes exactly n digits. */
static bool
take_digits(struct str *s, size_t n, int *ret)
{
    int v = 0;
    assert(n > 0 && n < 10);
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(*s, i))
            return false;
        v = v * 10 + (s->s[i] - '0');
    }
    drop(s, n);
    *ret = v;
    return true;
}

/* Takes one digit or two, and no third. */
static bool
take_short(struct str *s, int *ret)
{
    size_t n = count_digits(*s);
    return n >= 1 && n <= 2 && take_digits(s, n, ret);
}

/* Digits behind a point or a comma, when there are any; a comma alone may part words. */
static bool
take_fraction(struct str *s)
{
    if (!s->len || (s->s[0] != '.' && s->s[0] != ','))
        return true;
    if (!is_digit(*s, 1))
        return s->s[0] == ',';
    drop(s, 1);
    drop(s, count_digits(*s));
    return true;
}

/* ---- zones ---- */

/* The names of RFC 2822, and those that date(1) and Java write for one zone only. */
static const struct {
    const char *name;
    int minutes;
} zones[] = {
    {"z", 0},       {"ut", 0},      {"utc", 0},    {"gmt", 0},    {"est", -300}, {"edt", -240},
    {"cst", -360},  {"cdt", -300},  {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420},
    {"akst", -540}, {"akdt", -480}, {"hst", -600}, {"wet", 0},    {"west", 60},  {"cet", 60},
    {"cest", 120},  {"met", 60},    {"mest", 120}, {"eet", 120},  {"eest", 180}, {"msk", 180},
    {"sgt", 480},   {"hkt", 480},   {"jst", 540},  {"kst", 540},  {"aest", 600}, {"aedt", 660},
    {"acst", 570},  {"acdt", 630},  {"awst", 480}, {"nzst", 720}, {"nzdt", 780},
};

/* Each is the name of several zones: the site's own is as good a guess. */
static const char *const ambiguous_zones[] = {"ist", "bst", "ast", "adt", "gst", "amt"};

static bool
find_zone(struct draft *t, struct str word)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (str_ieqc(word, zones[i].name)) {
            t->offset_s = zones[i].minutes * 60;
            return true;
        }
    for (size_t i = 0; i < sizeof ambiguous_zones / sizeof *ambiguous_zones; i++)
        if (str_ieqc(word, ambiguous_zones[i])) {
            t->zone_unknown = true;
            return true;
        }
    return false;
}

static bool
take_zone_name(struct draft *t, struct str word)
{
    enum { LONGEST = 5 };
    if (t->has_zone) /* "+0100 CET": the offset says it */
        return t->has_offset && word.len && word.len <= LONGEST;
    t->has_zone = find_zone(t, word);
    return t->has_zone;
}

/* +hh, +hhmm, +hh:mm; "GMT+01:00" too. */
static bool
take_offset(struct draft *t)
{
    struct str *s = &t->rest;
    int sign = s->s[0] == '-' ? -1 : 1, hours, minutes = 0;
    bool after_gmt = t->has_zone && !t->has_offset && !t->offset_s && !t->zone_unknown;
    if ((t->has_zone && !after_gmt) || !take_one_of(s, "+-") || !take_digits(s, 2, &hours))
        return false;
    if ((take_one_of(s, ":") || is_digit(*s, 0)) && !take_digits(s, 2, &minutes))
        return false;
    if (hours > MAX_OFFSET_H || minutes > 59 || is_digit(*s, 0))
        return false;
    t->offset_s = sign * (hours * HOUR_S + minutes * 60);
    t->has_zone = t->has_offset = true;
    return true;
}

/* ---- hours and minutes ---- */

/* h:mm[:ss[.f]], hh too. */
static bool
take_clock(struct draft *t)
{
    struct str *s = &t->rest;
    if (t->has_clock || !take_short(s, &t->c.hour) || !take_one_of(s, ":") ||
        !take_digits(s, 2, &t->c.minute))
        return false;
    if (take_one_of(s, ":") && (!take_digits(s, 2, &t->c.second) || !take_fraction(s)))
        return false;
    t->has_clock = true;
    return !is_digit(*s, 0);
}

/* hhmm[ss[.f]] */
static bool
take_basic_clock(struct draft *t)
{
    struct str *s = &t->rest;
    size_t n = count_digits(*s);
    if ((n != 4 && n != 6) || !take_digits(s, 2, &t->c.hour) || !take_digits(s, 2, &t->c.minute))
        return false;
    t->has_clock = true;
    return n == 4 || (take_digits(s, 2, &t->c.second) && take_fraction(s));
}

/* "(EST)" of RFC 2822, "[Europe/Berlin]" of Java: comments. */
static bool
take_comment(struct str *s)
{
    char end = s->s[0] == '(' ? ')' : ']';
    size_t n = 1;
    while (n < s->len && (isalnum((unsigned char)s->s[n]) || strchr(" _/+-:", s->s[n])))
        n++;
    if (n >= s->len || s->s[n] != end)
        return false;
    drop(s, n + 1);
    return true;
}

/* ---- words ---- */

static struct str
word_at(struct str s)
{
    size_t n = 0;
    while (n < s.len && (isalpha((unsigned char)s.s[n]) || (n && s.s[n] == '.')))
        n++;
    return str_n(s.s, n);
}

/* The number from 1 of the name that word is, whole or as it is shortened; 0 = none. */
static int
find_name(struct str word, const char *const *names, int n)
{
    static const char *const odd[] = {"sept", "tues", "thur", "thurs"};
    struct str w = str_ends(word, ".") ? str_n(word.s, word.len - 1) : word;
    bool is_short = w.len == 3;
    for (size_t k = 0; k < sizeof odd / sizeof *odd; k++)
        is_short = is_short || str_ieqc(w, odd[k]);
    for (int i = 0; i < n; i++) {
        struct str name = str_c(names[i]);
        if (is_short && w.len <= name.len && strncasecmp(w.s, name.s, w.len) == 0)
            return i + 1;
        if (str_ieqc(w, names[i]))
            return i + 1;
    }
    return 0;
}

static int
find_month(struct str word)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    return find_name(word, names, 12);
}

static bool
is_weekday(struct str word)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return find_name(word, names, 7) > 0;
}

static bool
take_half(struct draft *t, struct str word)
{
    bool is_am = str_ieqc(word, "am") || str_ieqc(word, "a.m.");
    bool is_pm = str_ieqc(word, "pm") || str_ieqc(word, "p.m.");
    if ((!is_am && !is_pm) || !t->has_clock || t->is_am || t->is_pm)
        return false;
    t->is_am = is_am;
    t->is_pm = is_pm;
    return true;
}

static bool
take_word(struct draft *t, bool is_first)
{
    struct str word = word_at(t->rest);
    int month = find_month(word);
    bool ok = true;
    if (month && t->c.month < 0)
        t->c.month = month;
    else if (is_first && is_weekday(word))
        ;
    else if (str_ieqc(word, "at") && !t->has_clock && t->c.month > 0)
        ;
    else
        ok = take_half(t, word) || (t->has_clock && take_zone_name(t, word));
    drop(&t->rest, word.len);
    return ok;
}

/* ---- dates in words and numbers ---- */

/* 05/23/2023 and 23.05.2023; *at stands behind the first number. */
static bool
take_numeric_date(struct draft *t, int first, char between)
{
    int second;
    if (t->c.day >= 0 || t->c.month >= 0 || t->c.year >= 0)
        return false;
    drop(&t->rest, 1);
    if (!take_short(&t->rest, &second) || !t->rest.len || t->rest.s[0] != between)
        return false;
    drop(&t->rest, 1);
    bool day_first = between == '.' || first > 12;
    t->c.day = day_first ? first : second;
    t->c.month = day_first ? second : first;
    t->order_assumed = between == '/' && first <= 12 && second <= 12 && first != second;
    return take_digits(&t->rest, 4, &t->c.year) && !is_digit(t->rest, 0);
}

/* A year of two digits, as RFC 850 has it: 18 is 2018, 70 is 1970. */
static int
whole_year(int year)
{
    return year + (year < 70 ? 2000 : 1900);
}

static bool
take_number(struct draft *t)
{
    size_t n = count_digits(t->rest);
    int v;
    if (n <= 2 && n < t->rest.len && t->rest.s[n] == ':')
        return take_clock(t);
    if (n == 4 && t->c.year < 0)
        return take_digits(&t->rest, 4, &t->c.year);
    if (n > 2 || !take_digits(&t->rest, n, &v))
        return false;
    char next = t->rest.len ? t->rest.s[0] : 0;
    if ((next == '/' || next == '.') && is_digit(t->rest, 1))
        return take_numeric_date(t, v, next);
    if (t->c.day < 0)
        t->c.day = v;
    else if (t->c.year < 0 && t->c.month > 0 && n == 2)
        t->c.year = whole_year(v);
    else
        return false;
    return true;
}

/* One thing more of a text in words. */
static bool
take_token(struct draft *t, bool is_first)
{
    char c = t->rest.s[0];
    bool in_date = !t->has_clock && (t->c.day > 0 || t->c.year > 0) &&
                   (t->c.day < 0 || t->c.month < 0 || t->c.year < 0);
    if (isdigit((unsigned char)c))
        return take_number(t);
    if (isalpha((unsigned char)c))
        return take_word(t, is_first);
    if (c == '-' && in_date) /* 06-Dec-18 */
        return take_one_of(&t->rest, "-");
    if ((c == '+' || c == '-') && t->has_clock)
        return take_offset(t);
    if (c == '(' && t->has_clock)
        return take_comment(&t->rest);
    return c == ',' && !is_first && take_one_of(&t->rest, ",");
}

static bool
parse_words(struct draft *t)
{
    bool is_first = true;
    while (t->rest.len) {
        if (!take_token(t, is_first))
            return false;
        is_first = false;
        skip_blanks(&t->rest);
    }
    return true;
}

/* ---- ISO 8601 ---- */

/* YYYY-MM-DD, YYYY/MM/DD, YYYYMMDD. */
static bool
take_iso_date(struct draft *t, bool *is_basic)
{
    struct str *s = &t->rest;
    if (!take_digits(s, 4, &t->c.year))
        return false;
    *is_basic = is_digit(*s, 0);
    if (*is_basic)
        return take_digits(s, 2, &t->c.month) && take_digits(s, 2, &t->c.day);
    char between = s->len ? s->s[0] : 0;
    if (!take_one_of(s, "-/.") || !take_digits(s, 2, &t->c.month) || !s->len || s->s[0] != between)
        return false;
    drop(s, 1);
    return take_digits(s, 2, &t->c.day);
}

/* Behind the clock: half of the day, offset, name and comment, each of which may be missing. */
static bool
parse_iso_tail(struct draft *t)
{
    struct str *s = &t->rest;
    skip_blanks(s);
    while (s->len && isalpha((unsigned char)s->s[0])) {
        struct str word = word_at(*s);
        if (!take_half(t, word) && !take_zone_name(t, word))
            return false;
        drop(s, word.len);
        skip_blanks(s);
    }
    if (s->len && strchr("+-", s->s[0]) && !take_offset(t))
        return false;
    skip_blanks(s);
    struct str word = word_at(*s);
    if (word.len && !take_zone_name(t, word)) /* "+0000 UTC" */
        return false;
    drop(s, word.len);
    skip_blanks(s);
    if (str_starts(*s, "m=+") || str_starts(*s, "m=-")) /* Go's monotonic clock */
        drop(s, 3 + count_digits(str_n(s->s + 3, s->len - 3))), take_fraction(s);
    if (s->len && strchr("[(", s->s[0]) && !take_comment(s))
        return false;
    return s->len == 0;
}

static bool
parse_iso(struct draft *t)
{
    struct str *s = &t->rest;
    bool is_basic, has_t = false;
    if (!take_iso_date(t, &is_basic))
        return false;
    if (s->len && strchr("Tt", s->s[0])) {
        drop(s, 1);
        has_t = true;
    }
    bool has_blank = s->len && (s->s[0] == ' ' || s->s[0] == '\t');
    skip_blanks(s);
    if (!is_digit(*s, 0)) /* a bare date is its midnight; it may name a zone (XML Schema) */
        return !has_t && parse_iso_tail(t);
    if (!has_t && !has_blank && !is_basic)
        return false;
    bool is_colon = s->len > 2 && (s->s[1] == ':' || s->s[2] == ':');
    return (is_colon ? take_clock(t) : take_basic_clock(t)) && parse_iso_tail(t);
}

static bool
is_iso(struct str s)
{
    size_t n = count_digits(s);
    if (n == 4)
        return s.len > 4 && strchr("-/.", s.s[4]) && is_digit(s, 5);
    bool is_date =
        str_starts(s, "19") || str_starts(s, "20"); /* else twelve digits are milliseconds */
    return n == 8 || n == 14 || (n == 12 && is_date);
}

/* ---- numbers ---- */

int64_t
times_of_number(int64_t n)
{
    static const int64_t most = 100000000000; /* 5138-11-16 */
    int64_t unit = 1;
    while (n / unit >= most || n / unit <= -most)
        unit *= 1000;
    return n / unit - (n % unit < 0);
}

/* Digits with or without a fraction. */
static bool
parse_number(struct str s, struct times_reading *ret)
{
    int64_t n;
    bool is_negative = take_one_of(&s, "-");
    struct str digits = str_n(s.s, count_digits(s));
    drop(&s, digits.len);
    if (!digits.len || !take_fraction(&s) || s.len || !str_to_i64(digits, &n))
        return false;
    *ret = (struct times_reading){.t = times_of_number(is_negative ? -n : n)};
    return true;
}

/* ---- the whole ---- */

/* Twelve o'clock is the first hour of its half; 24:00 is the end of the day. */
static bool
settle_hour(struct draft *t, int *ret_days)
{
    struct clock_civil *c = &t->c;
    *ret_days = 0;
    if (t->is_am || t->is_pm) {
        if (c->hour < 1 || c->hour > 12)
            return false;
        c->hour = c->hour % 12 + (t->is_pm ? 12 : 0);
    } else if (c->hour == 24 && c->minute == 0 && c->second == 0) {
        c->hour = 0;
        *ret_days = 1;
    }
    return true;
}

static bool
settle(struct draft *t, int zone_offset_s, struct times_reading *ret)
{
    int days;
    struct times_reading r = {.order_assumed = t->order_assumed};
    if (!settle_hour(t, &days) || !clock_from_civil(t->c, &r.t))
        return false;
    r.zone_assumed = !t->has_zone || t->zone_unknown;
    r.t += (int64_t)days * DAY_S - (r.zone_assumed ? zone_offset_s : t->offset_s);
    *ret = r;
    return true;
}

bool
times_parse(struct str s, int zone_offset_s, struct times_reading *ret)
{
    struct draft t = {.rest = str_trim(s), .c = {.year = -1, .month = -1, .day = -1}};
    assert(ret);
    if (!t.rest.len || t.rest.len > MAX_TEXT || memchr(t.rest.s, 0, t.rest.len))
        return false;
    struct draft iso = t;
    if (is_iso(t.rest) && parse_iso(&iso) && settle(&iso, zone_offset_s, ret))
        return true;
    size_t n = count_digits(t.rest);
    if (n != 8 && n != 14 && parse_number(t.rest, ret)) /* those are dates, or nothing */
        return true;
    return parse_words(&t) && settle(&t, zone_offset_s, ret);
}
