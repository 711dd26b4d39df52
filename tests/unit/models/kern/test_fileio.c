/*
 * read(2) and write(2) of files, through the page cache.
 */
#include <check.h>
#include <stdlib.h>

#include "models/host.h"
#include "models/kern/fileio.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

#define MS	PS_PER_MS
#define US	PS_PER_US

enum { PAGES = 6, BYTES = 5 * PAGE_SIZE + 100 };

static struct world_config config;
static struct crank crank;
static struct host *host;
static struct vm_object *object;
static uint64_t addr;
static int fd;

static void
start(bool is_cached, int64_t n_pages)
{
	config = machine_config();
	config.host.vm.n_pages = n_pages;
	crank_init(&crank, &config, 2);
	host = &crank.world.host;
	host_add_file(host, 1, BYTES, is_cached);
	object = vm_object_find(&host->vm, 1);
	addr = crank_buffer(&crank, 0, (PAGES + 2) * PAGE_SIZE);
	fd = (int)crank_call(&crank, 0,
	    (struct sys_call){.nr = SYS_OPEN, .file = 1});
}

static void
setup(void)
{
	start(true, 0);
}

static void
teardown(void)
{
	crank_fini(&crank);
}

static int64_t
call(enum sys_nr nr, uint64_t at, int64_t len)
{
	return crank_call(&crank, 0, (struct sys_call){.nr = nr, .fd = fd,
	    .addr = at, .len = len});
}

static int64_t
pread_at(uint64_t at, int64_t len, int64_t offset)
{
	return crank_call(&crank, 0, (struct sys_call){.nr = SYS_PREAD,
	    .fd = fd, .addr = at, .len = len, .offset = offset});
}

static void
seek(int64_t offset)
{
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_LSEEK, .fd = fd,
	    .offset = offset});
}

static uint64_t
version_at(uint64_t va)
{
	return vm_find_slot(&crank.procs[0].p->space, va)->page->version;
}

/* Up to the end, which 0 tells; each at the place where the last one ended. */
START_TEST(test_read)
{
	ck_assert_int_eq(call(SYS_READ, addr, 100), 100);
	ck_assert_int_eq(call(SYS_READ, addr, BYTES), BYTES - 100);
	ck_assert_int_eq(call(SYS_READ, addr, BYTES), 0);
	ck_assert_int_eq(call(SYS_READ, addr, 0), 0);
	ck_assert_int_eq(call(SYS_READ, addr, -1), SYS_EINVAL);
	ck_assert_int_eq(pread_at(addr, 50, BYTES - 10), 10);
	ck_assert_int_eq(pread_at(addr, 50, BYTES + 10), 0);
	ck_assert_int_eq(pread_at(addr, 50, -1), SYS_EINVAL);
	ck_assert_int_eq(pread_at(addr, 0, -1), SYS_EINVAL);
	ck_assert_int_eq(fd_file(crank.procs[0].p, fd)->f_offset, BYTES);
	seek(BYTES + 5);
	ck_assert_int_eq(call(SYS_READ, addr, 1), 0);
}
END_TEST

/*
 * 10000 bytes from 1000 on: windows end at 8192 and 16384, so there are two,
 * of 7192 bytes in two pages and of 2808 in one.  10 ns for an instruction, 10
 * and 20 ns for a byte that is read and written; every operation is 1 us:
 *
 *	call, file_read					  2
 *	2 windows, 2 uiomoves, 3 pages			  7
 *	10000 bytes at 40 ns				400
 */
START_TEST(test_price)
{
	const struct ledger_line *line =
	    &host->ledger.line[CAUSE_COPYOUT];
	sim_time before;

	crank_sleep(&crank, 0, MS);
	before = crank.world.cal.now;
	ck_assert_int_eq(pread_at(addr, 10000, 1000), 10000);
	ck_assert_int_eq(crank.world.cal.now - before, 409 * US);
	ck_assert_int_eq(line->loaded_bytes, 10000);
	ck_assert_int_eq(line->stored_bytes, 10000);
	ck_assert_int_eq(host->ledger.n_ops[OP_UBC_WINDOW], 2);
	ck_assert_int_eq(host->ledger.n_ops[OP_UBC_PAGE], 3);
}
END_TEST

