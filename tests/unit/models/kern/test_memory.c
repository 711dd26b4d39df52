/*
 * Too little memory: sleeping for a page, the page daemon, reading pages, and
 * mistakes that the books and the checks of content find.
 * netbsd-2002.md 3.1, 3.3 and 3.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "models/audit.h"
#include "models/host.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define MS	PS_PER_MS
#define PAGES(n)	((n) * (int64_t)PAGE_SIZE)

static struct world_config config;
static struct crank crank;
static struct host *host;

static void
begin(int64_t n_pages, int64_t freetarg)
{
	config = machine_config();
	config.host.sosend.sosend_loan = true;
	config.host.vm.n_pages = n_pages;
	config.host.vm.freetarg = freetarg;
	crank_init(&crank, &config, 2);
	host = &crank.world.host;
}

/* Memory, or a file of that number, which need not stay open. */
static uint64_t
map(int proc, uint32_t file, int64_t n_pages)
{
	struct sys_call what = {.nr = SYS_MMAP, .len = PAGES(n_pages)};
	int64_t va;

	if (file > 0) {
		what.fd = (int)crank_call(&crank, proc,
		    (struct sys_call){.nr = SYS_OPEN, .file = file});
		what.map = SYS_MAP_SHARED;
	}
	va = crank_call(&crank, proc, what);
	if (file > 0)
		crank_call(&crank, proc,
		    (struct sys_call){.nr = SYS_CLOSE, .fd = what.fd});
	return (uint64_t)va;
}

static struct sys_call
touching(uint64_t va, int64_t n_pages)
{
	return (struct sys_call){.nr = SYS_TOUCH, .addr = va,
	    .len = PAGES(n_pages)};
}

static uint32_t
add_file(int64_t n_pages)
{
	host_add_file(host, 1, PAGES(n_pages), true);
	return 1;
}

/* A file of which no page is in memory. */
static uint32_t
add_cold(int64_t n_pages)
{
	host_add_file(host, 1, PAGES(n_pages), false);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 0);
	return 1;
}

static void
unmap(int proc, uint64_t va, int64_t n_pages)
{
	ck_assert_int_eq(crank_call(&crank, proc, (struct sys_call){
	    .nr = SYS_MUNMAP, .addr = va, .len = PAGES(n_pages)}), 0);
}

/* A fault sleeps until somebody gives a page back. */
START_TEST(test_fault_sleeps)
{
	uint64_t a, b;

	begin(4, 0);
	a = map(0, 0, 4);
	b = map(1, 0, 1);
	ck_assert_int_eq(crank_call(&crank, 0, touching(a, 4)), 0);
	crank_post(&crank, 1, touching(b, 1));
	crank_until(&crank, crank.world.cal.now + 100 * MS);
	ck_assert_ptr_eq(host->memory.fault_wait.head, crank.procs[1].p);
	ck_assert_int_eq(host->memory.n_waits, 1);
	unmap(0, a, 4);
	ck_assert_int_eq(crank_wait(&crank, 1), 0);
	crank_fini(&crank);
}
END_TEST

/* Everybody waits and nobody could give: that is a deadlock, and said so. */
START_TEST(test_deadlock)
{
	uint64_t va;

	begin(4, 0);
	va = map(0, 0, 5);
	crank_post(&crank, 1, (struct sys_call){.nr = SYS_EXIT});
	crank_post(&crank, 0, touching(va, 5));
	/* after the run has ended there is memory: the program goes on */
	ck_assert_int_eq(crank_wait(&crank, 0), SYS_ENDED);
	ck_assert_int_eq(crank.world.outcome, WORLD_DEADLOCK);
	ck_assert_uint_eq(crank.world.n_waiters, 1);
	crank_abandon(&crank);
}
END_TEST

/*
 * A file fills memory; a program takes page after page, and the daemon makes
 * room: what is clean goes, and comes back when it is asked for.
 */
