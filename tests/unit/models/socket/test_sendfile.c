/*
 * Files put on a socket by the kernel: chains, pieces, headers.
 * netbsd-2002.md 1 steps 2 and 5.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/syscall.h"
#include "tests/support/sendfile_rig.h"

#define MS	PS_PER_MS

/* Up to the file's end; nothing there is nothing sent. */
START_TEST(test_end_of_file)
{
	sf_begin(2, 65536, true);
	ck_assert_int_eq(sf_call(sf_sending(SF_BYTES - 1000, 5000)), 1000);
	ck_assert_int_eq(sf_call(sf_sending(SF_BYTES, 5000)), 0);
	ck_assert_int_eq(sf_call(sf_sending(SF_BYTES + 1, 5000)), 0);
	ck_assert_int_eq(sf_call(sf_sending(0, 0)), 0);
	ck_assert_int_eq(sf.w.so->stats.bytes_written, 1000);
}
END_TEST

START_TEST(test_errors)
{
	struct sys_call what;

	sf_begin(2, 65536, true);
	what = sf_sending(0, 100);
	what.fd = 17;
	ck_assert_int_eq(sf_call(what), SYS_EBADF);
	what.fd = sf.fd;
	ck_assert_int_eq(sf_call(what), SYS_ENOTSOCK);
	what = sf_sending(0, 100);
	what.file_fd = 17;
	ck_assert_int_eq(sf_call(what), SYS_EBADF);
	what.file_fd = sf.w.fd;
	ck_assert_int_eq(sf_call(what), SYS_EINVAL);
	ck_assert_int_eq(sf_call(sf_sending(-1, 100)), SYS_EINVAL);
	ck_assert_int_eq(sf_call(sf_sending(0, -1)), SYS_EINVAL);
	what = sf_sending(0, 100);
	what.header_len = -1;
	ck_assert_int_eq(sf_call(what), SYS_EINVAL);
	what.header_len = SENDFILE_MAX_HEADER + 1;
	ck_assert_int_eq(sf_call(what), SYS_EINVAL);
	what.header_len = 10;
	what.header_addr = 4096;
	ck_assert_int_eq(sf_call(what), SYS_EFAULT);
	/* datagrams are not sent this way */
	what = sf_sending(0, 100);
	what.fd = (int)sf_call((struct sys_call){.nr = SYS_UDP_CONNECT,
	    .so_sndbuf = 9216, .so_sndlowat = 2048});
	ck_assert_int_eq(sf_call(what), SYS_EINVAL);
}
END_TEST

/*
 * A buffer of 32 KiB: pieces of half of it, cut at a page's end but for the
 * last, each with a PRU_SEND, and the third waits for the first ACK.
 */
START_TEST(test_pieces)
{
	sf_begin(2, 32768, true);
	crank_post(&sf.w.crank, 0, sf_sending(100, 40000));
	writer_rest(&sf.w, WRITER_SOON);
	ck_assert(writer_is_asleep(&sf.w, 0, &sf.w.so->so_snd.sb_wait));
	/* 16384 less 100, 16384; and 7332 wait in a chain of their own */
	writer_assert_path(&sf.w, (struct way){.pru_sends = 2, .turns = 3,
	    .taken = 32768 - 100});
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0), 40000);
	ck_assert_int_eq(sf.w.so->stats.bytes_written, 40000);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_FILE_READ], 3);
}
END_TEST

/* Less than a page at a time, where half of the buffer is less. */
START_TEST(test_small_buffer)
{
	sf_begin(2, _i == 0 ? 3000 : 1, true);
	ck_assert_int_eq(sf_call(sf_sending(4000, _i == 0 ? 5000 : 1)),
	    _i == 0 ? 5000 : 1);
}
END_TEST