/* Whole pages have the content of the file's; parts make a new one. */
START_TEST(test_names)
{
	uint64_t before = version_at(addr + PAGE_SIZE);

	ck_assert_int_eq(call(SYS_READ, addr, PAGE_SIZE), PAGE_SIZE);
	ck_assert_uint_eq(version_at(addr), object->pages[0]->version);
	ck_assert_uint_eq(version_at(addr + PAGE_SIZE), before);
	ck_assert_int_eq(call(SYS_READ, addr + PAGE_SIZE, 100), 100);
	ck_assert_uint_ne(version_at(addr + PAGE_SIZE), before);
	ck_assert_uint_ne(version_at(addr + PAGE_SIZE),
	    object->pages[1]->version);
}
END_TEST

START_TEST(test_no_memory_there)
{
	ck_assert_int_eq(call(SYS_READ, 4096, 100), SYS_EFAULT);
	ck_assert_int_eq(call(SYS_WRITE, 4096, 100), SYS_EFAULT);
	/* the buffer ends behind 8 pages: what was moved is told */
	seek(0);
	ck_assert_int_eq(call(SYS_READ, addr + 6 * PAGE_SIZE, BYTES), 8192);
	seek(0);
	ck_assert_int_eq(call(SYS_WRITE, addr + 6 * PAGE_SIZE, BYTES), 8192);
}
END_TEST

/*
 * From the disk, once: a window at a time, which are three; then they are
 * there, and 20580 bytes at 40 ns are 0.8 ms.
 */
START_TEST(test_cold)
{
	sim_time before;

	start(false, 1000);
	ck_assert_int_eq(call(SYS_READ, addr, BYTES), BYTES);
	ck_assert_int_eq(host->pager.stats.n_reads, 3);
	ck_assert_int_eq(host->vm.stats.n_page_ins, 6);
	seek(0);
	before = crank.world.cal.now;
	ck_assert_int_eq(call(SYS_READ, addr, BYTES), BYTES);
	ck_assert_int_lt(crank.world.cal.now - before, MS);
	ck_assert_int_eq(host->pager.stats.n_reads, 3);
	crank_fini(&crank);
}
END_TEST

/* Two processes want the same pages: each is read once, and both wait. */
START_TEST(test_cold_for_two)
{
	uint64_t other;

	start(false, 1000);
	other = crank_buffer(&crank, 1, PAGES * PAGE_SIZE);
	fd_share(crank.procs[0].p, fd, crank.procs[1].p);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_PREAD, .fd = fd,
	    .addr = addr, .len = BYTES});
	crank_post(&crank, 1, (struct sys_call){.nr = SYS_PREAD, .fd = fd,
	    .addr = other, .len = BYTES});
	ck_assert_int_eq(crank_wait(&crank, 0), BYTES);
	ck_assert_int_eq(crank_wait(&crank, 1), BYTES);
	ck_assert_int_eq(host->vm.stats.n_page_ins, 6);
	crank_fini(&crank);
}
END_TEST

/* No page is free for what is read: it waits until one is. */
START_TEST(test_read_waits)
{
	uint64_t va, into;

	start(false, 11);
	/* the buffer has 8, and the other process the last 3 */
	va = crank_buffer(&crank, 1, 3 * PAGE_SIZE);
	into = (uint64_t)crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_MMAP, .len = PAGE_SIZE});
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_READ, .fd = fd,
	    .addr = into, .len = PAGE_SIZE});
	crank_until(&crank, crank.world.cal.now + 5 * MS);
	ck_assert_ptr_eq(host->memory.fault_wait.head, crank.procs[0].p);
	crank_call(&crank, 1, (struct sys_call){.nr = SYS_MUNMAP, .addr = va,
	    .len = 3 * PAGE_SIZE});
	ck_assert_int_eq(crank_wait(&crank, 0), PAGE_SIZE);
	crank_fini(&crank);
}
END_TEST

