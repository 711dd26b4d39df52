#include "models/kern/memory.h"

#include <string.h>

#include "models/host.h"
#include "models/vm/fault.h"
#include "models/vm/pageout.h"

enum { UBC_WINDOW_PAGES = 2 };	/* UBC_WINSIZE, 8 KB */

/*
 * The daemon
 */
static void
scan(struct kctx *k)
{
	k->host->memory.n_scans++;
	vm_pageout(&k->host->vm, &k->cost, &k->host->costs);
	k->host->vm.n_wanted = 0;
	if (kctx_has_cost(k) || k->io != NULL)
		kctx_spend(k, SPL_0, pager_start);
}

static void
page_out(void *arg, struct vm_page *page)
{
	struct memory *memory = arg;

	pager_put(&memory->daemon, page, true);
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
	host->vm.page_out = page_out;
	host->vm.arg = memory;
}

/*
 * Sleeping
 */
static void
wait_for_pages(struct kctx *k, struct waitq *wq, int64_t n, kctx_fn retry)
{
	struct vm *vm = &k->host->vm;

	k->host->memory.n_waits++;
	if (n > vm->n_wanted)
		vm->n_wanted = n;
	wake_daemon(&k->host->memory);
	proc_sleep(proc_of(k), wq, SPL_VM, retry);
}

/*
 * Pages of files
 */
static void
start_transfers(struct kctx *k)
{
	pager_start(k);
	kctx_return(k);
}

/* What has been put together is paid for, and started; then k looks again. */
static void
start_and_retry(struct kctx *k, kctx_fn retry)
{
	kctx_call(k, retry);
	kctx_spend(k, SPL_VM, start_transfers);
}

static void
read_pages(struct kctx *k, struct vm_object *object, uint64_t first,
    uint64_t n, bool is_sequential, kctx_fn retry)
{
	if (pager_get(k, object, first, n, is_sequential))
		start_and_retry(k, retry);
	else
		wait_for_pages(k, &k->host->memory.fault_wait, (int64_t)n,
		    retry);
}

/* => true: the page is in a transfer, and k waits for that */
static bool
waits_for_busy(struct kctx *k, const struct vm_page *page, kctx_fn retry)
{
	if (page == NULL || page->busy == NULL)
		return false;
	if (!page->busy->buf.b_request.is_write &&
	    pager_read_ahead(k, page->object, page->index + 1))
		start_and_retry(k, retry);
	else
		proc_sleep_drain(proc_of(k), &page->busy->waiters, SPL_VM,
		    retry);
	return true;
}

/*
 * => true: k waits for this page; else *n_pages is what it will take
 * => is_loan: what is mapped may be in a transfer, but is not lent in one
 */
static bool
waits_for_slot(struct kctx *k, struct vm_slot *slot, bool is_store,
    bool is_loan, int64_t *n_pages, kctx_fn retry)
{
	enum vm_fault kind = vm_fault_kind(slot, is_store);
	struct vm_page *page = vm_resident(slot);

	if (kind == VM_FAULT_PAGE_IN) {
		read_pages(k, slot->entry->object, vm_object_index(slot), 1,
		    true, retry);
		return true;
	}
	*n_pages += vm_fault_takes_page(kind);
	if (page != NULL)
		pager_asked(&k->host->pager, page);
	return (is_loan || kind != VM_FAULT_NONE) &&
	    waits_for_busy(k, page, retry);
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
		    waits_for_slot(k, slot, is_store, false, &n_pages, retry))
			return true;
	}
	return memory_waits_for_room(k, n_pages, retry);
}

bool
memory_waits_for_room(struct kctx *k, int64_t n_pages, kctx_fn retry)
{
	if (vm_has_free(&k->host->vm, n_pages))
		return false;
	wait_for_pages(k, &k->host->memory.fault_wait, n_pages, retry);
	return true;
}

/* Synchronous, one page after the other (3.1, case B). */
static bool
waits_for_pages(struct kctx *k, uint64_t va, uint32_t n, kctx_fn retry)
{
	int64_t n_taken = 0;

	for (uint32_t i = 0; i < n; i++, va += PAGE_SIZE)
		if (waits_for_slot(k, vm_find_slot(&proc_of(k)->space, va),
		    false, true, &n_taken, retry))
			return true;
	return false;
}

bool
memory_waits_to_lend(struct kctx *k, uint64_t va, uint32_t n,
    enum vm_loan_result result, kctx_fn retry)
{
	switch (result) {
	case VM_LOAN_NO_MEMORY:
		wait_for_pages(k, &k->host->memory.lbolt, n, retry);
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

/* ubc_fault(): the pages of one window, all of them in memory or none is. */
static bool
waits_for_window(struct kctx *k, struct vm_object *object, uint64_t first,
    uint64_t end, bool is_sequential, kctx_fn retry)
{
	for (uint64_t i = first; i < end; i++) {
		struct vm_page *page = object->pages[i];

		if (page == NULL) {
			read_pages(k, object, first, end - first,
			    is_sequential, retry);
			return true;
		}
		pager_asked(&k->host->pager, page);
		if (waits_for_busy(k, page, retry))
			return true;
	}
	if (!is_sequential || !pager_read_ahead(k, object, end))
		return false;
	start_and_retry(k, retry);
	return true;
}

bool
memory_waits_for_file(struct kctx *k, struct vm_object *object,
    uint64_t first_page, uint64_t n_pages, bool is_sequential, kctx_fn retry)
{
	uint64_t end = first_page + n_pages;

	while (first_page < end) {
		uint64_t next = first_page - first_page % UBC_WINDOW_PAGES +
		    UBC_WINDOW_PAGES;

		if (next > end)
			next = end;
		if (waits_for_window(k, object, first_page, next,
		    is_sequential, retry))
			return true;
		first_page = next;
	}
	return false;
}

/*
 * Writing a file back: one transfer after the other is started, then all of
 * them are waited for.
 */
static void
wait_for_output(struct kctx *k)
{
	if (k->sync.object->n_output == 0)
		kctx_return(k);
	else
		proc_sleep_drain(proc_of(k), &k->host->pager.written, SPL_VM,
		    wait_for_output);
}

static bool
is_to_write(const struct vm_page *page)
{
	return page != NULL && page->busy == NULL && vm_page_is_dirty(page);
}

/* => the first from there on that has to be written, or the end */
static uint64_t
next_to_write(const struct vm_object *object, uint64_t index)
{
	while (index < object->n_pages && !is_to_write(object->pages[index]))
		index++;
	return index;
}

static void
write_next(struct kctx *k)
{
	const struct vm_object *object = k->sync.object;
	uint64_t index = next_to_write(object, k->sync.index);

	pager_start(k);
	if (index >= object->n_pages) {
		wait_for_output(k);
		return;
	}
	k->sync.index = index + 1;
	pager_put(k, object->pages[index], false);
	kctx_spend(k, SPL_VM, write_next);
}

bool
memory_waits_for_write_back(struct kctx *k, struct vm_object *object,
    kctx_fn retry)
{
	if (object->n_output == 0 &&
	    next_to_write(object, 0) == object->n_pages)
		return false;
	kctx_call(k, retry);
	k->sync.object = object;
	k->sync.index = 0;
	write_next(k);
	return true;
}
