/*
 * Profiles and files: origins, building on another, circles, what cannot be
 * read; and that nothing is ever written.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/find.h"
#include "tests/support/sim/scenario_fixture.h"

static char *folder;		/* of one test: Check forks for each */

static void
make_folder(void)
{
	folder = g_dir_make_tmp("loansim-profile-XXXXXX", NULL);
	ck_assert_ptr_nonnull(folder);
}

static void
remove_folder(void)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		ck_assert_int_eq(g_remove(path), 0);
	}
	g_dir_close(dir);
	ck_assert_int_eq(g_rmdir(folder), 0);
	g_clear_pointer(&folder, g_free);
}

static char *
path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

/* put: write a file of the folder */
static void
put(const char *name, const char *text)
{
	g_autofree char *path = path_of(name);

	ck_assert(g_file_set_contents(path, text, -1, NULL));
}

/* load_with: the scenario beside a board file, with that board */
static struct scn_fixture
load_with(const char *board)
{
	g_autofree char *text = g_strdup_printf("[process p]\n[board]\n"
	    "profile = %s\n", board);
	g_autofree char *path = path_of("a.scn");

	put("a.scn", text);
	return fix_load_file(path);
}

static void
assert_says(struct scn_fixture *fix, const char *expected)
{
	g_autofree char *all = fix_all(fix);

	ck_assert_msg(fix->errors->len == 1 && fix_says(fix, expected),
	    "expected \"%s\":%s", expected, all);
	fix_fini(fix);
}

static void
assert_whole(const char *kind, char **names)
{
	for (size_t i = 0; names[i] != NULL; i++) {
		g_autofree char *path = scn_find(kind, names[i]);
		g_autoptr(GPtrArray) errors =
		    g_ptr_array_new_with_free_func(g_free);

		ck_assert_msg(scn_check_profile(path, kind, errors), "%s",
		    names[i]);
	}
}

START_TEST(shipped_profiles_are_whole)
{
	g_auto(GStrv) boards = scn_list("boards");
	g_auto(GStrv) kernels = scn_list("kernels");
	g_auto(GStrv) scenarios = scn_list("");

	ck_assert(g_strv_contains((const char *const *)boards,
	    SCN_DEFAULT_BOARD));
	ck_assert(g_strv_contains((const char *const *)kernels,
	    SCN_DEFAULT_KERNEL));
	ck_assert_uint_gt(g_strv_length(scenarios), 0);
	for (size_t i = 0; scenarios[i] != NULL; i++) {
		g_autofree char *path = scn_find("", scenarios[i]);
		struct scn_fixture fix = fix_load_file(path);
		g_autofree char *all = fix_all(&fix);

		ck_assert_msg(fix.scn != NULL, "%s", all);
		ck_assert_str_ne(scn_get_text(scn_point(fix.scn, 0),
		    SCN_QUESTION), "");
		fix_fini(&fix);
	}
	assert_whole("boards", boards);
	assert_whole("kernels", kernels);
}
END_TEST

/* each value of a machine in a shipped scenario says where it comes from */
START_TEST(shipped_values_have_origins)
{
	struct scn_fixture fix = fix_load("[process p]\n", NULL);

	for (unsigned k = 0; k < SCN_N_PLAIN; k++)
		ck_assert(scn_row(k)->needs_origin ==
		    (scn_get_origin(scn_point(fix.scn, 0),
		    (enum scn_key)k) != NULL));
	fix_fini(&fix);
}
END_TEST

START_TEST(the_seed_comparison)
{
	g_autofree char *path = scn_find("", "thorpe-2002");
	static const struct {
		const char *name;
		int64_t tcp_output, sosend_loan;	/* index of the word */
	} variants[] = {
		{ "before", 0, 0 }, { "tcp-fix", 1, 0 },
		{ "loan-no-fix", 0, 1 }, { "loan", 1, 1 },
	};
	struct scn_fixture fix = fix_load_file(path);

	ck_assert_str_eq(scn_name(fix.scn), "thorpe-2002");
	ck_assert_uint_eq(scn_n_points(fix.scn), 4);
	for (size_t i = 0; i < 4; i++) {
		const struct scn_point *pt = scn_point(fix.scn, i);

		ck_assert_str_eq(scn_point_name(pt), variants[i].name);
		ck_assert_int_eq(scn_get(pt, SCN_TCP_OUTPUT),
		    variants[i].tcp_output);
		ck_assert_int_eq(scn_get(pt, SCN_SOSEND_LOAN),
		    variants[i].sosend_loan);
	}
	fix_fini(&fix);
}
END_TEST