/* Until the pages of the first n windows are there, and more is being read. */
static void
until_window(int n)
{
	while (host->pager.stats.n_reads <= n)
		crank_until(&crank, crank.world.cal.now + 10 * US);
}

/* The run ends while a window is being read: what is there is the result. */
START_TEST(test_end)
{
	start(false, 1000);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_READ, .fd = fd,
	    .addr = addr, .len = BYTES});
	until_window(_i);
	ck_assert_int_eq(crank.procs[0].p->state, PROC_ASLEEP);
	host_stop(host);
	ck_assert_int_eq(crank_wait(&crank, 0), _i == 0 ? SYS_ENDED : 8192);
	/* files are not read any more, unlike sockets */
	ck_assert(!crank_post(&crank, 0, (struct sys_call){.nr = SYS_READ,
	    .fd = fd, .addr = addr, .len = 1}));
	ck_assert_int_eq(crank.procs[0].p->result, SYS_ENDED);
	crank_fini(&crank);
}
END_TEST

/* Another one cuts the file while this one waits for its disk. */
START_TEST(test_cut_while_read)
{
	start(false, 1000);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_READ, .fd = fd,
	    .addr = addr, .len = BYTES});
	until_window(0);
	fd_share(crank.procs[0].p, fd, crank.procs[1].p);
	ck_assert_int_eq(crank_call(&crank, 1, (struct sys_call){
	    .nr = SYS_TRUNCATE, .fd = fd, .len = 1000}), 0);
	ck_assert_int_eq(crank_wait(&crank, 0), 1000);
	crank_fini(&crank);
}
END_TEST

/* In place, and on to the file's end as far as there is room on the disk. */
START_TEST(test_write)
{
	uint64_t before = object->pages[0]->version;

	ck_assert_int_eq(call(SYS_WRITE, addr, 100), 100);
	ck_assert_uint_ne(object->pages[0]->version, before);
	ck_assert_int_eq(fd_file(crank.procs[0].p, fd)->f_offset, 100);
	ck_assert_int_eq(call(SYS_WRITE, addr, BYTES), BYTES - 100);
	ck_assert_int_eq(call(SYS_WRITE, addr, 1), SYS_ENOSPC);
	ck_assert_int_eq(call(SYS_WRITE, addr, 0), 0);
	ck_assert_int_eq(call(SYS_WRITE, addr, -1), SYS_EINVAL);
	ck_assert_int_eq(object->bytes, BYTES);
	ck_assert_int_eq(host->ledger.line[CAUSE_COPYIN].stored_bytes, BYTES);
	/* each page differs from what the disk has */
	for (int i = 0; i < PAGES; i++)
		ck_assert_uint_ne(object->pages[i]->version,
		    object->content[i]);
}
END_TEST

/* A new file: nothing is read, and what is not written is zero. */
START_TEST(test_grow)
{
	struct vm_object *made;

	start(false, 1000);
	fd = (int)crank_call(&crank, 0, (struct sys_call){.nr = SYS_CREAT,
	    .file = 2, .len = 3 * PAGE_SIZE});
	made = vm_object_find(&host->vm, 2);
	ck_assert_int_eq(call(SYS_WRITE, addr, 5000), 5000);
	ck_assert_int_eq(made->bytes, 5000);
	ck_assert_uint_eq(made->n_pages, 2);
	/* the first one was full at once; 3 pages of the buffer, too */
	ck_assert_int_eq(host->ledger.line[CAUSE_PAGE_ZERO].stored_bytes,
	    (8 + 1) * PAGE_SIZE);
	seek(2 * PAGE_SIZE + 7);
	ck_assert_int_eq(call(SYS_WRITE, addr, 100), 100);
	ck_assert_int_eq(made->bytes, 2 * PAGE_SIZE + 107);
	ck_assert_int_eq(host->vm.stats.n_page_ins, 0);
	seek(0);
	ck_assert_int_eq(call(SYS_READ, addr, 4 * PAGE_SIZE),
	    2 * PAGE_SIZE + 107);
	ck_assert_int_eq(host->vm.stats.n_page_ins, 0);
	crank_fini(&crank);
}
END_TEST

