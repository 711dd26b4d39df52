#include "models/base/time.h"

#include "models/base/check.h"

__extension__ typedef unsigned __int128 u128;

static int64_t
div_wide(u128 product, int64_t c, int64_t *remainder)
{
	u128 q = product / (uint64_t)c;

	CHECK(q <= INT64_MAX, "the quotient of a mul_div fits in 63 bits");
	*remainder = (int64_t)(product - q * (uint64_t)c);
	return (int64_t)q;
}

int64_t
mul_div(int64_t a, int64_t b, int64_t c)
{
	int64_t carry = 0;

	return mul_div_carry(a, b, c, &carry);
}

int64_t
mul_div_carry(int64_t a, int64_t b, int64_t c, int64_t *carry)
{
	int64_t sum;

	CHECK(a >= 0 && b >= 0 && c > 0, "mul_div takes no negative numbers");
	if (mul_add_fits(a, b, *carry, &sum)) {
		/* unsigned, which divides faster */
		*carry = (int64_t)((uint64_t)sum % (uint64_t)c);
		return (int64_t)((uint64_t)sum / (uint64_t)c);
	}
	return div_wide((u128)(uint64_t)a * (uint64_t)b + (uint64_t)*carry, c,
	    carry);
}

int64_t
mul_div_up(int64_t a, int64_t b, int64_t c)
{
	int64_t carry = c - 1;

	return mul_div_carry(a, b, c, &carry);
}

int64_t
gcd64(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

struct ratio
ratio_make(int64_t num, int64_t den)
{
	int64_t g = gcd64(num, den);

	CHECK(num >= 0 && den > 0, "a ratio is a non-negative number");
	return (struct ratio){num / g, den / g};
}
