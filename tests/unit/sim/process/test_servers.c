/*
 * Servers: what they do for a request, by either method, and what becomes of
 * connections that end, get lost, or find no descriptor.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/sim/fake_kernel.h"

enum { HEADER = 100 };

/* Requests, the room for them, the header and the buffer lie in one piece. */
#define REQUEST		FAKE_RING
#define HEAD		(FAKE_RING + 4096)
#define BUFFER		(HEAD + HEADER)

static struct process_config
server(enum program which, enum file_method method)
{
	return (struct process_config){.name = "s", .program = which,
	    .port = 80, .backlog = 17, .method = method, .read_size = 6000,
	    .window = 8192, .response_header = HEADER, .so_sndbuf = 16384,
	    .so_sndlowat = 2048};
}

/* Files have 10000 bytes. */
static void
setup(void)
{
	fake_setup();
	kernel.size = 10000;
}

static void
ask(uint32_t file, int64_t offset, int64_t len, bool is_last)
{
	kernel.words[kernel.n_words++] = (struct sys_words){.file = file,
	    .offset = offset, .len = len, .is_last = is_last};
}

static void
assert_iov(size_t call, uint64_t base, int64_t len)
{
	const struct sys_iovec *iov = kernel.iov[call];

	ck_assert_int_eq(kernel.calls[call].n_iov, 2);
	ck_assert_uint_eq(iov[0].base, HEAD);
	ck_assert_int_eq(iov[0].len, HEADER);
	ck_assert_uint_eq(iov[1].base, base);
	ck_assert_int_eq(iov[1].len, len);
}

START_TEST(httpd_writes_header_and_mapping)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	ANSWER(5, HEADER + 10000, SYS_ENDED);
	ask(3, 0, 10000, true);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_MMAP, SYS_WRITEV, SYS_MUNMAP,
	    SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[0].len, 4096 + HEADER + 6000);
	ck_assert(kernel.calls[1].is_shared);
	ck_assert_uint_eq(kernel.calls[1].port, 80);
	ck_assert_int_eq(kernel.calls[1].backlog, 17);
	ck_assert_int_eq(kernel.calls[2].fd, FAKE_FD);
	ck_assert_uint_eq(kernel.calls[3].addr, REQUEST);
	ck_assert_uint_eq(kernel.calls[4].file, 3);
	ck_assert_int_eq(kernel.calls[6].len, HEADER + 10000);
	ck_assert_uint_eq(kernel.calls[7].addr, HEAD);
	ck_assert_int_eq(kernel.calls[7].len, HEADER);
	ck_assert_int_eq(kernel.calls[8].len, 10000);
	ck_assert_int_eq(kernel.calls[9].fd, 5);
	assert_iov(9, FAKE_WINDOW, 10000);
	ck_assert_int_eq(kernel.calls[11].fd, FAKE_FILE);
	ck_assert_int_eq(kernel.calls[12].fd, 5);
	ck_assert_int_eq(kernel.calls[14].fd, FAKE_FD);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* the header with the first of two buffers */
START_TEST(httpd_reads)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_READ);

	ANSWER(5, 6000, HEADER + 6000, 4000, 4000, SYS_ENDED);
	ask(3, 0, 10000, true);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_PREAD, SYS_WRITE, SYS_LSEEK,
	    SYS_READ, SYS_WRITE, SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
	ck_assert_uint_eq(kernel.calls[8].addr, BUFFER);
	ck_assert_int_eq(kernel.calls[8].len, 6000);
	ck_assert_uint_eq(kernel.calls[9].addr, HEAD);
	ck_assert_int_eq(kernel.calls[9].len, HEADER + 6000);
	ck_assert_int_eq(kernel.calls[10].offset, 6000);
	ck_assert_int_eq(kernel.calls[11].len, 4000);
	ck_assert_uint_eq(kernel.calls[12].addr, BUFFER);
}
END_TEST

/* as long as the client asks; it closes when it has no more to ask */
START_TEST(httpd_keeps_a_connection)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	ANSWER(5, HEADER + 10000, HEADER + 10, SYS_ENDED);
	ask(3, 0, 10000, false);
	ask(3, 9990, 10000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_MMAP, SYS_WRITEV, SYS_MUNMAP,
	    SYS_CLOSE, SYS_READ, SYS_OPEN, SYS_FSTAT, SYS_SAYS, SYS_TOUCH,
	    SYS_MMAP, SYS_WRITEV, SYS_MUNMAP, SYS_CLOSE, SYS_READ, SYS_CLOSE,
	    SYS_ACCEPT, SYS_CLOSE);
	/* a part is mapped from its page on */
	ck_assert_int_eq(kernel.calls[17].offset, 8192);
	ck_assert_int_eq(kernel.calls[17].len, 9990 - 8192 + 10);
	assert_iov(18, FAKE_WINDOW + 9990 - 8192, 10);
	ck_assert_int_eq(kernel.calls[19].len, 9990 - 8192 + 10);
}
END_TEST

