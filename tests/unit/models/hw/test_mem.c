/*
 * Memory accesses: bytes into the cost and the ledger, never beyond an object.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/hw/mem.h"

static const struct mem_object page = {4096};
static const struct mem_object cluster = {2048};
static struct ledger ledger;
static struct cost_model model;

/* An instruction a byte, a cycle an instruction. */
static void
setup(void)
{
	struct cost_config config = {.cpi_milli = 1000};

	memset(&ledger, 0, sizeof ledger);
	for (int op = 0; op < N_OPS; op++)
		config.op_insns[op] = 1024;
	cost_model_init(&model, &config, &ledger);
}

static struct mem_range
range_of(const struct mem_object *object, uint32_t offset, uint32_t bytes)
{
	return (struct mem_range){object, offset, bytes, MEM_KERNEL};
}

START_TEST(test_read)
{
	struct cost cost = {1, 2, 3};

	mem_read(&cost, &model, CAUSE_CKSUM_READ, range_of(&page, 0, 1460));
	ck_assert_int_eq(cost.units, 1);
	ck_assert_int_eq(cost.read_bytes, 1462);
	ck_assert_int_eq(cost.write_bytes, 3);
	ck_assert_int_eq(ledger.line[CAUSE_CKSUM_READ].read_bytes, 1460);
	ck_assert_int_eq(ledger.line[CAUSE_CKSUM_READ].write_bytes, 0);
}
END_TEST

START_TEST(test_write)
{
	struct cost cost = {1, 2, 3};

	mem_write(&cost, &model, CAUSE_APP_FILL, range_of(&page, 4, 100));
	ck_assert_int_eq(cost.units, 1);
	ck_assert_int_eq(cost.read_bytes, 2);
	ck_assert_int_eq(cost.write_bytes, 103);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].read_bytes, 0);
	ck_assert_int_eq(ledger.line[CAUSE_APP_FILL].write_bytes, 100);
}
END_TEST

/* A copy: the loop's instructions, a read and a write, under one cause. */
START_TEST(test_copy)
{
	struct cost cost = {0};

	mem_copy(&cost, &model, CAUSE_COW_COPY, range_of(&page, 10, 500),
	    range_of(&cluster, 0, 500));
	ck_assert_int_eq(cost.units, 500 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(cost.read_bytes, 500);
	ck_assert_int_eq(cost.write_bytes, 500);
	ck_assert_int_eq(ledger.line[CAUSE_COW_COPY].units,
	    500 * COST_UNITS_PER_CYCLE);
	ck_assert_int_eq(ledger.line[CAUSE_COW_COPY].read_bytes, 500);
	ck_assert_int_eq(ledger.line[CAUSE_COW_COPY].write_bytes, 500);
	ck_assert_int_eq(ledger.line[CAUSE_COPYIN].units, 0);
	ck_assert_int_eq(ledger.n_ops[OP_COPY_1K], 500);
}
END_TEST

/* Ranges that touch the end of their object, and empty ones at it. */
START_TEST(test_edges_of_an_object)
{
	struct cost cost = {0};

	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 4096));
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 4095, 1));
	mem_read(&cost, &model, CAUSE_COPYIN, range_of(&page, 4096, 0));
	ck_assert_int_eq(cost.read_bytes, 4097);
}
END_TEST

START_TEST(test_death_beyond_an_object)
{
	static const uint32_t wrong[][2] = {
	    {0, 4097}, {1, 4096}, {4096, 1}, {4097, 0},
	    /* the sum wraps round to 4096 */
	    {4097, UINT32_MAX}};
	struct cost cost = {0};

	mem_read(&cost, &model, CAUSE_COPYIN,
	    range_of(&page, wrong[_i][0], wrong[_i][1]));
}
END_TEST

START_TEST(test_death_of_a_write_beyond)
{
	struct cost cost = {0};

	mem_write(&cost, &model, CAUSE_COPYIN, range_of(&cluster, 0, 2049));
}
END_TEST

START_TEST(test_death_of_two_lengths)
{
	struct cost cost = {0};

	mem_copy(&cost, &model, CAUSE_COPYIN, range_of(&page, 0, 10),
	    range_of(&cluster, 0, 11));
}
END_TEST

static Suite *
mem_suite(void)
{
	Suite *suite = suite_create("hw/mem");
	TCase *tc = tcase_create("mem");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_read);
	tcase_add_test(tc, test_write);
	tcase_add_test(tc, test_copy);
	tcase_add_test(tc, test_edges_of_an_object);
	tcase_add_loop_test_raise_signal(tc, test_death_beyond_an_object,
	    SIGABRT, 0, 5);
	tcase_add_test_raise_signal(tc, test_death_of_a_write_beyond,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_two_lengths, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(mem_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
