#include "tests/support/pager_rig.h"

#include <check.h>

#include "tests/support/machine.h"

struct pager_rig pg;

void
pager_rig_setup(void)
{
	pg.config = machine_config();
	pg.config.host.sosend.sosend_loan = true;
}

void
pager_rig_begin(int64_t n_pages, int64_t freetarg)
{
	pg.config.host.vm.n_pages = n_pages;
	pg.config.host.vm.freetarg = freetarg;
	crank_init(&pg.crank, &pg.config, 2);
	pg.host = &pg.crank.world.host;
}

void
pager_rig_file(uint64_t n_pages)
{
	host_add_file(pg.host, 1, PAGES((int64_t)n_pages), false);
	pg.file = vm_object_find(&pg.host->vm, 1);
}

uint64_t
pager_rig_map(int proc)
{
	return vm_map_object(&pg.crank.procs[proc].p->space, pg.file, 0,
	    pg.file->n_pages, true);
}

struct sys_call
pager_rig_touching(uint64_t va, int64_t n_pages)
{
	return (struct sys_call){.nr = SYS_TOUCH, .addr = va,
	    .len = PAGES(n_pages)};
}

int64_t
pager_rig_touch(int proc, uint64_t va, int64_t n_pages)
{
	return crank_call(&pg.crank, proc, pager_rig_touching(va, n_pages));
}

uint64_t
pager_rig_dirty(uint64_t n_pages)
{
	uint64_t va;

	pager_rig_file(n_pages);
	vm_object_fill(pg.file);
	va = pager_rig_map(0);
	ck_assert_int_eq(pager_rig_touch(0, va,
	    (int64_t)n_pages), 0);
	ck_assert_int_eq(pager_rig_dirty_pages(), (int)n_pages);
	return va;
}

void
pager_rig_lock(uint64_t va, int64_t n_pages)
{
	ck_assert_int_eq(crank_call(&pg.crank, 0, (struct sys_call){
	    .nr = SYS_MLOCK, .addr = va, .len = PAGES(n_pages)}), 0);
}

void
pager_rig_post(int proc, kctx_fn step)
{
	struct proc *p = pg.crank.procs[proc].p;

	pg.crank.procs[proc].is_woken = false;
	p->state = PROC_IN_CALL;
	kctx_spend_mode(&p->k, SPL_0, CPU_ENTERING, step);
}

void
pager_rig_returned(struct kctx *k)
{
	proc_return(proc_of(k), 0);
}

static void
read_next(struct kctx *k)
{
	for (; pg.next_page < pg.file->n_pages;
	    pg.next_page += pg.window_pages)
		if (memory_waits_for_file(k, pg.file, pg.next_page,
		    pg.window_pages, pg.is_sequential, read_next))
			return;
	pager_rig_returned(k);
}

void
pager_rig_read(uint64_t from, uint64_t window_pages, bool is_sequential)
{
	pg.next_page = from;
	pg.window_pages = window_pages;
	pg.is_sequential = is_sequential;
	pager_rig_post(0, read_next);
	crank_wait(&pg.crank, 0);
}

void
pager_rig_write(struct kctx *k)
{
	if (!memory_waits_for_write_back(k, pg.file, pager_rig_write))
		pager_rig_returned(k);
}

int
pager_rig_busy(void)
{
	int n = 0;

	for (uint64_t i = 0; i < pg.file->n_pages; i++)
		n += pg.file->pages[i] != NULL &&
		    pg.file->pages[i]->busy != NULL;
	return n;
}

int
pager_rig_dirty_pages(void)
{
	int n = 0;

	for (uint64_t i = 0; i < pg.file->n_pages; i++)
		n += pg.file->pages[i] != NULL &&
		    vm_page_is_dirty(pg.file->pages[i]);
	return n;
}
