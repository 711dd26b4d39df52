/*
 * Programs of files: which parts of which are mapped, read and written, and
 * what becomes of errors.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/sim/fake_kernel.h"

static const struct file_share files[] = {{7, 10000, 0}, {8, 10000, 0}};

static struct process_config
program(enum program which)
{
	return (struct process_config){.name = "f", .program = which,
	    .files = files, .n_files = 1, .passes = 1, .window = 8192,
	    .port = 4711, .read_size = 6000, .out_file = 99,
	    .method = METHOD_MMAP};
}

/* 10000 bytes: a window of two pages, and one of the rest */
START_TEST(mmapwin_slides_its_window)
{
	struct process_config config = program(PROGRAM_MMAPWIN);

	kernel.size = 10000;
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_OPEN, SYS_FSTAT, SYS_MMAP, SYS_WRITE,
	    SYS_MUNMAP, SYS_MMAP, SYS_WRITE, SYS_MUNMAP, SYS_CLOSE, SYS_CLOSE);
	ck_assert_uint_eq(kernel.calls[0].port, 4711);
	ck_assert_uint_eq(kernel.calls[1].file, 7);
	ck_assert_int_eq(kernel.calls[3].fd, FAKE_FILE);
	ck_assert_int_eq(kernel.calls[3].offset, 0);
	ck_assert_int_eq(kernel.calls[3].len, 8192);
	ck_assert_int_eq(kernel.calls[3].map, SYS_MAP_SHARED);
	ck_assert_int_eq(kernel.calls[4].fd, FAKE_FD);
	ck_assert_uint_eq(kernel.calls[4].addr, FAKE_WINDOW);
	ck_assert_int_eq(kernel.calls[4].len, 8192);
	ck_assert_uint_eq(kernel.calls[5].addr, FAKE_WINDOW);
	ck_assert_int_eq(kernel.calls[5].len, 8192);
	ck_assert_int_eq(kernel.calls[6].offset, 8192);
	ck_assert_int_eq(kernel.calls[7].len, 1808);
	ck_assert_int_eq(kernel.calls[8].len, 1808);
	ck_assert_int_eq(kernel.calls[9].fd, FAKE_FILE);
	ck_assert_int_eq(kernel.calls[10].fd, FAKE_FD);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* ttcp < file: 6000 bytes and 4000, then the next one; no pattern */
START_TEST(ttcp_reads_what_it_writes)
{
	struct process_config config = program(PROGRAM_TTCP);

	config.n_files = 2;
	kernel.size = 10000;
	ANSWER(6000, 6000, 4000, 4000, 6000, 6000, 4000, 4000);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_CONNECT, SYS_OPEN, SYS_FSTAT, SYS_READ,
	    SYS_WRITE, SYS_READ, SYS_WRITE, SYS_CLOSE, SYS_OPEN, SYS_FSTAT,
	    SYS_READ, SYS_WRITE, SYS_READ, SYS_WRITE, SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[0].len, 6000);
	ck_assert_int_eq(kernel.calls[4].len, 6000);
	ck_assert_int_eq(kernel.calls[5].len, 6000);
	ck_assert_int_eq(kernel.calls[6].len, 4000);
	ck_assert_uint_eq(kernel.calls[9].file, 8);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* all files, then all again, over one connection */
START_TEST(mmapwin_takes_its_files_in_turn)
{
	struct process_config config = program(PROGRAM_MMAPWIN);
	static const uint32_t order[] = {7, 8, 7, 8};
	size_t n = 0;

	config.n_files = 2;
	config.passes = 2;
	kernel.size = 100;
	fake_run(&config);
	for (size_t i = 0; i < kernel.n; i++)
		if (kernel.calls[i].nr == SYS_OPEN) {
			ck_assert_uint_lt(n, 4);
			ck_assert_uint_eq(kernel.calls[i].file, order[n++]);
		}
	ck_assert_uint_eq(n, 4);
	ck_assert_uint_eq(kernel.n, 1 + 4 * 6 + 2);
}
END_TEST

/* Its window is its own, if it stores to it: half of one here, a word each. */
START_TEST(mmapwin_stores_to_its_window)
{
	struct process_config config = program(PROGRAM_MMAPWIN);

	config.refill = REFILL_TOUCH;
	config.refill_bytes = 4096;
	kernel.size = 10000;
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_OPEN, SYS_FSTAT, SYS_MMAP, SYS_TOUCH,
	    SYS_WRITE, SYS_MUNMAP, SYS_MMAP, SYS_TOUCH, SYS_WRITE, SYS_MUNMAP,
	    SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[3].map, SYS_MAP_PRIVATE);
	ck_assert_uint_eq(kernel.calls[4].addr, FAKE_WINDOW);
	ck_assert_int_eq(kernel.calls[4].len, 4096);
	ck_assert(!kernel.calls[4].is_full);
	ck_assert_int_eq(kernel.calls[8].len, 1808);
}
END_TEST