START_TEST(one_builds_on_another)
{
	struct scn_fixture fix;
	const struct scn_point *pt;

	put("fast.board", "[board]\nprofile = thorpe-2002\n"
	    "cpu.clock = 733 MHz\ncpu.clock.origin = datasheet: i80200\n");
	fix = load_with("fast.board");
	ck_assert_ptr_nonnull(fix.scn);
	pt = scn_point(fix.scn, 0);
	ck_assert_int_eq(scn_get(pt, SCN_CPU_CLOCK), 733000000);
	ck_assert_str_eq(scn_get_origin(pt, SCN_CPU_CLOCK),
	    "datasheet: i80200");
	ck_assert_int_eq(scn_get(pt, SCN_MEM_READ), 80000000);
	fix_fini(&fix);
}
END_TEST

START_TEST(a_profile_has_all_values)
{
	struct scn_fixture fix;

	put("part.board", "[board]\n"
	    "cpu.clock = 733 MHz\ncpu.clock.origin = measured: x\n");
	fix = load_with("part.board");
	/* 36 keys of a board, one of them given */
	ck_assert_uint_eq(fix.errors->len, 35);
	ck_assert(fix_says(&fix, "a.scn:3: error: [board] pci.bandwidth: "
	    "profile \"part.board\" gives no value"));
	fix_fini(&fix);
}
END_TEST

#define FROM_THORPE	"[board]\nprofile = thorpe-2002\n"

static void
assert_board(const char *text, const char *expected)
{
	struct scn_fixture fix;

	put("x.board", text);
	fix = load_with("x.board");
	assert_says(&fix, expected);
}

START_TEST(origins_are_demanded)
{
	assert_board(FROM_THORPE "cpu.cpi = 1\n",
	    "x.board:3: error: [board] cpu.cpi: no origin; give "
	    "cpu.cpi.origin = datasheet:");
	assert_board(FROM_THORPE "cpu.cpi = 1\ncpu.cpi.origin = guessed: x\n",
	    "x.board:4: error: [board] cpu.cpi.origin: \"guessed: x\" is no "
	    "origin; permitted: datasheet:");
	assert_board(FROM_THORPE "cpu.cpi = 1\ncpu.cpi.origin = fitted: \n",
	    "\"fitted:\" is no origin");
	assert_board(FROM_THORPE "cpu.cpi.origin = fitted: x\n",
	    "x.board:3: error: [board] cpu.cpi.origin: an origin without a");
	assert_board(FROM_THORPE "cpu.cpi.origin = fitted: x\ncpu.cpi = 1\n"
	    "cpu.cpi.origin = fitted: y\n", "x.board:5: error: [board] "
	    "cpu.cpi.origin: given twice");
	assert_board(FROM_THORPE "cpu.cip.origin = fitted: x\n",
	    "unknown key; \"loansim explain\" lists all keys; did you mean");
	assert_board(FROM_THORPE "profile = thorpe-2002\n",
	    "x.board:2: error: [board] profile: given twice");
}
END_TEST

/* a scenario may set a value without an origin, or with one */
START_TEST(origins_in_scenarios)
{
	struct scn_fixture fix = fix_load("[process p]\n[board]\n"
	    "cpu.cpi.origin = measured: here\ncpu.cpi = 3\n"
	    "cpu.clock = 1 GHz\n[variant v]\nboard.cpu.cpi = 4\n"
	    "[variant w]\n", NULL);
	const struct scn_point *w = scn_point(fix.scn, 1);

	ck_assert_str_eq(scn_get_origin(w, SCN_CPU_CPI), "measured: here");
	ck_assert_ptr_null(scn_get_origin(w, SCN_CPU_CLOCK));
	ck_assert_ptr_null(scn_get_origin(scn_point(fix.scn, 0),
	    SCN_CPU_CPI));
	fix_fini(&fix);
}
END_TEST

START_TEST(only_one_group)
{
	assert_board(FROM_THORPE "[kernel]\n",
	    "x.board:3: error: [kernel]: does not belong into a profile");
	assert_board("# nothing\n", "x.board: error: no group [board]");
	assert_board("", "x.board: error: the file is empty");
	assert_board("[board]\nprofile = thorpe\n", "x.board:2: error: "
	    "[board] profile: unknown profile \"thorpe\"; \"loansim list\" "
	    "shows all; did you mean \"thorpe-2002\"?");
}
END_TEST

START_TEST(circles_name_their_chain)
{
	struct scn_fixture fix;

	put("a.board", "[board]\nprofile = b.board\n");
	put("b.board", "[board]\nprofile = ./c.board\n");
	put("c.board", "[board]\nprofile = b.board\n");
	put("s.board", "[board]\nprofile = s.board\n");
	fix = load_with("a.board");
	assert_says(&fix, "c.board:2: error: [board] profile: the profiles "
	    "build on each other in a circle: b.board -> ./c.board -> "
	    "b.board");
	fix = load_with("s.board");
	assert_says(&fix, "in a circle: s.board -> s.board");
}
END_TEST

