/*
 * Quantities: exact, strict, and the same after a round trip.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/suggest.h"
#include "sim/scenario/units.h"

struct good {
	const char *text;
	enum scn_unit unit;
	int64_t value;
};

/* Expected values are written as products of what each unit means. */
static const struct good goods[] = {
	{ "64 KiB", SCN_UNIT_BYTES, 64 * 1024 },
	{ "64KB", SCN_UNIT_BYTES, 64 * 1024 },	/* KB as ttcp prints it */
	{ "64 kB", SCN_UNIT_BYTES, 64 * 1000 },
	{ "1.5 KiB", SCN_UNIT_BYTES, 1536 },	/* 1024 + 512 */
	{ "0.125 KiB", SCN_UNIT_BYTES, 128 },
	{ "2 MiB", SCN_UNIT_BYTES, 2 * 1048576 },
	{ "1 GiB", SCN_UNIT_BYTES, 1073741824 },
	{ "1 TiB", SCN_UNIT_BYTES, 1099511627776 },
	{ "1538 B", SCN_UNIT_BYTES, 1538 },
	{ "0 B", SCN_UNIT_BYTES, 0 },
	{ "007 B", SCN_UNIT_BYTES, 7 },
	{ "10 us", SCN_UNIT_TIME, 10000000 },
	{ "0.000000000001 s", SCN_UNIT_TIME, 1 },
	{ "0.5 ns", SCN_UNIT_TIME, 500 },
	{ "4000 s", SCN_UNIT_TIME, INT64_C(4000000000000000) },
	{ "123.04\t us", SCN_UNIT_TIME, 123040000 },
	{ "7 ps", SCN_UNIT_TIME, 7 },
	{ "3 ms", SCN_UNIT_TIME, INT64_C(3000000000) },
	{ "733 MHz", SCN_UNIT_FREQUENCY, 733000000 },
	{ "0.733 GHz", SCN_UNIT_FREQUENCY, 733000000 },
	{ "100 Hz", SCN_UNIT_FREQUENCY, 100 },
	{ "10 kHz", SCN_UNIT_FREQUENCY, 10000 },
	{ "100 Mbit/s", SCN_UNIT_BIT_RATE, 100000000 },
	{ "1 Gbit/s", SCN_UNIT_BIT_RATE, 1000000000 },
	{ "56 kbit/s", SCN_UNIT_BIT_RATE, 56000 },
	{ "9 bit/s", SCN_UNIT_BIT_RATE, 9 },
	{ "90 MB/s", SCN_UNIT_BYTE_RATE, 90000000 },	/* as data sheets */
	{ "1.6 GB/s", SCN_UNIT_BYTE_RATE, 1600000000 },
	{ "1 MiB/s", SCN_UNIT_BYTE_RATE, 1048576 },
	{ "2 KB/s", SCN_UNIT_BYTE_RATE, 2048 },
	{ "2 kB/s", SCN_UNIT_BYTE_RATE, 2000 },
	{ "600", SCN_UNIT_INSN, 600 },
	{ "600 insn", SCN_UNIT_INSN, 600 },
	{ "2", SCN_UNIT_COUNT, 2 },
	{ "2.000", SCN_UNIT_COUNT, 2 },
	{ "9223372036854775807", SCN_UNIT_COUNT, INT64_MAX },
	{ "2.0", SCN_UNIT_RATIO, 2000 },
	{ "0.125", SCN_UNIT_RATIO, 125 },
	{ "1.0010000000000000000000000000", SCN_UNIT_RATIO, 1001 },
	{ "1 %", SCN_UNIT_PROBABILITY, 10000000 },
	{ "0.5%", SCN_UNIT_PROBABILITY, 5000000 },
	{ "0.01", SCN_UNIT_PROBABILITY, 10000000 },
	{ "0", SCN_UNIT_PROBABILITY, 0 },
	{ "1", SCN_UNIT_PROBABILITY, 1000000000 },
	{ "100 %", SCN_UNIT_PROBABILITY, 1000000000 },
	{ "33.3333333 %", SCN_UNIT_PROBABILITY, 333333333 },
	{ "0.000000001", SCN_UNIT_PROBABILITY, 1 },
	{ "0.0000001 %", SCN_UNIT_PROBABILITY, 1 },
};