/* The rest of a write is written, and of an error nothing more is. */
START_TEST(mmapwin_loses_its_connection)
{
	struct process_config config = program(PROGRAM_MMAPWIN);

	kernel.size = 10000;
	ANSWER(8000, SYS_EPIPE);
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_OPEN, SYS_FSTAT, SYS_MMAP, SYS_WRITE,
	    SYS_WRITE, SYS_MUNMAP, SYS_CLOSE, SYS_CLOSE);
	ck_assert_uint_eq(kernel.calls[5].addr, FAKE_WINDOW + 8000);
	ck_assert_int_eq(kernel.calls[5].len, 192);
	ck_assert_int_eq(fake_exit_status(), SYS_EPIPE);
}
END_TEST

START_TEST(mmapwin_gives_up)
{
	struct process_config config = program(PROGRAM_MMAPWIN);

	kernel.open = SYS_ENOENT;
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_OPEN, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), SYS_ENOENT);
	fake_setup();
	kernel.size = 10000;
	kernel.map = SYS_ENOMEM;
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT, SYS_OPEN, SYS_FSTAT, SYS_MMAP, SYS_CLOSE,
	    SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), SYS_ENOMEM);
	fake_setup();
	kernel.connect = SYS_ECONNREFUSED;
	fake_run(&config);
	ASSERT_CALLS(SYS_CONNECT);
	ck_assert_int_eq(fake_exit_status(), SYS_ECONNREFUSED);
}
END_TEST

/* no more than the file has is asked for: no last read that finds its end */
START_TEST(filecopy_reads_and_writes)
{
	struct process_config config = program(PROGRAM_FILECOPY);

	config.method = METHOD_READ;
	config.align = 8;
	kernel.size = 10000;
	ANSWER(6000, 6000, 4000, 4000);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_OPEN, SYS_FSTAT, SYS_CREAT, SYS_READ,
	    SYS_WRITE, SYS_READ, SYS_WRITE, SYS_FSYNC, SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[0].len, 6008);
	ck_assert_uint_eq(kernel.calls[3].file, 99);
	ck_assert_int_eq(kernel.calls[3].len, 10000);
	ck_assert_uint_eq(kernel.calls[4].addr, FAKE_RING + 8);
	ck_assert_int_eq(kernel.calls[6].len, 4000);
	ck_assert_int_eq(kernel.calls[7].len, 4000);
}
END_TEST

START_TEST(filecopy_maps)
{
	struct process_config config = program(PROGRAM_FILECOPY);

	kernel.size = 10000;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_OPEN, SYS_FSTAT, SYS_CREAT, SYS_MMAP,
	    SYS_WRITE, SYS_MUNMAP, SYS_MMAP, SYS_WRITE, SYS_MUNMAP, SYS_FSYNC,
	    SYS_CLOSE, SYS_CLOSE);
}
END_TEST

START_TEST(filecopy_reads_what_it_cannot_map)
{
	struct process_config config = program(PROGRAM_FILECOPY);

	kernel.size = 5000;
	kernel.map = SYS_ENOMEM;
	ANSWER(5000, 5000);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_OPEN, SYS_FSTAT, SYS_CREAT, SYS_MMAP,
	    SYS_READ, SYS_WRITE, SYS_FSYNC, SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* of a file that grew shorter there is an end; a full disk takes no more */
START_TEST(filecopy_comes_to_an_end)
{
	struct process_config config = program(PROGRAM_FILECOPY);

	config.method = METHOD_READ;
	kernel.size = 10000;
	ANSWER(100, 100, 0);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_OPEN, SYS_FSTAT, SYS_CREAT, SYS_READ,
	    SYS_WRITE, SYS_READ, SYS_FSYNC, SYS_CLOSE, SYS_CLOSE);
	fake_setup();
	kernel.size = 10000;
	ANSWER(6000, 5000, 0);
	config.passes = 5;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_OPEN, SYS_FSTAT, SYS_CREAT, SYS_READ,
	    SYS_WRITE, SYS_WRITE, SYS_CLOSE, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), SYS_ENOSPC);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("files");
	TCase *tc = tcase_create("files");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, fake_setup, NULL);
	tcase_add_test(tc, mmapwin_slides_its_window);
	tcase_add_test(tc, ttcp_reads_what_it_writes);
	tcase_add_test(tc, mmapwin_takes_its_files_in_turn);
	tcase_add_test(tc, mmapwin_stores_to_its_window);
	tcase_add_test(tc, mmapwin_loses_its_connection);
	tcase_add_test(tc, mmapwin_gives_up);
	tcase_add_test(tc, filecopy_reads_and_writes);
	tcase_add_test(tc, filecopy_maps);
	tcase_add_test(tc, filecopy_reads_what_it_cannot_map);
	tcase_add_test(tc, filecopy_comes_to_an_end);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