/* A reply of nfsd is one chain, or none; it does not wait for room. */
START_TEST(test_reply)
{
	struct sys_call what;

	sf_begin(2, 32768, true);
	what = sf_sending(0, 30000);
	what.header_len = 128;
	ck_assert_int_eq(sf_call(what), 30128);
	writer_assert_path(&sf.w, (struct way){.pru_sends = 1, .turns = 1,
	    .taken = 30128});
	ck_assert_int_eq(sf.w.host->ledger.line[CAUSE_COPYIN].stored_bytes, 0);
	/* the buffer is full, and takes another */
	ck_assert_int_eq(sf_call(what), 30128);
	ck_assert_int_eq(sf.w.so->so_snd.sb_cc, 2 * 30128);
	what.len = 32768;
	ck_assert_int_eq(sf_call(what), SYS_EMSGSIZE);
	/* it needs no data */
	what.len = 0;
	ck_assert_int_eq(sf_call(what), 128);
}
END_TEST

/* The caller's header is copied in, and goes with the first piece. */
START_TEST(test_header)
{
	struct sys_call what;

	sf_begin(2, 32768, true);
	what = sf_sending(0, 10000);
	what.header_addr = sf.w.addr + 10;
	what.header_len = _i == 0 ? 216 : 217;
	ck_assert_int_eq(sf_call(what), 10000 + what.header_len);
	ck_assert_int_eq(sf.w.host->ledger.line[CAUSE_COPYIN].stored_bytes,
	    what.header_len);
	/* a cluster where it is more than an mbuf with a packet header holds */
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_MCLGET], 5 + _i);
	ck_assert_int_eq(sf.w.so->tcpcb.stats.n_output_calls -
	    sf.w.start.pru_sends,
	    1);
}
END_TEST

/* A header larger than half of the buffer is a piece of its own. */
START_TEST(test_large_header)
{
	struct sys_call what;

	sf_begin(2, 3000, true);
	what = sf_sending(0, 900);
	what.header_addr = sf.w.addr + PAGE_SIZE - 2048;
	what.header_len = 2048;
	ck_assert_int_eq(sf_call(what), 2948);
	writer_assert_path(&sf.w, (struct way){.pru_sends = 2, .turns = 2,
	    .taken = 2948});
}
END_TEST

/* Cut while it waits for its disk: what is there goes, or nothing does. */
START_TEST(test_cut)
{
	sf.config.host.vm.n_pages = 1000;
	sf_begin(2, 65536, false);
	fd_share(sf.w.p, sf.fd, sf.w.crank.procs[1].p);
	crank_post(&sf.w.crank, 0, sf_sending(0, 20000));
	writer_rest(&sf.w, MS / 20);
	ck_assert_int_eq(crank_call(&sf.w.crank, 1, (struct sys_call){
	    .nr = SYS_TRUNCATE, .fd = sf.fd, .len = _i * 1000}), 0);
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0), _i * 1000);
}
END_TEST

/* The run ends: asleep for a page, for room, for addresses. */
START_TEST(test_end_of_the_run)
{
	struct sys_call what;

	sf.config.host.vm.n_pages = 1000;
	sf.config.host.sosend.nfs_loan = _i == 2;
	sf.config.host.somaxkva = _i == 2 ? 128 * 1024 : 1 << 24;
	/* the header lies in a page of the file, which is to be read */
	sf_begin(1, _i == 2 ? 200000 : 32768, _i == 1 || _i == 2);
	what = sf_sending(0, SF_BYTES);
	if (_i == 3) {
		what.header_addr = (uint64_t)sf_call((struct sys_call){
		    .nr = SYS_MMAP, .fd = sf.fd, .len = PAGE_SIZE,
		    .map = SYS_MAP_SHARED});
		what.header_len = 100;
	}
	crank_post(&sf.w.crank, 0, what);
	writer_rest(&sf.w, _i % 3 == 0 ? MS / 20 : 5 * MS);
	ck_assert_int_eq(sf.w.p->state, PROC_ASLEEP);
	host_stop(sf.w.host);
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0) ==
	    (_i % 3 == 0 ? SYS_ENDED : sf.w.so->stats.bytes_written), 1);
}
END_TEST