START_TEST(parses_exactly)
{
	const struct good *g = &goods[_i];
	int64_t value = -2;

	ck_assert_int_eq(scn_quantity_parse(g->text, g->unit, &value),
	    SCN_QUANTITY_OK);
	ck_assert_int_eq(value, g->value);
}
END_TEST

START_TEST(formats_and_parses_again)
{
	const struct good *g = &goods[_i];
	g_autofree char *text = NULL;
	int64_t value = -2;

	text = scn_quantity_format(g->value, g->unit);
	ck_assert_int_eq(scn_quantity_parse(text, g->unit, &value),
	    SCN_QUANTITY_OK);
	ck_assert_int_eq(value, g->value);
}
END_TEST

static const struct {
	const char *text;
	enum scn_unit unit;
	enum scn_quantity why;
} bads[] = {
	{ "", SCN_UNIT_BYTES, SCN_QUANTITY_EMPTY },
	{ "B", SCN_UNIT_BYTES, SCN_QUANTITY_NO_NUMBER },
	{ "nan", SCN_UNIT_RATIO, SCN_QUANTITY_NO_NUMBER },
	{ "inf s", SCN_UNIT_TIME, SCN_QUANTITY_NO_NUMBER },
	{ ".5 s", SCN_UNIT_TIME, SCN_QUANTITY_NO_NUMBER },
	{ "5. s", SCN_UNIT_TIME, SCN_QUANTITY_NO_NUMBER },
	{ "+5 s", SCN_UNIT_TIME, SCN_QUANTITY_NO_NUMBER },
	{ "- 5 s", SCN_UNIT_TIME, SCN_QUANTITY_NO_NUMBER },
	{ "-", SCN_UNIT_COUNT, SCN_QUANTITY_NO_NUMBER },
	{ "1e400", SCN_UNIT_COUNT, SCN_QUANTITY_NO_NUMBER },
	{ "1e3", SCN_UNIT_INSN, SCN_QUANTITY_NO_NUMBER },
	{ "1E+3 s", SCN_UNIT_TIME, SCN_QUANTITY_NO_NUMBER },
	{ "64", SCN_UNIT_BYTES, SCN_QUANTITY_NO_UNIT },
	{ "10", SCN_UNIT_TIME, SCN_QUANTITY_NO_UNIT },
	{ "10 ", SCN_UNIT_TIME, SCN_QUANTITY_NO_UNIT },
	{ "90", SCN_UNIT_BYTE_RATE, SCN_QUANTITY_NO_UNIT },
	{ "64 kib", SCN_UNIT_BYTES, SCN_QUANTITY_BAD_UNIT },
	{ "64 K", SCN_UNIT_BYTES, SCN_QUANTITY_BAD_UNIT },
	{ "64 KiB x", SCN_UNIT_BYTES, SCN_QUANTITY_BAD_UNIT },
	{ "1 2 s", SCN_UNIT_TIME, SCN_QUANTITY_BAD_UNIT },
	{ "1,5 s", SCN_UNIT_TIME, SCN_QUANTITY_BAD_UNIT },
	{ "1.5.5 s", SCN_UNIT_TIME, SCN_QUANTITY_BAD_UNIT },
	{ "0x10", SCN_UNIT_COUNT, SCN_QUANTITY_BAD_UNIT },
	{ "3 s", SCN_UNIT_COUNT, SCN_QUANTITY_BAD_UNIT },
	{ "10 min", SCN_UNIT_TIME, SCN_QUANTITY_BAD_UNIT },
	{ "90 MB", SCN_UNIT_BYTE_RATE, SCN_QUANTITY_BAD_UNIT },
	{ "90 Mbit/s", SCN_UNIT_BYTE_RATE, SCN_QUANTITY_BAD_UNIT },
	{ "64 MB", SCN_UNIT_BYTES, SCN_QUANTITY_AMBIGUOUS },
	{ "1 GB", SCN_UNIT_BYTES, SCN_QUANTITY_AMBIGUOUS },
	{ "-3 MB", SCN_UNIT_BYTES, SCN_QUANTITY_AMBIGUOUS },
	{ "0.3 B", SCN_UNIT_BYTES, SCN_QUANTITY_INEXACT },
	{ "0.0001 KiB", SCN_UNIT_BYTES, SCN_QUANTITY_INEXACT },
	/* 0.999 x 2^30 is 999 x 2^27 / 125: no whole number */
	{ "8388607.999 GiB", SCN_UNIT_BYTES, SCN_QUANTITY_INEXACT },
	{ "1.5 ps", SCN_UNIT_TIME, SCN_QUANTITY_INEXACT },
	{ "0.0001", SCN_UNIT_RATIO, SCN_QUANTITY_INEXACT },
	{ "0.0000000001", SCN_UNIT_PROBABILITY, SCN_QUANTITY_INEXACT },
	{ "0.00000001 %", SCN_UNIT_PROBABILITY, SCN_QUANTITY_INEXACT },
	{ "1e-3", SCN_UNIT_PROBABILITY, SCN_QUANTITY_NO_NUMBER },
	{ "1 percent", SCN_UNIT_PROBABILITY, SCN_QUANTITY_BAD_UNIT },
	{ "1 %%", SCN_UNIT_PROBABILITY, SCN_QUANTITY_BAD_UNIT },
	{ "-1 %", SCN_UNIT_PROBABILITY, SCN_QUANTITY_NEGATIVE },
	{ "1.0000000000000000000000001 s", SCN_UNIT_TIME,
	    SCN_QUANTITY_INEXACT },
	{ "-1 B", SCN_UNIT_BYTES, SCN_QUANTITY_NEGATIVE },
	{ "-0 s", SCN_UNIT_TIME, SCN_QUANTITY_NEGATIVE },
	{ "9223372036854775808", SCN_UNIT_COUNT, SCN_QUANTITY_TOO_LARGE },
	{ "100000000000000000000", SCN_UNIT_COUNT, SCN_QUANTITY_TOO_LARGE },
	{ "9007199254740992 KiB", SCN_UNIT_BYTES, SCN_QUANTITY_TOO_LARGE },
	{ "9223372036854775.808", SCN_UNIT_RATIO, SCN_QUANTITY_TOO_LARGE },
};

