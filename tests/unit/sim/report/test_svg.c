/*
 * Pictures in a page: no two share a name, and none has a title of gnuplot's.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/report/svg.h"

static const char picture[] =
    "<?xml version=\"1.0\"?>\n<svg \n width=\"10\" height=\"20\"\n "
    "viewBox=\"0 0 10 20\"\n>\n<title>Gnuplot</title>\n<desc>D</desc>\n"
    "<g id=\"gnuplot_canvas\">\n<defs><path id='gpPt0' d='M0'/></defs>"
    "<use xlink:href='#gpPt0'/><path fill = 'url(#gpPat1)'/>"
    "<text font-family=\"Sans\" x=\"1\"> id='x' url(#y)</text></g>\n</svg>\n";

START_TEST(names_get_a_prefix)
{
	GString *out = g_string_new(NULL);

	ck_assert(svg_inline(out, picture, "f-", "what & why"));
	ck_assert_str_eq(out->str, "<svg viewBox=\"0 0 10 20\" role=\"img\" "
	    "aria-label=\"what &amp; why\">\n<title>what &amp; why</title>\n"
	    "<g>\n<defs><path id='f-gpPt0' d='M0'/></defs>"
	    "<use href='#f-gpPt0'/><path fill = 'url(#f-gpPat1)'/>"
	    /* what stands in the picture as text is none of our business */
	    "<text font-family=\"sans-serif\" x=\"1\"> id='x' url(#y)</text>"
	    "</g>\n</svg>\n");
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(no_picture)
{
	GString *out = g_string_new(NULL);

	ck_assert(!svg_inline(out, "", "f-", "x"));
	ck_assert(!svg_inline(out, "<svg>", "f-", "x"));
	ck_assert(!svg_inline(out, "<svg height=\"1\"><g id=\"a\"></g></svg>",
	    "f-", "x"));
	ck_assert_str_eq(out->str, "");
	g_string_free(out, TRUE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("svg");
	TCase *tc = tcase_create("svg");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, names_get_a_prefix);
	tcase_add_test(tc, no_picture);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
