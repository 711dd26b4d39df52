/*
 * Costs and the ledger: every unit added is booked, once, under one cause.
 */
#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/cost.h"

static struct ledger ledger;
static struct cost_model model;

/* Every operation 100 + its number instructions, 1.5 cycles each. */
static void
setup(void)
{
	struct cost_config config = {.cpi_milli = 1500};

	memset(&ledger, 0, sizeof ledger);
	for (int op = 0; op < N_OPS; op++)
		config.op_insns[op] = 100 + op;
	cost_model_init(&model, &config, NULL, &ledger);
}

static bool
is_loop_over_bytes(int op)
{
	return op == OP_COPY_1K || op == OP_CKSUM_1K || op == OP_ZERO_1K ||
	    op == OP_FILL_1K;
}

/*
 * A unit is 1 / 1,024,000 of a cycle: n instructions of 1.5 cycles are
 * n * 1,536,000 units; of a loop, whose price is that of 1024 bytes, a byte
 * costs n * 1500.
 */
START_TEST(test_prices)
{
	for (int op = 0; op < N_OPS; op++) {
		int64_t insns = 100 + op;

		ck_assert_int_eq(cost_op_is_per_1k((enum kern_op)op) != 0,
		    is_loop_over_bytes(op));
		ck_assert_int_eq(model.op_units[op], is_loop_over_bytes(op) ?
		    insns * 1500 : insns * 1536000);
	}
}
END_TEST

/* 1024 bytes cost exactly the instructions stated for them. */
START_TEST(test_a_kilobyte)
{
	struct cost cost = {0};

	cost_op(&cost, &model, OP_COPY_1K, 1024);
	/* (100 + OP_COPY_1K) instructions * 1.5 cycles */
	ck_assert_int_eq(cost.units,
	    (100 + OP_COPY_1K) * 3 * COST_UNITS_PER_CYCLE / 2);
}
END_TEST

START_TEST(test_operation_is_booked)
{
	struct cost cost = {5, 6, 7};
	int64_t units = (100 + OP_MGET) * INT64_C(1536000);

	cost_op(&cost, &model, OP_MGET, 3);
	ck_assert_int_eq(cost.units, 5 + 3 * units);
	ck_assert_int_eq(cost.read_bytes, 6);
	ck_assert_int_eq(cost.write_bytes, 7);
	ck_assert_int_eq(ledger.n_ops[OP_MGET], 3);
	ck_assert_int_eq(ledger.line[CAUSE_MBUF].units, 3 * units);
	/* another operation of the same cause adds to the same line */
	cost_op(&cost, &model, OP_MFREE, 1);
	ck_assert_int_eq(ledger.line[CAUSE_MBUF].units,
	    3 * units + (100 + OP_MFREE) * INT64_C(1536000));
	ck_assert_int_eq(ledger.n_ops[OP_MGET], 3);
}
END_TEST

START_TEST(test_none_is_nothing)
{
	struct cost cost = {0};

	cost_op(&cost, &model, OP_MGET, 0);
	cost_op_as(&cost, &model, OP_MGET, 0, CAUSE_LOAN);
	cost_cycles(&cost, &model, 0, CAUSE_APP_COMPUTE);
	ck_assert_int_eq(cost.units, 0);
	ck_assert_int_eq(ledger_cpu_total(&ledger).units, 0);
	ck_assert_int_eq(ledger.n_ops[OP_MGET], 0);
}
END_TEST

START_TEST(test_another_cause)
{
	struct cost cost = {0};
	int64_t units = (100 + OP_PMAP_UPDATE) * INT64_C(1536000);

	ck_assert_int_eq(kern_op_causes[OP_PMAP_UPDATE], CAUSE_LOAN);
	cost_op_as(&cost, &model, OP_PMAP_UPDATE, 2, CAUSE_UNLOAN);
	ck_assert_int_eq(cost.units, 2 * units);
	ck_assert_int_eq(ledger.line[CAUSE_UNLOAN].units, 2 * units);
	ck_assert_int_eq(ledger.line[CAUSE_LOAN].units, 0);
	ck_assert_int_eq(ledger.n_ops[OP_PMAP_UPDATE], 2);
}
END_TEST

START_TEST(test_cycles)
{
	struct cost cost = {0};

	cost_cycles(&cost, &model, 10, CAUSE_APP_COMPUTE);
	/* cycles, not instructions: 1.5 has no part in it */
	ck_assert_int_eq(cost.units, 10240000);
	ck_assert_int_eq(ledger.line[CAUSE_APP_COMPUTE].units, 10240000);
}
END_TEST

/* The total is over all causes but two: DMA is no traffic of the CPU. */
START_TEST(test_total)
{
	struct ledger_line total;
	int64_t n = 0;

	for (int cause = 0; cause < N_CAUSES; cause++) {
		ledger.line[cause] = (struct ledger_line){1, 10, 100,
		    1000, 10000};
		n += !kern_cause_is_dma(cause);
	}
	ck_assert_int_eq(n, N_CAUSES - 2);
	total = ledger_cpu_total(&ledger);
	ck_assert_int_eq(total.units, n);
	ck_assert_int_eq(total.read_bytes, 10 * n);
	ck_assert_int_eq(total.write_bytes, 100 * n);
	/* what was asked for is compared with nothing, so it has no total */
	ck_assert_int_eq(total.loaded_bytes, 0);
	ck_assert_int_eq(total.stored_bytes, 0);
}
END_TEST

static Suite *
cost_suite(void)
{
	Suite *suite = suite_create("base/cost");
	TCase *tc = tcase_create("cost");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_prices);
	tcase_add_test(tc, test_a_kilobyte);
	tcase_add_test(tc, test_operation_is_booked);
	tcase_add_test(tc, test_none_is_nothing);
	tcase_add_test(tc, test_another_cause);
	tcase_add_test(tc, test_cycles);
	tcase_add_test(tc, test_total);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(cost_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