/* One buffer: not even a read finds an end.  Of what is beyond: a header. */
START_TEST(httpd_answers_with_nothing)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	ANSWER(5, 0, HEADER, SYS_ENDED);
	ask(3, 20000, 10, true);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_PREAD, SYS_WRITE, SYS_CLOSE,
	    SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[6].len, HEADER);
	ck_assert_int_eq(kernel.calls[9].len, HEADER);
}
END_TEST

START_TEST(httpd_reads_what_it_cannot_map)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	kernel.map = SYS_ENOMEM;
	ANSWER(5, 1000, HEADER + 1000, SYS_ENDED);
	ask(3, 0, 1000, true);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_MMAP, SYS_PREAD, SYS_WRITE,
	    SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
}
END_TEST

/* the mapping goes, the file is closed, and the next one is served */
START_TEST(httpd_loses_a_connection)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	ANSWER(5, SYS_EPIPE, 6, SYS_ENDED);
	ask(3, 0, 10000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_MMAP, SYS_WRITEV, SYS_MUNMAP,
	    SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT, SYS_READ, SYS_CLOSE,
	    SYS_ACCEPT, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* 6000 of 10000 are left: less than the header says, and the client knows */
START_TEST(httpd_sends_a_file_that_is_cut)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_READ);

	ANSWER(5, 6000, HEADER + 6000, 0, SYS_ENDED);
	ask(3, 0, 10000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_PREAD, SYS_WRITE, SYS_LSEEK,
	    SYS_READ, SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
}
END_TEST

/* the same of those that keep it open */
START_TEST(smbd_sends_a_file_that_is_cut)
{
	struct process_config config = server(PROGRAM_SMBD, METHOD_READ);

	ANSWER(5, 1000, HEADER + 1000, SYS_ENDED);
	ask(3, 0, 4000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_PREAD, SYS_WRITE, SYS_CLOSE,
	    SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
}
END_TEST

START_TEST(nfsd_sends_a_file_that_is_cut)
{
	struct process_config config = server(PROGRAM_NFSD, METHOD_READ);

	ANSWER(5, HEADER + 1000, SYS_ENDED);
	ask(3, 0, 4000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_SENDFILE, SYS_CLOSE, SYS_CLOSE,
	    SYS_ACCEPT, SYS_CLOSE);
}
END_TEST

/* no file: the connection is closed, and the server goes on */
START_TEST(httpd_finds_no_file)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	kernel.open = SYS_EMFILE;
	ANSWER(5, SYS_ENDED);
	ask(3, 0, 10000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* a second each time; who hung up before it was accepted is passed over */
START_TEST(no_descriptor_is_left)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	ANSWER(SYS_EMFILE, SYS_ENFILE, SYS_ECONNABORTED, 5, SYS_ENDED);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_SLEEP, SYS_ACCEPT,
	    SYS_SLEEP, SYS_ACCEPT, SYS_ACCEPT, SYS_READ, SYS_CLOSE,
	    SYS_ACCEPT, SYS_CLOSE);
	ck_assert_int_eq(kernel.at[4], PS_PER_S);
	ck_assert_int_eq(kernel.at[7], 2 * PS_PER_S);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

START_TEST(port_is_taken)
{
	struct process_config config = server(PROGRAM_HTTPD, METHOD_MMAP);

	kernel.connect = SYS_EADDRINUSE;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN);
	ck_assert_int_eq(fake_exit_status(), SYS_EADDRINUSE);
}
END_TEST

/* the program's own headers, unless it is told how long */
START_TEST(headers_by_default)
{
	static const struct {
		enum program program;
		int64_t bytes;
	} list[] = {{PROGRAM_HTTPD, 290}, {PROGRAM_SMBD, 63},
	    {PROGRAM_NFSD, 132}};
	struct process_config config = server(list[_i].program, METHOD_READ);

	config.response_header = -1;
	ANSWER(5);
	ask(3, 0, 10, true);
	fake_run(&config);
	for (size_t i = 0; i < kernel.n; i++)
		if (kernel.calls[i].nr == SYS_SAYS)
			ck_assert_int_eq(kernel.calls[i].len,
			    list[_i].bytes + 10);
}
END_TEST

/* reads of one file: it is opened once; the data right behind the header */
START_TEST(smbd_reads_behind_its_header)
{
	struct process_config config = server(PROGRAM_SMBD, METHOD_READ);

	ANSWER(5, 4000, HEADER + 4000, 4000, HEADER + 4000, SYS_ENDED);
	ask(3, 0, 4000, false);
	ask(3, 4000, 4000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_PREAD, SYS_WRITE, SYS_READ,
	    SYS_SAYS, SYS_TOUCH, SYS_PREAD, SYS_WRITE, SYS_READ, SYS_CLOSE,
	    SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[0].len, 4096 + HEADER + 65536);
	ck_assert_uint_eq(kernel.calls[8].addr, BUFFER);
	ck_assert_uint_eq(kernel.calls[9].addr, HEAD);
	ck_assert_int_eq(kernel.calls[9].len, HEADER + 4000);
	ck_assert_int_eq(kernel.calls[13].offset, 4000);
	ck_assert_int_eq(kernel.calls[16].fd, FAKE_FILE);
	ck_assert_int_eq(kernel.calls[17].fd, 5);
}
END_TEST

