/*
 * Parsing and formatting of quantities, in integers throughout: a double would
 * lose bytes of a terabyte and depend on the locale's decimal point.
 */
#include "sim/scenario/units.h"

#include <stdbool.h>
#include <string.h>

#define KI	(INT64_C(1) << 10)
#define MI	(INT64_C(1) << 20)
#define GI	(INT64_C(1) << 30)
#define TI	(INT64_C(1) << 40)
#define E3	INT64_C(1000)
#define E6	INT64_C(1000000)
#define E9	INT64_C(1000000000)
#define E12	INT64_C(1000000000000)
#define PERCENT	INT64_C(10000000)	/* of 10^-9 */

enum { MAX_DECIMALS = 18 };	/* 10^18 is the largest power in 63 bits */

/* One spelling; canonical ones are those that the formatter may choose. */
struct spelling {
	const char *name;
	int64_t factor;		/* base units; 0 where it is ambiguous */
	bool is_canonical;
};

/* Canonical spellings descend: the first that divides is the largest. */
static const struct spelling count_spellings[] = {
	{ "", 1, true }, { NULL, 0, false }
};
static const struct spelling ratio_spellings[] = {
	{ "", E3, false }, { NULL, 0, false }
};
/* a percent has seven decimals */
static const struct spelling probability_spellings[] = {
	{ "%", PERCENT, true }, { "", E9, false }, { NULL, 0, false }
};
static const struct spelling insn_spellings[] = {
	{ "", 1, true }, { "insn", 1, false }, { NULL, 0, false }
};
static const struct spelling bytes_spellings[] = {
	{ "TiB", TI, true }, { "GiB", GI, true }, { "MiB", MI, true },
	{ "KiB", KI, true }, { "B", 1, true }, { "KB", KI, false },
	{ "kB", E3, false }, { "MB", 0, false }, { "GB", 0, false },
	{ "TB", 0, false }, { NULL, 0, false }
};
static const struct spelling time_spellings[] = {
	{ "s", E12, true }, { "ms", E9, true }, { "us", E6, true },
	{ "ns", E3, true }, { "ps", 1, true }, { NULL, 0, false }
};
static const struct spelling frequency_spellings[] = {
	{ "GHz", E9, true }, { "MHz", E6, true }, { "kHz", E3, true },
	{ "Hz", 1, true }, { NULL, 0, false }
};
static const struct spelling bit_rate_spellings[] = {
	{ "Gbit/s", E9, true }, { "Mbit/s", E6, true },
	{ "kbit/s", E3, true }, { "bit/s", 1, true }, { NULL, 0, false }
};
static const struct spelling byte_rate_spellings[] = {
	{ "MB/s", E6, true }, { "kB/s", E3, true }, { "B/s", 1, true },
	{ "GB/s", E9, false }, { "MiB/s", MI, false }, { "KiB/s", KI, false },
	{ "KB/s", KI, false }, { NULL, 0, false }
};

static const struct {
	const struct spelling *spellings;
	const char *names;
	const char *title;
	const char *zero;	/* canonical text of nothing */
} units[SCN_N_UNITS] = {
	[SCN_UNIT_COUNT] = { count_spellings, "a bare number", "a count", "0" },
	[SCN_UNIT_RATIO] = { ratio_spellings,
	    "a bare number, at most three decimals", "a ratio", "0" },
	[SCN_UNIT_PROBABILITY] = { probability_spellings,
	    "%, at most seven decimals, or a bare number (1: 100 %), at most "
	    "nine decimals", "a probability", "0 %" },
	[SCN_UNIT_INSN] = { insn_spellings, "a bare number, or insn",
	    "instructions", "0" },
	[SCN_UNIT_BYTES] = { bytes_spellings,
	    "B, KB or KiB (1024 B), kB (1000 B), MiB, GiB, TiB", "bytes",
	    "0 B" },
	[SCN_UNIT_TIME] = { time_spellings, "ps, ns, us, ms, s", "time",
	    "0 s" },
	[SCN_UNIT_FREQUENCY] = { frequency_spellings, "Hz, kHz, MHz, GHz",
	    "frequency", "0 Hz" },
	[SCN_UNIT_BIT_RATE] = { bit_rate_spellings,
	    "bit/s, kbit/s, Mbit/s, Gbit/s", "bits per second", "0 bit/s" },
	[SCN_UNIT_BYTE_RATE] = { byte_rate_spellings,
	    "B/s, kB/s, MB/s (10^6 B/s), GB/s, KB/s or KiB/s, MiB/s",
	    "bytes per second", "0 B/s" },
};

/* A number as written: whole and decimal digits, trailing zeros dropped. */
struct number {
	int64_t whole;		/* INT64_MAX stands for that and more */
	int64_t fraction;	/* in units of 1 / scale */
	int64_t scale;		/* 10^decimals */
	bool is_huge;		/* whole did not fit */
	bool is_too_fine;	/* more decimals than any unit can use */
};

static const char *
scan_whole(const char *p, struct number *n)
{
	for (; g_ascii_isdigit(*p); p++) {
		if (__builtin_mul_overflow(n->whole, 10, &n->whole) ||
		    __builtin_add_overflow(n->whole, *p - '0', &n->whole)) {
			n->is_huge = true;
			n->whole = 0;
		}
	}
	return p;
}

