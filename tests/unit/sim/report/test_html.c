/*
 * HTML: text stays text, and a page leads nowhere.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/html.h"

static void
assert_text(const char *text, const char *expected)
{
	GString *out = g_string_new(NULL);

	html_text(out, text);
	ck_assert_str_eq(out->str, expected);
	g_string_free(out, TRUE);
}

START_TEST(text_stays_text)
{
	assert_text("<b>&\"it's", "&lt;b&gt;&amp;&quot;it&#39;s");
	assert_text("a\nb\x01" "c\x7f", "a b c ");
	assert_text("\xc3\xa4 \xff", "\xc3\xa4 \xef\xbf\xbd");
	assert_text("", "");
}
END_TEST

START_TEST(tables)
{
	GString *out = g_string_new(NULL);

	html_table_begin(out, "<i>");
	html_heads(out, (const char *const[]){ "a&b", NULL });
	html_table_end(out);
	ck_assert_str_eq(out->str, "<div class=\"frame\" role=\"region\" "
	    "tabindex=\"0\" aria-label=\"&lt;i&gt;\">\n<table>\n"
	    "<caption>&lt;i&gt;</caption>\n<thead>\n<tr>"
	    "<th scope=\"col\">a&amp;b</th></tr>\n</thead>\n"
	    "</table>\n</div>\n");
	g_string_free(out, TRUE);
}
END_TEST

/* nothing in the frame of a page leads anywhere */
START_TEST(frame)
{
	GString *out = g_string_new(NULL);

	html_head(out, "</title><script>");
	html_foot(out);
	ck_assert(g_str_has_prefix(out->str, "<!DOCTYPE html>\n<html lang="));
	ck_assert_ptr_null(strstr(out->str, "<script"));
	ck_assert_ptr_null(strstr(out->str, "url("));
	ck_assert_ptr_null(strstr(out->str, "http"));
	ck_assert_ptr_nonnull(strstr(out->str, "&lt;/title&gt;"));
	g_string_free(out, TRUE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("html");
	TCase *tc = tcase_create("html");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, text_stays_text);
	tcase_add_test(tc, tables);
	tcase_add_test(tc, frame);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
