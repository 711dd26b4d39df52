/*
 * Simulated time, and the one way to multiply and divide with it.
 *
 * Stands for: the clock of the machine.  Absolute, integer picoseconds in an
 *	int64_t: 100 baseTX sends a byte in 80,000 ps exactly, a 200 MHz cycle
 *	is 5,000 ps exactly, and 106 days fit.
 * Leaves out: nothing; but a rate whose period is no whole number of
 *	picoseconds (733 MHz) is never rounded to a period: products go through
 *	mul_div(), and mul_div_carry() keeps the remainder for the next call.
 * Units: ps.  Owns: nothing.
 */
#ifndef MODELS_BASE_TIME_H
#define MODELS_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t sim_time;	/* picoseconds since the start of the run */

#define PS_PER_NS	INT64_C(1000)
#define PS_PER_US	INT64_C(1000000)
#define PS_PER_MS	INT64_C(1000000000)
#define PS_PER_S	INT64_C(1000000000000)

/* the bound of scenario.duration */
#define SIM_TIME_MAX	(INT64_C(4000) * PS_PER_S)
#define SIM_TIME_NEVER	INT64_MAX

/*
 * mul_add_fits: a * b + c, if 64 bits hold it: a division of 64 bits is several
 * times faster than one of 128, and nearly every product is of that kind.
 */
static inline bool
mul_add_fits(int64_t a, int64_t b, int64_t c, int64_t *sum)
{
	return !__builtin_mul_overflow(a, b, sum) &&
	    !__builtin_add_overflow(*sum, c, sum);
}

/*
 * mul_div: a * b / c, rounded down, without overflow in the product.
 *
 * => a, b >= 0; c > 0; the quotient must fit in an int64_t (checked)
 */
int64_t mul_div(int64_t a, int64_t b, int64_t c);

/*
 * mul_div_carry: the same, with the remainder of the last call added in.
 *
 * => *carry in 0 .. c-1, and is left in that range; start it at 0
 * => over any number of calls with one c, the results add up to
 *    floor(sum(a * b) / c): no part of a picosecond is ever lost
 */
int64_t mul_div_carry(int64_t a, int64_t b, int64_t c, int64_t *carry);

/* mul_div_up: a * b / c, rounded up. => as mul_div */
int64_t mul_div_up(int64_t a, int64_t b, int64_t c);

/*
 * A rate as a reduced fraction: small numbers, hence fast products.
 * 90 MB/s is 10^12 / 90,000,000 = 100,000 / 9 ps a byte.
 */
struct ratio {
	int64_t num;
	int64_t den;	/* > 0 */
};

int64_t gcd64(int64_t a, int64_t b);

/* ratio_make: num / den in lowest terms. => num >= 0, den > 0 */
struct ratio ratio_make(int64_t num, int64_t den);

/* ratio_mul: a * r, the remainder carried. => as mul_div_carry, c = r.den */
static inline int64_t
ratio_mul(int64_t a, struct ratio r, int64_t *carry)
{
	int64_t sum;

	/* whole picoseconds a byte leave nothing over; nor does nothing */
	if ((r.den == 1 && ((uint64_t)a | (uint64_t)r.num) >> 31 == 0) ||
	    a == 0)
		return a * r.num;
	/* as mul_div_carry does, without a call */
	if (a > 0 && mul_add_fits(a, r.num, *carry, &sum)) {
		*carry = (int64_t)((uint64_t)sum % (uint64_t)r.den);
		return (int64_t)((uint64_t)sum / (uint64_t)r.den);
	}
	return mul_div_carry(a, r.num, r.den, carry);
}

#endif
