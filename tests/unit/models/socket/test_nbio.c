/*
 * Sockets that do not wait, and sockets that several processes have.
 * netbsd-2002.md 1 steps 4 and 5, 2.3 step 3, 2.5 (b).
 */
#include <check.h>
#include <stdlib.h>

#include "models/host.h"
#include "tests/support/writer.h"

enum { BUFFER = 131072 };

static struct world_config config;
static struct writer w;

static void
setup(void)
{
	config = writer_config(false);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

static int64_t
set_nbio(int fd, bool is_nbio)
{
	return crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_SETNBIO,
	    .fd = fd, .is_nbio = is_nbio});
}

static void
begin(int n_procs, int64_t sndbuf)
{
	writer_init(&w, &config, n_procs, sndbuf, BUFFER);
	ck_assert_int_eq(set_nbio(w.fd, true), 0);
}

/*
 * Step 5: where another one would sleep, it fails; and what was taken before
 * that is told instead.  Buffer 10000, low-water mark 2048.
 */
static const struct {
	int64_t room, len, result;
} marks[] = {
	{0, 1, SYS_EWOULDBLOCK},
	{2047, 2048, SYS_EWOULDBLOCK},
	{2047, 2047, 2047},
	{2048, 2049, 2048},
	{5000, 20000, 5000},
	{10000, 10000, 10000},
	{10000, 20000, 10000},
};
enum { N_MARKS = sizeof marks / sizeof marks[0] };

START_TEST(test_room)
{
	begin(1, 10000);
	if (marks[_i].room < 10000)
		writer_write(&w, 0, 10000 - marks[_i].room);
	ck_assert_int_eq(sb_space(&w.so->so_snd), marks[_i].room);
	ck_assert_int_eq(writer_write(&w, 0, marks[_i].len),
	    marks[_i].result);
	ck_assert(!w.so->so_snd.sb_is_locked);
	/* not an error of the connection: it goes on when ACKs have come */
	writer_rest(&w, WRITER_LATER);
	ck_assert_int_eq(writer_write(&w, 0, 10000), 10000);
	ck_assert_int_eq(w.so->so_error, 0);
}
END_TEST

/* Switched off, it waits again. */
START_TEST(test_off)
{
	begin(1, 10000);
	ck_assert_int_eq(writer_write(&w, 0, 20000), 10000);
	ck_assert_int_eq(set_nbio(w.fd, false), 0);
	ck_assert_int_eq(writer_write(&w, 0, 20000), 20000);
	ck_assert_int_eq(set_nbio(9, true), SYS_EBADF);
}
END_TEST

/* 2.3 step 3: the sleep for address space heeds nothing, this flag neither. */
START_TEST(test_sleeps_for_kva)
{
	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 65536;
	begin(1, 131072);
	writer_post(&w, 0, 131072);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
}
END_TEST

static int64_t
read_with(bool is_dontwait)
{
	return crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_READ,
	    .fd = w.fd, .addr = w.addr, .len = 10,
	    .is_dontwait = is_dontwait});
}

/*
 * 2.5 (b): a read that finds nothing undoes loans, non-blocking or not; with
 * MSG_DONTWAIT it does not.
 */
START_TEST(test_read)
{
	config.host.sosend.sosend_loan = true;
	begin(1, 10000);
	ck_assert_int_eq(writer_write(&w, 0, 4096), 4096);
	writer_rest(&w, WRITER_LATER);
	ck_assert_uint_eq(w.so->pendfree.n, 1);
	ck_assert_int_eq(read_with(true), SYS_EWOULDBLOCK);
	ck_assert_uint_eq(w.so->pendfree.n, 1);
	ck_assert_int_eq(read_with(false), SYS_EWOULDBLOCK);
	ck_assert_uint_eq(w.so->pendfree.n, 0);
	ck_assert_int_eq(w.host->kva.socurkva, 0);
	ck_assert(!w.so->so_rcv.sb_is_locked);
}
END_TEST

