/*
 * A page of a store in which nothing has come to a result: it says so, and
 * what it repeats of the store stays text.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/output.h"
#include "sim/report/page.h"
#include "tests/support/sim/scenario_fixture.h"

#define TEXT								\
	"[scenario]\ntitle = <b>&\"T\"</b>\n"				\
	"[process p]\n[variant a]\n[variant b]\n[sweep]\n"		\
	"process.p.write_size = 64 KiB, 512 B\n"

static char *dir, *path;
static struct scn_fixture fix;
static struct store *store;

static void
setup(void)
{
	struct res_row row = { .outcome = RES_CRASHED,
		.reason = "it <fell>\nover" };

	dir = g_dir_make_tmp("page-XXXXXX", NULL);
	path = g_build_filename(dir, "s.db", NULL);
	fix = fix_load(TEXT, NULL);
	ck_assert_ptr_nonnull(fix.scn);
	store = store_open(path, fix.scn, "loansim sweep 'a&b'", true, NULL);
	ck_assert_ptr_nonnull(store);
	ck_assert(store_record(store, fix.scn, 0, &row, NULL));
	ck_assert(store_record(store, fix.scn, 1, &row, NULL));
}

static void
teardown(void)
{
	store_close(store, NULL);
	fix_fini(&fix);
	g_remove(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

START_TEST(nothing_but_failures)
{
	static const char *const texts[] = {
		"<h1>&lt;b&gt;&amp;&quot;T&quot;&lt;/b&gt;</h1>",
		"<code>loansim sweep &#39;a&amp;b&#39;</code>",
		"4 points: 0 have a result, 2 failed, 2 are missing.",
		"it &lt;fell&gt; over", "<td class=\"w\">64 KiB, 512 B</td>",
		"No point has a result", "no result</td>",
	};
	GError *error = NULL;
	GString *page = page_build(&(struct page_request){ .store = store },
	    &error);

	ck_assert_msg(page != NULL, "%s", error ? error->message : "");
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		ck_assert_msg(strstr(page->str, texts[i]) != NULL, "%s",
		    texts[i]);
	ck_assert_ptr_null(strstr(page->str, "<b>"));
	g_string_free(page, TRUE);
}
END_TEST

static void
assert_refused(const struct page_request *request, GQuark domain, int code,
    const char *text)
{
	GError *error = NULL;

	ck_assert_ptr_null(page_build(request, &error));
	ck_assert(g_error_matches(error, domain, code));
	ck_assert_msg(strstr(error->message, text) != NULL, "%s",
	    error->message);
	g_error_free(error);
}

START_TEST(wrong_requests)
{
	static const char *const where[] = { "kernel.hz=50 Hz", NULL };

	assert_refused(&(struct page_request){ .store = store,
		.where = where }, DB_ERROR, DB_ERROR_INPUT,
	    "\"kernel.hz\" is no axis");
	assert_refused(&(struct page_request){ .store = store, .base = "c" },
	    REP_ERROR, REP_ERROR_FIGURE, "the store has no variant c");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("page");
	TCase *tc = tcase_create("page");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_but_failures);
	tcase_add_test(tc, wrong_requests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