/* another file: the first one is closed; no more than 64 KiB of either */
START_TEST(smbd_maps)
{
	struct process_config config = server(PROGRAM_SMBD, METHOD_MMAP);

	kernel.size = 100000;
	ANSWER(5, HEADER + 65536, HEADER + 10, SYS_ENDED);
	ask(3, 0, 70000, false);
	ask(4, 5000, 10, true);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_TOUCH, SYS_MMAP, SYS_WRITEV, SYS_MUNMAP,
	    SYS_READ, SYS_CLOSE, SYS_OPEN, SYS_FSTAT, SYS_SAYS, SYS_TOUCH,
	    SYS_MMAP, SYS_WRITEV, SYS_MUNMAP, SYS_CLOSE, SYS_CLOSE,
	    SYS_ACCEPT, SYS_CLOSE);
	assert_iov(9, FAKE_WINDOW, 65536);
	assert_iov(18, FAKE_WINDOW + 5000 - 4096, 10);
}
END_TEST

/* a reply is one message that the kernel makes, header and all */
START_TEST(nfsd_leaves_it_to_the_kernel)
{
	struct process_config config = server(PROGRAM_NFSD, METHOD_READ);

	kernel.size = 100000;
	ANSWER(5, HEADER + 32768, SYS_EPIPE, SYS_ENDED);
	ask(3, 8192, 40000, false);
	ask(3, 16384, 8192, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_SENDFILE, SYS_READ, SYS_SAYS,
	    SYS_SENDFILE, SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
	ck_assert(kernel.calls[1].tcp_nodelay && kernel.calls[1].so_keepalive);
	ck_assert_int_eq(kernel.calls[1].so_sndbuf, 32768 + 408);
	ck_assert_int_eq(kernel.calls[6].len, HEADER + 32768);
	ck_assert_int_eq(kernel.calls[7].fd, 5);
	ck_assert_int_eq(kernel.calls[7].len, 32768);
	ck_assert_int_eq(kernel.calls[7].offset, 8192);
	ck_assert_int_eq(kernel.calls[10].offset, 16384);
}
END_TEST

/* windows, and the connection's end is the file's, whatever is asked for */
START_TEST(ftpd_maps)
{
	struct process_config config = server(PROGRAM_FTPD, METHOD_MMAP);

	config.response_header = -1;
	ANSWER(5, 8192, 1808, SYS_ENDED);
	ask(3, 0, 10000, false);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_MMAP, SYS_WRITE, SYS_MUNMAP, SYS_MMAP,
	    SYS_WRITE, SYS_MUNMAP, SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT,
	    SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[6].len, 10000);
}
END_TEST

/* what does not begin at a page cannot be mapped, and is read from there */
START_TEST(ftpd_reads)
{
	struct process_config config = server(PROGRAM_FTPD, METHOD_MMAP);

	config.response_header = -1;
	kernel.map = SYS_EINVAL;
	ANSWER(5, 6000, 6000, 3900, 3900, SYS_ENDED);
	ask(3, 100, 10000, true);
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN, SYS_ACCEPT, SYS_READ, SYS_OPEN,
	    SYS_FSTAT, SYS_SAYS, SYS_MMAP, SYS_LSEEK, SYS_READ, SYS_WRITE,
	    SYS_READ, SYS_WRITE, SYS_CLOSE, SYS_CLOSE, SYS_ACCEPT, SYS_CLOSE);
	ck_assert_int_eq(kernel.calls[6].len, 9900);
	ck_assert_int_eq(kernel.calls[8].offset, 100);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("servers");
	TCase *tc = tcase_create("servers");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, httpd_writes_header_and_mapping);
	tcase_add_test(tc, httpd_reads);
	tcase_add_test(tc, httpd_keeps_a_connection);
	tcase_add_test(tc, httpd_answers_with_nothing);
	tcase_add_test(tc, httpd_reads_what_it_cannot_map);
	tcase_add_test(tc, httpd_loses_a_connection);
	tcase_add_test(tc, httpd_sends_a_file_that_is_cut);
	tcase_add_test(tc, smbd_sends_a_file_that_is_cut);
	tcase_add_test(tc, nfsd_sends_a_file_that_is_cut);
	tcase_add_test(tc, httpd_finds_no_file);
	tcase_add_test(tc, no_descriptor_is_left);
	tcase_add_test(tc, port_is_taken);
	tcase_add_loop_test(tc, headers_by_default, 0, 3);
	tcase_add_test(tc, smbd_reads_behind_its_header);
	tcase_add_test(tc, smbd_maps);
	tcase_add_test(tc, nfsd_leaves_it_to_the_kernel);
	tcase_add_test(tc, ftpd_maps);
	tcase_add_test(tc, ftpd_reads);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
