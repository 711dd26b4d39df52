/*
 * The audit of files: clean whatever is open, mapped, shared and left of it.
 * That each of its lines is told: tests/support/damage.c.
 */
#include <check.h>
#include <stdlib.h>

#include "models/vm/fork.h"
#include "tests/support/crank.h"
#include "tests/support/machine.h"

static struct crank crank;
static struct host *host;

static int64_t
call(int proc, struct sys_call what)
{
	return crank_call(&crank, proc, what);
}

static void
assert_clean(void)
{
	struct audit audit = {0};

	files_audit_running(host, &audit);
	ck_assert_uint_eq(audit.n, 0);
}

START_TEST(test_clean)
{
	struct world_config config = machine_config();
	struct file_config files[] = {{1, 20000, true}, {2, 1, false}};
	struct sys_call map = {.nr = SYS_MMAP, .len = 20000,
	    .map = SYS_MAP_SHARED};
	int64_t va;

	config.files = files;
	config.n_files = 2;
	config.host.vm.loan_zero_page = true;
	config.host.sosend.sosend_loan = true;
	crank_init(&crank, &config, 2);
	host = &crank.world.host;
	assert_clean();
	map.fd = (int)call(0, (struct sys_call){.nr = SYS_OPEN, .file = 1});
	call(0, (struct sys_call){.nr = SYS_OPEN, .file = 2});
	assert_clean();
	va = call(0, map);
	call(0, (struct sys_call){.nr = SYS_MMAP, .len = 1,
	    .map = SYS_MAP_SHARED_ANON});
	assert_clean();
	/* a region in two; and a process more that has all that */
	call(0, (struct sys_call){.nr = SYS_MUNMAP,
	    .addr = (uint64_t)va + PAGE_SIZE, .len = PAGE_SIZE});
	call(0, (struct sys_call){.nr = SYS_FORK,
	    .child = crank.procs[1].p});
	assert_clean();
	/* the page of zeroes */
	va = call(1, (struct sys_call){.nr = SYS_MMAP, .len = PAGE_SIZE});
	crank_write(&crank, 1, crank_connect(&crank, 1, 65536), (uint64_t)va,
	    PAGE_SIZE);
	ck_assert_ptr_nonnull(host->vm.zero_object);
	assert_clean();
	call(0, (struct sys_call){.nr = SYS_CLOSE, .fd = map.fd});
	call(1, (struct sys_call){.nr = SYS_TRUNCATE, .fd = map.fd,
	    .len = 5000});
	assert_clean();
	crank_fini(&crank);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("audit_files");
	TCase *tc = tcase_create("audit_files");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, test_clean);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
