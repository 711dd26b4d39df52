/*
 * Student's distribution by the finite series that it has for whole degrees of
 * freedom: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions,
 * 26.7.3 and 26.7.4.
 */
#include "sim/compare/mean.h"

#include <math.h>

#define PI	3.14159265358979323846

/* within: the probability that |T| < t */
static double
within(double t, size_t degrees)
{
	double theta = atan(t / sqrt((double)degrees));
	double cosine = cos(theta), term, sum = 0.0;
	bool is_odd = degrees % 2 == 1;

	/* terms cos^k, from k = 1 or 0 up to degrees - 2 */
	term = is_odd ? cosine : 1.0;
	for (size_t k = is_odd ? 1 : 0; k + 2 <= degrees; k += 2) {
		sum += term;
		term *= cosine * cosine * (double)(k + 1) / (double)(k + 2);
	}
	return is_odd ? 2.0 / PI * (theta + sin(theta) * sum) :
	    sin(theta) * sum;
}

double
cmp_student_t(size_t degrees)
{
	/* 1 degree: 12.7; it falls to the normal distribution's 1.96 */
	double low = 1.9, high = 13.0;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2.0;

		if (within(middle, degrees) < 0.95)
			low = middle;
		else
			high = middle;
	}
	return high;
}

struct cmp_mean
cmp_mean_of(const struct cmp_pair *first, size_t n, enum res_column column)
{
	double scale = pow(10.0, res_columns[column].decimals), squares = 0.0;
	struct cmp_mean mean = { 0 };

	/* Welford's way: the mean so far, and the squares around it */
	for (size_t i = 0; i < n; i++) {
		double a, b, off;

		if (!cmp_has_numbers(first[i].a) ||
		    !cmp_has_numbers(first[i].b))
			continue;
		a = (double)first[i].a->value[column] / scale;
		b = (double)first[i].b->value[column] / scale;
		mean.n++;
		mean.a += (a - mean.a) / (double)mean.n;
		mean.b += (b - mean.b) / (double)mean.n;
		off = b - a - mean.difference;
		mean.difference += off / (double)mean.n;
		squares += off * (b - a - mean.difference);
	}
	if (mean.n >= 2)
		mean.half = cmp_student_t(mean.n - 1) * sqrt(squares /
		    (double)(mean.n - 1) / (double)mean.n);
	return mean;
}
