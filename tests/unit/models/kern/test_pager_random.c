/*
 * Three processes do as they like with three files that memory has no room for:
 * store, lend, copy, read, write back, and end files.  Whatever happens in what
 * order, the run comes to its end and the books balance.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/pager_rig.h"

enum {
	N_PROCS = 3,
	N_FILES = 3,
	FILE_PAGES = 40,
	MEMORY_PAGES = 96,
	N_CALLS = 150,
	MOST_PAGES = 8
};

static struct vm_object *files[N_FILES];
static uint64_t state;

/* What a process is at. */
static struct user {
	uint64_t va[N_FILES];
	uint64_t anon;
	int so;
	struct vm_object *file;	/* of a read or a write-back */
	uint64_t at;
	uint64_t end;
	bool is_sequential;
} users[N_PROCS];

static uint64_t
draw(uint64_t n)
{
	state = state * UINT64_C(6364136223846793005) + 2002;
	return (state >> 33) % n;
}

static struct user *
user_of(struct kctx *k)
{
	int i = 0;

	while (pg.crank.procs[i].p != proc_of(k))
		i++;
	return &users[i];
}

static void
read_next(struct kctx *k)
{
	struct user *u = user_of(k);

	/* the file may have ended meanwhile */
	for (; u->at < u->end && u->at < u->file->n_pages; u->at++)
		if (memory_waits_for_file(k, u->file, u->at, 1,
		    u->is_sequential, read_next))
			return;
	pager_rig_returned(k);
}

static void
write_back(struct kctx *k)
{
	if (!memory_waits_for_write_back(k, user_of(k)->file, write_back))
		pager_rig_returned(k);
}

static void
post_step(int proc)
{
	struct user *u = &users[proc];

	u->file = files[draw(N_FILES)];
	u->at = draw(FILE_PAGES);
	u->end = u->at + 1 + draw(MOST_PAGES);
	u->is_sequential = draw(2) == 0;
	pager_rig_post(proc, draw(3) == 0 ? write_back : read_next);
}

static void
post_call(int proc, enum sys_nr nr)
{
	const struct user *u = &users[proc];
	uint64_t n = 1 + draw(MOST_PAGES);
	uint64_t va = draw(5) == 0 ? u->anon : u->va[draw(N_FILES)] +
	    draw(FILE_PAGES - n) * PAGE_SIZE;

	crank_post(&pg.crank, proc, (struct sys_call){.nr = nr, .fd = u->so,
	    .addr = va, .len = PAGES((int64_t)n)});
}

/* One in fifty ends a file half-way, in the midst of whatever goes on. */
static void
post_any(int proc)
{
	struct cost *cost = &pg.crank.procs[proc].p->k.cost;
	struct vm_object *file = files[draw(N_FILES)];

	if (draw(50) == 0)
		vm_object_truncate(file,
		    PAGES((int64_t)file->n_pages / 2 + 1), cost,
		    &pg.host->costs);
	switch (draw(3)) {
	case 0:
		post_call(proc, SYS_TOUCH);
		return;
	case 1:
		post_call(proc, SYS_WRITE);
		return;
	case 2:
		post_step(proc);
		return;
	}
}

static void
make_users(void)
{
	for (int f = 0; f < N_FILES; f++) {
		host_add_file(pg.host, (uint32_t)f + 1, PAGES(FILE_PAGES),
		    false);
		files[f] = vm_object_find(&pg.host->vm, (uint32_t)f + 1);
	}
	for (int i = 0; i < N_PROCS; i++) {
		struct vm_space *space = &pg.crank.procs[i].p->space;

		for (int f = 0; f < N_FILES; f++)
			users[i].va[f] = vm_map_object(space, files[f], 0,
			    FILE_PAGES, true);
		users[i].anon = vm_map_anon(space, MOST_PAGES);
		users[i].so = crank_connect(&pg.crank, i, 32768);
	}
}

START_TEST(test_random)
{
	int n_calls = 0;

	state = (uint64_t)_i;
	pg.config.host.sosend.sosend_loan = draw(3) != 0;
	pg.config.host.pager.fs_bsize = INT64_C(1) << draw(4);
	pg.config.host.pager.read_ahead = (int64_t)draw(3) * PAGER_MAX_PAGES;
	pg.config.host.disk.queue = (enum disk_queue)draw(2);
	/* some of them end in the midst of it all */
	pg.config.duration = (draw(2) == 0 ? 1000000 : 300) * MS;
	pg.config.host.vm.n_pages = MEMORY_PAGES;
	pg.config.host.vm.freetarg = 4 + (int64_t)draw(20);
	crank_init(&pg.crank, &pg.config, N_PROCS);
	pg.host = &pg.crank.world.host;
	make_users();
	while (n_calls++ < N_CALLS) {
		int proc = (int)draw(N_PROCS);

		if (pg.crank.procs[proc].p->state == PROC_IN_PROGRAM)
			post_any(proc);
		crank_until(&pg.crank, pg.crank.world.cal.now +
		    (sim_time)draw(20) * MS);
	}
	/* who is left in a call comes back from it */
	for (int i = 0; i < N_PROCS; i++)
		if (pg.crank.procs[i].p->state != PROC_IN_PROGRAM)
			crank_wait(&pg.crank, i);
	ck_assert_int_gt(pg.host->pager.stats.n_reads, 0);
	crank_fini(&pg.crank);
}
END_TEST

static Suite *
pager_random_suite(void)
{
	Suite *suite = suite_create("pager_random");
	TCase *tc = tcase_create("pager_random");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, pager_rig_setup, NULL);
	tcase_add_loop_test(tc, test_random, 0, 300);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(pager_random_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
