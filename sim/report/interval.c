#include "sim/report/interval.h"

#include <math.h>

enum { IN_TABLE = 30 };

/*
 * Student's t, two-sided 95 %, by degrees of freedom: NIST/SEMATECH e-Handbook
 * of Statistical Methods, 1.3.6.7.2.
 */
static const double t_95[IN_TABLE + 1] = { 0,
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
	2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
	2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
};

/* student: beyond the table by the first terms of its series in 1 / df */
static double
student(size_t df)
{
	const double z = 1.959964, n = (double)df;

	if (df <= IN_TABLE)
		return t_95[df];
	return z + z * (z * z + 1) / (4 * n) +
	    z * (5 * pow(z, 4) + 16 * z * z + 3) / (96 * n * n);
}

double
rep_interval_95(size_t n, double deviation)
{
	return n < 2 ? 0 : student(n - 1) * deviation / sqrt((double)n);
}
