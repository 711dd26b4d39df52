/*
 * User mode: stores, the faults that they cause, and computing.
 *
 * At 100 MHz with the prices of tests/support/machine.h:
 *
 *	a byte stored		10 ns of loop + 20 ns of memory = 30 ns
 *	a word of 4 bytes	120 ns
 *	a page of 4096		122.88 us
 *	a fresh page		fault 1 us, allocation 1, zeroing 40.96 and
 *				81.92 of memory = 124.88 us
 *	a copying fault		fault 1, allocation 1, loop 40.96, read 40.96,
 *				write 81.92 = 165.84 us
 *	a soft fault		1 us
 */
#include <check.h>
#include <stdlib.h>

#include "models/vm/loan.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define NS	PS_PER_NS
#define US	PS_PER_US
#define WORD	(120 * NS)
#define FULL	(122880 * NS)
#define FRESH	(124880 * NS)

static struct crank crank;
static struct host *host;
static uint64_t region;		/* of four pages, untouched */

/* The first call takes the CPU: from then on nothing is switched. */
static void
setup(void)
{
	struct world_config config = machine_config();

	crank_init(&crank, &config, 1);
	host = &crank.world.host;
	region = (uint64_t)crank_call(&crank, 0,
	    (struct sys_call){.nr = SYS_MMAP, .len = 4 * PAGE_SIZE});
}

static void
teardown(void)
{
	crank_fini(&crank);
}

/* => how long it took */
static sim_time
touch(uint64_t addr, int64_t len, bool is_full, int64_t result)
{
	sim_time start = crank.world.cal.now;

	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_TOUCH, .addr = addr, .len = len, .is_full = is_full}),
	    result);
	return crank.world.cal.now - start;
}

/* As the socket layer does it, without a socket. */
static void
lend(uint64_t addr)
{
	struct vm_page *page;

	vm_loan_pages(&crank.procs[0].p->space, addr, 1, &page);
}

static void
take_back(struct vm_page *page)
{
	vm_unloan_pages(&host->vm, &page, 1);
}

static struct vm_page *
page_at(uint64_t addr)
{
	return vm_find_slot(&crank.procs[0].p->space, addr)->page;
}

START_TEST(test_first_touch)
{
	ck_assert_int_eq(touch(region, 1, false, 0), FRESH + 30 * NS);
	ck_assert_int_eq(host->vm.stats.n_zero_fills, 1);
	ck_assert_ptr_nonnull(page_at(region));
	ck_assert_ptr_null(page_at(region + PAGE_SIZE));
	/* and once more: no fault */
	ck_assert_int_eq(touch(region, 1, false, 0), 30 * NS);
	ck_assert_int_eq(host->vm.stats.n_zero_fills, 1);
}
END_TEST

START_TEST(test_full_store)
{
	ck_assert_int_eq(touch(region, 4 * PAGE_SIZE, true, 0),
	    4 * (FRESH + FULL));
	ck_assert_int_eq(touch(region, 4 * PAGE_SIZE, true, 0), 4 * FULL);
	ck_assert_int_eq(host->ledger.n_ops[OP_FILL_1K], 8 * PAGE_SIZE);
	ck_assert_int_eq(host->ledger.line[CAUSE_APP_FILL].write_bytes,
	    8 * PAGE_SIZE);
	/* 4 pages of bzero */
	ck_assert_int_eq(host->ledger.line[CAUSE_PAGE_ZERO].write_bytes,
	    4 * PAGE_SIZE);
}
END_TEST

/* One word a page, whatever part of the page the range covers. */
START_TEST(test_word_store)
{
	static const struct {
		int64_t offset, len;
		sim_time time;	/* with the pages there */
	} cases[] = {
	    {0, 4 * PAGE_SIZE, 4 * WORD},
	    {0, PAGE_SIZE, WORD},
	    {0, PAGE_SIZE + 4, 2 * WORD},
	    {100, PAGE_SIZE, 2 * WORD},
	    /* less than a word is there: 3 bytes, then 1 */
	    {8, 3, 90 * NS},
	    {PAGE_SIZE - 1, 1, 30 * NS},
	    {PAGE_SIZE - 3, 4, 90 * NS + 30 * NS},
	    {PAGE_SIZE - 4, 4, WORD},
	    {0, 0, 0}};

	touch(region, 4 * PAGE_SIZE, false, 0);
	ck_assert_int_eq(touch(region + (uint64_t)cases[_i].offset,
	    cases[_i].len, false, 0), cases[_i].time);
}
END_TEST