START_TEST(test_daemon)
{
	uint64_t va, of_file;
	sim_time start;
	uint32_t file;

	begin(16, 4);
	file = add_file(16);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 12);
	va = map(0, 0, 8);
	ck_assert_int_eq(crank_call(&crank, 0, touching(va, 8)), 0);
	ck_assert_int_ge(host->vm.stats.n_page_outs, 4);
	ck_assert_int_ge(host->memory.n_scans, 1);
	/* the oldest page was the first to go, and has to be read */
	of_file = map(0, file, 1);
	start = crank.world.cal.now;
	ck_assert_int_eq(crank_call(&crank, 0, touching(of_file, 1)), 0);
	ck_assert_int_ge(crank.world.cal.now - start, MS / 10);
	ck_assert_int_eq(host->pager.stats.n_reads, 1);
	crank_fini(&crank);
}
END_TEST

/*
 * Pages that are mapped cost the daemon something: each has to be taken out of
 * the program's map.  Copying from it has entered all 12 pages of the file;
 * then 13 of memory are wanted where there is room for 12.
 */
START_TEST(test_daemon_is_paid)
{
	uint64_t va, of_file;
	int64_t n;
	int so;

	begin(24, 4);
	host->config.sosend.sosend_loan = false;
	of_file = map(0, add_file(12), 12);
	so = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, so, of_file, PAGES(12)),
	    PAGES(12));
	va = map(0, 0, 13);
	n = host->ledger.n_ops[OP_PAGE_PROTECT];
	ck_assert_int_eq(crank_call(&crank, 0, touching(va, 13)), 0);
	ck_assert_int_ge(host->memory.n_scans, 1);
	ck_assert_int_gt(host->ledger.n_ops[OP_PAGE_PROTECT], n);
	crank_fini(&crank);
}
END_TEST

/*
 * Cold pages are read before they are lent, one after the other (3.1 B): here
 * block by block, page 1 with nothing beside it, then 2 and 3.
 */
START_TEST(test_loan_reads)
{
	uint64_t va;
	uint32_t file;
	int so;

	begin(1000, 0);
	host->vm.config.freetarg = 999;
	file = add_file(4);
	host->vm.config.freetarg = 0;
	ck_assert_int_eq(vm_objects_pages(&host->vm), 1);
	va = map(0, file, 4);
	so = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, PAGES(4)), PAGES(4));
	ck_assert_int_eq(host->pager.stats.n_reads, 2);
	ck_assert_int_eq(host->pager.stats.n_pages_read, 3);
	ck_assert_int_eq(host->vm.stats.n_loaned, 4);
	ck_assert_int_eq(host->n_loans_refused, 0);
	crank_fini(&crank);
}
END_TEST

/* The same four pages, which a kernel without loans copies. */
START_TEST(test_copy_reads)
{
	uint64_t va;
	int so;

	begin(1000, 0);
	host->config.sosend.sosend_loan = false;
	va = map(0, add_cold(4), 4);
	so = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, PAGES(4)), PAGES(4));
	ck_assert_int_eq(host->pager.stats.n_reads, 2);
	ck_assert_int_eq(host->pager.stats.n_pages_read, 4);
	crank_fini(&crank);
}
END_TEST

static struct sys_call
locking(uint64_t va, int64_t n_pages)
{
	return (struct sys_call){.nr = SYS_MLOCK, .addr = va,
	    .len = PAGES(n_pages)};
}

/* What is locked has to be in memory: a read of two pages. */
START_TEST(test_lock_reads)
{
	uint64_t va;

	begin(1000, 0);
	va = map(0, add_cold(2), 2);
	ck_assert_int_eq(crank_call(&crank, 0, locking(va, 2)), 0);
	ck_assert_int_eq(host->pager.stats.n_reads, 1);
	ck_assert_uint_eq(vm_find_slot(&crank.procs[0].p->space,
	    va + PAGE_SIZE)->page->wire_count, 1);
	crank_fini(&crank);
}
END_TEST

/*
 * The run ends in the midst of a read, whose sectors come round at 6 ms: who
 * waits for it waits on.  What was to be locked is not; what was to be written
 * is taken.
 */