START_TEST(refuses)
{
	int64_t value = -2;

	ck_assert_msg(scn_quantity_parse(bads[_i].text, bads[_i].unit,
	    &value) == bads[_i].why, "%s", bads[_i].text);
	ck_assert_int_eq(value, -2);
}
END_TEST

static const struct good canonical[] = {
	{ "64 KiB", SCN_UNIT_BYTES, 65536 },
	{ "1536 B", SCN_UNIT_BYTES, 1536 },
	{ "64000 B", SCN_UNIT_BYTES, 64000 },	/* kB is never chosen */
	{ "1 TiB", SCN_UNIT_BYTES, 1099511627776 },
	{ "0 s", SCN_UNIT_TIME, 0 },
	{ "1500 ms", SCN_UNIT_TIME, INT64_C(1500000000000) },
	{ "1 ps", SCN_UNIT_TIME, 1 },
	{ "733 MHz", SCN_UNIT_FREQUENCY, 733000000 },
	{ "1048576 B/s", SCN_UNIT_BYTE_RATE, 1048576 },
	{ "132 MB/s", SCN_UNIT_BYTE_RATE, 132000000 },
	{ "100 Mbit/s", SCN_UNIT_BIT_RATE, 100000000 },
	{ "2", SCN_UNIT_RATIO, 2000 },
	{ "1.5", SCN_UNIT_RATIO, 1500 },
	{ "0.05", SCN_UNIT_RATIO, 50 },
	{ "10.001", SCN_UNIT_RATIO, 10001 },
	{ "0 %", SCN_UNIT_PROBABILITY, 0 },
	{ "1 %", SCN_UNIT_PROBABILITY, 10000000 },
	{ "0.5 %", SCN_UNIT_PROBABILITY, 5000000 },
	{ "0.0000001 %", SCN_UNIT_PROBABILITY, 1 },
	{ "99.9999999 %", SCN_UNIT_PROBABILITY, 999999999 },
	{ "100 %", SCN_UNIT_PROBABILITY, 1000000000 },
	{ "0", SCN_UNIT_COUNT, 0 },
	{ "9223372036854775807", SCN_UNIT_COUNT, INT64_MAX },
	{ "9223372036854775807 ps", SCN_UNIT_TIME, INT64_MAX },
};

