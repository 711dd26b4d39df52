#include "sim/scenario/fraction.h"

#include <glib.h>
#include <string.h>

static fraction_int
gcd(fraction_int a, fraction_int b)
{
	while (b != 0) {
		fraction_int rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static struct fraction
reduced(fraction_int num, fraction_int den)
{
	fraction_int common = gcd(num, den);

	return (struct fraction){ num / common, den / common };
}

struct fraction
fraction_make(int64_t num, int64_t den)
{
	g_assert(num >= 0 && den > 0);
	return reduced((fraction_int)num, (fraction_int)den);
}

/*
 * The whole parts decide, or else the rests, turned over: 5/3 and 7/4 are
 * 1 + 2/3 and 1 + 3/4, and 3/2 > 4/3 says that the first is the lesser.  No
 * product is needed, so none can overflow.
 */
int
fraction_compare(struct fraction a, struct fraction b)
{
	int sign = 1;

	for (;;) {
		fraction_int p = a.num / a.den, q = b.num / b.den;
		struct fraction rest = { a.den, a.num % a.den };

		if (p != q)
			return p < q ? -sign : sign;
		a = rest;
		b = (struct fraction){ b.den, b.num % b.den };
		if (a.den == 0 || b.den == 0)
			break;
		sign = -sign;
	}
	if (a.den == 0 && b.den == 0)
		return 0;
	return a.den == 0 ? -sign : sign;
}

bool
fraction_mul(struct fraction a, struct fraction b, struct fraction *result)
{
	/* reduced across first, the product is in lowest terms */
	struct fraction x = reduced(a.num, b.den);
	struct fraction y = reduced(b.num, a.den);
	struct fraction product;

	if (__builtin_mul_overflow(x.num, y.num, &product.num) ||
	    __builtin_mul_overflow(x.den, y.den, &product.den))
		return false;
	*result = product;
	return true;
}

bool
fraction_div(struct fraction a, struct fraction b, struct fraction *result)
{
	if (b.num == 0)
		return false;
	return fraction_mul(a, (struct fraction){ b.den, b.num }, result);
}

/* common_terms: both numerators over one denominator */
static bool
common_terms(struct fraction a, struct fraction b, fraction_int num[2],
    fraction_int *den)
{
	fraction_int common = gcd(a.den, b.den);

	return !__builtin_mul_overflow(a.num, b.den / common, &num[0]) &&
	    !__builtin_mul_overflow(b.num, a.den / common, &num[1]) &&
	    !__builtin_mul_overflow(a.den, b.den / common, den);
}

bool
fraction_add(struct fraction a, struct fraction b, struct fraction *result)
{
	fraction_int num[2], den, sum;

	if (!common_terms(a, b, num, &den) ||
	    __builtin_add_overflow(num[0], num[1], &sum))
		return false;
	*result = reduced(sum, den);
	return true;
}

bool
fraction_sub(struct fraction a, struct fraction b, struct fraction *result)
{
	fraction_int num[2], den;

	if (!common_terms(a, b, num, &den))
		return false;
	*result = reduced(num[0] > num[1] ? num[0] - num[1] : 0, den);
	return true;
}

const char *
fraction_parse(const char *text, struct fraction *value)
{
	size_t whole = strspn(text, "0123456789"), decimals = 0;
	int64_t num = 0, den = 1;

	if (whole > 0 && text[whole] == '.') {
		decimals = strspn(text + whole + 1, "0123456789");
		if (decimals == 0 || decimals > FRACTION_DECIMALS)
			return NULL;
	}
	if (whole == 0 || whole + decimals > FRACTION_DIGITS)
		return NULL;
	for (size_t i = 0; i < whole + decimals; i++)
		num = num * 10 + (text[i < whole ? i : i + 1] - '0');
	for (size_t i = 0; i < decimals; i++)
		den *= 10;
	*value = fraction_make(num, den);
	return text + whole + (decimals > 0 ? decimals + 1 : 0);
}

/* append_int: printf knows no 128 bits */
static void
append_int(GString *out, fraction_int n)
{
	char digits[40];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + (int)(n % 10));
		n /= 10;
	} while (n > 0);
	g_string_append_len(out, digits + at, (gssize)(sizeof digits - at));
}

char *
fraction_format(struct fraction value, int decimals)
{
	GString *out = g_string_new(NULL);
	fraction_int whole = value.num / value.den, scale = 1, part;
	fraction_int rest = value.num % value.den, den = value.den;

	for (int i = 0; i < decimals; i++)
		scale *= 10;
	/* bits that no decimal shows make room for the product */
	for (; den >> 96 != 0; den >>= 1)
		rest >>= 1;
	part = (rest * scale + den / 2) / den;
	append_int(out, whole + part / scale);
	part %= scale;
	if (part > 0) {
		g_string_append_c(out, '.');
		for (scale /= 10; part > 0; scale /= 10) {
			append_int(out, part / scale);
			part %= scale;
		}
	}
	return g_string_free(out, FALSE);
}
