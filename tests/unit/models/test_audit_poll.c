/*
 * The audit of what is polled: clean whatever is asked for, found, closed and
 * opened anew.  That each of its lines is told: tests/support/damage.c.
 */
#include <check.h>
#include <stdlib.h>

#include "models/kern/poll.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;

static void
assert_clean(void)
{
	struct audit audit = {0};

	poll_audit_running(&crank.world.host, &audit);
	ck_assert_uint_eq(audit.n, 0);
}

static void
want(int fd, uint32_t events)
{
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_POLL_WANT,
	    .fd = fd, .events = events});
	assert_clean();
}

static int64_t
found(void)
{
	int64_t n = crank_call(&crank, 0, (struct sys_call){.nr = SYS_POLL});

	assert_clean();
	return n;
}

START_TEST(test_clean)
{
	struct world_config config = machine_config();
	int fd, other;

	crank_init(&crank, &config, 1);
	assert_clean();
	fd = crank_connect(&crank, 0, 65536);
	other = crank_connect(&crank, 0, 65536);
	want(fd, SYS_POLLOUT);
	want(other, SYS_POLLIN);
	want(20, SYS_POLLIN);
	ck_assert_int_eq(found(), 2);
	want(20, 0);
	ck_assert_int_eq(found(), 1);
	crank_write(&crank, 0, fd, crank_buffer(&crank, 0, 65536), 65536);
	assert_clean();
	found();
	crank_call(&crank, 0, (struct sys_call){.nr = SYS_CLOSE, .fd = fd});
	assert_clean();
	ck_assert_int_eq(found(), 1);
	ck_assert_int_eq(crank_connect(&crank, 0, 65536), fd);
	assert_clean();
	crank_fini(&crank);
}
END_TEST

/*
 * Nobody would look at one that is ready: nothing is open there, a file is, a
 * socket that has not been asked yet, or one that was ready when it was.
 */
START_TEST(test_hidden)
{
	struct world_config config = machine_config();
	struct audit audit = {0};
	uint64_t *maybe, known;
	int fds[4];

	crank_init(&crank, &config, 1);
	host_add_file(&crank.world.host, 7, 1000, true);
	fds[0] = 20;
	fds[1] = (int)crank_call(&crank, 0, (struct sys_call){
	    .nr = SYS_OPEN, .file = 7});
	fds[2] = fds[3] = crank_connect(&crank, 0, 65536);
	want(fds[_i], _i == 3 ? SYS_POLLOUT : SYS_POLLIN);
	if (_i == 3)
		ck_assert_int_eq(found(), 1);
	maybe = crank.procs[0].p->poll->maybe;
	known = maybe[0];
	maybe[0] = 0;
	poll_audit_running(&crank.world.host, &audit);
	ck_assert_uint_eq(audit.n, 1);
	ck_assert_str_eq(audit.lines[0].what,
	    "who is ready is asked by the next poll");
	maybe[0] = known;
	crank_fini(&crank);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("audit_poll");
	TCase *tc = tcase_create("audit_poll");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, test_clean);
	tcase_add_loop_test(tc, test_hidden, 0, 4);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
