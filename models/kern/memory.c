#include "models/kern/memory.h"

#include <string.h>

#include "models/host.h"
#include "models/vm/fault.h"
#include "models/vm/pageout.h"

/*
 * The daemon
 */
static void
scanned(struct kctx *k)
{
	(void)k;
}

static void
scan(struct kctx *k)
{
	k->host->memory.n_scans++;
	vm_pageout(&k->host->vm, &k->cost, &k->host->costs);
	if (kctx_has_cost(k))
		kctx_spend(k, SPL_0, scanned);
}

/* It runs once the process that has too little gives way. */
static void
wake_daemon(void *arg)
{
	struct memory *memory = arg;

	if (memory->daemon.task.state != CPU_TASK_IDLE ||
	    !vm_pageout_can(&memory->host->vm))
		return;
	kctx_op(&memory->daemon, OP_WAKEUP, 1);
	kctx_spend(&memory->daemon, SPL_0, scan);
}

/*
 * Waking
 */
static void
struck(void *arg)
{
	struct memory *memory = arg;

	proc_wakeup(&memory->lbolt, NULL);
}

static void
page_freed(void *arg)
{
	struct memory *memory = arg;
	struct calendar *cal = memory->host->cal;

	proc_wakeup(&memory->fault_wait, NULL);
	if (!waitq_is_empty(&memory->lbolt) &&
	    !cal_is_scheduled(&memory->lbolt_tick))
		cal_schedule(cal, &memory->lbolt_tick,
		    (cal->now / PS_PER_S + 1) * PS_PER_S);
}

void
memory_init(struct memory *memory, struct host *host)
{
	memset(memory, 0, sizeof *memory);
	memory->host = host;
	kctx_init(&memory->daemon, host, "pagedaemon", CPU_PROC);
	cal_event_init(&memory->lbolt_tick, struck, memory);
	host->vm.on_free = page_freed;
	host->vm.on_low = wake_daemon;
	host->vm.arg = memory;
}

/*
 * Sleeping
 */
static void
wait_for_page(struct kctx *k, struct waitq *wq, kctx_fn retry)
{
	k->host->memory.n_waits++;
	wake_daemon(&k->host->memory);
	proc_sleep(proc_of(k), wq, SPL_VM, retry);
}

/* A page of a file that is not in memory: taken now, read by then. */
static void
read_page(struct kctx *k, struct vm_object *object, uint64_t index,
    kctx_fn retry)
{
	struct host *host = k->host;
	struct vm_page *page;

	if (!vm_has_free(&host->vm, 1)) {
		wait_for_page(k, &host->memory.fault_wait, retry);
		return;
	}
	page = vm_object_page_in(object, index);
	page->busy_until = host->cal->now + host->config.vm.page_in_ps;
	vm_page_dequeue(&host->vm, page);
	proc_sleep_until(proc_of(k), page->busy_until, retry);
}

/* => true: it is being read, and k waits for that */
static bool
waits_for_read(struct kctx *k, struct vm_page *page, kctx_fn retry)
{
	if (page == NULL || page->busy_until == 0)
		return false;
	if (page->busy_until <= k->host->cal->now || k->host->is_stopped) {
		page->busy_until = 0;
		vm_page_activate(&k->host->vm, page);
		return false;
	}
	proc_sleep_until(proc_of(k), page->busy_until, retry);
	return true;
}

/* => true: k waits for this page; else *n_pages is what it will take */
static bool
waits_for_slot(struct kctx *k, struct vm_slot *slot, bool is_store,
    int64_t *n_pages, kctx_fn retry)
{
	enum vm_fault kind = vm_fault_kind(slot, is_store);

	if (kind == VM_FAULT_PAGE_IN) {
		read_page(k, slot->entry->object, vm_object_index(slot), retry);
		return true;
	}
	*n_pages += vm_fault_takes_page(kind);
	return waits_for_read(k, vm_resident(slot), retry);
}

static bool
is_plentiful(const struct vm *vm)
{
	return vm->config.n_pages == 0 && vm->objects == NULL;
}

bool
memory_waits(struct kctx *k, uint64_t va, int64_t len, bool is_store,
    kctx_fn retry)
{
	struct vm_space *space = &proc_of(k)->space;
	uint64_t end = round_page(va + (uint64_t)len);
	int64_t n_pages = 0;

	if (is_plentiful(space->vm))
		return false;
	for (va = trunc_page(va); va < end; va += PAGE_SIZE) {
		struct vm_slot *slot = vm_find_slot(space, va);

		if (slot != NULL &&
		    waits_for_slot(k, slot, is_store, &n_pages, retry))
			return true;
	}
	return memory_waits_for_room(k, n_pages, retry);
}

bool
memory_waits_for_room(struct kctx *k, int64_t n_pages, kctx_fn retry)
{
	if (vm_has_free(&k->host->vm, n_pages))
		return false;
	wait_for_page(k, &k->host->memory.fault_wait, retry);
	return true;
}

bool
memory_waits_for_file(struct kctx *k, struct vm_object *object,
    uint64_t first_page, uint64_t n_pages, bool is_sequential, kctx_fn retry)
{
	(void)is_sequential;
	for (uint64_t i = first_page; i < first_page + n_pages; i++) {
		if (object->pages[i] == NULL) {
			read_page(k, object, i, retry);
			return true;
		}
		if (waits_for_read(k, object->pages[i], retry))
			return true;
	}
	return false;
}

bool
memory_waits_for_write_back(struct kctx *k, struct vm_object *object,
    kctx_fn retry)
{
	(void)k;
	(void)object;
	(void)retry;
	return false;
}

/* Synchronous, one page at a time (3.1, case B). */
static bool
waits_for_pages(struct kctx *k, uint64_t va, uint32_t n, kctx_fn retry)
{
	int64_t n_taken = 0;

	for (uint32_t i = 0; i < n; i++, va += PAGE_SIZE)
		if (waits_for_slot(k, vm_find_slot(&proc_of(k)->space, va),
		    false, &n_taken, retry))
			return true;
	return false;
}

bool
memory_waits_to_lend(struct kctx *k, uint64_t va, uint32_t n,
    enum vm_loan_result result, kctx_fn retry)
{
	switch (result) {
	case VM_LOAN_NO_MEMORY:
		wait_for_page(k, &k->host->memory.lbolt, retry);
		return true;
	case VM_LOAN_NOT_RESIDENT:
		break;
	case VM_LOAN_OK:
		if (is_plentiful(&k->host->vm))
			return false;
		break;
	case VM_LOAN_NO_MAPPING:
	case VM_LOAN_WIRED:
		return false;
	}
	return waits_for_pages(k, va, n, retry);
}