static const char *
scan_fraction(const char *p, struct number *n)
{
	size_t digits = strspn(p, "0123456789");
	size_t used = digits;

	while (used > 0 && p[used - 1] == '0')
		used--;
	n->is_too_fine = used > MAX_DECIMALS;
	for (size_t i = 0; i < used && !n->is_too_fine; i++) {
		n->fraction = n->fraction * 10 + (p[i] - '0');
		n->scale *= 10;
	}
	return p + digits;
}

/* scan_number: the text after a number of our form, or NULL */
static const char *
scan_number(const char *p, struct number *n)
{
	*n = (struct number){ .scale = 1 };
	if (!g_ascii_isdigit(*p))
		return NULL;
	p = scan_whole(p, n);
	if (*p == '.') {
		if (!g_ascii_isdigit(p[1]))
			return NULL;
		p = scan_fraction(p + 1, n);
	}
	/* an exponent would otherwise be taken for a strange unit */
	if ((*p == 'e' || *p == 'E') &&
	    (g_ascii_isdigit(p[1]) || p[1] == '+' || p[1] == '-'))
		return NULL;
	return p;
}

static int64_t
gcd(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * number_times: n * factor, if that is a whole number.
 *
 * The fraction times the factor may need 128 bits.  Dividing both by their
 * common divisor with the scale first keeps every product below the factor:
 * what remains of the scale must divide the fraction, or the result is no
 * whole number.
 */
static enum scn_quantity
number_times(const struct number *n, int64_t factor, int64_t *value)
{
	int64_t common = gcd(factor, n->scale);
	int64_t divisor = n->scale / common;
	int64_t result;

	if (n->is_huge || __builtin_mul_overflow(n->whole, factor, &result))
		return SCN_QUANTITY_TOO_LARGE;
	if (n->is_too_fine || n->fraction % divisor != 0)
		return SCN_QUANTITY_INEXACT;
	if (__builtin_add_overflow(result,
	    n->fraction / divisor * (factor / common), &result))
		return SCN_QUANTITY_TOO_LARGE;
	*value = result;
	return SCN_QUANTITY_OK;
}

static const struct spelling *
find_spelling(enum scn_unit unit, const char *name)
{
	const struct spelling *s;

	for (s = units[unit].spellings; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

enum scn_quantity
scn_quantity_parse(const char *text, enum scn_unit unit, int64_t *value)
{
	const struct spelling *spelling;
	struct number number;
	bool is_negative = *text == '-';
	const char *rest;

	if (*text == '\0')
		return SCN_QUANTITY_EMPTY;
	rest = scan_number(is_negative ? text + 1 : text, &number);
	if (rest == NULL)
		return SCN_QUANTITY_NO_NUMBER;
	rest += strspn(rest, " \t");
	spelling = find_spelling(unit, rest);
	if (spelling == NULL)
		return *rest == '\0' ? SCN_QUANTITY_NO_UNIT :
		    SCN_QUANTITY_BAD_UNIT;
	if (spelling->factor == 0)
		return SCN_QUANTITY_AMBIGUOUS;
	if (is_negative)
		return SCN_QUANTITY_NEGATIVE;
	return number_times(&number, spelling->factor, value);
}

/* value / 10^decimals, without zeros at the end, and a unit */
static char *
format_decimal(int64_t value, int decimals, const char *unit)
{
	int64_t scale = 1, fraction;

	for (int i = 0; i < decimals; i++)
		scale *= 10;
	fraction = value % scale;
	for (; decimals > 0 && fraction % 10 == 0; decimals--)
		fraction /= 10;
	if (decimals == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT "%s",
		    value / scale, unit);
	return g_strdup_printf("%" G_GINT64_FORMAT ".%0*d%s", value / scale,
	    decimals, (int)fraction, unit);
}

char *
scn_quantity_format(int64_t value, enum scn_unit unit)
{
	const struct spelling *s = units[unit].spellings;

	g_assert(value >= 0);
	if (value == 0)
		return g_strdup(units[unit].zero);
	if (unit == SCN_UNIT_RATIO)
		return format_decimal(value, 3, "");
	if (unit == SCN_UNIT_PROBABILITY)
		return format_decimal(value, 7, " %");
	while (!s->is_canonical || value % s->factor != 0)
		s++;
	return g_strdup_printf("%" G_GINT64_FORMAT "%s%s", value / s->factor,
	    *s->name == '\0' ? "" : " ", s->name);
}

const char *
scn_unit_names(enum scn_unit unit)
{
	return units[unit].names;
}

const char *
scn_unit_title(enum scn_unit unit)
{
	return units[unit].title;
}

/* How a unit's values stand in a table: the column's ending, and decimals. */
static const struct {
	const char *suffix;
	int decimals;
} columns[SCN_N_UNITS] = {
	[SCN_UNIT_COUNT] = { "", 0 },
	[SCN_UNIT_RATIO] = { "", 3 },
	[SCN_UNIT_PROBABILITY] = { "_percent", 7 },
	[SCN_UNIT_INSN] = { "_insn", 0 },
	[SCN_UNIT_BYTES] = { "_B", 0 },
	[SCN_UNIT_TIME] = { "_us", 6 },
	[SCN_UNIT_FREQUENCY] = { "_Hz", 0 },
	[SCN_UNIT_BIT_RATE] = { "_bitps", 0 },
	[SCN_UNIT_BYTE_RATE] = { "_Bps", 0 },
};

const char *
scn_unit_suffix(enum scn_unit unit)
{
	return columns[unit].suffix;
}

char *
scn_quantity_number(int64_t value, enum scn_unit unit)
{
	g_assert(value >= 0);
	return format_decimal(value, columns[unit].decimals, "");
}
