/* Shared by the benchmarks. */
#include "measure.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
read_clock_s(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double
bench_wall_s(void)
{
    return read_clock_s(CLOCK_MONOTONIC);
}

double
bench_cpu_s(void)
{
    return read_clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double
bench_median(double *v, int n)
{
    assert(n > 0);
    qsort(v, (size_t)n, sizeof *v, by_value);
    return (v[(n - 1) / 2] + v[n / 2]) / 2;
}

void
bench_must(int rc, const struct diag *d)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%.*s\n", STR_ARG(d->first.text));
    exit(1);
}
