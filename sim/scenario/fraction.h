/*
 * Exact fractions: what expectations are compared in.
 *
 * Stands for: a number that is not negative, as a quotient of two integers of
 *	128 bits in lowest terms.  A throughput is bytes over picoseconds, a
 *	bound like "6500 KB/s +- 2 %" has a denominator of its own: compared
 *	exactly, a result on the bound is on the bound, whatever is printed.
 * Errors: a product that does not fit is told, never wrapped or rounded.
 * Owns: nothing.
 */
#ifndef SIM_SCENARIO_FRACTION_H
#define SIM_SCENARIO_FRACTION_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 fraction_int;

struct fraction {
	fraction_int num;
	fraction_int den;	/* > 0 */
};

enum { FRACTION_DIGITS = 15, FRACTION_DECIMALS = 6 };

/* fraction_make: num / den in lowest terms. => num >= 0, den > 0 */
struct fraction fraction_make(int64_t num, int64_t den);

/* fraction_compare: less than, equal to or greater than 0, as a is to b */
int fraction_compare(struct fraction a, struct fraction b);

/*
 * fraction_mul, fraction_div, fraction_add: false if the result does not fit,
 * or is a division by zero; *result is set only if true.
 */
bool fraction_mul(struct fraction a, struct fraction b,
    struct fraction *result);
bool fraction_div(struct fraction a, struct fraction b,
    struct fraction *result);
bool fraction_add(struct fraction a, struct fraction b,
    struct fraction *result);

/* fraction_sub: a - b, or 0 where that would be negative. => as fraction_add */
bool fraction_sub(struct fraction a, struct fraction b,
    struct fraction *result);

/*
 * fraction_parse: a number like 12 or 1.5, without sign or exponent.
 *
 * => at most FRACTION_DIGITS digits, FRACTION_DECIMALS after the point
 * => returns what follows it, or NULL if no such number is there
 */
const char *fraction_parse(const char *text, struct fraction *value);

/*
 * fraction_format: a decimal number to the nearest of some decimals, without
 * zeros at its end.
 *
 * => decimals in 0 .. 9; the caller frees the result
 */
char *fraction_format(struct fraction value, int decimals);

#endif
