/* Words of numbers, names and dates; used by the section builders and the cover. */
#include "compose/words.h"

#include <assert.h>
#include <stdlib.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"

enum { NAME_MAX_BYTES = 96, LIST_MAX = 12 };

struct str
words_int(const struct lang *l, struct arena *a, int64_t n)
{
    assert(n >= 0);
    return lang_number(l, a, arena_fmt(a, "%lld", (long long)n));
}

struct str
words_pct(const struct lang *l, struct arena *a, struct rounded pct)
{
    if (pct.none)
        return STR("–");
    return LANG(l, a, "number.percent", {"value", exact_text(a, &pct)});
}

/* Cut before it is made visible: the limit is of the name, not of its escapes. */
struct str
words_name(struct arena *a, struct str name)
{
    struct str s = utf8_name(a, utf8_cut(name, NAME_MAX_BYTES));
    return name.len > NAME_MAX_BYTES ? arena_fmt(a, "%.*s…", STR_ARG(s)) : s;
}

struct str
words_title(struct arena *a, struct str title)
{
    struct str s = utf8_one_line(a, utf8_cut(title, NAME_MAX_BYTES));
    return title.len > NAME_MAX_BYTES ? arena_fmt(a, "%.*s…", STR_ARG(s)) : s;
}

struct str
words_alias(const struct fleet_agent *agent)
{
    struct str a = agent->name, b = agent->alias;
    struct str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;
    bool is_beginning = shorter.len && strncasecmp(shorter.s, longer.s, shorter.len) == 0 &&
                        (shorter.len == longer.len || longer.s[shorter.len] == '.');
    return is_beginning ? STR("") : agent->alias;
}

struct str
words_agent(const struct lang *l, struct arena *a, const struct fleet_agent *agent)
{
    struct str name = words_name(a, agent->name), alias = words_alias(agent);
    if (!alias.len)
        return name;
    return LANG(l, a, "agent.alias", {"name", name}, {"alias", words_name(a, alias)});
}

/* A dozen at most, so that a line stays a line; the rest is counted. */
struct str
words_list(const struct lang *l, struct arena *a, const struct str *names, size_t n)
{
    assert(names || n == 0);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    size_t shown = n > LIST_MAX ? LIST_MAX : n;
    for (size_t i = 0; i < shown; i++) {
        if (i)
            buf_str(&out, lang_get(l, i + 1 == n ? "list.last" : "list.comma"));
        buf_str(&out, names[i].len ? words_name(a, names[i]) : lang_get(l, "group.none"));
    }
    if (shown < n)
        buf_str(&out, LANG(l, a, "list.more", {"n", words_int(l, a, (int64_t)(n - shown))}));
    return arena_str(a, buf_view(&out));
}

struct str
words_framework(struct str word)
{
    static const char *const names[][2] = {
        {"cis", "CIS"},
        {"cis_csc", "CIS Controls"},
        {"pci_dss", "PCI DSS"},
        {"tsc", "TSC"},
        {"nist_800_53", "NIST 800-53"},
        {"nist_800_171", "NIST 800-171"},
        {"iso27001", "ISO 27001"},
        {"hipaa", "HIPAA"},
        {"gdpr", "GDPR"},
        {"cci", "CCI"},
        {"ens", "ENS"},
        {"mitre_attack", "MITRE ATT&CK"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eqc(word, names[i][0]))
            return str_c(names[i][1]);
    return word;
}

static struct clock_civil
local(int64_t t)
{
    return clock_civil(t + clock_local_offset(t));
}

static struct str
month_name(const struct lang *l, struct arena *a, int number)
{
    assert(number >= 1 && number <= 12);
    return lang_get(l, arena_fmt(a, "words.month.%d", number).s);
}

struct str
words_day(const struct lang *l, struct arena *a, int64_t t)
{
    struct clock_civil c = local(t);
    return LANG(l, a, "date.day", {"day", arena_fmt(a, "%d", c.day)},
                {"month", month_name(l, a, c.month)}, {"year", arena_fmt(a, "%d", c.year)});
}

/* ISO 8601 week: number and year of the week that p is. */
static struct str
week_name(const struct lang *l, struct arena *a, struct period p)
{
    struct str key = period_key(a, p); /* 2026-W47 */
    long at = str_find(key, "-W");
    assert(at > 0);
    int64_t n = 0;
    str_to_i64(str_n(key.s + at + 2, key.len - (size_t)at - 2), &n);
    return LANG(l, a, "period.week", {"week", arena_fmt(a, "%lld", (long long)n)},
                {"year", str_n(key.s, (size_t)at)});
}

struct str
words_period(const struct lang *l, struct arena *a, struct period p)
{
    struct clock_civil c = local(p.from);
    struct str year = arena_fmt(a, "%d", c.year);
    switch (p.kind) {
    case PERIOD_DAY:
        return words_day(l, a, p.from);
    case PERIOD_WEEK:
        return week_name(l, a, p);
    case PERIOD_MONTH:
        return LANG(l, a, "period.month", {"month", month_name(l, a, c.month)}, {"year", year});
    case PERIOD_QUARTER:
        return LANG(l, a, "period.quarter", {"quarter", arena_fmt(a, "%d", (c.month + 2) / 3)},
                    {"year", year});
    case PERIOD_YEAR:
        return LANG(l, a, "period.year", {"year", year});
    case PERIOD_CUSTOM:
        break;
    }
    return LANG(l, a, "period.range", {"from", words_day(l, a, p.from)},
                {"to", words_day(l, a, p.to - 1)});
}

struct str
words_said_period(const struct lang *l, struct arena *a, struct period p)
{
    if (p.kind != PERIOD_CUSTOM)
        return words_period(l, a, p);
    return LANG(l, a, "period.said", {"from", words_day(l, a, p.from)},
                {"to", words_day(l, a, p.to - 1)});
}

struct str
words_zone(struct arena *a, int64_t t)
{
    int off = clock_local_offset(t), minutes = abs(off) / 60;
    if (off == 0)
        return STR("UTC");
    return arena_fmt(a, "UTC%s%02d:%02d", off < 0 ? "\xe2\x88\x92" : "+", minutes / 60,
                     minutes % 60);
}

/* A period can open in summer time and close in winter time: then both zones are told. */
struct str
words_range(const struct lang *l, struct arena *a, struct period p)
{
    struct str from = words_zone(a, p.from), to = words_zone(a, p.to - 1);
    struct str zone =
        str_eq(from, to) ? from : LANG(l, a, "period.zones", {"from", from}, {"to", to});
    return LANG(l, a, "period.exact", {"from", words_day(l, a, p.from)},
                {"to", words_day(l, a, p.to - 1)}, {"zone", zone});
}

struct str
words_time(struct arena *a, int64_t t)
{
    return arena_fmt(a, "%.*s %.*s", STR_ARG(clock_minute(a, words_civil(t))),
                     STR_ARG(words_zone(a, t)));
}

struct str
words_both_times(struct arena *a, int64_t t)
{
    if (clock_local_offset(t) == 0)
        return words_time(a, t);
    return arena_fmt(a, "%.*s UTC (%.*s)", STR_ARG(clock_minute(a, t)),
                     STR_ARG(words_time(a, t)));
}

int64_t
words_civil(int64_t t)
{
    return t + clock_local_offset(t);
}
