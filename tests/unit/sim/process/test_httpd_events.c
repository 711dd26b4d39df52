/*
 * One process for all connections: what it does for each event, how a response
 * goes on where it stopped, and what becomes of callers without a descriptor.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/sim/fake_kernel.h"

enum { HEADER = 100, SIZE = 10000 };

/* What happens before anybody calls. */
#define BEGIN	SYS_MMAP, SYS_LISTEN, SYS_SETNBIO, SYS_POLL_WANT
/* A caller, accepted, under the first number; nobody else. */
#define CALLER	SYS_POLL, SYS_ACCEPT, SYS_MMAP, SYS_POLL_WANT, SYS_ACCEPT
/* A request for a file that is not mapped yet, up to its answer. */
#define FIRST	SYS_POLL, SYS_READ, SYS_OPEN, SYS_FSTAT, SYS_MMAP, SYS_CLOSE, \
		SYS_SAYS, SYS_TOUCH, SYS_WRITEV
#define NEXT	SYS_POLL, SYS_READ, SYS_SAYS, SYS_TOUCH, SYS_WRITEV
#define HANG_UP	SYS_POLL_WANT, SYS_CLOSE

static const struct process_config config = {.name = "s",
    .program = PROGRAM_HTTPD, .port = 80, .backlog = 17,
    .method = METHOD_MMAP, .events = EVENTS_POLL, .read_size = 6000,
    .align = 8, .response_header = HEADER, .so_sndbuf = 16384,
    .so_sndlowat = 2048};

static void
setup(void)
{
	fake_setup();
	kernel.size = SIZE;
}

static void
ask(uint32_t file, int64_t offset, int64_t len, bool is_last)
{
	kernel.words[kernel.n_words++] = (struct sys_words){.file = file,
	    .offset = offset, .len = len, .is_last = is_last};
}

static void
assert_piece(size_t call, int i, uint64_t base, int64_t len)
{
	ck_assert_int_eq(kernel.calls[call].nr, SYS_WRITEV);
	ck_assert_int_gt(kernel.calls[call].n_iov, i);
	ck_assert_uint_eq(kernel.iov[call][i].base, base);
	ck_assert_int_eq(kernel.iov[call][i].len, len);
}