START_TEST(test_full_store_of_parts)
{
	touch(region, 4 * PAGE_SIZE, false, 0);
	/* from the midst of page 0 to the midst of page 2 */
	ck_assert_int_eq(touch(region + 1000, 2 * PAGE_SIZE, true, 0),
	    2 * PAGE_SIZE * 30 * NS);
	ck_assert_int_eq(touch(region + 1000, 1, true, 0), 30 * NS);
}
END_TEST

/* Each store gives the page a content that no page has had. */
START_TEST(test_versions)
{
	uint64_t first, second;

	touch(region, 2 * PAGE_SIZE, false, 0);
	first = page_at(region)->version;
	second = page_at(region + PAGE_SIZE)->version;
	ck_assert_uint_ne(first, second);
	touch(region, 1, true, 0);
	ck_assert_uint_ne(page_at(region)->version, first);
	ck_assert_uint_ne(page_at(region)->version, second);
	ck_assert_uint_eq(page_at(region + PAGE_SIZE)->version, second);
}
END_TEST

/* Nothing is mapped there; what came before has been stored. */
START_TEST(test_not_mapped)
{
	ck_assert_int_eq(touch(0, 1, false, SYS_EFAULT), 0);
	ck_assert_int_eq(touch(region - 1, 1, false, SYS_EFAULT), 0);
	ck_assert_int_eq(touch(region + 4 * PAGE_SIZE, 1, false, SYS_EFAULT),
	    0);
	ck_assert_int_eq(touch(region + 3 * PAGE_SIZE, PAGE_SIZE + 1, true,
	    SYS_EFAULT), FRESH + FULL);
	/* a range of no bytes touches nothing */
	ck_assert_int_eq(touch(0, 0, false, 0), 0);
}
END_TEST

/*
 * netbsd-2002.md 3.3: a store during a loan copies the page; the loan keeps
 * the old one.
 */
START_TEST(test_store_during_a_loan)
{
	struct vm_page *old;
	uint64_t version;

	touch(region, 1, false, 0);
	old = page_at(region);
	version = old->version;
	lend(region);
	/* 165.84 us, and the word */
	ck_assert_int_eq(touch(region, 4, false, 0), 165840 * NS + WORD);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 1);
	ck_assert_int_eq(host->vm.stats.n_soft_faults, 0);
	ck_assert_ptr_ne(page_at(region), old);
	ck_assert_uint_eq(old->version, version);
	ck_assert_uint_ne(page_at(region)->version, version);
	ck_assert_int_eq(touch(region, 4, false, 0), WORD);
	take_back(old);
}
END_TEST

/* 3.2: after the loan the first store costs a fault, and copies nothing. */
START_TEST(test_store_after_a_loan)
{
	struct vm_page *page;

	touch(region, 1, false, 0);
	page = page_at(region);
	lend(region);
	take_back(page);
	ck_assert_int_eq(touch(region, 4, false, 0), 1 * US + WORD);
	ck_assert_int_eq(host->vm.stats.n_soft_faults, 1);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 0);
	ck_assert_ptr_eq(page_at(region), page);
	ck_assert_int_eq(touch(region, 4, false, 0), WORD);
}
END_TEST

START_TEST(test_compute)
{
	static const int64_t cycles[] = {0, 1, 12345};
	sim_time start = crank.world.cal.now;

	ck_assert_int_eq(crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_COMPUTE, .len = cycles[_i]}), 0);
	/* 10 ns each; no trap */
	ck_assert_int_eq(crank.world.cal.now - start, cycles[_i] * 10 * NS);
	ck_assert_int_eq(host->ledger.line[CAUSE_APP_COMPUTE].units,
	    cycles[_i] * COST_UNITS_PER_CYCLE);
	/* that of mmap alone */
	ck_assert_int_eq(host->ledger.n_ops[OP_SYSCALL], 1);
}
END_TEST

static Suite *
usermode_suite(void)
{
	Suite *suite = suite_create("kern/usermode");
	TCase *tc = tcase_create("usermode");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_first_touch);
	tcase_add_test(tc, test_full_store);
	tcase_add_loop_test(tc, test_word_store, 0, 9);
	tcase_add_test(tc, test_full_store_of_parts);
	tcase_add_test(tc, test_versions);
	tcase_add_test(tc, test_not_mapped);
	tcase_add_test(tc, test_store_during_a_loan);
	tcase_add_test(tc, test_store_after_a_loan);
	tcase_add_loop_test(tc, test_compute, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(usermode_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
