/*
 * Operations and causes: every one has a name that a scenario can use, and the
 * right cause.
 */
#include <check.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/cost.h"

/* Names of scenario keys: small letters, digits and underscores. */
static void
assert_name(const char *name)
{
	ck_assert_ptr_nonnull(name);
	ck_assert(islower((unsigned char)name[0]));
	for (const char *c = name; *c != '\0'; c++)
		ck_assert_msg(islower((unsigned char)*c) ||
		    isdigit((unsigned char)*c) || *c == '_', "%s", name);
}

START_TEST(test_names_of_operations)
{
	for (int op = 0; op < N_OPS; op++) {
		assert_name(kern_op_names[op]);
		for (int other = 0; other < op; other++)
			ck_assert_str_ne(kern_op_names[op],
			    kern_op_names[other]);
	}
}
END_TEST

START_TEST(test_names_of_causes)
{
	for (int cause = 0; cause < N_CAUSES; cause++) {
		assert_name(kern_cause_names[cause]);
		for (int other = 0; other < cause; other++)
			ck_assert_str_ne(kern_cause_names[cause],
			    kern_cause_names[other]);
	}
}
END_TEST

/* The name says it where the price is one of 1024 bytes. */
START_TEST(test_loops_over_bytes)
{
	int n = 0;

	for (int op = 0; op < N_OPS; op++) {
		const char *name = kern_op_names[op];
		size_t len = strlen(name);
		bool says_so = len > 3 && strcmp(name + len - 3, "_1k") == 0;

		ck_assert_int_eq(cost_op_is_per_1k((enum kern_op)op) != 0,
		    says_so);
		n += says_so;
	}
	/* copy, sum, zero, fill */
	ck_assert_int_eq(n, 4);
}
END_TEST

/*
 * Operations never belong to the causes that only other code books: moving
 * bytes for a stated reason, and what devices transfer themselves.
 */
START_TEST(test_causes)
{
	for (int op = 0; op < N_OPS; op++) {
		enum kern_cause cause = kern_op_causes[op];

		ck_assert_uint_lt(cause, N_CAUSES);
		ck_assert(!kern_cause_is_dma(cause) &&
		    cause != CAUSE_COW_COPY &&
		    cause != CAUSE_TCP_COPY && cause != CAUSE_DRIVER_COPY &&
		    cause != CAUSE_APP_COMPUTE);
	}
}
END_TEST

START_TEST(test_cause_of_each)
{
	static const struct {
		enum kern_op op;
		enum kern_cause cause;
		const char *op_name, *cause_name;
	} some[] = {
	    {OP_SYSCALL, CAUSE_SYSCALL, "syscall", "syscall"},
	    {OP_COPY_1K, CAUSE_COPYIN, "copy_1k", "copyin"},
	    {OP_CKSUM_1K, CAUSE_CKSUM_READ, "cksum_1k", "cksum_read"},
	    {OP_ZERO_1K, CAUSE_PAGE_ZERO, "zero_1k", "page_zero"},
	    {OP_FILL_1K, CAUSE_APP_FILL, "fill_1k", "app_fill"},
	    {OP_MGET, CAUSE_MBUF, "mget", "mbuf"},
	    {OP_PAGE_PROTECT, CAUSE_LOAN, "page_protect", "loan"},
	    {OP_UNLOAN_PAGE, CAUSE_UNLOAN, "unloan_page", "unloan"},
	    {OP_KVA_FREE, CAUSE_UNLOAN, "kva_free", "unloan"},
	    {OP_SBWALK, CAUSE_SBAPPEND, "sbwalk", "sbappend"},
	    {OP_TCP_SEGMENT, CAUSE_TCP_OUTPUT, "tcp_segment", "tcp_output"},
	    {OP_DRV_RX, CAUSE_DRIVER, "drv_rx", "driver"},
	    {OP_INTR, CAUSE_INTERRUPT, "intr", "interrupt"},
	    {OP_CTXSW, CAUSE_CONTEXT_SWITCH, "ctxsw", "context_switch"},
	    {OP_HARDCLOCK, CAUSE_HARDCLOCK, "hardclock", "hardclock"}};

	for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
		ck_assert_int_eq(kern_op_causes[some[i].op], some[i].cause);
		ck_assert_str_eq(kern_op_names[some[i].op], some[i].op_name);
		ck_assert_str_eq(kern_cause_names[some[i].cause],
		    some[i].cause_name);
	}
}
END_TEST

static Suite *
ops_suite(void)
{
	Suite *suite = suite_create("kern/ops");
	TCase *tc = tcase_create("ops");

	tcase_add_test(tc, test_names_of_operations);
	tcase_add_test(tc, test_names_of_causes);
	tcase_add_test(tc, test_loops_over_bytes);
	tcase_add_test(tc, test_causes);
	tcase_add_test(tc, test_cause_of_each);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(ops_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