START_TEST(depth_is_limited)
{
	struct scn_fixture fix;

	for (int i = 0; i < 20; i++) {
		g_autofree char *name = g_strdup_printf("%d.board", i);
		g_autofree char *text = g_strdup_printf(
		    "[board]\nprofile = %d.board\n", i + 1);

		put(name, text);
	}
	fix = load_with("0.board");
	assert_says(&fix, "15.board:2: error: [board] profile: profiles build "
	    "on each other more than 16 deep");
}
END_TEST

START_TEST(what_cannot_be_read)
{
	g_autofree char *missing = g_build_filename(folder, "no.scn", NULL);
	g_autofree char *locked = path_of("locked.scn");
	struct scn_fixture fix = fix_load_file(missing);

	assert_says(&fix, "no.scn: error: cannot be read: No such file");
	fix = fix_load_file(folder);
	assert_says(&fix, ": error: cannot be read: it is a directory");
	fix = load_with("no.board");
	assert_says(&fix, "a.scn:3: error: [board] profile: ");
	put("locked.scn", "[process p]\n");
	ck_assert_int_eq(chmod(locked, 0), 0);
	if (geteuid() != 0) {	/* root reads everything */
		fix = fix_load_file(locked);
		assert_says(&fix, "cannot be read: Permission denied");
	}
}
END_TEST

/* bytes, mode and dates of a file that is loaded, good or bad, stay */
START_TEST(files_are_untouched)
{
	static const char *const texts[] = { "[process p]\n", "[junk\n" };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *path = path_of("x.scn");
		g_autofree char *after = NULL;
		struct stat before, then;
		struct scn_fixture fix;

		put("x.scn", texts[i]);
		ck_assert_int_eq(chmod(path, 0444), 0);
		ck_assert_int_eq(stat(path, &before), 0);
		fix = fix_load_file(path);
		fix_fini(&fix);
		ck_assert_int_eq(stat(path, &then), 0);
		ck_assert(before.st_ino == then.st_ino &&
		    before.st_mode == then.st_mode &&
		    before.st_mtim.tv_sec == then.st_mtim.tv_sec &&
		    before.st_mtim.tv_nsec == then.st_mtim.tv_nsec);
		ck_assert(g_file_get_contents(path, &after, NULL, NULL));
		ck_assert_str_eq(after, texts[i]);
	}
}
END_TEST

START_TEST(a_profile_by_override)
{
	static const char *const overrides[] = {
		"board.profile = nosuch", NULL
	};
	struct scn_fixture fix = fix_load("[process p]\n", overrides);

	assert_says(&fix, "unknown profile \"nosuch\"");
}
END_TEST

/* a user's folder is searched first, and what it lacks is found elsewhere */
START_TEST(data_folders)
{
	g_autofree char *own = g_build_filename(folder, "none", NULL);
	g_autofree char *found = NULL;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	found = scn_find("boards", "thorpe-2002");
	ck_assert_str_eq(found,
	    TEST_SOURCE_DIR "/scenarios/boards/thorpe-2002.board");
	g_setenv("LOANSIM_DATADIR", own, TRUE);
	g_clear_pointer(&found, g_free);
	found = scn_find("boards", "thorpe-2002");
	ck_assert_ptr_nonnull(found);
	ck_assert_ptr_null(scn_find("boards", "nosuch"));
	ck_assert_ptr_null(scn_find("", ""));
	g_clear_pointer(&found, g_free);
	found = scn_find("", "./x.scn");
	ck_assert_str_eq(found, "./x.scn");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("profile");
	TCase *tc = tcase_create("profile");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, make_folder, remove_folder);
	tcase_add_test(tc, shipped_profiles_are_whole);
	tcase_add_test(tc, shipped_values_have_origins);
	tcase_add_test(tc, the_seed_comparison);
	tcase_add_test(tc, one_builds_on_another);
	tcase_add_test(tc, a_profile_has_all_values);
	tcase_add_test(tc, origins_are_demanded);
	tcase_add_test(tc, origins_in_scenarios);
	tcase_add_test(tc, only_one_group);
	tcase_add_test(tc, circles_name_their_chain);
	tcase_add_test(tc, depth_is_limited);
	tcase_add_test(tc, what_cannot_be_read);
	tcase_add_test(tc, files_are_untouched);
	tcase_add_test(tc, a_profile_by_override);
	tcase_add_test(tc, data_folders);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
