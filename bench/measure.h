/* What the benchmarks in C share: clocks, the median, giving up. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "base/diag.h"

/* Seconds of the wall's clock since some moment. */
double bench_wall_s(void);
/* Seconds of processor time of this process. */
double bench_cpu_s(void);
/* The middle one of n values, which it sorts; n > 0. */
double bench_median(double *v, int n);
/* Ends the program with what d says unless rc is 0: without its data there is nothing to measure. */
void bench_must(int rc, const struct diag *d);

#endif