/*
 * What is overwritten in part is read, with the rest of its block of two pages;
 * whole pages, and to the end, are not.
 */
START_TEST(test_write_cold)
{
	static const struct {
		int64_t offset, len;
		int n_page_ins;
	} some[] = {{0, PAGE_SIZE, 0}, {0, PAGE_SIZE - 1, 2},
	    {1, PAGE_SIZE - 1, 2}, {100, 3 * PAGE_SIZE, 4},
	    {5 * PAGE_SIZE, 100, 0}, {5 * PAGE_SIZE, 99, 2},
	    {5 * PAGE_SIZE + 1, 99, 2}, {4 * PAGE_SIZE, PAGE_SIZE + 100, 0}};

	start(false, 1000);
	seek(some[_i].offset);
	ck_assert_int_eq(call(SYS_WRITE, addr, some[_i].len), some[_i].len);
	ck_assert_int_eq(host->vm.stats.n_page_ins, some[_i].n_page_ins);
	crank_fini(&crank);
}
END_TEST

/*
 * A page that the network has on loan: a copy takes its place, and what is sent
 * is what was lent (crank_fini looks at each frame).  netbsd-2002.md 3.4, [U].
 */
START_TEST(test_write_lent)
{
	uint64_t va;
	int so;

	host->config.sosend.sosend_loan = true;
	va = (uint64_t)crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_MMAP, .fd = fd, .len = BYTES, .map = SYS_MAP_SHARED});
	so = crank_connect(&crank, 0, 65536);
	ck_assert_int_eq(crank_write(&crank, 0, so, va, 2 * PAGE_SIZE),
	    2 * PAGE_SIZE);
	ck_assert_int_eq(host->vm.stats.n_loaned, 2);
	seek(100);
	ck_assert_int_eq(call(SYS_WRITE, addr, PAGE_SIZE), PAGE_SIZE);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 2);
	ck_assert_uint_eq(object->pages[0]->loan_count, 0);
	ck_assert_int_eq(host->ledger.line[CAUSE_COW_COPY].stored_bytes,
	    2 * PAGE_SIZE);
	/* who has mapped it finds the new one */
	ck_assert_ptr_null(vm_find_slot(&crank.procs[0].p->space, va)->page);
	seek(0);
	ck_assert_int_eq(call(SYS_WRITE, addr, PAGE_SIZE), PAGE_SIZE);
	ck_assert_int_eq(host->vm.stats.n_cow_faults, 2);
}
END_TEST

/* With memory short a write waits for pages as a fault does. */
START_TEST(test_write_waits)
{
	uint64_t va;

	/* the buffer takes 8, and the other process the last 2 */
	start(false, 10);
	va = crank_buffer(&crank, 1, 2 * PAGE_SIZE);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_WRITE, .fd = fd,
	    .addr = addr, .len = PAGE_SIZE});
	crank_until(&crank, crank.world.cal.now + 5 * MS);
	ck_assert_ptr_eq(host->memory.fault_wait.head, crank.procs[0].p);
	crank_call(&crank, 1, (struct sys_call){.nr = SYS_MUNMAP, .addr = va,
	    .len = 2 * PAGE_SIZE});
	ck_assert_int_eq(crank_wait(&crank, 0), PAGE_SIZE);
	crank_fini(&crank);
}
END_TEST

/* The run ends while a write waits for a page that it changes in part. */
START_TEST(test_write_at_the_end)
{
	start(false, 1000);
	crank_post(&crank, 0, (struct sys_call){.nr = SYS_WRITE, .fd = fd,
	    .addr = addr, .len = 100});
	until_window(0);
	host_stop(host);
	ck_assert_int_eq(crank_wait(&crank, 0), SYS_ENDED);
	crank_fini(&crank);
}
END_TEST