/* A socket that does not wait, one that is closed, one that dies meanwhile. */
START_TEST(test_socket_says_no)
{
	sf_begin(2, 32768, true);
	if (_i == 0) {
		ck_assert_int_eq(sf_call((struct sys_call){.nr = SYS_SETNBIO,
		    .fd = sf.w.fd, .is_nbio = true}), 0);
		ck_assert_int_eq(sf_call(sf_sending(0, 40000)), 32768);
		ck_assert_int_eq(sf_call(sf_sending(0, 40000)),
		    SYS_EWOULDBLOCK);
		return;
	}
	if (_i == 1) {
		ck_assert_int_eq(sf_call((struct sys_call){.nr = SYS_SHUTDOWN,
		    .fd = sf.w.fd}), 0);
		ck_assert_int_eq(sf_call(sf_sending(0, 40000)), SYS_EPIPE);
		return;
	}
	crank_post(&sf.w.crank, 0, sf_sending(0, SF_BYTES));
	writer_rest(&sf.w, WRITER_SOON);
	tcp_drop(&sf.w.so->tcpcb, SYS_ETIMEDOUT);
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0), 32768);
}
END_TEST

/*
 * A socket that does not wait: for what finds no room nothing is read, and what
 * there is room for goes, from the low-water mark on, which poll(2) goes by.
 */
START_TEST(test_nbio_room)
{
	int64_t n_reads;

	sf_begin(2, 32768, true);
	sf_call((struct sys_call){.nr = SYS_SETNBIO, .fd = sf.w.fd,
	    .is_nbio = true});
	ck_assert_int_le(sf.w.so->so_snd.sb_lowat, 3000);
	ck_assert_int_eq(sf_call(sf_sending(0, 32768 - 3000)), 32768 - 3000);
	ck_assert_int_eq(sf_call(sf_sending(4000, 40000)), 3000);
	n_reads = sf.w.host->ledger.n_ops[OP_FILE_READ];
	ck_assert_int_eq(sf_call(sf_sending(0, 40000)), SYS_EWOULDBLOCK);
	ck_assert_int_eq(sf_call(sf_sending(SF_BYTES - 1, 40000)),
	    SYS_EWOULDBLOCK);
	ck_assert_int_eq(sf.w.host->ledger.n_ops[OP_FILE_READ], n_reads);
	ck_assert_int_eq(sf_call(sf_sending(SF_BYTES, 40000)), 0);
	/* no room, and there never will be */
	ck_assert_int_eq(sf_call((struct sys_call){.nr = SYS_SHUTDOWN,
	    .fd = sf.w.fd}), 0);
	ck_assert_int_eq(sf_call(sf_sending(0, 40000)), SYS_EPIPE);
}
END_TEST

/* Two processes send on one socket: chains follow each other whole. */
START_TEST(test_two)
{
	sf_begin(2, 32768, true);
	fd_share(sf.w.p, sf.w.fd, sf.w.crank.procs[1].p);
	fd_share(sf.w.p, sf.fd, sf.w.crank.procs[1].p);
	crank_post(&sf.w.crank, 0, sf_sending(0, 50000));
	crank_post(&sf.w.crank, 1, sf_sending(50000, 50000));
	ck_assert_int_eq(crank_wait(&sf.w.crank, 0), 50000);
	ck_assert_int_eq(crank_wait(&sf.w.crank, 1), 50000);
	ck_assert_int_eq(sf.w.so->stats.bytes_written, 100000);
}
END_TEST

static Suite *
sendfile_suite(void)
{
	Suite *suite = suite_create("sendfile");
	TCase *tc = tcase_create("sendfile");

	tcase_add_checked_fixture(tc, sf_setup, sf_teardown);
	tcase_add_test(tc, test_end_of_file);
	tcase_add_test(tc, test_errors);
	tcase_add_test(tc, test_pieces);
	tcase_add_loop_test(tc, test_small_buffer, 0, 2);
	tcase_add_test(tc, test_reply);
	tcase_add_loop_test(tc, test_header, 0, 2);
	tcase_add_test(tc, test_large_header);
	tcase_add_loop_test(tc, test_cut, 0, 2);
	tcase_add_loop_test(tc, test_end_of_the_run, 0, 4);
	tcase_add_loop_test(tc, test_socket_says_no, 0, 3);
	tcase_add_test(tc, test_nbio_room);
	tcase_add_test(tc, test_two);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(sendfile_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