START_TEST(test_read_at_the_end)
{
	struct sys_call what = locking(0, 1);

	begin(1000, 0);
	what.addr = map(0, add_cold(1), 1);
	if (_i == 1) {
		what.nr = SYS_WRITE;
		what.fd = crank_connect(&crank, 0, 65536);
		host->config.sosend.sosend_loan = false;
	}
	crank_post(&crank, 0, what);
	crank_until(&crank, 5 * MS);
	ck_assert_int_eq(crank.procs[0].p->state, PROC_ASLEEP);
	host_stop(host);
	ck_assert_int_eq(crank_wait(&crank, 0), _i == 0 ? SYS_ENDED :
	    (int64_t)PAGE_SIZE);
	ck_assert_int_ge(crank.world.cal.now, 6 * MS);
	ck_assert_int_lt(crank.world.cal.now, 7 * MS);
	ck_assert(!vm_find_slot(&crank.procs[0].p->space,
	    what.addr)->is_wired);
	crank_fini(&crank);
}
END_TEST

/* With memory short, too: nothing is mapped there, and nothing to wait for. */
START_TEST(test_fault_beyond_the_end)
{
	uint64_t va;
	int so;

	begin(4, 0);
	host->config.sosend.sosend_loan = false;
	va = map(0, 0, 2);
	so = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(crank_call(&crank, 0, touching(va, 3)), SYS_EFAULT);
	ck_assert_int_eq(crank_write(&crank, 0, so, va + 2 * PAGE_SIZE, 100),
	    SYS_EFAULT);
	ck_assert_int_eq(host->memory.n_waits, 0);
	crank_fini(&crank);
}
END_TEST

/* Two processes want one cold page: it is read once, and both wait. */
START_TEST(test_read_once)
{
	uint64_t a, b;
	uint32_t file;

	begin(1000, 0);
	file = add_cold(1);
	a = map(0, file, 1);
	b = map(1, file, 1);
	crank_post(&crank, 0, touching(a, 1));
	crank_post(&crank, 1, touching(b, 1));
	ck_assert_int_eq(crank_wait(&crank, 0), 0);
	ck_assert_int_eq(crank_wait(&crank, 1), 0);
	ck_assert_int_eq(host->vm.stats.n_page_ins, 1);
	crank_fini(&crank);
}
END_TEST

/* A loan of untouched memory waits for the next full second (3.1, last line) */
START_TEST(test_loan_sleeps)
{
	uint64_t a, b;
	sim_time freed;
	int so;

	begin(4, 0);
	a = map(0, 0, 4);
	b = map(1, 0, 1);
	so = crank_connect(&crank, 1, 65536);
	ck_assert_int_eq(crank_call(&crank, 0, touching(a, 4)), 0);
	crank_post(&crank, 1, (struct sys_call){.nr = SYS_WRITE, .fd = so,
	    .addr = b, .len = 4096});
	crank_until(&crank, crank.world.cal.now + 100 * MS);
	ck_assert_ptr_eq(host->memory.lbolt.head, crank.procs[1].p);
	unmap(0, a, 4);
	freed = crank.world.cal.now;
	ck_assert_int_eq(crank_wait(&crank, 1), 4096);
	ck_assert_int_ge(crank.world.cal.now, PS_PER_S);
	ck_assert_int_lt(freed, PS_PER_S);
	ck_assert_int_eq(host->vm.stats.n_zero_loans, 1);
	crank_fini(&crank);
}
END_TEST

/*
 * A loan of more untouched pages than the daemon keeps free: it frees as many
 * as are wanted, and not only its own target.
 */
START_TEST(test_loan_beyond_freetarg)
{
	uint64_t va;
	int so;

	begin(16, 2);
	add_file(16);
	ck_assert_int_eq(vm_objects_pages(&host->vm), 14);
	va = map(0, 0, 8);
	so = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, PAGES(8)), PAGES(8));
	ck_assert_int_eq(host->vm.stats.n_zero_loans, 8);
	ck_assert_int_eq(crank.world.outcome, WORLD_DONE);
	crank_fini(&crank);
}
END_TEST

