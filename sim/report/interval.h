/*
 * How far a mean of few runs can be trusted.
 *
 * Stands for: Student's interval: runs that differ by chance alone, each as if
 *	drawn from a normal distribution.
 * Floating point: for reading only.
 */
#ifndef SIM_REPORT_INTERVAL_H
#define SIM_REPORT_INTERVAL_H

#include <stddef.h>

/*
 * rep_interval_95: half the width of the 95 % confidence interval of a mean.
 *
 * => deviation: of one run, estimated from n of them
 * => 0 for n below 2: nothing is known
 */
double rep_interval_95(size_t n, double deviation);

#endif
