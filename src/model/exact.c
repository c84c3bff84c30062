/* Exact ratios and how they are rounded; below engine, compose and render. */
#include "model/exact.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

enum {
    FINEST = 2,    /* decimals a percentage gets to keep it from 0 and 100 */
    SMALL = 2048,  /* denominators below have a place of their own for the sum of their terms */
    LIMB_BITS = 32 /* what one step of exact_sign looks deeper */
};

static uint64_t
gcd(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* ---- sums of fractions ---- */

static int
by_denominator(const void *x, const void *y)
{
    const struct exact_term *a = x, *b = y;
    return (a->den > b->den) - (a->den < b->den);
}

/* One term of what all of a denominator sum up to; whole numbers leave. */
static size_t
put_sum(struct exact *x, size_t at, uwide sum, uint64_t den)
{
    x->whole += (int64_t)(sum / den);
    if (sum % den == 0)
        return at;
    x->terms[at] = (struct exact_term){(uint64_t)(sum % den), den};
    return at + 1;
}

/* Terms of one denominator become one: those of small ones, which are as many as agents and mostly all, without sorting. */
static void
merge_terms(struct exact *x)
{
    uint64_t sums[SMALL] = {0};
    size_t n_large = 0, n_small = 0, out = 0;
    for (size_t i = 0; i < x->n; i++)
        if (x->terms[i].den < SMALL)
            sums[x->terms[i].den] += x->terms[i].num;
        else
            x->terms[n_large++] = x->terms[i];
    for (size_t den = 1; den < SMALL; den++)
        n_small += sums[den] > 0;
    assert(n_small + n_large <= x->n);
    struct exact_term *large = x->terms + n_small;
    memmove(large, x->terms, n_large * sizeof *large);
    for (uint64_t den = 1; den < SMALL; den++)
        if (sums[den])
            out = put_sum(x, out, sums[den], den);
    if (n_large)
        qsort(large, n_large, sizeof *large, by_denominator);
    for (size_t i = 0; i < n_large;) {
        uint64_t den = large[i].den;
        uwide sum = 0;
        for (; i < n_large && large[i].den == den; i++)
            sum += large[i].num;
        out = put_sum(x, out, sum, den);
    }
    x->n = out;
}

struct exact
exact_mean(const struct share *v, size_t n, struct arena *a)
{
    struct exact x = {.terms = ARENA_ARRAY(a, struct exact_term, n + 1)};
    for (size_t i = 0; i < n; i++) {
        if (v[i].of == 0)
            continue;
        assert(v[i].n >= 0 && v[i].of > 0);
        uint64_t num = (uint64_t)v[i].n, den = (uint64_t)v[i].of, by = gcd(num, den);
        x.divisor++;
        x.whole += (int64_t)(num / den);
        if (num % den)
            x.terms[x.n++] = (struct exact_term){num % den / by, den / by};
    }
    merge_terms(&x);
    return x;
}

double
exact_value(const struct exact *x)
{
    double sum = (double)x->whole;
    for (size_t i = 0; i < x->n; i++)
        sum += (double)x->terms[i].num / (double)x->terms[i].den;
    return x->divisor ? sum / (double)x->divisor : 0;
}

/* ---- the sign of a sum ---- */

/* whole + sum of num / den, whose sign is asked for. */
struct question {
    wide whole;
    size_t n;
    struct exact_term *terms; /* overwritten */
};

/* More bits than the common denominator has: the sum of the terms' bits, or what the first max
 * numbers have in common (below 3^max, Hanson), whichever is less. */
static double
bits_of_common(const struct question *q)
{
    double sum = 0, max = 0;
    for (size_t i = 0; i < q->n; i++) {
        sum += log2((double)q->terms[i].den) + 1;
        max = fmax(max, (double)q->terms[i].den);
    }
    return fmin(sum, 1.6 * max + 2);
}

/* The sum lies in (whole, whole + terms left), in units that each step makes finer. When they are finer
 * than the common denominator and it is still on both sides of 0, it is 0. */
static int
exact_sign(struct question q)
{
    double bits = bits_of_common(&q) + log2((double)q.n + 1) + 1;
    for (double at = 0;; at += LIMB_BITS) {
        size_t left = 0;
        for (size_t i = 0; i < q.n; i++)
            left += q.terms[i].num > 0;
        if (q.whole >= 0)
            return q.whole > 0 || left;
        if (q.whole + (wide)left <= 0)
            return -1;
        if (at > bits)
            return 0;
        q.whole *= (wide)1 << LIMB_BITS;
        for (size_t i = 0; i < q.n; i++) {
            uwide num = (uwide)q.terms[i].num << LIMB_BITS;
            q.whole += (wide)(num / q.terms[i].den);
            q.terms[i].num = (uint64_t)(num % q.terms[i].den);
        }
    }
}

/* Adds times * (whole + terms) of x to the question, times of either sign. */
static void
ask(struct question *q, const struct exact *x, wide times)
{
    q->whole += times * x->whole;
    for (size_t i = 0; i < x->n; i++) {
        wide num = times * (wide)x->terms[i].num, den = (wide)x->terms[i].den;
        wide down = num / den - (num % den < 0); /* floor: what is left is not negative */
        q->whole += down;
        q->terms[q->n++] = (struct exact_term){(uint64_t)(num - down * den), (uint64_t)den};
    }
}

/* The sign of times * (now - before) - halves / 2; before may be NULL. All are brought over twice the
 * product of the divisors. */
static int
compare(const struct exact *now, const struct exact *before, int64_t times, wide halves,
        struct arena *a)
{
    size_t room = now->n + (before ? before->n : 0) + 1;
    struct question q = {.terms = ARENA_ARRAY(a, struct exact_term, room)};
    wide by = before ? before->divisor : 1;
    assert(now->divisor > 0 && by > 0);
    ask(&q, now, 2 * (wide)times * by);
    if (before)
        ask(&q, before, -2 * (wide)times * now->divisor);
    q.whole -= halves * now->divisor * by;
    return exact_sign(q);
}

int
exact_cmp(const struct exact *a, const struct exact *b, struct arena *arena)
{
    if (!a->divisor || !b->divisor)
        return (a->divisor > 0) - (b->divisor > 0);
    double d = exact_value(a) - exact_value(b); /* far apart: no need to be exact */
    if (fabs(d) > 1e-6)
        return d > 0 ? 1 : -1;
    return compare(a, b, 1, 0, arena);
}

/* ---- rounding ---- */

static int64_t
power_of_ten(int n)
{
    int64_t p = 1;
    assert(n >= 0 && n <= 9);
    while (n--)
        p *= 10;
    return p;
}

static struct rounded
bounded(struct rounded r, int bound, int decimals)
{
    r.bound = bound;
    r.decimals = decimals < FINEST ? FINEST : decimals;
    r.units = bound > 0 ? 100 * power_of_ten(r.decimals) - 1 : 1;
    return r;
}

/* n / of * scale in units of 10^-decimals, halves up. */
static int64_t
divide(struct share s, int64_t scale, int decimals)
{
    wide unit = (wide)scale * power_of_ten(decimals);
    return (int64_t)((2 * unit * s.n + s.of) / (2 * (wide)s.of));
}

struct rounded
exact_percent(struct share s, int decimals)
{
    assert(s.n >= 0 && s.of >= 0 && s.n <= s.of);
    struct rounded r = {.none = s.of == 0, .decimals = decimals, .of = s};
    if (r.none)
        return r;
    r.value = 100.0 * (double)s.n / (double)s.of;
    for (;; r.decimals++) {
        r.units = divide(s, 100, r.decimals);
        bool is_0 = r.units == 0 && s.n > 0;
        bool is_100 = r.units == 100 * power_of_ten(r.decimals) && s.n < s.of;
        if (!is_0 && !is_100)
            return r;
        if (r.decimals >= FINEST)
            return bounded(r, is_100 ? 1 : -1, decimals);
    }
}

struct rounded
exact_ratio(int64_t n, int64_t of, int decimals)
{
    assert(n >= 0 && of >= 0);
    struct rounded r = {.none = of == 0, .decimals = decimals, .of = {n, of}};
    if (r.none)
        return r;
    r.value = (double)n / (double)of;
    r.units = divide(r.of, 1, decimals);
    return r;
}

/* 100 * (now - before), not negative, in units of 10^-decimals: a quotient says where to look, the exact
 * sum on which side of the half it lies. */
static int64_t
round_points(const struct exact *now, const struct exact *before, int decimals, struct arena *a)
{
    int64_t times = 100 * power_of_ten(decimals);
    double near = exact_value(now) - (before ? exact_value(before) : 0);
    int64_t u = llround(fmax(near, 0) * (double)times);
    while (u > 0 && compare(now, before, times, 2 * (wide)u - 1, a) < 0)
        u--;
    while (compare(now, before, times, 2 * (wide)u + 1, a) >= 0)
        u++;
    return u;
}

/* One fraction of 64 bits, if the sum is one. */
static struct share
as_share(const struct exact *x)
{
    const uwide most = INT64_MAX;
    uwide of = 1, num = 0;
    for (size_t i = 0; i < x->n; i++) {
        of = of / gcd((uint64_t)of, x->terms[i].den) * x->terms[i].den;
        if (of > most)
            return (struct share){0, 0};
    }
    of = of * (uwide)x->divisor;
    if (of > most || x->divisor == 0)
        return (struct share){0, 0};
    for (size_t i = 0; i < x->n; i++)
        num += of / (uwide)x->divisor / x->terms[i].den * x->terms[i].num;
    num += of / (uwide)x->divisor * (uwide)x->whole;
    if (num > most)
        return (struct share){0, 0};
    uint64_t by = gcd((uint64_t)num, (uint64_t)of);
    return (struct share){(int64_t)((uint64_t)num / by), (int64_t)((uint64_t)of / by)};
}

struct rounded
exact_mean_percent(const struct exact *x, int decimals, struct arena *a)
{
    struct rounded r = {.none = x->divisor == 0, .decimals = decimals, .of = as_share(x)};
    if (r.none)
        return r;
    bool some = x->whole > 0 || x->n > 0, all = x->whole >= x->divisor;
    assert(x->whole <= x->divisor);
    r.value = 100 * exact_value(x);
    for (;; r.decimals++) {
        r.units = round_points(x, NULL, r.decimals, a);
        bool is_0 = r.units == 0 && some;
        bool is_100 = r.units == 100 * power_of_ten(r.decimals) && !all;
        if (!is_0 && !is_100)
            return r;
        if (r.decimals >= FINEST)
            return bounded(r, is_100 ? 1 : -1, decimals);
    }
}

struct rounded
exact_change(const struct exact *now, const struct exact *before, int decimals, int *ret_direction,
             struct arena *a)
{
    struct rounded r = {.none = !now->divisor || !before->divisor, .decimals = decimals};
    *ret_direction = r.none ? 0 : exact_cmp(now, before, a);
    if (*ret_direction == 0)
        return r;
    const struct exact *more = *ret_direction > 0 ? now : before;
    const struct exact *less = *ret_direction > 0 ? before : now;
    r.value = 100 * (exact_value(more) - exact_value(less));
    for (;; r.decimals++) {
        r.units = round_points(more, less, r.decimals, a);
        if (r.units)
            return r;
        if (r.decimals >= FINEST)
            return bounded(r, -1, decimals);
    }
}

/* ---- digits ---- */

struct str
exact_digits(struct arena *a, const struct rounded *r)
{
    int64_t unit = power_of_ten(r->decimals);
    assert(!r->none && r->units >= 0);
    if (r->decimals == 0)
        return arena_fmt(a, "%lld", (long long)r->units);
    return arena_fmt(a, "%lld.%0*lld", (long long)(r->units / unit), r->decimals,
                     (long long)(r->units % unit));
}

struct str
exact_text(struct arena *a, const struct rounded *r)
{
    if (r->bound)
        return r->bound > 0 ? STR(">\xc2\xa0" "99.9") : STR("<\xc2\xa0" "0.1");
    struct str s = exact_digits(a, r);
    for (int decimals = r->decimals; decimals > 1 && s.s[s.len - 1] == '0'; decimals--)
        s.len--;
    return arena_str(a, s);
}
