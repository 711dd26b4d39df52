/*
 * writev(2): the rest of the current iovec, not of the write, decides on a loan
 * and bounds it; what is copied goes over their borders.  netbsd-2002.md 1 step
 * 6, 2.2, 2.3 steps 1 and 10.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/writer.h"

enum { BUFFER = 196608, MAX_IOV = 6 };

static struct world_config config;
static struct writer w;

static void
setup(void)
{
	config = writer_config(true);
	writer_init(&w, &config, 1, 200000, BUFFER);
}

static void
teardown(void)
{
	writer_audit(w.host, "at the end");
	writer_fini(&w);
}

/* offsets are into the buffer */
static int64_t
write_v(const struct sys_iovec *offsets, int n)
{
	struct sys_iovec iov[UIO_MAXIOV + 1];

	for (int i = 0; i < n && i <= UIO_MAXIOV; i++)
		iov[i] = (struct sys_iovec){w.addr + offsets[i].base,
		    offsets[i].len};
	return crank_call(&w.crank, 0, (struct sys_call){.nr = SYS_WRITEV,
	    .fd = w.fd, .iov = iov, .n_iov = n});
}

/*
 *	two pages		each a piece
 *	4095 and 4096		the first is too short; the second cluster takes
 *				2047 of it and 1 of the other, which then is too
 *				short as well: 2048 2048 2048 2047
 *	6000 and 5000		each a piece, 2 pages, though one of 11000 would
 *				fit
 *	100 and 8192		a cluster of 100 + 1948; then 6244 bytes from
 *				10140 to 16383: pages 2 and 3
 *	65546 and 4096		a piece of 16 pages; 10 are left, so clusters of
 *				10 + 2038 and 2048, and 10 bytes
 *	empty ones		nothing begins with them
 *	200 in 6		216 fit a small mbuf: all of it in one
 */
static const struct {
	struct sys_iovec iov[MAX_IOV];
	int n;
	struct way way;
} cases[] = {
	{{{0, 4096}, {8192, 4096}}, 2, {.loan_big = 2, .loan_pages = 2,
	    .pru_sends = 2, .turns = 1, .taken = 8192}},
	{{{0, 4095}, {8192, 4096}}, 2, {.copy_big = 4, .pru_sends = 4,
	    .turns = 1, .taken = 8191}},
	{{{0, 6000}, {8192, 5000}}, 2, {.loan_big = 2, .loan_pages = 4,
	    .pru_sends = 2, .turns = 1, .taken = 11000}},
	{{{0, 100}, {8192, 8192}}, 2, {.loan_big = 1, .loan_pages = 2,
	    .copy_big = 1, .pru_sends = 2, .turns = 1, .taken = 8292}},
	{{{0, 65546}, {131072, 4096}}, 2, {.loan_big = 1, .loan_pages = 16,
	    .copy_big = 2, .copy_small = 1, .pru_sends = 4, .turns = 1,
	    .taken = 69642}},
	{{{7, 0}, {0, 4096}, {9, 0}, {8192, 4096}, {1, 0}}, 5,
	    {.loan_big = 2, .loan_pages = 2, .pru_sends = 2, .turns = 1,
	    .taken = 8192}},
	{{{0, 50}, {5000, 30}, {9, 20}, {8190, 40}, {1, 10}, {77, 50}}, 6,
	    {.copy_small = 1, .pru_sends = 1, .turns = 1, .taken = 200}},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

START_TEST(test_path)
{
	ck_assert_int_eq(write_v(cases[_i].iov, cases[_i].n),
	    cases[_i].way.taken);
	writer_assert_path(&w, cases[_i].way);
	ck_assert_uint_eq(m_content(w.so->so_snd.sb_mb, 0),
	    content_name(w.so->so_id, 0));
}
END_TEST

/* As many as there may be: each page a piece of its own. */
START_TEST(test_sixteen)
{
	struct sys_iovec iov[UIO_MAXIOV + 1];

	for (int i = 0; i <= UIO_MAXIOV; i++)
		iov[i] = (struct sys_iovec){(uint64_t)i * 8192, 4096};
	ck_assert_int_eq(write_v(iov, UIO_MAXIOV), 65536);
	writer_assert_path(&w, (struct way){.loan_big = 16,
	    .loan_pages = 16, .pru_sends = 16, .turns = 1, .taken = 65536});
	ck_assert_int_eq(write_v(iov, UIO_MAXIOV + 1), SYS_EINVAL);
}
END_TEST

/*
 * The room bounds a piece as well: 10000 bytes of a buffer of 16384 are left,
 * so 10000 of the first iovec are lent; the next turn goes on in its middle.
 */
START_TEST(test_room)
{
	static const struct sys_iovec iov[] = {{0, 12288}, {16384, 4096}};

	sb_reserve(&w.so->so_snd, 16384, 2048);
	ck_assert_int_eq(writer_write(&w, 0, 6384), 6384);
	writer_mark(&w);
	ck_assert_int_eq(write_v(iov, 2), 16384);
	ck_assert_int_ge(writer_path(&w).turns, 2);
	ck_assert_int_eq(w.so->stats.bytes_written, 6384 + 16384);
}
END_TEST

/* A fault in the second iovec: what the first gave is taken, and told. */
START_TEST(test_fault_between)
{
	static const struct sys_iovec iov[] = {{0, 4096}, {BUFFER, 4096}};

	ck_assert_int_eq(write_v(iov, 2), 4096);
	/* a loan is tried, is refused, and the cluster fails */
	writer_assert_path(&w, (struct way){.loan_big = 1, .loan_pages = 1,
	    .copy_big = 1, .pru_sends = 1, .turns = 1, .refused = 1,
	    .taken = 4096});
}
END_TEST

/* A fault in the midst of an mbuf: nothing of that mbuf is taken. */
START_TEST(test_fault_within)
{
	static const struct sys_iovec iov[] = {{0, 100}, {BUFFER, 100},
	    {200, 100}};

	ck_assert_int_eq(write_v(iov, 3), SYS_EFAULT);
	writer_assert_path(&w, (struct way){.copy_small = 1, .turns = 1});
	ck_assert(!w.so->so_snd.sb_is_locked);
}
END_TEST

START_TEST(test_refused)
{
	static const struct sys_iovec none[] = {{0, 0}, {4, 0}};
	static const struct sys_iovec below[] = {{0, 10}, {4, -1}};

	ck_assert_int_eq(write_v(none, 2), 0);
	ck_assert_int_eq(write_v(none, 0), SYS_EINVAL);
	ck_assert_int_eq(write_v(below, 2), SYS_EINVAL);
	w.fd = 7;
	ck_assert_int_eq(write_v(none, 2), SYS_EBADF);
	writer_assert_path(&w, (struct way){0});
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("writev");
	TCase *tc = tcase_create("writev");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_path, 0, N_CASES);
	tcase_add_test(tc, test_sixteen);
	tcase_add_test(tc, test_room);
	tcase_add_test(tc, test_fault_between);
	tcase_add_test(tc, test_fault_within);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
