/*
 * A file on its way to the network: how often each byte is moved, by the ways
 * that a program or the kernel may take.  netbsd-2002.md sections 0 and 5.2.
 *
 *	read(2), write(2)	out of the page cache, and into mbufs	2
 *	... before the fix	and into a cluster of the segment	3
 *	mmap(2), lent		nobody moves it				0
 *	mmap(2), copied		into mbufs				1
 *	sendfile		into clusters				1
 *	... lent						0
 *
 * What a disk does comes on top.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/measure.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

enum { BYTES = 40 * 8192 };

static struct crank crank;
static int so, fd;

static int64_t
call(struct sys_call what)
{
	return crank_call(&crank, 0, what);
}

static int64_t
move(enum sys_nr nr, int to, uint64_t addr, int64_t len)
{
	return call((struct sys_call){.nr = nr, .fd = to, .addr = addr,
	    .len = len});
}

static void
by_read(void)
{
	uint64_t addr = (uint64_t)call((struct sys_call){.nr = SYS_MMAP,
	    .len = 8192});

	for (int i = 0; i < BYTES / 8192; i++) {
		ck_assert_int_eq(move(SYS_READ, fd, addr, 8192), 8192);
		ck_assert_int_eq(move(SYS_WRITE, so, addr, 8192), 8192);
	}
	ck_assert_int_eq(move(SYS_READ, fd, addr, 8192), 0);
}

static void
by_mmap(void)
{
	uint64_t addr = (uint64_t)call((struct sys_call){.nr = SYS_MMAP,
	    .fd = fd, .len = BYTES, .map = SYS_MAP_SHARED});

	ck_assert_int_eq(move(SYS_WRITE, so, addr, BYTES), BYTES);
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_MUNMAP,
	    .addr = addr, .len = BYTES}), 0);
}

static void
by_sendfile(void)
{
	ck_assert_int_eq(call((struct sys_call){.nr = SYS_SENDFILE, .fd = so,
	    .file_fd = fd, .len = BYTES}), BYTES);
}

static const struct way {
	void (*send)(void);
	bool lends;
	bool nfs_loan;
	enum tcp_output_kind output;
	int64_t moves;		/* of each byte, times 10000 */
} ways[] = {
	{by_read, false, false, TCP_OUTPUT_REFERENCE, 20000},
	{by_read, false, false, TCP_OUTPUT_COPY, 30000},
	{by_mmap, true, false, TCP_OUTPUT_REFERENCE, 0},
	{by_mmap, false, false, TCP_OUTPUT_REFERENCE, 10000},
	{by_sendfile, true, false, TCP_OUTPUT_REFERENCE, 10000},
	{by_sendfile, false, true, TCP_OUTPUT_REFERENCE, 0},
	{by_sendfile, false, true, TCP_OUTPUT_COPY, 10000}
};

/* Reading goes to a page of the program, which is written with loans, too. */
START_TEST(test_moves)
{
	const struct way *way = &ways[_i];
	struct world_config config = machine_config();
	struct file_config file = {1, BYTES, true};
	struct res_row row;

	config.files = &file;
	config.n_files = 1;
	config.host.sosend.sosend_loan = way->lends;
	config.host.sosend.nfs_loan = way->nfs_loan;
	config.host.tcp.output = way->output;
	crank_init(&crank, &config, 1);
	fd = (int)call((struct sys_call){.nr = SYS_OPEN, .file = 1});
	/* whole windows of it: a wake-up for less would be copied (2.7) */
	so = (int)call((struct sys_call){.nr = SYS_CONNECT,
	    .so_sndbuf = 65536, .so_sndlowat = 65536});
	way->send();
	crank_run_out(&crank);
	memset(&row, 0, sizeof row);
	measure(&crank.world, &row);
	ck_assert_str_eq(row.reason, "");
	ck_assert_int_eq(row.value[RES_PAYLOAD_BYTES], BYTES);
	ck_assert_int_eq(row.value[RES_MOVES_PER_BYTE], way->moves);
	crank_fini(&crank);
}
END_TEST

/* A process that is ended by a signal is told of, and what it sent counts. */
START_TEST(test_sigbus)
{
	struct world_config config = machine_config();
	struct file_config file = {1, 100, true};
	struct res_row row;
	uint64_t addr;

	config.files = &file;
	config.n_files = 1;
	crank_init(&crank, &config, 1);
	fd = (int)call((struct sys_call){.nr = SYS_OPEN, .file = 1});
	addr = (uint64_t)call((struct sys_call){.nr = SYS_MMAP, .fd = fd,
	    .len = 8192, .map = SYS_MAP_SHARED});
	ck_assert_int_eq(move(SYS_TOUCH, 0, addr, 8192), SYS_SIGBUS);
	crank_run_out(&crank);
	memset(&row, 0, sizeof row);
	measure(&crank.world, &row);
	ck_assert_int_eq(row.outcome, RES_DONE);
	ck_assert_ptr_nonnull(strstr(row.reason, " was ended by SIGBUS"));
	crank_fini(&crank);
}
END_TEST

static Suite *
moves_suite(void)
{
	Suite *suite = suite_create("moves");
	TCase *tc = tcase_create("moves");

	tcase_add_loop_test(tc, test_moves, 0,
	    (int)(sizeof ways / sizeof ways[0]));
	tcase_add_test(tc, test_sigbus);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(moves_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