START_TEST(formats)
{
	const struct good *g = &canonical[_i];
	g_autofree char *text = NULL;

	text = scn_quantity_format(g->value, g->unit);
	ck_assert_str_eq(text, g->text);
}
END_TEST

/* every unit's listing names only spellings that parse */
START_TEST(listed_units_parse)
{
	for (unsigned u = 0; u < SCN_N_UNITS; u++) {
		g_auto(GStrv) words = g_strsplit_set(
		    scn_unit_names((enum scn_unit)u), " ,()", -1);

		for (size_t i = 0; words[i] != NULL; i++) {
			g_autofree char *text = g_strconcat("1 ", words[i],
			    NULL);
			int64_t value;

			if (strcmp(words[i], "%") != 0 &&
			    !g_str_has_suffix(words[i], "B") &&
			    !g_str_has_suffix(words[i], "s") &&
			    !g_str_has_suffix(words[i], "Hz"))
				continue;	/* "or", "1024" */
			if (g_str_has_suffix(words[i], "decimals"))
				continue;
			ck_assert_msg(scn_quantity_parse(text,
			    (enum scn_unit)u, &value) == SCN_QUANTITY_OK,
			    "%s", text);
		}
	}
}
END_TEST

START_TEST(edit_distances)
{
	/* one edit of each kind */
	ck_assert_uint_eq(scn_edit_distance("clock", "clock"), 0);
	ck_assert_uint_eq(scn_edit_distance("clock", "clok"), 1);
	ck_assert_uint_eq(scn_edit_distance("clock", "cloock"), 1);
	ck_assert_uint_eq(scn_edit_distance("clock", "clack"), 1);
	ck_assert_uint_eq(scn_edit_distance("clock", "colck"), 1);
	ck_assert_uint_eq(scn_edit_distance("clock", "CLOCK"), 0);
	ck_assert_uint_eq(scn_edit_distance("", "abc"), 3);
	/* k-s, e-i, +g: the textbook's kitten and sitting */
	ck_assert_uint_eq(scn_edit_distance("kitten", "sitting"), 3);
}
END_TEST

START_TEST(suggestions)
{
	static const char *const words[] = {
		"tcp_output", "sosend_loan", "hz", "thorpe-2002", NULL
	};
	g_autofree char *longest = g_strnfill(100000, 'x');

	ck_assert_str_eq(scn_suggest("tcp_outptu", words), "tcp_output");
	ck_assert_str_eq(scn_suggest("sosend_lone", words), "sosend_loan");
	ck_assert_str_eq(scn_suggest("Hz", words), "hz");
	ck_assert_str_eq(scn_suggest("thorpe", words), "thorpe-2002");
	ck_assert_ptr_null(scn_suggest("bandwidth", words));
	ck_assert_ptr_null(scn_suggest("", words));
	ck_assert_ptr_null(scn_suggest(longest, words));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("units");
	TCase *tc = tcase_create("units");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, parses_exactly, 0, G_N_ELEMENTS(goods));
	tcase_add_loop_test(tc, formats_and_parses_again, 0,
	    G_N_ELEMENTS(goods));
	tcase_add_loop_test(tc, refuses, 0, G_N_ELEMENTS(bads));
	tcase_add_loop_test(tc, formats, 0, G_N_ELEMENTS(canonical));
	tcase_add_test(tc, listed_units_parse);
	tcase_add_test(tc, edit_distances);
	tcase_add_test(tc, suggestions);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
