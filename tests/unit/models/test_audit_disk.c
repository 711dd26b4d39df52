/*
 * The books of the disk: each mistake has its line.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/audit.h"
#include "tests/support/pager_rig.h"

static bool
has_line(const struct audit *audit, const char *what)
{
	for (uint32_t i = 0; i < audit->n && i < AUDIT_MAX_LINES; i++)
		if (strcmp(audit->lines[i].what, what) == 0)
			return true;
	return false;
}

START_TEST(test_audit)
{
	static struct pager_io transfer;
	static const char *const lines[] = {NULL,
	    "requests done = transfers", "sectors moved = sectors of pages",
	    "ledger disk bytes written = pages read", "pages busy",
	    "pages being paged out", "transfers given back", "disk idle"};
	struct audit audit = {0};

	pager_rig_begin(0, 0);
	pager_rig_file(2);
	pager_rig_lock(pager_rig_map(0), 1);
	if (_i == 1)
		pg.host->pager.stats.n_reads++;
	if (_i == 2)
		pg.host->disk.stats.n_moved++;
	if (_i == 3)
		pg.host->ledger.line[CAUSE_DISK_DMA].write_bytes++;
	if (_i == 4)
		pg.file->pages[1]->busy = &transfer;
	if (_i == 5)
		pg.host->vm.n_paging++;
	if (_i == 6)
		pool_get(&pg.host->pager.ios);
	if (_i == 7)
		pg.host->disk.active = &transfer.buf.b_request;
	disk_audit(pg.host, &audit);
	ck_assert_uint_eq(audit.n, _i > 0);
	ck_assert(_i == 0 || has_line(&audit, lines[_i]));
	crank_abandon(&pg.crank);
}
END_TEST

static Suite *
audit_disk_suite(void)
{
	Suite *suite = suite_create("audit_disk");
	TCase *tc = tcase_create("audit_disk");

	tcase_add_checked_fixture(tc, pager_rig_setup, NULL);
	tcase_add_loop_test(tc, test_audit, 0, 8);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(audit_disk_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