/* MSG_DONTWAIT on a socket that waits otherwise. */
START_TEST(test_read_dontwait)
{
	begin(1, 10000);
	set_nbio(w.fd, false);
	ck_assert_int_eq(read_with(true), SYS_EWOULDBLOCK);
	/* another one has the lock: no waiting for that either */
	w.so->so_rcv.sb_is_locked = true;
	ck_assert_int_eq(read_with(true), SYS_EWOULDBLOCK);
	w.so->so_rcv.sb_is_locked = false;
}
END_TEST

/* accept(2), and what it hands out: sonewconn() gives the flag on. */
START_TEST(test_accept)
{
	struct socket *head, *so;
	int fd;

	begin(1, 10000);
	fd = (int)crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_LISTEN,
	    .port = 7, .backlog = 2, .so_sndbuf = 10000, .so_sndlowat = 1});
	set_nbio(fd, true);
	ck_assert_int_eq(crank_call(&w.crank, 0, (struct sys_call){
	    .nr = SYS_ACCEPT, .fd = fd}), SYS_EWOULDBLOCK);
	head = fd_socket(w.p, fd);
	so = so_newconn(head, 77);
	ck_assert_ptr_nonnull(so);
	ck_assert(so->ss_nbio);
}
END_TEST

static void
post(int proc, int64_t len)
{
	uint64_t addr = crank_buffer(&w.crank, proc, len);

	crank_post(&w.crank, proc, (struct sys_call){.nr = SYS_WRITE,
	    .fd = w.fd, .addr = addr, .len = len});
	writer_rest(&w, WRITER_SOON);
}

static int64_t
close_of(int proc)
{
	return crank_call(&w.crank, proc, (struct sys_call){.nr = SYS_CLOSE,
	    .fd = w.fd});
}

/*
 * Three writers.  The first holds the lock while it sleeps for address space,
 * so the others wait as well; they get the lock in the order in which they lay
 * down, a non-blocking socket or not.
 */
START_TEST(test_three_writers)
{
	config.host.sosend.sosend_loan = true;
	config.host.somaxkva = 65536;
	begin(3, 131072);
	set_nbio(w.fd, _i == 1);
	for (int i = 1; i < 3; i++)
		fd_share(w.p, w.fd, w.crank.procs[i].p);
	writer_post(&w, 0, 131072);
	ck_assert(writer_is_asleep(&w, 0, &w.host->kva_wait));
	post(1, 100);
	post(2, 200);
	for (int i = 1; i < 3; i++)
		ck_assert(writer_is_asleep(&w, i,
		    &w.so->so_snd.sb_lock_wait));
	ck_assert_int_eq(crank_wait(&w.crank, 0), 131072);
	ck_assert_int_eq(crank_wait(&w.crank, 1), 100);
	ck_assert(!w.crank.procs[2].is_woken);
	ck_assert_int_eq(crank_wait(&w.crank, 2), 200);
	ck_assert_int_eq(w.so->stats.bytes_written, 131372);
}
END_TEST

/* The socket closes with the last descriptor, by close or by exit. */
START_TEST(test_last_close)
{
	begin(2, 10000);
	fd_share(w.p, w.fd, w.crank.procs[1].p);
	if (_i == 0)
		ck_assert_int_eq(close_of(0), 0);
	else {
		crank_post(&w.crank, 0, (struct sys_call){.nr = SYS_EXIT});
		writer_rest(&w, WRITER_SOON);
	}
	ck_assert(w.so->is_connected && w.so->has_descriptor);
	post(1, 100);
	ck_assert_int_eq(crank_wait(&w.crank, 1), 100);
	ck_assert_int_eq(close_of(1), 0);
	ck_assert(!w.so->has_descriptor);
	ck_assert_int_eq(close_of(1), SYS_EBADF);
}
END_TEST

static void
add_tests(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_room, 0, N_MARKS);
	tcase_add_test(tc, test_off);
	tcase_add_test(tc, test_sleeps_for_kva);
	tcase_add_test(tc, test_read);
	tcase_add_test(tc, test_read_dontwait);
	tcase_add_test(tc, test_accept);
	tcase_add_loop_test(tc, test_three_writers, 0, 2);
	tcase_add_loop_test(tc, test_last_close, 0, 2);
}

int
main(void)
{
	Suite *suite = suite_create("nbio");
	TCase *tc = tcase_create("nbio");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	add_tests(tc);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
