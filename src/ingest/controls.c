/* Spellings of controls; called by frameworks.c for every control that it adds, and by
 * category/controls.c for those of NIST SP 800-53. */
#include "ingest/controls.h"

#include <ctype.h>

#include "base/buf.h"

enum { MAX_PARTS = 8, MAX_CONTROL = 191 };

static bool
is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!isdigit((unsigned char)s.s[i]))
            return false;
    return s.len > 0;
}

static bool
is_letters(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!isalpha((unsigned char)s.s[i]))
            return false;
    return s.len > 0;
}

static bool
is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* 01 -> 1 */
static struct str
without_zeros(struct str s)
{
    while (s.len > 1 && s.s[0] == '0' && is_digits(s))
        s = str_n(s.s + 1, s.len - 1);
    return s;
}

/* Letters, digits and what stands between the parts of a control. */
static bool
is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!isalnum((unsigned char)s.s[i]) && !is_one_of(s.s[i], "()[] ._-,"))
            return false;
    return true;
}

static void
put_upper(struct buf *to, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_putc(to, (char)toupper((unsigned char)s.s[i]));
}

/* The pieces between any of the separators; 0 = too many. Empty pieces are passed over. */
static size_t
split(struct str s, const char *separators, struct str parts[MAX_PARTS])
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && !is_one_of(s.s[i], separators))
            continue;
        if (i > from && n == MAX_PARTS)
            return 0;
        if (i > from)
            parts[n++] = str_n(s.s + from, i - from);
        from = i + 1;
    }
    return n;
}

/* NIST SP 800-53: AC-2, its enhancement AC-2(1), their parts AC-2(a) and AC-2(12)(a). What SP 800-53A calls an
 * objective, CM-6.1(iv), is none of them and stays behind its control; OSCAL's ac-2.1 is an enhancement. */
static struct str
rewrite_nist(struct arena *a, struct str s)
{
    struct str parts[MAX_PARTS];
    bool has_family = s.len >= 4 && is_letters(str_n(s.s, 2)) && is_one_of(s.s[2], "-._ ");
    size_t end = 3;
    while (end < s.len && isdigit((unsigned char)s.s[end]))
        end++;
    if (!has_family || end == 3)
        return s;
    struct str rest = str_n(s.s + end, s.len - end);
    bool is_objective = str_starts(rest, ".") && isupper((unsigned char)s.s[0]);
    AUTO_BUF out = buf_init(2 * MAX_CONTROL);
    put_upper(&out, str_n(s.s, 2));
    buf_putc(&out, '-');
    buf_str(&out, without_zeros(str_n(s.s + 3, end - 3)));
    size_t n = is_objective || !is_plain(rest) ? 0 : split(rest, "()[] ._-", parts);
    if (n == 0)
        buf_str(&out, rest);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&out, "(%.*s)", STR_ARG(without_zeros(parts[i])));
    return arena_str(a, buf_view(&out));
}

/* NIST SP 800-171: 3.1.1 for 3_1_1 and 3-1-1. */
static struct str
rewrite_dots(struct arena *a, struct str s)
{
    struct str parts[MAX_PARTS];
    size_t n = split(s, "_-", parts);
    AUTO_BUF out = buf_init(2 * MAX_CONTROL);
    for (size_t i = 0; i < n; i++) {
        if (!is_digits(parts[i]))
            return s;
        buf_fmt(&out, "%s%.*s", i ? "." : "", STR_ARG(parts[i]));
    }
    return n > 1 ? arena_str(a, buf_view(&out)) : s;
}

/* Trust Services Criteria: CC1.3 for cc_1_3, A1.1 for cc_a_1_1. */
static struct str
rewrite_tsc(struct arena *a, struct str s)
{
    struct str parts[MAX_PARTS];
    size_t n = split(s, "_", parts), at = 0;
    while (at + 1 < n && is_letters(parts[at + 1]))
        at++;
    if (n < at + 2 || !is_letters(parts[at]))
        return s;
    AUTO_BUF out = buf_init(2 * MAX_CONTROL);
    put_upper(&out, parts[at]);
    for (size_t i = at + 1; i < n; i++) {
        if (!is_digits(parts[i]))
            return s;
        buf_fmt(&out, "%s%.*s", i > at + 1 ? "." : "", STR_ARG(parts[i]));
    }
    return arena_str(a, buf_view(&out));
}

/* 45 CFR: 164.308(a)(1)(ii)(A) for 164_308_a_1_ii_a; the fifth level has capitals. */
static struct str
rewrite_hipaa(struct arena *a, struct str s)
{
    enum { CAPITALS_FROM = 5 };
    struct str parts[MAX_PARTS];
    size_t n = split(s, "_", parts);
    if (n < 2 || !is_digits(parts[0]) || !is_digits(parts[1]))
        return s;
    AUTO_BUF out = buf_init(2 * MAX_CONTROL);
    buf_fmt(&out, "%.*s.%.*s", STR_ARG(parts[0]), STR_ARG(parts[1]));
    for (size_t i = 2; i < n; i++) {
        buf_putc(&out, '(');
        if (i >= CAPITALS_FROM)
            put_upper(&out, parts[i]);
        else
            buf_str(&out, parts[i]);
        buf_putc(&out, ')');
    }
    return arena_str(a, buf_view(&out));
}

/* NIST CSF: DE.CM-1 for de_cm_1; AE-1 for ae_1, which leaves its function out. */
static struct str
rewrite_csf(struct arena *a, struct str s)
{
    struct str parts[MAX_PARTS];
    size_t n = split(s, "_", parts);
    if (n < 2 || n > 3 || !is_digits(parts[n - 1]) || !is_letters(parts[0]))
        return s;
    AUTO_BUF out = buf_init(2 * MAX_CONTROL);
    for (size_t i = 0; i < n; i++) {
        buf_puts(&out, i == 0 ? "" : i + 1 == n ? "-" : ".");
        put_upper(&out, parts[i]);
    }
    return arena_str(a, buf_view(&out));
}

struct str
controls_rewrite(struct arena *a, struct str rewriting, struct str control)
{
    static const struct {
        const char *name;
        struct str (*rewrite)(struct arena *a, struct str s);
    } all[] = {{"nist", rewrite_nist},
               {"dots", rewrite_dots},
               {"tsc", rewrite_tsc},
               {"hipaa", rewrite_hipaa},
               {"csf", rewrite_csf}};
    struct str s = str_trim(control);
    if (s.len > 4 && str_ieqc(str_n(s.s, 4), "Req-")) /* PCI DSS, also under other names */
        s = str_trim(str_n(s.s + 4, s.len - 4));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (s.len && s.len <= MAX_CONTROL && str_eqc(rewriting, all[i].name))
            return all[i].rewrite(a, s);
    return s;
}
