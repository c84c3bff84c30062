/* The name of a CIS-CAT report; called by ciscat.c at the end of the report. */
#include "ingest/readers/ciscat/ciscat.h"

#include <assert.h>
#include <ctype.h>

#include "ingest/times.h"

static struct str
without(struct str s, const char *tail)
{
    return str_ends(s, tail) ? str_n(s.s, s.len - strlen(tail)) : s;
}

/* The last part of the path without ".json", the ending of a packed file and what stands before
 * '@'. */
static struct str
stem_of(struct str path)
{
    static const char *const tails[] = {".gz", ".bz2", ".xz", ".json", ".JSON"};
    for (size_t i = path.len; i > 0; i--)
        if (path.s[i - 1] == '/' || path.s[i - 1] == '@') {
            path = str_n(path.s + i, path.len - i);
            break;
        }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        path = without(path, tails[i]);
    return path;
}

/* The last part of the name when it is a time, 20250101T000000Z; a version or a number is none. */
static struct str
time_of(struct str s)
{
    enum { T_AT = 8 };
    struct times_reading r;
    bool is_time = s.len > T_AT && s.s[T_AT] == 'T' && times_parse(s, 0, &r);
    return is_time ? s : STR("");
}

/* Cuts what follows the last hyphen off *rest; empty when there is none. */
static struct str
cut_last(struct str *rest)
{
    size_t i = rest->len;
    while (i > 0 && rest->s[i - 1] != '-')
        i--;
    struct str last = i ? str_n(rest->s + i, rest->len - i) : STR("");
    *rest = str_n(rest->s, i ? i - 1 : rest->len);
    return last;
}

static bool
is_letter(char c)
{
    return isalnum((unsigned char)c) || (c & 0x80);
}

/* Length of the tail of s that holds the letters and digits of title and nothing else of the kind,
 * 0 = it does not end so. The name has '_' where the title has blanks and signs. */
static size_t
title_length(struct str s, struct str title)
{
    size_t i = s.len, k = title.len;
    while (k > 0) {
        if (!is_letter(title.s[k - 1])) {
            k--;
            continue;
        }
        while (i > 0 && !is_letter(s.s[i - 1]))
            i--;
        if (i == 0 || tolower((unsigned char)s.s[i - 1]) != tolower((unsigned char)title.s[k - 1]))
            return 0;
        i--, k--;
    }
    return s.len - i;
}

/* What stands before the benchmark; empty when it cannot be told. */
static struct str
host_of(struct str rest, struct str title, struct str id)
{
    /* "CIS_Debian_Linux_12_Benchmark" of "xccdf_org.cisecurity.benchmarks_benchmark_1.0.0_CIS_…" */
    long at = str_find(id, "_benchmark_");
    struct str in_id = at < 0 ? id : str_n(id.s + at + 11, id.len - (size_t)at - 11);
    if (at >= 0 && in_id.len && isdigit((unsigned char)in_id.s[0]))
        str_cut(&in_id, '_'); /* the version */
    const struct str names[] = {title, in_id};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = title_length(rest, names[i]);
        assert(n <= rest.len);
        if (n && n + 1 < rest.len && rest.s[rest.len - n - 1] == '-')
            return str_n(rest.s, rest.len - n - 1);
    }
    struct str host = rest, last = cut_last(&host);
    bool one_hyphen = last.len && !memchr(host.s, '-', host.len);
    return one_hyphen ? host : STR("");
}

struct ciscat_name
ciscat_name(struct arena *a, struct str path, struct str title, struct str id)
{
    struct ciscat_name n = {.host = STR(""), .time = STR("")};
    struct str rest = stem_of(path);
    n.is_nonpassing = str_ends(rest, "-NonPassing");
    rest = without(rest, "-NonPassing");
    n.time = arena_str(a, time_of(cut_last(&rest)));
    if (n.time.len)
        n.host = arena_str(a, host_of(rest, title, id));
    return n;
}