/* Header and all of the file at once; the last request closes. */
START_TEST(one_request)
{
	POLL(FAKE_FD, 5);
	ANSWER(5, SYS_EWOULDBLOCK, HEADER + SIZE);
	ask(3, 0, SIZE, true);
	fake_run(&config);
	ASSERT_CALLS(BEGIN, CALLER, FIRST, HANG_UP, SYS_POLL);
	ck_assert(kernel.calls[1].is_shared && kernel.calls[2].is_nbio);
	ck_assert_int_eq(kernel.calls[1].backlog, 17);
	ck_assert_int_eq(kernel.calls[3].fd, FAKE_FD);
	ck_assert_uint_eq(kernel.calls[3].events, SYS_POLLIN);
	/* who does not sleep for callers sleeps for events */
	ck_assert_int_lt(kernel.calls[4].len, 0);
	/* 64 descriptors' headers */
	ck_assert_int_eq(kernel.calls[6].len, 8 + 64 * HEADER);
	ck_assert_int_eq(kernel.calls[7].fd, 5);
	ck_assert_uint_eq(kernel.calls[7].events, SYS_POLLIN);
	ck_assert_int_eq(kernel.calls[12].fd, FAKE_FILE);
	ck_assert_int_eq(kernel.calls[13].len, SIZE);
	ck_assert_int_eq(kernel.calls[15].len, HEADER + SIZE);
	ck_assert_uint_eq(kernel.calls[16].addr, FAKE_RING + 8 + 5 * HEADER);
	assert_piece(17, 0, FAKE_RING + 8 + 5 * HEADER, HEADER);
	assert_piece(17, 1, FAKE_WINDOW, SIZE);
	ck_assert_uint_eq(kernel.calls[18].events, 0);
	ck_assert_int_eq(kernel.calls[19].fd, 5);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* The mapping stays; a part of it; what is beyond the end is a header alone. */
START_TEST(persistent)
{
	POLL(FAKE_FD, 5, 5, 5, 5);
	ANSWER(5, SYS_EWOULDBLOCK, HEADER + SIZE, HEADER + 10, HEADER);
	ask(3, 0, SIZE, false);
	ask(3, SIZE - 10, SIZE, false);
	ask(3, 2 * SIZE, 10, false);
	fake_run(&config);
	/* it closes when the client has */
	ASSERT_CALLS(BEGIN, CALLER, FIRST, NEXT, NEXT, SYS_POLL, SYS_READ,
	    HANG_UP, SYS_POLL);
	assert_piece(22, 1, FAKE_WINDOW + SIZE - 10, 10);
	ck_assert_int_eq(kernel.calls[25].len, HEADER);
	ck_assert_int_eq(kernel.calls[27].n_iov, 1);
	assert_piece(27, 0, FAKE_RING + 8 + 5 * HEADER, HEADER);
}
END_TEST

/*
 * No room at all, for half of the header, for the rest of it and 1000 bytes,
 * then for all: each time it waits for room, and at last for a request.
 */
START_TEST(goes_on)
{
	POLL(FAKE_FD, 5, 5, 5, 5);
	ANSWER(5, SYS_EWOULDBLOCK, SYS_EWOULDBLOCK, HEADER / 2,
	    HEADER / 2 + 1000, SIZE - 1000);
	ask(3, 0, SIZE, false);
	fake_run(&config);
	ASSERT_CALLS(BEGIN, CALLER, FIRST, SYS_POLL_WANT, SYS_POLL,
	    SYS_WRITEV, SYS_POLL, SYS_WRITEV, SYS_POLL, SYS_WRITEV,
	    SYS_POLL_WANT, SYS_POLL);
	ck_assert_uint_eq(kernel.calls[18].events, SYS_POLLOUT);
	assert_piece(20, 0, FAKE_RING + 8 + 5 * HEADER, HEADER);
	assert_piece(22, 0, FAKE_RING + 8 + 5 * HEADER + HEADER / 2,
	    HEADER / 2);
	assert_piece(22, 1, FAKE_WINDOW, SIZE);
	ck_assert_int_eq(kernel.calls[24].n_iov, 1);
	assert_piece(24, 0, FAKE_WINDOW + 1000, SIZE - 1000);
	ck_assert_uint_eq(kernel.calls[25].events, SYS_POLLIN);
}
END_TEST

/* Reset while it writes, at once or later: closed, and nothing else. */
START_TEST(lost)
{
	POLL(FAKE_FD, 5, 5);
	ask(3, 0, SIZE, false);
	if (_i == 0) {
		kernel.n_polls = 2;
		ANSWER(5, SYS_EWOULDBLOCK, SYS_EPIPE);
		fake_run(&config);
		ASSERT_CALLS(BEGIN, CALLER, FIRST, HANG_UP, SYS_POLL);
	} else {
		ANSWER(5, SYS_EWOULDBLOCK, 1000, SYS_ECONNRESET);
		fake_run(&config);
		ASSERT_CALLS(BEGIN, CALLER, FIRST, SYS_POLL_WANT, SYS_POLL,
		    SYS_WRITEV, HANG_UP, SYS_POLL);
	}
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* No file, or it cannot be mapped: the connection is closed. */
START_TEST(no_file)
{
	POLL(FAKE_FD, 5);
	ANSWER(5, SYS_EWOULDBLOCK);
	ask(3, 0, SIZE, false);
	if (_i == 0) {
		kernel.open = SYS_EMFILE;
		fake_run(&config);
		ASSERT_CALLS(BEGIN, CALLER, SYS_POLL, SYS_READ, SYS_OPEN,
		    HANG_UP, SYS_POLL);
	} else {
		kernel.map = SYS_ENOMEM;
		fake_run(&config);
		ASSERT_CALLS(BEGIN, CALLER, SYS_POLL, SYS_READ, SYS_OPEN,
		    SYS_FSTAT, SYS_MMAP, SYS_CLOSE, HANG_UP, SYS_POLL);
	}
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

/* All who have called, also behind one who hung up; 64 there is no room for. */
START_TEST(several_callers)
{
	POLL(FAKE_FD);
	ANSWER(5, SYS_ECONNABORTED, 6, 64, SYS_EWOULDBLOCK);
	fake_run(&config);
	ASSERT_CALLS(BEGIN, SYS_POLL, SYS_ACCEPT, SYS_MMAP, SYS_POLL_WANT,
	    SYS_ACCEPT, SYS_ACCEPT, SYS_POLL_WANT, SYS_ACCEPT, SYS_MMAP,
	    SYS_POLL_WANT, SYS_ACCEPT, SYS_POLL);
	ck_assert_int_eq(kernel.calls[12].len, 8 + 64 * HEADER);
}
END_TEST

/*
 * No descriptor: it asks for events but not for callers, for a second, or until
 * a connection has closed.
 */
START_TEST(no_descriptor)
{
	static const int errors[] = {SYS_EMFILE, SYS_ENFILE};

	POLL(FAKE_FD, _i == 0 ? -1 : 5, FAKE_FD);
	ANSWER(5, errors[_i], SYS_EWOULDBLOCK);
	fake_run(&config);
	if (_i == 0)
		ASSERT_CALLS(BEGIN, CALLER, SYS_POLL_WANT, SYS_POLL,
		    SYS_POLL_WANT, SYS_POLL, SYS_ACCEPT, SYS_POLL);
	else
		ASSERT_CALLS(BEGIN, CALLER, SYS_POLL_WANT, SYS_POLL,
		    SYS_READ, HANG_UP, SYS_POLL_WANT, SYS_POLL, SYS_ACCEPT,
		    SYS_POLL);
	ck_assert_int_eq(kernel.calls[9].fd, FAKE_FD);
	ck_assert_uint_eq(kernel.calls[9].events, 0);
	ck_assert_int_eq(kernel.calls[10].len, PS_PER_S);
	ck_assert_uint_eq(kernel.calls[_i == 0 ? 11 : 14].events, SYS_POLLIN);
	ck_assert_int_eq(fake_exit_status(), 0);
}
END_TEST

START_TEST(port_is_taken)
{
	kernel.connect = SYS_EADDRINUSE;
	fake_run(&config);
	ASSERT_CALLS(SYS_MMAP, SYS_LISTEN);
	ck_assert_int_eq(fake_exit_status(), SYS_EADDRINUSE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("httpd_events");
	TCase *tc = tcase_create("httpd_events");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, one_request);
	tcase_add_test(tc, persistent);
	tcase_add_test(tc, goes_on);
	tcase_add_loop_test(tc, lost, 0, 2);
	tcase_add_loop_test(tc, no_file, 0, 2);
	tcase_add_test(tc, several_callers);
	tcase_add_loop_test(tc, no_descriptor, 0, 2);
	tcase_add_test(tc, port_is_taken);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
