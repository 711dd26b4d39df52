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

int
main(void)
{
	Suite *suite = suite_create("audit_poll");
	TCase *tc = tcase_create("audit_poll");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, test_clean);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