/* Copying fault while all memory is taken: by the loans that make it copy. */
START_TEST(test_cow_sleeps)
{
	uint64_t va;
	int so;

	begin(4, 0);
	va = map(0, 0, 4);
	so = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(crank_call(&crank, 0, touching(va, 4)), 0);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, PAGES(4)), PAGES(4));
	crank_post(&crank, 0, touching(va, 1));
	crank_until(&crank, crank.world.cal.now + 100 * MS);
	ck_assert_ptr_eq(host->memory.fault_wait.head, crank.procs[0].p);
	/* in 2002 only a call undoes loans, and the caller is asleep (2.5) */
	crank_abandon(&crank);
}
END_TEST

/*
 * Mistakes (section 3 turned round), each found by what is there to find it.
 */
static void
write_four(struct vm_hazards hazards)
{
	uint64_t va;
	int so;

	begin(0, 0);
	/* debug builds would stop at once */
	crank.world.cal.after_event = NULL;
	host->vm.config.hazards = hazards;
	va = map(0, 0, 4);
	so = crank_connect(&crank, 0, 65536);
	crank_call(&crank, 0, touching(va, 4));
	crank_write(&crank, 0, so, va, PAGES(4));
	crank_call(&crank, 0, touching(va, 4));
	crank_sleep_until(&crank, 0, 5 * PS_PER_S);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = so});
}

static bool
has_line(const struct audit *audit, const char *what)
{
	for (uint32_t i = 0; i < audit->n && i < AUDIT_MAX_LINES; i++)
		if (strcmp(audit->lines[i].what, what) == 0)
			return true;
	return false;
}

/* Without copy-on-write what is fetched is not what was written. */
START_TEST(test_hazard_no_cow)
{
	struct audit audit = {0};

	write_four((struct vm_hazards){.no_cow = _i});
	world_audit(&crank.world, &audit);
	ck_assert_int_eq(host->identity.n_wrong > 0, _i);
	ck_assert_int_eq(has_line(&audit, "content fetched = content written"),
	    _i);
	crank_abandon(&crank);
}
END_TEST

START_TEST(test_hazard_forget_unloan)
{
	struct audit audit = {0};

	write_four((struct vm_hazards){.forget_unloan = _i});
	world_audit(&crank.world, &audit);
	ck_assert_int_eq(has_line(&audit,
	    "sum of loan_count = pages of live pieces"), _i);
	crank_abandon(&crank);
}
END_TEST

/* The old page is free while it is lent: who gets it next changes its content;
 * undoing the loan stops the run. */
START_TEST(test_death_hazard_free_loaned)
{
	write_four((struct vm_hazards){.free_loaned = true});
}
END_TEST

/* A piece is given back twice: nothing of it is left to give. */
START_TEST(test_death_piece_freed_twice)
{
	struct mbuf *m;

	begin(0, 0);
	m = m_get(&host->mbufs);
	m_loanget(&host->mbufs, m);
	m_loan_put(&host->mbufs, m);
	m_loan_put(&host->mbufs, m);
}
END_TEST

static Suite *
memory_suite(void)
{
	Suite *suite = suite_create("memory");
	TCase *tc = tcase_create("memory");

	tcase_add_test(tc, test_fault_sleeps);
	tcase_add_test(tc, test_deadlock);
	tcase_add_test(tc, test_daemon);
	tcase_add_test(tc, test_loan_reads);
	tcase_add_test(tc, test_copy_reads);
	tcase_add_test(tc, test_lock_reads);
	tcase_add_loop_test(tc, test_read_at_the_end, 0, 2);
	tcase_add_test(tc, test_fault_beyond_the_end);
	tcase_add_test(tc, test_read_once);
	tcase_add_test(tc, test_daemon_is_paid);
	tcase_add_test(tc, test_loan_sleeps);
	tcase_add_test(tc, test_loan_beyond_freetarg);
	tcase_add_test(tc, test_cow_sleeps);
	tcase_add_loop_test(tc, test_hazard_no_cow, 0, 2);
	tcase_add_loop_test(tc, test_hazard_forget_unloan, 0, 2);
	tcase_add_test_raise_signal(tc, test_death_hazard_free_loaned, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_piece_freed_twice, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(memory_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