/* From a mapping of a file that is not in memory: read for copyin as well. */
START_TEST(test_copy_file)
{
	uint64_t va;

	start(false, 1000);
	va = (uint64_t)crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_MMAP, .fd = fd, .len = BYTES, .map = SYS_MAP_SHARED});
	fd = (int)crank_call(&crank, 0, (struct sys_call){.nr = SYS_CREAT,
	    .file = 2, .len = BYTES});
	ck_assert_int_eq(call(SYS_WRITE, va, BYTES), BYTES);
	ck_assert_int_eq(host->vm.stats.n_page_ins, 6);
	/* beyond its end there is nothing to write */
	ck_assert_int_eq(call(SYS_WRITE, va + 6 * PAGE_SIZE, 1), SYS_ENOSPC);
	crank_fini(&crank);
}
END_TEST

/*
 * Virtually indexed lines: what a program has stored through its mapping of the
 * file is cleaned before the kernel's window shows it, and what the kernel has
 * stored when the window goes: 128 lines of a page each time.
 */
START_TEST(test_aliases)
{
	struct cache_config cache = {.bytes = {32768, 0}, .line_bytes = 32,
	    .write_allocate = true, .is_virtual = true};
	int64_t n;
	uint64_t va;

	config = machine_config();
	config.host.cache = cache;
	crank_init(&crank, &config, 2);
	host = &crank.world.host;
	host_add_file(host, 1, BYTES, true);
	addr = crank_buffer(&crank, 0, PAGE_SIZE);
	fd = (int)crank_call(&crank, 0,
	    (struct sys_call){.nr = SYS_OPEN, .file = 1});
	va = (uint64_t)crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_MMAP, .fd = fd, .len = BYTES, .map = SYS_MAP_SHARED});
	n = host->ledger.n_ops[OP_CACHE_LINE];
	ck_assert_int_eq(call(SYS_READ, addr, PAGE_SIZE), PAGE_SIZE);
	ck_assert_int_eq(host->ledger.n_ops[OP_CACHE_LINE] - n, 0);
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_TOUCH, .addr = va,
	    .len = PAGE_SIZE, .is_full = true});
	seek(0);
	ck_assert_int_eq(call(SYS_READ, addr, PAGE_SIZE), PAGE_SIZE);
	ck_assert_int_eq(host->ledger.n_ops[OP_CACHE_LINE] - n, 128);
	seek(2 * PAGE_SIZE);
	ck_assert_int_eq(call(SYS_WRITE, addr, PAGE_SIZE), PAGE_SIZE);
	ck_assert_int_eq(host->ledger.n_ops[OP_CACHE_LINE] - n, 256);
	crank_fini(&crank);
}
END_TEST

static Suite *
fileio_suite(void)
{
	Suite *suite = suite_create("fileio");
	TCase *warm = tcase_create("warm"), *tc = tcase_create("cold");

	tcase_add_checked_fixture(warm, setup, teardown);
	tcase_add_test(warm, test_read);
	tcase_add_test(warm, test_price);
	tcase_add_test(warm, test_names);
	tcase_add_test(warm, test_no_memory_there);
	tcase_add_test(warm, test_write);
	tcase_add_test(warm, test_write_lent);
	suite_add_tcase(suite, warm);
	tcase_add_test(tc, test_cold);
	tcase_add_test(tc, test_cold_for_two);
	tcase_add_test(tc, test_read_waits);
	tcase_add_loop_test(tc, test_end, 0, 2);
	tcase_add_test(tc, test_cut_while_read);
	tcase_add_test(tc, test_grow);
	tcase_add_loop_test(tc, test_write_cold, 0, 8);
	tcase_add_test(tc, test_write_waits);
	tcase_add_test(tc, test_write_at_the_end);
	tcase_add_test(tc, test_copy_file);
	tcase_add_test(tc, test_aliases);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(fileio_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
